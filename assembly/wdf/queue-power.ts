// A queue in a power transition of its device: the states in which it tells the driver about each request it owns.
//
//   leave D0   On ─▶ StartingTransition ─▶ Stopping ─▶ StoppingNotifyingDriver ─▶ StoppingDriverNotified ─▶ Off
//   removal    On, Off ─▶ Purge ─▶ PurgeNotifyingDriver ─▶ PurgeDriverNotified ─▶ Off
//   enter D0   Off ─▶ Restarting ─▶ RestartingNotifyingDriver ─▶ RestartingDriverNotified ─▶ On
//
//   state                step                                                                      then
//   ──────────────────── ───────────────────────────────────────────────────────────────────────── ─────────
//   StartingTransition   the last frame in the loop tells the power thread that nothing runs        leave
//   Stopping, Purge,     all owned requests are to be told                                          look again
//     Restarting
//   …NotifyingDriver     the next one is told (EvtIoStop, EvtIoResume); none left: …DriverNotified   look again
//   Stopping-, Purge-    answered ones go where the answer says; when every one is answered or       look again
//     DriverNotified     completed and no other frame is in the loop: Off, the power thread goes on  or leave
//   Restarting-          On; requests are presented from the second pass                            leave
//     DriverNotified
//
// EvtIoStop is not called for a request the framework has begun to cancel. Answers take effect only when every
// request of the queue has been told, in the order told, so that several put back end up in reverse order.
//
// Source: FxIoQueue::ProcessPowerEvents, ProcessAcknowledgedRequests.

import { RoutineKind } from "../abi/event";
import { RequestBits } from "../abi/request";
import { WdfRequestStopAction } from "../abi/wdf";
import { Step } from "../nt/frame";
import { Links } from "../nt/links";
import { system } from "../nt/system";
import { Thread, wake } from "../nt/thread";
import { cancelUndelivered } from "./cancel";
import { LoopFrame, LoopStep } from "./frames";
import { callLocked } from "./invoke";
import { Queue, QueuePower, enqueueHead, refreshGate } from "./queue";
import { Request, hold } from "./request";

/** One step. Yield stands for a call into the driver, Done for leaving the loop. */
export function stepQueuePower(f: LoopFrame, q: Queue): Step {
  switch (q.power) {
    case QueuePower.StartingTransition as u32:
      if (q.dispatching == 1) signalPowerIdle(q);
      return leave(q);
    case QueuePower.Stopping as u32:
      return beginNotifying(q, QueuePower.StoppingNotifyingDriver);
    case QueuePower.Purge as u32:
      return beginNotifying(q, QueuePower.PurgeNotifyingDriver);
    case QueuePower.Restarting as u32:
      return beginNotifying(q, QueuePower.RestartingNotifyingDriver);
    case QueuePower.StoppingNotifyingDriver as u32:
      return notifyStop(f, q, WdfRequestStopAction.Suspend);
    case QueuePower.PurgeNotifyingDriver as u32:
      return notifyStop(f, q, WdfRequestStopAction.Purge);
    case QueuePower.RestartingNotifyingDriver as u32:
      return notifyResume(f, q);
    case QueuePower.RestartingDriverNotified as u32:
      setPower(q, QueuePower.On);
      return leave(q);
    default:
      return awaitAnswers(q);
  }
}

/** The framework's own reference keeps the handle valid until the callback that is to follow has returned. */
export function holdForCallback(f: LoopFrame, r: Request): void {
  hold(r);
  f.held = changetype<usize>(r);
  f.step = LoopStep.HoldReturned;
}

export function setPower(q: Queue, power: QueuePower): void {
  q.power = power;
  refreshGate(q);
}

function leave(q: Queue): Step {
  q.dispatching--;
  return Step.Done;
}

/** The thread that waits for the transition may go on. */
function signalPowerIdle(q: Queue): void {
  q.powerIdle = 1;
  if (q.powerWaiter != 0) wake(changetype<Thread>(q.powerWaiter));
}

function beginNotifying(q: Queue, next: QueuePower): Step {
  q.powerNotify.takeAll(q.owned);
  setPower(q, next);
  return Step.Again;
}

function notifyStop(f: LoopFrame, q: Queue, action: WdfRequestStopAction): Step {
  if (q.powerNotify.isEmpty) {
    const purging = action == WdfRequestStopAction.Purge;
    setPower(q, purging ? QueuePower.PurgeDriverNotified : QueuePower.StoppingDriverNotified);
    return Step.Again;
  }
  const r = takeNext(q.powerNotify, q.powerNotified);
  if (action == WdfRequestStopAction.Purge) r.clear((RequestBits.StopAcknowledged as u32) | RequestBits.StopRequeue);
  if (q.evtIoStop == 0 || r.has(RequestBits.Canceled)) return Step.Again;
  let flags = action as u32;
  if (r.has(RequestBits.Cancelable)) flags |= WdfRequestStopAction.RequestCancelable as u32;
  if (system.ownedMark != 0) r.set(RequestBits.VerifierInStop);
  holdForCallback(f, r);
  return callLocked(f, q.callbackLock, RoutineKind.IoStop, q.evtIoStop, q.handle, r.handle, flags, 0, 0);
}

function notifyResume(f: LoopFrame, q: Queue): Step {
  if (q.powerNotify.isEmpty) {
    setPower(q, QueuePower.RestartingDriverNotified);
    return Step.Again;
  }
  const r = takeNext(q.powerNotify, q.owned);
  if (q.evtIoResume == 0 || r.has(RequestBits.Canceled)) return Step.Again;
  holdForCallback(f, r);
  return callLocked(f, q.callbackLock, RoutineKind.IoResume, q.evtIoResume, q.handle, r.handle, 0, 0, 0);
}

function takeNext(from: Links, to: Links): Request {
  const node = from.next;
  node.unlink();
  to.append(node);
  return changetype<Request>(node);
}

/** Acts on one answer at a time; when there is none left the transition may be over. */
function awaitAnswers(q: Queue): Step {
  const r = firstAnswered(q);
  if (r != 0) {
    actOnAnswer(q, changetype<Request>(r));
    return Step.Again;
  }
  if (!q.powerNotified.isEmpty || q.dispatching != 1) return leave(q);
  setPower(q, QueuePower.Off);
  signalPowerIdle(q);
  return Step.Again;
}

function firstAnswered(q: Queue): usize {
  const head = q.powerNotified;
  for (let node = head.next; node != head; node = node.next) {
    const r = changetype<Request>(node);
    if (r.has((RequestBits.StopAcknowledged as u32) | RequestBits.StopRequeue)) return changetype<usize>(r);
  }
  return 0;
}

/** Keep: the driver goes on owning it. Requeue: first in line again, or cancelled when it was meanwhile. */
function actOnAnswer(q: Queue, r: Request): void {
  const requeue = r.has(RequestBits.StopRequeue);
  r.clear((RequestBits.StopAcknowledged as u32) | RequestBits.StopRequeue | RequestBits.VerifierInStop);
  r.unlink();
  if (!requeue) {
    q.owned.append(r);
    return;
  }
  r.clear(RequestBits.VerifierOwned);
  q.driverCount--;
  if (q.cancelDispatched != 0 || !enqueueHead(q, r)) cancelUndelivered(q, r);
}
