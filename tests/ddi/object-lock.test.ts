// WdfObjectAcquireLock and WdfObjectReleaseLock: the callback lock of a device or queue, taken by the driver.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, WdfViolation } from "../../bindings/abi";
import {
  KeAreApcsDisabled,
  STATUS_SUCCESS,
  WdfExecutionLevel,
  WdfIoQueueDispatchType,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfIoQueueStopSynchronously,
  WdfObjectAcquireLock,
  WdfObjectCreate,
  WdfObjectReleaseLock,
  WdfRequestComplete,
  WdfSynchronizationScope,
  type WDFOBJECT,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { Queue, Device, None } = WdfSynchronizationScope;
const { Passive } = WdfExecutionLevel;

/** Sends a read while a system thread holds the lock of an object; says when the lock is given up. */
function sendHolding(object: (rig: Rig) => WDFOBJECT, options: RigOptions): Rig {
  const rig = new Rig(options);
  rig.run(() => {
    WdfObjectAcquireLock(object(rig));
    rig.sendRead(1, {});
    rig.say("releasing");
    WdfObjectReleaseLock(object(rig));
  });
  return rig;
}

describe("WdfObjectAcquireLock", () => {
  it.each([
    ["device", (rig: Rig) => rig.device],
    ["queue", (rig: Rig) => rig.queue],
  ])("takes the spin lock of a dispatch-level %s: DISPATCH_LEVEL until it is given up (lock_object_default)", (_what, object) => {
    const rig = new Rig();
    rig.run(() => {
      WdfObjectAcquireLock(object(rig));
      rig.say(Irql[rig.level]);
      WdfObjectReleaseLock(object(rig));
      rig.say(Irql[rig.level]);
    });
    rig.expect("Dispatch", "Passive");
  });

  it("takes the mutex of a passive device or queue, which leaves the level alone (lock_object_device_passive)", () => {
    const rig = new Rig({ deviceAttributes: { executionLevel: Passive } });
    for (const object of [rig.device, rig.queue]) {
      rig.run(() => {
        WdfObjectAcquireLock(object);
        rig.say(Irql[rig.level]);
        WdfObjectReleaseLock(object);
      });
    }
    rig.expect("Passive", "Passive");
  });

  it.each([None, Queue])("of a queue keeps its handlers waiting, under the scope %i (Q-068)", (synchronizationScope) => {
    const rig = sendHolding(({ queue }) => queue, { attributes: { synchronizationScope } });
    rig.expect("releasing", "EvtIoRead r1 length=1");
  });

  it("of a device keeps handlers under its scope waiting (Q-068)", () => {
    const rig = sendHolding(({ device }) => device, { attributes: { synchronizationScope: Device } });
    rig.expect("releasing", "EvtIoRead r1 length=1");
  });

  it.each([None, Queue])("of a device does not concern queues of the scope %i (Q-068)", (synchronizationScope) => {
    const rig = sendHolding(({ device }) => device, { attributes: { synchronizationScope } });
    rig.expect("EvtIoRead r1 length=1", "releasing");
  });

  it("waits for the thread that has the lock (lock_object_queue_blocks_dispatch)", () => {
    const rig = new Rig({ deviceAttributes: { executionLevel: Passive } });
    const busy = rig.run(() => rig.makeQueue({ dispatchType: WdfIoQueueDispatchType.Manual }));
    rig.sendRead(1);
    rig.start(function* () {
      yield* WdfObjectAcquireLock(busy);
      yield* WdfIoQueueStopSynchronously(rig.queue);
      rig.say("first releases");
      WdfObjectReleaseLock(busy);
    });
    rig.start(function* () {
      yield* WdfObjectAcquireLock(busy);
      rig.say("second has it");
      WdfObjectReleaseLock(busy);
    });
    rig.expect("EvtIoRead r1 length=1");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "first releases", "second has it");
  });

  it("by the thread that has the lock is the Stop WDF_RECURSIVE_LOCK (Q-070)", () => {
    const rig = new Rig();
    const twice = (): void => {
      WdfObjectAcquireLock(rig.device);
      WdfObjectAcquireLock(rig.device);
    };
    rig.expectStop(twice, WdfViolation.RecursiveLock);
  });

  it("in a handler that runs under the lock is the Stop WDF_RECURSIVE_LOCK (lock_object_in_callback)", () => {
    const rig: Rig = new Rig({
      attributes: { synchronizationScope: Queue },
      queue: { evtIoRead: (queue) => void WdfObjectAcquireLock(queue) },
    });
    rig.expectStop(() => rig.sendRead(1), WdfViolation.RecursiveLock);
  });

  it("K-056 of an object without a callback lock is the Stop WDF_INVALID_LOCK_OPERATION; a file object of a passive device has one", () => {
    const passive = new Rig({ deviceAttributes: { executionLevel: Passive, synchronizationScope: Device } });
    const file = passive.openFile();
    const seen = passive.run(() => {
      WdfObjectAcquireLock(file);
      const held = KeAreApcsDisabled();
      WdfObjectReleaseLock(file);
      return [held, KeAreApcsDisabled()];
    });
    expect(seen).toEqual([true, false]);
    const rig = new Rig();
    const { object } = rig.run(() => WdfObjectCreate({ parentObject: rig.queue }));
    rig.expectStop(() => WdfObjectAcquireLock(object), WdfViolation.InvalidLockOperation, object, 0);
    rig.expectFindings(FindingId.NoCallbackLock);
  });

  it("of a request, which has no such lock, breaks and is the Stop WDF_INVALID_LOCK_OPERATION (lock_object_default)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    rig.expectStop(() => WdfObjectAcquireLock(rig.request), WdfViolation.InvalidLockOperation, rig.request);
    rig.expectFindings(FindingId.NoCallbackLock);
  });

  it("of NULL is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfObjectAcquireLock(0 as WDFOBJECT), WdfViolation.InvalidHandle, 0);
  });
});

