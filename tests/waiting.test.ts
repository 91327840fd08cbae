// Deadlocks: when nothing can run any more, the report says who waits, in what, for what, and who has it.

import { describe, expect, it } from "vitest";
import { FindingId } from "../bindings/abi";
import {
  KeDelayExecutionThread,
  NtStatus,
  ProcessorMode,
  type WDFWAITLOCK,
  WdfExecutionLevel,
  WdfIoQueueDispatchType,
  WdfIoQueueDrainSynchronously,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueStopSynchronously,
  WdfObjectAcquireLock,
  WdfObjectDelete,
  WdfObjectReleaseLock,
  WdfRequestComplete,
  WdfRequestForwardToIoQueue,
  WdfSynchronizationScope,
  WdfWaitLockAcquire,
  WdfWaitLockCreate,
} from "../host/ddi";
import { waitingThreads } from "../host/waiting";
import { Rig } from "./support/rig";

const waits = (rig: Rig): readonly string[] => rig.system.report().waitingThreads;

describe("System.report", () => {
  it("names no thread while none waits", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    expect(waits(rig)).toEqual([]);
  });

  it("says for which queue a thread waits, and which requests of it the driver has", () => {
    const rig = new Rig();
    for (let i = 1; i <= 6; i++) rig.sendRead(i);
    rig.lines.length = 0;
    rig.start(function* () {
      yield* WdfIoQueueStopSynchronously(rig.queue);
    });
    expect(waits(rig)).toEqual([
      expect.stringMatching(
        /^t\d+ waits in WdfIoQueueStopSynchronously, called by a system thread, for q1 to stop: the driver has r1, r2, r3, r4 and 2 more$/,
      ),
    ]);
    for (let i = 1; i <= 6; i++) rig.complete();
    expect(waits(rig)).toEqual([]);
    rig.lines.length = 0;
  });

  it("names the handler that waits for its own queue (Q-046)", () => {
    const rig: Rig = new Rig({
      queue: {
        *evtIoRead(queue) {
          yield* WdfIoQueueDrainSynchronously(queue);
        },
      },
    });
    rig.sendRead(1);
    rig.expectFindings(FindingId.SynchronousInHandler);
    expect(waits(rig)).toEqual([
      "app waits in WdfIoQueueDrainSynchronously, called by EvtIoRead, for q1 to drain: the driver has r1",
    ]);
  });

  it("says who holds a lock that is waited for", () => {
    const rig = new Rig({ attributes: { synchronizationScope: WdfSynchronizationScope.None, executionLevel: WdfExecutionLevel.Passive } });
    rig.sendRead(1);
    rig.start(function* () {
      yield* WdfObjectAcquireLock(rig.queue);
      yield* WdfIoQueueStopSynchronously(rig.queue);
      WdfObjectReleaseLock(rig.queue);
    });
    rig.start(function* () {
      yield* WdfObjectAcquireLock(rig.queue);
      WdfObjectReleaseLock(rig.queue);
    });
    const [first, second] = waitingThreads(rig.system.machine);
    expect(first).toMatchObject({ ddi: "WdfIoQueueStopSynchronously", object: "q1", holder: "the driver has r1" });
    expect(second).toMatchObject({
      ddi: "WdfObjectAcquireLock",
      routine: "a system thread",
      object: "q1",
      holder: `${first.thread} holds it in a system thread`,
    });
    expect(second.text).toBe(`${second.thread} waits in WdfObjectAcquireLock, called by a system thread, for the lock of q1: ${second.holder}`);
    rig.lines.length = 0;
  });

  it("names both threads of a deadlock, each with the lock it waits for and the thread that holds it", () => {
    const rig = new Rig();
    const lock = (): WDFWAITLOCK => rig.run(() => WdfWaitLockCreate({ parentObject: rig.device }).lock);
    const [head, tail] = [lock(), lock()];
    function* take(first: WDFWAITLOCK, second: WDFWAITLOCK): Generator<undefined, void, unknown> {
      yield* WdfWaitLockAcquire(first);
      yield* KeDelayExecutionThread(ProcessorMode.KernelMode, false, -10_000);
      yield* WdfWaitLockAcquire(second);
    }
    rig.start(() => take(head, tail));
    rig.start(() => take(tail, head));
    rig.system.advance(1);
    expect(waitingThreads(rig.system.machine)).toMatchObject([
      { ddi: "WdfWaitLockAcquire", object: "waitlock2", holder: expect.stringMatching(/^t\d+ holds it in a system thread$/) as string },
      { ddi: "WdfWaitLockAcquire", object: "waitlock1", holder: expect.stringMatching(/^t\d+ holds it in a system thread$/) as string },
    ]);
  });

  it("says which requests keep a queue that is deleted", () => {
    const rig = new Rig();
    rig.sendRead(1);
    const queue = rig.run(() => rig.makeQueue({ dispatchType: WdfIoQueueDispatchType.Manual }));
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, queue));
    rig.run(() => WdfIoQueueRetrieveNextRequest(queue));
    rig.start(function* () {
      yield* WdfObjectDelete(queue);
    });
    rig.lines.length = 0;
    expect(waits(rig)).toEqual([expect.stringMatching(/^t\d+ waits in WdfObjectDelete.* for q2 to be empty, so that it can go: the driver has r1$/)]);
  });

  it("says for whose answers a power transition waits", () => {
    const rig = new Rig({ queue: { keep: ["Read", "Stop"] } });
    rig.sendRead(1);
    rig.stopQueues();
    rig.lines.length = 0;
    expect(waits(rig)).toEqual([
      expect.stringMatching(/^t\d+ waits.* for the requests of q1 to be completed or acknowledged \(EvtIoStop\), which potentially prevents hibernation: the driver has r1$/),
    ]);
  });
});

describe("a plain routine that waits for ever", () => {
  it("gets an error that names every thread that waits", () => {
    const rig: Rig = new Rig({
      queue: {
        evtIoRead: (queue, request) => {
          void WdfIoQueueStopSynchronously(queue);
          void WdfRequestComplete(request, NtStatus.Success);
        },
      },
    });
    const said = "\n  app waits in WdfIoQueueStopSynchronously, called by EvtIoRead, for q1 to stop: the driver has r1";
    expect(() => rig.sendRead(1)).toThrow(expect.objectContaining({ message: expect.stringContaining(said) as string }));
    rig.expectFindings(FindingId.SynchronousInHandler);
  });
});
