// WdfRequestComplete*, and the queue of a request. What a request tells of itself: request-parameters.test.ts.
// Forward and requeue: request-forward.test.ts. Cancellation: request-cancel.test.ts. Power: request-stop.test.ts.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, ObjectKind, RequestFatalError, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  STATUS_BUFFER_OVERFLOW,
  STATUS_PENDING,
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  STATUS_WDF_BUSY,
  STATUS_WDF_INTERNAL_ERROR,
  STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS,
  STATUS_WDF_PAUSED,
  STATUS_WDF_TOO_FRAGMENTED,
  WdfIoQueueDispatchType,
  WdfIoQueueRetrieveNextRequest,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestCompleteWithInformation,
  WdfRequestCompleteWithPriorityBoost,
  WdfRequestForwardToIoQueue,
  WdfRequestGetInformation,
  WdfRequestGetIoQueue,
  WdfRequestIsReserved,
  WdfRequestMarkCancelable,
  WdfRequestSetInformation,
  type WDFREQUEST,
} from "../../host/ddi";
import type { Keeper } from "../support/keepers";
import { Rig, type IrpRequest, type RigOptions } from "../support/rig";

const { Sequential, Manual } = WdfIoQueueDispatchType;
const EVERY: Keeper[] = ["Read", "Write", "DeviceControl", "InternalDeviceControl", "Default"];

/** A rig whose driver has one request. */
function owning(irp: IrpRequest = { major: WdfRequestType.Read, outputLength: 8 }, options: RigOptions = {}): Rig {
  const rig = new Rig({ ...options, queue: { keep: EVERY, ...options.queue } });
  rig.send(irp);
  expect(rig.kept.length).toBe(1);
  rig.lines.length = 0;
  return rig;
}

/** A rig that holds a reference to a request that is over. */
function over(): Rig {
  const rig = owning();
  rig.run(() => WdfObjectReference(rig.request));
  rig.run(() => WdfRequestComplete(rig.request, STATUS_SUCCESS));
  rig.expect("done r1 STATUS_SUCCESS 0");
  return rig;
}

