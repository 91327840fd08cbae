// WdfIoQueue*: each function checks handles and level, then lets the queue decide.

import { ProgressPolicyWord, STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { RoutineKind } from "../abi/event";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfIoForwardProgressReservedPolicy } from "../abi/wdf";
import { Frame } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { word } from "../nt/scratch";
import { system, verifierOn } from "../nt/system";
import { callLoop } from "../wdf/calls";
import { deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { wdmHandleOf } from "../wdf/file";
import { assignPolicy } from "../wdf/forward-progress";
import { objectAt } from "../wdf/object";
import { Queue, queueAt, reportedState } from "../wdf/queue";
import { createQueue } from "../wdf/queue-create";
import { idleQueue, purgeQueue, startQueue } from "../wdf/queue-state";
import { find, retrieve } from "../wdf/retrieval";
import { retrieveStraight } from "../wdf/straight";
import { breakPoint, ruleFinding, ruleSurpriseRemoval } from "../wdf/verifier";
import { required } from "./check";

/** The queue of a handle; 0 after a Stop. */
export function requiredQueue(handle: u32): usize {
  const entry = required(handle, ObjectKind.Queue);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** The structures stand in the scratch area; the handle is the first out value. */
export function WdfIoQueueCreate(device: u32): i32 {
  const entry = required(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.InvalidHandle;
  return createQueue(deviceAt(objectAt(entry).body));
}

/** Answers the state; the counts of queued and driver-owned requests are the first two out values. */
export function WdfIoQueueGetState(queue: u32): u32 {
  const at = requiredQueue(queue);
  if (at == 0) return 0;
  const q = queueAt(at);
  system.out0 = q.queuedCount;
  system.out1 = q.driverCount;
  return reportedState(q);
}

export function WdfIoQueueGetDevice(queue: u32): u32 {
  const at = requiredQueue(queue);
  return at == 0 ? 0 : deviceAt(queueAt(at).device).handle;
}

export function WdfIoQueueStart(queue: u32): void {
  const at = requiredQueue(queue);
  if (at == 0) return;
  startQueue(queueAt(at));
  settle(0);
}

export function WdfIoQueueStop(queue: u32, callback: u32, context: u32): void {
  const at = queueToChange(queue);
  if (at != 0) idleQueue(queueAt(at), false, callback, context, false);
  settle(0);
}

export function WdfIoQueueStopSynchronously(queue: u32): void {
  const at = queueToChange(queue);
  if (at != 0 && maySynchronously(queueAt(at))) idleQueue(queueAt(at), false, 0, 0, true);
  settle(0);
}

export function WdfIoQueueStopAndPurge(queue: u32, callback: u32, context: u32): void {
  const at = queueToChange(queue);
  if (at != 0) idleQueue(queueAt(at), true, callback, context, false);
  settle(0);
}

export function WdfIoQueueStopAndPurgeSynchronously(queue: u32): void {
  const at = queueToChange(queue);
  if (at != 0 && maySynchronously(queueAt(at))) idleQueue(queueAt(at), true, 0, 0, true);
  settle(0);
}

export function WdfIoQueueDrain(queue: u32, callback: u32, context: u32): void {
  const at = queueToChange(queue);
  if (at != 0) purgeQueue(queueAt(at), false, callback, context, false);
  settle(0);
}

export function WdfIoQueueDrainSynchronously(queue: u32): void {
  const at = queueToChange(queue);
  if (at != 0 && maySynchronously(queueAt(at))) purgeQueue(queueAt(at), false, 0, 0, true);
  settle(0);
}

export function WdfIoQueuePurge(queue: u32, callback: u32, context: u32): void {
  const at = queueToChange(queue);
  if (at != 0) purgeQueue(queueAt(at), true, callback, context, false);
  settle(0);
}

export function WdfIoQueuePurgeSynchronously(queue: u32): void {
  const at = queueToChange(queue);
  if (at != 0 && maySynchronously(queueAt(at))) purgeQueue(queueAt(at), true, 0, 0, true);
  settle(0);
}

/** The queue of a handle, for a function that EvtDeviceSurpriseRemoval may not call. */
function queueToChange(queue: u32): usize {
  const at = requiredQueue(queue);
  if (at != 0 && system.surprising != 0) ruleSurpriseRemoval(queue);
  return at;
}

/**
 * [V] The synchronous forms do nothing above PASSIVE_LEVEL. From a request handler they wait as on Windows, which the
 * documentation forbids: a rule finding.
 */
function maySynchronously(q: Queue): bool {
  if (verifierOn() && currentIrql() > (Irql.Passive as u32)) {
    breakPoint(FindingId.NotPassive, q.handle, 0);
    return false;
  }
  if (isInHandler()) ruleFinding(FindingId.SynchronousInHandler, q.handle, 0);
  return true;
}

/** True when a request handler is among the running thread's activations. */
function isInHandler(): bool {
  for (let at = system.running; at != 0; at = changetype<Frame>(at).below) {
    const routine = changetype<Frame>(at).routine;
    if (routine >= (RoutineKind.IoRead as u32) && routine <= (RoutineKind.IoDefault as u32)) return true;
  }
  return false;
}

/** The request is the first out value. */
export function WdfIoQueueRetrieveNextRequest(queue: u32): i32 {
  const request = retrieveStraight(queue);
  if (request == 0) return retrieveAny(queue);
  system.out0 = request;
  return NtStatus.Success;
}

function retrieveAny(queue: u32): i32 {
  const at = requiredQueue(queue);
  if (at == 0) return NtStatus.InvalidHandle;
  return settle(retrieve(queueAt(at), 0, 0));
}

/** The request is the first out value. */
export function WdfIoQueueRetrieveRequestByFileObject(queue: u32, file: u32): i32 {
  const at = requiredQueue(queue);
  const entry = at == 0 ? 0 : required(file, ObjectKind.FileObject);
  return entry == 0 ? NtStatus.InvalidHandle : settle(retrieve(queueAt(at), wdmHandleOf(entry), 0));
}

/** The request is the first out value. */
export function WdfIoQueueRetrieveFoundRequest(queue: u32, found: u32): i32 {
  const at = requiredQueue(queue);
  if (at == 0) return NtStatus.InvalidHandle;
  const tag = required(found, ObjectKind.Request);
  if (tag == 0) return NtStatus.InvalidHandle;
  return settle(retrieve(queueAt(at), 0, tag));
}

/** The request is the first out value, with a reference the driver has to drop. `found` and `file` may be 0. */
export function WdfIoQueueFindRequest(queue: u32, found: u32, file: u32): i32 {
  const at = requiredQueue(queue);
  if (at == 0) return NtStatus.InvalidHandle;
  const tag: usize = found == 0 ? 0 : required(found, ObjectKind.Request);
  if (found != 0 && tag == 0) return NtStatus.InvalidHandle;
  if (file == 0) return find(queueAt(at), tag, 0);
  const entry = required(file, ObjectKind.FileObject);
  return entry == 0 ? NtStatus.InvalidHandle : find(queueAt(at), tag, wdmHandleOf(entry));
}

export function WdfIoQueueReadyNotify(queue: u32, callback: u32, context: u32): i32 {
  const at = requiredQueue(queue);
  if (at == 0) return NtStatus.InvalidHandle;
  const q = queueAt(at);
  const status = checkReady(q, callback);
  if (status < 0) return status;
  q.readyCallback = callback;
  q.readyContext = context;
  callLoop(q, 0);
  return settle(NtStatus.Success);
}

function checkReady(q: Queue, callback: u32): NtStatus {
  if (!q.isManual) return refuse(FindingId.ReadyNotManual, q);
  if (q.deleted != 0) return NtStatus.DeletePending;
  if (callback != 0) return q.readyCallback != 0 ? refuse(FindingId.ReadyAlreadyRegistered, q) : NtStatus.Success;
  if (q.readyCallback == 0) return refuse(FindingId.ReadyNotRegistered, q);
  return q.dispatches ? refuse(FindingId.ReadyNotStopped, q) : NtStatus.Success;
}

function refuse(what: FindingId, q: Queue): NtStatus {
  breakPoint(what, q.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** The policy stands in the scratch area. */
export function WdfIoQueueAssignForwardProgressPolicy(queue: u32): i32 {
  const at = requiredQueue(queue);
  if (at == 0) return NtStatus.InvalidHandle;
  const q = queueAt(at);
  if (verifierOn() && currentIrql() > (Irql.Passive as u32)) return refuse(FindingId.NotPassive, q);
  if (q.progress != 0) {
    breakPoint(FindingId.ProgressAssigned, queue, 0);
    return NtStatus.InvalidParameter;
  }
  const status = checkPolicy();
  if (status < 0) return status;
  return settle(
    assignPolicy(
      q,
      word(ProgressPolicyWord.Policy),
      word(ProgressPolicyWord.TotalForwardProgressRequests),
      word(ProgressPolicyWord.EvtIoAllocateRequestResources),
      word(ProgressPolicyWord.EvtIoAllocateResourcesForReservedRequest),
      word(ProgressPolicyWord.EvtIoWdmIrpForForwardProgress),
    ),
  );
}

function checkPolicy(): NtStatus {
  if (word(ProgressPolicyWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  const examines = word(ProgressPolicyWord.Policy) == (WdfIoForwardProgressReservedPolicy.UseExamine as u32);
  if (examines && word(ProgressPolicyWord.EvtIoWdmIrpForForwardProgress) == 0) return NtStatus.InvalidParameter;
  return word(ProgressPolicyWord.TotalForwardProgressRequests) == 0 ? NtStatus.InvalidParameter : NtStatus.Success;
}
