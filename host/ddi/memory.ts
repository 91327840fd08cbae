// WdfMemory*, WdfLookasideList*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// A buffer is a Uint8Array. It is the same one each time it is asked for, so that what is written into it stays.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfmemory/

import { CONFIG_WORD, type NtStatus, PoolType } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import { writeAttributes } from "./attributes";
import { ask } from "./call";
import type { WDFLOOKASIDE, WDFMEMORY, WdfObjectAttributes } from "./types";

/** What a function gives back that makes a memory object. */
export interface MemoryResult {
  readonly status: NtStatus;
  readonly memory: WDFMEMORY;
  readonly buffer: Uint8Array;
}

/**
 * Makes a memory object with a buffer of zeros. Its parent is the driver unless the attributes name another.
 *
 * @irql <= DISPATCH_LEVEL; paged pool: <= APC_LEVEL
 * @bugcheck 0xC4 / 0x1 for paged pool above APC_LEVEL (Driver Verifier, without the framework's)
 * @returns STATUS_INVALID_PARAMETER for no bytes, STATUS_INVALID_DEVICE_REQUEST (with a verifier break) for paged pool above
 * APC_LEVEL, STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID, STATUS_DELETE_PENDING,
 * STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfMemoryCreate(
  Attributes: WdfObjectAttributes | undefined,
  Pool: PoolType,
  _PoolTag: number,
  BufferSize: number,
): MemoryResult {
  const m = machine();
  writeAttributes(m, Attributes);
  return ask("WdfMemoryCreate", [Pool, BufferSize], (status) => made(m, status, BufferSize));
}

/** The handle in the first out value, with a new buffer. */
function made(m: Machine, status: number, size: number): MemoryResult {
  const memory = m.core.outValue(0) as WDFMEMORY;
  const buffer = new Uint8Array(status < 0 ? 0 : size);
  if (status >= 0) name(m, memory, buffer, true);
  return { status, memory, buffer };
}

function name(m: Machine, memory: WDFMEMORY, buffer: Uint8Array, ours: boolean): void {
  m.born(memory, "m");
  m.contents.setBytes(memory, buffer, ours);
}

/**
 * Makes a memory object around a buffer of the driver's, which stays the driver's.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a buffer
 * @returns STATUS_INVALID_PARAMETER for no bytes, and as WdfMemoryCreate
 */
export function WdfMemoryCreatePreallocated(
  Attributes: WdfObjectAttributes | undefined,
  Buffer: Uint8Array | null,
): { readonly status: NtStatus; readonly memory: WDFMEMORY } {
  const m = machine();
  writeAttributes(m, Attributes);
  return ask("WdfMemoryCreatePreallocated", [Buffer === null ? 0 : 1, Buffer?.length ?? 0], (status) => {
    const memory = m.core.outValue(0) as WDFMEMORY;
    if (status >= 0 && Buffer !== null) name(m, memory, Buffer, false);
    return { status, memory };
  });
}

/**
 * The buffer of a memory object. Asking for it is legal at any level. What JavaScript then does with the bytes of paged memory
 * at DISPATCH_LEVEL or above is not seen, other than a copy by WdfMemoryCopyToBuffer or WdfMemoryCopyFromBuffer.
 *
 * @irql any
 */
export function WdfMemoryGetBuffer(Memory: WDFMEMORY): Uint8Array {
  const { contents } = machine();
  return ask("WdfMemoryGetBuffer", [Memory], () => contents.bytesOf(Memory));
}

/**
 * Gives a preallocated memory object another buffer.
 *
 * @irql any
 * @bugcheck WDF_VIOLATION / WDF_INVALID_HANDLE for memory that was not made by WdfMemoryCreatePreallocated
 * @returns STATUS_INVALID_PARAMETER for no bytes
 */
export function WdfMemoryAssignBuffer(Memory: WDFMEMORY, Buffer: Uint8Array | null): NtStatus {
  const { contents } = machine();
  return ask("WdfMemoryAssignBuffer", [Memory, Buffer === null ? 0 : 1, Buffer?.length ?? 0], (status) => {
    if (status >= 0 && Buffer !== null) contents.setBytes(Memory, Buffer, false);
    return status;
  });
}

