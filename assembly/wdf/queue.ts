// The I/O queue: its record, its rings and its bookkeeping. No control flow: what happens next is decided in
// presentation.ts and run in queue-loop.ts.
//
//   ring             holds                                            counted in
//   ──────────────── ──────────────────────────────────────────────── ────────────────
//   queued           undelivered requests, first in first out         queuedCount
//   owned            requests the driver has                          driverCount
//   powerNotify      owned ones EvtIoStop / EvtIoResume is due for     driverCount
//   powerNotified    owned ones whose EvtIoStop was called            driverCount
//   cancelable       owned ones marked cancelable, in mark order      (also on one of the three above)
//   cancelDue        owned ones whose EvtRequestCancel is due         (also on one of the three above)
//   canceledOnQueue  owned ones whose EvtIoCanceledOnQueue is due     (also on owned)
//
// driverCount is more than the length of these rings while a request is being forwarded away.
//
// `gate` sums up in one word why an arrival may not go straight to its handler; 0 is the common case. It is derived
// and kept by refreshGate alone.
//
// Source: fxioqueue.hpp (fields), fxioqueue.cpp (InsertInDriverOwnedList, RemoveFromDriverOwnedList, SetState).

import { RoutineKind } from "../abi/event";
import { RequestBits, RequestPlace } from "../abi/request";
import { WdfIoQueueDispatchType, WdfIoQueueState } from "../abi/wdf";
import { Links } from "../nt/links";
import { DeferredCall } from "../nt/deferred";
import { CallbackLock } from "./callback-lock";
import { referenceForQueue } from "./idle";
import { Request } from "./request";

/** Where a queue stands in a power transition of its device (spec: 12 states). */
export enum QueuePower {
  On = 0,
  Off = 1,
  StartingTransition = 2,
  Stopping = 3,
  StoppingNotifyingDriver = 4,
  StoppingDriverNotified = 5,
  Purge = 6,
  PurgeNotifyingDriver = 7,
  PurgeDriverNotified = 8,
  Restarting = 9,
  RestartingNotifyingDriver = 10,
  RestartingDriverNotified = 11,
}

/** Reasons for an arrival to take the long way. */
export enum Gate {
  NotAccepting = 1,
  NotDispatching = 2,
  Power = 4,
  Manual = 8,
  Locked = 16,
  Passive = 32,
  CancelDue = 64,
  StateCallback = 128,
  Disposing = 256,
  ForwardProgress = 512,
  /** The queue holds a power reference of the device, which is to be dropped when it is empty again. */
  PowerReference = 1024,
}

/** Internal, never reported: acceptance cannot come back (removal). */
const SHUTDOWN: u32 = 0x10000;

@unmanaged
export class Queue {
  /** The next queue of the device, in creation order; first word, so that free records chain through it. */
  nextQueue: usize;
  handle: u32;
  device: usize;
  type: u32;
  /** WdfIoQueueState Accept and Dispatch, and the internal shutdown flag. */
  flags: u32;
  gate: u32;
  /** The most requests the driver may own through automatic presentation. */
  limit: u32;
  queuedCount: u32;
  driverCount: u32;
  /** Frames inside the event loop. */
  dispatching: u32;
  allowZeroLength: u32;

  // The host's callbacks, 0 for none. The five request handlers are indexed by RoutineKind.
  handlers: u32; // RoutineKind.None: unused
  evtIoRead: u32;
  evtIoWrite: u32;
  evtIoDeviceControl: u32;
  evtIoInternalDeviceControl: u32;
  evtIoDefault: u32;
  evtIoStop: u32;
  evtIoResume: u32;
  evtIoCanceledOnQueue: u32;

  // Heads of rings, three words each.
  queuedHead: u32;
  queuedNext: u32;
  queuedPrev: u32;
  ownedHead: u32;
  ownedNext: u32;
  ownedPrev: u32;
  notifyHead: u32;
  notifyNext: u32;
  notifyPrev: u32;
  notifiedHead: u32;
  notifiedNext: u32;
  notifiedPrev: u32;
  cancelableHead: u32;
  cancelableNext: u32;
  cancelablePrev: u32;
  cancelDueHead: u32;
  cancelDueNext: u32;
  cancelDuePrev: u32;
  onQueueHead: u32;
  onQueueNext: u32;
  onQueuePrev: u32;

