// WDFSPINLOCK and WDFWAITLOCK.
//
//   lock      is                                          its owner is known to
//   ───────── ─────────────────────────────────────────── ──────────────────────────────────────────────────────────
//   spin      a KSPIN_LOCK with the level of its acquire  the framework's verifier, which stops a release by another
//   wait      an event that one wait takes, within a      nobody: anyone may release it, but leaves a critical region
//             critical region                             that way
//
// Source: fxspinlock.cpp, fxspinlockapi.cpp, fxwaitlock.hpp, fxwaitlockapi.cpp.

import { BugCheck, DriverVerifierViolation, WdfViolation } from "../abi/bugcheck";
import { WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { Ddi } from "../abi/irql-rules";
import { KernelType, Timeout } from "../abi/kernel";
import { Switch } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Dispatcher } from "../nt/dispatcher";
import { isMine, leaveLock } from "../nt/lock";
import { currentIrql } from "../nt/processor";
import { bugCheck, driverVerifierStop, violation } from "../nt/stop";
import { isOn, system, verifierOn } from "../nt/system";
import { currentThread } from "../nt/thread";
import { beginWait, watch } from "../nt/wait";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { settle } from "../wdf/dispatch";
import { callingDriver } from "../wdf/driver";
import { WaitThen } from "../wdf/frames";
import { irqlAtMost } from "../wdf/irql";
import { giveDispatcher, takeDispatcher } from "../wdf/kernel-object";
import { acquireLock, mayWait, wait } from "../wdf/kernel-wait";
import { objectAt } from "../wdf/object";
import { commit } from "../wdf/object-create";
import { breakPoint, ruleFinding } from "../wdf/verifier";
import { joined, required } from "./check";

/** The handle is the first out value. */
export function WdfSpinLockCreate(): i32 {
  return create(ObjectKind.SpinLock, KernelType.SpinLock);
}

/** The handle is the first out value. */
export function WdfWaitLockCreate(): i32 {
  return create(ObjectKind.WaitLock, KernelType.WaitLock);
}

function create(kind: ObjectKind, type: KernelType): NtStatus {
  const status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  const parent = parentOr(callingDriver());
  if (parent == 0) return NtStatus.InvalidHandle;
  const body = takeDispatcher();
  if (body == 0) return NtStatus.InsufficientResources;
  const made = commit(kind, body, parent, 0, 0);
  if (made < 0) {
    giveDispatcher(body);
    return made;
  }
  const lock = changetype<Dispatcher>(body);
  lock.initialize(system.out0, type, 1);
  lock.level = Irql.Dispatch;
  return made;
}

function lockOf(handle: u32, kind: ObjectKind): usize {
  const entry = required(handle, kind);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** The lock of a handle; 0 when it belongs to an interrupt, whose functions it is for, or after a Stop. */
function spinLockOf(handle: u32): usize {
  const at = lockOf(handle, ObjectKind.SpinLock);
  if (at == 0 || changetype<Dispatcher>(at).limit == 0) return at;
  breakPoint(FindingId.SpinLockOfInterrupt, handle, 0);
  return 0;
}

export function WdfSpinLockAcquire(handle: u32): void {
  const at = spinLockOf(handle);
  if (at == 0) return;
  const lock = changetype<Dispatcher>(at);
  const irql = currentIrql();
  if (irql > (Irql.Dispatch as u32) && isOn(Switch.DriverVerifier)) {
    driverVerifierStop(DriverVerifierViolation.AcquireSpinLockTooHigh, irql, handle, 0);
    return;
  }
  if (isMine(lock) && (isOn(Switch.DriverVerifier) || isOn(Switch.CheckedBuild))) {
    bugCheck(BugCheck.SpinLockAlreadyOwned, handle, 0, 0, 0);
    return;
  }
  acquireLock(lock, false);
  settle(0);
}

export function WdfSpinLockRelease(handle: u32): void {
  const at = spinLockOf(handle);
  if (at == 0) return;
  const lock = changetype<Dispatcher>(at);
  if (verifierOn() && !isMine(lock)) {
    violation(WdfViolation.InvalidLockOperation, handle, 1);
    return;
  }
  leaveLock(lock);
  settle(0);
}

/** A timeout of 0 only looks, at any level up to DISPATCH_LEVEL; everything else is for PASSIVE_LEVEL. */
export function WdfWaitLockAcquire(handle: u32, timeout: u32, low: u32, high: u32): i32 {
  const at = lockOf(handle, ObjectKind.WaitLock);
  if (at == 0) return NtStatus.InvalidHandle;
  const due = joined(low, high);
  if (timeout == (Timeout.None as u32) || due != 0) {
    irqlAtMost(Ddi.WdfWaitLockAcquire, Irql.Passive);
    if (verifierOn() && currentIrql() > (Irql.Passive as u32)) {
      breakPoint(FindingId.NotPassive, handle, 0);
      return NtStatus.InvalidDeviceRequest;
    }
  }
  if (!mayWait(handle, timeout as Timeout, due)) return NtStatus.Unsuccessful;
  const thread = currentThread();
  const lock = changetype<Dispatcher>(at);
  thread.kernelApcDisable--;
  beginWait(thread, false);
  watch(thread, lock, 0);
  const status = wait(WaitReason.WaitLock, handle, timeout as Timeout, due, WaitThen.LeaveOnTimeout, at);
  if (status == NtStatus.Timeout) thread.kernelApcDisable++;
  return settle(status);
}

export function WdfWaitLockRelease(handle: u32): void {
  const at = lockOf(handle, ObjectKind.WaitLock);
  if (at == 0) return;
  const lock = changetype<Dispatcher>(at);
  if (!isMine(lock)) ruleFinding(FindingId.WaitLockNotHeld, handle, 0);
  leaveLock(lock);
  currentThread().kernelApcDisable++;
  settle(0);
}
