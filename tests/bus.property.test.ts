// A bus whose children come and go, idle and are ejected, while the system sleeps and wakes: no device is in D0 without what it
// needs, nobody waits but for a system that sleeps, and in the end nothing is left.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints seed, path and history.

import fc from "fast-check";
import { describe, it } from "vitest";
import { BusWorld, type Habits, type Step } from "./support/bus-world";

const SEED = Number(process.env.WDF_SEED ?? 20260322);
const RUNS = Number(process.env.WDF_RUNS ?? 150);
const port = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  ...(["plug", "plug", "unplug", "eject", "toD3", "toD0", "read", "read", "restart"] as const).map((what) => fc.tuple(fc.constant(what), port)),
  fc.constant(["sleep"] as const),
  fc.constant(["wake"] as const),
  fc.tuple(fc.constant("pass" as const), fc.integer({ min: 1, max: 15 })),
);
const timeout = fc.option(fc.integer({ min: 5, max: 12 }), { nil: undefined });

describe("a bus", () => {
  it(`keeps its devices in order (seed ${SEED})`, () => {
    const run = (habits: Habits, steps: readonly Step[]): void => {
      const world = new BusWorld(habits);
      for (const one of steps) {
        world.perform(one);
        world.check();
      }
      world.finish();
    };
    const habits = fc.record({ raw: fc.boolean(), busIdle: timeout, childIdle: timeout });
    fc.assert(fc.property(habits, fc.array(step, { maxLength: 25 }), run), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 100);
});
