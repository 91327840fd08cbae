// What a queue does next. The one place that decides; queue-loop.ts does it.
//
//   the first line that holds           what happens                         what then
//   ─────────────────────────────────── ──────────────────────────────────── ────────────────────
//   cancel callbacks due ¹              EvtRequestCancel, oldest mark first  look again
//   canceled-on-queue callbacks due ¹   EvtIoCanceledOnQueue                 look again
//   stop slot set, nothing owned ²      EvtIoQueueState (stopped)            look again
//   purge slot set, nothing at all ²    EvtIoQueueState (purged, drained)    look again
//   power reference held, nothing at    the device may idle                  look again
//     all ²
//   a power transition is under way     one step of it (queue-power.ts)      look again, or leave
//   disposing, nothing at all ²         the queue is deleted                 leave
//   powered off, or not dispatching     -                                    leave
//   manual                              EvtIoQueueState (ready) if the       look again, or leave
//                                       queue has become non-empty
//   sequential and the driver owns      -                                    leave
//     one; parallel and it owns the
//     limit
//   a request waits, or one is in hand  its handler (presented)              look again
//   otherwise                           -                                    leave
//
//   ¹ not while EvtIoStop or EvtIoResume calls are under way    ² and no other frame is in the loop
//
// "Nothing at all" counts queued and owned requests and a new arrival in hand. A queued request always goes before
// the arrival in hand.
//
// Source: FxIoQueue::DispatchEvents.

import { WdfIoQueueDispatchType } from "../abi/wdf";
import { Queue, QueuePower } from "./queue";

/** What the loop does next. */
export enum Move {
  Leave = 0,
  DeliverCancel = 1,
  DeliverCanceledOnQueue = 2,
  TellStopped = 3,
  TellPurged = 4,
  DropPowerReference = 5,
  StepPower = 6,
  FinishDisposal = 7,
  TellReady = 8,
  Present = 9,
}

/** Decides for a queue with (1) or without (0) a new arrival in hand. Changes nothing. */
export function nextMove(q: Queue, inHand: u32): Move {
  if (!q.isNotifying) {
    if (!q.cancelDue.isEmpty) return Move.DeliverCancel;
    if (!q.canceledOnQueue.isEmpty) return Move.DeliverCanceledOnQueue;
  }
  const total = q.queuedCount + q.driverCount + inHand;
  if (q.dispatching == 1) {
    if (q.driverCount == 0 && (q.idleCallback != 0 || q.idleWaiter != 0)) return Move.TellStopped;
    if (total == 0 && (q.purgeCallback != 0 || q.purgeWaiter != 0)) return Move.TellPurged;
    if (total == 0 && q.powerReferenced != 0) return Move.DropPowerReference;
  }
  const power = q.power;
  if (power != (QueuePower.On as u32) && power != (QueuePower.Off as u32)) return Move.StepPower;
  if (q.disposing != 0 && total == 0 && q.dispatching == 1) return Move.FinishDisposal;
  if (power == (QueuePower.Off as u32) || !q.dispatches) return Move.Leave;
  return nextPresentation(q, inHand);
}

function nextPresentation(q: Queue, inHand: u32): Move {
  if (q.type == (WdfIoQueueDispatchType.Manual as u32)) {
    return q.readyCallback != 0 && q.transitionFromEmpty != 0 && inHand == 0 ? Move.TellReady : Move.Leave;
  }
  if (q.driverCount >= q.limit) return Move.Leave;
  return q.queuedCount + inHand != 0 ? Move.Present : Move.Leave;
}
