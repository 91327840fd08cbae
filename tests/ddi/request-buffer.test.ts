// WdfRequestRetrieve*: which buffers a request has, where they are, and how long they are.

import { describe, expect, it } from "vitest";
import { BufferKind, BugCheck, FindingId, MdlKind, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  STATUS_ACCESS_VIOLATION,
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceIoType,
  WdfIoQueueDispatchType,
  WdfDeviceEnqueueRequest,
  WdfMemoryCopyFromBuffer,
  WdfMemoryGetBuffer,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestProbeAndLockUserBufferForRead,
  WdfRequestProbeAndLockUserBufferForWrite,
  WdfRequestRetrieveInputBuffer,
  WdfRequestRetrieveInputMemory,
  WdfRequestRetrieveInputWdmMdl,
  WdfRequestRetrieveOutputBuffer,
  WdfRequestRetrieveOutputMemory,
  WdfRequestRetrieveOutputWdmMdl,
  WdfRequestRetrieveUnsafeUserInputBuffer,
  WdfRequestRetrieveUnsafeUserOutputBuffer,
  type WDFMEMORY,
  type WDFREQUEST,
} from "../../host/ddi";
import { AccessViolation, type UserBuffer } from "../../host/user-memory";
import { Rig, type IrpRequest, type RigOptions, type Sender } from "../support/rig";

const { Create, Read, Write, DeviceControl, DeviceControlInternal } = WdfRequestType;
type Retrieve = typeof WdfRequestRetrieveInputBuffer;

/** A rig whose driver has one request. */
function owning(irp: IrpRequest, sender?: Sender, options: RigOptions = {}): Rig {
  const rig = new Rig({ ...options, queue: { keep: ["Default"] } });
  rig.send(irp, sender);
  rig.expect("EvtIoDefault r1");
  return rig;
}

/** What a DDI answers for that request. */
function retrieve(ddi: Retrieve, irp: IrpRequest, minimum: number, sender?: Sender): { status: number; length: number } {
  const rig = owning(irp, sender);
  const { status, buffer } = rig.run(() => ddi(rig.request, minimum));
  return { status, length: buffer.length };
}

