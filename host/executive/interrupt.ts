// Interrupt objects of the kernel: those the framework has connected (WdfInterruptWdmGetInterrupt).
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import type { PKINTERRUPT } from "../../bindings/handles";
import { machine } from "../current";
import { call, nothing, same } from "../ddi/call";
import type { Routine } from "../ddi/types";
import type { Suspendable } from "../suspension";

/** KSYNCHRONIZE_ROUTINE. At the interrupt's level, under its lock. */
export type KsynchronizeRoutine<Context> = Routine<[SynchronizeContext: Context], boolean | number>;

/**
 * Calls a routine as the ISR is called: at SynchronizeIrql, under the interrupt's spin lock (for a passive-level interrupt: at
 * PASSIVE_LEVEL, under its lock). The byte it returns is handed back unchanged.
 *
 * @irql <= DIRQL; <= SynchronizeIrql, at which the routine runs
 * @bugcheck an unhandled STATUS_ACCESS_VIOLATION for an interrupt that is not connected
 */
export function KeSynchronizeExecution<Context>(
  Interrupt: PKINTERRUPT,
  SynchronizeRoutine: KsynchronizeRoutine<Context>,
  SynchronizeContext: Context,
): Suspendable<number> {
  const { callbacks } = machine();
  let called = false;
  const routine = callbacks.once(() => {
    called = true;
    return SynchronizeRoutine(SynchronizeContext);
  });
  return call("KeSynchronizeExecution", [Interrupt, routine], (result) => {
    if (!called) callbacks.release(routine);
    return result;
  });
}

/**
 * Raises to SynchronizeIrql, takes the interrupt's spin lock, and answers the level before.
 *
 * @irql <= DIRQL; leaves at DIRQL
 * @bugcheck as KeSynchronizeExecution
 */
export function KeAcquireInterruptSpinLock(Interrupt: PKINTERRUPT): Suspendable<number> {
  return call("KeAcquireInterruptSpinLock", [Interrupt], same);
}

/**
 * Gives the interrupt's spin lock up and sets the level to the one the acquire answered.
 *
 * @irql <= DIRQL; DIRQL; leaves at the level of the acquire
 * @bugcheck as KeSynchronizeExecution
 */
export function KeReleaseInterruptSpinLock(Interrupt: PKINTERRUPT, OldIrql: number): Suspendable<void> {
  return call("KeReleaseInterruptSpinLock", [Interrupt, OldIrql], nothing);
}
