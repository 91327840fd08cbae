// The scratch area: where the host puts the structures it passes (abi/config.ts).

import { SCRATCH_WORDS } from "../abi/config";
import { PANIC_ADDRESS, SCRATCH_ADDRESS } from "../abi/layout";

if (SCRATCH_ADDRESS + SCRATCH_WORDS * 4 > PANIC_ADDRESS) ERROR("the scratch area is too long");

/** Sets a word of a structure the host is to read. */
export function setWord(index: i32, value: u32): void {
  store<u32>((SCRATCH_ADDRESS as usize) + ((index as usize) << 2), value);
}

/** One word of the structure that was passed. */
export function word(index: i32): u32 {
  return load<u32>((SCRATCH_ADDRESS as usize) + ((index as usize) << 2));
}
