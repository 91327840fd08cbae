// KEVENT, KSEMAPHORE, KMUTEX: what threads wait for (wait.ts). A function that initializes one answers its handle, which stands
// for the address of the memory; given a handle it initializes that memory again.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import type { EventType } from "../../bindings/abi";
import type { PKEVENT, PKMUTEX, PKSEMAPHORE } from "../../bindings/handles";
import { machine } from "../current";
import { ask, call, nothing, same } from "../ddi/call";
import type { Suspendable } from "../suspension";

/** Initializes memory of the kernel's, and names it. */
export function initialize<T extends number>(ddi: string, args: readonly number[], letters: string, known: number | undefined): T {
  const { names } = machine();
  return ask(ddi, [...args, known ?? 0], (handle) => {
    if (handle !== 0 && handle !== known) names.add(handle, letters);
    return handle as T;
  });
}

/**
 * Initializes an event. A notification event releases all who wait and stays set; a synchronization event releases one and
 * clears itself.
 *
 * @irql any
 */
export function KeInitializeEvent(Type: EventType, State: boolean, Event?: PKEVENT): PKEVENT {
  return initialize("KeInitializeEvent", [Type, State ? 1 : 0], "event", Event);
}

/**
 * Sets an event and answers the state it had. With Wait TRUE the level is DISPATCH_LEVEL afterwards, until the wait that must
 * follow.
 *
 * @irql <= DISPATCH_LEVEL; <= APC_LEVEL when Wait is TRUE
 */
export function KeSetEvent(Event: PKEVENT, Increment = 0, Wait = false): Suspendable<number> {
  return call("KeSetEvent", [Event, Increment, Wait ? 1 : 0], same);
}

/**
 * Resets an event and answers the state it had.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeResetEvent(Event: PKEVENT): number {
  return ask("KeResetEvent", [Event], same);
}

/**
 * Resets an event.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeClearEvent(Event: PKEVENT): void {
  ask("KeClearEvent", [Event], nothing);
}

/**
 * Releases who waits now (one, for a synchronization event), leaves the event reset, and answers the state it had.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KePulseEvent(Event: PKEVENT, Increment = 0, Wait = false): Suspendable<number> {
  return call("KePulseEvent", [Event, Increment, Wait ? 1 : 0], same);
}

/**
 * 0 while the event is not set.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeReadStateEvent(Event: PKEVENT): number {
  return ask("KeReadStateEvent", [Event], same);
}

/**
 * Initializes a semaphore: as many waits are satisfied as its count says.
 *
 * @irql PASSIVE_LEVEL
 */
export function KeInitializeSemaphore(Count: number, Limit: number, Semaphore?: PKSEMAPHORE): PKSEMAPHORE {
  return initialize("KeInitializeSemaphore", [Count, Limit], "semaphore", Semaphore);
}

/**
 * Adds to the count of a semaphore and answers the count it had.
 *
 * @irql <= DISPATCH_LEVEL; PASSIVE_LEVEL when Wait is TRUE
 * @bugcheck an unhandled STATUS_SEMAPHORE_LIMIT_EXCEEDED beyond the limit; the count stays
 */
export function KeReleaseSemaphore(Semaphore: PKSEMAPHORE, Increment: number, Adjustment: number, Wait = false): Suspendable<number> {
  return call("KeReleaseSemaphore", [Semaphore, Increment, Adjustment, Wait ? 1 : 0], same);
}

/**
 * The count of a semaphore.
 *
 * @irql any
 */
export function KeReadStateSemaphore(Semaphore: PKSEMAPHORE): number {
  return ask("KeReadStateSemaphore", [Semaphore], same);
}

/**
 * Initializes a mutex, free. The level means nothing. The owner may acquire it again, and is in a critical region.
 *
 * @irql any
 */
export function KeInitializeMutex(Level: number, Mutex?: PKMUTEX): PKMUTEX {
  return initialize("KeInitializeMutex", [Level], "mutex", Mutex);
}

/**
 * Releases a mutex once and answers the state it had: 0 for the last release, negative while it stays owned.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck an unhandled STATUS_MUTANT_NOT_OWNED for a thread that does not own it
 */
export function KeReleaseMutex(Mutex: PKMUTEX, Wait = false): Suspendable<number> {
  return call("KeReleaseMutex", [Mutex, Wait ? 1 : 0], same);
}

/**
 * 1 while the mutex is free, 0 when it is owned, negative when it was acquired more than once.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeReadStateMutex(Mutex: PKMUTEX): number {
  return ask("KeReadStateMutex", [Mutex], same);
}