/** A request of a completed handle, still referenced. */
function over(irp: IrpRequest): Rig {
  const rig = owning(irp);
  rig.run(() => WdfObjectReference(rig.request));
  rig.run(() => WdfRequestComplete(rig.request, STATUS_SUCCESS));
  rig.expect("done r1 STATUS_SUCCESS 0");
  return rig;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ok = (length: number) => ({ status: STATUS_SUCCESS, length });
const TOO_SMALL = { status: STATUS_BUFFER_TOO_SMALL, length: 0 };
const INVALID = { status: STATUS_INVALID_DEVICE_REQUEST, length: 0 };
const METHOD_NEITHER = 0x222003;

/** What both DDIs do with what has no buffer for them. */
function refusals(ddi: Retrieve, irp: (length: number) => IrpRequest): void {
  it("refuses to give fewer bytes than required (K-096, buffer_ioctl_buffered_on_buffered)", () => {
    expect(retrieve(ddi, irp(10), 10)).toEqual(ok(10));
    expect(retrieve(ddi, irp(10), 11)).toEqual(TOO_SMALL);
  });

  it.each([0, 1])("has none of a device control without such bytes, with %i required (K-095, buffer_ioctl_buffered_zero)", (minimum) => {
    expect(retrieve(ddi, irp(0), minimum)).toEqual(TOO_SMALL);
  });

  it("has none of an application's device control of METHOD_NEITHER (K-099, buffer_ioctl_neither_on_buffered)", () => {
    for (const minimum of [0, 10, 11]) expect(retrieve(ddi, { ...irp(10), code: METHOD_NEITHER }, minimum)).toEqual(INVALID);
  });

  it("says STATUS_BUFFER_TOO_SMALL for a METHOD_NEITHER without bytes (buffer_ioctl_neither_zero)", () => {
    expect(retrieve(ddi, { ...irp(0), code: METHOD_NEITHER }, 0)).toEqual(TOO_SMALL);
  });

  it("has one of the kernel's METHOD_NEITHER and of an internal one (K-100, buffer_intioctl_neither)", () => {
    expect(retrieve(ddi, { ...irp(10), code: METHOD_NEITHER }, 10, { kernelMode: true })).toEqual(ok(10));
    expect(retrieve(ddi, { ...irp(10), code: METHOD_NEITHER, major: DeviceControlInternal }, 10)).toEqual(ok(10));
  });

  it("faults once the request is over: its IRP is gone (kernel-corrections D, K-101)", () => {
    const rig = over(irp(4));
    rig.expectBugCheck(() => ddi(rig.request, 1), BugCheck.KmodeExceptionNotHandled, 0xc0000005 | 0);
    rig.expectFindings(FindingId.UsedAfterCompletion);
  });

  it("breaks and says STATUS_INVALID_DEVICE_REQUEST for a create (FxRequest::GetMemoryObject)", () => {
    const rig = new Rig({
      queue: { keep: ["Default"], dispatchType: WdfIoQueueDispatchType.Sequential },
      more: (device, { queue }) => void WdfDeviceConfigureRequestDispatching(device, queue, Create),
    });
    rig.send({ major: Create, file: rig.newFile() });
    rig.expect("EvtIoDefault r1");
    expect(rig.run(() => ddi(rig.request, 0)).status).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(FindingId.NoBuffer);
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = new Rig();
    rig.expectStop(() => ddi(rig.queue as never, 1), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
}

describe("WdfRequestRetrieveInputBuffer", () => {
  it("gives the data of a buffered write: a copy, made when it was sent", () => {
    const input = bytes(1, 2, 3);
    const rig = owning({ major: Write, input });
    input[1] = 7;
    const { status, buffer } = rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1));
    expect([status, buffer]).toEqual([STATUS_SUCCESS, bytes(1, 2, 3)]);
    buffer[0] = 9;
    expect(input[0]).toBe(1);
  });

  it("gives the data of a direct write: the sender's own bytes", () => {
    const input = bytes(1, 2, 3);
    const rig = owning({ major: Write, input }, undefined, { ioType: WdfDeviceIoType.Direct });
    rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1)).buffer[0] = 9;
    expect(input[0]).toBe(9);
  });

  it("gives the input of a device control", () => {
    const rig = owning({ major: DeviceControl, input: bytes(4, 5), outputLength: 8, code: 0x222000 });
    const { status, buffer } = rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 2));
    expect([status, buffer]).toEqual([STATUS_SUCCESS, bytes(4, 5)]);
  });

  it("gives the same bytes each time", () => {
    const rig = owning({ major: Write, input: bytes(1, 2, 3) });
    const [first, second] = [0, 3].map((minimum) => rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, minimum)).buffer);
    expect(second.buffer).toBe(first.buffer);
  });

  it("says STATUS_INVALID_DEVICE_REQUEST for a read (K-093)", () => {
    expect(retrieve(WdfRequestRetrieveInputBuffer, { major: Read, outputLength: 4 }, 0)).toEqual(INVALID);
  });

  refusals(WdfRequestRetrieveInputBuffer, (length) => ({
    major: DeviceControl,
    input: new Uint8Array(length),
    outputLength: 20,
    code: 0x222000,
  }));
});

describe("WdfRequestRetrieveOutputBuffer", () => {
  it("gives the buffer of a read: what the driver writes there the sender gets", () => {
    const rig = new Rig();
    const read = rig.sendRead(4);
    rig.run(() => WdfRequestRetrieveOutputBuffer(rig.request, 4).buffer.set([7, 8, 9]));
    rig.complete(STATUS_SUCCESS, 3);
    rig.expect("EvtIoRead r1 length=4", "done r1 STATUS_SUCCESS 3");
    expect(read.output).toEqual(bytes(7, 8, 9));
  });

  it("gives the output of a device control, as long as the sender asked for", () => {
    const rig = owning({ major: DeviceControl, input: bytes(1), outputLength: 3, code: 0x222000 });
    const { status, buffer } = rig.run(() => WdfRequestRetrieveOutputBuffer(rig.request, 1));
    expect([status, buffer.length]).toEqual([STATUS_SUCCESS, 3]);
  });

  it("gives a buffered device control the buffer its input stands in (K-097)", () => {
    const rig = owning({ major: DeviceControl, input: bytes(1, 2, 3, 4), outputLength: 2, code: 0x222000 });
    const output = rig.run(() => WdfRequestRetrieveOutputBuffer(rig.request, 1)).buffer;
    expect(output).toEqual(bytes(1, 2));
    output[0] = 5;
    expect(rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1)).buffer).toEqual(bytes(5, 2, 3, 4));
  });

  it("says STATUS_INVALID_DEVICE_REQUEST for a write (K-094), which has an input buffer only (K-069)", () => {
    expect(retrieve(WdfRequestRetrieveOutputBuffer, { major: Write, input: bytes(1) }, 0)).toEqual(INVALID);
    expect(retrieve(WdfRequestRetrieveInputBuffer, { major: Write, input: bytes(1) }, 1)).toEqual(ok(1));
  });

  refusals(WdfRequestRetrieveOutputBuffer, (length) => ({
    major: DeviceControl,
    input: new Uint8Array(3),
    outputLength: length,
    code: 0x222000,
  }));
});

