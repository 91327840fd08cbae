// Due times and timeouts: what a driver gives, and the two words the core gets.

import { describe, expect, it } from "vitest";
import { WDF_ABS_TIMEOUT_IN_MS, WDF_REL_TIMEOUT_IN_SEC, dueWords, timeoutWords } from "../host/ddi/due-time";
import { ProtocolError } from "../host/errors";

/** The 64 bits that two words are. */
const whole = ([low, high]: readonly number[]): bigint => (BigInt(high!) << 32n) | BigInt(low! >>> 0);

describe("dueWords", () => {
  it.each([0, -1, -10_000, 2 ** 32, -(2 ** 32), -(2 ** 52) + 1])("keeps %d", (due) => {
    expect(whole(dueWords(due))).toBe(BigInt(due));
    expect(dueWords(BigInt(due))).toEqual(dueWords(due));
  });

  it("keeps a system time, which needs more than the 53 bits of a number", () => {
    const now = WDF_ABS_TIMEOUT_IN_MS(13_000_000_000_123) + 1n;
    expect(whole(dueWords(now))).toBe(130_000_000_001_230_001n);
  });

  it("refuses NaN", () => {
    expect(() => dueWords(WDF_REL_TIMEOUT_IN_SEC(Number.NaN))).toThrow(new ProtocolError("a due time is a number or bigint of 100 ns, not NaN"));
  });
});

describe("timeoutWords", () => {
  it("tells NULL, which waits for ever, from 0, which does not wait", () => {
    expect(timeoutWords(null)).toEqual([0, 0, 0]);
    expect(timeoutWords(undefined)).toEqual([0, 0, 0]);
    expect(timeoutWords(0)).toEqual([1, 0, 0]);
    expect(timeoutWords(-1)).toEqual([1, -1, -1]);
  });
});
