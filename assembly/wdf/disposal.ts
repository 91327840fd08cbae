// What the end of a queue takes before its EvtCleanup (wdf/object-life.ts has the rest).
//
//   purge without callback ─▶ disposing ─▶ loop ─▶ wait until the driver has completed everything and no frame is in the
//   loop ─▶ deleted
//
// A default queue, and one that a request type is routed to, cannot be deleted by the driver; they go with their device.
//
// Source: FxIoQueue::Dispose.

import { WaitReason } from "../abi/event";
import { withdrawCall } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { callFrame, callLoop } from "./calls";
import { deviceAt, removeQueue } from "./device";
import { freeReserve, progressOf } from "./forward-progress";
import { FrameKind, QueueFrame } from "./frames";
import { parkWatched } from "./long-wait";
import { Queue, queueAt, refreshGate } from "./queue";
import { purgeQueue } from "./queue-state";

/** Empties a queue for good, in the running thread at PASSIVE_LEVEL. */
export function callQueueDisposal(q: Queue): void {
  callFrame<QueueFrame>(FrameKind.QueueDisposal).queue = changetype<usize>(q);
}

enum DisposalStep {
  Begin = 0,
  Disposing = 1,
  Wait = 2,
  End = 3,
}

export function stepDisposal(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const q = queueAt(f.queue);
  switch (f.step++) {
    case DisposalStep.Begin:
      purgeQueue(q, true, 0, 0, false);
      return Step.Again;
    case DisposalStep.Disposing:
      q.disposing = 1;
      refreshGate(q);
      removeQueue(deviceAt(q.device), q);
      callLoop(q, 0);
      return Step.Again;
    case DisposalStep.Wait:
      if (q.deleted != 0) return Step.Done;
      q.disposer = system.thread;
      parkWatched(WaitReason.QueueToEmpty, q.handle);
      return Step.Yield;
    default:
      return Step.Done;
  }
}

/** Gives the record of a queue back. */
export function freeQueue(q: Queue): void {
  withdrawCall(q.deferred);
  if (q.progress != 0) freeReserve(progressOf(q));
  q.nextQueue = system.freeQueues;
  system.freeQueues = changetype<usize>(q);
}
