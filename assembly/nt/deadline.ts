// Deadlines: what is to happen when the virtual clock reaches a moment. All of them lie in one heap.
//
//   key      moment in 100 ns units since the start, doubled; plus one for a thread's wait, so that at one moment
//            timers expire before waits time out
//   order    when it was armed: at one key the older goes first
//
//                  0                  4-ary: the children of slot n are 4n+1 .. 4n+4, so a slot and its children are
//            1   2   3   4            log4(n) apart, and siblings share a cache line
//          5..8 9..  ..      ..       slots lie in chunks of CHUNK, found through a directory; neither ever moves
//
// Arming, disarming and expiring cost O(log n), looking at the next one O(1).

import { allocate } from "./memory";
import { system } from "./system";

/** What a record embeds to be armed: timers, and threads that wait with a timeout. */
@unmanaged
export class Deadline {
  /** Its slot in the heap plus 1; 0 while it is not armed. */
  slot: u32;
  /** What it is for: DeadlineKind, a set. */
  kind: u32;
}

/** What a deadline is for. */
export enum DeadlineKind {
  /** A timer, whose DPC is queued. */
  Timer = 0,
  /** The wait of a thread, which times out. */
  Wait = 1,
  /** Given in system time: it follows when that is set. */
  Absolute = 2,
}

@unmanaged
class Slot {
  key: u64;
  order: u32;
  deadline: usize;
}

const SLOT_SIZE: usize = 16;
const CHUNK_BITS: u32 = 8;
const CHUNK: u32 = 1 << CHUNK_BITS;
/** Chunks at most: a million deadlines. */
const CHUNKS_MAX: u32 = 4096;

/** Arms a deadline for a moment, also one that is armed already (true). False, and nothing done, at the end of memory. */
export function arm(deadline: Deadline, due: u64): bool {
  const before = deadline.slot != 0;
  if (before) disarm(deadline);
  const at = system.deadlineCount;
  if (!reserve(at)) return before;
  system.deadlineCount = at + 1;
  rise(at, (due << 1) | ((deadline.kind & 1) as u64), system.deadlineOrder++, changetype<usize>(deadline));
  return before;
}

/** Disarms a deadline. True when it was armed. */
export function disarm(deadline: Deadline): bool {
  if (deadline.slot == 0) return false;
  const hole = deadline.slot - 1;
  deadline.slot = 0;
  const last = slotAt(--system.deadlineCount);
  if (hole == system.deadlineCount) return true;
  if (hole != 0 && before(last.key, last.order, slotAt((hole - 1) >> 2))) rise(hole, last.key, last.order, last.deadline);
  else sink(hole, last.key, last.order, last.deadline);
  return true;
}

/** The deadline that is due next, or 0. */
export function nextDeadline(): usize {
  return system.deadlineCount == 0 ? 0 : slotAt(0).deadline;
}

/** The moment of an armed deadline. */
export function momentOf(deadline: Deadline): u64 {
  return slotAt(deadline.slot - 1).key >> 1;
}

/** The system clock was set forward by that much: deadlines in system time come that much nearer, but not before now. */
export function shiftAbsolute(forward: i64): void {
  const count = system.deadlineCount;
  for (let at: u32 = 0; at < count; at++) {
    const slot = slotAt(at);
    if ((changetype<Deadline>(slot.deadline).kind & (DeadlineKind.Absolute as u32)) == 0) continue;
    const moment = max<i64>(((slot.key >> 1) as i64) - forward, system.now as i64);
    slot.key = ((moment as u64) << 1) | (slot.key & 1);
  }
  for (let at = (count + 2) >> 2; at-- > 0; ) {
    const slot = slotAt(at);
    sink(at, slot.key, slot.order, slot.deadline);
  }
}

@inline
function slotAt(at: u32): Slot {
  const chunk = load<usize>(system.deadlineChunks + ((at >> CHUNK_BITS) as usize) * sizeof<usize>());
  return changetype<Slot>(chunk + ((at & (CHUNK - 1)) as usize) * SLOT_SIZE);
}

/** Makes sure that there is memory for a slot. */
function reserve(at: u32): bool {
  if (at < system.deadlineCapacity) return true;
  if (system.deadlineChunks == 0) system.deadlineChunks = allocate((CHUNKS_MAX as usize) * sizeof<usize>());
  const directory = system.deadlineChunks;
  const chunk = at >> CHUNK_BITS;
  if (directory == 0 || chunk >= CHUNKS_MAX) return false;
  const made = allocate((CHUNK as usize) * SLOT_SIZE);
  if (made == 0) return false;
  store<usize>(directory + (chunk as usize) * sizeof<usize>(), made);
  system.deadlineCapacity = (chunk + 1) << CHUNK_BITS;
  return true;
}

/** True when (key, order) goes before what is in the slot. Orders wrap: they are compared by their distance. */
@inline
function before(key: u64, order: u32, slot: Slot): bool {
  return key < slot.key || (key == slot.key && ((order - slot.order) as i32) < 0);
}

@inline
function put(at: u32, key: u64, order: u32, deadline: usize): void {
  const slot = slotAt(at);
  slot.key = key;
  slot.order = order;
  slot.deadline = deadline;
  changetype<Deadline>(deadline).slot = at + 1;
}

/** Puts something where a hole is, or further up. */
function rise(hole: u32, key: u64, order: u32, deadline: usize): void {
  while (hole != 0) {
    const parent = (hole - 1) >> 2;
    const above = slotAt(parent);
    if (!before(key, order, above)) break;
    put(hole, above.key, above.order, above.deadline);
    hole = parent;
  }
  put(hole, key, order, deadline);
}

/** Puts something where a hole is, or further down. */
function sink(hole: u32, key: u64, order: u32, deadline: usize): void {
  const count = system.deadlineCount;
  for (;;) {
    const first = (hole << 2) + 1;
    if (first >= count) break;
    const end = min<u32>(first + 4, count);
    let least = first;
    let child = slotAt(first);
    for (let at = first + 1; at < end; at++) {
      const other = slotAt(at);
      if (!before(other.key, other.order, child)) continue;
      least = at;
      child = other;
    }
    if (!isBefore(child, key, order)) break;
    put(hole, child.key, child.order, child.deadline);
    hole = least;
  }
  put(hole, key, order, deadline);
}

@inline
function isBefore(slot: Slot, key: u64, order: u32): bool {
  return slot.key < key || (slot.key == key && ((slot.order - order) as i32) < 0);
}
