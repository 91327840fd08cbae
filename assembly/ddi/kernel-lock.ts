// KSPIN_LOCK, FAST_MUTEX, KGUARDED_MUTEX (nt/lock.ts).
//
//   function at a wrong level                 Driver Verifier     without it
//   ───────────────────────────────────────── ─────────────────── ─────────────────────────────────────────────────────
//   KeAcquireSpinLock above DISPATCH          Stop 0xC4 / 0x42    the level falls to DISPATCH while the lock is held
//   KeReleaseSpinLock not at DISPATCH         Stop 0xC4 / 0x32    works; the level afterwards is the one given
//   ...AtDpcLevel, ...FromDpcLevel below      0xC4 / 0x40, 0x41   work, the level unchanged
//   ExAcquireFastMutex above APC_LEVEL        Stop 0xC4 / 0x33    the level falls to APC_LEVEL
//   ExReleaseFastMutex not at APC_LEVEL       Stop 0xC4 / 0x34    works
//   a spin lock the thread holds, again       Stop 0xF            waits for ever
//   a spin lock it does not hold, released    Stop 0x10           the lock becomes free
//
// Stops 0xF and 0x10 are those of a checked build too.

import { BugCheck, DriverVerifierViolation } from "../abi/bugcheck";
import { KernelType } from "../abi/kernel";
import { Irql } from "../abi/irql";
import { Switch } from "../abi/layout";
import { Dispatcher } from "../nt/dispatcher";
import { freeLock, isMine, leaveLock } from "../nt/lock";
import { currentIrql, setIrql } from "../nt/processor";
import { bugCheck, driverVerifierStop } from "../nt/stop";
import { isOn } from "../nt/system";
import { settle } from "../wdf/dispatch";
import { initializeKernelObject } from "../wdf/kernel-object";
import { acquireLock, tryToAcquireLock } from "../wdf/kernel-wait";
import { endShortReturn } from "../wdf/straight";
import { requiredKernelObject } from "./check";

/** [DV] Stops when the level is not as it should be. False after the Stop. */
function verified(isRight: bool, what: DriverVerifierViolation, lock: u32): bool {
  if (isRight || !isOn(Switch.DriverVerifier)) return true;
  driverVerifierStop(what, currentIrql(), lock, 0);
  return false;
}

function watchesLocks(): bool {
  return isOn(Switch.DriverVerifier) || isOn(Switch.CheckedBuild);
}

function requiredSpinLock(lock: u32): usize {
  return requiredKernelObject(lock, KernelType.SpinLock, KernelType.SpinLock);
}

export function KeInitializeSpinLock(lock: u32): u32 {
  endShortReturn();
  return initializeKernelObject(lock, KernelType.SpinLock, 1);
}

/** False after the Stop for a lock the thread holds already. */
function mayAcquire(lock: Dispatcher): bool {
  if (!isMine(lock) || !watchesLocks()) return true;
  bugCheck(BugCheck.SpinLockAlreadyOwned, lock.tag, 0, 0, 0);
  return false;
}

/** The level before. */
export function KeAcquireSpinLock(lock: u32): u32 {
  const at = requiredSpinLock(lock);
  const before = currentIrql();
  if (at == 0 || !verified(before <= (Irql.Dispatch as u32), DriverVerifierViolation.AcquireSpinLockTooHigh, lock)) return before;
  const l = changetype<Dispatcher>(at);
  if (!mayAcquire(l)) return before;
  setIrql(Irql.Dispatch);
  acquireLock(l, true);
  return settle(before);
}

export function KeReleaseSpinLock(lock: u32, irql: u32): void {
  const at = requiredSpinLock(lock);
  if (at == 0) return;
  if (!verified(currentIrql() == (Irql.Dispatch as u32), DriverVerifierViolation.ReleaseSpinLockNotAtDispatch, lock)) return;
  if (!release(changetype<Dispatcher>(at))) return;
  setIrql(irql);
  settle(0);
}

export function KeAcquireSpinLockAtDpcLevel(lock: u32): void {
  acquireAtDpcLevel(lock);
  settle(0);
}

function acquireAtDpcLevel(lock: u32): void {
  const at = requiredSpinLock(lock);
  if (at == 0) return;
  if (!verified(currentIrql() >= (Irql.Dispatch as u32), DriverVerifierViolation.AcquireAtDpcTooLow, lock)) return;
  if (mayAcquire(changetype<Dispatcher>(at))) acquireLock(changetype<Dispatcher>(at), true);
}

export function KeReleaseSpinLockFromDpcLevel(lock: u32): void {
  const at = requiredSpinLock(lock);
  if (at == 0) return;
  if (!verified(currentIrql() >= (Irql.Dispatch as u32), DriverVerifierViolation.ReleaseFromDpcTooLow, lock)) return;
  release(changetype<Dispatcher>(at));
}

// In-stack queued spin locks: the level before lies in the caller's queue handle, and who has waited longest is served
// first. All spin locks here do that, so that it makes no difference which functions a lock is used with.

