// In-stack queued spin locks. On Windows the caller gives a KLOCK_QUEUE_HANDLE on its stack, which the acquire fills in; here
// it is the answer.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import type { PKSPIN_LOCK } from "../../bindings/handles";
import { ask, call, nothing } from "../ddi/call";
import type { Suspendable } from "../suspension";

/** KLOCK_QUEUE_HANDLE: what an acquire hands to its release. */
export interface KLOCK_QUEUE_HANDLE {
  readonly Lock: PKSPIN_LOCK;
  /** The level before. */
  readonly OldIrql: number;
}

/**
 * Raises to DISPATCH_LEVEL, and takes the lock when it is the caller's turn: first come, first served.
 *
 * @irql <= DISPATCH_LEVEL; leaves at DISPATCH_LEVEL
 * @bugcheck as KeAcquireSpinLock
 */
export function KeAcquireInStackQueuedSpinLock(SpinLock: PKSPIN_LOCK): Suspendable<KLOCK_QUEUE_HANDLE> {
  return call("KeAcquireInStackQueuedSpinLock", [SpinLock], (OldIrql) => ({ Lock: SpinLock, OldIrql }));
}

/**
 * Gives the lock to the next in line, and puts the level of the acquire back.
 *
 * @irql DISPATCH_LEVEL; leaves at the level of the acquire
 * @bugcheck as KeReleaseSpinLock
 */
export function KeReleaseInStackQueuedSpinLock(LockHandle: KLOCK_QUEUE_HANDLE): Suspendable<void> {
  return call("KeReleaseInStackQueuedSpinLock", [LockHandle.Lock, LockHandle.OldIrql], nothing);
}

/**
 * Takes the lock when it is the caller's turn, and leaves the level alone.
 *
 * @irql >= DISPATCH_LEVEL
 * @bugcheck as KeAcquireSpinLockAtDpcLevel
 */
export function KeAcquireInStackQueuedSpinLockAtDpcLevel(SpinLock: PKSPIN_LOCK): Suspendable<KLOCK_QUEUE_HANDLE> {
  return call("KeAcquireInStackQueuedSpinLockAtDpcLevel", [SpinLock], (OldIrql) => ({ Lock: SpinLock, OldIrql }));
}

/**
 * Gives the lock to the next in line, and leaves the level alone.
 *
 * @irql >= DISPATCH_LEVEL
 * @bugcheck as KeReleaseSpinLockFromDpcLevel
 */
export function KeReleaseInStackQueuedSpinLockFromDpcLevel(LockHandle: KLOCK_QUEUE_HANDLE): void {
  ask("KeReleaseInStackQueuedSpinLockFromDpcLevel", [LockHandle.Lock], nothing);
}
