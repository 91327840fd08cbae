// The control codes of the device, as CTL_CODE makes them: FILE_DEVICE_UNKNOWN, FILE_ANY_ACCESS.

import { IoctlMethod } from "wdf-wasm";

function code(number: number, method: IoctlMethod): number {
  return (0x22 << 16) | (number << 2) | method;
}

/** The input, reversed. */
export const REVERSE = code(0x801, IoctlMethod.Buffered);
/** Fills the application's own memory with the byte in the input. */
export const FILL = code(0x802, IoctlMethod.OutDirect);
/** Counts in the application's own memory the bytes that are like the one in the input. */
export const COUNT = code(0x803, IoctlMethod.InDirect);
/** Each byte of the input in capitals, from the application's memory to the application's memory. */
export const CAPITALS = code(0x804, IoctlMethod.Neither);