  // Three one-callback slots. A callback is the host's; a frame is a synchronous call that waits.
  idleCallback: u32;
  idleContext: u32;
  idleWaiter: usize;
  purgeCallback: u32;
  purgeContext: u32;
  purgeWaiter: usize;
  readyCallback: u32;
  readyContext: u32;
  /** Consumed by the ready callback. */
  transitionFromEmpty: u32;
  /** The next arrival counts as a transition from empty. */
  forceTransition: u32;
  /** What the driver gives back or marks cancelable is cancelled instead. */
  cancelDispatched: u32;

  // Power.
  powerManaged: u32;
  power: u32;
  /** 1 while a frame waits for the transition's end; the frame itself. */
  powerWaiter: usize;
  powerIdle: u32;
  powerReferenced: u32;
  /** 1 when it takes a power reference while it has requests: a power-managed queue of a device with idle settings. */
  idleTracked: u32;

  // Synchronization.
  passiveLevel: u32;
  scope: u32;
  /** The lock the queue is associated with (its own or the device's). */
  associatedLock: usize;
  /** The lock taken around callbacks, or 0. */
  callbackLock: usize;

  // Deferred runs of the loop.
  deferredKind: u32;
  deferredNext: u32;
  deferredPrev: u32;
  deferredTarget: usize;
  deferredPosted: u32;
  deferredAgain: u32;

  // End of life.
  disposing: u32;
  deleted: u32;
  disposer: usize;

  // Forward progress, 0 when no policy was assigned.
  progress: usize;

  // Its own callback lock.
  lockHead: u32;
  lockNext: u32;
  lockPrev: u32;
  lockOwner: usize;
  lockIrql: u32;
  lockPassive: u32;

  @inline get queued(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("queuedHead"));
  }
  @inline get owned(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("ownedHead"));
  }
  @inline get powerNotify(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("notifyHead"));
  }
  @inline get powerNotified(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("notifiedHead"));
  }
  @inline get cancelable(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("cancelableHead"));
  }
  @inline get cancelDue(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("cancelDueHead"));
  }
  @inline get canceledOnQueue(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Queue>("onQueueHead"));
  }
  @inline get deferred(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Queue>("deferredKind"));
  }
  @inline get ownLock(): CallbackLock {
    return changetype<CallbackLock>(changetype<usize>(this) + offsetof<Queue>("lockHead"));
  }

  @inline get accepts(): bool {
    return (this.flags & (WdfIoQueueState.AcceptRequests as u32)) != 0;
  }
  @inline get dispatches(): bool {
    return (this.flags & (WdfIoQueueState.DispatchRequests as u32)) != 0;
  }
  @inline get isManual(): bool {
    return this.type == (WdfIoQueueDispatchType.Manual as u32);
  }

  /** True in the states in which EvtIoStop or EvtIoResume calls are under way: cancel callbacks wait. */
  get isNotifying(): bool {
    const power = this.power;
    return (
      power == (QueuePower.StoppingNotifyingDriver as u32) ||
      power == (QueuePower.PurgeNotifyingDriver as u32) ||
      power == (QueuePower.RestartingNotifyingDriver as u32)
    );
  }
}

export function queueAt(address: usize): Queue {
  return changetype<Queue>(address);
}

/** Empties all rings of a new record. */
export function resetRings(q: Queue): void {
  q.queued.reset();
  q.owned.reset();
  q.powerNotify.reset();
  q.powerNotified.reset();
  q.cancelable.reset();
  q.cancelDue.reset();
  q.canceledOnQueue.reset();
  q.deferred.reset();
}

/** The handler a request of that kind goes to (its own or EvtIoDefault), as a RoutineKind; None without one. */
export function handlerKind(q: Queue, kind: u32): u32 {
  if (handlerOf(q, kind) != 0) return kind;
  return q.evtIoDefault != 0 ? (RoutineKind.IoDefault as u32) : (RoutineKind.None as u32);
}

/** The host's callback for a RoutineKind from IoRead to IoDefault. */
export function handlerOf(q: Queue, kind: u32): u32 {
  return load<u32>(changetype<usize>(q) + offsetof<Queue>("handlers") + (kind as usize) * 4);
}

