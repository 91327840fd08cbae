// WdfSpinLock*, WdfWaitLock*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfsync/

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import { type TimeoutValue, timeoutWords } from "./due-time";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, nothing } from "./call";
import type { WDFSPINLOCK, WDFWAITLOCK, WdfObjectAttributes } from "./types";

/**
 * Makes a spin lock, a child of the driver unless the attributes name another parent.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID, STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID,
 * STATUS_WDF_EXECUTION_LEVEL_INVALID, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfSpinLockCreate(SpinLockAttributes?: WdfObjectAttributes): { readonly status: NtStatus; readonly lock: WDFSPINLOCK } {
  const m = machine();
  writeAttributes(m, SpinLockAttributes);
  return ask("WdfSpinLockCreate", [], (status) => {
    const lock = m.core.outValue(0) as WDFSPINLOCK;
    if (status >= 0) m.names.addNumbered(lock, "spinlock");
    return { status, lock };
  });
}

/**
 * Raises to DISPATCH_LEVEL and takes the lock.
 *
 * @irql <= DISPATCH_LEVEL; leaves at DISPATCH_LEVEL
 * @bugcheck 0xC4 / 0x42 above DISPATCH_LEVEL, SPIN_LOCK_ALREADY_OWNED for a lock the thread holds (Driver Verifier)
 */
export function WdfSpinLockAcquire(SpinLock: WDFSPINLOCK): Suspendable<void> {
  return call("WdfSpinLockAcquire", [SpinLock], nothing);
}

/**
 * Gives the lock up and puts the level of the acquire back.
 *
 * @irql DISPATCH_LEVEL; leaves at the level of the acquire
 * @bugcheck WDF_VIOLATION / WDF_INVALID_LOCK_OPERATION when the thread does not hold it (verifier)
 */
export function WdfSpinLockRelease(SpinLock: WDFSPINLOCK): Suspendable<void> {
  return call("WdfSpinLockRelease", [SpinLock], nothing);
}

/**
 * Makes a wait lock, a child of the driver unless the attributes name another parent.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfSpinLockCreate
 */
export function WdfWaitLockCreate(LockAttributes?: WdfObjectAttributes): { readonly status: NtStatus; readonly lock: WDFWAITLOCK } {
  const m = machine();
  writeAttributes(m, LockAttributes);
  return ask("WdfWaitLockCreate", [], (status) => {
    const lock = m.core.outValue(0) as WDFWAITLOCK;
    if (status >= 0) m.names.addNumbered(lock, "waitlock");
    return { status, lock };
  });
}

/**
 * Enters a critical region and takes the lock, waiting for it if it is held. The timeout is in units of 100 ns, negative for
 * relative; 0 only looks, without one the wait is for ever. STATUS_TIMEOUT is a success to NT_SUCCESS: compare with STATUS_SUCCESS.
 *
 * @irql <= DISPATCH_LEVEL; PASSIVE_LEVEL unless the timeout is 0
 * @returns STATUS_TIMEOUT, STATUS_INVALID_DEVICE_REQUEST (above PASSIVE_LEVEL; verifier)
 */
export function WdfWaitLockAcquire(Lock: WDFWAITLOCK, Timeout?: TimeoutValue): Suspendable<NtStatus> {
  return call("WdfWaitLockAcquire", [Lock, ...timeoutWords(Timeout)], (status) => status);
}

/**
 * Gives the lock to the thread that has waited longest, or frees it, and leaves the critical region.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfWaitLockRelease(Lock: WDFWAITLOCK): Suspendable<void> {
  return call("WdfWaitLockRelease", [Lock], nothing);
}
