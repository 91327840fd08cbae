// The event loop of a queue: does what presentation.ts decides, one move at a time, until there is none.
//
//   enter ─▶ may this thread call the driver? ── no ─▶ a DPC or work item will (deferral.ts); leave
//              │ yes: dispatching + 1
//              ▼
//         ┌▶ next move? ── Leave ─▶ a new arrival in hand goes last in line; dispatching - 1; leave
//         │    │
//         │    ▼
//         └─ call the driver, or take a step
//
// Frames of the same queue may nest (a handler that forwards to its own queue's feeder, a new arrival from inside a
// handler) and several threads may be inside at once: `dispatching` counts them, and what must come last (stop and
// purge callbacks) is left to the last one out. No lock is held across a callback but the callback lock.
//
// Source: FxIoQueue::DispatchEvents, DispatchRequestToDriver, ProcessCancelledRequests, ProcessIdleComplete.

import { RoutineKind } from "../abi/event";
import { RequestBits } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Frame, Step } from "../nt/frame";
import { Links } from "../nt/links";
import { system } from "../nt/system";
import { Thread, wake } from "../nt/thread";
import { complete, endOfLife } from "./completion";
import { mayCallDriver } from "./deferral";
import { LoopFrame, LoopStep, QueueStateFrame } from "./frames";
import { call, callLocked } from "./invoke";
import { lifeOf } from "./object";
import { Move, nextMove } from "./presentation";
import { dereferenceForQueue, referenceForQueue } from "./idle";
import { Queue, dequeue, enqueueTail, handlerKind, handlerOf, own, queueAt, refreshGate } from "./queue";
import { holdForCallback, stepQueuePower } from "./queue-power";
import { kindOfMajor } from "./routing";
import { Request, extend, request, requestOfCancelNode, unhold } from "./request";

/** Runs the loop until a driver routine is to run, other framework code has to, or there is nothing left to do. */
export function stepQueueLoop(frame: Frame): Step {
  const f = changetype<LoopFrame>(frame);
  const q = queueAt(f.queue);
  if (f.step != (LoopStep.Iterate as u32)) {
    const step = prepare(f, q);
    if (step != Step.Yield) return step;
  }
  const move = nextMove(q, f.fresh == 0 ? 0 : 1);
  if (move == Move.Present) return present(f, q);
  if (f.fresh != 0) return lineUp(f, q);
  if (move == Move.Leave) {
    q.dispatching--;
    return Step.Done;
  }
  return act(f, q, move);
}

/** What comes before an iteration. Yield: iterate. */
function prepare(f: LoopFrame, q: Queue): Step {
  if (f.step == (LoopStep.HoldReturned as u32)) {
    f.step = LoopStep.Iterate;
    const r = request(f.held);
    if (!unhold(r)) return Step.Yield;
    endOfLife(r);
    return Step.Again;
  }
  if (f.step == (LoopStep.Turned as u32)) return Step.Done;
  if ((f.guarded != 0 && q.dispatching != 0) || q.deleted != 0) return Step.Done;
  if (mayCallDriver(q)) {
    f.step = LoopStep.Iterate;
    q.dispatching++;
    return Step.Yield;
  }
  f.step = LoopStep.Turned;
  q.deferredAgain = 1;
  return f.fresh == 0 ? Step.Done : lineUp(f, q);
}

/** A new arrival goes last in line; one that was cancelled before it got there is completed without a callback. */
function lineUp(f: LoopFrame, q: Queue): Step {
  const r = request(f.fresh);
  f.fresh = 0;
  if (!enqueueTail(q, r)) completeCancelled(r);
  return Step.Again;
}

/** STATUS_CANCELLED, Information 0. */
function completeCancelled(r: Request): void {
  if (r.extension != 0) extend(r).information = 0;
  complete(r, NtStatus.Cancelled);
}

function act(f: LoopFrame, q: Queue, move: Move): Step {
  switch (move) {
    case Move.DeliverCancel:
      return deliverCancel(f, q);
    case Move.DeliverCanceledOnQueue:
      return deliverCanceledOnQueue(f, q);
    case Move.TellStopped:
      return tellStopped(f, q);
    case Move.TellPurged:
      return tellPurged(f, q);
    case Move.TellReady:
      q.transitionFromEmpty = 0;
      return callLocked(f, q.callbackLock, RoutineKind.QueueReady, q.readyCallback, q.handle, 0, q.readyContext, 0, 0);
    case Move.DropPowerReference:
      dereferenceForQueue(q);
      return Step.Again;
    case Move.FinishDisposal:
      return finishDisposal(q);
    default:
      return stepQueuePower(f, q);
  }
}

