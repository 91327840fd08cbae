// Times as the kernel takes them: 64 bits, units of 100 ns, negative for relative, else since 1601.

/** NULL (null, undefined) is for ever; 0 does not wait. */
export type TimeoutValue = number | bigint | null | undefined;

/** Whether there is one, low word, high word. */
export function timeoutWords(timeout: TimeoutValue): [given: number, low: number, high: number] {
  if (timeout === null || timeout === undefined) return [0, 0, 0];
  return [1, ...timeWords(timeout)];
}

/** Low word, high word. */
export function timeWords(time: number | bigint): [low: number, high: number] {
  const value = BigInt.asUintN(64, BigInt(time));
  return [Number(value & 0xffffffffn) | 0, Number(value >> 32n) | 0];
}
