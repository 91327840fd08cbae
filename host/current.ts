// Which machine the DDIs speak to: the one whose driver routine runs.
//
// DDIs are free functions, as in C. While a routine runs, its machine is the current one; whoever enters a machine puts
// the one before back, so that two Systems can even call into each other. The last one stays: that it is outside of all
// routines is in its mode.

import { ProtocolError } from "./errors";
import type { Machine } from "./machine";
import { Mode } from "./mode";

let current: Machine | null = null;

/** The machine of the running routine. */
export function machine(): Machine {
  if (current === null || current.mode === Mode.Outside) {
    throw new ProtocolError(
      "a DDI was called while no driver routine runs. Call it from a callback, or from a system thread: " +
        "system.thread(() => { ... }).",
    );
  }
  return current;
}

/** Makes a machine the current one; answers the one before. */
export function enter(next: Machine): Machine | null {
  const before = current;
  if (before !== next) current = next;
  return before;
}

/** The machine has left its core: the one before is current again, if it was in the middle of something. */
export function leave(before: Machine | null): void {
  if (before !== current && before !== null) current = before;
}
