// What a thread can wait for: events, semaphores, mutexes, threads, timers, locks (DISPATCHER_HEADER).
//
//   type                     signalled while       what a satisfied wait does to it
//   ──────────────────────── ───────────────────── ──────────────────────────────────────────────────────────────
//   notification event, or   state != 0            nothing
//   timer; thread
//   synchronization event,   state != 0            state = 0
//   or timer
//   semaphore                state > 0             state - 1
//   mutex                    state > 0, or owned   state - 1; when that makes 0 the thread owns it, in a critical region
//                            by the thread
//   locks                    state > 0             state = 0; the thread owns it (what else a lock does: nt/lock.ts)
//
// The ring of an object holds the wait blocks of those who wait, in the order in which they came (nt/wait.ts).

import { KernelType } from "../abi/kernel";
import { Links } from "./links";
import { Thread } from "./thread";

@unmanaged
export class Dispatcher extends Links {
  // The links are the head of the ring of wait blocks; `tag` is the handle of the object.
  type: u32;
  state: i32;
  /** The most a semaphore counts to. */
  limit: i32;
  /** The thread that owns a mutex or lock, or 0. */
  owner: usize;
  /** The level to go back to when the lock is given up. */
  irql: u32;
  /** The level of a spin lock: DISPATCH_LEVEL, or the level of the interrupt it belongs to. */
  level: u32;

  initialize(handle: u32, type: KernelType, state: i32): void {
    this.tag = handle;
    this.reset();
    this.type = type;
    this.state = state;
    this.limit = 0;
    this.owner = 0;
    this.irql = 0;
    this.level = 0;
  }

  /** True when a wait of that thread would be satisfied now. */
  isSignaledFor(thread: Thread): bool {
    return this.state > 0 || (this.type == (KernelType.Mutex as u32) && this.owner == changetype<usize>(thread));
  }

  /** A wait of that thread is satisfied. */
  take(thread: Thread): void {
    switch (this.type) {
      case KernelType.SynchronizationEvent as u32:
      case KernelType.SynchronizationTimer as u32:
        this.state = 0;
        break;
      case KernelType.Semaphore as u32:
        this.state--;
        break;
      case KernelType.Mutex as u32:
        this.state--;
        if (this.state == 0) thread.kernelApcDisable--;
        this.owner = changetype<usize>(thread);
        break;
      case KernelType.FastMutex as u32:
      case KernelType.GuardedMutex as u32:
      case KernelType.SpinLock as u32:
      case KernelType.WaitLock as u32:
        this.state = 0;
        this.owner = changetype<usize>(thread);
        break;
      default:
        break;
    }
  }
}
