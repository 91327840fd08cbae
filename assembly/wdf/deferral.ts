// May this thread call the driver now? And if not, who will?
//
//   the queue is passive and the level above PASSIVE_LEVEL      a work item
//   the thread holds the queue's associated callback lock       a work item if the queue is passive, else a DPC
//   otherwise                                                   this thread
//
// One post at a time: events that arrive while it is outstanding set `deferredAgain`, and the deferred run posts
// itself once more when it ends. What is deferred is a pass through the queue's event loop, which finds whatever
// there is to do then.
//
// Source: FxIoQueue::CanThreadDispatchEventsLocked, DeferredDispatchRequestsFromDpc / FromWorkerThread.

import { Irql } from "../abi/irql";
import { Frame, Step } from "../nt/frame";
import { dpcs, queueCall, workItems } from "../nt/deferred";
import { currentIrql } from "../nt/processor";
import { CallbackLock } from "./callback-lock";
import { callLoop } from "./calls";
import { FrameKind, QueueFrame } from "./frames";
import { Queue, queueAt } from "./queue";

/** True when the running thread may call the driver for this queue; else its turn has been posted. */
export function mayCallDriver(q: Queue): bool {
  if (q.passiveLevel != 0 && currentIrql() > (Irql.Passive as u32)) {
    post(q);
    return false;
  }
  if (q.associatedLock != 0 && changetype<CallbackLock>(q.associatedLock).isMine) {
    post(q);
    return false;
  }
  return true;
}

function post(q: Queue): void {
  if (q.deferredPosted != 0) return;
  q.deferredPosted = 1;
  queueCall(q.passiveLevel != 0 ? workItems() : dpcs(), q.deferred, FrameKind.Deferred, changetype<usize>(q));
}

/** The run of a DPC or work item: the loop, then once more if something came meanwhile. */
export function stepDeferred(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const q = queueAt(f.queue);
  if (f.step == 0) {
    f.step = 1;
    q.deferredAgain = 0;
    callLoop(q, 0);
    return Step.Again;
  }
  q.deferredPosted = 0;
  if (q.deleted == 0 && q.deferredAgain != 0) {
    q.deferredAgain = 0;
    post(q);
  }
  return Step.Done;
}
