// WdfRequestForwardToIoQueue and WdfRequestRequeue: how a request gets from the driver into a queue.

import { describe, expect, it } from "vitest";
import { FindingId, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  STATUS_WDF_BUSY,
  WDF_IO_QUEUE_CONFIG_INIT,
  WdfDeviceCreate,
  WdfIoQueueCreate,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  WdfIoQueueFindRequest,
  WdfIoQueuePurge,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfObjectDereference,
  WdfRequestComplete,
  WdfRequestForwardToIoQueue,
  WdfRequestMarkCancelable,
  WdfRequestRequeue,
  WdfRequestUnmarkCancelable,
  type WDFQUEUE,
  type WDFREQUEST,
} from "../../host/ddi";
import { Rig, type QueueOptions, type RigOptions, type SentIrp } from "../support/rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;

/** A rig whose driver has a read, and another queue. */
function two(other: QueueOptions, options: RigOptions = {}): { rig: Rig; queue: WDFQUEUE; request: WDFREQUEST; read: SentIrp } {
  const rig = new Rig(options);
  const queue = rig.run(() => rig.makeQueue(other));
  const read = rig.sendRead(1);
  rig.expect("EvtIoRead r1 length=1");
  return { rig, queue, request: rig.request, read };
}

/** A manual rig whose driver has taken the read out. */
function taken(options: QueueOptions = {}, rigOptions: RigOptions = {}): { rig: Rig; request: WDFREQUEST; read: SentIrp } {
  const rig = new Rig({ ...rigOptions, queue: { dispatchType: Manual, ...options } });
  const read = rig.sendRead(1);
  const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
  return { rig, request, read };
}

/** The DDI refuses the request, breaks, and the driver keeps what it has. */
function refused(rig: Rig, ddi: () => number, finding: FindingId): void {
  const before = rig.stateOf();
  expect(rig.run(ddi)).toBe(STATUS_INVALID_DEVICE_REQUEST);
  rig.expectFindings(finding);
  expect(rig.stateOf()).toBe(before);
}

