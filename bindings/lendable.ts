// System buffers of a checked System, which have to be taken from the drivers at completion: every view there is of them has
// no bytes from then on.
//
// An ArrayBuffer loses its bytes when it is transferred, which takes some microseconds, or when it is that of a
// WebAssembly.Memory that grows, be it by nothing, which takes a tenth of that. So a few memories of one page are kept for
// the buffers that fit; the others are transferred.

const PAGE = 65536;
/** Each takes address space, though no memory, of which a platform may grant little: then there are fewer. */
const PAGES_MAX = 8;

const free: WebAssembly.Memory[] = [];
const lent = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();
let made = 0;

function page(): WebAssembly.Memory | undefined {
  const known = free.pop();
  if (known !== undefined || made === PAGES_MAX) return known;
  made++;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1 });
  } catch {
    made = PAGES_MAX;
    return undefined;
  }
}

/** Zeroed bytes that can be taken back. */
export function lend(length: number): Uint8Array {
  const memory = length <= PAGE ? page() : undefined;
  if (memory === undefined) return new Uint8Array(length);
  lent.set(memory.buffer, memory);
  return new Uint8Array(memory.buffer, 0, length).fill(0);
}

/** True for bytes of one of the pages. */
export function isLent(bytes: Uint8Array): boolean {
  return lent.has(bytes.buffer);
}

/** Takes bytes back that were lent: nobody sees them any more. */
export function takeBack(bytes: Uint8Array): void {
  const memory = lent.get(bytes.buffer);
  if (memory === undefined) {
    moved(bytes);
    return;
  }
  memory.grow(0);
  free.push(memory);
}

/** The same bytes for somebody else. They are copied if they are to be lent again. */
export function moved(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  if (length === 0) return bytes;
  if (lent.has(buffer)) {
    const copy = new Uint8Array(bytes);
    takeBack(bytes);
    return copy;
  }
  const transferable = buffer as ArrayBuffer & { transfer?: () => ArrayBuffer };
  const fresh = transferable.transfer?.() ?? structuredClone(buffer, { transfer: [transferable] });
  return new Uint8Array(fresh as ArrayBuffer, byteOffset, length);
}
