// WdfRequest*: what a request tells of itself. Its buffers: request-buffer.test.ts.

import { describe, expect, it } from "vitest";
import { BufferKind, BugCheck, FindingId, ProcessorMode, WdfRequestType } from "../../bindings/abi";
import {
  STATUS_SUCCESS,
  WdfFileObjectClass,
  WdfIoQueueDispatchType,
  WdfIoQueueFindRequest,
  WdfIoQueueRetrieveNextRequest,
  WdfObjectDereference,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestForwardToIoQueue,
  WdfRequestGetFileObject,
  WdfRequestGetInformation,
  WdfRequestGetParameters,
  WdfRequestGetRequestorMode,
  WdfRequestGetRequestorProcessId,
  WdfRequestGetStatus,
  WdfRequestIsFrom32BitProcess,
  WdfRequestSetInformation,
  type WDFREQUEST,
} from "../../host/ddi";
import type { Keeper } from "../support/keepers";
import { Rig, type IrpRequest, type RigOptions } from "../support/rig";

const { Manual } = WdfIoQueueDispatchType;
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
function over(options: RigOptions = {}): Rig {
  const rig = owning(undefined, options);
  rig.run(() => WdfObjectReference(rig.request));
  rig.run(() => WdfRequestComplete(rig.request, STATUS_SUCCESS));
  rig.expect("done r1 STATUS_SUCCESS 0");
  return rig;
}

/** Asking a completed request is a fault: its IRP is gone. */
function faultsAfterCompletion(ddi: (request: WDFREQUEST) => unknown): void {
  it("faults once the request is over (kernel-corrections D, K-101)", () => {
    const rig = over();
    rig.expectBugCheck(() => ddi(rig.request), BugCheck.KmodeExceptionNotHandled, 0xc0000005 | 0);
    rig.expectFindings(FindingId.UsedAfterCompletion);
  });
}

describe("WdfRequestSetInformation", () => {
  it("sets what WdfRequestGetInformation gives; the last value counts", () => {
    const rig = owning();
    rig.run(() => WdfRequestSetInformation(rig.request, 3));
    rig.run(() => WdfRequestSetInformation(rig.request, 0xffffffff));
    expect(rig.run(() => WdfRequestGetInformation(rig.request))).toBe(0xffffffff);
  });

  it("breaks for a request that is over (VF-64)", () => {
    const rig = over();
    rig.tell(() => WdfRequestSetInformation(rig.request, 3));
    rig.expect("returned");
    rig.expectFindings(FindingId.ParametersCompleted);
  });
});

describe("WdfRequestGetInformation", () => {
  it("is 0 for a new request", () => {
    const rig = owning();
    expect(rig.run(() => WdfRequestGetInformation(rig.request))).toBe(0);
  });

  it("goes with the request from queue to queue", () => {
    const rig = owning();
    const manual = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    rig.run(() => WdfRequestSetInformation(rig.request, 6));
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, manual));
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(manual));
    expect(rig.run(() => WdfRequestGetInformation(request))).toBe(6);
  });

  it("breaks and is 0 for a request that is over (K-132, VF-64)", () => {
    const rig = over();
    expect(rig.run(() => WdfRequestGetInformation(rig.request))).toBe(0);
    rig.expectFindings(FindingId.ParametersCompleted);
  });
});

describe("WdfRequestGetParameters", () => {
  const none = {
    length: 0,
    inputBufferLength: 0,
    ioControlCode: 0,
    minorFunction: 0,
    type3InputBuffer: null,
    deviceOffset: 0,
    key: 0,
  };
  const { Read, Write, DeviceControl, DeviceControlInternal } = WdfRequestType;

  it.each([
    ["a read", { major: Read, outputLength: 7 }, { ...none, type: Read, length: 7 }],
    ["a write", { major: Write, input: new Uint8Array(6) }, { ...none, type: Write, length: 6 }],
    [
      "a device control",
      { major: DeviceControl, outputLength: 5, input: new Uint8Array(4), code: 0xfffffff0 },
      { ...none, type: DeviceControl, length: 5, inputBufferLength: 4, ioControlCode: 0xfffffff0 },
    ],
    [
      "an internal device control",
      { major: DeviceControlInternal, outputLength: 3, input: new Uint8Array(2), code: 1 },
      { ...none, type: DeviceControlInternal, length: 3, inputBufferLength: 2, ioControlCode: 1 },
    ],
  ])("tells what the sender of %s asks for", (_what, irp, parameters) => {
    const rig = owning(irp);
    expect(rig.run(() => WdfRequestGetParameters(rig.request))).toEqual(parameters);
  });

  it("of a request found in a queue tells the same", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendWrite(9);
    const { request } = rig.run(() => WdfIoQueueFindRequest(rig.queue));
    expect(rig.run(() => WdfRequestGetParameters(request))).toEqual({ ...none, type: Write, length: 9 });
    rig.run(() => WdfObjectDereference(request));
  });

  it("breaks for a request that is over (VF-64)", () => {
    const rig = over();
    rig.run(() => WdfRequestGetParameters(rig.request));
    rig.expectFindings(FindingId.ParametersCompleted);
  });

  it.each([
    [0, 0],
    [4096, 4096],
    [-1, -1],
    [0x1_2345_6789n, 0x1_2345_6789],
  ])("tells where in the device a read or write begins, and its key (offset %s)", (offset, deviceOffset) => {
    const rig = owning({ major: Read, outputLength: 7, offset, key: 3 });
    expect(rig.run(() => WdfRequestGetParameters(rig.request))).toEqual({ ...none, type: Read, length: 7, deviceOffset, key: 3 });
  });

  it("is all zero, with a break, when the Size of the structure is wrong (request_parameters_badsize)", () => {
    const rig = owning();
    expect(rig.run(() => WdfRequestGetParameters(rig.request, 0))).toEqual({ ...none, type: 0 });
    rig.expectFindings(FindingId.BadSize);
  });

  it("hides the address of a METHOD_NEITHER ioctl's input while the verifier is on (K-120)", () => {
    const irp = { major: DeviceControl, input: Uint8Array.of(1, 2), outputLength: 4, code: 0x222003 };
    const hidden = owning(irp);
    expect(hidden.run(() => WdfRequestGetParameters(hidden.request).type3InputBuffer)).toBe(null);
    const shown = owning(irp, { verifier: false });
    const { type3InputBuffer } = shown.run(() => WdfRequestGetParameters(shown.request));
    expect([type3InputBuffer?.kind, type3InputBuffer?.length]).toEqual([BufferKind.Type3, 2]);
  });

  it("of a request that is over is a fault without the verifier", () => {
    const rig = over({ verifier: false });
    rig.expectBugCheck(() => WdfRequestGetParameters(rig.request), BugCheck.KmodeExceptionNotHandled, 0xc0000005 | 0);
    rig.expectFindings(FindingId.UsedAfterCompletion);
  });
});

