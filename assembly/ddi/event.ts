// KEVENT, KSEMAPHORE, KMUTEX: what can be waited for (nt/dispatcher.ts, nt/wait.ts).
//
// States are numbers: read, set, reset and pulse answer the state as it was. With Wait TRUE a function answers at
// DISPATCH_LEVEL, and the wait that has to follow puts the level back, so that nothing comes in between.

import { EventType, KernelType } from "../abi/kernel";
import { Irql } from "../abi/irql";
import { Ddi } from "../abi/irql-rules";
import { NtStatus } from "../abi/status";
import { Dispatcher } from "../nt/dispatcher";
import { currentIrql, setIrql } from "../nt/processor";
import { currentThread } from "../nt/thread";
import { setState } from "../nt/wait";
import { settle } from "../wdf/dispatch";
import { irqlAtMost } from "../wdf/irql";
import { initializeKernelObject } from "../wdf/kernel-object";
import { endShortReturn } from "../wdf/straight";
import { raise, requiredKernelObject } from "./check";

/** `event`: the memory to initialize again, 0 for new memory. The handle. */
export function KeInitializeEvent(type: u32, state: u32, event: u32): u32 {
  endShortReturn();
  const kind = type == (EventType.NotificationEvent as u32) ? KernelType.NotificationEvent : KernelType.SynchronizationEvent;
  return initializeKernelObject(event, kind, state != 0 ? 1 : 0);
}

function requiredEvent(event: u32): usize {
  return requiredKernelObject(event, KernelType.NotificationEvent, KernelType.SynchronizationEvent);
}

/** The state before. */
export function KeSetEvent(event: u32, _increment: i32, waits: u32): i32 {
  const at = requiredEvent(event);
  if (at == 0) return 0;
  if (waits != 0) irqlAtMost(Ddi.KeSetEvent, Irql.Apc);
  const before = setState(changetype<Dispatcher>(at), 1);
  if (waits != 0) stayForWait();
  return settle(before);
}

export function KeResetEvent(event: u32): i32 {
  const at = requiredEvent(event);
  return at == 0 ? 0 : setState(changetype<Dispatcher>(at), 0);
}

export function KeClearEvent(event: u32): void {
  const at = requiredEvent(event);
  if (at != 0) setState(changetype<Dispatcher>(at), 0);
}

/** Releases who waits now, and leaves the event reset. The state before. */
export function KePulseEvent(event: u32, _increment: i32, waits: u32): i32 {
  const at = requiredEvent(event);
  if (at == 0) return 0;
  const before = setState(changetype<Dispatcher>(at), 1);
  changetype<Dispatcher>(at).state = 0;
  if (waits != 0) stayForWait();
  return settle(before);
}

export function KeReadStateEvent(event: u32): i32 {
  const at = requiredEvent(event);
  return at == 0 ? 0 : changetype<Dispatcher>(at).state;
}

/** The level stays at DISPATCH_LEVEL until the wait that has to follow. */
function stayForWait(): void {
  const thread = currentThread();
  thread.waitNext = 1;
  thread.waitNextIrql = currentIrql();
  setIrql(max<u32>(currentIrql(), Irql.Dispatch));
}

export function KeInitializeSemaphore(count: i32, limit: i32, semaphore: u32): u32 {
  endShortReturn();
  const handle = initializeKernelObject(semaphore, KernelType.Semaphore, count);
  const at = handle == 0 ? 0 : requiredKernelObject(handle, KernelType.Semaphore, KernelType.Semaphore);
  if (at != 0) changetype<Dispatcher>(at).limit = limit;
  return handle;
}

/** The count before. Beyond the limit an exception is raised, and nothing changes. */
export function KeReleaseSemaphore(semaphore: u32, _increment: i32, adjustment: i32, waits: u32): i32 {
  const at = requiredKernelObject(semaphore, KernelType.Semaphore, KernelType.Semaphore);
  if (at == 0) return 0;
  if (waits != 0) irqlAtMost(Ddi.KeReleaseSemaphore, Irql.Passive);
  const s = changetype<Dispatcher>(at);
  const sum = (s.state as i64) + (adjustment as i64);
  if (sum > (s.limit as i64) || adjustment < 1) {
    raise(NtStatus.SemaphoreLimitExceeded, semaphore);
    return 0;
  }
  const before = setState(s, sum as i32);
  if (waits != 0) stayForWait();
  return settle(before);
}

export function KeReadStateSemaphore(semaphore: u32): i32 {
  const at = requiredKernelObject(semaphore, KernelType.Semaphore, KernelType.Semaphore);
  return at == 0 ? 0 : changetype<Dispatcher>(at).state;
}

/** The level is Windows' own and means nothing. */
export function KeInitializeMutex(_level: u32, mutex: u32): u32 {
  endShortReturn();
  return initializeKernelObject(mutex, KernelType.Mutex, 1);
}

/** The state before: 0 when that was the last release. Only for the owner; anybody else raises an exception. */
export function KeReleaseMutex(mutex: u32, waits: u32): i32 {
  const at = requiredKernelObject(mutex, KernelType.Mutex, KernelType.Mutex);
  if (at == 0) return 0;
  const m = changetype<Dispatcher>(at);
  if (m.owner == 0 || m.owner != changetype<usize>(currentThread())) {
    raise(NtStatus.MutantNotOwned, mutex);
    return 0;
  }
  const before = m.state;
  if (before == 0) {
    m.owner = 0;
    currentThread().kernelApcDisable++;
  }
  setState(m, before + 1);
  if (waits != 0) stayForWait();
  return settle(before);
}

export function KeReadStateMutex(mutex: u32): i32 {
  const at = requiredKernelObject(mutex, KernelType.Mutex, KernelType.Mutex);
  return at == 0 ? 0 : changetype<Dispatcher>(at).state;
}
