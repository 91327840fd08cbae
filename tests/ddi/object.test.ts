// WdfObjectDelete, Reference, Dereference and GetTypedContext. Locks: object-lock.test.ts.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_SUCCESS,
  STATUS_WDF_BUSY,
  WDF_DECLARE_CONTEXT_TYPE,
  WdfDeviceConfigureRequestDispatching,
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueAssignForwardProgressPolicy,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  WdfIoQueueGetDevice,
  WdfIoQueueGetState,
  WdfIoQueueRetrieveNextRequest,
  WdfObjectDelete,
  WdfObjectDereference,
  WdfObjectGetTypedContext,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestForwardToIoQueue,
  WdfRequestGetIoQueue,
  WdfRequestMarkCancelable,
  type WDFOBJECT,
  type WDFQUEUE,
  type WdfObjectAttributes,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const { Manual } = WdfIoQueueDispatchType;
const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 0 }));
const Other = WDF_DECLARE_CONTEXT_TYPE("OTHER", () => ({ count: 0 }));

/** A rig with a manual queue beside the default one, whose end is told. */
function deletable(attributes: WdfObjectAttributes = {}): { rig: Rig; queue: WDFQUEUE } {
  const rig = new Rig();
  const tell = (what: string) => (object: WDFOBJECT) => rig.say(`${what} ${rig.name(object)} at ${Irql[rig.level]}`);
  const evtCleanupCallback = tell("EvtCleanup");
  const evtDestroyCallback = tell("EvtDestroy");
  const queue = rig.run(() => rig.makeQueue({ dispatchType: Manual }, { evtCleanupCallback, evtDestroyCallback, ...attributes }));
  return { rig, queue };
}

/** Deletes the object in a thread that may wait. */
function remove(rig: Rig, object: WDFOBJECT) {
  return rig.start(function* () {
    yield* WdfObjectDelete(object);
    rig.say("returned");
  });
}

/** Sends a read, which goes on to the other queue. */
function forwarded(rig: Rig, queue: WDFQUEUE): void {
  rig.sendRead(1);
  rig.run(() => WdfRequestForwardToIoQueue(rig.request, queue));
  rig.lines.length = 0;
}

describe("WdfObjectDelete", () => {
  it("ends a queue: its cleanup, then its destroy callback, and the handle is dead (object_queue_delete_order)", () => {
    const { rig, queue } = deletable();
    rig.tell(() => WdfObjectDelete(queue));
    rig.expect("EvtCleanup q2 at Passive", "EvtDestroy q2 at Passive", "returned");
    rig.expectStop(() => WdfIoQueueGetState(queue), WdfViolation.InvalidHandle, queue, ObjectKind.Queue);
  });

  it("cancels what the queue holds (verifier_delete_queue_pending)", () => {
    const { rig, queue } = deletable();
    forwarded(rig, queue);
    rig.tell(() => WdfObjectDelete(queue));
    rig.expect("done r1 STATUS_CANCELLED 0", "EvtCleanup q2 at Passive", "EvtDestroy q2 at Passive", "returned");
  });

  it("waits until the driver has completed what it owns of the queue (Q-120, object_queue_delete_driver_owned_request)", () => {
    const { rig, queue } = deletable();
    forwarded(rig, queue);
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(queue));
    const thread = remove(rig, queue);
    expect(thread.done).toBe(false);
    rig.run(() => WdfRequestComplete(request, STATUS_SUCCESS));
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtCleanup q2 at Passive", "EvtDestroy q2 at Passive", "returned");
  });

  it("above PASSIVE_LEVEL leaves it to a work item and returns", () => {
    const { rig, queue } = deletable();
    rig.tell(() => WdfObjectDelete(queue), Irql.Dispatch);
    rig.expect("returned", "EvtCleanup q2 at Passive", "EvtDestroy q2 at Passive");
  });

  it("breaks for the default queue, which stays (Q-032)", () => {
    const rig = new Rig();
    rig.run(() => WdfObjectDelete(rig.queue));
    rig.expectFindings(FindingId.CannotDelete);
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
  });

  it("breaks for a queue that a type of request goes to, which stays (object_delete_dispatch_queue)", () => {
    let queue = 0 as WDFQUEUE;
    const rig = new Rig({
      more: (device, self) => {
        queue = self.makeQueue({ keep: ["Read"] });
        WdfDeviceConfigureRequestDispatching(device, queue, 3);
      },
    });
    rig.run(() => WdfObjectDelete(queue));
    rig.expectFindings(FindingId.CannotDelete);
    rig.sendRead(1);
    rig.expect("EvtIoRead q2 r1 length=1");
  });

  it("breaks for a device and for a request (object_driver_not_deletable)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfObjectDelete(rig.device));
    rig.run(() => WdfObjectDelete(rig.request));
    rig.expectFindings(FindingId.CannotDelete, FindingId.CannotDelete);
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
  });

  it("of NULL is the Stop WDF_INVALID_HANDLE (object_null_handles)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfObjectDelete(0 as WDFOBJECT), WdfViolation.InvalidHandle, 0);
  });
});