/** The same device control by each method: what the driver sees of the sender's memory. */
describe.each([
  ["METHOD_IN_DIRECT", 0x222001],
  ["METHOD_OUT_DIRECT", 0x222002],
])("%s", (_name, code) => {
  it("has a copy of the input and the sender's own memory for the output (K-098)", () => {
    const input = bytes(1, 2);
    const output = bytes(0, 0, 0);
    const rig = owning({ major: DeviceControl, input, output, code });
    const given = rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1)).buffer;
    rig.run(() => WdfRequestRetrieveOutputBuffer(rig.request, 1)).buffer.set([7, 8]);
    given[0] = 9;
    expect([input, output]).toEqual([bytes(1, 2), bytes(7, 8, 0)]);
  });
});

describe("WdfRequestRetrieveInputWdmMdl", () => {
  it("gives one MDL for the system buffer of a request, with the first length (K-114)", () => {
    const rig = owning({ major: DeviceControl, input: bytes(1, 2), outputLength: 5, code: 0x222000 });
    const input = rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request)).mdl;
    const output = rig.run(() => WdfRequestRetrieveOutputWdmMdl(rig.request)).mdl;
    expect(input).toBe(output);
    expect([input?.kind, input?.byteCount, input?.bytes]).toEqual([MdlKind.Framework, 2, bytes(1, 2)]);
  });

  it("gives Irp->MdlAddress of a direct write (buffer_rw_direct)", () => {
    const input = bytes(1, 2, 3);
    const rig = owning({ major: Write, input }, undefined, { ioType: WdfDeviceIoType.Direct });
    const { mdl } = rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request));
    expect([mdl?.kind, mdl?.bytes]).toEqual([MdlKind.Irp, input]);
    expect(rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request)).mdl).toBe(mdl);
  });

  it("has none of an empty buffer, of METHOD_NEITHER, of a read and of neither I/O", () => {
    const statusOf = (irp: IrpRequest, options?: RigOptions): number => {
      const rig = owning(irp, undefined, { ...options, verifier: false, rules: false });
      const { status, mdl } = rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request));
      expect(mdl).toBe(null);
      rig.system.findings.length = 0;
      return status;
    };
    expect(statusOf({ major: DeviceControl, outputLength: 4, code: 0x222000 })).toBe(STATUS_BUFFER_TOO_SMALL);
    expect(statusOf({ major: DeviceControl, input: bytes(1), code: METHOD_NEITHER })).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(statusOf({ major: Read, outputLength: 4 })).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(statusOf({ major: Write, input: bytes(1) }, { ioType: WdfDeviceIoType.Neither })).toBe(STATUS_INVALID_DEVICE_REQUEST);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES when none can be made", () => {
    const rig = owning({ major: Write, input: bytes(1) });
    rig.lowMemory = true;
    expect(rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request)).status).toBe(STATUS_INSUFFICIENT_RESOURCES);
    rig.lowMemory = false;
    expect(rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request)).status).toBe(STATUS_SUCCESS);
  });

  it("has bytes until the request is complete", () => {
    const rig = owning({ major: Write, input: bytes(1) });
    const { mdl } = rig.run(() => WdfRequestRetrieveInputWdmMdl(rig.request));
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
    expect(() => mdl?.bytes).toThrow(AccessViolation);
  });
});