/** Recomputes `gate` from the facts it sums up. */
export function refreshGate(q: Queue): void {
  let gate: u32 = 0;
  if (!q.accepts) gate |= Gate.NotAccepting as u32;
  if (!q.dispatches) gate |= Gate.NotDispatching as u32;
  if (q.power != (QueuePower.On as u32)) gate |= Gate.Power as u32;
  if (q.isManual) gate |= Gate.Manual as u32;
  if (q.scope != 0 || (q.associatedLock != 0 && changetype<CallbackLock>(q.associatedLock).owner != 0)) gate |= Gate.Locked as u32;
  if (q.passiveLevel != 0) gate |= Gate.Passive as u32;
  if (!q.cancelDue.isEmpty || !q.canceledOnQueue.isEmpty) gate |= Gate.CancelDue as u32;
  if ((q.idleCallback | q.purgeCallback) != 0 || q.idleWaiter != 0 || q.purgeWaiter != 0) gate |= Gate.StateCallback as u32;
  if (q.disposing != 0) gate |= Gate.Disposing as u32;
  if (q.progress != 0) gate |= Gate.ForwardProgress as u32;
  if ((q.powerReferenced | q.idleTracked) != 0) gate |= Gate.PowerReference as u32;
  q.gate = gate;
}

/** Sets Accept and Dispatch as Start, Stop, Drain and Purge ask for them (SetState). Dispatching ends a purge's mode. */
export function setFlags(q: Queue, accept: bool, dispatch: bool): void {
  let flags = q.flags & SHUTDOWN;
  if (accept && flags == 0) flags |= WdfIoQueueState.AcceptRequests as u32;
  if (dispatch) flags |= WdfIoQueueState.DispatchRequests as u32;
  q.flags = flags;
  refreshGate(q);
}

/** Removal has begun: the queue accepts nothing more, whatever is asked for. */
export function shutDown(q: Queue): void {
  q.flags = (q.flags & ~(WdfIoQueueState.AcceptRequests as u32)) | SHUTDOWN;
  refreshGate(q);
}

/** ResetStateForRestart: a queue that was purged for good takes requests again. */
export function acceptAgain(q: Queue): void {
  q.flags = (q.flags & ~SHUTDOWN) | (WdfIoQueueState.AcceptRequests as u32);
  refreshGate(q);
}

/** What WdfIoQueueGetState reports. */
export function reportedState(q: Queue): u32 {
  let state = q.flags & ~SHUTDOWN;
  if (q.queuedCount == 0) state |= WdfIoQueueState.NoRequests as u32;
  if (q.driverCount == 0) state |= WdfIoQueueState.DriverNoRequests as u32;
  if (q.powerManaged != 0 && q.power != (QueuePower.On as u32)) state |= WdfIoQueueState.PnpHeld as u32;
  return state;
}

/** The driver gets a request that is on no ring. */
export function own(q: Queue, r: Request): void {
  r.place = RequestPlace.Owned;
  r.queue = changetype<usize>(q);
  q.owned.append(r);
  q.driverCount++;
}

/** The driver no longer has a request: off its ring, and off the count. */
export function disown(q: Queue, r: Request): void {
  r.unlink();
  q.driverCount--;
}

/** Puts a request last in line. False, and nothing done, when its sender has cancelled it already. */
export function enqueueTail(q: Queue, r: Request): bool {
  if (r.has(RequestBits.IrpCanceled)) return false;
  enter(q, r);
  q.queued.append(r);
  return true;
}

/** Puts a request first in line. False, and nothing done, when it is cancelled already. */
export function enqueueHead(q: Queue, r: Request): bool {
  if (r.has(RequestBits.IrpCanceled)) return false;
  enter(q, r);
  q.queued.prepend(r);
  return true;
}

function enter(q: Queue, r: Request): void {
  r.place = RequestPlace.Queued;
  r.queue = changetype<usize>(q);
  q.queuedCount++;
  if (q.queuedCount == 1 || q.forceTransition != 0) noteTransitionFromEmpty(q);
}

/** The queue has something to do again (SetTransitionFromEmpty). */
export function noteTransitionFromEmpty(q: Queue): void {
  q.transitionFromEmpty = 1;
  q.forceTransition = 0;
  if (q.idleTracked != 0) referenceForQueue(q);
}

/** Takes an undelivered request out of line. */
export function dequeue(q: Queue, r: Request): void {
  r.unlink();
  q.queuedCount--;
}

/** False when a pass through the loop would find nothing to do and nothing to defer. */
export function mayHaveWork(q: Queue): bool {
  if ((q.gate & ~(Gate.Manual as u32)) != 0) return true;
  return q.isManual ? q.readyCallback != 0 && q.transitionFromEmpty != 0 : q.queuedCount != 0;
}