describe("WdfObjectReleaseLock", () => {
  it("lets a handler that gave its own lock away take it again", () => {
    const rig: Rig = new Rig({
      attributes: { synchronizationScope: Queue },
      queue: {
        evtIoRead: (queue, request) => {
          WdfObjectReleaseLock(queue);
          rig.say(Irql[rig.level]);
          WdfObjectAcquireLock(queue);
          WdfRequestComplete(request, STATUS_SUCCESS);
        },
      },
    });
    rig.sendRead(1);
    rig.expect("Passive", "done r1 STATUS_SUCCESS 0");
  });

  it("lowers the level, and runs the DPC that was queued above it before it returns (K-196)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    rig.run(() => {
      WdfObjectAcquireLock(rig.queue);
      WdfIoQueueStart(rig.queue);
      rig.say("releasing");
      WdfObjectReleaseLock(rig.queue);
      rig.say("released");
    });
    rig.expect("releasing", "EvtIoRead r1 length=1", "released");
  });

  it("of a lock the thread does not hold breaks twice and does nothing (lock_object_release_not_held)", () => {
    const rig = new Rig();
    rig.tell(() => WdfObjectReleaseLock(rig.device));
    rig.expect("returned");
    rig.expectFindings(FindingId.LockNotHeld, FindingId.LockReleasedNotOwned);
  });

  it("of a request breaks and is the Stop WDF_INVALID_LOCK_OPERATION (fxobjectapi.cpp)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    rig.expectStop(() => WdfObjectReleaseLock(rig.request), WdfViolation.InvalidLockOperation, rig.request);
    rig.expectFindings(FindingId.NoCallbackLock);
  });

  it("of NULL is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfObjectReleaseLock(0 as WDFOBJECT), WdfViolation.InvalidHandle, 0);
  });
});
