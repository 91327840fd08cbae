// Random histories of callback objects, step by step against a naive model.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints seed, path and history.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import { System } from "../host/system";
import { CallbackModel, type ModelRoutine } from "./support/callback-model";
import { Gates } from "./support/gates";

const SEED = Number(process.env.WDF_SEED ?? 20250704);
const RUNS = Number(process.env.WDF_RUNS ?? 150);

/** What is done, and numbers from which it takes what it needs. */
interface Step {
  readonly op: keyof typeof OPS;
  readonly a: number;
  readonly b: number;
}

/** Says who notifies, and a gate for a routine that waits. */
type Walker = (waits: boolean) => { readonly name: string; readonly gate: number };

/** Model and core side by side. */
class Pair {
  readonly model = new CallbackModel();
  readonly system = System.create();
  readonly lines: string[] = [];
  readonly pointers = new Map<number, wdf.PCALLBACK_OBJECT>();
  readonly registrations = new Map<ModelRoutine, wdf.PCALLBACK_REGISTRATION>();
  private readonly gates = new Gates(this.system);
  /** Gates at which somebody waits, in the order of arrival. */
  private readonly shut: number[] = [];
  private named = 0;

  name(kind: string): string {
    return `${kind}${++this.named}`;
  }

  /** Runs a thread that may wait. */
  start(body: () => Generator<undefined, void, unknown>): void {
    this.system.thread(body);
  }

  routine(name: string, slow: boolean): wdf.CallbackFunction<string> {
    const { gates, shut, lines } = this;
    return function* (_context, _nothing, walk) {
      const { name: walker, gate } = (walk as Walker)(slow);
      lines.push(`begin ${name} for ${walker}`);
      if (slow) {
        shut.push(gate);
        yield* gates.pass(gate);
      }
      lines.push(`end ${name} for ${walker}`);
    };
  }

  /** The second argument of a notification. */
  walker(name: string, gates: number): Walker {
    const mine = Array.from({ length: gates }, () => this.gates.add());
    return (waits) => ({ name, gate: waits ? mine.shift()! : -1 });
  }

  open(index: number): void {
    this.gates.open(this.shut.splice(index, 1)[0]);
  }
}

const pick = <T>(list: readonly T[], n: number): T | undefined => (list.length === 0 ? undefined : list[n % list.length]);

function agree<T>(got: T, expected: T): void {
  expect(got).toBe(expected);
}

const OPS = {
  create(pair: Pair, a: number, b: number): void {
    const name = `\\Callback\\${"XYZ"[a % 3]}`;
    const [permanent, multiple, create] = [(b & 1) !== 0, (b & 2) !== 0, (b & 4) !== 0];
    const [status, number] = pair.model.create(name, permanent, multiple, create);
    const block = wdf.InitializeObjectAttributes(name, permanent ? wdf.OBJ_PERMANENT : 0);
    const got = pair.system.thread(() => wdf.ExCreateCallback(block, create, multiple)).result;
    agree(got.status, status);
    if (number !== 0) agree(got.callbackObject, pair.pointers.get(number) ?? got.callbackObject);
    pair.pointers.set(number, got.callbackObject);
  },
  register(pair: Pair, a: number, b: number): void {
    const object = pick(pair.model.held, a);
    if (object === undefined) return;
    const name = pair.name("r");
    const slow = b % 2 === 0;
    const routine = pair.model.register(object, name, slow);
    const registered = (): wdf.PCALLBACK_REGISTRATION =>
      wdf.ExRegisterCallback(pair.pointers.get(object.number)!, pair.routine(name, slow), name);
    const got = pair.system.thread(registered).result;
    agree(got !== 0, routine !== undefined);
    if (routine !== undefined) pair.registrations.set(routine, got);
  },
  notify(pair: Pair, a: number): void {
    const object = pick(pair.model.held, a);
    if (object === undefined) return;
    const name = pair.name("n");
    const walker = pair.walker(name, object.routines.filter(({ slow }) => slow).length + SPARE_GATES);
    pair.model.notify(object, name);
    pair.start(function* () {
      yield* wdf.ExNotifyCallback(pair.pointers.get(object.number)!, null, walker);
      pair.lines.push(`notified ${name}`);
    });
  },
  unregister(pair: Pair, a: number): void {
    const routine = pick(pair.model.routines.filter(({ leaving }) => !leaving), a);
    if (routine === undefined) return;
    pair.model.unregister(routine);
    pair.start(function* () {
      yield* wdf.ExUnregisterCallback(pair.registrations.get(routine)!);
      pair.lines.push(`unregistered ${routine.name}`);
    });
  },
  dereference(pair: Pair, a: number): void {
    const object = pick(pair.model.held, a);
    if (object === undefined) return;
    object.pointers--;
    pair.system.thread(() => wdf.ObDereferenceObject(pair.pointers.get(object.number)!));
  },
  open(pair: Pair, a: number): void {
    const waiting = pair.model.waiting.length;
    if (waiting === 0) return;
    pair.model.open(a % waiting);
    pair.open(a % waiting);
  },
} satisfies Record<string, (pair: Pair, a: number, b: number) => void>;

/** A routine registered during a walk may make it wait more often than there were slow routines at its start. */
const SPARE_GATES = 6;

/** No routine runs, or goes on, after its ExUnregisterCallback has returned. */
function nothingAfterUnregister(lines: readonly string[]): void {
  const gone = new Set<string>();
  for (const line of lines) {
    const [what, routine] = line.split(" ");
    if (what === "unregistered") gone.add(routine);
    else expect(gone.has(routine), `${line} after it was unregistered`).toBe(false);
  }
}

function run(steps: readonly Step[]): void {
  const pair = new Pair();
  const { exports } = pair.system.machine;
  const step = (op: keyof typeof OPS, a: number, b: number): void => {
    OPS[op](pair, a, b);
    expect(pair.lines).toEqual(pair.model.lines);
    expect(pair.system.findings.length).toBe(pair.model.findings);
    expect(exports.checkInvariants()).toBe(0);
  };
  for (const { op, a, b } of steps) step(op, a, b);
  while (pair.model.waiting.length > 0) step("open", 0, 0);
  nothingAfterUnregister(pair.lines);
  const before = exports.liveObjects();
  const alive = pair.model.objects.filter((object) => pair.model.lives(object)).length + pair.model.routines.length;
  while (pair.model.routines.length > 0) step("unregister", 0, 0);
  while (pair.model.held.length > 0) step("dereference", 0, 0);
  expect(before - exports.liveObjects(), "objects that ended").toBe(alive - pair.model.objects.filter(({ permanent }) => permanent).length);
}

const number = fc.nat({ max: 1000 });
const op = fc.constantFrom<(keyof typeof OPS)[]>("create", "create", "register", "register", "notify", "notify", "unregister", "dereference", "open");
const steps = fc.array(fc.record({ op, a: number, b: number }), { maxLength: 40 });

describe("callback objects", () => {
  it(`do what the model does (seed ${SEED})`, () => {
    fc.assert(fc.property(steps, run), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 50);
});
