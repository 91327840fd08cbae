// KeRaiseIrql and its like: the interrupt request level of the current processor. Out-parameters are return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import { ask, call, nothing, same } from "../ddi/call";
import type { Suspendable } from "../suspension";

/**
 * The level of the current processor.
 *
 * @irql any
 */
export function KeGetCurrentIrql(): number {
  return ask("KeGetCurrentIrql", [], same);
}

/**
 * The number of the processor the caller runs on, from 0. It may be another one after the next DDI, unless the level is
 * DISPATCH_LEVEL or above. There is one processor group, so the number is also that of the PROCESSOR_NUMBER.
 *
 * @irql any
 */
export function KeGetCurrentProcessorNumberEx(): number {
  return ask("KeGetCurrentProcessorNumberEx", [], same);
}

/** All groups of processors at once, for {@link KeQueryActiveProcessorCountEx}. */
export const ALL_PROCESSOR_GROUPS = 0xffff;

/**
 * How many processors the group has, 0 for a group that does not exist. There is one group, number 0.
 *
 * @irql any
 */
export function KeQueryActiveProcessorCountEx(GroupNumber: number): number {
  return ask("KeQueryActiveProcessorCountEx", [GroupNumber], same);
}

/**
 * Raises the level and answers the one before, which is for KeLowerIrql.
 *
 * @irql any; to a level not below the current one
 * @bugcheck 0xC4 / 0x30 for a lower level (Driver Verifier), 0x9 (checked build); else the level is set and a finding made
 */
export function KeRaiseIrql(NewIrql: number): number {
  return ask("KeRaiseIrql", [NewIrql], same);
}

/**
 * Lowers the level to the one KeRaiseIrql answered. What waited for that runs before this returns.
 *
 * @irql any; to a level not above the current one
 * @bugcheck 0xC4 / 0x31 for a higher level (Driver Verifier), 0xA (checked build); else the level is set and a finding made
 */
export function KeLowerIrql(NewIrql: number): Suspendable<void> {
  return call("KeLowerIrql", [NewIrql], nothing);
}

/**
 * Raises to DISPATCH_LEVEL and answers the level before.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck as KeRaiseIrql
 */
export function KeRaiseIrqlToDpcLevel(): number {
  return ask("KeRaiseIrqlToDpcLevel", [], same);
}
