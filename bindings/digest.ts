// A digest of linear memory: two runs from one input log give the same.

import { SYSTEM_ADDRESS } from "./abi";
import type { Core } from "./core";

/** 16 hexadecimal digits over all memory the core uses (FNV-1a, two lanes of 32 bits over words). */
export function memoryDigest(core: Core): string {
  const end = core.exports.memoryUsed() >> 2;
  const words = core.words;
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = SYSTEM_ADDRESS >> 2; i < end; i++) {
    const word = words[i];
    if (word === 0) {
      b = (b + 1) | 0;
      continue;
    }
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ word ^ i, 0x85ebca6b);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return hex(a) + hex(b);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
