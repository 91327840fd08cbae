// What a request says of itself: IWDFIoRequest's, 2's and 3's members about parameters, buffers, sender and activity.

import { WdfDeviceIoType, type WdfRequestType } from "../../bindings/abi";
import type { WDFDEVICE, WDFREQUEST } from "../ddi/types";
import * as wdf from "../ddi/index";
import { ProtocolError } from "../errors";
import { isGenerator } from "../routines";
import type { Device } from "./device";
import type { UmdfFile } from "./file";
import { ERROR_INSUFFICIENT_BUFFER, ERROR_NOT_FOUND, type HRESULT, HRESULT_FROM_NT, HRESULT_FROM_WIN32, S_OK } from "./hresult";
import { UmdfMemory } from "./memory";
import { notImplemented } from "./not-implemented";
import { WdfObject } from "./object";
import type { IImpersonateCallback } from "./wudfddi";

export abstract class RequestContent extends WdfObject {
  protected readonly interfaces = ["IWDFIoRequest", "IWDFIoRequest2", "IWDFIoRequest3"];
  readonly handle: WDFREQUEST;
  protected readonly device: Device;
  /** Memory objects given out and not yet released. */
  protected memories = 0;
  private activity: string | undefined;
  private byDriver = false;

  constructor(device: Device, handle: WDFREQUEST) {
    super();
    this.device = device;
    this.handle = handle;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.device.handle;
  }

  /** IWDFIoRequest::GetType: WdfRequestCreate, WdfRequestRead, ... */
  GetType(): WdfRequestType {
    return wdf.WdfRequestGetParameters(this.handle).type;
  }

  /** IWDFIoRequest::GetReadParameters */
  GetReadParameters(): { readonly length: number } {
    return { length: wdf.WdfRequestGetParameters(this.handle).length };
  }

  /** IWDFIoRequest::GetWriteParameters */
  GetWriteParameters(): { readonly length: number } {
    return { length: wdf.WdfRequestGetParameters(this.handle).length };
  }

  /** IWDFIoRequest::GetDeviceIoControlParameters */
  GetDeviceIoControlParameters(): { readonly controlCode: number; readonly inBufferSize: number; readonly outBufferSize: number } {
    const { ioControlCode, inputBufferLength, length } = wdf.WdfRequestGetParameters(this.handle);
    return { controlCode: ioControlCode, inBufferSize: inputBufferLength, outBufferSize: length };
  }

  /** IWDFIoRequest::GetCreateParameters. All 0: applications here open a file and say nothing more. */
  GetCreateParameters(): { readonly options: number; readonly fileAttributes: number; readonly shareAccess: number } {
    return { options: 0, fileAttributes: 0, shareAccess: 0 };
  }

  /** IWDFIoRequest2::GetQueryInformationParameters: such requests do not come to UMDF 1 drivers here. */
  GetQueryInformationParameters(): { readonly hr: HRESULT } {
    return { hr: notImplemented("IWDFIoRequest2::GetQueryInformationParameters") };
  }

  /** IWDFIoRequest2::GetSetInformationParameters: likewise. */
  GetSetInformationParameters(): { readonly hr: HRESULT } {
    return { hr: notImplemented("IWDFIoRequest2::GetSetInformationParameters") };
  }

  /** IWDFIoRequest2::GetEffectiveIoType: where the buffers are. UMDF 1 copies them, unless asked otherwise. */
  GetEffectiveIoType(): WdfDeviceIoType {
    return WdfDeviceIoType.Buffered;
  }

  /** IWDFIoRequest::GetInputMemory: NULL when there is none. Release it before the request is completed. */
  GetInputMemory(): UmdfMemory | null {
    return this.memory(wdf.WdfRequestRetrieveInputBuffer(this.handle, 0), wdf.WdfRequestRetrieveInputMemory);
  }

  /** IWDFIoRequest::GetOutputMemory: NULL when there is none. Release it before the request is completed. */
  GetOutputMemory(): UmdfMemory | null {
    return this.memory(wdf.WdfRequestRetrieveOutputBuffer(this.handle, 0), wdf.WdfRequestRetrieveOutputMemory);
  }

  private memory({ status, buffer }: wdf.BufferResult, retrieve: (request: WDFREQUEST) => wdf.RequestMemoryResult): UmdfMemory | null {
    if (status < 0) return null;
    this.memories++;
    return new UmdfMemory(buffer, { handle: () => retrieve(this.handle).memory, released: () => void this.memories-- });
  }

