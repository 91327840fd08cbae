// How values are written in messages and traces.

import { NtStatus } from "../bindings/abi";

/** 0x-prefixed, unsigned. */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** Eight digits, as NTSTATUS values are usually written. */
export function hex8(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
}

const statusNames = new Map<number, string>();

/** STATUS_CANCELLED for 0xc0000120; the number itself for a status without a name here. */
export function statusName(status: number): string {
  if (statusNames.size === 0) {
    for (const [key, value] of Object.entries(NtStatus)) {
      if (typeof value === "number") statusNames.set(value, `STATUS_${snake(key)}`);
    }
  }
  return statusNames.get(status | 0) ?? hex8(status);
}

/** InvalidParameter4 -> INVALID_PARAMETER_4 */
function snake(member: string): string {
  return member.replace(/(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z0-9])(?=[A-Z][a-z])/g, "_").toUpperCase();
}
