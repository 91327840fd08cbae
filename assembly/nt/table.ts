// Handles: a generation and an index into one table of 32-byte entries.
//
//   handle  29 ─ generation ─ 20 19 ─────── index ─────── 0       below 2^30; 0 is NULL
//   entry   handle │ next │ prev │ bits (kind in the lowest five) │ four words of the kind's own
//
// An entry's own first word is its handle, so a look-up is one compare. Freeing an entry gives the word its next
// generation, and freed entries are reused oldest first (never while fewer than RESERVE wait), so that a stale handle
// stays stale for a long time.

import {
  ENTRY_SIZE,
  HANDLE_GENERATION_LIMIT,
  HANDLE_INDEX_BITS,
  HANDLE_INDEX_MASK,
  TABLE_BASE,
} from "../abi/layout";
import { KIND_MASK, LAST_FRAMEWORK_KIND, ObjectKind } from "../abi/request";
import { Links } from "./links";
import { system } from "./system";

const RESERVE: u32 = 256;
const FIRST_GENERATION: u32 = 1 << HANDLE_INDEX_BITS;
const LAST_GENERATION: u32 = (HANDLE_GENERATION_LIMIT - 1) << HANDLE_INDEX_BITS;

@unmanaged
export class Entry extends Links {
  bits: u32;

  @inline get handle(): u32 {
    return this.tag;
  }
}

/** The entry of a live object of that kind, or 0. */
export function lookup(handle: u32, kind: ObjectKind): usize {
  const entry = addressOf(handle);
  if (!isWithin(handle) || changetype<Entry>(entry).tag != handle) return 0;
  return (changetype<Entry>(entry).bits & KIND_MASK) == (kind as u32) ? entry : 0;
}

/** Where the entry of a handle is, if there is one: see {@link isWithin}. */
@inline
export function addressOf(handle: u32): usize {
  return (TABLE_BASE as usize) + ((handle & HANDLE_INDEX_MASK) as usize) * ENTRY_SIZE;
}

/** True when there is an entry at the address of a handle. It is that of the handle if its tag is. */
@inline
export function isWithin(handle: u32): bool {
  return (handle & HANDLE_INDEX_MASK) < system.tableHigh;
}

/** The entry of a live object of any kind, or 0. */
export function lookupAny(handle: u32): usize {
  const index = handle & HANDLE_INDEX_MASK;
  const entry = (TABLE_BASE as usize) + (index as usize) * ENTRY_SIZE;
  if (index >= system.tableHigh || changetype<Entry>(entry).tag != handle) return 0;
  return changetype<Entry>(entry).bits == 0 ? 0 : entry;
}

/** The entry of a live framework object of any kind, or 0: what the kernel and the executive have made is none. */
export function lookupObject(handle: u32): usize {
  const entry = lookupAny(handle);
  return entry != 0 && isFrameworkObject(entry) ? entry : 0;
}

/** True for the entry of a live framework object. */
export function isFrameworkObject(entry: usize): bool {
  const kind = changetype<Entry>(entry).bits & KIND_MASK;
  return kind != 0 && kind <= LAST_FRAMEWORK_KIND;
}

/** True for a handle that was given out once and whose object is gone. */
export function isStale(handle: u32): bool {
  const index = handle & HANDLE_INDEX_MASK;
  if (index == 0 || index >= system.tableHigh) return false;
  const entry = changetype<Entry>((TABLE_BASE as usize) + (index as usize) * ENTRY_SIZE);
  return handle >= FIRST_GENERATION && entry.tag != handle;
}

/** Takes an entry; its words beyond the links are as its last user left them. 0 when the table is full. */
@inline
export function takeEntry(): usize {
  if (system.freeCount < RESERVE) return takeFresh();
  const oldest = system.freeOldest;
  system.freeOldest = changetype<usize>(changetype<Entry>(oldest).next);
  system.freeCount--;
  return oldest;
}

/** A new entry; at the end of the table one of those held in reserve. */
function takeFresh(): usize {
  const high = system.tableHigh;
  if (high <= system.tableLimit) {
    system.tableHigh = high + 1;
    const fresh = (TABLE_BASE as usize) + (high as usize) * ENTRY_SIZE;
    changetype<Entry>(fresh).tag = high | FIRST_GENERATION;
    return fresh;
  }
  if (system.freeCount == 0) return 0;
  const oldest = system.freeOldest;
  system.freeOldest = changetype<usize>(changetype<Entry>(oldest).next);
  system.freeCount--;
  return oldest;
}

/** Gives an entry back. Its handle is stale from now on. */
@inline
export function freeEntry(entry: usize): void {
  const e = changetype<Entry>(entry);
  const handle = e.tag;
  e.tag = handle >= LAST_GENERATION ? (handle & HANDLE_INDEX_MASK) | FIRST_GENERATION : handle + FIRST_GENERATION;
  e.bits = 0;
  if (system.freeCount == 0) system.freeOldest = entry;
  else changetype<Entry>(system.freeNewest).next = e;
  system.freeNewest = entry;
  system.freeCount++;
}
