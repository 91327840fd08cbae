// The benchmark's workloads with a handful of requests: each comes back once, with the status it should. No times.

import { execFileSync } from "node:child_process";
import { expect, test, vi } from "vitest";
import { CONTENDERS } from "../bench/contenders";
import { BATCH, type Contender, IN_FLIGHT, Random, type Workload } from "../bench/contenders/contender";
import { pendingBytes } from "../bench/contenders/memory";
import { MIX } from "../bench/contenders/mix";
import { readFacts } from "../bench/contenders/reads";
import { roundOf } from "../bench/contenders/runtime";
import { PLAIN, World } from "../bench/contenders/world";
import { frameworkDriver } from "../bench/contenders/framework";
import { Heap, SortedArray } from "../bench/contenders/plain";
import { median } from "../bench/measure";
import { GROUPS } from "../bench/plan";
import { factsText } from "../bench/table";
import { NtStatus, type SystemOptions, statusName } from "../host";

const SUCCESS = statusName(NtStatus.Success);
const CANCELLED = statusName(NtStatus.Cancelled);
const WORKLOADS: [Workload, number, number][] = [
  ["w1", 0, MIX.length],
  ["w1", 10, MIX.length],
  ["w2", 0, IN_FLIGHT],
  ["w3", 0, 2 * BATCH],
  ["w4", 20, 50],
];
const SURFACES: [string, (workload: Workload, pending: number, options: SystemOptions) => World][] = [
  ["ddi", (workload, pending, options) => new World(workload, pending, options)],
  ["framework", frameworkDriver],
];

/** What came back for each request that is sent from now on, in the order of sending. */
function ledger(world: World): string[][] {
  const sent: string[][] = [];
  const { system } = world;
  const send = system.send.bind(system);
  vi.spyOn(system, "send").mockImplementation((device, request, done) => {
    const back: string[] = [];
    sent.push(back);
    return send(device, request, (status, information, output) => {
      back.push(statusName(status));
      done(status, information, output);
    });
  });
  return sent;
}

for (const [surface, make] of SURFACES) {
  for (const options of [PLAIN, {}]) {
    const checks = options === PLAIN ? "unchecked" : "verified";
    test.each(WORKLOADS)(`${surface}, ${checks}: %s with %i pending brings %i requests back once`, (workload, pending, requests) => {
      const world = make(workload, pending, options);
      const sent = ledger(world);
      void roundOf(world, workload, pending)(requests);
      const back = sent.filter((statuses) => statuses.length > 0);
      expect(back).toEqual(Array.from({ length: requests }, () => [workload === "w4" ? CANCELLED : SUCCESS]));
      expect(sent).toHaveLength(workload === "w4" ? requests + pending : requests);
      expect(world.system.irps.pending()).toHaveLength(pending);
      expect(world.system.findings).toEqual([]);
    });
  }
}

const LISTED: Record<string, Contender<string>> = CONTENDERS;
const EVERY = Object.entries(LISTED).flatMap(([name, contender]) => contender.workloads.map((workload) => [name, workload] as const));

test.each(EVERY)("%s runs %s twice and finds nothing amiss", async (name, workload) => {
  const round = await LISTED[name].prepare(workload, workload === "w4" || workload === "timer" ? 100 : 0);
  await round(3 * IN_FLIGHT);
  await round(3 * IN_FLIGHT);
});

test("heap and sorted array give timers in due order", () => {
  const random = new Random();
  const dues = Array.from({ length: 500 }, () => random.below(100));
  for (const timers of [new Heap(), new SortedArray()]) {
    for (const due of dues) timers.insert({ due, callback: () => {} });
    const taken = Array.from(dues, () => timers.takeDue(99)!.due);
    expect(taken).toEqual([...dues].sort((a, b) => a - b));
    expect(timers.takeDue(99)).toBeUndefined();
  }
});

test("a timer is not taken before it is due", () => {
  for (const timers of [new Heap(), new SortedArray()]) {
    timers.insert({ due: 7, callback: () => {} });
    expect(timers.takeDue(6)).toBeUndefined();
    expect(timers.takeDue(7)?.due).toBe(7);
  }
});

test.each(GROUPS.filter(({ reference }) => reference !== undefined))("each row of $title has its reference", ({ entrants, reference }) => {
  for (const { pending } of entrants) expect(entrants).toContainEqual({ contender: reference, pending });
});

test("a pending request is one 32-byte record of the core", () => {
  expect(pendingBytes(1000).core).toBeLessThanOrEqual(40);
});

test("random slots stay below the limit and reach all of a small one", () => {
  const random = new Random();
  const slots = new Set(Array.from({ length: 1000 }, () => random.below(10)));
  expect([...slots].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("the median of an even number of values lies between the middle two", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

test("an unknown option ends with status 2 and says what there is", () => {
  const run = (): string => execFileSync("node", ["scripts/run-ts.mjs", "bench/main.ts", "--fast"], { encoding: "utf8", stdio: "pipe" });
  expect(run).toThrow(expect.objectContaining({ status: 2, stderr: expect.stringContaining("--quick") }));
});

test.each([true, false])("reads through two drivers leave nothing behind (direct: %s)", async (direct) => {
  const facts = await readFacts(200, direct);
  expect(facts.copiesPerByte).toBe(direct ? 0 : 1);
  expect(facts.core[1]).toBe(facts.core[0]);
  expect(facts.objects[1]).toBe(facts.objects[0]);
  expect(factsText(facts)).toContain(`200 ${direct ? "direct" : "buffered"} reads of 4 KiB: ${direct ? "0.00" : "1.00"} copies per byte`);
});
