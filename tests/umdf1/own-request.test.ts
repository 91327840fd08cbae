// Requests and memory of the driver's own: IWDFDevice::CreateRequest, IWDFDriver::CreateWdfMemory, IWDFIoTarget's formats.

import { describe, expect, it } from "vitest";
import { WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import type { LowerIrp } from "../../host/lower";
import { E_INVALIDARG, type HRESULT, HRESULT_FROM_NT, type IWDFFile, type IWDFIoRequest, type IWDFMemory, NtStatus, S_OK } from "../../host/umdf1";
import { UmdfRig } from "../support/umdf-rig";

interface Sender {
  readonly rig: UmdfRig;
  /** What the driver below was given. */
  readonly below: LowerIrp[];
  /** The file of the application. */
  readonly file: IWDFFile;
  readonly request: IWDFIoRequest;
  memory(bytes: number): IWDFMemory;
}

/** A device with a file open, a request of its own, and a driver below that says what it gets and keeps it. */
async function sender(): Promise<Sender> {
  const below: LowerIrp[] = [];
  const files: IWDFFile[] = [];
  const rig = new UmdfRig({
    lower: (irp) => (irp.pend(() => irp.complete(NtStatus.Cancelled)), void below.push(irp)),
    device: (device) => {
      device.CreateSymbolicLink("Sender");
      const create = (file: IWDFFile, request: IWDFIoRequest): unknown => (files.push(file), request.Complete(S_OK));
      device.CreateIoQueue(
        { OnCreateFile: (_queue, request, file) => void create(file, request) },
        true,
        WdfIoQueueDispatchType.Parallel,
        false,
        false,
      );
    },
  });
  await rig.system.open("Sender");
  const { request } = rig.run(() => rig.device.CreateRequest({ OnCleanup: () => rig.say("OnCleanup") }, null));
  const memory = (bytes: number): IWDFMemory => rig.run(() => rig.device.GetDriver().CreateWdfMemory(bytes, null, rig.device)).memory!;
  return { rig, below, file: files[0], request: request!, memory };
}

const passOn = (rig: UmdfRig) => ({
  OnCompletion: (request: IWDFIoRequest, _target: unknown, params: { GetCompletionStatus(): HRESULT; GetInformation(): number }) =>
    rig.say(`OnCompletion ${rig.name(request)} ${params.GetCompletionStatus()} ${params.GetInformation()}`),
});

describe("IWDFDevice::CreateRequest", () => {
  it("makes a request that FormatRequestForRead lets read into a memory object", async () => {
    const { rig, below, file, request, memory } = await sender();
    const buffer = memory(4);
    rig.run(() => {
      const target = rig.device.GetDefaultIoTarget()!;
      expect(target.FormatRequestForRead(request, file, buffer, { BufferOffset: 1, BufferLength: 2 }, 8)).toBe(S_OK);
      request.SetCompletionCallback(passOn(rig), null);
      expect(request.Send(target, 0)).toBe(S_OK);
    });
    expect(below[0]).toMatchObject({ type: WdfRequestType.Read, length: 2, offset: 8 });
    below[0].output.set([7, 8]);
    below[0].complete(NtStatus.Success, 2);
    expect([...buffer.GetDataBuffer()]).toEqual([0, 7, 8, 0]);
    rig.expect("OnCompletion d1 0 2");
  });

  it("with FormatRequestForWrite and FormatRequestForIoctl it writes, and controls", async () => {
    const { rig, below, file, request, memory } = await sender();
    const [input, output] = [memory(3), memory(2)];
    input.CopyFromBuffer(0, Uint8Array.of(1, 2, 3));
    const target = rig.run(() => rig.device.GetDefaultIoTarget()!);
    rig.run(() => {
      expect(target.FormatRequestForWrite(request, file, input)).toBe(S_OK);
      request.SetCompletionCallback(passOn(rig), null);
      request.Send(target, 0);
    });
    expect(below[0]).toMatchObject({ type: WdfRequestType.Write, length: 3 });
    expect([...below[0].input]).toEqual([1, 2, 3]);
    below[0].complete(NtStatus.Success, 3);
    rig.run(() => {
      request.Reuse(S_OK);
      expect(target.FormatRequestForIoctl(request, 0x222004, file, input, null, output)).toBe(S_OK);
      request.Send(target, 0);
    });
    expect(below[1]).toMatchObject({ type: WdfRequestType.DeviceControl, length: 2 });
    below[1].complete(NtStatus.Success, 2);
    rig.expect("OnCompletion d1 0 3"); // Reuse has taken OnCompletion away.
  });

  it("is deleted, not completed; its OnCleanup comes then", async () => {
    const { rig, request } = await sender();
    expect(rig.run(() => request.DeleteWdfObject())).toBe(S_OK);
    rig.expect("OnCleanup");
  });

  it("a request that came from a queue may not be deleted: ERROR_ACCESS_DENIED", () => {
    const rig: UmdfRig = new UmdfRig({
      device: (device, self) => {
        const OnRead = (_queue: unknown, request: IWDFIoRequest): unknown => {
          self.say(((request.DeleteWdfObject() as number) >>> 0).toString(16));
          return request.Complete(S_OK);
        };
        device.CreateIoQueue({ OnRead: (queue, request) => void OnRead(queue, request) }, true, WdfIoQueueDispatchType.Parallel, false, false);
      },
    });
    rig.read();
    rig.expect("80070005", "done r1 STATUS_SUCCESS 0");
  });

  it("the default target wants a file: E_INVALIDARG without one", async () => {
    const { rig, request, memory } = await sender();
    const buffer = memory(1);
    expect(rig.run(() => rig.device.GetDefaultIoTarget()!.FormatRequestForRead(request, null, buffer))).toBe(E_INVALIDARG);
  });

  it("a range beyond the memory is refused", async () => {
    const { rig, request, file, memory } = await sender();
    const buffer = memory(1);
    const beyond = { BufferOffset: 1, BufferLength: 1 };
    expect(rig.run(() => rig.device.GetDefaultIoTarget()!.FormatRequestForWrite(request, file, buffer, beyond))).toBeLessThan(0);
  });

  it("CancelSentRequestsForFile asks for the requests of that file back, and only those", async () => {
    const { rig, below, file, request, memory } = await sender();
    const buffer = memory(1);
    rig.run(() => {
      const target = rig.device.GetDefaultIoTarget()!;
      target.FormatRequestForRead(request, file, buffer);
      request.SetCompletionCallback(passOn(rig), null);
      request.Send(target, 0);
    });
    const other = { handle: 0 } as unknown as IWDFFile;
    rig.run(() => rig.device.GetDefaultIoTarget()!.CancelSentRequestsForFile(other));
    rig.expect();
    rig.run(() => rig.device.GetDefaultIoTarget()!.CancelSentRequestsForFile(file));
    expect(below).toHaveLength(1);
    rig.expect(`OnCompletion d1 ${HRESULT_FROM_NT(NtStatus.Cancelled)} 0`);
  });
});

describe("IWDFDriver::CreateWdfMemory", () => {
  it("makes memory of so many bytes, which the driver may delete", async () => {
    const { rig, memory } = await sender();
    const made = memory(5);
    expect([made.GetSize(), made.SetBuffer(new Uint8Array(1)) >>> 0]).toEqual([5, 0x800710dd]);
    expect(made.QueryInterface("IWDFMemory")).toBe(made);
    expect(rig.run(() => made.DeleteWdfObject())).toBe(S_OK);
  });

  it("of no bytes is E_INVALIDARG", async () => {
    const { rig } = await sender();
    expect(rig.run(() => rig.device.GetDriver().CreateWdfMemory(0))).toEqual({ hr: E_INVALIDARG, memory: null });
  });

  it("its IObjectCleanup hears of the end, which comes with its parent's", async () => {
    const { rig, request } = await sender();
    rig.run(() => rig.device.GetDriver().CreateWdfMemory(1, { OnCleanup: () => rig.say("memory") }, request));
    rig.run(() => request.DeleteWdfObject());
    expect(rig.lines.splice(0).sort()).toEqual(["OnCleanup", "memory"]);
  });

  it("IsVersionAvailable knows 1.11 and what came before it", async () => {
    const driver = (await sender()).rig.device.GetDriver();
    const versions = [[1, 5], [1, 11], [1, 12], [2, 0]].map(([MajorVersion, MinorVersion]) => driver.IsVersionAvailable({ MajorVersion, MinorVersion }));
    expect(versions).toEqual([true, true, false, false]);
  });
});