describe("WdfRequestRetrieveOutputWdmMdl", () => {
  it("gives Irp->MdlAddress of a direct ioctl (buffer_ioctl_outdirect_on_buffered)", () => {
    const output = bytes(0, 0);
    const rig = owning({ major: DeviceControl, input: bytes(1), output, code: 0x222002 });
    const { mdl } = rig.run(() => WdfRequestRetrieveOutputWdmMdl(rig.request));
    rig.run(() => mdl?.bytes.set([5]));
    expect([mdl?.kind, output]).toEqual([MdlKind.Irp, bytes(5, 0)]);
  });

  it("has none of a write (buffer_rw_direct)", () => {
    const rig = owning({ major: Write, input: bytes(1) });
    expect(rig.run(() => WdfRequestRetrieveOutputWdmMdl(rig.request))).toEqual({ status: STATUS_INVALID_DEVICE_REQUEST, mdl: null });
  });
});

type Unsafe = typeof WdfRequestRetrieveUnsafeUserInputBuffer;

/** A rig whose EvtIoInCallerContext does that to the request and enqueues it. */
function inCaller(act: (rig: Rig, request: WDFREQUEST) => void, options: RigOptions = {}): Rig {
  const rig: Rig = new Rig({
    ioType: WdfDeviceIoType.Neither,
    ...options,
    queue: { keep: ["Default"] },
    evtIoInCallerContext: (device, request) => {
      act(rig, request);
      WdfDeviceEnqueueRequest(device, request);
    },
  });
  return rig;
}

/** What holds for the unsafe buffers of both directions. */
function unsafe(ddi: Unsafe, irp: (length: number) => IrpRequest, kind: BufferKind): void {
  /** What it answers in EvtIoInCallerContext. */
  const ask = (request: IrpRequest, minimum = 0, options?: RigOptions): [number, BufferKind | undefined, number] => {
    let told: [number, BufferKind | undefined, number] | undefined;
    const rig = inCaller((_rig, r) => {
      const { status, buffer, length } = ddi(r, minimum);
      told = [status, buffer?.kind, length];
    }, options);
    rig.send(request);
    rig.lines.length = 0;
    rig.system.findings.length = 0;
    return told!;
  };

  it("gives the application's address of METHOD_NEITHER and of neither I/O (buffer_incaller_neither_ioctl)", () => {
    expect(ask(irp(5))).toEqual([STATUS_SUCCESS, BufferKind.User, 5]);
    const control = { major: DeviceControl, input: bytes(1, 2), outputLength: 2, code: METHOD_NEITHER };
    expect(ask(control, 2, { ioType: WdfDeviceIoType.Buffered })).toEqual([STATUS_SUCCESS, kind, 2]);
  });

  it("says STATUS_BUFFER_TOO_SMALL for fewer bytes than required; none are enough for 0 (K-105)", () => {
    expect(ask(irp(5), 6)).toEqual([STATUS_BUFFER_TOO_SMALL, undefined, 0]);
    const empty = { major: DeviceControl, code: METHOD_NEITHER };
    expect(ask(empty, 0)).toEqual([STATUS_SUCCESS, undefined, 0]);
    expect(ask(empty, 1)).toEqual([STATUS_BUFFER_TOO_SMALL, undefined, 0]);
  });

  it("has none of buffered and direct requests, nor of internal ioctls (K-104)", () => {
    for (const ioType of [WdfDeviceIoType.Buffered, WdfDeviceIoType.Direct]) {
      expect(ask(irp(5), 0, { ioType })).toEqual([STATUS_INVALID_DEVICE_REQUEST, undefined, 0]);
    }
    const internal = { major: DeviceControlInternal, input: bytes(1), outputLength: 1, code: METHOD_NEITHER };
    expect(ask(internal)).toEqual([STATUS_INVALID_DEVICE_REQUEST, undefined, 0]);
  });

  it("is for EvtIoInCallerContext only, before WdfDeviceEnqueueRequest (K-102, K-103)", () => {
    const rig = inCaller(() => {});
    rig.send(irp(5));
    rig.expect("EvtIoDefault r1");
    expect(rig.run(() => ddi(rig.request, 0)).status).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(FindingId.NotInCallerContext);
  });

  it("needs PASSIVE_LEVEL (K-106)", () => {
    const rig = inCaller((r, request) => {
      const before = r.system.machine.exports.setLevel(2);
      r.say(`status ${ddi(request, 0).status === STATUS_INVALID_DEVICE_REQUEST ? "invalid" : "?"}`);
      r.system.machine.exports.setLevel(before);
    }, { rules: false });
    rig.send(irp(5));
    rig.expect("status invalid", "EvtIoDefault r1");
    rig.expectFindings(FindingId.NotPassive);
  });
}

