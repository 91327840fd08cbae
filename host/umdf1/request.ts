// IWDFIoRequest, IWDFIoRequest2, IWDFIoRequest3: one request of a device.

import { FindingId, NtStatus, WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import type { WDFDEVICE, WDFREQUEST } from "../ddi/types";
import * as wdf from "../ddi/index";
import { ProtocolError } from "../errors";
import { isGenerator } from "../routines";
import type { Suspendable } from "../suspension";
import { awaited, immediate, inSteps } from "./awaited";
import type { Device } from "./device";
import type { UmdfFile } from "./file";
import { ERROR_INSUFFICIENT_BUFFER, ERROR_INVALID_OPERATION, type HRESULT } from "./hresult";
import { HRESULT_FROM_NT, HRESULT_FROM_WIN32, S_OK, hresultOf, statusOfHresult } from "./hresult";
import { UmdfMemory } from "./memory";
import { WdfObject } from "./object";
import type { IoQueue } from "./queue";
import type { IoTarget } from "./target";
import type {
  IImpersonateCallback,
  IRequestCallbackCancel,
  IRequestCallbackRequestCompletion,
  IWDFRequestCompletionParams,
} from "./wudfddi";

export class IoRequest extends WdfObject {
  protected readonly interfaces = ["IWDFIoRequest", "IWDFIoRequest2", "IWDFIoRequest3"];
  readonly handle: WDFREQUEST;
  /** The driver has it now. */
  owned = true;
  /** It came by RetrieveNextRequest. */
  retrieved = false;
  /** Its OnCancel object, while it is marked. */
  cancelCallback: IRequestCallbackCancel | null = null;
  private readonly device: Device;
  private completion: { readonly callback: IRequestCallbackRequestCompletion; readonly context: unknown } | null = null;
  private memories = 0;

  constructor(device: Device, handle: WDFREQUEST) {
    super();
    this.device = device;
    this.handle = handle;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.device.handle;
  }

  /** IWDFIoRequest::Complete. The HRESULT has to be a success, HRESULT_FROM_NT or HRESULT_FROM_WIN32. */
  Complete(CompletionStatus: HRESULT): Suspendable<void> {
    this.end();
    return wdf.WdfRequestComplete(this.handle, this.statusFor(CompletionStatus));
  }

  /** IWDFIoRequest::CompleteWithInformation */
  CompleteWithInformation(CompletionStatus: HRESULT, Information: number): Suspendable<void> {
    this.end();
    return wdf.WdfRequestCompleteWithInformation(this.handle, this.statusFor(CompletionStatus), Information);
  }

  /** What comes before a completion: a look at what was left open. OnCleanup comes from the framework. */
  private end(): void {
    this.owned = false;
    this.cancelCallback = null;
    if (this.memories > 0) this.device.note(FindingId.Umdf1MemoryNotReleased, this.handle);
    this.memories = 0;
  }

  private statusFor(hr: HRESULT): NtStatus {
    const status = statusOfHresult(hr);
    if (status !== undefined) return status;
    this.device.note(FindingId.Umdf1InvalidHresult, this.handle);
    return NtStatus.Unsuccessful;
  }

  /** IWDFIoRequest::SetInformation */
  SetInformation(Information: number): void {
    wdf.WdfRequestSetInformation(this.handle, Information);
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

  /** IWDFIoRequest::GetInputMemory: NULL when there is none. Release it before the request is completed. */
  GetInputMemory(): UmdfMemory | null {
    return this.memory(wdf.WdfRequestRetrieveInputBuffer(this.handle, 0));
  }

  /** IWDFIoRequest::GetOutputMemory: NULL when there is none. Release it before the request is completed. */
  GetOutputMemory(): UmdfMemory | null {
    return this.memory(wdf.WdfRequestRetrieveOutputBuffer(this.handle, 0));
  }

  private memory({ status, buffer }: wdf.BufferResult): UmdfMemory | null {
    if (status < 0) return null;
    this.memories++;
    return new UmdfMemory(buffer, () => void this.memories--);
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

  /** IWDFIoRequest::MarkCancelable. If the request is cancelled already, OnCancel comes. One object serves a queue's requests. */
  MarkCancelable(pCancelCallback: IRequestCallbackCancel): Suspendable<void> {
    this.cancelCallback = pCancelCallback;
    this.GetIoQueue().noteCancelCallback(pCancelCallback, this.handle);
    return wdf.WdfRequestMarkCancelable(this.handle, this.device.evtCancel);
  }

  /** IWDFIoRequest::UnmarkCancelable: ERROR_OPERATION_ABORTED when it is being cancelled, and OnCancel comes. */
  UnmarkCancelable(): HRESULT {
    const status = wdf.WdfRequestUnmarkCancelable(this.handle);
    if (status >= 0) this.cancelCallback = null;
    return hresultOf(status);
  }

  /** IWDFIoRequest2::IsCanceled: FALSE of one that the driver does not own or has marked. */
  IsCanceled(): boolean {
    return this.owned && this.cancelCallback === null && wdf.WdfRequestIsCanceled(this.handle);
  }

  /** IWDFIoRequest::ForwardToIoQueue: another queue of the device; not for a request that RetrieveNextRequest gave. */
  ForwardToIoQueue(pDestination: IoQueue): Suspendable<HRESULT> {
    if (this.retrieved) return immediate("ForwardToIoQueue", HRESULT_FROM_NT(NtStatus.InvalidDeviceRequest));
    return this.moved("ForwardToIoQueue", () => wdf.WdfRequestForwardToIoQueue(this.handle, pDestination.handle));
  }

  /** IWDFIoRequest2::Requeue: to the head of its manual queue; ERROR_INVALID_OPERATION of another type of queue. */
  Requeue(): Suspendable<HRESULT> {
    if (this.GetIoQueue().type !== WdfIoQueueDispatchType.Manual) return immediate("Requeue", HRESULT_FROM_WIN32(ERROR_INVALID_OPERATION));
    return this.moved("Requeue", () => wdf.WdfRequestRequeue(this.handle));
  }

  /** The request goes into a queue: unless that fails it is the driver's no longer. */
  private moved(name: string, move: () => Suspendable<NtStatus>): Suspendable<HRESULT> {
    this.owned = false;
    return inSteps(name, function* (this: IoRequest) {
      const status = yield* awaited(move());
      if (status < 0) this.owned = true;
      return hresultOf(status);
    }.bind(this));
  }

  /** IWDFIoRequest2::StopAcknowledge, in OnIoStop. */
  StopAcknowledge(Requeue: boolean): void {
    if (Requeue) this.owned = false;
    wdf.WdfRequestStopAcknowledge(this.handle, Requeue);
  }

  /** IWDFIoRequest::GetIoQueue */
  GetIoQueue(): IoQueue {
    return this.device.queueOf(wdf.WdfRequestGetIoQueue(this.handle));
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

  /** IWDFIoRequest::FormatUsingCurrentType: the target gets the request as this device got it. */
  FormatUsingCurrentType(): void {
    wdf.WdfRequestFormatRequestUsingCurrentType(this.handle);
  }

  /** IWDFIoRequest::SetCompletionCallback: whose OnCompletion is called when the request is back; NULL for nobody's. */
  SetCompletionCallback(pCompletionCallback: IRequestCallbackRequestCompletion | null, pContext: unknown): void {
    this.completion = pCompletionCallback === null ? null : { callback: pCompletionCallback, context: pContext };
    wdf.WdfRequestSetCompletionRoutine(this.handle, pCompletionCallback === null ? null : this.device.evtCompletion);
  }

  /**
   * IWDFIoRequest::Send. S_OK: it is on its way, and OnCompletion comes; else the driver still has it. The timeout is in 100 ns
   * units, below 0 from now, 0 for none.
   */
  Send(pIoTarget: IoTarget, Flags: number, Timeout = 0): Suspendable<HRESULT> {
    const options = Flags === 0 && Timeout === 0 ? undefined : { flags: Flags, timeout: Timeout };
    this.owned = false;
    return inSteps("Send", function* (this: IoRequest) {
      if (yield* awaited(wdf.WdfRequestSend(this.handle, pIoTarget.handle, options))) return S_OK;
      this.owned = true;
      return hresultOf(wdf.WdfRequestGetStatus(this.handle));
    }.bind(this));
  }

  /** IWDFIoRequest::CancelSentRequest: asks whoever has it to give it up. OnCompletion comes all the same. */
  CancelSentRequest(): Suspendable<boolean> {
    return wdf.WdfRequestCancelSentRequest(this.handle);
  }

  /** IWDFIoRequest::GetCompletionParams: how the request came back from its target; NULL before that. */
  GetCompletionParams(): IWDFRequestCompletionParams | null {
    const params = wdf.WdfRequestGetCompletionParams(this.handle);
    return params === undefined ? null : completionParams(params.ioStatus.status, params.ioStatus.information);
  }

  /** The request is back: whom to tell. */
  returned(): { readonly callback: IRequestCallbackRequestCompletion; readonly context: unknown } | null {
    const { completion } = this;
    this.completion = null;
    this.owned = true;
    return completion;
  }
}

/** IWDFRequestCompletionParams of a status. */
export function completionParams(status: NtStatus, information: number): IWDFRequestCompletionParams {
  return { GetCompletionStatus: () => HRESULT_FROM_NT(status), GetInformation: () => information };
}

function found(memory: UmdfMemory | null): { readonly hr: HRESULT; readonly memory: UmdfMemory | null } {
  return { hr: memory === null ? HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) : S_OK, memory };
}

function bufferOf({ status, buffer }: wdf.BufferResult): { readonly hr: HRESULT; readonly buffer: Uint8Array } {
  return { hr: status < 0 ? HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) : S_OK, buffer };
}
