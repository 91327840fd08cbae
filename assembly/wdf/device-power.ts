// What a device's power does to its queues. What else happens then is in device-life.ts.
//
//   Resume     pass 1: every power-managed queue that is Off tells the driver (EvtIoResume) and is On again
//              pass 2: every power-managed queue presents what has gathered
//   Hold       pass 1: every power-managed queue waits until none of its callbacks runs
//              pass 2: one queue after the other: EvtIoStop for each request, then wait for the answers
//   Purge      managed (or the other) queues: refuse for good, cancel, EvtIoStop with Purge, wait for the answers
//
// Queues are taken in the order in which they were created.
//
// Source: FxPkgIo::StopProcessingForPower, ResumeProcessingForPower; FxIoQueue::StartPowerTransitionOff / On.

import { WaitReason } from "../abi/event";
import { Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { park } from "../nt/thread";
import { callFrame, callLoop } from "./calls";
import { Device, deviceAt } from "./device";
import { DeviceFrame, FrameKind } from "./frames";
import { Queue, QueuePower, noteTransitionFromEmpty, queueAt, shutDown } from "./queue";
import { setPower } from "./queue-power";
import { purgeQueue } from "./queue-state";

/** What happens to the queues when the device leaves D0 or goes away. */
export enum HoldAction {
  Hold = 0,
  PurgeManaged = 1,
  PurgeNonManaged = 2,
}

/** All power-managed queues go back to work. */
export function callResume(d: Device): void {
  const f = callFrame<DeviceFrame>(FrameKind.QueuesResume);
  f.device = changetype<usize>(d);
  f.queue = d.firstQueue;
  d.poweredOn = 1;
}

export function stepQueuesResume(frame: Frame): Step {
  const f = changetype<DeviceFrame>(frame);
  if (f.queue == 0) {
    if (f.step == 1) return Step.Done;
    f.step = 1;
    f.queue = deviceAt(f.device).firstQueue;
    return Step.Again;
  }
  const q = queueAt(f.queue);
  f.queue = q.nextQueue;
  if (q.powerManaged == 0) return Step.Again;
  if (f.step == 0) tellResumed(q);
  else presentGathered(q);
  return Step.Again;
}

function tellResumed(q: Queue): void {
  if (q.power == (QueuePower.On as u32)) return;
  setPower(q, QueuePower.Restarting);
  callLoop(q, 0);
}

function presentGathered(q: Queue): void {
  if (q.queuedCount != 0) {
    noteTransitionFromEmpty(q);
  }
  callLoop(q, 0);
}

/** Holds or purges the queues of a device; the frame ends when all of them are Off. */
export function callHold(d: Device, action: HoldAction): void {
  const f = callFrame<DeviceFrame>(FrameKind.QueuesHold);
  f.device = changetype<usize>(d);
  f.queue = d.firstQueue;
  f.action = action;
  if (action != HoldAction.PurgeNonManaged) d.poweredOn = 0;
  if (action == HoldAction.Hold) return;
  if (action == HoldAction.PurgeManaged) d.purgedManaged = 1;
  else d.purgedAll = 1;
  f.step = HoldStep.Begin;
}

enum HoldStep {
  Quiesce = 0,
  Quiescing = 1,
  Begin = 2,
  Purged = 3,
  Waiting = 4,
}

export function stepQueuesHold(frame: Frame): Step {
  const f = changetype<DeviceFrame>(frame);
  if (f.queue == 0) {
    if (f.step != (HoldStep.Quiesce as u32)) return Step.Done;
    f.step = HoldStep.Begin;
    f.queue = deviceAt(f.device).firstQueue;
    return Step.Again;
  }
  const q = queueAt(f.queue);
  switch (f.step) {
    case HoldStep.Quiesce:
      if (q.powerManaged == 0 || q.deleted != 0) return nextQueue(f, q, HoldStep.Quiesce);
      f.step = HoldStep.Quiescing;
      enterPower(q, QueuePower.StartingTransition);
      return Step.Again;
    case HoldStep.Quiescing:
      if (awaitPower(q, WaitReason.QueueToQuiesce)) return Step.Yield;
      return nextQueue(f, q, HoldStep.Quiesce);
    case HoldStep.Begin:
      return beginQueue(f, q);
    case HoldStep.Purged:
      f.step = HoldStep.Waiting;
      enterPower(q, QueuePower.Purge);
      return Step.Again;
    default:
      if (awaitPower(q, WaitReason.RequestsToBeAcknowledged)) return Step.Yield;
      return nextQueue(f, q, HoldStep.Begin);
  }
}

function beginQueue(f: DeviceFrame, q: Queue): Step {
  const managed = f.action != (HoldAction.PurgeNonManaged as u32);
  if ((q.powerManaged != 0) != managed || q.deleted != 0) return nextQueue(f, q, HoldStep.Begin);
  if (f.action == (HoldAction.Hold as u32)) {
    f.step = HoldStep.Waiting;
    enterPower(q, QueuePower.Stopping);
    return Step.Again;
  }
  f.step = HoldStep.Purged;
  shutDown(q);
  purgeQueue(q, true, 0, 0, false);
  return Step.Again;
}

function nextQueue(f: DeviceFrame, q: Queue, step: HoldStep): Step {
  f.queue = q.nextQueue;
  f.step = step;
  return Step.Again;
}

function enterPower(q: Queue, power: QueuePower): void {
  setPower(q, power);
  q.powerIdle = 0;
  callLoop(q, 0);
}

/** True when the running thread has been parked until the queue says that it is done. */
function awaitPower(q: Queue, why: WaitReason): bool {
  if (q.powerIdle != 0) {
    q.powerWaiter = 0;
    return false;
  }
  q.powerWaiter = system.thread;
  park(why, q.handle);
  return true;
}
