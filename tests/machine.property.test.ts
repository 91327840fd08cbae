// Threads, interrupts, DPCs, timers, locks and events on 1 to 8 processors, under random choices.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints a WDF_REPLAY, which has the
// workload and its choice tape in it: with that in the environment, this file plays just that run.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MachineWorld, type Op, type Workload } from "./support/machine-world";

const SEED = Number(process.env.WDF_SEED ?? 20260718);
const RUNS = Number(process.env.WDF_RUNS ?? 100);
const REPLAY = process.env.WDF_REPLAY;

const one = fc.nat(2);
const ms = fc.integer({ min: 1, max: 20 });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("lock" as const, "dpc" as const), one) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom("cancel" as const, "remove" as const), one) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("timer" as const), one, ms) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom("wait" as const, "delay" as const), ms) },
  { weight: 2, arbitrary: fc.constantFrom(["signal"] as const, ["yield"] as const) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("raise" as const), fc.integer({ min: 1, max: 15 })) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom("line" as const, "sync" as const, "ilock" as const), fc.nat(1)) },
);
const workloads: fc.Arbitrary<Workload> = fc.record({
  processors: fc.integer({ min: 1, max: 8 }),
  threads: fc.array(fc.array(op, { maxLength: 6 }), { minLength: 1, maxLength: 4 }),
  random: fc.nat(),
});

/** Plays a workload; what it leaves behind. */
function play(workload: Workload): { memory: string; log: string[]; token: string } {
  const world = new MachineWorld(workload);
  try {
    world.start(workload.threads);
    world.finish(workload.threads.length);
  } catch (error) {
    world.rig.forget();
    throw new Error(`play it again with ${replayOf(workload, world.rig.system.choices!.token)}`, { cause: error });
  }
  return { memory: world.rig.system.digest(), log: world.log, token: world.rig.system.choices!.token };
}

function replayOf({ processors, threads }: Workload, tape: string): string {
  const text = Buffer.from(JSON.stringify({ processors, threads, tape })).toString("base64url");
  return `WDF_REPLAY=${text} npx vitest run --project node tests/machine.property.test.ts`;
}

/** What WDF_REPLAY asks for; else random workloads, each thrice. */
function search(): void {
  if (REPLAY !== undefined) return void play(JSON.parse(Buffer.from(REPLAY, "base64url").toString()) as Workload);
  const run = (workload: Workload): void => {
    const first = play(workload);
    expect(play(workload), "the same seed again").toEqual(first);
    const { random: _, ...same } = workload;
    expect(play({ ...same, tape: first.token }).log, "the tape of its choices").toEqual(first.log);
  };
  fc.assert(fc.property(workloads, run), { seed: SEED, numRuns: RUNS });
}

describe("a machine", () => {
  it(`keeps its promises under random choices, and does the same again (seed ${SEED})`, search, 60_000 + RUNS * 200);
});
