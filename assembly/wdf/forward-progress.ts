// Guaranteed forward progress: requests kept in reserve for the time when no memory is to be had.
//
//   an IRP arrives           ordinary request made, and EvtIoAllocateRequestResources content?   the usual way
//                            otherwise the policy: always / paging I/O only / ask the driver
//                              fail ─▶ STATUS_UNSUCCESSFUL
//                              reserved request free ─▶ it takes the IRP over and goes straight to the queue
//                              none free ─▶ the IRP is postponed (cancelable), in order
//   a reserved request ends  the oldest postponed IRP takes it at once, else it is free again
//
//   reserve      free reserved requests, oldest first; their contexts are kept, their cleanup is never called
//   postponed    IRPs that wait; they are in no count, and WdfIoQueueGetState does not see them
//   captured     postponed IRPs a StopAndPurge has taken before it cancels anything
//
// Source: fxioqueuekm.cpp (GetReservedRequest, ReturnReservedRequest, AssignForwardProgressPolicy), fxpkgio.cpp.

import { EventKind, RoutineKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { ObjectKind, PLACE_MASK, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfIoForwardProgressAction, WdfIoForwardProgressReservedPolicy } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { Frame, Step } from "../nt/frame";
import { Links } from "../nt/links";
import { allocate } from "../nt/memory";
import { emit } from "../nt/ring";
import { answer, callCompletion, callFrame, callLoop } from "./calls";
import { complete } from "./completion";
import { FrameKind, QueueFrame, ReserveFrame } from "./frames";
import { call } from "./invoke";
import { Queue, enqueueTail, queueAt, refreshGate } from "./queue";
import { Request, createRequest, extend, freeRequest, request } from "./request";
import { breakPoint } from "./verifier";

@unmanaged
export class Progress {
  policy: u32;
  total: u32;
  evtAllocateRequestResources: u32;
  evtAllocateReserved: u32;
  evtExamine: u32;
  reserveHead: u32;
  reserveNext: u32;
  reservePrev: u32;
  postponedHead: u32;
  postponedNext: u32;
  postponedPrev: u32;
  capturedHead: u32;
  capturedNext: u32;
  capturedPrev: u32;
  /** 1 once all reserved requests exist: only then does the policy hold. */
  complete: u32;

  @inline get reserve(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Progress>("reserveHead"));
  }
  @inline get postponed(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Progress>("postponedHead"));
  }
  @inline get captured(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Progress>("capturedHead"));
  }
}

export function progressOf(q: Queue): Progress {
  return changetype<Progress>(q.progress);
}

/** WdfIoQueueAssignForwardProgressPolicy, after its checks. The status is the answer of the frame. */
export function assignPolicy(q: Queue, policy: u32, total: u32, resources: u32, reserved: u32, examine: u32): NtStatus {
  const at: usize = allocationFails() ? 0 : allocate(offsetof<Progress>());
  if (at == 0) return NtStatus.InsufficientResources;
  const p = changetype<Progress>(at);
  p.policy = policy;
  p.total = total;
  p.evtAllocateRequestResources = resources;
  p.evtAllocateReserved = reserved;
  p.evtExamine = examine;
  p.reserve.reset();
  p.postponed.reset();
  p.captured.reset();
  q.progress = at;
  const f = callFrame<ReserveFrame>(FrameKind.Reserve);
  f.queue = changetype<usize>(q);
  f.made = 0;
  f.target = 0;
  return NtStatus.Success;
}

/** Makes the reserved requests, one by one, each with EvtIoAllocateResourcesForReservedRequest. */
export function stepReserve(frame: Frame): Step {
  const f = changetype<ReserveFrame>(frame);
  const q = queueAt(f.queue);
  const p = progressOf(q);
  if (f.target != 0) {
    const status = f.result as NtStatus;
    if (p.evtAllocateReserved != 0 && status < 0) return abandonReserve(f, q, p, status);
    p.reserve.append(request(f.target));
    f.target = 0;
    f.made++;
  }
  if (f.made == p.total) {
    p.complete = 1;
    refreshGate(q);
    answer(f, NtStatus.Success);
    return Step.Done;
  }
  const at: usize = allocationFails() ? 0 : createRequest(RequestBits.Reserved, 0, 0);
  if (at == 0) return abandonReserve(f, q, p, NtStatus.InsufficientResources);
  const r = request(at);
  r.place = RequestPlace.Reserved;
  r.queue = changetype<usize>(q);
  extend(r).homeQueue = changetype<usize>(q);
  f.target = at;
  if (p.evtAllocateReserved == 0) return Step.Again;
  r.set(RequestBits.Presented);
  return call(f, RoutineKind.IoAllocateResourcesForReservedRequest, p.evtAllocateReserved, q.handle, r.handle, 0, 0, 0);
}

/** What was reserved is freed and the queue stays as if nothing had been assigned. */
function abandonReserve(f: ReserveFrame, q: Queue, p: Progress, status: NtStatus): Step {
  if (f.target != 0) freeRequest(request(f.target));
  freeReserve(p);
  q.progress = 0;
  refreshGate(q);
  answer(f, status);
  return Step.Done;
}

/** Frees the free reserved requests. */
export function freeReserve(p: Progress): void {
  while (!p.reserve.isEmpty) {
    const r = changetype<Request>(p.reserve.next);
    r.unlink();
    freeRequest(r);
  }
}

