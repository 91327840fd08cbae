// `new memory`, `new prealloc`.

import { PoolType } from "../../../../bindings/abi";
import { WdfMemoryCreate, WdfMemoryCreatePreallocated } from "../../../../host/ddi/memory";
import type { Kind } from "./kind";

const FIRST = "a".charCodeAt(0);
const LETTERS = 26;

/** "abc..." over and over. */
function fill(buffer: Uint8Array): void {
  buffer.forEach((_, index) => (buffer[index] = FIRST + (index % LETTERS)));
}

/** `new memory NAME size=N [paged]` */
const memory: Kind = (_rig, _name, options, attributes) => {
  const size = options.number("size") ?? DEFAULT_SIZE;
  const pool = options.flag("paged") ? PoolType.Paged : PoolType.NonPagedNx;
  return () => {
    const made = WdfMemoryCreate(attributes, pool, 0, size);
    fill(made.buffer);
    return { status: made.status, handle: made.memory };
  };
};

const DEFAULT_SIZE = 16;

/** `new prealloc NAME size=N [nullbuf]` */
const prealloc: Kind = (_rig, _name, options, attributes) => {
  const size = options.number("size") ?? DEFAULT_SIZE;
  const none = options.flag("nullbuf");
  return () => {
    const buffer = new Uint8Array(size);
    fill(buffer);
    const made = WdfMemoryCreatePreallocated(attributes, none ? null : buffer);
    return { status: made.status, handle: made.memory };
  };
};

export const MEMORY_KINDS: Record<string, Kind> = { memory, prealloc };
