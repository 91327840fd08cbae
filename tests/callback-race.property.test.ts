// Callback objects under races: threads on one to four processors register, notify and unregister at once, preempted at random.
// What the order is differs from run to run; what must hold in all of them is checked over what was written down.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints seed, path and scripts.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import { System } from "../host/system";

const SEED = Number(process.env.WDF_SEED ?? 20250705);
const RUNS = Number(process.env.WDF_RUNS ?? 150);

type Op = "notify" | "register" | "unregister";
type Script = readonly { readonly op: Op; readonly yields: number }[];

interface Race {
  readonly scripts: readonly Script[];
  readonly processors: number;
  readonly random: number;
}

/** A moment in the life of a routine, a notification, or a call of one by the other. */
interface Entry {
  readonly what: "registering" | "registered" | "unregistering" | "unregistered" | "notifying" | "notified" | "called" | "returned";
  readonly routine: number;
  readonly notification: number;
}

/** Runs the scripts as threads that begin at once; what happened. */
function play({ scripts, processors, random }: Race): { log: Entry[]; finished: boolean; left: number } {
  const system = System.create({ processors, random });
  const log: Entry[] = [];
  const pool: { readonly routine: number; readonly registration: wdf.PCALLBACK_REGISTRATION }[] = [];
  let [routines, notifications] = [0, 0];
  const note = (what: Entry["what"], routine: number, notification = -1): void => void log.push({ what, routine, notification });
  const block = wdf.InitializeObjectAttributes("\\Callback\\Race", wdf.OBJ_PERMANENT);
  const { callbackObject } = system.thread(() => wdf.ExCreateCallback(block, true, true)).result;
  const objects = system.machine.exports.liveObjects();
  const actions: Record<Op, (yields: number) => Generator<undefined, void, unknown>> = {
    *register(yields) {
      const routine = routines++;
      const body: wdf.CallbackFunction<null, number> = function* (_context, notification) {
        note("called", routine, notification);
        for (let left = yields; left > 0; left--) yield;
        note("returned", routine, notification);
      };
      note("registering", routine);
      const registration = wdf.ExRegisterCallback(callbackObject, body, null);
      note("registered", routine);
      pool.push({ routine, registration });
      yield;
    },
    *unregister() {
      const one = pool.shift();
      if (one === undefined) return;
      note("unregistering", one.routine);
      yield* wdf.ExUnregisterCallback(one.registration);
      note("unregistered", one.routine);
    },
    *notify() {
      const notification = notifications++;
      note("notifying", -1, notification);
      yield* wdf.ExNotifyCallback(callbackObject, notification, null);
      note("notified", -1, notification);
    },
  };
  const threads: { readonly done: boolean }[] = [];
  system.atOnce(() => {
    for (const script of scripts) {
      const body = function* (): Generator<undefined, void, unknown> {
        for (const { op, yields } of script) yield* actions[op](yields);
      };
      threads.push(system.thread(body));
    }
  });
  for (const { registration } of pool.splice(0)) system.thread(() => wdf.ExUnregisterCallback(registration));
  expect(system.findings).toEqual([]);
  return { log, finished: threads.every(({ done }) => done), left: system.machine.exports.liveObjects() - objects };
}

/** Where something stands in the log; its end if it is not there. */
function at(log: readonly Entry[], what: Entry["what"], routine: number, notification = -1): number {
  const found = log.findIndex((entry) => entry.what === what && entry.routine === routine && entry.notification === notification);
  return found < 0 ? log.length : found;
}

/** What a notification must have called, and may have called. */
function checkNotification(log: readonly Entry[], notification: number, routines: readonly number[]): void {
  const [from, to] = [at(log, "notifying", -1, notification), at(log, "notified", -1, notification)];
  const calls = log.filter((entry) => entry.what === "called" && entry.notification === notification).map(({ routine }) => routine);
  expect(new Set(calls).size, "no routine is called twice").toBe(calls.length);
  for (const routine of routines) {
    const stays = at(log, "registered", routine) < from && at(log, "unregistering", routine) > to;
    if (stays) expect(calls, `routine ${routine} is registered all the time`).toContain(routine);
    if (at(log, "unregistered", routine) < from) expect(calls, `routine ${routine} is gone`).not.toContain(routine);
    if (at(log, "registering", routine) > to) expect(calls, `routine ${routine} is to come`).not.toContain(routine);
  }
  calls.forEach((later, index) => {
    for (const earlier of calls.slice(0, index)) {
      expect(at(log, "registering", earlier), "in registration order").toBeLessThan(at(log, "registered", later));
    }
  });
}

/** Nothing of a routine after its ExUnregisterCallback has returned. */
function checkRoutine(log: readonly Entry[], routine: number): void {
  const gone = at(log, "unregistered", routine);
  const after = log.slice(gone + 1).filter((entry) => entry.routine === routine);
  expect(after, `routine ${routine} is gone`).toEqual([]);
  const before = log.slice(0, gone).filter((entry) => entry.routine === routine);
  const count = (what: Entry["what"]): number => before.filter((entry) => entry.what === what).length;
  expect(count("returned"), `no call of routine ${routine} runs`).toBe(count("called"));
}

function run(race: Race): void {
  const { log, finished, left } = play(race);
  const numbers = (what: Entry["what"], key: "routine" | "notification"): number[] =>
    log.filter((entry) => entry.what === what).map((entry) => entry[key]);
  const routines = numbers("registered", "routine");
  for (const notification of numbers("notified", "notification")) checkNotification(log, notification, routines);
  for (const routine of routines) checkRoutine(log, routine);
  expect(finished, "every thread has ended").toBe(true);
  expect(left, "objects left over").toBe(0);
}

const step = fc.record({ op: fc.constantFrom<Op[]>("notify", "notify", "register", "register", "unregister"), yields: fc.nat({ max: 3 }) });
const races: fc.Arbitrary<Race> = fc.record({
  scripts: fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 5 }),
  processors: fc.integer({ min: 1, max: 4 }),
  random: fc.nat({ max: 1_000_000 }),
});

describe("callback objects under races", () => {
  it(`no routine runs after its ExUnregisterCallback returned, on 1 to 4 processors (K-306, seed ${SEED})`, () => {
    fc.assert(fc.property(races, run), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 50);

  it("the same seed gives the same run", () => {
    const script: Script = [
      { op: "register", yields: 2 },
      { op: "notify", yields: 0 },
      { op: "unregister", yields: 0 },
    ];
    const race = { scripts: [script, script, script], processors: 3, random: 7 };
    expect(play(race)).toEqual(play(race));
    expect(play({ ...race, random: 8 }).log).not.toEqual(play(race).log);
  });
});
