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

import { Irql } from "../abi/irql";
import { currentIrql } from "./processor";
import { currentThread } from "./thread";

/** KeAreApcsDisabled. The level does not matter (K-314). */
export function apcsDisabled(): bool {
  return (currentThread().kernelApcDisable | currentThread().specialApcDisable) != 0;
}

/** KeAreAllApcsDisabled */
export function allApcsDisabled(): bool {
  return currentThread().specialApcDisable != 0 || currentIrql() >= (Irql.Apc as u32);
}
