// An I/O target: where a driver sends requests, and what it remembers of those that are out.
//
//   state                  a request that is sent      with IGNORE_TARGET_STATE
//   ────────────────────── ─────────────────────────── ────────────────────────────
//   Started                goes down                   goes down
//   Stopped                waits in `pended`           goes down
//   Purged                 INVALID_DEVICE_STATE        goes down
//   Closed, Deleted,       INVALID_DEVICE_STATE        goes down while `removing`
//   ClosedForQueryRemove                               (requests are still out)
//
// A request that is out is on one ring: `sent`, `ignored` (sent with IGNORE_TARGET_STATE) or `pended`. Every device has
// a default target, which leads to the device below; remote targets lead where they are opened.
//
// Source: fxiotarget.cpp (SubmitLocked, RemoveCompletedRequestLocked), fxiotargetremote.cpp.

import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { SendOptionsWord, WdfIoTargetState, WdfRequestSendOption } from "../abi/target";
import { RequestFatalError } from "../abi/bugcheck";
import { RequestBits } from "../abi/request";
import { allocationFails } from "../nt/choice";
import { setTimer } from "../nt/clock";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { word } from "../nt/scratch";
import { requestFatal } from "../nt/stop";
import { isStopped, system, verifierOn } from "../nt/system";
import { lookupAny } from "../nt/table";
import { Thread, wake } from "../nt/thread";
import { Device, deviceAt, deviceOf } from "./device";
import { FrameKind } from "./frames";
import { ObjectFlag, createObject } from "./object";
import { commit } from "./object-create";
import { Request, hold, unhold } from "./request";
import { Sending, SendingFlag, isReceived } from "./sending";

@unmanaged
export class Target {
  /** First word, so that free records chain through it. */
  handle: u32;
  state: u32;
  /** The device it belongs to. */
  device: usize;
  /** 1 for a remote target. */
  remote: u32;
  /** A remote target: 1 while it is open, and how it was opened last. */
  open: u32;
  openType: u32;
  /** Where an open remote target leads: a device of the framework, or 0 for what is below `lower`. */
  below: usize;
  lower: usize;
  /** What the driver wants to hear of the removal of the device it leads to (target-notify.ts). */
  evtQueryRemove: u32;
  evtRemoveCanceled: u32;
  evtRemoveComplete: u32;
  /** m_WaitingForSentIo: a stop or purge waits for what is on `sent`. */
  waiting: u32;
  /** m_Removing: closed or deleted, and requests are still out. */
  removing: u32;
  /** m_SentIoEvent */
  signaled: u32;
  /** Requests that are out or whose completion routine still runs. */
  ioCount: u32;
  sentHead: u32;
  sentNext: usize;
  sentPrev: usize;
  ignoredHead: u32;
  ignoredNext: usize;
  ignoredPrev: usize;
  pendedHead: u32;
  pendedNext: usize;
  pendedPrev: usize;
  waiterHead: u32;
  waiterNext: usize;
  waiterPrev: usize;

  @inline get sent(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Target>("sentHead"));
  }
  @inline get ignored(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Target>("ignoredHead"));
  }
  @inline get pended(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Target>("pendedHead"));
  }
  /** Threads that wait for m_SentIoEvent, or for the last request. */
  @inline get waiters(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Target>("waiterHead"));
  }

  /** HasValidStackSize: the target leads somewhere. */
  get connected(): bool {
    if (this.remote != 0 && this.open == 0 && this.removing == 0) return false;
    return this.state != (WdfIoTargetState.Deleted as u32) || this.removing != 0;
  }

  /** Stack locations an IRP needs that is sent here. */
  get stackSize(): u32 {
    if (this.remote == 0) return stackSizeOf(deviceAt(this.device)) - 1;
    return this.below == 0 ? stackSizeOf(deviceAt(this.lower)) - 1 : stackSizeOf(deviceAt(this.below));
  }
}

export function targetAt(address: usize): Target {
  return changetype<Target>(address);
}

/** Stack locations of an IRP that is sent to a device. Under the lowest there is always a bus driver's device. */
export function stackSizeOf(d: Device): u32 {
  if (d.parentDevice != 0) return 1;
  return d.lowerDevice == 0 ? 2 : stackSizeOf(deviceAt(d.lowerDevice)) + 1;
}

