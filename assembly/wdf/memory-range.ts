// The WDFMEMORY of a request that is formatted for a target: its size, and the reference that keeps it.
//
// Until there are memory objects a format names its buffers by their lengths alone.

/** Bytes of a memory object. */
export function memorySize(_memory: u32): u32 {
  return 0;
}

/** Keeps a memory object alive until {@link releaseMemory}. */
export function holdMemory(_memory: u32): void {}

/** Lets it go. */
export function releaseMemory(_memory: u32): void {}
