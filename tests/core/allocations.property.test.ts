// Whatever allocation fails, a DDI does all or nothing: the records fit together, and nothing is left over.
//
// WDF_SEED=n begins with another seed, WDF_RUNS=n makes more runs.

import { describe, expect, it } from "vitest";
import { NtStatus } from "../../bindings/abi";
import type { WDFOBJECT } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

const SEED = Number(process.env.WDF_SEED ?? 1);
const RUNS = Number(process.env.WDF_RUNS ?? 60);
const STEPS = 40;

/** A small generator of its own: the run's choices are the core's. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return (state >>> 8) % below;
  };
}

interface Made {
  readonly status: NtStatus;
  readonly object: number;
}

/** What makes an object that can be deleted. */
const MAKERS: readonly ((rig: Rig) => Made)[] = [
  (rig) => made(wdf.WdfTimerCreate(wdf.WDF_TIMER_CONFIG_INIT(() => {}), { parentObject: rig.device }), "timer"),
  (rig) => made(wdf.WdfDpcCreate(wdf.WDF_DPC_CONFIG_INIT(() => {}), { parentObject: rig.device }), "dpc"),
  (rig) => made(wdf.WdfWorkItemCreate(wdf.WDF_WORKITEM_CONFIG_INIT(() => {}), { parentObject: rig.device }), "workItem"),
  (rig) => made(wdf.WdfObjectCreate({ parentObject: rig.device }), "object"),
  () => made(wdf.WdfMemoryCreate(undefined, wdf.PoolType.NonPagedNx, 0, 8), "memory"),
  () => made(wdf.WdfRequestCreate(undefined), "request"),
  () => made(wdf.WdfCollectionCreate(), "collection"),
  () => made(wdf.WdfSpinLockCreate(), "lock"),
  (rig) => made(rig.createQueue({ dispatchType: wdf.WdfIoQueueDispatchType.Manual }), "queue"),
];

function made(result: { readonly status: number }, key: string): Made {
  return { status: result.status, object: (result as unknown as Record<string, number>)[key] };
}

/** A rig whose device was made; null when that failed. */
function start(random: number): Rig | null {
  try {
    return new Rig({ random, allocationsMayFail: true, rules: false });
  } catch {
    return null;
  }
}

function play(random: number): { failed: number; succeeded: number } {
  const rig = start(random);
  const counts = { failed: 0, succeeded: 0 };
  if (rig === null || rig.queue === undefined) return counts;
  const { exports } = rig.system.machine;
  const next = numbers(random);
  const live = exports.liveObjects();
  const objects: WDFOBJECT[] = [];
  for (let step = 0; step < STEPS; step++) {
    rig.run(() => {
      if (objects.length > 0 && next(3) === 0) return void wdf.WdfObjectDelete(objects.splice(next(objects.length), 1)[0]);
      const { status, object } = MAKERS[next(MAKERS.length)](rig);
      expect([NtStatus.Success, NtStatus.InsufficientResources]).toContain(status);
      if (status === NtStatus.Success) objects.push(object as WDFOBJECT);
      counts[status === NtStatus.Success ? "succeeded" : "failed"]++;
    });
    if (next(2) === 0) rig.sendRead(1);
    if (rig.kept.length > 0) rig.complete();
    expect(exports.checkInvariants(), `after step ${step} of run ${random}`).toBe(0);
  }
  for (const object of objects) rig.run(() => wdf.WdfObjectDelete(object));
  while (rig.kept.length > 0) rig.complete();
  rig.system.advance(1);
  expect(exports.liveObjects(), `objects left over by run ${random}`).toBe(live);
  expect(exports.checkInvariants()).toBe(0);
  rig.forget();
  return counts;
}

describe("allocations that fail", () => {
  it(`leave nothing behind (seeds from ${SEED})`, () => {
    let failed = 0;
    let succeeded = 0;
    for (let run = 0; run < RUNS; run++) {
      const counts = play(SEED + run);
      failed += counts.failed;
      succeeded += counts.succeeded;
    }
    expect(failed).toBeGreaterThan(100);
    expect(succeeded).toBeGreaterThan(500);
  });
});
