// Where records come from: a bump pointer that only rises, and for each kind of record a list of used ones.
//
//   TABLE_BASE ┬ handle table, reserved at birth for the limit the System was given
//              ├ event ring
//              └ slabs: SLAB_RECORDS records of one kind at a time, chained through their first word
//
// Nothing here is ever given back: a record that is no longer needed goes to the list of its kind.
//
// Memory never grows in the middle of a transition. When less than MARGIN is left the core says so (Attention.Memory)
// and stops before its next step; the host calls `growMemory` and goes on. So the host's view of memory is good from
// one of its own calls of growMemory to the next.

import { Attention, ENTRY_SIZE, STATIC_ADDRESS, TABLE_BASE } from "../abi/layout";
import { attend, system } from "./system";

const PAGE: usize = 65536;
const SLAB_RECORDS: u32 = 64;
/** The most a step, or a DDI without steps, may allocate; and by how much memory grows at least. */
const MARGIN: usize = 1 << 17;
const GROWTH: usize = 1 << 20;

/** Reserves the handle table. Address space only: pages that were never touched cost nothing. */
export function initializeMemory(tableLimit: u32): bool {
  assert(__data_end >= (STATIC_ADDRESS as usize) && __heap_base <= (TABLE_BASE as usize)); // asconfig.json: memoryBase
  system.tableLimit = tableLimit;
  system.tableHigh = 1; // entry 0 is never handed out: handle 0 is NULL
  system.bump = (TABLE_BASE as usize) + ((tableLimit + 1) as usize) * ENTRY_SIZE;
  return growMemory();
}

/** Makes room for GROWTH bytes beyond what is in use, or an eighth of it. False when the host's limit is reached. */
export function growMemory(): bool {
  const wanted = system.bump + max<usize>(GROWTH, system.bump >> 3);
  const have = (memory.size() as usize) * PAGE;
  if (wanted <= have) return true;
  return memory.grow(((wanted - have + PAGE - 1) / PAGE) as i32) >= 0;
}

/** Takes zeroed memory for ever, in multiples of 16 bytes; 0 when there is none. */
export function allocate(size: usize): usize {
  const address = system.bump;
  const end = address + ((size + 15) & ~15);
  const have = (memory.size() as usize) * PAGE;
  if (end + MARGIN > have) attend(Attention.Memory);
  if (end > have) return 0;
  system.bump = end;
  return address;
}

/** Makes a slab of records of `size` bytes and chains them; answers the first, or 0. */
export function allocateSlab(size: usize): usize {
  const first = allocate(size * SLAB_RECORDS);
  if (first == 0) return 0;
  const last = first + size * (SLAB_RECORDS - 1);
  for (let at = first; at < last; at += size) store<usize>(at, at + size);
  store<usize>(last, 0);
  return first;
}

/** Clears a record that goes from one owner to the next. Records are short: memory.fill would cost more than they do. */
export function clear(address: usize, size: usize): void {
  const end = address + size;
  let at = address;
  for (; at + 8 <= end; at += 8) store<u64>(at, 0);
  if (at < end) store<u32>(at, 0);
}