  /** IWDFIoRequest2::RetrieveInputMemory */
  RetrieveInputMemory(): { readonly hr: HRESULT; readonly memory: UmdfMemory | null } {
    return found(this.GetInputMemory());
  }

  /** IWDFIoRequest2::RetrieveOutputMemory */
  RetrieveOutputMemory(): { readonly hr: HRESULT; readonly memory: UmdfMemory | null } {
    return found(this.GetOutputMemory());
  }

  /** IWDFIoRequest2::RetrieveInputBuffer: ERROR_INSUFFICIENT_BUFFER when there is none or it is shorter. */
  RetrieveInputBuffer(MinimumRequiredCb: number): { readonly hr: HRESULT; readonly buffer: Uint8Array } {
    return bufferOf(wdf.WdfRequestRetrieveInputBuffer(this.handle, MinimumRequiredCb));
  }

  /** IWDFIoRequest2::RetrieveOutputBuffer: ERROR_INSUFFICIENT_BUFFER when there is none or it is shorter. */
  RetrieveOutputBuffer(MinimumRequiredCb: number): { readonly hr: HRESULT; readonly buffer: Uint8Array } {
    return bufferOf(wdf.WdfRequestRetrieveOutputBuffer(this.handle, MinimumRequiredCb));
  }

  /** IWDFIoRequest::GetFileObject, with a reference for the driver; NULL for a request that belongs to no file. */
  GetFileObject(): UmdfFile | null {
    const file = wdf.WdfRequestGetFileObject(this.handle);
    return file === 0 ? null : this.device.fileOf(file);
  }

  /** IWDFIoRequest2::GetRequestorMode: KernelMode (0) or UserMode (1). */
  GetRequestorMode(): number {
    return wdf.WdfRequestGetRequestorMode(this.handle);
  }

  /** IWDFIoRequest2::IsFromUserModeDriver: no user-mode driver sends requests here. */
  IsFromUserModeDriver(): boolean {
    return false;
  }

  /** IWDFIoRequest::GetRequestorProcessId */
  GetRequestorProcessId(): number {
    return wdf.WdfRequestGetRequestorProcessId(this.handle);
  }

  /** IWDFIoRequest::IsFrom32BitProcess */
  IsFrom32BitProcess(): boolean {
    return wdf.WdfRequestIsFrom32BitProcess(this.handle);
  }

  /** IWDFIoRequest2::GetStatus */
  GetStatus(): HRESULT {
    return HRESULT_FROM_NT(wdf.WdfRequestGetStatus(this.handle));
  }

  /** IWDFIoRequest::Impersonate: calls OnImpersonate in the place of the request's sender. Nobody is refused anything here. */
  Impersonate(_ImpersonationLevel: number, pCallback: IImpersonateCallback, pvContext: unknown): HRESULT {
    const result = (pCallback.OnImpersonate as (context: unknown) => unknown)(pvContext);
    if (typeof result === "object" && result !== null && isGenerator(result)) throw new ProtocolError("OnImpersonate may not wait");
    return S_OK;
  }

  /** IWDFIoRequest3::RetrieveActivityId: ERROR_NOT_FOUND when the driver has set none. Reuse leaves it. */
  RetrieveActivityId(): { readonly hr: HRESULT; readonly activityId: string } {
    const { activity } = this;
    return activity === undefined ? { hr: HRESULT_FROM_WIN32(ERROR_NOT_FOUND), activityId: "" } : { hr: S_OK, activityId: activity };
  }

  /** IWDFIoRequest3::SetActivityId: a GUID that goes with the request, for tracing. */
  SetActivityId(ActivityId: string): void {
    this.activity = ActivityId;
  }

  /** IWDFIoRequest3::SetUserModeDriverInitiatedIo: marks the request as begun by a UMDF driver. */
  SetUserModeDriverInitiatedIo(IsUserModeDriverInitiated: boolean): void {
    this.byDriver = IsUserModeDriverInitiated;
  }

  /** IWDFIoRequest3::GetUserModeDriverInitiatedIo */
  GetUserModeDriverInitiatedIo(): boolean {
    return this.byDriver;
  }
}

function found(memory: UmdfMemory | null): { readonly hr: HRESULT; readonly memory: UmdfMemory | null } {
  return { hr: memory === null ? HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) : S_OK, memory };
}

function bufferOf({ status, buffer }: wdf.BufferResult): { readonly hr: HRESULT; readonly buffer: Uint8Array } {
  return { hr: status < 0 ? HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) : S_OK, buffer };
}
