// What happens when the core finds a bug of its own: the abort of AssemblyScript, without an import.
//
// The four facts of the failed assertion are left where the host can read them, then the instance traps.
// bindings/core.ts turns that into an InternalError. Nothing a driver does may end here: a driver's mistakes are
// statuses, findings and Stops.

import { PANIC_ADDRESS } from "../abi/layout";

/** Takes the place of `abort`. Message and file point to UTF-16 text, its length in the word before. */
export function panic(message: usize, file: usize, line: u32, column: u32): void {
  store<usize>(PANIC_ADDRESS, message);
  store<usize>(PANIC_ADDRESS, file, 4);
  store<u32>(PANIC_ADDRESS, line, 8);
  store<u32>(PANIC_ADDRESS, column, 12);
  unreachable();
}
