// IWDFDevice2::CreateRemoteTarget, IWDFRemoteTarget: a UMDF 1 driver that sends to a device of another stack.

import { describe, expect, it } from "vitest";
import { WdfIoQueueDispatchType, WdfIoTargetState } from "../../bindings/abi";
import { WDF_IO_QUEUE_CONFIG_INIT, WdfDeviceCreate, WdfDeviceCreateSymbolicLink, WdfIoQueueCreate, WdfRequestCompleteWithInformation } from "../../host/ddi";
import { HRESULT_FROM_NT, HRESULT_FROM_WIN32, type IWDFRemoteTarget, NtStatus, S_OK } from "../../host/umdf1";
import { UmdfRig } from "../support/umdf-rig";

const { Parallel } = WdfIoQueueDispatchType;
const GENERIC_READ = 0x80000000;

/** A device beside another one, named Other, which answers reads with all their bytes; with a remote target. */
function remote(): { rig: UmdfRig; target: IWDFRemoteTarget } {
  const rig = new UmdfRig({ device: (device) => void device.CreateIoQueue({ OnRead: () => {} }, true, Parallel, false, false) });
  rig.system.addDevice({
    name: "other",
    evtDriverDeviceAdd: (_driver, init) => {
      const { device } = WdfDeviceCreate(init);
      WdfDeviceCreateSymbolicLink(device, "\\DosDevices\\Other");
      const evtIoRead = (_queue: unknown, request: Parameters<typeof WdfRequestCompleteWithInformation>[0], length: number): void =>
        void WdfRequestCompleteWithInformation(request, NtStatus.Success, length);
      return WdfIoQueueCreate(device, { ...WDF_IO_QUEUE_CONFIG_INIT(Parallel), defaultQueue: true, evtIoRead }).status;
    },
  });
  const { hr, target } = rig.run(() => rig.device.CreateRemoteTarget({ OnCleanup: () => rig.say("OnCleanup") }, null));
  expect(hr).toBe(S_OK);
  return { rig, target: target! };
}

/** Sends a read of four bytes; what came of it. */
function read(rig: UmdfRig, target: IWDFRemoteTarget): string {
  const answer: string[] = [];
  rig.run(() => {
    const request = rig.device.CreateRequest(null, null).request!;
    const memory = rig.device.GetDriver().CreateWdfMemory(4, null, request).memory;
    const formatted = target.FormatRequestForRead(request, null, memory) as number;
    if (formatted < 0) return void answer.push(`format ${(formatted >>> 0).toString(16)}`);
    request.SetCompletionCallback({
      OnCompletion: (_request, from, params) => void answer.push(`${from === target} ${params.GetCompletionStatus()} ${params.GetInformation()}`),
    }, null);
    const sent = request.Send(target, 0) as number;
    if (sent < 0) answer.push(`send ${(sent >>> 0).toString(16)}`);
  });
  return answer.join();
}

describe("IWDFRemoteTarget", () => {
  it("opened by name takes requests, without a file; OnCompletion gets the target", () => {
    const { rig, target } = remote();
    expect(rig.run(() => target.OpenFileByName("\\\\.\\Other", GENERIC_READ))).toBe(S_OK);
    expect(target.QueryInterface("IWDFRemoteTarget")).toBe(target);
    expect(rig.run(() => target.GetState())).toBe(WdfIoTargetState.Started);
    expect(read(rig, target)).toBe("true 0 4");
  });

  it("of a name nobody has fails with the HRESULT of STATUS_OBJECT_NAME_NOT_FOUND", () => {
    const { rig, target } = remote();
    expect(rig.run(() => target.OpenFileByName("Nowhere", GENERIC_READ))).toBe(HRESULT_FROM_NT(NtStatus.ObjectNameNotFound));
  });

  it("closed for a query-remove takes requests again after Reopen", () => {
    const { rig, target } = remote();
    rig.run(() => target.OpenFileByName("Other", GENERIC_READ));
    expect(rig.run(() => target.CloseForQueryRemove())).toBe(S_OK);
    expect(rig.run(() => target.GetState())).toBe(WdfIoTargetState.ClosedForQueryRemove);
    expect(read(rig, target)).toMatch(/^format|^send/);
    expect(rig.run(() => target.Reopen())).toBe(S_OK);
    expect(read(rig, target)).toBe("true 0 4");
  });

  it("closed is not reopened, but may be opened anew", () => {
    const { rig, target } = remote();
    rig.run(() => target.OpenFileByName("Other", GENERIC_READ));
    rig.run(() => target.Close());
    expect(read(rig, target)).toMatch(/^format|^send/);
    expect(rig.run(() => target.OpenFileByName("Other", GENERIC_READ))).toBe(S_OK);
    expect(read(rig, target)).toBe("true 0 4");
  });

  it("is the driver's to delete; its IObjectCleanup hears of it", () => {
    const { rig, target } = remote();
    expect(rig.run(() => target.DeleteWdfObject())).toBe(S_OK);
    rig.expect("OnCleanup");
  });

  it("below an object that is not the device's is ERROR_INVALID_PARAMETER", () => {
    const { rig } = remote();
    const { hr } = rig.run(() => rig.device.CreateRemoteTarget(null, rig.device.GetDriver()));
    expect(hr).toBe(HRESULT_FROM_WIN32(87));
  });
});
