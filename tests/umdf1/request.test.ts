// IWDFIoRequest 1 to 3, IWDFMemory, and what a fault of the driver does.

import { describe, expect, it } from "vitest";
import { FindingId, WdfIoQueueDispatchType } from "../../bindings/abi";
import { statusName } from "../../host/format";
import * as umdf from "../../host/umdf1";
import type { IWDFIoQueue, IWDFIoRequest, IWDFMemory, QueueCallbackObject } from "../../host/umdf1";
import { statusOfHresult } from "../../host/umdf1/hresult";
import { UmdfRig } from "../support/umdf-rig";

const { S_OK, HRESULT_FROM_NT, HRESULT_FROM_WIN32, NtStatus } = umdf;
const { Parallel, Manual } = WdfIoQueueDispatchType;

/** A rig whose default queue keeps what it gets, with a manual queue beside it. */
class RequestRig extends UmdfRig {
  readonly kept: IWDFIoRequest[];
  readonly manual: IWDFIoQueue;

  constructor(object: QueueCallbackObject = {}) {
    const kept: IWDFIoRequest[] = [];
    let manual: IWDFIoQueue | null = null;
    super({
      device: (device) => {
        const keeper: QueueCallbackObject = { OnDefaultIoHandler: (_queue, request) => void kept.push(request), ...object };
        device.CreateIoQueue(keeper, true, Parallel, false, false);
        ({ queue: manual } = device.CreateIoQueue(null, false, Manual, false, false));
      },
    });
    this.kept = kept;
    this.manual = manual!;
  }

  /** The oldest request that was kept. */
  get request(): IWDFIoRequest {
    return this.kept[0];
  }

  complete(hr: umdf.HRESULT = S_OK): void {
    this.run(() => this.kept.shift()!.Complete(hr));
  }
}

describe("HRESULTs", () => {
  it.each([
    [S_OK, "STATUS_SUCCESS"],
    [HRESULT_FROM_NT(NtStatus.InvalidDeviceRequest), "STATUS_INVALID_DEVICE_REQUEST"],
    [HRESULT_FROM_WIN32(umdf.ERROR_ACCESS_DENIED), "STATUS_ACCESS_DENIED"],
    [HRESULT_FROM_WIN32(umdf.ERROR_OPERATION_ABORTED), "STATUS_CANCELLED"],
    [HRESULT_FROM_WIN32(0x1234), "0xc0071234"],
    [umdf.E_OUTOFMEMORY, "STATUS_INSUFFICIENT_RESOURCES"],
  ])("a request completed with %i ends with %s", (hr, status) => {
    const rig = new RequestRig();
    rig.read();
    rig.complete(hr);
    rig.expect(`done r1 ${status} 0`);
  });

  it.each([umdf.E_FAIL, umdf.E_NOTIMPL])("%i stands for no NTSTATUS: a finding, and STATUS_UNSUCCESSFUL", (hr) => {
    expect(statusOfHresult(hr)).toBeUndefined();
    const rig = new RequestRig();
    rig.read();
    rig.complete(hr);
    rig.expect("done r1 STATUS_UNSUCCESSFUL 0");
    rig.expectFindings(FindingId.Umdf1InvalidHresult);
  });

  it("have the documented values", () => {
    const values = [HRESULT_FROM_WIN32(umdf.ERROR_BAD_CONFIGURATION), HRESULT_FROM_NT(NtStatus.WdfPaused), umdf.E_NOINTERFACE];
    expect(values.map((hr) => hr >>> 0)).toEqual([0x8007064a, 0xd0200203, 0x80004002]);
    expect([umdf.SUCCEEDED(S_OK), umdf.SUCCEEDED(umdf.S_FALSE), umdf.FAILED(umdf.E_FAIL)]).toEqual([true, true, true]);
  });
});