/**
 * Copies as many bytes as the buffer has room for out of a memory object.
 *
 * @irql any
 * @bugcheck DRIVER_IRQL_NOT_LESS_OR_EQUAL (0xD1) for memory in paged pool at DISPATCH_LEVEL or above
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a buffer
 * @returns STATUS_BUFFER_TOO_SMALL when the memory does not have them, STATUS_INVALID_PARAMETER for no bytes
 */
export function WdfMemoryCopyToBuffer(SourceMemory: WDFMEMORY, SourceOffset: number, Buffer: Uint8Array | null): NtStatus {
  const { contents } = machine();
  return ask("WdfMemoryCopyToBuffer", [SourceMemory, SourceOffset, Buffer === null ? 0 : 1, Buffer?.length ?? 0], (status) => {
    const length = Buffer?.length ?? 0;
    if (status >= 0) Buffer?.set(contents.bytesOf(SourceMemory).subarray(SourceOffset, SourceOffset + length));
    return status;
  });
}

/**
 * Copies all bytes of the buffer into a memory object.
 *
 * @irql any
 * @bugcheck DRIVER_IRQL_NOT_LESS_OR_EQUAL (0xD1) for memory in paged pool at DISPATCH_LEVEL or above
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a buffer
 * @returns STATUS_INVALID_BUFFER_SIZE when the memory has no room for them, STATUS_ACCESS_VIOLATION (with a verifier break)
 * for memory that may only be read, STATUS_INVALID_PARAMETER for no bytes
 */
export function WdfMemoryCopyFromBuffer(DestinationMemory: WDFMEMORY, DestinationOffset: number, Buffer: Uint8Array | null): NtStatus {
  const { contents } = machine();
  const args = [DestinationMemory, DestinationOffset, Buffer === null ? 0 : 1, Buffer?.length ?? 0];
  return ask("WdfMemoryCopyFromBuffer", args, (status) => {
    if (status >= 0 && Buffer !== null) contents.bytesOf(DestinationMemory).set(Buffer, DestinationOffset);
    return status;
  });
}

/**
 * Makes a list from which memory objects of one size and of the same attributes are taken.
 *
 * @irql <= DISPATCH_LEVEL; paged pool: PASSIVE_LEVEL
 * @returns STATUS_INVALID_PARAMETER for no bytes, and for a paged list whose parent belongs to another device than that of
 * its memory; STATUS_INVALID_DEVICE_REQUEST (with a verifier break) for a paged list above PASSIVE_LEVEL; and as
 * WdfMemoryCreate
 */
export function WdfLookasideListCreate(
  LookasideAttributes: WdfObjectAttributes | undefined,
  BufferSize: number,
  Pool: PoolType,
  MemoryAttributes: WdfObjectAttributes | undefined,
  _PoolTag: number,
): { readonly status: NtStatus; readonly lookaside: WDFLOOKASIDE } {
  const m = machine();
  writeAttributes(m, MemoryAttributes, CONFIG_WORD);
  writeAttributes(m, LookasideAttributes);
  return ask("WdfLookasideListCreate", [BufferSize, Pool], (status) => {
    const lookaside = m.core.outValue(0) as WDFLOOKASIDE;
    if (status >= 0) m.born(lookaside, "lookaside");
    return { status, lookaside };
  });
}

/**
 * Takes a memory object from a list, with a buffer of zeros of the list's size. It keeps the list until it is destroyed.
 *
 * @irql <= DISPATCH_LEVEL; paged pool: <= APC_LEVEL
 * @bugcheck 0xC4 / 0x1 for a paged list above APC_LEVEL (Driver Verifier)
 * @returns STATUS_DELETE_PENDING when the parent of its attributes is being deleted, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfMemoryCreateFromLookaside(Lookaside: WDFLOOKASIDE): MemoryResult {
  const m = machine();
  return ask("WdfMemoryCreateFromLookaside", [Lookaside], (status) => made(m, status, m.core.outValue(1)));
}
