// WdfRequest*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfrequest/

import {
  CONFIG_WORD, Ddi, RoutineKind, STRUCTURE_SIZE, WORD_ATTENTION, type NtStatus, WdfRequestForwardOptionsFlags,
} from "../../bindings/abi";
import { machine } from "../current";
import { Mode } from "../mode";
import type { Suspendable } from "../suspension";
import { ask, call, checkRow, nothing, yes } from "./call";
import type { EvtRequestCancel, WDFQUEUE, WDFREQUEST, WdfRequestForwardOptions } from "./types";

/**
 * Completes a request and returns it to its sender, with the information set before. The handle is dead afterwards.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUEST_FATAL_ERROR for more information than the buffer holds (verifier)
 */
export function WdfRequestComplete(Request: WDFREQUEST, Status: NtStatus): Suspendable<void> {
  const m = machine();
  if (m.mode !== Mode.Plain) return call("WdfRequestComplete", [Request, Status], nothing);
  if (m.core.rules) checkRow(m, Ddi.WdfRequestComplete);
  if (m.exports.WdfRequestComplete(Request, Status) !== 0) m.settle(0, "WdfRequestComplete");
  if (m.irps.lent !== 0) m.takeNotifications();
  return undefined as unknown as Suspendable<void>;
}

/**
 * Completes a request and says how many bytes were transferred.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUEST_FATAL_ERROR for more information than the buffer holds (verifier)
 */
export function WdfRequestCompleteWithInformation(Request: WDFREQUEST, Status: NtStatus, Information: number): Suspendable<void> {
  const m = machine();
  if (m.mode !== Mode.Plain) return call("WdfRequestCompleteWithInformation", [Request, Status, Information], nothing);
  if (m.core.rules) checkRow(m, Ddi.WdfRequestCompleteWithInformation);
  if (m.exports.WdfRequestCompleteWithInformation(Request, Status, Information) !== 0) m.settle(0, "WdfRequestCompleteWithInformation");
  if (m.irps.lent !== 0) m.takeNotifications();
  return undefined as unknown as Suspendable<void>;
}

/**
 * Completes a request with a priority boost of its own for the waiting thread.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestCompleteWithPriorityBoost(Request: WDFREQUEST, Status: NtStatus, PriorityBoost: number): Suspendable<void> {
  return call("WdfRequestCompleteWithPriorityBoost", [Request, Status, PriorityBoost], nothing);
}

/**
 * The queue that delivered the request, or NULL (0) in EvtIoInCallerContext.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestGetIoQueue(Request: WDFREQUEST): WDFQUEUE {
  return ask("WdfRequestGetIoQueue", [Request], (queue) => queue as WDFQUEUE);
}

/**
 * Gives the request to another queue of the device. Its handler may run, and complete it, before this returns.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_WDF_BUSY when the destination does not accept; STATUS_INVALID_DEVICE_REQUEST (not owned, cancelable,
 * same queue, other device)
 */
export function WdfRequestForwardToIoQueue(Request: WDFREQUEST, DestinationQueue: WDFQUEUE): Suspendable<NtStatus> {
  const m = machine();
  if (m.mode !== Mode.Plain) return call("WdfRequestForwardToIoQueue", [Request, DestinationQueue], (status) => status);
  if (m.core.rules) checkRow(m, Ddi.WdfRequestForwardToIoQueue);
  const status = m.exports.WdfRequestForwardToIoQueue(Request, DestinationQueue);
  return (m.core.words[WORD_ATTENTION] === 0 ? status : m.settle(status, "WdfRequestForwardToIoQueue")) as Suspendable<NtStatus>;
}

/** WDF_REQUEST_FORWARD_OPTIONS_INIT: send and forget, which is the only way. */
export function WDF_REQUEST_FORWARD_OPTIONS_INIT(): WdfRequestForwardOptions {
  return { flags: WdfRequestForwardOptionsFlags.SendAndForget };
}

/**
 * Gives the request to a queue of the parent device. The child's driver sees no more of it.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER (flags), STATUS_WDF_BUSY when the destination does not
 * accept; STATUS_INVALID_DEVICE_REQUEST (not owned, cancelable, same queue, not the parent's queue, reserved, or
 * WdfPdoInitAllowForwardingRequestToParent was not called)
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without options
 */
export function WdfRequestForwardToParentDeviceIoQueue(
  Request: WDFREQUEST,
  ParentDeviceQueue: WDFQUEUE,
  ForwardOptions: WdfRequestForwardOptions | undefined,
): Suspendable<NtStatus> {
  const given = ForwardOptions === undefined ? 0 : 1;
  machine().core.writeScratch(CONFIG_WORD, [ForwardOptions?.size ?? STRUCTURE_SIZE, ForwardOptions?.flags ?? 0]);
  return call("WdfRequestForwardToParentDeviceIoQueue", [Request, ParentDeviceQueue, given], (status) => status);
}

/**
 * Puts a request back at the head of the manual queue it came from.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST (queue not manual, not owned, cancelable, no queue)
 */
export function WdfRequestRequeue(Request: WDFREQUEST): Suspendable<NtStatus> {
  return call("WdfRequestRequeue", [Request], (status) => status);
}

/** The number of a cancel routine: the request's own, which a second mark, that is refused, does not touch. */
function cancelRoutine(request: WDFREQUEST, routine: EvtRequestCancel): number {
  const { callbacks, exports } = machine();
  return callbacks.of(request, RoutineKind.RequestCancel, routine, exports.isMarkedCancelable);
}

/**
 * Lets the request be cancelled while the driver has it. When it is cancelled already EvtRequestCancel runs, now or
 * when the queue's callbacks have returned.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestMarkCancelable(Request: WDFREQUEST, EvtRequestCancel: EvtRequestCancel): Suspendable<void> {
  return call("WdfRequestMarkCancelable", [Request, cancelRoutine(Request, EvtRequestCancel)], nothing);
}

/**
 * The same, but a request that is cancelled already is left to the caller.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_CANCELLED: the callback will not be called, complete the request; STATUS_INVALID_DEVICE_REQUEST
 */
export function WdfRequestMarkCancelableEx(Request: WDFREQUEST, EvtRequestCancel: EvtRequestCancel): Suspendable<NtStatus> {
  return call("WdfRequestMarkCancelableEx", [Request, cancelRoutine(Request, EvtRequestCancel)], (status) => status);
}

/**
 * Takes the mark back.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_CANCELLED: EvtRequestCancel has been or will be called, do not complete; STATUS_INVALID_DEVICE_REQUEST
 */
export function WdfRequestUnmarkCancelable(Request: WDFREQUEST): NtStatus {
  return ask("WdfRequestUnmarkCancelable", [Request], (status) => status);
}

/**
 * True when the sender wants it cancelled. For requests that are owned and not marked cancelable.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestIsCanceled(Request: WDFREQUEST): boolean {
  return ask("WdfRequestIsCanceled", [Request], yes);
}

/**
 * True for a request the framework had in reserve.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestIsReserved(Request: WDFREQUEST): boolean {
  return ask("WdfRequestIsReserved", [Request], yes);
}

/**
 * Answers EvtIoStop: TRUE puts the request back, FALSE keeps it for EvtIoResume.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestStopAcknowledge(Request: WDFREQUEST, Requeue: boolean): void {
  ask("WdfRequestStopAcknowledge", [Request, Requeue ? 1 : 0], nothing);
}
