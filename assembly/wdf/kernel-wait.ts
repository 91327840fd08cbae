// Waits of the kernel: KeWaitForSingleObject and its like, locks that are held elsewhere.
//
//   at DISPATCH_LEVEL, or above     with Driver Verifier                  without
//   ─────────────────────────────── ───────────────────────────────────── ──────────────────────────────────────────
//   a wait above DISPATCH_LEVEL     Stop 0xC4 / 0x120                     as at DISPATCH_LEVEL
//   for ever, or with a timeout     Stop 0xC4 / 0x121, 0x122              satisfied at once: fine; else Stop 0xB8
//                                                                         in a DPC, 0xA elsewhere
//   timeout 0                       legal: the object is looked at        the same
//
// A spin lock that is held is waited for at any level: the processor spins (nt/processor.ts).

import { BugCheck, DriverVerifierViolation } from "../abi/bugcheck";
import { WaitReason } from "../abi/event";
import { Irql } from "../abi/irql";
import { KernelType, Timeout } from "../abi/kernel";
import { Switch } from "../abi/layout";
import { NtStatus } from "../abi/status";
import { momentOfDueTime } from "../nt/clock";
import { Dispatcher } from "../nt/dispatcher";
import { Frame, Step } from "../nt/frame";
import { enterLock } from "../nt/lock";
import { currentIrql, setIrql } from "../nt/processor";
import { bugCheck, driverVerifierStop } from "../nt/stop";
import { isOn } from "../nt/system";
import { DPC_COOKIE, currentThread, park, parkUntil, spin } from "../nt/thread";
import { beginWait, endWait, trySatisfy, watch } from "../nt/wait";
import { answer, callFrame } from "./calls";
import { FrameKind, WaitFrame, WaitThen } from "./frames";

/** Checks that the running thread may wait so at its level. False after a Stop. */
export function mayWait(object: u32, timeout: Timeout, due: i64): bool {
  const irql = currentIrql();
  if (irql < (Irql.Dispatch as u32) || !isOn(Switch.DriverVerifier)) return true;
  if (irql > (Irql.Dispatch as u32)) driverVerifierStop(DriverVerifierViolation.WaitTooHigh, irql, object, 0);
  else if (timeout == Timeout.None) driverVerifierStop(DriverVerifierViolation.WaitAtDispatch, irql, object, 0);
  else if (due != 0) driverVerifierStop(DriverVerifierViolation.WaitAtDispatchWithTimeout, irql, object, 0);
  else return true;
  return false;
}

/** The wait that has to follow KeSetEvent with Wait TRUE puts the level back. */
export function endWaitNext(): void {
  const thread = currentThread();
  if (thread.waitNext == 0) return;
  thread.waitNext = 0;
  setIrql(thread.waitNextIrql);
}

/**
 * Waits for what was watched (nt/wait.ts): its status at once, or STATUS_PENDING when the thread is parked, and the frame
 * that was pushed will answer.
 */
export function wait(reason: WaitReason, object: u32, timeout: Timeout, due: i64, then: WaitThen, lock: usize): NtStatus {
  const thread = currentThread();
  const before = currentIrql();
  const status = trySatisfy(thread);
  if (status != NtStatus.Pending) {
    endWait(thread);
    if (then == WaitThen.Enter) enterLock(changetype<Dispatcher>(lock), before);
    return status;
  }
  if (timeout == Timeout.Given && due == 0) {
    endWait(thread);
    return NtStatus.Timeout;
  }
  if (reason != WaitReason.SpinLock && !maySwitch()) {
    endWait(thread);
    return NtStatus.Unsuccessful;
  }
  if (reason == WaitReason.SpinLock) spin(reason, object, max<u32>(before, changetype<Dispatcher>(lock).level));
  else parkFor(reason, object, timeout, due);
  const f = callFrame<WaitFrame>(FrameKind.KernelWait);
  f.then = then;
  f.waited = lock;
  return NtStatus.Pending;
}

/** False, after a Stop, where no thread switch can be: the processor is at DISPATCH_LEVEL or above. */
export function maySwitch(): bool {
  if (currentIrql() < (Irql.Dispatch as u32)) return true;
  if (currentThread().cookie == DPC_COOKIE) bugCheck(BugCheck.AttemptedSwitchFromDpc, 0, 0, 0, 0);
  else bugCheck(BugCheck.IrqlNotLessOrEqual, 0, currentIrql(), 0, 0);
  return false;
}

export function parkFor(reason: WaitReason, object: u32, timeout: Timeout, due: i64): void {
  if (timeout == Timeout.None) park(reason, object);
  else parkUntil(reason, object, momentOfDueTime(due));
}

/** The thread goes on: the wait was satisfied, or its time was up. */
export function stepKernelWait(frame: Frame): Step {
  const f = changetype<WaitFrame>(frame);
  const thread = currentThread();
  const timedOut = thread.timedOut != 0;
  endWait(thread);
  if (f.then == (WaitThen.Delay as u32)) {
    answer(f, NtStatus.Success);
    return Step.Done;
  }
  const lock = changetype<Dispatcher>(f.waited);
  if (timedOut && f.then == (WaitThen.LeaveOnTimeout as u32)) thread.kernelApcDisable++;
  if (!timedOut && f.then == (WaitThen.Enter as u32)) enterLock(lock, f.irql);
  answer(f, timedOut ? NtStatus.Timeout : thread.waitStatus);
  return Step.Done;
}

/** Takes a lock for the running thread, or parks it in line. `plain`: the level and the regions are left alone. */
export function acquireLock(lock: Dispatcher, plain: bool): void {
  const thread = currentThread();
  beginWait(thread, false);
  watch(thread, lock, 0);
  wait(reasonOf(lock.type), lock.tag, Timeout.None, 0, plain ? WaitThen.Nothing : WaitThen.Enter, changetype<usize>(lock));
}

/** Takes a lock if nobody holds it. */
export function tryToAcquireLock(lock: Dispatcher, plain: bool): bool {
  if (lock.state <= 0) return false;
  lock.take(currentThread());
  if (!plain) enterLock(lock, currentIrql());
  return true;
}

/** What a thread that waits for such an object is said to wait for. */
export function reasonOf(type: u32): WaitReason {
  switch (type) {
    case KernelType.Semaphore as u32:
      return WaitReason.Semaphore;
    case KernelType.Mutex as u32:
      return WaitReason.Mutex;
    case KernelType.Thread as u32:
      return WaitReason.Thread;
    case KernelType.NotificationTimer as u32:
    case KernelType.SynchronizationTimer as u32:
      return WaitReason.Timer;
    case KernelType.FastMutex as u32:
      return WaitReason.FastMutex;
    case KernelType.GuardedMutex as u32:
      return WaitReason.GuardedMutex;
    case KernelType.SpinLock as u32:
      return WaitReason.SpinLock;
    case KernelType.WaitLock as u32:
      return WaitReason.WaitLock;
    default:
      return WaitReason.Event;
  }
}
