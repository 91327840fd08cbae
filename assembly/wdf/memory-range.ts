// The memory of a request that is formatted for a target: its size, and the reference that keeps it.
//
// A buffer is a WDFMEMORY, or bytes that the host lends for the time of a call (their numbers begin at LENT_BYTES).

import { ObjectKind } from "../abi/request";
import { LENT_BYTES } from "../abi/target";
import { lookup, lookupAny } from "../nt/table";
import { memoryOf } from "./memory";
import { dereferenceObject, referenceObject } from "./object-references";

/** Bytes of a memory object. */
export function memorySize(memory: u32): u32 {
  const entry = lookup(memory, ObjectKind.Memory);
  return entry == 0 ? 0 : memoryOf(entry).size;
}

/** Keeps a memory object until {@link releaseMemory}. */
export function holdMemory(memory: u32): void {
  if (memory != 0 && memory < LENT_BYTES) referenceObject(lookupAny(memory));
}

/** Lets it go; pushes what it takes when that was the last reference. */
export function releaseMemory(memory: u32): void {
  if (memory != 0 && memory < LENT_BYTES) dereferenceObject(lookupAny(memory));
}
