// WdfIoQueueReadyNotify: how a driver hears that a manual queue has something for it.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  WdfIoQueueDispatchType,
  WdfIoQueuePurge,
  WdfIoQueueReadyNotify,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfRequestComplete,
  WdfRequestRequeue,
  WdfSynchronizationScope,
  type WDFQUEUE,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;

/** A rig with a manual queue whose driver is told that it is ready. */
function notified(options: RigOptions = {}): Rig {
  const rig = new Rig({ ...options, queue: { dispatchType: Manual } });
  rig.tell(() => WdfIoQueueReadyNotify(rig.queue, rig.state("ready")));
  rig.expect("returned STATUS_SUCCESS");
  return rig;
}

/** Takes everything out of a queue and completes it. */
function empty(queue: WDFQUEUE): void {
  for (;;) {
    const { status, request } = WdfIoQueueRetrieveNextRequest(queue);
    if (status !== STATUS_SUCCESS) return;
    WdfRequestComplete(request, STATUS_SUCCESS);
  }
}

describe("WdfIoQueueReadyNotify", () => {
  it("calls back, with the context, when the queue gets its first request, and not for further ones (Q-194)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.run(() => WdfIoQueueReadyNotify(rig.queue, rig.state("ready"), 5));
    rig.sendRead(1);
    rig.sendRead(2);
    rig.expect("ready q1 context=5");
  });

  it("calls back again each time the queue has been emptied meanwhile (Q-194)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.run(() => WdfIoQueueReadyNotify(rig.queue, (queue) => empty(queue)));
    rig.sendRead(1);
    rig.sendRead(2);
    rig.expect("done r1 STATUS_SUCCESS 0", "done r2 STATUS_SUCCESS 0");
  });

  it("calls back although the driver still has requests of the queue (Q-194)", () => {
    const rig = notified();
    rig.sendRead(1);
    rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.sendRead(2);
    rig.expect("ready q1", "ready q1");
    expect(rig.stateOf()).toBe("accept dispatch queued=1 driver=1");
  });

  it("calls back before it returns when requests wait already", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    rig.tell(() => WdfIoQueueReadyNotify(rig.queue, rig.state("ready")));
    rig.expect("ready q1", "returned STATUS_SUCCESS");
  });

  it("calls back at once after earlier traffic, though the queue is empty again (Q-197)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    rig.run(() => empty(rig.queue));
    rig.tell(() => WdfIoQueueReadyNotify(rig.queue, rig.state("ready")));
    rig.expect("done r1 STATUS_SUCCESS 0", "ready q1", "returned STATUS_SUCCESS");
  });

  it("waits while the queue is stopped: the start calls back if requests have come (Q-195)", () => {
    const rig = notified();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    rig.expectNothingElse();
    rig.tell(() => WdfIoQueueStart(rig.queue));
    rig.expect("ready q1", "returned");
  });

  it("calls back again when a queue with requests in it is started (Q-195)", () => {
    const rig = notified();
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.expect("ready q1", "ready q1");
  });

  it("waits while the device is not in D0 (Q-195)", () => {
    const rig = notified();
    rig.stopQueues();
    rig.sendRead(1);
    rig.expectNothingElse();
    rig.resumeQueues();
    rig.expect("ready q1");
  });

  it("calls back for a request that is put back into the empty queue", () => {
    const rig = notified();
    rig.sendRead(1);
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.tell(() => WdfRequestRequeue(request));
    rig.expect("ready q1", "ready q1", "returned STATUS_SUCCESS");
  });

  it("does not call back for what a closed queue refuses", () => {
    const rig = notified();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INVALID_DEVICE_STATE 0");
  });

  it("calls back under the queue's synchronization lock (Q-102)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual }, attributes: { synchronizationScope: WdfSynchronizationScope.Queue } });
    rig.run(() => WdfIoQueueReadyNotify(rig.queue, () => rig.say(`ready at ${Irql[rig.level]}`)));
    rig.sendRead(1);
    rig.expect("ready at Dispatch");
  });

  it("with NULL withdraws the callback of a stopped queue", () => {
    const rig = notified();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.tell(() => WdfIoQueueReadyNotify(rig.queue, null));
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.sendRead(1);
    rig.expect("returned STATUS_SUCCESS");
  });

  it("takes another callback after the withdrawal", () => {
    const rig = notified();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.run(() => WdfIoQueueReadyNotify(rig.queue, null));
    rig.tell(() => WdfIoQueueReadyNotify(rig.queue, rig.state("another")));
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.sendRead(1);
    rig.expect("returned STATUS_SUCCESS", "another q1");
  });
});

describe("WdfIoQueueReadyNotify says STATUS_INVALID_DEVICE_REQUEST and breaks (Q-196)", () => {
  const refused = (rig: Rig, callback: ReturnType<Rig["state"]> | null, finding: FindingId): void => {
    expect(rig.run(() => WdfIoQueueReadyNotify(rig.queue, callback))).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(finding);
  };

  it.each([Sequential, Parallel])("for a queue of type %i", (dispatchType) => {
    const rig = new Rig({ queue: { dispatchType } });
    refused(rig, rig.state("ready"), FindingId.ReadyNotManual);
  });

  it("for a second callback; the first stays", () => {
    const rig = notified();
    refused(rig, rig.state("second"), FindingId.ReadyAlreadyRegistered);
    rig.sendRead(1);
    rig.expect("ready q1");
  });

  it("for NULL when there is nothing to withdraw", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.run(() => WdfIoQueueStop(rig.queue));
    refused(rig, null, FindingId.ReadyNotRegistered);
  });

  it("for NULL when the queue is not stopped; the callback stays", () => {
    const rig = notified();
    refused(rig, null, FindingId.ReadyNotStopped);
    rig.sendRead(1);
    rig.expect("ready q1");
  });

  it("but a handle that is no queue is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    const call = () => WdfIoQueueReadyNotify(rig.device as never, null);
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.device, ObjectKind.Queue);
  });
});
