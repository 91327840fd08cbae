// Request: a WDFREQUEST as an object. Every member names the DDI it stands for.

import type { NtStatus, RequestorMode } from "../../bindings/abi";
import * as buffer from "../ddi/request-buffer";
import { WdfObjectDereference, WdfObjectGetTypedContext, WdfObjectReference } from "../ddi/object";
import * as wdf from "../ddi/request";
import * as about from "../ddi/request-parameters";
import type { ContextType, Routine, WDFFILEOBJECT, WDFREQUEST, WdfRequestParameters } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { cancelWrapper, queueOf } from "./wrappers";
import type { Queue } from "./queue";

/** How a request is completed beyond its status. */
export interface CompleteOptions {
  /** Bytes transferred. */
  information?: number;
  priorityBoost?: number;
}

export class Request {
  readonly handle: WDFREQUEST;

  constructor(handle: WDFREQUEST) {
    this.handle = handle;
  }

  /**
   * Completes the request. It is gone afterwards.
   *
   * @ddi WdfRequestComplete, WdfRequestCompleteWithInformation, WdfRequestCompleteWithPriorityBoost
   */
  complete(status: NtStatus, options?: CompleteOptions): Suspendable<void> {
    if (options === undefined) return wdf.WdfRequestComplete(this.handle, status);
    const { information, priorityBoost } = options;
    if (priorityBoost === undefined) return wdf.WdfRequestCompleteWithInformation(this.handle, status, information ?? 0);
    if (information !== undefined) about.WdfRequestSetInformation(this.handle, information);
    return wdf.WdfRequestCompleteWithPriorityBoost(this.handle, status, priorityBoost);
  }

  /** @ddi WdfRequestForwardToIoQueue */
  forwardTo(queue: Queue): Suspendable<NtStatus> {
    return wdf.WdfRequestForwardToIoQueue(this.handle, queue.handle);
  }

  /**
   * Gives the request to a queue of the parent device, whose driver then completes it.
   *
   * @ddi WdfRequestForwardToParentDeviceIoQueue
   */
  forwardToParent(queue: Queue): Suspendable<NtStatus> {
    return wdf.WdfRequestForwardToParentDeviceIoQueue(this.handle, queue.handle, wdf.WDF_REQUEST_FORWARD_OPTIONS_INIT());
  }

  /** @ddi WdfRequestRequeue */
  requeue(): Suspendable<NtStatus> {
    return wdf.WdfRequestRequeue(this.handle);
  }

  /**
   * Lets the request be cancelled while the driver has it. STATUS_CANCELLED: it is cancelled already, complete it.
   *
   * @ddi WdfRequestMarkCancelableEx
   */
  markCancelable(evtRequestCancel: Routine<[request: Request], void>): Suspendable<NtStatus> {
    return wdf.WdfRequestMarkCancelableEx(this.handle, cancelWrapper(evtRequestCancel));
  }

  /**
   * STATUS_CANCELLED: the cancel callback has been or will be called, leave the request to it.
   *
   * @ddi WdfRequestUnmarkCancelable
   */
  unmarkCancelable(): NtStatus {
    return wdf.WdfRequestUnmarkCancelable(this.handle);
  }

  /** @ddi WdfRequestIsCanceled */
  get isCanceled(): boolean {
    return wdf.WdfRequestIsCanceled(this.handle);
  }

  /** @ddi WdfRequestIsReserved */
  get isReserved(): boolean {
    return wdf.WdfRequestIsReserved(this.handle);
  }

  /** @ddi WdfRequestStopAcknowledge */
  stopAcknowledge(options: { requeue: boolean }): void {
    wdf.WdfRequestStopAcknowledge(this.handle, options.requeue);
  }

  /** @ddi WdfRequestGetParameters */
  get parameters(): WdfRequestParameters {
    return about.WdfRequestGetParameters(this.handle);
  }

  /** @ddi WdfRequestGetInformation, WdfRequestSetInformation */
  get information(): number {
    return about.WdfRequestGetInformation(this.handle);
  }

  set information(information: number) {
    about.WdfRequestSetInformation(this.handle, information);
  }

  /** IoStatus.Status: what a lower driver has completed it with. @ddi WdfRequestGetStatus */
  get status(): NtStatus {
    return about.WdfRequestGetStatus(this.handle);
  }

  /** Whether an application or a driver sent it. @ddi WdfRequestGetRequestorMode */
  get requestorMode(): RequestorMode {
    return about.WdfRequestGetRequestorMode(this.handle);
  }

  /** @ddi WdfRequestGetRequestorProcessId */
  get requestorProcessId(): number {
    return about.WdfRequestGetRequestorProcessId(this.handle);
  }

  /** The queue that delivered the request, null in EvtIoInCallerContext. @ddi WdfRequestGetIoQueue */
  get queue(): Queue | null {
    const queue = wdf.WdfRequestGetIoQueue(this.handle);
    return queue === 0 ? null : queueOf(queue);
  }

  /** The file object's handle, 0 without one. @ddi WdfRequestGetFileObject */
  get fileObject(): WDFFILEOBJECT {
    return about.WdfRequestGetFileObject(this.handle);
  }

  /** @ddi WdfRequestRetrieveInputBuffer */
  inputBuffer(minimumRequiredSize = 1): buffer.BufferResult {
    return buffer.WdfRequestRetrieveInputBuffer(this.handle, minimumRequiredSize);
  }

  /** @ddi WdfRequestRetrieveOutputBuffer */
  outputBuffer(minimumRequiredSize = 1): buffer.BufferResult {
    return buffer.WdfRequestRetrieveOutputBuffer(this.handle, minimumRequiredSize);
  }

  /** @ddi WdfRequestRetrieveInputWdmMdl */
  inputMdl(): buffer.MdlResult {
    return buffer.WdfRequestRetrieveInputWdmMdl(this.handle);
  }

  /** @ddi WdfRequestRetrieveOutputWdmMdl */
  outputMdl(): buffer.MdlResult {
    return buffer.WdfRequestRetrieveOutputWdmMdl(this.handle);
  }

  /** The application's address of the input, in EvtIoInCallerContext. @ddi WdfRequestRetrieveUnsafeUserInputBuffer */
  unsafeUserInputBuffer(minimumRequiredLength = 1): buffer.UserBufferResult {
    return buffer.WdfRequestRetrieveUnsafeUserInputBuffer(this.handle, minimumRequiredLength);
  }

  /** The application's address of the output, in EvtIoInCallerContext. @ddi WdfRequestRetrieveUnsafeUserOutputBuffer */
  unsafeUserOutputBuffer(minimumRequiredLength = 1): buffer.UserBufferResult {
    return buffer.WdfRequestRetrieveUnsafeUserOutputBuffer(this.handle, minimumRequiredLength);
  }

  /** @ddi WdfObjectGetTypedContext */
  context<T>(type: ContextType<T>): T | undefined {
    return WdfObjectGetTypedContext(this.handle, type);
  }

  /** @ddi WdfObjectReference */
  reference(): void {
    WdfObjectReference(this.handle);
  }

  /** @ddi WdfObjectDereference */
  dereference(): Suspendable<void> {
    return WdfObjectDereference(this.handle);
  }
}