describe("WdfRequestForwardToIoQueue", () => {
  it("puts the request last in line in the other queue; the driver has it no longer (Q-180)", () => {
    const { rig, queue, request } = two({ dispatchType: Manual });
    rig.sendRead(2);
    rig.run(() => WdfRequestForwardToIoQueue(rig.kept[1], queue));
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.tell(() => WdfIoQueueRetrieveNextRequest(queue));
    rig.expect("EvtIoRead r2 length=2", "returned STATUS_SUCCESS", "returned STATUS_SUCCESS r2");
    expect([rig.stateOf(), rig.stateOf(queue)]).toEqual([
      "accept dispatch noreq drvnoreq queued=0 driver=0",
      "accept dispatch queued=1 driver=1",
    ]);
  });

  it("keeps the handle (Q-181)", () => {
    const { rig, queue, request } = two({ dispatchType: Manual });
    rig.run(() => WdfRequestForwardToIoQueue(request, queue));
    expect(rig.run(() => WdfIoQueueRetrieveNextRequest(queue)).request).toBe(request);
  });

  it("lets the other queue's handler run, and complete it, before it returns (Q-066)", () => {
    const { rig, queue, request } = two({ evtIoRead: (_queue, read) => WdfRequestComplete(read, STATUS_SUCCESS) });
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.expect("done r1 STATUS_SUCCESS 0", "returned STATUS_SUCCESS");
  });

  it("does the other queue's work before its own queue presents its next request (Q-182)", () => {
    const { rig, queue, request } = two({}, { queue: { dispatchType: Sequential } });
    rig.sendRead(2);
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.expect("EvtIoRead q2 r1 length=1", "EvtIoRead r2 length=2", "returned STATUS_SUCCESS");
  });

  it("lets a stopped queue keep the request until it is started (Q-183)", () => {
    const { rig, queue, request } = two({});
    rig.run(() => WdfIoQueueStop(queue));
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.run(() => WdfIoQueueStart(queue));
    rig.expect("returned STATUS_SUCCESS", "EvtIoRead q2 r1 length=1");
  });

  it("lets a powered-off queue keep the request until the device is back in D0 (Q-183)", () => {
    const { rig, queue, request } = two({}, { queue: { powerManaged: 0 } });
    rig.stopQueues();
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.resumeQueues();
    rig.expect("returned STATUS_SUCCESS", "EvtIoRead q2 r1 length=1");
  });

  it.each([
    ["drained", WdfIoQueueDrain],
    ["purged", WdfIoQueuePurge],
  ])("says STATUS_WDF_BUSY for a queue that was %s, and the request stays the driver's (Q-110)", (_what, close) => {
    const { rig, queue, request } = two({});
    rig.run(() => close(queue));
    expect(rig.run(() => WdfRequestForwardToIoQueue(request, queue))).toBe(STATUS_WDF_BUSY);
    rig.run(() => WdfRequestComplete(request, STATUS_SUCCESS));
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("keeps a request it could not move among those EvtIoStop is called for", () => {
    const { rig, queue, request } = two({}, { queue: { keep: ["Read", "Stop"] } });
    rig.run(() => WdfIoQueuePurge(queue));
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.stopQueues();
    rig.expect("returned STATUS_WDF_BUSY", "EvtIoStop r1 flags=0x1");
  });

  it("of a request whose sender has cancelled it: succeeds, and it is completed in the other queue (Q-179)", () => {
    const { rig, queue, request, read } = two({});
    read.cancel();
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.expect("done r1 STATUS_CANCELLED 0", "returned STATUS_SUCCESS");
  });

  it("of such a request calls EvtIoCanceledOnQueue of the other queue if there is one (Q-179)", () => {
    const { rig, queue, request, read } = two({ keep: ["Read", "CanceledOnQueue"] });
    read.cancel();
    rig.tell(() => WdfRequestForwardToIoQueue(request, queue));
    rig.expect("EvtIoCanceledOnQueue q2 r1", "returned STATUS_SUCCESS");
  });

  it("leaves it to the other queue what happens on a later cancel (Q-163, Q-164)", () => {
    const quiet = two({ dispatchType: Manual }, { queue: { keep: ["Read", "CanceledOnQueue"] } });
    quiet.rig.run(() => WdfRequestForwardToIoQueue(quiet.request, quiet.queue));
    quiet.read.cancel();
    quiet.rig.expect("done r1 STATUS_CANCELLED 0");
    const telling = two({ dispatchType: Manual, keep: ["CanceledOnQueue"] });
    telling.rig.run(() => WdfRequestForwardToIoQueue(telling.request, telling.queue));
    telling.read.cancel();
    telling.rig.expect("EvtIoCanceledOnQueue q2 r1");
  });

  it("gives a generator routine its status after the other handler has run", () => {
    const { rig, queue, request } = two({});
    rig.start(function* () {
      rig.say(rig.returned(yield* WdfRequestForwardToIoQueue(request, queue)));
    });
    rig.expect("EvtIoRead q2 r1 length=1", "returned STATUS_SUCCESS");
  });
});

describe("WdfRequestForwardToIoQueue says STATUS_INVALID_DEVICE_REQUEST and breaks (Q-178)", () => {
  it("for a request the driver has given away", () => {
    const { rig, queue, request } = two({ dispatchType: Manual });
    rig.run(() => WdfRequestForwardToIoQueue(request, queue));
    refused(rig, () => WdfRequestForwardToIoQueue(request, rig.queue), FindingId.NotOwned);
  });

  it("for a request that is marked cancelable, until it is unmarked", () => {
    const { rig, queue, request } = two({ dispatchType: Manual });
    rig.run(() => WdfRequestMarkCancelable(request, rig.evtRequestCancel));
    refused(rig, () => WdfRequestForwardToIoQueue(request, queue), FindingId.IsCancelable);
    rig.run(() => WdfRequestUnmarkCancelable(request));
    expect(rig.run(() => WdfRequestForwardToIoQueue(request, queue))).toBe(STATUS_SUCCESS);
  });

  it("for the queue the request came from", () => {
    const { rig, request } = two({});
    refused(rig, () => WdfRequestForwardToIoQueue(request, rig.queue), FindingId.ForwardToSameQueue);
  });

  it("for a queue of another device", () => {
    const { rig, request } = two({});
    const queue = otherQueue(rig);
    refused(rig, () => WdfRequestForwardToIoQueue(request, queue), FindingId.ForwardToOtherDevice);
  });

  it("for a request in EvtIoInCallerContext, which has no queue (Q-083)", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (_device, request) => {
        rig.say(rig.returned(WdfRequestForwardToIoQueue(request, rig.queue)));
        WdfRequestComplete(request, STATUS_SUCCESS);
      },
    });
    rig.sendRead(1);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST", "done r1 STATUS_SUCCESS 0");
    rig.expectFindings(FindingId.NoQueue);
  });

  it("but what is no queue, or no request, is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const first = two({});
    const noQueue = () => WdfRequestForwardToIoQueue(first.request, first.rig.device as never);
    first.rig.expectStop(noQueue, WdfViolation.InvalidHandle, first.rig.device, ObjectKind.Queue);
    const second = two({});
    const noRequest = () => WdfRequestForwardToIoQueue(second.rig.device as never, second.queue);
    second.rig.expectStop(noRequest, WdfViolation.InvalidHandle, second.rig.device, ObjectKind.Request);
  });
});

