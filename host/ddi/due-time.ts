// Due times: 64 bits in units of 100 ns, below 0 from now, else system time since 1601. Times from now are numbers; system
// times need more than the 53 bits of one, and are bigints.

import { ProtocolError } from "../errors";

const UNITS_PER_MS = 10_000;
const HIGH = 2 ** 32;

/** LONGLONG DueTime */
export type DueTime = number | bigint;
/** PLARGE_INTEGER Timeout */
export type TimeoutValue = DueTime | null | undefined;

/** WDF_REL_TIMEOUT_IN_US */
export function WDF_REL_TIMEOUT_IN_US(time: number): number {
  return -Math.round(time * 10);
}

/** WDF_REL_TIMEOUT_IN_MS */
export function WDF_REL_TIMEOUT_IN_MS(time: number): number {
  return -Math.round(time * UNITS_PER_MS);
}

/** WDF_REL_TIMEOUT_IN_SEC */
export function WDF_REL_TIMEOUT_IN_SEC(time: number): number {
  return WDF_REL_TIMEOUT_IN_MS(time * 1000);
}

/** WDF_ABS_TIMEOUT_IN_MS: milliseconds since 1601. */
export function WDF_ABS_TIMEOUT_IN_MS(time: number): bigint {
  return BigInt(Math.round(time)) * BigInt(UNITS_PER_MS);
}

/** The two words of a due time, low and high. */
export function dueWords(due: DueTime): [number, number] {
  if (Number.isNaN(due)) throw new ProtocolError("a due time is a number or bigint of 100 ns, not NaN");
  if (typeof due === "bigint") return [Number(BigInt.asIntN(32, due)), Number(BigInt.asIntN(32, due >> 32n))];
  const high = Math.floor(due / HIGH);
  return [(due - high * HIGH) | 0, high | 0];
}

/** The words of a timeout: whether there is one, low, high. NULL (null, undefined) is for ever; 0 does not wait. */
export function timeoutWords(timeout: TimeoutValue): [given: number, low: number, high: number] {
  return timeout === null || timeout === undefined ? [0, 0, 0] : [1, ...dueWords(timeout)];
}
