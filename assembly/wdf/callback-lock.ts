// The callback (presentation) lock: the only lock the framework holds while driver code runs.
//
// Every queue and every device has one. Passive level: a mutex, taken inside a critical region, the level unchanged.
// Dispatch level: a spin lock, the level raised to DISPATCH_LEVEL. The owner is a thread; a second acquire by it is
// the Stop WDF_VIOLATION / WDF_RECURSIVE_LOCK. Waiters are served first come, first served: release hands the lock to
// the oldest, which finds itself the owner when it runs again. Who waits for a spin lock keeps its processor.
//
// Source: fxcallbackspinlock.hpp, fxcallbackmutexlock.hpp.

import { WaitReason } from "../abi/event";
import { Irql } from "../abi/irql";
import { Links } from "../nt/links";
import { currentIrql, raiseToDispatch, setIrql } from "../nt/processor";
import { Thread, currentThread, park, spin, wake } from "../nt/thread";

@unmanaged
export class CallbackLock extends Links {
  // The links are the head of the ring of waiting threads; `tag` is the handle of the object it belongs to.
  owner: usize;
  /** The level to go back to. */
  irql: u32;
  /** 1 for a mutex, 0 for a spin lock. */
  passive: u32;

  initialize(object: u32, passive: bool): void {
    this.tag = object;
    this.reset();
    this.owner = 0;
    this.passive = passive ? 1 : 0;
  }

  /** True when the running thread holds it. */
  @inline get isMine(): bool {
    return this.owner != 0 && this.owner == changetype<usize>(currentThread());
  }

  /** Takes the lock for the running thread, or parks the thread in line for it (false). */
  acquire(): bool {
    if (this.owner != 0) {
      const thread = currentThread();
      if (this.passive != 0) park(WaitReason.CallbackLock, this.tag);
      else spin(WaitReason.CallbackLock, this.tag, max<u32>(currentIrql(), Irql.Dispatch));
      this.append(thread);
      return false;
    }
    this.take(currentThread());
    return true;
  }

  /** What a thread does that finds itself the owner after a wait. */
  entered(): void {
    this.enter(this.passive == 0 ? currentThread().spunFrom : currentIrql());
  }

  private enter(before: u32): void {
    this.irql = before;
    if (this.passive == 0) raiseToDispatch();
    else currentThread().kernelApcDisable--;
  }

  /** Gives the lock up, to the oldest waiter if there is one, and puts the level back. */
  release(): void {
    const before = this.irql;
    if (this.isEmpty) {
      this.owner = 0;
    } else {
      const next = changetype<Thread>(this.next);
      next.unlink();
      next.reset();
      this.owner = changetype<usize>(next);
      wake(next);
    }
    if (this.passive == 0) setIrql(before);
    else currentThread().kernelApcDisable++;
  }

  private take(thread: Thread): void {
    this.owner = changetype<usize>(thread);
    this.enter(currentIrql());
  }
}