/** What holds for each of the three ways to complete a request. */
function completes(complete: (request: WDFREQUEST) => unknown): void {
  it("returns the request to its sender before it presents the next one, and that before it returns (Q-063, Q-198)", () => {
    const rig = owning(undefined, { queue: { dispatchType: Sequential } });
    rig.sendWrite(2);
    rig.tell(() => complete(rig.kept[0]));
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtIoWrite r2 length=2", "returned");
  });

  it("ends the life of the handle", () => {
    const rig = owning();
    const request = rig.request;
    rig.run(() => complete(request));
    rig.lines.length = 0;
    rig.expectStop(() => WdfRequestGetInformation(request), WdfViolation.InvalidHandle, request, ObjectKind.Request);
  });

  it("breaks and does nothing for a request the driver has completed already (Q-202)", () => {
    const rig = owning();
    const request = rig.request;
    rig.run(() => complete(request));
    rig.tell(() => complete(request));
    rig.expect("done r1 STATUS_SUCCESS 0", "returned");
    rig.expectFindings(FindingId.CompleteNotOwned);
  });

  it("of a completed request is the Stop MULTIPLE_IRP_COMPLETE_REQUESTS when no verifier looks (Q-202)", () => {
    const rig = owning(undefined, { verifier: false });
    const request = rig.request;
    rig.run(() => complete(request));
    rig.lines.length = 0;
    rig.expectBugCheck(() => complete(request), BugCheck.MultipleIrpCompleteRequests, request);
  });

  it("breaks and does nothing for a request that waits in a queue (VF-12)", () => {
    const rig = owning();
    const manual = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, manual));
    rig.tell(() => complete(rig.request));
    rig.expect("returned");
    rig.expectFindings(FindingId.CompleteNotOwned);
  });

  it("breaks and goes on for a request that is marked cancelable (Q-203)", () => {
    const rig = owning();
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    rig.run(() => complete(rig.request));
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.expectFindings(FindingId.CompleteCancelable);
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = owning();
    rig.expectStop(() => complete(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
}

describe("WdfRequestComplete", () => {
  completes((request) => WdfRequestComplete(request, STATUS_SUCCESS));

  it("hands the information over that was set before, whatever the status; 0 if none was (K-121, request_information)", () => {
    const rig = owning();
    rig.run(() => WdfRequestSetInformation(rig.request, 5));
    rig.run(() => WdfRequestComplete(rig.request, STATUS_UNSUCCESSFUL));
    rig.expect("done r1 STATUS_UNSUCCESSFUL 5");
    const other = owning();
    other.run(() => WdfRequestComplete(other.request, STATUS_SUCCESS));
    other.expect("done r1 STATUS_SUCCESS 0");
  });

  it.each([
    [STATUS_WDF_PAUSED, "STATUS_DEVICE_BUSY"],
    [STATUS_WDF_BUSY, "STATUS_DEVICE_BUSY"],
    [STATUS_WDF_INTERNAL_ERROR, "STATUS_INTERNAL_ERROR"],
    [STATUS_WDF_NOT_ENOUGH_MAP_REGISTERS, "STATUS_INSUFFICIENT_RESOURCES"],
    [STATUS_WDF_TOO_FRAGMENTED, "STATUS_INVALID_DEVICE_REQUEST"],
  ])("translates the framework's own status %i for the sender to %s (Q-200)", (status, sent) => {
    const rig = owning();
    rig.run(() => WdfRequestComplete(rig.request, status));
    rig.expect(`done r1 ${sent} 0`);
  });

  it("with STATUS_PENDING is a rule finding, and goes on (request_complete_pending_status)", () => {
    const rig = owning();
    rig.run(() => WdfRequestComplete(rig.request, STATUS_PENDING));
    rig.expect("done r1 STATUS_PENDING 0");
    rig.expectFindings(FindingId.CompletedPending);
  });

  it("with more information than the buffer holds is the Stop WDF_REQUEST_FATAL_ERROR (Q-201)", () => {
    const rig = owning();
    rig.run(() => WdfRequestSetInformation(rig.request, 9));
    const call = () => WdfRequestComplete(rig.request, STATUS_SUCCESS);
    rig.expectStop(call, WdfViolation.RequestFatalError, RequestFatalError.InformationLengthMismatch);
  });
});

describe("WdfRequestCompleteWithInformation", () => {
  completes((request) => WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, 0));

  it("hands its own information over instead of what was set before (request_information)", () => {
    const rig = owning();
    rig.run(() => WdfRequestSetInformation(rig.request, 5));
    rig.run(() => WdfRequestCompleteWithInformation(rig.request, STATUS_SUCCESS, 7));
    rig.expect("done r1 STATUS_SUCCESS 7");
  });

  it("takes 0 for an answer as well", () => {
    const rig = owning();
    rig.run(() => WdfRequestSetInformation(rig.request, 5));
    rig.run(() => WdfRequestCompleteWithInformation(rig.request, STATUS_SUCCESS, 0));
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it.each([
    ["a read", { major: WdfRequestType.Read, outputLength: 8 }],
    ["a write", { major: WdfRequestType.Write, input: new Uint8Array(8) }],
    ["a device control of an application", { major: WdfRequestType.DeviceControl, outputLength: 8, input: new Uint8Array(9) }],
  ])("with more than the buffer of %s is the Stop WDF_REQUEST_FATAL_ERROR (Q-201)", (_what, irp) => {
    const rig = owning(irp);
    const call = () => WdfRequestCompleteWithInformation(rig.request, STATUS_SUCCESS, 9);
    rig.expectStop(call, WdfViolation.RequestFatalError, RequestFatalError.InformationLengthMismatch);
  });

  it.each([
    ["an internal device control", { major: WdfRequestType.DeviceControlInternal, outputLength: 8 }],
    ["a device control without output buffer", { major: WdfRequestType.DeviceControl, input: new Uint8Array(4) }],
  ])("sets no limit for %s (Q-201)", (_what, irp) => {
    const rig = owning(irp);
    rig.run(() => WdfRequestCompleteWithInformation(rig.request, STATUS_SUCCESS, 9));
    rig.expect("done r1 STATUS_SUCCESS 9");
  });

  it("sets no limit for a device control of the kernel (buffer_info_larger_ioctl_kernel)", () => {
    const rig = new Rig({ queue: { keep: EVERY } });
    rig.sendControl(16, 4, 0x222000, { kernelMode: true });
    rig.complete(STATUS_SUCCESS, 17);
    rig.expect("EvtIoDeviceControl r1 out=16 in=4 code=0x222000", "done r1 STATUS_SUCCESS 17");
  });

  it.each([
    [STATUS_UNSUCCESSFUL, "STATUS_UNSUCCESSFUL"],
    [STATUS_BUFFER_OVERFLOW, "STATUS_BUFFER_OVERFLOW"],
  ])("sets no limit for %i, %s (buffer_info_larger_failed)", (status, name) => {
    const rig = owning();
    rig.run(() => WdfRequestCompleteWithInformation(rig.request, status, 9));
    rig.expect(`done r1 ${name} 9`);
  });

  it("sets no limit when no verifier looks (buffer_info_larger_noverifier)", () => {
    const rig = owning(undefined, { verifier: false });
    rig.run(() => WdfRequestCompleteWithInformation(rig.request, STATUS_SUCCESS, 9));
    rig.expect("done r1 STATUS_SUCCESS 9");
  });
});

describe("WdfRequestCompleteWithPriorityBoost", () => {
  completes((request) => WdfRequestCompleteWithPriorityBoost(request, STATUS_SUCCESS, 2));

  it("hands the information over that was set before (request_information)", () => {
    const rig = owning();
    rig.run(() => WdfRequestSetInformation(rig.request, 5));
    rig.run(() => WdfRequestCompleteWithPriorityBoost(rig.request, STATUS_SUCCESS, 2));
    rig.expect("done r1 STATUS_SUCCESS 5");
  });
});

describe("WdfRequestGetIoQueue", () => {
  it("is the queue that delivered the request", () => {
    const rig = owning();
    const manual = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    expect(rig.run(() => WdfRequestGetIoQueue(rig.request))).toBe(rig.queue);
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, manual));
    rig.run(() => WdfIoQueueRetrieveNextRequest(manual));
    expect(rig.run(() => WdfRequestGetIoQueue(rig.request))).toBe(manual);
  });

  it("is NULL in EvtIoInCallerContext (Q-083)", () => {
    const rig: Rig = new Rig({ evtIoInCallerContext: (_device, request) => rig.say(`queue ${WdfRequestGetIoQueue(request)}`) });
    rig.sendRead(1);
    rig.expect("queue 0");
  });

  it("is NULL once the request is over (buffer_after_completion_getqueue)", () => {
    const rig = over();
    expect(rig.run(() => WdfRequestGetIoQueue(rig.request))).toBe(0);
  });
});

describe("WdfRequestIsReserved", () => {
  it("is FALSE for an ordinary request; queue-progress.test.ts has the others", () => {
    const rig = owning();
    expect(rig.run(() => WdfRequestIsReserved(rig.request))).toBe(false);
  });
});
