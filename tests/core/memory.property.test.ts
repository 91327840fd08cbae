// Random lives of objects of all kinds: what the core allocates for them is used again, and nobody's record is another's.
//
//   after each step   the records obey the invariants, and every object that lives answers as what it is
//   at the end        nothing lives that did not before
//   the second time   the same history takes no memory that the first did not take
//
// The seed is fixed; WDF_SEED=n takes another one, WDF_RUNS=n more runs.

/* oxlint-disable vitest/no-standalone-expect -- the steps of a history are called in tests */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ObjectKind, PoolType } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

const SEED = Number(process.env.WDF_SEED ?? 20260718);
const RUNS = Number(process.env.WDF_RUNS ?? 60);

type Kind = keyof typeof KINDS;
interface Step {
  readonly do: "make" | "delete" | "context" | "exchange";
  readonly kind: Kind;
  readonly of: number;
  readonly size: number;
}

/** Makes an object of each kind, and says of which kind the core should say it is. */
const KINDS = {
  object: (rig: Rig) => [ObjectKind.Object, wdf.WdfObjectCreate({ parentObject: rig.device }).object],
  memory: (rig: Rig, size: number) => [ObjectKind.Memory, wdf.WdfMemoryCreate({ parentObject: rig.device }, PoolType.NonPagedNx, 0, size).memory],
  collection: (rig: Rig) => [ObjectKind.Collection, wdf.WdfCollectionCreate({ parentObject: rig.device }).collection],
  string: (rig: Rig, size: number) => [ObjectKind.String, wdf.WdfStringCreate("x".repeat(size), { parentObject: rig.device }).string],
  request: (rig: Rig) => [ObjectKind.Request, wdf.WdfRequestCreate({ parentObject: rig.device }, wdf.WdfDeviceGetIoTarget(rig.device)).request],
  target: (rig: Rig) => [ObjectKind.IoTarget, wdf.WdfIoTargetCreate(rig.device).target],
  queue: (rig: Rig) => [ObjectKind.Queue, wdf.WdfIoQueueCreate(rig.device, wdf.WDF_IO_QUEUE_CONFIG_INIT(wdf.WdfIoQueueDispatchType.Manual)).queue],
  spinLock: (rig: Rig) => [ObjectKind.SpinLock, wdf.WdfSpinLockCreate({ parentObject: rig.device }).lock],
  timer: (rig: Rig) => [ObjectKind.Timer, wdf.WdfTimerCreate({ evtTimerFunc: () => {} }, { parentObject: rig.device }).timer],
  dpc: (rig: Rig) => [ObjectKind.Dpc, wdf.WdfDpcCreate({ evtDpcFunc: () => {} }, { parentObject: rig.device }).dpc],
  workItem: (rig: Rig) => [ObjectKind.WorkItem, wdf.WdfWorkItemCreate({ evtWorkItemFunc: () => {} }, { parentObject: rig.device }).workItem],
} satisfies Record<string, (rig: Rig, size: number) => readonly [ObjectKind, number]>;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    do: fc.constantFrom("make", "make", "make", "delete", "delete", "context", "exchange"),
    kind: fc.constantFrom(...(Object.keys(KINDS) as Kind[])),
    of: fc.nat(30),
    size: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 60 },
);

class Heap {
  readonly rig = new Rig();
  private readonly live: { readonly kind: ObjectKind; readonly handle: wdf.WDFOBJECT }[] = [];
  private contexts = 0;

  do(step: Step): void {
    const { rig, live } = this;
    if (step.do === "make") {
      const [kind, handle] = rig.run(() => KINDS[step.kind](rig, step.size)) as [ObjectKind, number];
      expect(handle, step.kind).not.toBe(0);
      live.push({ kind, handle: handle as wdf.WDFOBJECT });
    } else if (step.do === "exchange") {
      rig.sendWrite(step.size);
      rig.complete();
      rig.lines.length = 0;
    } else if (live.length > 0 && step.do === "delete") {
      const [{ handle }] = live.splice(step.of % live.length, 1);
      rig.start(function* () {
        yield* wdf.WdfObjectDelete(handle);
      });
    } else if (live.length > 0) {
      const contextType = wdf.WDF_DECLARE_CONTEXT_TYPE(`c${this.contexts++ % 8}`, () => ({}));
      rig.run(() => wdf.WdfObjectAllocateContext(live[step.of % live.length].handle, { contextType }));
    }
    this.check();
  }

  private check(): void {
    const { exports } = this.rig.system.machine;
    expect(exports.checkInvariants(), "the Invariant that is broken").toBe(0);
    const { live } = this;
    expect(live.map(({ handle }) => exports.objectKind(handle)), "kinds").toEqual(live.map(({ kind }) => kind));
  }

  /** A history, after which nothing is left. What has been allocated for objects since the System began. */
  play(history: readonly Step[]): number {
    const { exports } = this.rig.system.machine;
    for (const step of history) this.do(step);
    while (this.live.length > 0) this.do({ do: "delete", kind: "object", of: 0, size: 1 });
    return exports.memoryUsed();
  }
}

describe("the core's memory", () => {
  it(`is used again by whoever comes next (seed ${SEED})`, () => {
    const run = (history: Step[]): void => {
      const heap = new Heap();
      heap.rig.run(() => wdf.WdfDeviceGetIoTarget(heap.rig.device));
      const { exports } = heap.rig.system.machine;
      const before = exports.liveObjects();
      const first = heap.play(history);
      expect(exports.liveObjects(), "objects that live").toBe(before);
      expect(heap.play(history), "memory in use after the second time").toBe(first);
      expect(heap.rig.system.report().leaks).toEqual([]);
      heap.rig.forget();
    };
    fc.assert(fc.property(steps, run), { seed: SEED, numRuns: RUNS });
  }, 60_000 + RUNS * 200);
});
