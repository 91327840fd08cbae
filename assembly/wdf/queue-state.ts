// Stop, drain and purge: the operations that change what a queue accepts and dispatches.
//
//   operation        accept   dispatch   what is queued                what the driver has          slot
//   ──────────────── ──────── ────────── ───────────────────────────── ──────────────────────────── ──────
//   Start            set      set        presented again               -                            -
//   Stop             set      clear      kept                          kept                         stop
//   StopAndPurge     set      clear      present at the call: cancelled cancelable ones cancelled   stop
//   Drain            clear    -          presented as ever             kept                         purge
//   Purge            clear    -          cancelled                     cancelable ones cancelled    purge
//
// The order inside is the framework's: slot, flags, queued requests one by one, cancelable ones in mark order, IRPs
// postponed for lack of a reserved request, then the loop. Each cancelled request may run driver code, and the queue's
// loop, before the next one: that is why a completion callback can come between two of them.
//
// Source: FxIoQueue::QueueIdle, QueuePurge, QueueIdleSynchronously, FlushByFileObject.

import { WdfViolation } from "../abi/bugcheck";
import { WaitReason } from "../abi/event";
import { RequestBits } from "../abi/request";
import { Frame, Step } from "../nt/frame";
import { violation } from "../nt/stop";
import { currentThread } from "../nt/thread";
import { callFrame, callLoop } from "./calls";
import { cancelForDriver, cancelUndelivered, takeMark } from "./cancel";
import { callPostponedCancel, capturePostponed } from "./forward-progress";
import { FrameKind, QueueFrame, QueueStateFrame } from "./frames";
import { parkWatched } from "./long-wait";
import { Queue, dequeue, noteTransitionFromEmpty, queueAt, setFlags } from "./queue";
import { Request, requestOfCancelNode } from "./request";

/** WdfIoQueueStart */
export function startQueue(q: Queue): void {
  setFlags(q, true, true);
  q.cancelDispatched = 0;
  if (q.queuedCount != 0) {
    noteTransitionFromEmpty(q);
  }
  callLoop(q, 0);
}

/** Stop, StopAndPurge. `callback` 0: none; `waits`: the synchronous form. */
export function idleQueue(q: Queue, cancels: bool, callback: u32, context: u32, waits: bool): void {
  if (refused(q, (callback != 0 || waits) && (q.idleCallback != 0 || q.idleWaiter != 0))) return;
  const f = callFrame<QueueStateFrame>(FrameKind.QueueIdle);
  f.queue = changetype<usize>(q);
  f.cancels = cancels ? 1 : 0;
  f.waits = waits ? 1 : 0;
  f.waitReason = WaitReason.QueueToStop;
  f.reached = 0;
  if (callback != 0) {
    q.idleCallback = callback;
    q.idleContext = context;
  } else if (waits) {
    q.idleWaiter = changetype<usize>(f);
  }
  setFlags(q, true, false);
  if (!cancels) {
    f.step = StateStep.Loop;
    return;
  }
  q.cancelDispatched = 1;
  markQueued(q);
  if (q.progress != 0) capturePostponed(q);
}

/** Drain (`cancels` false) and Purge. */
export function purgeQueue(q: Queue, cancels: bool, callback: u32, context: u32, waits: bool): void {
  if (refused(q, (callback != 0 || waits) && (q.purgeCallback != 0 || q.purgeWaiter != 0))) return;
  const f = callFrame<QueueStateFrame>(FrameKind.QueuePurge);
  f.queue = changetype<usize>(q);
  f.cancels = cancels ? 1 : 0;
  f.waits = waits ? 1 : 0;
  f.waitReason = cancels ? WaitReason.QueueToPurge : WaitReason.QueueToDrain;
  f.reached = 0;
  if (callback != 0) {
    q.purgeCallback = callback;
    q.purgeContext = context;
  } else if (waits) {
    q.purgeWaiter = changetype<usize>(f);
  }
  setFlags(q, false, q.dispatches);
  if (cancels) q.cancelDispatched = 1;
  else f.step = StateStep.Postponed;
}

/** A deleted queue and a slot that is taken are the Stop WDF_QUEUE_FATAL_ERROR. */
function refused(q: Queue, taken: bool): bool {
  if (q.deleted == 0 && !taken) return false;
  violation(WdfViolation.QueueFatalError, q.handle, 0);
  return true;
}

/** StopAndPurge cancels what is queued now, not what comes while it is at it. */
function markQueued(q: Queue): void {
  const head = q.queued;
  for (let node = head.next; node != head; node = node.next) changetype<Request>(node).set(RequestBits.Canceled);
}

enum StateStep {
  Queued = 0,
  Cancelable = 1,
  Postponed = 2,
  Loop = 3,
  Wait = 4,
  Reached = 5,
}

/** Cancels one request at a time, then runs the loop, then waits if asked to. */
export function stepQueueState(frame: Frame): Step {
  const f = changetype<QueueStateFrame>(frame);
  const q = queueAt(f.queue);
  switch (f.step) {
    case StateStep.Queued: {
      if (!cancelNextQueued(q, f.kind == (FrameKind.QueueIdle as u32))) f.step = StateStep.Cancelable;
      return Step.Again;
    }
    case StateStep.Cancelable: {
      if (!cancelNextCancelable(q)) f.step = StateStep.Postponed;
      return Step.Again;
    }
    case StateStep.Postponed: {
      f.step = StateStep.Loop;
      if (q.progress != 0) callPostponedCancel(q, f.kind == (FrameKind.QueueIdle as u32), 0);
      return Step.Again;
    }
    case StateStep.Loop: {
      f.step = StateStep.Wait;
      callLoop(q, 0);
      return Step.Again;
    }
    case StateStep.Wait: {
      if (f.waits == 0) return Step.Done;
      f.step = StateStep.Reached;
      currentThread().kernelApcDisable--;
      if (f.reached != 0) return Step.Again;
      parkWatched(f.waitReason, q.handle);
      return Step.Yield;
    }
    default:
      currentThread().kernelApcDisable++;
      return Step.Done;
  }
}

/** False when none is left to cancel. StopAndPurge stops at the first that came after the call. */
function cancelNextQueued(q: Queue, markedOnly: bool): bool {
  if (q.queuedCount == 0) return false;
  const r = changetype<Request>(q.queued.next);
  if (markedOnly && !r.has(RequestBits.Canceled)) return false;
  dequeue(q, r);
  cancelUndelivered(q, r);
  return true;
}

function cancelNextCancelable(q: Queue): bool {
  if (q.cancelable.isEmpty) return false;
  const r = requestOfCancelNode(q.cancelable.next);
  takeMark(q, r);
  cancelForDriver(q, r);
  return true;
}

/** Cancels the undelivered requests of a file object (IRP_MJ_CLEANUP). */
export function flushFile(q: Queue, file: u32): void {
  const f = callFrame<QueueFrame>(FrameKind.FileFlush);
  f.queue = changetype<usize>(q);
  f.file = file;
}

export function stepFileFlush(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const q = queueAt(f.queue);
  if (f.step == 0) {
    f.step = 1;
    if (q.progress != 0) callPostponedCancel(q, false, f.file);
    return Step.Again;
  }
  if (f.step == 2) return Step.Done;
  const head = q.queued;
  for (let node = head.next; node != head; node = node.next) {
    const r = changetype<Request>(node);
    if (r.file != f.file) continue;
    dequeue(q, r);
    cancelUndelivered(q, r);
    return Step.Again;
  }
  f.step = 2;
  callLoop(q, 0);
  return Step.Again;
}
