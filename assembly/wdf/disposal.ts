// The end of a queue.
//
//   WdfObjectDelete ─▶ EvtCleanup's turn comes ─▶ purge without callback ─▶ disposing ─▶ loop ─▶ wait until the driver
//   has completed everything and no frame is in the loop ─▶ deleted ─▶ EvtCleanup ─▶ EvtDestroy ─▶ the handle is free
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
import { freeObject } from "./object";
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

export function stepDisposal(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const q = queueAt(f.queue);
  switch (f.step++) {
    case 0:
      purgeQueue(q, true, 0, 0, false);
      return Step.Again;
    case 1:
      q.disposing = 1;
      refreshGate(q);
      removeQueue(deviceAt(q.device), q);
      callLoop(q, 0);
      return Step.Again;
    case 2:
      if (q.deleted != 0) return Step.Again;
      q.disposer = system.thread;
      park(WaitReason.QueueToEmpty, q.handle);
      return Step.Yield;
    case 3:
      if (q.evtCleanup == 0) return Step.Again;
      return call(f, RoutineKind.ObjectCleanup, q.evtCleanup, q.handle, 0, 0, 0, 0);
    case 4:
      if (q.evtDestroy == 0) return Step.Again;
      return call(f, RoutineKind.ObjectDestroy, q.evtDestroy, q.handle, 0, 0, 0, 0);
    default:
      free(q);
      return Step.Done;
  }
}

function free(q: Queue): void {
  withdrawCall(q.deferred);
  if (q.progress != 0) freeReserve(progressOf(q));
  emit(EventKind.ObjectFreed, 0, q.handle, 0, 0);
  freeObject(lookupAny(q.handle));
  q.nextQueue = system.freeQueues;
  system.freeQueues = changetype<usize>(q);
}