/** The record of a target without handle; 0 when memory is short. */
function allocateTarget(device: usize, remote: bool): usize {
  if (system.freeTargets == 0) system.freeTargets = allocateSlab(offsetof<Target>());
  const at = system.freeTargets;
  if (at == 0) return 0;
  system.freeTargets = load<usize>(at);
  clear(at, offsetof<Target>());
  const t = targetAt(at);
  t.state = WdfIoTargetState.Started;
  t.device = device;
  t.remote = remote ? 1 : 0;
  t.ioCount = 1;
  t.sent.reset();
  t.ignored.reset();
  t.pended.reset();
  t.waiters.reset();
  return at;
}

/** Gives the record of a target back. */
export function freeTarget(at: usize): void {
  const d = deviceAt(targetAt(at).device);
  if (d.ioTarget == at) d.ioTarget = 0;
  store<usize>(at, system.freeTargets);
  system.freeTargets = at;
}

/** WdfIoTargetCreate, with the attributes in the scratch area. The handle is the first out value. */
export function createRemoteTarget(d: Device, parent: usize): NtStatus {
  const at: usize = allocationFails() ? 0 : allocateTarget(changetype<usize>(d), true);
  if (at == 0) return NtStatus.InsufficientResources;
  const status = commit(ObjectKind.IoTarget, at, parent, changetype<usize>(d), ObjectFlag.PassiveDispose);
  if (status < 0) freeTarget(at);
  else targetAt(at).handle = system.out0;
  return status;
}

/** The default target of a device, made when somebody first asks for it. 0 for a device a bus driver made. */
export function defaultTarget(d: Device): usize {
  if (d.ioTarget != 0 || d.parentDevice != 0) return d.ioTarget;
  const device = changetype<usize>(d);
  const at = allocateTarget(device, false);
  const handle = at == 0 ? 0 : createObject(ObjectKind.IoTarget, at, lookupAny(d.handle), device, ObjectFlag.PassiveDispose);
  if (handle == 0) {
    if (at != 0) freeTarget(at);
    return 0;
  }
  targetAt(at).handle = handle;
  d.ioTarget = at;
  return at;
}

/** What SubmitLocked answers. */
export enum SubmitAction {
  Refused = 0,
  Send = 1,
  Queued = 2,
}

/** SubmitLocked: decides what becomes of a request that is sent. Refused: the status says why. */
export function submit(t: Target, r: Request, s: Sending, flags: u32): SubmitAction {
  if (s.references != 0) {
    requestFatal(RequestFatalError.AlreadySent, r.handle);
    return SubmitAction.Refused;
  }
  let status: NtStatus = verifySubmit(t, r, s);
  if (isStopped()) return SubmitAction.Refused;
  let action = SubmitAction.Refused;
  if (status >= 0) {
    action = actionFor(t, flags);
    if (action == SubmitAction.Refused) status = NtStatus.InvalidDeviceState;
  }
  if (action != SubmitAction.Refused) {
    status = enter(t, r, s, action, (flags & (WdfRequestSendOption.IgnoreTargetState as u32)) != 0);
    if (status < 0) action = s.references == 0 ? SubmitAction.Refused : SubmitAction.Queued;
  }
  if (status >= 0) startTimer(r, s, flags);
  if (status < 0) s.status = status;
  else if (verifierOn()) s.set(SendingFlag.SentToTarget);
  return action;
}

/** The timeout of an asynchronous send; it stands in the scratch area. 0 is none. */
function startTimer(r: Request, s: Sending, flags: u32): void {
  const due = dueTime();
  if ((flags & (WdfRequestSendOption.Timeout as u32)) == 0 || due == 0) return;
  s.set(SendingFlag.TimerSet);
  s.dpc.tag = FrameKind.SendTimeout;
  s.dpc.target = changetype<usize>(r);
  s.timerDpc = changetype<usize>(s.dpc);
  setTimer(s.timer, due, 0);
}

