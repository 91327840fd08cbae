// One describe for a member of the idiomatic surface: which DDI it calls, and that it gives back what that returned.

import { describe, expect, it } from "vitest";
import { Request } from "../../host/index"; // and with it all classes of the surface, which make each other
import type { Observer } from "../../host/observer";
import { Rig, type RigOptions } from "./rig";

/** A member and what is to be seen of it. */
export interface Member<T> {
  /** The DDIs it calls, with their arguments: handles by name, numbers as they are, callbacks as "callback". */
  readonly calls: readonly string[];
  /** Uses the member; there is a read of 4 bytes, r1, unless `idle`. */
  readonly act: (rig: Rig) => T;
  /** What comes back; requests by their names. */
  readonly result?: unknown;
  readonly options?: RigOptions;
  readonly idle?: boolean;
  /** Done before, in a thread of its own. */
  readonly before?: (rig: Rig) => void;
}

/** Writes down every DDI that is called. */
function listen(rig: Rig): string[] {
  const lines: string[] = [];
  const text = (value: number): string => rig.system.names.short(value) ?? String(value);
  const observer: Observer = {
    ddiCalled: (name, args) => void lines.push(`${name}(${args.map(text).join(", ")})`),
    ddiReturned: () => {},
    routineStarted: () => {},
    routineReturned: () => {},
  };
  rig.system.machine.observer = observer;
  return lines;
}

function prepared({ options, before, idle }: Member<unknown>): { rig: Rig; lines: string[] } {
  const rig = new Rig(options);
  if (!idle) rig.sendRead(4);
  if (before !== undefined) rig.run(() => before(rig));
  return { rig, lines: listen(rig) };
}

function finish(rig: Rig, lines: string[], used: Member<unknown>, result: unknown): void {
  rig.system.machine.observer = null;
  rig.lines.length = 0; // what the handlers said is none of the member's business
  expect(lines).toEqual(used.calls.map((call) => expect.stringMatching(pattern(call)) as unknown));
  expect(named(rig, result)).toEqual(used.result);
}

/** A result with a request by its name. */
function named(rig: Rig, result: unknown): unknown {
  if (typeof result !== "object" || result === null || !("request" in result)) return result;
  return { ...result, request: result.request instanceof Request ? rig.name(result.request.handle) : result.request };
}

/** A callback is some number. */
function pattern(call: string): RegExp {
  return new RegExp(`^${call.replace(/[()]/g, "\\$&").replace("callback", "\\d+")}$`);
}

/** A member that calls a DDI in which nothing can happen. */
export function member<T>(name: string, what: Member<T>): void {
  describe(name, () => {
    it(`calls ${what.calls.join(", ")}`, () => {
      const { rig, lines } = prepared(what);
      finish(rig, lines, what, rig.run(() => what.act(rig)));
    });
  });
}

/** A member that may be used with `yield*` as well. */
export function suspendable<T>(name: string, what: Member<T & Iterable<undefined, unknown>>): void {
  member(name, what);
  describe(name, () => {
    it("gives a generator routine the same with yield*", () => {
      const { rig, lines } = prepared(what);
      const thread = rig.start(function* () {
        return (yield* what.act(rig)) as unknown;
      });
      finish(rig, lines, what, thread.result);
    });
  });
}
