// IWDFIoTarget and IWDFIoTargetStateManagement: the device's default target, which is the next driver below. Remote targets:
// remote-target.ts. Targets around file handles (IWDFFileHandleTargetFactory) are not there.
//
// The file a request is formatted for says which requests CancelSentRequestsForFile means; the driver below does not see it.

import type { NtStatus, WdfIoTargetSentIoAction, WdfIoTargetState } from "../../bindings/abi";
import * as wdf from "../ddi/index";
import type { WdfMemoryOffset } from "../ddi/target-types";
import type { WDFDEVICE, WDFFILEOBJECT, WDFIOTARGET } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { awaited, immediate, inSteps } from "./awaited";
import type { Device } from "./device";
import type { UmdfFile } from "./file";
import { E_INVALIDARG, type HRESULT, S_OK, hresultOf } from "./hresult";
import type { UmdfMemory, WDFMEMORY_OFFSET } from "./memory";
import { WdfObject } from "./object";
import type { IoRequest } from "./request";

export class IoTarget extends WdfObject {
  protected readonly interfaces: readonly string[] = ["IWDFIoTarget", "IWDFIoTargetStateManagement"];
  /** Requests are formatted for a file. */
  protected readonly wantsFile: boolean = true;
  readonly handle: WDFIOTARGET;
  private readonly device: Device;

  constructor(device: Device, handle: WDFIOTARGET) {
    super();
    this.device = device;
    this.handle = handle;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.device.handle;
  }

  /** IWDFIoTarget::GetTargetFile: NULL. Neither the default target nor a remote one has a file object of this device. */
  GetTargetFile(): null {
    return null;
  }

  /** IWDFIoTarget::FormatRequestForRead. No memory: a read of no bytes. */
  FormatRequestForRead(
    pRequest: IoRequest,
    pFile: UmdfFile | null,
    pOutputMemory: UmdfMemory | null,
    pOutputMemoryOffset: WDFMEMORY_OFFSET | null = null,
    DeviceOffset = 0,
  ): Suspendable<HRESULT> {
    return this.format("FormatRequestForRead", pRequest, pFile, () =>
      wdf.WdfIoTargetFormatRequestForRead(this.handle, pRequest.handle, pOutputMemory?.handle, part(pOutputMemoryOffset), DeviceOffset),
    );
  }

  /** IWDFIoTarget::FormatRequestForWrite */
  FormatRequestForWrite(
    pRequest: IoRequest,
    pFile: UmdfFile | null,
    pInputMemory: UmdfMemory | null,
    pInputMemoryOffset: WDFMEMORY_OFFSET | null = null,
    DeviceOffset = 0,
  ): Suspendable<HRESULT> {
    return this.format("FormatRequestForWrite", pRequest, pFile, () =>
      wdf.WdfIoTargetFormatRequestForWrite(this.handle, pRequest.handle, pInputMemory?.handle, part(pInputMemoryOffset), DeviceOffset),
    );
  }

  /** IWDFIoTarget::FormatRequestForIoctl */
  FormatRequestForIoctl(
    pRequest: IoRequest,
    IoctlCode: number,
    pFile: UmdfFile | null,
    pInputMemory: UmdfMemory | null,
    pInputMemoryOffset: WDFMEMORY_OFFSET | null = null,
    pOutputMemory: UmdfMemory | null = null,
    pOutputMemoryOffset: WDFMEMORY_OFFSET | null = null,
  ): Suspendable<HRESULT> {
    const [input, output] = [part(pInputMemoryOffset), part(pOutputMemoryOffset)];
    return this.format("FormatRequestForIoctl", pRequest, pFile, () => {
      const [from, to] = [pInputMemory?.handle, pOutputMemory?.handle];
      return wdf.WdfIoTargetFormatRequestForIoctl(this.handle, pRequest.handle, IoctlCode, from, input, to, output);
    });
  }

  /** The default target wants to know the file: E_INVALIDARG without one. */
  private format(name: string, request: IoRequest, file: UmdfFile | null, format: () => Suspendable<NtStatus>): Suspendable<HRESULT> {
    if (file === null && this.wantsFile) return immediate(name, E_INVALIDARG);
    request.targetFile = file?.handle ?? (0 as WDFFILEOBJECT);
    return inSteps(name, function* () {
      return hresultOf(yield* awaited(format()));
    });
  }

  /** IWDFIoTarget::CancelSentRequestsForFile: asks for all requests back that were sent here and belong to the file. */
  CancelSentRequestsForFile(pFile: UmdfFile): Suspendable<void> {
    const sent = this.device.sentTo(this, pFile);
    return inSteps("CancelSentRequestsForFile", function* () {
      for (const request of sent) yield* awaited(request.CancelSentRequest());
    });
  }

  /** IWDFIoTargetStateManagement::Remove: S_OK, and nothing else. A target goes with its device, or with DeleteWdfObject. */
  Remove(_bIsSurpriseRemove: boolean): HRESULT {
    return S_OK;
  }

  /** IWDFIoTargetStateManagement::GetState */
  GetState(): WdfIoTargetState {
    return wdf.WdfIoTargetGetState(this.handle);
  }

  /** IWDFIoTargetStateManagement::Start */
  Start(): Suspendable<HRESULT> {
    return inSteps("Start", function* (this: IoTarget) {
      return hresultOf(yield* awaited(wdf.WdfIoTargetStart(this.handle)));
    }.bind(this));
  }

  /** IWDFIoTargetStateManagement::Stop: what becomes of the requests that are out is the action. */
  Stop(Action: WdfIoTargetSentIoAction): Suspendable<void> {
    return wdf.WdfIoTargetStop(this.handle, Action);
  }
}

function part(offset: WDFMEMORY_OFFSET | null): WdfMemoryOffset | undefined {
  return offset === null ? undefined : { bufferOffset: offset.BufferOffset, bufferLength: offset.BufferLength };
}