describe("WdfRequestRetrieveUnsafeUserInputBuffer", () => {
  unsafe(WdfRequestRetrieveUnsafeUserInputBuffer, (length) => ({ major: Write, input: new Uint8Array(length) }), BufferKind.Type3);

  it("breaks for what is neither (buffer_incaller_unsafe_buffered)", () => {
    const rig = inCaller((_rig, request) => void WdfRequestRetrieveUnsafeUserInputBuffer(request, 0), { ioType: WdfDeviceIoType.Buffered });
    rig.send({ major: Write, input: bytes(1) });
    rig.expect("EvtIoDefault r1");
    rig.expectFindings(FindingId.NotUnsafeInput);
  });

  it("gives an address that is good in the sender's process only, until the request is complete (K-107)", () => {
    let address: UserBuffer | null = null;
    const rig = inCaller((r, request) => {
      address = WdfRequestRetrieveUnsafeUserInputBuffer(request, 0).buffer;
      r.say(`there: ${address?.bytes.join()}`);
    });
    rig.send({ major: Write, input: bytes(1, 2) });
    rig.expect("there: 1,2", "EvtIoDefault r1");
    expect(() => rig.run(() => address?.subarray(1).bytes)).toThrow(/an application's address was used in another process/);
  });
});

describe("WdfRequestRetrieveUnsafeUserOutputBuffer", () => {
  unsafe(WdfRequestRetrieveUnsafeUserOutputBuffer, (length) => ({ major: Read, outputLength: length }), BufferKind.User);
});

describe("WdfRequestRetrieveInputMemory", () => {
  it("gives the same memory each time; the data of a write may not be written (buffer_request_memory_direction)", () => {
    const rig = owning({ major: Write, input: bytes(1, 2, 3) });
    const [first, second] = [0, 1].map(() => rig.run(() => WdfRequestRetrieveInputMemory(rig.request)).memory);
    expect(first).toBe(second);
    expect(rig.run(() => WdfMemoryGetBuffer(first))).toEqual(bytes(1, 2, 3));
    expect(rig.run(() => WdfMemoryCopyFromBuffer(first, 0, bytes(9)))).toBe(STATUS_ACCESS_VIOLATION);
    rig.expectFindings(FindingId.MemoryIsReadOnly);
  });

  it("says what WdfRequestRetrieveInputBuffer says (buffer_rw_direct)", () => {
    const rig = owning({ major: Read, outputLength: 1 });
    expect(rig.run(() => WdfRequestRetrieveInputMemory(rig.request))).toEqual({ status: STATUS_INVALID_DEVICE_REQUEST, memory: 0 });
  });
});

describe("WdfRequestRetrieveOutputMemory", () => {
  it("gives memory whose bytes are the answer", () => {
    const rig = new Rig();
    const read = rig.sendRead(3);
    const { memory } = rig.run(() => WdfRequestRetrieveOutputMemory(rig.request));
    expect(rig.run(() => WdfMemoryCopyFromBuffer(memory, 1, bytes(7, 8)))).toBe(STATUS_SUCCESS);
    rig.complete(STATUS_SUCCESS, 3);
    rig.expect("EvtIoRead r1 length=3", "done r1 STATUS_SUCCESS 3");
    expect(read.output).toEqual(bytes(0, 7, 8));
    rig.expectStop(() => WdfMemoryGetBuffer(memory), WdfViolation.InvalidHandle, memory);
  });

  it("that is still referenced at completion is a Stop (K-113, Q-204)", () => {
    const rig = owning({ major: Read, outputLength: 3 });
    const { memory } = rig.run(() => WdfRequestRetrieveOutputMemory(rig.request));
    rig.run(() => WdfObjectReference(memory));
    rig.expectStop(() => WdfRequestComplete(rig.request, STATUS_SUCCESS), WdfViolation.VerifierFatalError, rig.request, 1);
  });
});

type ProbeAndLock = typeof WdfRequestProbeAndLockUserBufferForRead;

/** What holds for both directions. */
function locks(ddi: ProbeAndLock, irp: IrpRequest, retrieveUnsafe: Unsafe): void {
  it("gives memory that is the application's, good in the handler too, until completion (K-111, K-112)", () => {
    let memory = 0 as WDFMEMORY;
    const rig = inCaller((_rig, request) => {
      memory = ddi(request, retrieveUnsafe(request, 1).buffer, 2).memory;
    });
    rig.send(irp);
    rig.expect("EvtIoDefault r1");
    expect(rig.run(() => WdfMemoryGetBuffer(memory).length)).toBe(2);
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.expectStop(() => WdfMemoryGetBuffer(memory), WdfViolation.InvalidHandle, memory);
  });

  it("length 0 is STATUS_INVALID_USER_BUFFER, an address that is no good STATUS_ACCESS_VIOLATION (K-108, K-110)", () => {
    const rig = inCaller((r, request) => {
      const { buffer } = retrieveUnsafe(request, 1);
      r.say([ddi(request, buffer, 0), ddi(request, buffer, 2)].map(({ status }) => r.returned(status)).join());
    });
    rig.send({ ...irp, badBuffer: true });
    rig.expect("returned STATUS_INVALID_USER_BUFFER,returned STATUS_ACCESS_VIOLATION", "EvtIoDefault r1");
  });

  it("in another thread than the sender's is STATUS_ACCESS_VIOLATION (K-109)", () => {
    let address: UserBuffer | null = null;
    const rig = inCaller((_rig, request) => {
      address = retrieveUnsafe(request, 1).buffer;
    });
    rig.send(irp);
    rig.expect("EvtIoDefault r1");
    expect(rig.run(() => ddi(rig.request, address, 2)).status).toBe(STATUS_ACCESS_VIOLATION);
  });

  it("a NULL address is the Stop WDF_REQUIRED_PARAMETER_IS_NULL (buffer_incaller_probelock_length)", () => {
    const rig = inCaller(() => {});
    rig.send(irp);
    rig.expect("EvtIoDefault r1");
    rig.expectStop(() => ddi(rig.request, null, 2), WdfViolation.RequiredParameterIsNull);
  });
}

describe("WdfRequestProbeAndLockUserBufferForRead", () => {
  locks(WdfRequestProbeAndLockUserBufferForRead, { major: Write, input: bytes(1, 2) }, WdfRequestRetrieveUnsafeUserInputBuffer);
});

describe("WdfRequestProbeAndLockUserBufferForWrite", () => {
  locks(WdfRequestProbeAndLockUserBufferForWrite, { major: Read, outputLength: 2 }, WdfRequestRetrieveUnsafeUserOutputBuffer);
});

describe("the buffers of a completed request", () => {
  it("are empty while the verifier is on, at once", () => {
    const rig = new Rig({
      queue: {
        evtIoWrite: (_queue, request) => {
          const { buffer } = WdfRequestRetrieveInputBuffer(request, 1);
          rig.say(`before ${buffer.join()}`);
          WdfRequestComplete(request, STATUS_SUCCESS);
          rig.say(`after ${buffer.length} ${buffer[0]}`);
        },
      },
    });
    rig.sendWrite(2);
    rig.expect("before 0,0", "done r1 STATUS_SUCCESS 0", "after 0 undefined");
  });

  it("are the sender's alone: what it has read stays", () => {
    const rig = owning({ major: Read, outputLength: 3 });
    const sent = rig.send({ major: Read, outputLength: 3 });
    rig.expect("EvtIoDefault r2");
    const { buffer } = rig.run(() => WdfRequestRetrieveOutputBuffer(rig.kept[1], 1));
    buffer.set([1, 2, 3]);
    rig.kept.shift();
    rig.complete(STATUS_SUCCESS, 2);
    rig.expect("done r2 STATUS_SUCCESS 2");
    expect([sent.output, buffer.length]).toEqual([bytes(1, 2), 0]);
  });

  it("stay as they are without the verifier", () => {
    const rig = owning({ major: Write, input: bytes(1, 2) }, undefined, { verifier: false });
    const { buffer } = rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1));
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
    expect(buffer).toEqual(bytes(1, 2));
  });

  it("go to memory the sender has brought, Information bytes of them, and none after an error", () => {
    for (const [status, expected] of [
      [STATUS_SUCCESS, [7, 8, 0]],
      [STATUS_UNSUCCESSFUL, [0, 0, 0]],
    ] as const) {
      const output = new Uint8Array(3);
      const rig = owning({ major: Read, output });
      rig.run(() => WdfRequestRetrieveOutputBuffer(rig.request, 1).buffer.set([7, 8, 9]));
      rig.complete(status, 2);
      rig.lines.length = 0;
      expect([...output]).toEqual(expected);
    }
  });
});

