// KSPIN_LOCK, FAST_MUTEX, KGUARDED_MUTEX. Out-parameters are return values: KeAcquireSpinLock answers the level that
// KeReleaseSpinLock is to be given.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import type { PFAST_MUTEX, PKGUARDED_MUTEX, PKSPIN_LOCK } from "../../bindings/handles";
import { ask, call, nothing, same, yes } from "../ddi/call";
import type { Suspendable } from "../suspension";
import { initialize } from "./event";

/**
 * Initializes a spin lock, free.
 *
 * @irql any
 */
export function KeInitializeSpinLock(SpinLock?: PKSPIN_LOCK): PKSPIN_LOCK {
  return initialize("KeInitializeSpinLock", [], "spinlock", SpinLock);
}

/**
 * Raises to DISPATCH_LEVEL, takes the lock, and answers the level before.
 *
 * @irql <= DISPATCH_LEVEL; leaves at DISPATCH_LEVEL
 * @bugcheck 0xC4 / 0x42 above DISPATCH_LEVEL, SPIN_LOCK_ALREADY_OWNED for a lock the thread holds (Driver Verifier)
 */
export function KeAcquireSpinLock(SpinLock: PKSPIN_LOCK): Suspendable<number> {
  return call("KeAcquireSpinLock", [SpinLock], same);
}

/**
 * Gives the lock up and sets the level to the one KeAcquireSpinLock answered.
 *
 * @irql DISPATCH_LEVEL; leaves at the level given
 * @bugcheck 0xC4 / 0x32 at another level, SPIN_LOCK_NOT_OWNED for a lock the thread does not hold (Driver Verifier)
 */
export function KeReleaseSpinLock(SpinLock: PKSPIN_LOCK, NewIrql: number): Suspendable<void> {
  return call("KeReleaseSpinLock", [SpinLock, NewIrql], nothing);
}

/**
 * Takes the lock and leaves the level alone.
 *
 * @irql >= DISPATCH_LEVEL
 * @bugcheck 0xC4 / 0x40 below DISPATCH_LEVEL, SPIN_LOCK_ALREADY_OWNED for a lock the thread holds (Driver Verifier)
 */
export function KeAcquireSpinLockAtDpcLevel(SpinLock: PKSPIN_LOCK): Suspendable<void> {
  return call("KeAcquireSpinLockAtDpcLevel", [SpinLock], nothing);
}

/**
 * Gives the lock up and leaves the level alone.
 *
 * @irql >= DISPATCH_LEVEL
 * @bugcheck 0xC4 / 0x41 below DISPATCH_LEVEL, SPIN_LOCK_NOT_OWNED for a lock the thread does not hold (Driver Verifier)
 */
export function KeReleaseSpinLockFromDpcLevel(SpinLock: PKSPIN_LOCK): void {
  ask("KeReleaseSpinLockFromDpcLevel", [SpinLock], nothing);
}

/**
 * Takes the lock if it is free. Leaves the level alone, and never stops the System.
 *
 * @irql >= DISPATCH_LEVEL
 */
export function KeTryToAcquireSpinLockAtDpcLevel(SpinLock: PKSPIN_LOCK): boolean {
  return ask("KeTryToAcquireSpinLockAtDpcLevel", [SpinLock], yes);
}

/**
 * True while nobody holds the lock.
 *
 * @irql any
 */
export function KeTestSpinLock(SpinLock: PKSPIN_LOCK): boolean {
  return ask("KeTestSpinLock", [SpinLock], yes);
}

/**
 * Initializes a fast mutex, free.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function ExInitializeFastMutex(FastMutex?: PFAST_MUTEX): PFAST_MUTEX {
  return initialize("ExInitializeFastMutex", [], "fastmutex", FastMutex);
}

/**
 * Takes a fast mutex and raises to APC_LEVEL. A second time by its owner it waits for ever.
 *
 * @irql <= APC_LEVEL; leaves at APC_LEVEL
 * @bugcheck 0xC4 / 0x33 above APC_LEVEL (Driver Verifier)
 */
export function ExAcquireFastMutex(FastMutex: PFAST_MUTEX): Suspendable<void> {
  return call("ExAcquireFastMutex", [FastMutex], nothing);
}

/**
 * Takes a fast mutex if it is free, and raises to APC_LEVEL then.
 *
 * @irql <= APC_LEVEL
 * @bugcheck 0xC4 / 0x33 above APC_LEVEL (Driver Verifier)
 */
export function ExTryToAcquireFastMutex(FastMutex: PFAST_MUTEX): boolean {
  return ask("ExTryToAcquireFastMutex", [FastMutex], yes);
}

/**
 * Gives a fast mutex up and puts the level of the acquire back.
 *
 * @irql APC_LEVEL; leaves at the level of the acquire
 * @bugcheck 0xC4 / 0x34 at another level (Driver Verifier)
 */
export function ExReleaseFastMutex(FastMutex: PFAST_MUTEX): Suspendable<void> {
  return call("ExReleaseFastMutex", [FastMutex], nothing);
}

/**
 * Takes a fast mutex and leaves the level alone: for callers in a critical region or at APC_LEVEL.
 *
 * @irql <= APC_LEVEL
 */
export function ExAcquireFastMutexUnsafe(FastMutex: PFAST_MUTEX): Suspendable<void> {
  return call("ExAcquireFastMutexUnsafe", [FastMutex], nothing);
}

/**
 * Gives a fast mutex up and leaves the level alone.
 *
 * @irql <= APC_LEVEL
 */
export function ExReleaseFastMutexUnsafe(FastMutex: PFAST_MUTEX): Suspendable<void> {
  return call("ExReleaseFastMutexUnsafe", [FastMutex], nothing);
}

/**
 * Initializes a guarded mutex, free.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeInitializeGuardedMutex(Mutex?: PKGUARDED_MUTEX): PKGUARDED_MUTEX {
  return initialize("KeInitializeGuardedMutex", [], "guardedmutex", Mutex);
}

/**
 * Enters a guarded region and takes a guarded mutex. The level stays. A second time by its owner it waits for ever.
 *
 * @irql <= APC_LEVEL
 */
export function KeAcquireGuardedMutex(Mutex: PKGUARDED_MUTEX): Suspendable<void> {
  return call("KeAcquireGuardedMutex", [Mutex], nothing);
}

/**
 * Takes a guarded mutex if it is free, in a guarded region then.
 *
 * @irql <= APC_LEVEL
 */
export function KeTryToAcquireGuardedMutex(Mutex: PKGUARDED_MUTEX): boolean {
  return ask("KeTryToAcquireGuardedMutex", [Mutex], yes);
}

/**
 * Gives a guarded mutex up and leaves the guarded region.
 *
 * @irql <= APC_LEVEL
 */
export function KeReleaseGuardedMutex(Mutex: PKGUARDED_MUTEX): Suspendable<void> {
  return call("KeReleaseGuardedMutex", [Mutex], nothing);
}

/**
 * Takes a guarded mutex without entering a guarded region: for callers in one.
 *
 * @irql <= APC_LEVEL
 */
export function KeAcquireGuardedMutexUnsafe(Mutex: PKGUARDED_MUTEX): Suspendable<void> {
  return call("KeAcquireGuardedMutexUnsafe", [Mutex], nothing);
}

/**
 * Gives a guarded mutex up without leaving a guarded region.
 *
 * @irql <= APC_LEVEL
 */
export function KeReleaseGuardedMutexUnsafe(Mutex: PKGUARDED_MUTEX): Suspendable<void> {
  return call("KeReleaseGuardedMutexUnsafe", [Mutex], nothing);
}