describe("WdfObjectReference", () => {
  it("keeps a request's handle good past its completion", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfObjectReference(rig.request));
    rig.run(() => WdfRequestComplete(rig.request, STATUS_SUCCESS));
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
    expect(rig.run(() => WdfRequestGetIoQueue(rig.request))).toBe(0);
  });

  it("keeps a deleted queue's handle good: it refuses requests (A-16, ext/state_deleted_queue_forward)", () => {
    const { rig, queue } = deletable();
    rig.run(() => WdfObjectReference(queue));
    rig.run(() => WdfObjectDelete(queue));
    rig.sendRead(1);
    rig.expect("EvtCleanup q2 at Passive", "EvtIoRead r1 length=1");
    expect(rig.run(() => WdfIoQueueGetDevice(queue))).toBe(rig.device);
    expect(rig.run(() => WdfRequestForwardToIoQueue(rig.request, queue))).toBe(STATUS_WDF_BUSY);
  });

  it("of a deleted queue does not let it be stopped or drained: the Stop WDF_QUEUE_FATAL_ERROR (VF-05)", () => {
    const { rig, queue } = deletable();
    rig.run(() => WdfObjectReference(queue));
    rig.run(() => WdfObjectDelete(queue));
    rig.expect("EvtCleanup q2 at Passive");
    rig.expectStop(() => WdfIoQueueDrain(queue), WdfViolation.QueueFatalError, queue);
  });

  it("of NULL is the Stop WDF_REQUIRED_PARAMETER_IS_NULL, not WDF_INVALID_HANDLE (K-005, object_null_handles2)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfObjectReference(0 as WDFOBJECT), WdfViolation.RequiredParameterIsNull);
  });

  it("of a dead handle is the Stop WDF_INVALID_HANDLE", () => {
    const { rig, queue } = deletable();
    rig.run(() => WdfObjectDelete(queue));
    rig.lines.length = 0;
    rig.expectStop(() => WdfObjectReference(queue), WdfViolation.InvalidHandle, queue);
  });
});