describe("WdfDeviceInitSetIoType", () => {
  /** What a read's or write's buffer looks like to the driver of such a device. */
  function bufferOf(ioType: WdfDeviceIoType, irp: IrpRequest, options: { verifier?: boolean } = {}): { rig: Rig; status: number } {
    const rig = new Rig({ ...options, ioType, queue: { keep: ["Default"] } });
    rig.send(irp);
    rig.expect("EvtIoDefault r1");
    const ddi = irp.major === Write ? WdfRequestRetrieveInputBuffer : WdfRequestRetrieveOutputBuffer;
    return { rig, status: rig.run(() => ddi(rig.request, 1)).status };
  }
  const read: IrpRequest = { major: Read, outputLength: 4 };
  const write: IrpRequest = { major: Write, input: bytes(1, 2) };

  it.each([WdfDeviceIoType.Buffered, WdfDeviceIoType.Direct])("reads and writes of buffered or direct I/O have a buffer (%i)", (ioType) => {
    expect([read, write].map((irp) => bufferOf(ioType, irp).status)).toEqual([STATUS_SUCCESS, STATUS_SUCCESS]);
  });

  it("those of neither I/O have none, and the verifier breaks (FxRequest::GetMemoryObject)", () => {
    for (const irp of [read, write]) {
      const { rig, status } = bufferOf(WdfDeviceIoType.Neither, irp);
      expect(status).toBe(STATUS_INVALID_DEVICE_REQUEST);
      rig.expectFindings(FindingId.NeitherBuffer);
    }
  });

  it("without the verifier the framework hands out the sender's address (FxRequest::GetMemoryObject)", () => {
    expect(bufferOf(WdfDeviceIoType.Neither, read, { verifier: false }).status).toBe(STATUS_SUCCESS);
  });
});

