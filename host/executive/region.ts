// Critical and guarded regions, in which a thread's APCs wait.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/ntddk/

import { ask, nothing, yes } from "../ddi/call";

/**
 * Keeps user and normal kernel APCs off, until the region is left as often as it was entered.
 *
 * @irql <= APC_LEVEL
 * @bugcheck 0xC4 / 0x11A above APC_LEVEL (Driver Verifier)
 */
export function KeEnterCriticalRegion(): void {
  ask("KeEnterCriticalRegion", [], nothing);
}

/**
 * Leaves a critical region.
 *
 * @irql <= APC_LEVEL
 * @bugcheck 0xC4 / 0x3E when none was entered, 0xC4 / 0x11B above APC_LEVEL (Driver Verifier)
 */
export function KeLeaveCriticalRegion(): void {
  ask("KeLeaveCriticalRegion", [], nothing);
}

/**
 * Keeps all APCs off, until the region is left as often as it was entered.
 *
 * @irql <= APC_LEVEL
 * @bugcheck 0xC4 / 0x11A above APC_LEVEL (Driver Verifier)
 */
export function KeEnterGuardedRegion(): void {
  ask("KeEnterGuardedRegion", [], nothing);
}

/**
 * Leaves a guarded region.
 *
 * @irql <= APC_LEVEL
 * @bugcheck 0xC4 / 0x3E when none was entered, 0xC4 / 0x11B above APC_LEVEL (Driver Verifier)
 */
export function KeLeaveGuardedRegion(): void {
  ask("KeLeaveGuardedRegion", [], nothing);
}

/**
 * True in a critical or guarded region, whatever the level is.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeAreApcsDisabled(): boolean {
  return ask("KeAreApcsDisabled", [], yes);
}

/**
 * True in a guarded region and at APC_LEVEL or above.
 *
 * @irql any
 */
export function KeAreAllApcsDisabled(): boolean {
  return ask("KeAreAllApcsDisabled", [], yes);
}