describe("WdfRequestGetStatus", () => {
  it("is what the sender has left in IoStatus.Status: 0 (request_getstatus_before)", () => {
    const rig = owning();
    expect(rig.run(() => WdfRequestGetStatus(rig.request))).toBe(STATUS_SUCCESS);
  });

  faultsAfterCompletion(WdfRequestGetStatus);
});

describe("WdfRequestGetRequestorMode", () => {
  it("is UserMode for an application's request, KernelMode for a driver's (request_mode)", () => {
    const rig = new Rig();
    rig.sendRead(4);
    rig.sendRead(4, { kernelMode: true });
    rig.expect("EvtIoRead r1 length=4", "EvtIoRead r2 length=4");
    expect(rig.kept.map((request) => rig.run(() => WdfRequestGetRequestorMode(request)))).toEqual([
      ProcessorMode.UserMode,
      ProcessorMode.KernelMode,
    ]);
  });

  it("breaks and is UserMode once the request is over (buffer_after_completion_mode)", () => {
    const rig = over();
    expect(rig.run(() => WdfRequestGetRequestorMode(rig.request))).toBe(ProcessorMode.UserMode);
    rig.expectFindings(FindingId.ParametersCompleted);
  });
});

describe("WdfRequestGetRequestorProcessId", () => {
  it("is the process of the sender's thread", () => {
    const rig = new Rig();
    rig.sendRead(4);
    rig.sendRead(4, {});
    rig.expect("EvtIoRead r1 length=4", "EvtIoRead r2 length=4");
    expect(rig.kept.map((request) => rig.run(() => WdfRequestGetRequestorProcessId(request)))).toEqual([4096, 4]);
  });

  it("breaks and is 0 once the request is over (FxRequest::GetRequestorProcessId)", () => {
    const rig = over();
    expect(rig.run(() => WdfRequestGetRequestorProcessId(rig.request))).toBe(0);
    rig.expectFindings(FindingId.ParametersCompleted);
  });
});

describe("WdfRequestIsFrom32BitProcess", () => {
  it("is FALSE", () => {
    const rig = owning();
    expect(rig.run(() => WdfRequestIsFrom32BitProcess(rig.request))).toBe(false);
  });

  faultsAfterCompletion(WdfRequestIsFrom32BitProcess);
});

describe("WdfRequestGetFileObject", () => {
  it("is the file object the request was sent through", () => {
    const rig = new Rig();
    const file = rig.openFile();
    rig.send({ major: WdfRequestType.Read, outputLength: 1, file });
    rig.expect("EvtIoRead r1 length=1");
    expect(rig.run(() => WdfRequestGetFileObject(rig.request))).toBe(file);
  });

  it("is NULL for a device that has none (file_class_1)", () => {
    const rig = owning(undefined, { files: null });
    expect(rig.run(() => WdfRequestGetFileObject(rig.request))).toBe(0);
  });

  it("breaks and is NULL for a request without one, unless they are optional (file_io_without_file_object)", () => {
    const rig = owning();
    expect(rig.run(() => WdfRequestGetFileObject(rig.request))).toBe(0);
    rig.expectFindings(FindingId.UnknownFile);
    const fileObjectClass = WdfFileObjectClass.CannotUseFsContexts | WdfFileObjectClass.CanBeOptional;
    const optional = owning(undefined, { files: { fileObjectClass } });
    expect(optional.run(() => WdfRequestGetFileObject(optional.request))).toBe(0);
  });

  it("breaks and is NULL once the request is over (buffer_after_completion_file)", () => {
    const rig = over();
    expect(rig.run(() => WdfRequestGetFileObject(rig.request))).toBe(0);
    rig.expectFindings(FindingId.NotOwned);
  });
});
