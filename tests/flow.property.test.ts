// Random requests through random stacks of one to three drivers, step by step against a naive model: each request comes back
// once, with the right status, information and bytes; nothing is left behind, and nothing is destroyed twice.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints a WDF_REPLAY, which has the
// workload in it: with that in the environment, this file plays just that run.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowPair } from "./support/flow-pair";
import type { End, Floor, Flow, FlowStep, FlowWorkload, Visit } from "./support/flow-plan";

const SEED = Number(process.env.WDF_SEED ?? 20260718);
const RUNS = Number(process.env.WDF_RUNS ?? 300);
const REPLAY = process.env.WDF_REPLAY;

const timeout = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) });
const end = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("complete"), status: fc.constantFrom("success", "success", "warning", "failure"), quarters: fc.constantFrom(0, 1, 3, 4, 4) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("send"), how: fc.constantFrom("routine", "routine", "forget", "sync"), timeout }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("own"), how: fc.constantFrom("routine", "sync"), pieces: fc.integer({ min: 1, max: 3 }), timeout }) },
) as fc.Arbitrary<End>;
const visit: fc.Arbitrary<Visit> = fc.record({
  second: fc.boolean(),
  manual: fc.constantFrom("no", "no", "no", "once", "requeue"),
  hold: fc.constantFrom("no", "no", "plain", "cancelable"),
  end,
});
const length = fc.constantFrom(0, 1, 2, 7, 16, 64);
const flow: fc.Arbitrary<Flow> = fc.record({
  kind: fc.constantFrom("read", "write", "control"),
  method: fc.integer({ min: 0, max: 3 }),
  input: length,
  output: length,
  brings: fc.boolean(),
  visits: fc.array(visit, { minLength: 3, maxLength: 3 }),
});
const level = fc.nat(1);
const of = fc.nat(20);
const operation = fc.constantFrom("stop and leave", "stop and cancel", "stop and wait", "purge", "purge and wait", "start", "start", "start");
const step = fc.oneof(
  { weight: 14, arbitrary: fc.record({ do: fc.constant("send"), flow }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("cancel"), of }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("release"), of }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("retrieve"), level: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel sent"), of }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("target"), level, operation }) },
  { weight: 1, arbitrary: fc.constant({ do: "remove" }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("advance"), ticks: fc.integer({ min: 1, max: 4 }) }) },
) as fc.Arbitrary<FlowStep>;
const floor: fc.Arbitrary<Floor> = fc.record({ sequential: fc.boolean(), allowZeroLength: fc.boolean() });
const workloads: fc.Arbitrary<FlowWorkload> = fc.record({
  floors: fc.array(floor, { minLength: 1, maxLength: 3 }),
  direct: fc.boolean(),
  verifier: fc.boolean(),
  waits: fc.boolean(),
  steps: fc.array(step, { maxLength: 25 }),
});

function play(workload: FlowWorkload): void {
  const pair = new FlowPair(workload);
  try {
    for (const next of workload.steps) pair.do(next);
    pair.finish();
  } catch (error) {
    const text = Buffer.from(JSON.stringify(workload)).toString("base64url");
    throw new Error(`play it again with WDF_REPLAY=${text} npx vitest run --project node tests/flow.property.test.ts`, { cause: error });
  }
}

describe("requests in a stack", () => {
  it(`do what the model does, and leave nothing behind (seed ${SEED})`, () => {
    if (REPLAY !== undefined) return play(JSON.parse(Buffer.from(REPLAY, "base64url").toString()) as FlowWorkload);
    fc.assert(fc.property(workloads, play), { seed: SEED, numRuns: RUNS });
    expect(RUNS).toBeGreaterThan(0);
  }, 60_000 + RUNS * 100);
});
