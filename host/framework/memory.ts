// Memory and Lookaside: WDFMEMORY and WDFLOOKASIDE as objects. Every member names its DDI.

import { type NtStatus, PoolType } from "../../bindings/abi";
import * as wdf from "../ddi/memory";
import type { WDFLOOKASIDE, WDFMEMORY } from "../ddi/types";
import { FrameworkObject, type ObjectOptions, attributesOf } from "./object";

/** Where memory comes from. */
export interface PoolOptions extends ObjectOptions {
  /** Bytes. */
  size: number;
  /** Nonpaged unless it is given. */
  pool?: PoolType;
}

export class Memory extends FrameworkObject<WDFMEMORY> {
  /** @ddi WdfMemoryCreate */
  static create(options: PoolOptions): { readonly status: NtStatus; readonly object: Memory } {
    const { status, memory } = wdf.WdfMemoryCreate(attributesOf(options), poolOf(options), 0, options.size);
    return { status, object: new Memory(memory) };
  }

  /** Around a buffer that stays the driver's. @ddi WdfMemoryCreatePreallocated */
  static around(buffer: Uint8Array, options: ObjectOptions = {}): { readonly status: NtStatus; readonly object: Memory } {
    const { status, memory } = wdf.WdfMemoryCreatePreallocated(attributesOf(options), buffer);
    return { status, object: new Memory(memory) };
  }

  /** @ddi WdfMemoryGetBuffer */
  get buffer(): Uint8Array {
    return wdf.WdfMemoryGetBuffer(this.handle);
  }

  /** Another buffer, of memory made around one. @ddi WdfMemoryAssignBuffer */
  assign(buffer: Uint8Array): NtStatus {
    return wdf.WdfMemoryAssignBuffer(this.handle, buffer);
  }

  /** Fills the buffer from an offset on. @ddi WdfMemoryCopyToBuffer */
  copyTo(buffer: Uint8Array, offset = 0): NtStatus {
    return wdf.WdfMemoryCopyToBuffer(this.handle, offset, buffer);
  }

  /** Takes all bytes of the buffer, to an offset. @ddi WdfMemoryCopyFromBuffer */
  copyFrom(buffer: Uint8Array, offset = 0): NtStatus {
    return wdf.WdfMemoryCopyFromBuffer(this.handle, offset, buffer);
  }
}

/** A list from which memory of one size is taken. */
export class Lookaside extends FrameworkObject<WDFLOOKASIDE> {
  /** `memory`: what each memory of the list is made with. @ddi WdfLookasideListCreate */
  static create(options: PoolOptions & { memory?: ObjectOptions }): { readonly status: NtStatus; readonly object: Lookaside } {
    const ofMemory = attributesOf(options.memory ?? {});
    const { status, lookaside } = wdf.WdfLookasideListCreate(attributesOf(options), options.size, poolOf(options), ofMemory, 0);
    return { status, object: new Lookaside(lookaside) };
  }

  /** @ddi WdfMemoryCreateFromLookaside */
  take(): { readonly status: NtStatus; readonly object: Memory } {
    const { status, memory } = wdf.WdfMemoryCreateFromLookaside(this.handle);
    return { status, object: new Memory(memory) };
  }
}

function poolOf({ pool }: PoolOptions): PoolType {
  return pool ?? PoolType.NonPagedNx;
}
