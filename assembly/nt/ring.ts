// The event ring: all that the core tells the host, in the order in which it happened.
//
//   head ≤ tail, both only rise; tail - head ≤ capacity; slot = number mod capacity
//   word 0: kind | level << 8 | detail << 16        words 1-3: operands of the kind (abi/event.ts)
//
// A routine event is always the last one: the core goes no further until the routine is answered. A step of
// framework code is only begun when there is room for all it may emit (hasRoom); an event that uses that room up tells
// the host to take events before it calls again (Attention.More). So nothing is ever lost.

import { EventKind, RoutineKind } from "../abi/event";
import { Attention, EVENTS_PER_STEP, EVENT_DETAIL_SHIFT, EVENT_IRQL_SHIFT, EVENT_SIZE, RING_CAPACITY_MIN } from "../abi/layout";
import { allocate } from "./memory";
import { attend, system } from "./system";

/** Makes the ring. The capacity must be a power of two, at least 4. */
export function initializeRing(capacity: u32): bool {
  assert(capacity >= RING_CAPACITY_MIN && (capacity & (capacity - 1)) == 0);
  system.ringCapacity = capacity;
  system.ringBase = allocate(capacity * EVENT_SIZE);
  return system.ringBase != 0;
}

/** True when one more step of framework code may begin. */
@inline
export function hasRoom(): bool {
  return system.ringCapacity - (system.ringTail - system.ringHead) >= EVENTS_PER_STEP;
}

/** Asks for a routine of the driver. The host takes all events before it runs one, so this needs no look at the room. */
export function emitRoutine(kind: RoutineKind, callback: u32, request: u32, x: u32): void {
  put((EventKind.Routine as u32) | ((kind as u32) << EVENT_DETAIL_SHIFT), callback, request, x);
}

/** Tells the host something. */
export function emit(kind: EventKind, detail: u32, a: u32, b: u32, c: u32): void {
  put((kind as u32) | (detail << EVENT_DETAIL_SHIFT), a, b, c);
  if (!hasRoom()) attend(Attention.More);
}

/** The same without detail, where every call counts. */
@inline
export function emitNow(kind: EventKind, a: u32, b: u32, c: u32): void {
  putNow(kind, a, b, c);
  if (!hasRoom()) attend(Attention.More);
}

function put(what: u32, a: u32, b: u32, c: u32): void {
  putNow(what, a, b, c);
}

@inline
function putNow(what: u32, a: u32, b: u32, c: u32): void {
  const tail = system.ringTail;
  const at = system.ringBase + ((tail & (system.ringCapacity - 1)) as usize) * EVENT_SIZE;
  store<u32>(at, what | (system.irql << EVENT_IRQL_SHIFT));
  store<u32>(at, a, 4);
  store<u32>(at, b, 8);
  store<u32>(at, c, 12);
  system.ringTail = tail + 1;
}
