// Locks.

import type { NtStatus } from "../../bindings/abi";
import * as wdf from "../ddi/lock";
import type { WDFSPINLOCK, WDFWAITLOCK, WdfObjectAttributes } from "../ddi/types";
import type { Suspendable } from "../suspension";

/** What a lock may be asked for when it is made. */
export type LockOptions = WdfObjectAttributes;

const UNITS_PER_MS = 10_000;

/** A spin lock: held at DISPATCH_LEVEL. */
export class SpinLock {
  readonly handle: WDFSPINLOCK;

  constructor(handle: WDFSPINLOCK) {
    this.handle = handle;
  }

  /**
   * Makes a spin lock. The lock is there unless the status is an error.
   *
   * @ddi WdfSpinLockCreate
   */
  static create(attributes?: LockOptions): { readonly status: NtStatus; readonly lock: SpinLock } {
    const { status, lock } = wdf.WdfSpinLockCreate(attributes);
    return { status, lock: new SpinLock(lock) };
  }

  /**
   * Raises to DISPATCH_LEVEL and takes the lock.
   *
   * @ddi WdfSpinLockAcquire
   */
  acquire(): Suspendable<void> {
    return wdf.WdfSpinLockAcquire(this.handle);
  }

  /**
   * Gives the lock up and puts the level back.
   *
   * @ddi WdfSpinLockRelease
   */
  release(): Suspendable<void> {
    return wdf.WdfSpinLockRelease(this.handle);
  }
}

/** A wait lock: held in a critical region, at the level of the caller. */
export class WaitLock {
  readonly handle: WDFWAITLOCK;

  constructor(handle: WDFWAITLOCK) {
    this.handle = handle;
  }

  /**
   * Makes a wait lock. The lock is there unless the status is an error.
   *
   * @ddi WdfWaitLockCreate
   */
  static create(attributes?: LockOptions): { readonly status: NtStatus; readonly lock: WaitLock } {
    const { status, lock } = wdf.WdfWaitLockCreate(attributes);
    return { status, lock: new WaitLock(lock) };
  }

  /**
   * Takes the lock; with a timeout it gives up after so many milliseconds (STATUS_TIMEOUT), with 0 at once.
   *
   * @ddi WdfWaitLockAcquire
   */
  acquire({ timeoutMs }: { timeoutMs?: number } = {}): Suspendable<NtStatus> {
    return wdf.WdfWaitLockAcquire(this.handle, timeoutMs === undefined ? undefined : -Math.round(timeoutMs * UNITS_PER_MS));
  }

  /**
   * Gives the lock up.
   *
   * @ddi WdfWaitLockRelease
   */
  release(): Suspendable<void> {
    return wdf.WdfWaitLockRelease(this.handle);
  }
}
