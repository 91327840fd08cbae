// How a frame calls a routine of the driver.
//
// The frame names the routine, its arguments and, where the synchronization scope asks for it, the callback lock;
// the engine stops; the host runs the routine; `routineReturned` brings the engine back to the frame's next step.
// A lock that is held elsewhere parks the thread first, with the call kept in the frame.

import { RoutineKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { BugCheck, WdfViolation } from "../abi/bugcheck";
import { Irql } from "../abi/irql";
import { Switch } from "../abi/layout";
import { Frame, Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { emitRoutine } from "../nt/ring";
import { bugCheck, violation } from "../nt/stop";
import { isOn, system, verifierOn } from "../nt/system";
import { currentThread, regionsOf } from "../nt/thread";
import { CallbackLock } from "./callback-lock";
import { breakPoint, ruleFinding } from "./verifier";

/** Calls a routine without a lock. The caller has set the step that follows its return. */
export function call(f: Frame, kind: RoutineKind, callback: u32, object: u32, request: u32, x: u32, y: u32, z: u32): Step {
  system.callObject = object;
  system.callY = y;
  system.callZ = z;
  f.callback = callback;
  begin(f, kind);
  emitRoutine(kind, callback, request, x);
  return Step.Yield;
}

/** Calls a routine under a callback lock, 0 for none. */
export function callLocked(
  f: Frame,
  lock: usize,
  kind: RoutineKind,
  callback: u32,
  object: u32,
  request: u32,
  x: u32,
  y: u32,
  z: u32,
): Step {
  if (lock == 0) return call(f, kind, callback, object, request, x, y, z);
  f.lock = lock;
  f.callKind = kind;
  f.callback = callback;
  f.object = object;
  f.request = request;
  f.x = x;
  f.y = y;
  f.z = z;
  if (!changetype<CallbackLock>(lock).acquire()) {
    f.locking = 1;
    return Step.Yield;
  }
  return callKept(f);
}

/** The thread woke up as the owner of the lock it waited for: the call goes on. */
export function callAfterLock(f: Frame): Step {
  f.locking = 0;
  changetype<CallbackLock>(f.lock).entered();
  return callKept(f);
}

function callKept(f: Frame): Step {
  return call(f, f.callKind, f.callback, f.object, f.request, f.x, f.y, f.z);
}

function begin(f: Frame, kind: RoutineKind): void {
  f.routine = kind;
  system.running = changetype<usize>(f);
  if (!verifierOn()) return;
  f.routineIrql = currentIrql();
  f.routineApc = regionsOf(currentThread());
}

/** The routine has returned: the verifier looks at what it left behind, and the lock is given up. */
export function finishCall(f: Frame): void {
  const kind = f.routine;
  f.routine = RoutineKind.None;
  if (isThreadBody(kind)) verifyExit();
  if (f.lock != 0) releaseLock(f);
  else if (verifierOn()) verifyLevel(f, kind);
}

function releaseLock(f: Frame): void {
  const lock = changetype<CallbackLock>(f.lock);
  f.lock = 0;
  if (lock.isMine) {
    if (verifierOn()) verifyLevel(f, f.callKind);
    lock.release();
    return;
  }
  breakLockNotHeld(lock);
}

/** Two checks see it: that of the callback lock and that of the lock below it. */
export function breakLockNotHeld(lock: CallbackLock): void {
  breakPoint(FindingId.LockNotHeld, lock.tag, 0);
  breakPoint(FindingId.LockReleasedNotOwned, lock.tag, 0);
}

/** [V] An event callback must return at the level and in the critical region in which it was called. */
function verifyLevel(f: Frame, kind: u32): void {
  if (isThreadBody(kind) || kind == (RoutineKind.CallbackFunction as u32)) return;
  const irql = currentIrql();
  if (irql != f.routineIrql) {
    violation(WdfViolation.IrqlMismatch, f.routineIrql, irql);
  } else if (irql <= (Irql.Apc as u32) && regionsOf(currentThread()) != f.routineApc) {
    violation(WdfViolation.CriticalRegionMismatch, f.callback, 0);
  }
}

/** The body of a system thread, which is no event callback. */
export function isThreadBody(kind: u32): bool {
  return kind == (RoutineKind.Thread as u32) || kind == (RoutineKind.SystemThread as u32);
}

/** [DV] A system thread must end at PASSIVE_LEVEL and outside all regions. */
function verifyExit(): void {
  const regions = regionsOf(currentThread());
  const irql = currentIrql();
  if (regions == 0 && irql == (Irql.Passive as u32)) return;
  const count = currentThread().kernelApcDisable + currentThread().specialApcDisable;
  if (isOn(Switch.DriverVerifier)) bugCheck(BugCheck.KernelApcPendingDuringExit, 0, count, irql, 0);
  else ruleFinding(FindingId.ThreadEndedUnbalanced, 0, 0);
}

/** A routine threw: an unhandled exception in kernel mode. */
export function unhandledException(inSystemThread: bool): BugCheck {
  return inSystemThread && currentIrql() == (Irql.Passive as u32)
    ? BugCheck.SystemThreadExceptionNotHandled
    : BugCheck.KmodeExceptionNotHandled;
}
