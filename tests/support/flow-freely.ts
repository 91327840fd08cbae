// A workload of flows without the model, under random choices: threads preempt each other, cancellations come in between.
// What comes of a request is then nobody's promise, but that it comes back once, and that nothing is left, is.

import { expect } from "vitest";
import type { FlowStep, FlowWorkload } from "./flow-plan";
import { FlowWorld } from "./flow-world";

const LONG = 1000;

export function playFreely(workload: FlowWorkload, random: number): void {
  // A handler that waits keeps the thread in which a sequential queue below would be told of a completion: for ever.
  const floors = workload.floors.map((floor) => ({ ...floor, sequential: false }));
  const world = new FlowWorld({ ...workload, floors, waits: true }, { random });
  const { exports } = world.system.machine;
  const base = exports.liveObjects();
  for (let at = 0; at < workload.steps.length; at += 3) {
    world.system.atOnce(() => {
      for (const step of workload.steps.slice(at, at + 3)) perform(world, step);
    });
    check(world);
  }
  for (let round = 0; round < 100 && world.outcomes.includes(null); round++) {
    world.devices.forEach((_, level) => {
      if (level < world.devices.length - 1) world.target(level, "start");
      for (let left = 2 * world.outcomes.length; left > 0; left--) world.retrieve(level);
    });
    while (world.held.length > 0) world.release(0);
    world.advance(LONG);
  }
  check(world);
  expect(world.outcomes, "requests that never came back").not.toContain(null);
  expect(world.system.report()).toMatchObject({ pendingRequests: [], waitingThreads: [], leaks: [] });
  for (const { level, presented, cleaned, destroyed } of world.devices) {
    expect([cleaned, destroyed], `cleaned up and destroyed of ${presented} presented at level ${level}`).toEqual([presented, presented]);
  }
  expect(exports.liveObjects(), "objects").toBe(base);
}

function check({ system }: FlowWorld): void {
  expect(system.findings.map(({ message }) => message), "findings").toEqual([]);
  expect(system.machine.exports.checkInvariants(), "the Invariant that is broken").toBe(0);
}

function perform(world: FlowWorld, step: FlowStep): void {
  switch (step.do) {
    case "send":
      return world.send(step.flow);
    case "cancel":
      return world.outcomes.length === 0 ? undefined : world.cancel(step.of % world.outcomes.length);
    case "release":
      return world.held.length === 0 ? undefined : world.release(step.of % world.held.length);
    case "retrieve":
      return world.retrieve(step.level % world.devices.length);
    default:
  }
}
