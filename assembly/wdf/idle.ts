// S0 idle: a device that nothing needs leaves D0 while the system works, and comes back when it is needed.
//
//   power references (ioCount)    one for each power-managed queue with requests, one for each WdfDeviceStopIdle
//
//   in D0      references   idle enabled   what happens
//   ────────── ──────────── ────────────── ──────────────────────────────────────────────────────────────────────
//   yes        0            yes            the idle timer runs; it expires: a work item takes the device to Dx
//   yes        any other    either         the timer does not run
//   no, Idle   0            yes            nothing
//   no, Idle   as before    either         power().toD3() took it there: nothing until another reference, or toD0()
//   no, Idle   the first    either         a work item takes the device to D0; whoever waits for that goes on then
//   no, Asleep any          either         nothing until the system works again
//
// A reference taken while the device leaves D0 does not stop it: it comes back at once. A device that has failed, or
// is not started, gives no reference: STATUS_POWER_STATE_INVALID. When the system wakes up, an idle device stays where
// it is, unless PowerUpIdleDeviceOnSystemWake says otherwise.
//
// Queues are counted from WdfDeviceAssignS0IdleSettings on; without it nothing depends on the count.
//
// Source: poweridlestatemachine.cpp; FxPkgPnp::PowerPolicySetS0IdleSettings; FxIoQueue::SetTransitionFromEmpty.

import { WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { NtStatus } from "../abi/status";
import { MILLISECOND, setTimer } from "../nt/clock";
import { disarm } from "../nt/deadline";
import { queueCall, workItems } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { currentThread, park } from "../nt/thread";
import { answer, callFrame } from "./calls";
import { Device, DeviceState, deviceAt } from "./device";
import { FrameKind, QueueFrame } from "./frames";
import { Queue, queueAt, refreshGate } from "./queue";
import { breakPoint } from "./verifier";
import { releaseWaiters } from "./work-item";

/** FxPowerPolicyDefaultTimeout */
const DEFAULT_TIMEOUT: u32 = 5000;

/** Makes the records of a new device. */
export function initializeIdle(d: Device): void {
  d.idleDpc.reset();
  d.idleDpc.tag = FrameKind.IdleExpired;
  d.idleDpc.target = changetype<usize>(d);
  d.idleTimer.dpc = changetype<usize>(d.idleDpc);
  d.idleDown.reset();
  d.idleWaiters.reset();
}

/** The settings have been checked. True when the device has to come back to D0 in the running thread. */
export function assignIdleSettings(d: Device, enabled: bool, timeout: u32, wakesWithSystem: bool): bool {
  d.idleEnabled = enabled ? 1 : 0;
  d.idleTimeout = timeout == 0 ? DEFAULT_TIMEOUT : timeout;
  d.wakesWithSystem = wakesWithSystem ? 1 : 0;
  if (d.idleSet == 0) {
    d.idleSet = 1;
    for (let at = d.firstQueue; at != 0; at = queueAt(at).nextQueue) trackQueue(queueAt(at));
  }
  disarm(d.idleTimer);
  checkIdle(d);
  return !enabled && d.state == (DeviceState.Idle as u32) && d.changing == 0;
}

/** From now on the queue takes a power reference while it has requests. */
export function trackQueue(q: Queue): void {
  const d = deviceAt(q.device);
  if (d.idleSet == 0 || d.filter != 0 || q.powerManaged == 0 || q.idleTracked != 0) return;
  q.idleTracked = 1;
  if (q.queuedCount + q.driverCount != 0) referenceForQueue(q);
  refreshGate(q);
}

/** The queue has something to do again. */
export function referenceForQueue(q: Queue): void {
  if (q.powerReferenced != 0 || powerReference(deviceAt(q.device)) < 0) return;
  q.powerReferenced = 1;
  refreshGate(q);
}

/** The queue has nothing left. */
export function dereferenceForQueue(q: Queue): void {
  q.powerReferenced = 0;
  refreshGate(q);
  powerDereference(deviceAt(q.device));
}

/** FxPowerIdleMachine::PowerReference without waiting: SUCCESS in D0, PENDING on the way there, else no reference is kept. */
export function powerReference(d: Device): NtStatus {
  if (d.powerFailed != 0 || d.powerStarted == 0) return NtStatus.PowerStateInvalid;
  d.ioCount++;
  d.directed = 0;
  disarm(d.idleTimer);
  if (d.inD0 != 0) return NtStatus.Success;
  if (d.state == (DeviceState.Idle as u32) && d.changing == 0) queueWake(d);
  return NtStatus.Pending;
}

/** PowerDereference: a break, and nothing done, when there is no reference. */
export function powerDereference(d: Device): void {
  if (d.ioCount == 0) {
    breakPoint(FindingId.ResumeIdleUnbalanced, d.handle, 0);
    return;
  }
  d.ioCount--;
  checkIdle(d);
}

/** Starts the idle timer if that is what should run. */
export function checkIdle(d: Device): void {
  if (d.idleEnabled == 0 || d.ioCount != 0 || d.inD0 == 0 || d.changing != 0 || d.idleTimer.slot != 0) return;
  setTimer(d.idleTimer, -((d.idleTimeout as i64) * (MILLISECOND as i64)), 0);
}

/** The idle timer's DPC. */
export function stepIdleExpired(frame: Frame): Step {
  const d = deviceAt(changetype<QueueFrame>(frame).queue);
  if (d.ioCount != 0 || d.inD0 == 0 || d.idleEnabled == 0 || !d.idleDown.isEmpty) return Step.Done;
  d.inD0 = 0; // the decision has been made: references wait from now on
  queueCall(workItems(), d.idleDown, FrameKind.IdleDown, changetype<usize>(d));
  return Step.Done;
}

/** The device begins to leave D0. */
export function leaveD0(d: Device): void {
  disarm(d.idleTimer);
  d.inD0 = 0;
}

/** The device has come to D0, or is there still. */
export function reachD0(d: Device): void {
  d.inD0 = 1;
  releaseWaiters(d.idleWaiters);
  checkIdle(d);
}

/** The device will not come to D0 any more: stopped, removed, or failed. */
export function powerUpFailed(d: Device): void {
  leaveD0(d);
  d.powerFailed = 1;
  releaseWaiters(d.idleWaiters);
}

/** The system works again: true when the device stays where it is, because nothing needs it. */
export function mayStayAsleep(d: Device): bool {
  if (d.follows != 0) return d.ioCount == 0;
  return d.idleEnabled != 0 && d.wakesWithSystem == 0 && d.ioCount == 0 && d.armed == 0;
}

/** Leaves it to a work item to bring the device back to D0. */
export function queueWake(d: Device): void {
  if (!d.wake.isEmpty) return;
  d.changing++;
  queueCall(workItems(), d.wake, FrameKind.DeviceWake, changetype<usize>(d));
}

/** WdfDeviceStopIdle that waits for D0; a reference has been taken. Its answer is the call's result. */
export function callAwaitD0(d: Device): void {
  callFrame<QueueFrame>(FrameKind.AwaitD0).queue = changetype<usize>(d);
}

export function stepAwaitD0(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const d = deviceAt(f.queue);
  if (f.step++ == 0) {
    park(WaitReason.DeviceToPowerUp, d.handle);
    d.idleWaiters.append(currentThread());
    return Step.Yield;
  }
  if (d.powerFailed == 0 && d.powerStarted != 0) {
    answer(f, NtStatus.Success);
    return Step.Done;
  }
  d.ioCount--;
  answer(f, NtStatus.PowerStateInvalid);
  return Step.Done;
}
