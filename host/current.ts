// Which machine the DDIs speak to: the one whose driver routine runs.
//
// DDIs are free functions, as in C. While a routine runs, its machine is the current one; the pump sets it and puts
// the one before back, so that two Systems can even call into each other.

import { ProtocolError } from "./errors";
import type { Machine } from "./machine";

let current: Machine | null = null;

/** The machine of the running routine. */
export function machine(): Machine {
  if (current === null) {
    throw new ProtocolError(
      "a DDI was called while no driver routine runs. Call it from a callback, or from a system thread: " +
        "system.thread(() => { ... }).",
    );
  }
  return current;
}

/** Makes a machine the current one; answers the one before. */
export function enter(next: Machine | null): Machine | null {
  const before = current;
  current = next;
  return before;
}
