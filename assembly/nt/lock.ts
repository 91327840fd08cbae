// Locks: objects that one thread at a time holds, and what holding them does to its level and APCs.
//
//   type           while held                                 level afterwards
//   ────────────── ────────────────────────────────────────── ───────────────────────────────
//   SpinLock       at least the lock's level                  that of the acquire
//   FastMutex      APC_LEVEL                                  that of the acquire
//   GuardedMutex   in a guarded region, level unchanged       unchanged
//   WaitLock       in a critical region, level unchanged      unchanged
//
// Held elsewhere, a lock is waited for like any object: first come, first served, and the one who is served owns it
// when it goes on.

import { KernelType } from "../abi/kernel";
import { Irql } from "../abi/irql";
import { Dispatcher } from "./dispatcher";
import { currentIrql, setIrql } from "./processor";
import { currentThread } from "./thread";
import { setState } from "./wait";

/** The running thread owns the lock from now on: it was taken at the level `irql`. */
export function enterLock(lock: Dispatcher, irql: u32): void {
  switch (lock.type) {
    case KernelType.SpinLock as u32:
      lock.irql = irql;
      if (currentIrql() < lock.level) setIrql(lock.level);
      break;
    case KernelType.FastMutex as u32:
      lock.irql = irql;
      setIrql(Irql.Apc);
      break;
    case KernelType.GuardedMutex as u32:
      currentThread().specialApcDisable--;
      break;
    default:
      break;
  }
}

/** Gives the lock to the oldest waiter, or frees it, and undoes what {@link enterLock} did. */
export function leaveLock(lock: Dispatcher): void {
  const irql = lock.irql;
  freeLock(lock);
  switch (lock.type) {
    case KernelType.SpinLock as u32:
    case KernelType.FastMutex as u32:
      setIrql(irql);
      break;
    case KernelType.GuardedMutex as u32:
      currentThread().specialApcDisable++;
      break;
    default:
      break;
  }
}

/** Gives the lock to the oldest waiter, or frees it, and nothing else. */
export function freeLock(lock: Dispatcher): void {
  lock.owner = 0;
  setState(lock, 1);
}

/** True when the running thread holds it. */
export function isMine(lock: Dispatcher): bool {
  return lock.state <= 0 && lock.owner == changetype<usize>(currentThread());
}
