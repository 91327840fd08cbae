// WdfRequestRetrieve*Buffer: which buffer a request has, and how long it is.

import { describe, expect, it } from "vitest";
import { FindingId, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  STATUS_BUFFER_TOO_SMALL,
  STATUS_INTERNAL_ERROR,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceIoType,
  WdfIoQueueDispatchType,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestRetrieveInputBuffer,
  WdfRequestRetrieveOutputBuffer,
} from "../../host/ddi";
import { Rig, type IrpRequest, type Sender } from "../support/rig";

const { Create, Read, Write, DeviceControl, DeviceControlInternal } = WdfRequestType;
type Retrieve = typeof WdfRequestRetrieveInputBuffer;

/** A rig whose driver has one request. */
function owning(irp: IrpRequest, sender?: Sender): Rig {
  const rig = new Rig({ queue: { keep: ["Default"] } });
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
  it("refuses to give fewer bytes than required (buffer_ioctl_buffered_on_buffered)", () => {
    expect(retrieve(ddi, irp(10), 10)).toEqual(ok(10));
    expect(retrieve(ddi, irp(10), 11)).toEqual(TOO_SMALL);
  });

  it.each([0, 1])("has none of a device control without such bytes, with %i required (buffer_ioctl_buffered_zero)", (minimum) => {
    expect(retrieve(ddi, irp(0), minimum)).toEqual(TOO_SMALL);
  });

  it("has none of an application's device control of METHOD_NEITHER (buffer_ioctl_neither_on_buffered)", () => {
    for (const minimum of [0, 10, 11]) expect(retrieve(ddi, { ...irp(10), code: METHOD_NEITHER }, minimum)).toEqual(INVALID);
  });

  it("says STATUS_BUFFER_TOO_SMALL for a METHOD_NEITHER without bytes (buffer_ioctl_neither_zero)", () => {
    expect(retrieve(ddi, { ...irp(0), code: METHOD_NEITHER }, 0)).toEqual(TOO_SMALL);
  });

  it("has one of the kernel's METHOD_NEITHER and of an internal one (buffer_intioctl_neither)", () => {
    expect(retrieve(ddi, { ...irp(10), code: METHOD_NEITHER }, 10, { kernelMode: true })).toEqual(ok(10));
    expect(retrieve(ddi, { ...irp(10), code: METHOD_NEITHER, major: DeviceControlInternal }, 10)).toEqual(ok(10));
  });

  it("breaks and says STATUS_INTERNAL_ERROR once the request is over (FxRequest::GetMemoryObject)", () => {
    const rig = over(irp(4));
    expect(rig.run(() => ddi(rig.request, 1))).toEqual({ status: STATUS_INTERNAL_ERROR, buffer: bytes() });
    rig.expectFindings(FindingId.ParametersCompleted);
  });

  it("breaks and says STATUS_INVALID_DEVICE_REQUEST for a create (FxRequest::GetMemoryObject)", () => {
    const rig = new Rig({
      queue: { keep: ["Default"], dispatchType: WdfIoQueueDispatchType.Sequential },
      more: (device, { queue }) => void WdfDeviceConfigureRequestDispatching(device, queue, Create),
    });
    rig.send({ major: Create, file: rig.openFile() });
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
  it("gives the data of a write, the sender's own bytes (Q-043)", () => {
    const input = bytes(1, 2, 3);
    const rig = owning({ major: Write, input });
    const { status, buffer } = rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1));
    expect([status, buffer]).toEqual([STATUS_SUCCESS, input]);
    buffer[0] = 9;
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

  it("says STATUS_INVALID_DEVICE_REQUEST for a read", () => {
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

  it("gives a buffered device control the buffer its input stands in", () => {
    const rig = owning({ major: DeviceControl, input: bytes(1, 2, 3, 4), outputLength: 2, code: 0x222000 });
    const output = rig.run(() => WdfRequestRetrieveOutputBuffer(rig.request, 1)).buffer;
    expect(output).toEqual(bytes(1, 2));
    output[0] = 5;
    expect(rig.run(() => WdfRequestRetrieveInputBuffer(rig.request, 1)).buffer).toEqual(bytes(5, 2, 3, 4));
  });

  it("says STATUS_INVALID_DEVICE_REQUEST for a write", () => {
    expect(retrieve(WdfRequestRetrieveOutputBuffer, { major: Write, input: bytes(1) }, 0)).toEqual(INVALID);
  });

  refusals(WdfRequestRetrieveOutputBuffer, (length) => ({
    major: DeviceControl,
    input: new Uint8Array(3),
    outputLength: length,
    code: 0x222000,
  }));
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
      rig.expectFindings(FindingId.NoBuffer);
    }
  });

  it("without the verifier the framework hands out the sender's address (FxRequest::GetMemoryObject)", () => {
    expect(bufferOf(WdfDeviceIoType.Neither, read, { verifier: false }).status).toBe(STATUS_SUCCESS);
  });
});
