// WDFMEMORY and WDFLOOKASIDE. The bytes are the host's; here is what the framework's checks ask about.
//
//   memory       made by                           its buffer                          at its end
//   ──────────── ───────────────────────────────── ─────────────────────────────────── ─────────────────────────────
//   pool         WdfMemoryCreate                   its own; paged: PASSIVE_LEVEL ends  nothing
//                                                  it, a copy at DISPATCH_LEVEL faults
//   preallocated WdfMemoryCreatePreallocated       the driver's, may be exchanged      nothing
//   lookaside    WdfMemoryCreateFromLookaside      its own, of the list's size         its reference on the list goes
//   request      wdf/request-memory.ts             a buffer of the request             what it has locked is unlocked
//
// A lookaside list keeps the attributes of the memory it makes, as they stood in the scratch area.
//
// Source: fxmemoryobject.cpp (_CopyPtrToPtr), fxmemorybufferpreallocated.cpp, fxlookasidelist.cpp,
// fxmemorybufferfromlookaside.cpp.

import { BugCheck } from "../abi/bugcheck";
import { CONFIG_WORD } from "../abi/config";
import { Irql } from "../abi/irql";
import { SCRATCH_ADDRESS } from "../abi/layout";
import { NtStatus } from "../abi/status";
import { allocateSlab, clear } from "../nt/memory";
import { currentIrql } from "../nt/processor";
import { bugCheck } from "../nt/stop";
import { system } from "../nt/system";
import { objectAt } from "./object";

export enum MemoryFlag {
  None = 0,
  Preallocated = 1,
  /** The input of a request: WdfMemoryCopyFromBuffer is refused. */
  ReadOnly = 2,
  /** In paged pool: whoever touches it at DISPATCH_LEVEL or above faults. */
  Paged = 4,
}

@unmanaged
export class Memory {
  /** Chains free records. */
  next: usize;
  /** Bytes of the buffer. */
  size: u32;
  flags: u32;
  /** Entry of the lookaside list it came from, which it keeps; or 0. */
  lookaside: usize;
  /** The request whose buffer it is; 0 for other memory. */
  locks: usize;
}

/** Bytes of WDF_OBJECT_ATTRIBUTES in the scratch area. */
const ATTRIBUTES_SIZE: usize = (CONFIG_WORD as usize) * 4;

@unmanaged
export class Lookaside {
  next: usize;
  size: u32;
  paged: u32;
  attributes: u32; // ATTRIBUTES_SIZE bytes from here on
}

const LOOKASIDE_SIZE: usize = offsetof<Lookaside>("attributes") + ATTRIBUTES_SIZE;

export function memoryAt(address: usize): Memory {
  return changetype<Memory>(address);
}

/** The memory of an entry of that kind. */
export function memoryOf(entry: usize): Memory {
  return memoryAt(objectAt(entry).body);
}

export function lookasideAt(address: usize): Lookaside {
  return changetype<Lookaside>(address);
}

/** The record of a new memory object; 0 when memory is short. */
export function createMemory(size: u32, flags: u32): usize {
  if (system.freeMemories == 0) system.freeMemories = allocateSlab(offsetof<Memory>());
  const at = system.freeMemories;
  if (at == 0) return 0;
  system.freeMemories = load<usize>(at);
  clear(at, offsetof<Memory>());
  memoryAt(at).size = size;
  memoryAt(at).flags = flags;
  return at;
}

export function freeMemory(m: Memory): void {
  m.next = system.freeMemories;
  system.freeMemories = changetype<usize>(m);
}

/** The record of a new lookaside list, with the attributes of its memory: 0 when memory is short. */
export function createLookaside(size: u32, paged: bool): usize {
  if (system.freeLookasides == 0) system.freeLookasides = allocateSlab(LOOKASIDE_SIZE);
  const at = system.freeLookasides;
  if (at == 0) return 0;
  system.freeLookasides = load<usize>(at);
  const list = lookasideAt(at);
  list.next = 0;
  list.size = size;
  list.paged = paged ? 1 : 0;
  return at;
}

export function freeLookaside(list: Lookaside): void {
  list.next = system.freeLookasides;
  system.freeLookasides = changetype<usize>(list);
}

/** Keeps the attributes that stand in the scratch area, for every memory of the list. */
export function keepAttributes(list: Lookaside): void {
  memory.copy(changetype<usize>(list) + offsetof<Lookaside>("attributes"), SCRATCH_ADDRESS as usize, ATTRIBUTES_SIZE);
}

/** Puts the kept attributes into the scratch area. */
export function useAttributes(list: Lookaside): void {
  memory.copy(SCRATCH_ADDRESS as usize, changetype<usize>(list) + offsetof<Lookaside>("attributes"), ATTRIBUTES_SIZE);
}

/** The second attributes of a DDI stand where its structure would: exchanges them with the first. */
export function swapAttributes(): void {
  for (let at = SCRATCH_ADDRESS as usize; at < (SCRATCH_ADDRESS as usize) + ATTRIBUTES_SIZE; at += 4) {
    const first = load<u32>(at);
    store<u32>(at, load<u32>(at + ATTRIBUTES_SIZE));
    store<u32>(at + ATTRIBUTES_SIZE, first);
  }
}

/** False, after the Stop, for paged memory that is touched where a page fault cannot be served. */
export function mayTouch(m: Memory, memory: u32, write: u32): bool {
  if ((m.flags & (MemoryFlag.Paged as u32)) == 0 || currentIrql() < (Irql.Dispatch as u32)) return true;
  bugCheck(BugCheck.DriverIrqlNotLessOrEqual, memory, currentIrql(), write, 0);
  return false;
}

/** What a copy of `length` bytes out of the memory, from `offset` on, comes to. */
export function checkCopyOut(m: Memory, offset: u32, length: u32): NtStatus {
  if (offset != 0 && offset >= m.size) return NtStatus.BufferTooSmall;
  return length > m.size - offset ? NtStatus.BufferTooSmall : NtStatus.Success;
}

/** What a copy of `length` bytes into the memory, from `offset` on, comes to. */
export function checkCopyIn(m: Memory, offset: u32, length: u32): NtStatus {
  if (offset != 0 && offset >= m.size) return NtStatus.InvalidBufferSize;
  return length > m.size - offset ? NtStatus.InvalidBufferSize : NtStatus.Success;
}