/** The level before. */
export function KeAcquireInStackQueuedSpinLock(lock: u32): u32 {
  return KeAcquireSpinLock(lock);
}

export function KeReleaseInStackQueuedSpinLock(lock: u32, irql: u32): void {
  KeReleaseSpinLock(lock, irql);
}

/** The level, which stays. */
export function KeAcquireInStackQueuedSpinLockAtDpcLevel(lock: u32): u32 {
  const irql = currentIrql();
  acquireAtDpcLevel(lock);
  return settle(irql);
}

export function KeReleaseInStackQueuedSpinLockFromDpcLevel(lock: u32): void {
  KeReleaseSpinLockFromDpcLevel(lock);
}

/** 1 when the lock was free and is the thread's now. Never a Stop, and never a wait. */
export function KeTryToAcquireSpinLockAtDpcLevel(lock: u32): u32 {
  const at = requiredSpinLock(lock);
  return at != 0 && tryToAcquireLock(changetype<Dispatcher>(at), true) ? 1 : 0;
}

/** 1 when nobody holds it. */
export function KeTestSpinLock(lock: u32): u32 {
  const at = requiredSpinLock(lock);
  return at != 0 && changetype<Dispatcher>(at).state > 0 ? 1 : 0;
}

function release(lock: Dispatcher): bool {
  if (!isMine(lock) && watchesLocks()) {
    bugCheck(BugCheck.SpinLockNotOwned, lock.tag, 0, 0, 0);
    return false;
  }
  freeLock(lock);
  return true;
}

function requiredFastMutex(mutex: u32): usize {
  return requiredKernelObject(mutex, KernelType.FastMutex, KernelType.FastMutex);
}

export function ExInitializeFastMutex(mutex: u32): u32 {
  endShortReturn();
  return initializeKernelObject(mutex, KernelType.FastMutex, 1);
}

export function ExAcquireFastMutex(mutex: u32): void {
  const at = requiredFastMutex(mutex);
  if (at == 0) return;
  if (!verified(currentIrql() <= (Irql.Apc as u32), DriverVerifierViolation.AcquireFastMutexTooHigh, mutex)) return;
  acquireLock(changetype<Dispatcher>(at), false);
  settle(0);
}

/** 1 when it was free. The owner too gets 0, and stays at APC_LEVEL. */
export function ExTryToAcquireFastMutex(mutex: u32): u32 {
  const at = requiredFastMutex(mutex);
  if (at == 0) return 0;
  if (!verified(currentIrql() <= (Irql.Apc as u32), DriverVerifierViolation.AcquireFastMutexTooHigh, mutex)) return 0;
  return tryToAcquireLock(changetype<Dispatcher>(at), false) ? 1 : 0;
}

export function ExReleaseFastMutex(mutex: u32): void {
  const at = requiredFastMutex(mutex);
  if (at == 0) return;
  if (!verified(currentIrql() == (Irql.Apc as u32), DriverVerifierViolation.ReleaseFastMutexNotAtApc, mutex)) return;
  leaveLock(changetype<Dispatcher>(at));
  settle(0);
}

/** The level and what it saved stay as they are: for callers that see to APCs themselves. */
export function ExAcquireFastMutexUnsafe(mutex: u32): void {
  const at = requiredFastMutex(mutex);
  if (at != 0) acquireLock(changetype<Dispatcher>(at), true);
  settle(0);
}

export function ExReleaseFastMutexUnsafe(mutex: u32): void {
  const at = requiredFastMutex(mutex);
  if (at != 0) freeLock(changetype<Dispatcher>(at));
}

function requiredGuardedMutex(mutex: u32): usize {
  return requiredKernelObject(mutex, KernelType.GuardedMutex, KernelType.GuardedMutex);
}

export function KeInitializeGuardedMutex(mutex: u32): u32 {
  endShortReturn();
  return initializeKernelObject(mutex, KernelType.GuardedMutex, 1);
}

export function KeAcquireGuardedMutex(mutex: u32): void {
  const at = requiredGuardedMutex(mutex);
  if (at != 0) acquireLock(changetype<Dispatcher>(at), false);
  settle(0);
}

export function KeTryToAcquireGuardedMutex(mutex: u32): u32 {
  const at = requiredGuardedMutex(mutex);
  return at != 0 && tryToAcquireLock(changetype<Dispatcher>(at), false) ? 1 : 0;
}

export function KeReleaseGuardedMutex(mutex: u32): void {
  const at = requiredGuardedMutex(mutex);
  if (at != 0) leaveLock(changetype<Dispatcher>(at));
  settle(0);
}

export function KeAcquireGuardedMutexUnsafe(mutex: u32): void {
  const at = requiredGuardedMutex(mutex);
  if (at != 0) acquireLock(changetype<Dispatcher>(at), true);
  settle(0);
}

export function KeReleaseGuardedMutexUnsafe(mutex: u32): void {
  const at = requiredGuardedMutex(mutex);
  if (at != 0) freeLock(changetype<Dispatcher>(at));
}
