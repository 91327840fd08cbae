// Request: a WDFREQUEST as an object. Every member names the DDI it stands for.

import { WdfRequestSendOption, type NtStatus, type ProcessorMode } from "../../bindings/abi";
import * as buffer from "../ddi/request-buffer";
import { WdfObjectDereference, WdfObjectGetTypedContext, WdfObjectReference } from "../ddi/object";
import * as wdf from "../ddi/request";
import * as about from "../ddi/request-parameters";
import * as sending from "../ddi/request-send";
import type {
  StackLocation,
  WdfRequestCompletionParams,
  WdfRequestReuseParams,
  WdfRequestSendOptions,
} from "../ddi/target-types";
import type { ContextType, Routine, WDFREQUEST, WdfRequestParameters } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { UserBuffer } from "../user-memory";
import type { File } from "./file";
import { Memory } from "./memory";
import type { IoTarget } from "./target";
import { cancelWrapper, completionWrapper, fileOf, queueOf } from "./wrappers";
import type { Queue } from "./queue";

/** How a request is completed beyond its status. */
export interface CompleteOptions {
  /** Bytes transferred. */
  information?: number;
  priorityBoost?: number;
}

/** Memory that belongs to a request. */
export interface MemoryOfRequest {
  readonly status: NtStatus;
  readonly object: Memory;
}

function memoryOf({ status, memory }: buffer.RequestMemoryResult): MemoryOfRequest {
  return { status, object: new Memory(memory) };
}

/** How a request is sent. */
export interface SendOptions {
  /** Milliseconds of virtual time, after which it is cancelled below. */
  readonly timeout?: number;
  /** The driver does not want it back: it is the target's from now on. */
  readonly sendAndForget?: boolean;
  /** It goes to a target that is stopped, too. */
  readonly ignoreTargetState?: boolean;
  /** The call waits until it is back. */
  readonly synchronous?: boolean;
}

const TICKS_PER_MS = 10_000;

/** WDF_REQUEST_SEND_OPTIONS */
export function wdfSendOptions(options: SendOptions): WdfRequestSendOptions {
  const { timeout = 0, sendAndForget, ignoreTargetState, synchronous } = options;
  return {
    flags:
      (timeout > 0 ? WdfRequestSendOption.Timeout : 0) |
      (synchronous ? WdfRequestSendOption.Synchronous : 0) |
      (ignoreTargetState ? WdfRequestSendOption.IgnoreTargetState : 0) |
      (sendAndForget ? WdfRequestSendOption.SendAndForget : 0),
    timeout: 0 - Math.round(timeout * TICKS_PER_MS),
  };
}

/** What is called when a request is back from its target: the request is the driver's again. */
export type CompletionRoutine = (
  request: Request,
  target: IoTarget,
  params: WdfRequestCompletionParams,
  context: number,
) => void | Generator<undefined, void, unknown>;

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

  /**
   * Sends the request on. True: the target has it, and what was given to {@link onCompletion} is called when it is back.
   *
   * @ddi WdfRequestSend
   */
  send(target: IoTarget, options?: SendOptions): Suspendable<boolean> {
    return sending.WdfRequestSend(this.handle, target.handle, options === undefined ? undefined : wdfSendOptions(options));
  }

  /** The device below gets what this driver got. @ddi WdfRequestFormatRequestUsingCurrentType */
  formatUsingCurrentType(): void {
    sending.WdfRequestFormatRequestUsingCurrentType(this.handle);
  }

  /** @ddi WdfRequestWdmFormatUsingStackLocation */
  formatUsingStackLocation(stack: StackLocation): void {
    sending.WdfRequestWdmFormatUsingStackLocation(this.handle, stack);
  }

  /** What to call once when the request is back; null for nothing. @ddi WdfRequestSetCompletionRoutine */
  onCompletion(routine: CompletionRoutine | null, context = 0): void {
    sending.WdfRequestSetCompletionRoutine(this.handle, completionWrapper(this.handle, routine), context);
  }

  /** What it came back with, if a target has formatted it. @ddi WdfRequestGetCompletionParams */
  get completionParams(): WdfRequestCompletionParams | undefined {
    return sending.WdfRequestGetCompletionParams(this.handle);
  }

  /** Asks whoever has it to give it up. @ddi WdfRequestCancelSentRequest */
  cancelSent(): Suspendable<boolean> {
    return sending.WdfRequestCancelSentRequest(this.handle);
  }

  /** Makes it ready to be formatted and sent again. @ddi WdfRequestReuse */
  reuse(parameters: WdfRequestReuseParams): Suspendable<NtStatus> {
    return sending.WdfRequestReuse(this.handle, parameters);
  }

  /** @ddi WdfRequestChangeTarget */
  changeTarget(target: IoTarget): Suspendable<NtStatus> {
    return sending.WdfRequestChangeTarget(this.handle, target.handle);
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
  get requestorMode(): ProcessorMode {
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

  /** The file it was sent through, null without one. @ddi WdfRequestGetFileObject */
  get file(): File | null {
    const file = about.WdfRequestGetFileObject(this.handle);
    return file === 0 ? null : fileOf(file);
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

  /** The input as a memory object, which goes when the request is completed. @ddi WdfRequestRetrieveInputMemory */
  inputMemory(): MemoryOfRequest {
    return memoryOf(buffer.WdfRequestRetrieveInputMemory(this.handle));
  }

  /** The output as a memory object, likewise. @ddi WdfRequestRetrieveOutputMemory */
  outputMemory(): MemoryOfRequest {
    return memoryOf(buffer.WdfRequestRetrieveOutputMemory(this.handle));
  }

  /** Locks what an application's address names, to be read anywhere. @ddi WdfRequestProbeAndLockUserBufferForRead */
  lockForRead(user: UserBuffer, length: number = user.length): MemoryOfRequest {
    return memoryOf(buffer.WdfRequestProbeAndLockUserBufferForRead(this.handle, user, length));
  }

  /** The same, to be written. @ddi WdfRequestProbeAndLockUserBufferForWrite */
  lockForWrite(user: UserBuffer, length: number = user.length): MemoryOfRequest {
    return memoryOf(buffer.WdfRequestProbeAndLockUserBufferForWrite(this.handle, user, length));
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
