// WdfRequest*: each function checks handles and the verifier's rules, then lets the request decide.

import { BugCheck } from "../abi/bugcheck";
import { ForwardOptionsWord, STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { ObjectKind, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestForwardOptionsFlags } from "../abi/wdf";
import { word } from "../nt/scratch";
import { bugCheck } from "../nt/stop";
import { system, verifierOn } from "../nt/system";
import { isStale, lookup } from "../nt/table";
import { markCancelable, unmarkCancelable } from "../wdf/cancel";
import { complete, completeWith } from "../wdf/completion";
import { deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { enqueueFromCaller, forward, forwardToParent, requeue } from "../wdf/movement";
import { Queue, queueAt } from "../wdf/queue";
import { Request, extend, request } from "../wdf/request";
import { isSent } from "../wdf/sending";
import { completeStraight, endShortReturn, forwardStraight } from "../wdf/straight";
import {
  breakPoint,
  ruleSurpriseRemoval,
  verifyCancelable,
  verifyNotCancelable,
  verifyOwned,
  verifyStopAcknowledge,
} from "../wdf/verifier";
import { required, requiredPointer } from "./check";
import { requiredQueue } from "./queue";

/** Both tell whether the host has to look at WINDOW_ATTENTION before it returns to the driver. */
export function WdfRequestComplete(handle: u32, status: i32): u32 {
  if (!completeStraight(handle, status, 0)) completeAny(handle, status);
  return system.attention;
}

export function WdfRequestCompleteWithInformation(handle: u32, status: i32, information: u32): u32 {
  if (!completeStraight(handle, status, information)) completeAnyWith(handle, status, information);
  return system.attention;
}

function completeAny(handle: u32, status: i32): void {
  const at = requiredToComplete(handle);
  if (at == 0 || !mayComplete(request(at))) return;
  complete(request(at), status);
  settle(0);
}

function completeAnyWith(handle: u32, status: i32, information: u32): void {
  const at = requiredToComplete(handle);
  if (at == 0 || !mayComplete(request(at))) return;
  completeWith(request(at), status, information);
  settle(0);
}

export function WdfRequestCompleteWithPriorityBoost(handle: u32, status: i32, boost: u32): void {
  const at = requiredToComplete(handle);
  if (at == 0 || !mayComplete(request(at))) return;
  extend(request(at)).priorityBoost = boost;
  complete(request(at), status);
  settle(0);
}

/**
 * The request of a handle, or 0. A handle that was good once is a second completion: under the verifier a break and
 * nothing else, as for a request that still exists; without it the Stop that completing a dead IRP ends in.
 */
function requiredToComplete(handle: u32): usize {
  const at = lookup(handle, ObjectKind.Request);
  if (at != 0) return at;
  if (!isStale(handle)) return required(handle, ObjectKind.Request);
  if (verifierOn()) breakPoint(FindingId.CompleteNotOwned, handle, 0);
  else bugCheck(BugCheck.MultipleIrpCompleteRequests, handle, 0, 0, 0);
  return 0;
}

/** [V] The driver must own it. Without the verifier Windows completes whatever it is given: that ends in a Stop. */
function mayComplete(r: Request): bool {
  endShortReturn();
  if (system.surprising != 0) ruleSurpriseRemoval(r.handle);
  const place = r.place;
  if (verifyOwned(r, FindingId.CompleteNotOwned) < 0) return false;
  if (isSent(r)) breakPoint(FindingId.StillSent, r.handle, 0);
  else if (place == (RequestPlace.Owned as u32) || place == (RequestPlace.Caller as u32)) return true;
  bugCheck(BugCheck.MultipleIrpCompleteRequests, r.handle, 0, 0, 0);
  return false;
}

/** The queue the request is the driver's from, or 0. */
export function WdfRequestGetIoQueue(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const queue = request(at).queue;
  if (queue == 0) return 0;
  if (deviceAt(queueAt(queue).device).internalCreateQueue != queue) return queueAt(queue).handle;
  breakPoint(FindingId.InternalCreateQueue, handle, 0);
  return 0;
}

export function WdfRequestForwardToIoQueue(handle: u32, queue: u32): i32 {
  return forwardStraight(handle, queue) ? NtStatus.Success : forwardAny(handle, queue);
}

function forwardAny(handle: u32, queue: u32): i32 {
  const destination = requiredQueue(queue);
  if (destination == 0) return NtStatus.InvalidHandle;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  if (request(at).queue == 0) return forwardUnqueued(request(at), queueAt(destination));
  return settle(forward(request(at), queueAt(destination)));
}

/** [V] A request that no queue has delivered; without the verifier the destination takes it as from EvtIoInCallerContext. */
function forwardUnqueued(r: Request, destination: Queue): NtStatus {
  if (verifierOn() || r.place != (RequestPlace.Caller as u32)) return noQueue(r);
  return settle(enqueueFromCaller(r, destination));
}

/** The scratch area has Size and Flags of WDF_REQUEST_FORWARD_OPTIONS. */
export function WdfRequestForwardToParentDeviceIoQueue(handle: u32, queue: u32, options: u32): i32 {
  const destination = requiredQueue(queue);
  if (destination == 0) return NtStatus.InvalidHandle;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  if (!requiredPointer(options)) return NtStatus.InvalidParameter;
  if (word(ForwardOptionsWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if ((word(ForwardOptionsWord.Flags) & ~(WdfRequestForwardOptionsFlags.SendAndForget as u32)) != 0) return NtStatus.InvalidParameter;
  if (request(at).queue == 0) return forwardUnqueued(request(at), queueAt(destination));
  return settle(forwardToParent(request(at), queueAt(destination)));
}

export function WdfRequestRequeue(handle: u32): i32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  if (request(at).queue == 0) return noQueue(request(at));
  return settle(requeue(request(at)));
}

export function WdfRequestMarkCancelable(handle: u32, callback: u32): void {
  mark(handle, callback, false);
}

export function WdfRequestMarkCancelableEx(handle: u32, callback: u32): i32 {
  return mark(handle, callback, true);
}

function mark(handle: u32, callback: u32, failIfCanceled: bool): NtStatus {
  const at = required(handle, ObjectKind.Request);
  if (at == 0 || !requiredPointer(callback)) return NtStatus.InvalidHandle;
  const r = request(at);
  if (r.queue == 0) return noQueue(r);
  let status = verifyOwned(r, FindingId.NotOwned);
  if (status >= 0) status = verifyNotCancelable(r);
  if (status < 0) return status;
  return settle(markCancelable(queueAt(r.queue), r, callback, failIfCanceled));
}

export function WdfRequestUnmarkCancelable(handle: u32): i32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = request(at);
  if (r.queue == 0) return noQueue(r);
  let status = verifyOwned(r, FindingId.NotOwned);
  if (status >= 0) status = verifyCancelable(r);
  if (status < 0) return status;
  return unmarkCancelable(queueAt(r.queue), r);
}

function noQueue(r: Request): NtStatus {
  breakPoint(FindingId.NoQueue, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** 1 when the sender, or a purge that took the mark, has cancelled it. */
export function WdfRequestIsCanceled(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const r = request(at);
  let status = verifyOwned(r, FindingId.NotOwned);
  if (status >= 0) status = verifyNotCancelable(r);
  if (status < 0) return 0;
  return r.has((RequestBits.IrpCanceled as u32) | RequestBits.Canceled) ? 1 : 0;
}

export function WdfRequestIsReserved(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  return at != 0 && request(at).has(RequestBits.Reserved) ? 1 : 0;
}

/** Records the answer; the queue acts on it when every request has been told. The last answer wins. */
export function WdfRequestStopAcknowledge(handle: u32, requeue: u32): void {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return;
  const r = request(at);
  if (verifyStopAcknowledge(r, requeue != 0) < 0) return;
  r.clear((RequestBits.StopAcknowledged as u32) | RequestBits.StopRequeue);
  r.set(requeue != 0 ? RequestBits.StopRequeue : RequestBits.StopAcknowledged);
}
