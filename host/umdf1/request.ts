// IWDFIoRequest, IWDFIoRequest2, IWDFIoRequest3: what is done with a request. What it says of itself: request-content.ts.

import { FindingId, NtStatus, WdfIoQueueDispatchType } from "../../bindings/abi";
import type { WDFFILEOBJECT, WDFREQUEST } from "../ddi/types";
import * as wdf from "../ddi/index";
import type { Suspendable } from "../suspension";
import { awaited, immediate, inSteps } from "./awaited";
import type { Device } from "./device";
import { ERROR_INVALID_OPERATION, type HRESULT } from "./hresult";
import { HRESULT_FROM_NT, HRESULT_FROM_WIN32, S_OK, hresultOf, statusOfHresult } from "./hresult";
import type { IoQueue } from "./queue";
import { RequestContent } from "./request-content";
import type { IoTarget } from "./target";
import type { IRequestCallbackCancel, IRequestCallbackRequestCompletion, IWDFRequestCompletionParams } from "./wudfddi";

export class IoRequest extends RequestContent {
  /** The driver has it now. */
  owned = true;
  /** It came by RetrieveNextRequest. */
  retrieved = false;
  /** Its OnCancel object, while it is marked. */
  cancelCallback: IRequestCallbackCancel | null = null;
  /** The target that has it. */
  sentTo: IoTarget | null = null;
  /** The file it was formatted for; that of its sender otherwise. */
  targetFile = 0 as WDFFILEOBJECT;
  /** IWDFDevice::CreateRequest made it. */
  private readonly created: boolean;
  private completion: { readonly callback: IRequestCallbackRequestCompletion; readonly context: unknown } | null = null;

  constructor(device: Device, handle: WDFREQUEST, created = false) {
    super(device, handle);
    this.created = created;
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
    this.sentTo = pIoTarget;
    return inSteps("Send", function* (this: IoRequest) {
      if (yield* awaited(wdf.WdfRequestSend(this.handle, pIoTarget.handle, options))) return S_OK;
      this.owned = true;
      this.sentTo = null;
      return hresultOf(wdf.WdfRequestGetStatus(this.handle));
    }.bind(this));
  }

  /** IWDFIoRequest::CancelSentRequest: asks whoever has it to give it up. OnCompletion comes all the same. */
  CancelSentRequest(): Suspendable<boolean> {
    return wdf.WdfRequestCancelSentRequest(this.handle);
  }

  /** IWDFIoRequest2::Reuse: what it was formatted for and its OnCompletion are gone; it may be formatted and sent again. */
  Reuse(hrNewStatus: HRESULT): Suspendable<void> {
    this.completion = null;
    this.targetFile = 0 as WDFFILEOBJECT;
    const params = { status: this.statusFor(hrNewStatus) };
    return inSteps("Reuse", function* (this: IoRequest) {
      yield* awaited(wdf.WdfRequestReuse(this.handle, params));
    }.bind(this));
  }

  /** IWDFObject::DeleteWdfObject: for a request that IWDFDevice::CreateRequest has made. */
  override DeleteWdfObject(): Suspendable<HRESULT> {
    if (!this.created) return super.DeleteWdfObject();
    return inSteps("DeleteWdfObject", function* (this: IoRequest) {
      yield* awaited(wdf.WdfObjectDelete(this.handle));
      return S_OK;
    }.bind(this));
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
    this.sentTo = null;
    this.owned = true;
    return completion;
  }
}

/** IWDFRequestCompletionParams of a status. */
export function completionParams(status: NtStatus, information: number): IWDFRequestCompletionParams {
  return { GetCompletionStatus: () => HRESULT_FROM_NT(status), GetInformation: () => information };
}
