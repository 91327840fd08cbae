// Critical and guarded regions: what keeps a thread's APCs off.
//
//   count                moved by                              keeps off
//   ──────────────────── ───────────────────────────────────── ───────────────────────────────────
//   kernelApcDisable     critical region, KMUTEX, wait lock,   user and normal kernel APCs
//                        passive callback lock
//   specialApcDisable    guarded region, guarded mutex         all APCs
//
// Each is a plain signed number: -1 on entering, +1 on leaving, whatever the level is or was. Any value but 0 disables.
// The level does the same to APCs without touching the counts.
//
// I/O handlers called below DISPATCH_LEVEL are documented to run in a critical region. On its way in a request brings one;
// for all others nothing is counted, and the answer here is as if it were.

import { RoutineKind } from "../abi/event";
import { Irql } from "../abi/irql";
import { Frame } from "./frame";
import { currentIrql } from "./processor";
import { currentThread } from "./thread";

/** Kinds of routine from IoRead to IoDefault, less one. */
const HANDLERS: u32 = RoutineKind.IoDefault - RoutineKind.IoRead;

/** KeAreApcsDisabled. The level does not matter (K-314). */
export function apcsDisabled(): bool {
  return (currentThread().kernelApcDisable | currentThread().specialApcDisable) != 0 || isInHandler();
}

/** True in EvtIoRead and its like, or what it calls, if it was called below DISPATCH_LEVEL. */
function isInHandler(): bool {
  for (let at = currentThread().top; at != 0; at = changetype<Frame>(at).below) {
    const frame = changetype<Frame>(at);
    if (frame.routine - (RoutineKind.IoRead as u32) <= HANDLERS) {
      return frame.irql < (Irql.Dispatch as u32) && frame.lock == 0;
    }
  }
  return false;
}

/** KeAreAllApcsDisabled */
export function allApcsDisabled(): bool {
  return currentThread().specialApcDisable != 0 || currentIrql() >= (Irql.Apc as u32);
}