describe("IWDFIoRequest", () => {
  it("Requeue on a queue that is not manual gives 0x800710DD (K-282)", () => {
    const rig = new RequestRig();
    rig.read();
    expect(rig.run(() => rig.request.Requeue()) >>> 0).toBe(0x800710dd);
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("Requeue puts a request at the head of its manual queue", () => {
    const rig = new RequestRig();
    for (const _ of [1, 2]) rig.read();
    for (const request of rig.kept) expect(rig.run(() => request.ForwardToIoQueue(rig.manual))).toBe(S_OK);
    const first = rig.run(() => rig.manual.RetrieveNextRequest()).request!;
    expect(rig.run(() => first.Requeue())).toBe(S_OK);
    expect(rig.run(() => rig.manual.RetrieveNextRequest()).request).toBe(first);
  });

  it("UnmarkCancelable during cancel gives 0x800703E3, and OnCancel comes (K-283)", () => {
    const rig: RequestRig = new RequestRig({
      *OnDefaultIoHandler(_queue, request) {
        yield* request.MarkCancelable({ OnCancel: (canceled) => (rig.say("OnCancel"), canceled.Complete(HRESULT_FROM_WIN32(995))) });
        yield* rig.gates.pass(0);
        rig.say((request.UnmarkCancelable() >>> 0).toString(16));
      },
    });
    const gate = rig.gates.add();
    const read = rig.read();
    read.cancel();
    rig.gates.open(gate);
    rig.expect("800703e3", "OnCancel", "done r2 STATUS_CANCELLED 0");
  });

  it("UnmarkCancelable before any cancel gives S_OK, and OnCancel never comes", () => {
    const rig = new RequestRig();
    const read = rig.read();
    rig.run(() => rig.request.MarkCancelable({ OnCancel: () => rig.say("OnCancel") }));
    expect(rig.run(() => rig.request.IsCanceled())).toBe(false);
    expect(rig.run(() => rig.request.UnmarkCancelable())).toBe(S_OK);
    read.cancel();
    expect(rig.run(() => rig.request.IsCanceled())).toBe(true);
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("MarkCancelable with another object than before in the same queue is a finding (K-284)", () => {
    const rig = new RequestRig();
    const [one, other] = [{ OnCancel: () => {} }, { OnCancel: () => {} }];
    for (const callback of [one, one, other]) {
      rig.read();
      rig.run(() => rig.kept.at(-1)!.MarkCancelable(callback));
    }
    rig.expectFindings(FindingId.Umdf1SecondCancelObject);
  });

  it("ForwardToIoQueue of a request obtained by RetrieveNextRequest fails (K-286)", () => {
    const rig = new RequestRig();
    rig.read();
    rig.run(() => rig.request.ForwardToIoQueue(rig.manual));
    const { request } = rig.run(() => rig.manual.RetrieveNextRequest());
    expect(rig.run(() => request!.ForwardToIoQueue(rig.request.GetIoQueue())) >>> 0).toBe(0xd0000010);
    rig.run(() => request!.Complete(S_OK));
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("a memory that is not released before Complete is a finding (K-287)", () => {
    const rig = new RequestRig();
    rig.write();
    const memory = rig.run(() => rig.request.GetInputMemory())!;
    memory.AddRef();
    memory.Release();
    rig.complete();
    rig.expectFindings(FindingId.Umdf1MemoryNotReleased);
    rig.write();
    rig.run(() => rig.request.GetInputMemory()!.Release());
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "done r2 STATUS_SUCCESS 0");
  });

  it("has NULL for a memory that is not there, and ERROR_INSUFFICIENT_BUFFER for a buffer", () => {
    const rig = new RequestRig();
    rig.read(4);
    rig.run(() => {
      expect(rig.request.GetInputMemory()).toBeNull();
      expect(rig.request.RetrieveInputMemory().hr >>> 0).toBe(0x8007007a);
      expect(rig.request.RetrieveInputBuffer(1).hr >>> 0).toBe(0x8007007a);
      expect(rig.request.RetrieveOutputBuffer(5).hr >>> 0).toBe(0x8007007a);
      expect(rig.request.RetrieveOutputBuffer(4)).toMatchObject({ hr: S_OK, buffer: new Uint8Array(4) });
      expect(rig.request.GetReadParameters()).toEqual({ length: 4 });
    });
  });

  it("has a context whose OnCleanup comes before the completion, once; a second context is refused", () => {
    const rig = new RequestRig();
    rig.read();
    const cleanup = { OnCleanup: (object: umdf.IWDFObject) => rig.say(`OnCleanup ${object === rig.kept[0]}`) };
    expect(rig.request.RetrieveContext().hr).not.toBe(S_OK);
    expect(rig.request.AssignContext(cleanup, { n: 1 })).toBe(S_OK);
    expect(rig.request.AssignContext(null, 0) >>> 0).toBe(0x80071392);
    expect(rig.request.RetrieveContext()).toEqual({ hr: S_OK, context: { n: 1 } });
    rig.run(() => rig.request.Complete(S_OK));
    rig.expect("OnCleanup true", "done r1 STATUS_SUCCESS 0");
  });

  it("answers QueryInterface for the interfaces it has", () => {
    const rig = new RequestRig();
    rig.read();
    for (const iid of ["IUnknown", "IWDFObject", "IWDFIoRequest", "IWDFIoRequest2"]) expect(rig.request.QueryInterface(iid)).toBe(rig.request);
    expect(rig.request.QueryInterface("IWDFDevice")).toBeNull();
    expect([rig.request.AddRef(), rig.request.Release(), rig.request.Release()]).toEqual([2, 1, 0]);
  });

  it("says who sent it, and how it stands", () => {
    const rig = new RequestRig();
    rig.read();
    const { request } = rig;
    rig.run(() => {
      expect([request.GetRequestorMode(), request.IsFrom32BitProcess(), request.IsFromUserModeDriver()]).toEqual([1, false, false]);
      expect(request.GetRequestorProcessId()).toBeGreaterThan(0);
      expect(request.GetStatus()).toBe(S_OK);
    });
  });

  it("says what it was sent as: types of parameters, buffers and activity", () => {
    const rig = new RequestRig();
    rig.control(5, 0x222000);
    rig.run(() => {
      const { request } = rig;
      expect(request.GetDeviceIoControlParameters()).toEqual({ controlCode: 0x222000, inBufferSize: 3, outBufferSize: 5 });
      expect(request.GetCreateParameters()).toEqual({ options: 0, fileAttributes: 0, shareAccess: 0 });
      expect(request.GetEffectiveIoType()).toBe(2);
      expect(request.RetrieveActivityId().hr >>> 0).toBe(0x80070490);
      request.SetActivityId("{8c4870f7-0000-0000-0000-000000000001}");
      expect(request.RetrieveActivityId()).toEqual({ hr: S_OK, activityId: "{8c4870f7-0000-0000-0000-000000000001}" });
      expect(request.GetUserModeDriverInitiatedIo()).toBe(false);
      request.SetUserModeDriverInitiatedIo(true);
      expect(request.GetUserModeDriverInitiatedIo()).toBe(true);
      expect(request.QueryInterface("IWDFIoRequest3")).toBe(request);
    });
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("calls OnImpersonate with the context it was given", () => {
    const rig = new RequestRig();
    rig.read();
    const got: unknown[] = [];
    expect(rig.request.Impersonate(2, { OnImpersonate: (context) => void got.push(context) }, "ctx")).toBe(S_OK);
    expect(got).toEqual(["ctx"]);
  });

});

describe("IWDFMemory", () => {
  const memory = (rig: RequestRig): IWDFMemory => rig.run(() => rig.request.GetOutputMemory())!;

  it("copies within its size", () => {
    const rig = new RequestRig();
    rig.read(4);
    const bytes = memory(rig);
    expect(bytes.GetSize()).toBe(4);
    expect(bytes.CopyFromBuffer(1, Uint8Array.of(1, 2))).toBe(S_OK);
    const copy = new Uint8Array(2);
    expect(bytes.CopyToBuffer(1, copy)).toBe(S_OK);
    expect([...bytes.GetDataBuffer(), ...copy]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(bytes.CopyFromBuffer(3, Uint8Array.of(1, 2)) >>> 0).toBe(0xd0000206);
    expect(bytes.CopyToBuffer(3, copy) >>> 0).toBe(0xd0000023);
  });

  it("copies from another memory, or a part of it", () => {
    const rig = new RequestRig();
    rig.read(4);
    const bytes = memory(rig);
    const source = new UmdfMemoryOf(rig).of(Uint8Array.of(1, 2, 3));
    expect(bytes.CopyFromMemory(source)).toBe(S_OK);
    expect(bytes.CopyFromMemory(source, { BufferOffset: 2, BufferLength: 1 }, { BufferOffset: 3, BufferLength: 0 })).toBe(S_OK);
    expect([...bytes.GetDataBuffer()]).toEqual([1, 2, 3, 3]);
    expect(bytes.CopyFromMemory(source, { BufferOffset: 9, BufferLength: 0 }) >>> 0).toBe(0xd0000206);
    expect(bytes.CopyFromMemory(source, null, { BufferOffset: 2, BufferLength: 0 }) >>> 0).toBe(0xd0000023);
  });

  it("takes another buffer only when it was made around one", () => {
    const rig = new RequestRig();
    rig.read(4);
    expect(memory(rig).SetBuffer(new Uint8Array(1)) >>> 0).toBe(0x800710dd);
    const preallocated = new UmdfMemoryOf(rig).of(Uint8Array.of(1));
    expect(rig.run(() => preallocated.SetBuffer(Uint8Array.of(7)))).toBe(S_OK);
    expect([...preallocated.GetDataBuffer()]).toEqual([7]);
  });

  /** IWDFDriver::CreatePreallocatedWdfMemory */
  class UmdfMemoryOf {
    private readonly rig: RequestRig;
    constructor(rig: RequestRig) {
      this.rig = rig;
    }
    of(bytes: Uint8Array): IWDFMemory {
      return this.rig.run(() => this.rig.device.GetDriver().CreatePreallocatedWdfMemory(bytes).memory)!;
    }
  }
});

describe("a fault of the driver", () => {
  it("ends the host process, not the system; outstanding requests fail (K-288)", () => {
    const rig = new RequestRig({
      OnWrite: () => {
        throw new Error("null pointer");
      },
    });
    rig.read();
    rig.write();
    const terminated = statusName(NtStatus.DriverProcessTerminated);
    rig.expect(`done r1 ${terminated} 0`, `done r2 ${terminated} 0`);
    rig.expectFindings(FindingId.Umdf1HostTerminated);
    expect(rig.system.findings[0].message).toMatch(/null pointer/);
    rig.read();
    rig.expect("done r3 STATUS_INVALID_DEVICE_STATE 0");
    expect(rig.system.thread(() => "the system goes on").result).toBe("the system goes on");
  });

  it("in a generator method after a wait does the same, and cancels what is queued (K-288)", () => {
    const rig: RequestRig = new RequestRig({
      *OnWrite() {
        yield* rig.gates.pass(0);
        throw new Error("late");
      },
    });
    const gate = rig.gates.add();
    rig.read();
    rig.run(() => rig.request.ForwardToIoQueue(rig.manual));
    rig.write();
    rig.gates.open(gate);
    rig.expect("done r3 STATUS_DRIVER_PROCESS_TERMINATED 0", "done r2 STATUS_CANCELLED 0");
    rig.expectFindings(FindingId.Umdf1HostTerminated);
  });

  it("in OnDeviceAdd leaves no device", () => {
    const rig = new UmdfRig({
      device: () => {
        throw new Error("early");
      },
    });
    expect(rig.status).toBe(NtStatus.DriverProcessTerminated);
    rig.expectFindings(FindingId.Umdf1HostTerminated);
  });
});