describe("the bytes of a write", () => {
  /** What a handler that keeps its request finds in it later. */
  function keptAfter(change: (input: Uint8Array) => void, input: Uint8Array): number[] {
    const rig = new Rig();
    rig.send({ major: WdfRequestType.Write, input });
    rig.lines.length = 0;
    change(input);
    const found = rig.run(() => [...WdfRequestRetrieveInputBuffer(rig.request, 0).buffer]);
    rig.complete(STATUS_SUCCESS, 0);
    rig.lines.length = 0;
    return found;
  }

  it("are those that were sent, whatever becomes of the sender's memory afterwards", () => {
    expect(keptAfter((input) => input.fill(9), Uint8Array.of(1, 2, 3))).toEqual([1, 2, 3]);
  });

  it("are copied from a Buffer too, whose slice() is a view", () => {
    expect(keptAfter((input) => input.fill(9), Buffer.from([1, 2, 3]))).toEqual([1, 2, 3]);
  });

  it("come back from METHOD_BUFFERED when the driver has not looked at them, and zeroes beyond", () => {
    const rig = new Rig({ queue: { keep: ["DeviceControl"] } });
    const sent = rig.send({ major: WdfRequestType.DeviceControl, input: Uint8Array.of(1, 2), outputLength: 4, code: 0x222000 });
    rig.complete(STATUS_SUCCESS, 4);
    expect([...sent.output]).toEqual([1, 2, 0, 0]);
    rig.lines.length = 0;
  });
});

describe("WdfRequestProbeAndLockUserBufferForRead, of inputs made at once", () => {
  it("knows the sender's thread, which each of them has", () => {
    const locked: number[] = [];
    const rig = new Rig({
      random: 1,
      queue: null,
      evtIoInCallerContext(_device, request) {
        const { buffer, length } = WdfRequestRetrieveUnsafeUserInputBuffer(request, 1);
        locked.push(WdfRequestProbeAndLockUserBufferForRead(request, buffer, length).status);
        WdfRequestComplete(request, STATUS_SUCCESS);
      },
    });
    const request = { major: WdfRequestType.DeviceControl, input: Uint8Array.of(1), code: 0x222003 };
    rig.system.atOnce(() => {
      rig.send(request);
      rig.send(request);
    });
    expect(locked).toEqual([STATUS_SUCCESS, STATUS_SUCCESS]);
    rig.lines.length = 0;
  });
});
