// The version both sides of the seam must agree on. The core stores it in its first word; bindings refuses
// a core that says anything else.

/** Raised whenever a name, an offset or the meaning of a value in `assembly/abi` changes. */
export const ABI_VERSION: u32 = 1;
