// The end of a queue.
//
//   WdfObjectDelete ─▶ purge without callback ─▶ disposing ─▶ loop ─▶ wait until the driver has completed everything and
//   no frame is in the loop ─▶ deleted ─▶ EvtCleanup ─▶ the driver's references last? ── yes ─▶ its last
//                                                                │ no                       WdfObjectDereference
//                                                                ▼                                  │
//                                                  EvtDestroy ─▶ the handle is free ◀───────────────┘
//
// A default queue, and one that a request type is routed to, cannot be deleted. Above PASSIVE_LEVEL all of it is left
// to a work item and WdfObjectDelete returns at once.
//
// Source: FxIoQueue::Dispose, WdfObjectDelete; spec §2.7.

import { EventKind, RoutineKind, WaitReason } from "../abi/event";
import { Irql } from "../abi/irql";
import { queueCall, withdrawCall, workItems } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { emit } from "../nt/ring";
import { system } from "../nt/system";
import { park } from "../nt/thread";
import { lookupAny } from "../nt/table";
import { freeObject, objectAt } from "./object";
import { callFrame, callLoop } from "./calls";
import { deviceAt, removeQueue } from "./device";
import { freeReserve, progressOf } from "./forward-progress";
import { FrameKind, QueueFrame } from "./frames";
import { call } from "./invoke";
import { Queue, queueAt, refreshGate } from "./queue";
import { purgeQueue } from "./queue-state";

/** Deletes a queue: in the running thread at PASSIVE_LEVEL, else in a work item. */
export function deleteQueue(q: Queue): void {
  if (q.disposing != 0 || !q.disposal.isEmpty) return;
  if (currentIrql() > (Irql.Passive as u32)) {
    queueCall(workItems(), q.disposal, FrameKind.QueueDisposal, changetype<usize>(q));
    return;
  }
  const f = callFrame<QueueFrame>(FrameKind.QueueDisposal);
  f.queue = changetype<usize>(q);
}

/** Drops the reference of a queue that is not its last; false, and nothing done, when only its birth holds it. */
export function dropQueueReference(q: Queue): bool {
  const entry = objectAt(lookupAny(q.handle));
  if (entry.references == 1 && q.cleanedUp == 0) return false;
  entry.references--;
  if (entry.references != 0) return true;
  if (currentIrql() > (Irql.Passive as u32)) queueCall(workItems(), q.disposal, FrameKind.QueueDisposal, changetype<usize>(q));
  else callFrame<QueueFrame>(FrameKind.QueueDisposal).queue = changetype<usize>(q);
  return true;
}

enum DisposalStep {
  Begin = 0,
  Disposing = 1,
  Wait = 2,
  CleanUp = 3,
  CleanedUp = 4,
  Free = 5,
}

export function stepDisposal(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const q = queueAt(f.queue);
  switch (f.step++) {
    case DisposalStep.Begin:
      if (q.cleanedUp != 0) return destroy(f, q);
      purgeQueue(q, true, 0, 0, false);
      return Step.Again;
    case DisposalStep.Disposing:
      q.disposing = 1;
      refreshGate(q);
      removeQueue(deviceAt(q.device), q);
      callLoop(q, 0);
      return Step.Again;
    case DisposalStep.Wait:
      if (q.deleted != 0) return Step.Again;
      q.disposer = system.thread;
      park(WaitReason.QueueToEmpty, q.handle);
      return Step.Yield;
    case DisposalStep.CleanUp:
      if (q.evtCleanup == 0) return Step.Again;
      return call(f, RoutineKind.ObjectCleanup, q.evtCleanup, q.handle, 0, 0, 0, 0);
    case DisposalStep.CleanedUp: {
      q.cleanedUp = 1;
      const entry = objectAt(lookupAny(q.handle));
      entry.references--;
      return entry.references != 0 ? Step.Done : destroy(f, q);
    }
    default:
      free(q);
      return Step.Done;
  }
}

/** The last reference is gone. */
function destroy(f: QueueFrame, q: Queue): Step {
  f.step = DisposalStep.Free;
  if (q.evtDestroy == 0) return Step.Again;
  return call(f, RoutineKind.ObjectDestroy, q.evtDestroy, q.handle, 0, 0, 0, 0);
}

function free(q: Queue): void {
  withdrawCall(q.deferred);
  if (q.progress != 0) freeReserve(progressOf(q));
  emit(EventKind.ObjectFreed, 0, q.handle, 0, 0);
  freeObject(lookupAny(q.handle));
  q.nextQueue = system.freeQueues;
  system.freeQueues = changetype<usize>(q);
}