/** Asks the policy about an IRP. 0: the driver has to be asked (EvtIoWdmIrpForForwardProgress). */
export function policyAction(p: Progress, irp: Request): u32 {
  if (p.policy == (WdfIoForwardProgressReservedPolicy.PagingIO as u32)) {
    return irp.has(RequestBits.Paging)
      ? WdfIoForwardProgressAction.UseReservedRequest
      : WdfIoForwardProgressAction.FailRequest;
  }
  if (p.policy == (WdfIoForwardProgressReservedPolicy.UseExamine as u32) && p.evtExamine != 0) return 0;
  return WdfIoForwardProgressAction.UseReservedRequest;
}

/** What the driver answered about an IRP; anything but an action counts as "fail" and breaks. */
export function examinedAction(q: Queue, action: u32): u32 {
  const known =
    action == (WdfIoForwardProgressAction.FailRequest as u32) ||
    action == (WdfIoForwardProgressAction.UseReservedRequest as u32);
  if (known) return action;
  breakPoint(FindingId.ProgressBadAction, q.handle, action);
  return WdfIoForwardProgressAction.FailRequest;
}

/** A reserved request for the IRP, or the IRP is postponed (0) or, cancelled already, to be completed (0, status). */
export function reserveFor(q: Queue, irp: Request): usize {
  const p = progressOf(q);
  if (!p.reserve.isEmpty) {
    const r = changetype<Request>(p.reserve.next);
    r.unlink();
    takeOver(r, irp);
    return changetype<usize>(r);
  }
  if (irp.has(RequestBits.IrpCanceled)) {
    complete(irp, NtStatus.Cancelled);
    return 0;
  }
  irp.place = RequestPlace.Postponed;
  irp.queue = changetype<usize>(q);
  p.postponed.append(irp);
  return 0;
}

/** From now on the reserved request stands for the IRP; the host is told to call it by that name. */
function takeOver(r: Request, irp: Request): void {
  const kept: u32 = (RequestBits.Presented as u32) | RequestBits.Reserved | RequestBits.Extended;
  const home = extend(r).homeQueue;
  r.bits = (r.bits & kept) | (irp.bits & ~(PLACE_MASK | kept)) | (ObjectKind.Request as u32);
  r.length = irp.length;
  r.file = irp.file;
  r.queue = home;
  const mine = extend(r);
  mine.information = 0;
  mine.inputLength = 0;
  mine.ioctlCode = 0;
  if (irp.extension != 0) {
    const theirs = extend(irp);
    mine.inputLength = theirs.inputLength;
    mine.ioctlCode = theirs.ioctlCode;
    mine.sender = theirs.sender;
    mine.device = theirs.device;
  }
  emit(EventKind.IrpTakenOver, 0, irp.handle, r.handle, 0);
  freeRequest(irp);
}

/** A reserved request is done: the oldest postponed IRP takes it at once, or it goes back to the reserve. */
export function stepReserveReturn(frame: Frame): Step {
  const f = changetype<ReserveFrame>(frame);
  if (f.step != 0) return Step.Done;
  f.step = 1;
  const q = queueAt(f.queue);
  const p = progressOf(q);
  const r = request(f.target);
  r.bits &= (RequestBits.Presented as u32) | RequestBits.Reserved | RequestBits.Extended | (ObjectKind.Request as u32);
  r.place = RequestPlace.Reserved;
  if (p.postponed.isEmpty) {
    p.reserve.append(r);
    return Step.Done;
  }
  const irp = changetype<Request>(p.postponed.next);
  irp.unlink();
  takeOver(r, irp);
  arrive(q, r);
  return Step.Again;
}

/** A request reaches its queue (QueueRequest). A reserved one is only lined up while some frame is in the loop. */
export function arrive(q: Queue, r: Request): NtStatus {
  if (!q.accepts) {
    complete(r, NtStatus.InvalidDeviceState);
    return NtStatus.InvalidDeviceState;
  }
  if (q.dispatching == 0 || !r.has(RequestBits.Reserved)) callLoop(q, changetype<usize>(r));
  else if (!enqueueTail(q, r)) complete(r, NtStatus.Cancelled);
  return NtStatus.Pending;
}

/** StopAndPurge takes the postponed IRPs before it cancels anything. */
export function capturePostponed(q: Queue): void {
  const p = progressOf(q);
  while (!p.postponed.isEmpty) {
    const node = p.postponed.next;
    node.unlink();
    p.captured.append(node);
  }
}

/** Cancels postponed (or captured) IRPs, all of them or those of a file object. */
export function callPostponedCancel(q: Queue, captured: bool, file: u32): void {
  const f = callFrame<QueueFrame>(FrameKind.PostponedCancel);
  f.queue = changetype<usize>(q);
  f.file = file;
  f.captured = captured ? 1 : 0;
}

export function stepPostponedCancel(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const p = progressOf(queueAt(f.queue));
  const head = f.captured != 0 ? p.captured : p.postponed;
  for (let node = head.next; node != head; node = node.next) {
    const irp = changetype<Request>(node);
    if (f.file != 0 && irp.file != f.file) continue;
    irp.unlink();
    cancelPostponed(irp);
    return Step.Again;
  }
  return Step.Done;
}

/** A postponed IRP goes back cancelled. It has no request the driver could know of. */
export function cancelPostponed(irp: Request): void {
  irp.place = RequestPlace.Transit;
  irp.queue = 0;
  callCompletion(irp, NtStatus.Cancelled);
}