/** Gives the next request to its handler. */
function present(f: LoopFrame, q: Queue): Step {
  if (q.queuedCount != 0) {
    if (f.fresh != 0) return lineUp(f, q);
    const r = changetype<Request>(q.queued.next);
    dequeue(q, r);
    return presentTo(f, q, r);
  }
  const r = request(f.fresh);
  f.fresh = 0;
  if (q.idleTracked != 0) referenceForQueue(q);
  return presentTo(f, q, r);
}

/** The driver owns the request from here on; what no handler is meant for is completed in its place. */
export function presentTo(f: LoopFrame, q: Queue, r: Request): Step {
  own(q, r);
  r.set(system.ownedMark);
  const kind = handlerKind(q, kindOfMajor(r.major));
  if (kind == (RoutineKind.None as u32)) {
    complete(r, NtStatus.InvalidDeviceRequest);
    return Step.Again;
  }
  if (q.allowZeroLength == 0 && r.isZeroLengthTransfer) {
    complete(r, NtStatus.Success);
    return Step.Again;
  }
  r.set(RequestBits.Presented);
  if (system.ownedMark != 0) keepForHandler(f, r);
  return callHandler(f, q, r, kind);
}

/** [V] The framework refers to a request while its handler runs: its EvtDestroy, if it has one, waits for that. */
function keepForHandler(f: LoopFrame, r: Request): void {
  if (!r.has(RequestBits.Reserved) && lifeOf(changetype<usize>(r)) != 0) holdForCallback(f, r);
}

/** Calls the handler with the arguments of its kind. */
function callHandler(f: LoopFrame, q: Queue, r: Request, kind: u32): Step {
  let inputLength: u32 = 0;
  let code: u32 = 0;
  if (r.extension != 0) {
    const extension = extend(r);
    inputLength = extension.inputLength;
    code = extension.ioctlCode;
  }
  const callback = handlerOf(q, kind);
  const lock = q.callbackLock;
  if (lock == 0) return call(f, kind, callback, q.handle, r.handle, r.length, inputLength, code);
  return callLocked(f, lock, kind, callback, q.handle, r.handle, r.length, inputLength, code);
}

function deliverCancel(f: LoopFrame, q: Queue): Step {
  const r = takeDue(q, q.cancelDue.next);
  const extension = extend(r);
  const callback = extension.evtRequestCancel;
  extension.evtRequestCancel = 0;
  holdForCallback(f, r);
  return callLocked(f, q.callbackLock, RoutineKind.RequestCancel, callback, q.handle, r.handle, 0, 0, 0);
}

function deliverCanceledOnQueue(f: LoopFrame, q: Queue): Step {
  const r = takeDue(q, q.canceledOnQueue.next);
  return callLocked(f, q.callbackLock, RoutineKind.IoCanceledOnQueue, q.evtIoCanceledOnQueue, q.handle, r.handle, 0, 0, 0);
}

/** A request that is due for a callback about its cancellation leaves the ring. */
function takeDue(q: Queue, node: Links): Request {
  node.unlink();
  node.reset();
  const r = requestOfCancelNode(node);
  r.clear(RequestBits.CancelDue);
  if (system.ownedMark != 0) r.set(RequestBits.VerifierCancelled);
  refreshGate(q);
  return r;
}

/** The stop slot's callback is called without the lock: the framework never configures one for it. */
function tellStopped(f: LoopFrame, q: Queue): Step {
  const callback = q.idleCallback;
  const waiter = q.idleWaiter;
  q.cancelDispatched = 0;
  q.idleCallback = 0;
  q.idleWaiter = 0;
  refreshGate(q);
  if (callback != 0) return call(f, RoutineKind.QueueStopComplete, callback, q.handle, 0, q.idleContext, 0, 0);
  reach(waiter);
  return Step.Again;
}

function tellPurged(f: LoopFrame, q: Queue): Step {
  const callback = q.purgeCallback;
  const waiter = q.purgeWaiter;
  q.cancelDispatched = 0;
  q.purgeCallback = 0;
  q.purgeWaiter = 0;
  refreshGate(q);
  if (callback != 0) {
    return callLocked(f, q.callbackLock, RoutineKind.QueuePurgeComplete, callback, q.handle, 0, q.purgeContext, 0, 0);
  }
  reach(waiter);
  return Step.Again;
}

/** Lets a synchronous call go on. */
function reach(waiter: usize): void {
  const f = changetype<QueueStateFrame>(waiter);
  f.reached = 1;
  wake(changetype<Thread>(f.thread));
}

function finishDisposal(q: Queue): Step {
  q.deleted = 1;
  q.dispatching--;
  if (q.disposer != 0) wake(changetype<Thread>(q.disposer));
  return Step.Done;
}