/** A manual queue of one more device. */
function otherQueue(rig: Rig): WDFQUEUE {
  let queue = 0 as WDFQUEUE;
  rig.system.addDevice({
    name: "other",
    evtDriverDeviceAdd: (_driver, init) => {
      const { device } = WdfDeviceCreate(init);
      queue = WdfIoQueueCreate(device, WDF_IO_QUEUE_CONFIG_INIT(Manual)).queue;
    },
  });
  return queue;
}

describe("WdfRequestRequeue", () => {
  it("puts the request first in line again; the driver has it no longer (Q-180)", () => {
    const { rig, request } = taken();
    rig.sendRead(2);
    rig.tell(() => WdfRequestRequeue(request));
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq queued=2 driver=0");
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("returned STATUS_SUCCESS", "returned STATUS_SUCCESS r1");
  });

  it.each([
    ["stopped", WdfIoQueueStop],
    ["draining", WdfIoQueueDrain],
  ])("works on a queue that is %s (Q-115)", (_what, operation) => {
    const { rig, request } = taken();
    rig.run(() => operation(rig.queue));
    rig.tell(() => WdfRequestRequeue(request));
    rig.expect("returned STATUS_SUCCESS");
    expect(rig.stateOf()).toContain("queued=1 driver=0");
  });

  it("of a request whose sender has cancelled it: succeeds, and it is completed (Q-186)", () => {
    const { rig, request, read } = taken();
    read.cancel();
    rig.tell(() => WdfRequestRequeue(request));
    rig.expect("done r1 STATUS_CANCELLED 0", "returned STATUS_SUCCESS");
  });

  it("of such a request calls EvtIoCanceledOnQueue if there is one (Q-163)", () => {
    const { rig, request, read } = taken({ keep: ["CanceledOnQueue"] });
    read.cancel();
    rig.tell(() => WdfRequestRequeue(request));
    rig.expect("EvtIoCanceledOnQueue r1", "returned STATUS_SUCCESS");
    expect(rig.stateOf()).toBe("accept dispatch noreq queued=0 driver=1");
  });

  it.each([
    ["sequential", Sequential, true],
    ["parallel", Parallel, true],
    ["sequential", Sequential, false],
  ])("breaks and refuses on a %s queue, also without the verifier (Q-185)", (_name, dispatchType, verifier) => {
    const rig = new Rig({ verifier, queue: { dispatchType } });
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    refused(rig, () => WdfRequestRequeue(rig.request), FindingId.RequeueNotManual);
  });

  it("breaks and refuses a request the driver has not taken (VF-26)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    const { request } = rig.run(() => WdfIoQueueFindRequest(rig.queue));
    refused(rig, () => WdfRequestRequeue(request), FindingId.NotOwned);
    rig.run(() => WdfObjectDereference(request));
  });

  it("breaks and refuses a request that is marked cancelable (VF-26)", () => {
    const { rig, request } = taken();
    rig.run(() => WdfRequestMarkCancelable(request, rig.evtRequestCancel));
    refused(rig, () => WdfRequestRequeue(request), FindingId.IsCancelable);
  });

  it("breaks and refuses a request in EvtIoInCallerContext, which has no queue (Q-083)", () => {
    const rig: Rig = new Rig({ evtIoInCallerContext: (_device, request) => rig.say(rig.returned(WdfRequestRequeue(request))) });
    rig.sendRead(1);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NoQueue);
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const { rig } = taken();
    rig.expectStop(() => WdfRequestRequeue(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
});