/** Timeout of the WDF_REQUEST_SEND_OPTIONS that were passed: negative from now, else system time. */
export function dueTime(): i64 {
  return ((word(SendOptionsWord.TimeoutHigh) as i64) << 32) | (word(SendOptionsWord.TimeoutLow) as i64);
}

/** [V] VerifySubmitLocked */
function verifySubmit(t: Target, r: Request, s: Sending): NtStatus {
  if (!s.has(SendingFlag.HasIrp)) {
    if (verifierOn()) return NtStatus.RequestNotAccepted;
    requestFatal(RequestFatalError.NullIrp, r.handle);
    return NtStatus.RequestNotAccepted;
  }
  if (!verifierOn()) return NtStatus.Success;
  if (!s.has(SendingFlag.Formatted)) return NtStatus.RequestNotAccepted;
  if (s.has(SendingFlag.SentToTarget)) {
    requestFatal(RequestFatalError.AlreadySent, r.handle);
    return NtStatus.RequestNotAccepted;
  }
  return hasEnoughLocations(t, r) ? NtStatus.Success : NtStatus.RequestNotAccepted;
}

/** HasEnoughStackLocations, of the IRP of a received request; the framework's own IRPs are made to measure. */
export function hasEnoughLocations(t: Target, r: Request): bool {
  if (!isReceived(r)) return true;
  const device = deviceOf(r);
  return device == 0 || stackSizeOf(deviceAt(device)) > t.stackSize;
}

function actionFor(t: Target, flags: u32): SubmitAction {
  if ((flags & (WdfRequestSendOption.IgnoreTargetState as u32)) != 0) {
    return t.removing != 0 || !isShut(t) ? SubmitAction.Send : SubmitAction.Refused;
  }
  if (t.state == (WdfIoTargetState.Started as u32)) return SubmitAction.Send;
  return t.state == (WdfIoTargetState.Stopped as u32) ? SubmitAction.Queued : SubmitAction.Refused;
}

function isShut(t: Target): bool {
  switch (t.state) {
    case WdfIoTargetState.Deleted as u32:
    case WdfIoTargetState.Closed as u32:
    case WdfIoTargetState.ClosedForQueryRemove as u32:
      return true;
    default:
      return false;
  }
}

/** The target takes the request in, unless it is cancelled already. */
function enter(t: Target, r: Request, s: Sending, action: SubmitAction, ignored: bool): NtStatus {
  s.target = changetype<usize>(t);
  s.references = 1;
  if (ignored) s.set(SendingFlag.IgnoreState);
  if (r.has(RequestBits.Canceled) || (action == SubmitAction.Queued && r.has(RequestBits.IrpCanceled))) {
    s.references = 0;
    return NtStatus.Cancelled;
  }
  t.ioCount++;
  hold(r);
  if (action == SubmitAction.Queued) {
    s.set(SendingFlag.Pended);
    t.pended.append(s);
  } else if (ignored) t.ignored.append(s);
  else t.sent.append(s);
  return NtStatus.Success;
}

/** RemoveCompletedRequestLocked: off its ring. True when whoever waits for sent requests is to be told. */
export function leaveTarget(t: Target, s: Sending): bool {
  const ignored = s.has(SendingFlag.IgnoreState);
  s.unlink();
  s.reset();
  s.endTrip();
  if (t.removing != 0) {
    if (!t.sent.isEmpty || !t.ignored.isEmpty) return false;
    t.removing = 0;
    return true;
  }
  if (t.waiting == 0 || ignored || !t.sent.isEmpty) return false;
  t.waiting = 0;
  return true;
}

/** m_SentIoEvent.Set */
export function signalTarget(t: Target): void {
  t.signaled = 1;
  wakeWaiters(t);
}

/** Every thread that waits looks again. */
export function wakeWaiters(t: Target): void {
  while (!t.waiters.isEmpty) {
    const thread = changetype<Thread>(t.waiters.next);
    thread.unlink();
    thread.reset();
    wake(thread);
  }
}

/** DecrementIoCount */
export function leaveCount(t: Target): void {
  t.ioCount--;
  if (t.state == (WdfIoTargetState.Deleted as u32)) wakeWaiters(t);
}

/** A request the target keeps alive. True when that was the last reference of one that is over. */
export function letGo(r: Request): bool {
  return unhold(r);
}
