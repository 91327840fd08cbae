// Callback objects, all of their functions, under random tapes on one to four processors, against a naive model that does each
// step at the moment it happens (support/callback-world.ts).
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints seed, path and scripts.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallbackOp, type CallbackStep, CallbackWorld } from "./support/callback-world";

const SEED = Number(process.env.WDF_SEED ?? 20251121);
const RUNS = Number(process.env.WDF_RUNS ?? 200);

const number = fc.nat({ max: 1000 });
const op = fc.constantFrom<CallbackOp[]>("create", "open", "register", "register", "notify", "notify", "unregister", "dereference");
const script: fc.Arbitrary<CallbackStep[]> = fc.array(fc.record({ op, a: number, b: number }), { minLength: 2, maxLength: 10 });
const scripts = fc.array(script, { minLength: 2, maxLength: 5 });

/** Every thread begins with an object to work on. */
function beginning(steps: readonly CallbackStep[], thread: number): CallbackStep[] {
  return [{ op: "create", a: thread, b: thread }, ...steps];
}

describe("callback objects under random tapes", () => {
  it(`create, open, register, notify, unregister and dereference do what the model does, on 1 to 4 processors (seed ${SEED})`, () => {
    const processors = fc.integer({ min: 1, max: 4 });
    const play = fc.property(scripts, processors, number, (threads, count, random) => {
      new CallbackWorld({ processors: count, random }).play(threads.map(beginning));
    });
    fc.assert(play, { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 50);

  it("a tape plays the same run again", () => {
    const threads = fc.sample(scripts, { seed: SEED, numRuns: 1 })[0].map(beginning);
    const first = new CallbackWorld({ processors: 3, random: 5 });
    first.play(threads);
    const again = new CallbackWorld({ processors: 3, tape: first.system.choices!.tape });
    again.play(threads);
    expect(again.log).toEqual(first.log);
    expect(again.system.choices!.token).toBe(first.system.choices!.token);
  });
});
