// Random histories of three queues, step by step against a naive model of the rules.
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs. A failure prints seed, path and history.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QueueSetup } from "./support/queue-loop-model";
import { QueueModel } from "./support/queue-model";
import { Pair, type QueueStep, queueSteps } from "./support/queue-steps";
import { QueueWorld } from "./support/queue-world";

const SEED = Number(process.env.WDF_SEED ?? 20250101);
const RUNS = Number(process.env.WDF_RUNS ?? 200);

const habit = fc.constantFrom("keep", "keep", "complete", "mark", "forward") as fc.Arbitrary<QueueSetup["habit"]>;
const onQueue = fc.constantFrom("none", "keep", "complete") as fc.Arbitrary<QueueSetup["canceledOnQueue"]>;
const setups: fc.Arbitrary<QueueSetup[]> = fc.record({ a: habit, b: habit, c: onQueue, d: onQueue, e: onQueue, ready: fc.boolean() }).map(({ a, b, c, d, e, ready }) => [
  { name: "S", kind: "sequential", limit: 1, habit: a, canceledOnQueue: c, ready: false },
  { name: "P", kind: "parallel", limit: 2, habit: b, canceledOnQueue: d, ready: false },
  { name: "M", kind: "manual", limit: 0, habit: "keep", canceledOnQueue: e, ready },
]);

/** Does a step to both and compares all that can be seen. */
function check(pair: Pair, step: QueueStep): void {
  const { model, world } = pair;
  const [expected, got] = pair.do(step);
  expect(world.lines, "what driver and senders saw").toEqual(model.lines);
  expect(got, "what the DDI answered").toEqual(expected);
  expect(world.system.findings.map(({ id }) => id), "findings").toEqual(model.findings);
  expect(world.states(), "states and counts").toEqual(model.queues.map((q) => [q.state, q.queued.length, q.driverCount]));
  expect(world.violation(), "the Invariant that is broken").toBe(0);
}

/** A whole history, up to the end of every request. */
function run(setup: QueueSetup[], steps: readonly QueueStep[], verifier = true): void {
  const pair = new Pair(new QueueModel(setup, verifier), new QueueWorld(setup, verifier));
  const { exports } = pair.world.system.machine;
  const objects = exports.liveObjects();
  pair.world.lines.length = 0;
  for (const step of steps) check(pair, step);
  pair.finish((step) => check(pair, step));
  expect(pair.model.requests.map(({ completions }) => completions)).toEqual(pair.model.requests.map(() => 1));
  expect(pair.world.system.report().pendingRequests).toEqual([]);
  expect(exports.liveObjects()).toBe(objects);
}

describe("queues", () => {
  it(`do what the model does (seed ${SEED})`, () => {
    fc.assert(fc.property(setups, queueSteps, (setup, steps) => run(setup, steps)), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 50);

  it(`do what the model does without the verifier (seed ${SEED})`, () => {
    fc.assert(fc.property(setups, queueSteps, (setup, steps) => run(setup, steps, false)), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 50);
});