describe("WdfObjectDereference", () => {
  it("ends a completed request with the last reference, not before", () => {
    const rig = new Rig();
    rig.sendRead(1);
    const request = rig.request;
    for (let i = 0; i < 2; i++) rig.run(() => WdfObjectReference(request));
    rig.run(() => WdfRequestComplete(request, STATUS_SUCCESS));
    rig.run(() => WdfObjectDereference(request));
    expect(rig.run(() => WdfRequestGetIoQueue(request))).toBe(0);
    rig.run(() => WdfObjectDereference(request));
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
    rig.expectStop(() => WdfRequestGetIoQueue(request), WdfViolation.InvalidHandle, request);
  });

  it("leaves a request that is not over as it is", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfObjectReference(rig.request));
    rig.tell(() => WdfObjectDereference(rig.request));
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "returned", "done r1 STATUS_SUCCESS 0");
  });

  it("calls the destroy callback of a deleted queue with the last reference (object_ref_in_cleanup_unref_later)", () => {
    const { rig, queue } = deletable();
    rig.run(() => WdfObjectReference(queue));
    rig.run(() => WdfObjectDelete(queue));
    rig.expect("EvtCleanup q2 at Passive");
    rig.tell(() => WdfObjectDereference(queue));
    rig.expect("EvtDestroy q2 at Passive", "returned");
    rig.expectStop(() => WdfIoQueueGetState(queue), WdfViolation.InvalidHandle, queue);
  });

  it("of a reference nobody has taken is the Stop WDF_OBJECT_ERROR (object_last_ref_without_delete)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfObjectDereference(rig.queue), WdfViolation.ObjectError);
    const other = new Rig();
    other.sendRead(1);
    other.expect("EvtIoRead r1 length=1");
    other.expectStop(() => WdfObjectDereference(other.request), WdfViolation.ObjectError);
  });

  it("of a reference given back already is the Stop WDF_OBJECT_ERROR, for a request too", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    rig.run(() => WdfObjectReference(rig.request));
    rig.run(() => WdfObjectDereference(rig.request));
    rig.expectStop(() => WdfObjectDereference(rig.request), WdfViolation.ObjectError);
  });

  it("of the reference the framework holds during a callback is the Stop WDF_OBJECT_ERROR", () => {
    const rig = new Rig();
    const read = rig.sendRead(1);
    rig.run(() => WdfRequestMarkCancelable(rig.request, (request) => void WdfObjectDereference(request)));
    rig.expect("EvtIoRead r1 length=1");
    rig.expectStop(() => read.cancel(), WdfViolation.ObjectError);
  });

  it("of NULL is the Stop WDF_REQUIRED_PARAMETER_IS_NULL (fxobjectapi.cpp)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfObjectDereference(0 as WDFOBJECT), WdfViolation.RequiredParameterIsNull);
  });
});

describe("WdfObjectGetTypedContext", () => {
  it("gives a device and a queue the context they were made with, one each", () => {
    const rig = new Rig({ deviceAttributes: { contextType: Context }, attributes: { contextType: Context } });
    const [device, queue] = [rig.device, rig.queue].map((object) => rig.run(() => WdfObjectGetTypedContext(object, Context)));
    expect([device, queue]).toEqual([{ count: 0 }, { count: 0 }]);
    expect(device).not.toBe(queue);
  });

  it("gives the same context each time", () => {
    const rig = new Rig({ attributes: { contextType: Context } });
    rig.run(() => void (WdfObjectGetTypedContext(rig.queue, Context)!.count = 5));
    expect(rig.run(() => WdfObjectGetTypedContext(rig.queue, Context))).toEqual({ count: 5 });
  });

  it("is NULL for an object without a context, and for another type (K-034)", () => {
    const rig = new Rig({ attributes: { contextType: Context } });
    expect(rig.run(() => WdfObjectGetTypedContext(rig.device, Context))).toBeUndefined();
    expect(rig.run(() => WdfObjectGetTypedContext(rig.queue, Other))).toBeUndefined();
  });

  it("keeps a request's context as long as a reference keeps the request", () => {
    const rig = new Rig({ requestContext: Context });
    rig.sendRead(1);
    rig.run(() => void (WdfObjectGetTypedContext(rig.request, Context)!.count = 5));
    const request = rig.request;
    rig.run(() => WdfObjectReference(request));
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
    expect(rig.run(() => WdfObjectGetTypedContext(request, Context))).toEqual({ count: 5 });
  });

  it("keeps a reserved request's context for its next IRP (Q-093)", () => {
    const rig = new Rig({ requestContext: Context });
    const policy = WdfIoForwardProgressReservedPolicy.AlwaysUseReservedRequest;
    const assign = { totalForwardProgressRequests: 1, forwardProgressReservedPolicy: policy };
    rig.run(() => WdfIoQueueAssignForwardProgressPolicy(rig.queue, assign));
    rig.lowMemory = true;
    rig.sendRead(1);
    rig.run(() => void (WdfObjectGetTypedContext(rig.request, Context)!.count = 7));
    rig.complete();
    rig.sendRead(2);
    expect(rig.run(() => WdfObjectGetTypedContext(rig.request, Context))).toEqual({ count: 7 });
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0", "EvtIoRead r2 length=2");
  });

  it("of a dead handle is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const { rig, queue } = deletable({ contextType: Context });
    rig.run(() => WdfObjectDelete(queue));
    rig.lines.length = 0;
    rig.expectStop(() => WdfObjectGetTypedContext(queue, Context), WdfViolation.InvalidHandle, queue);
  });
});
