// Interrupt request levels. The level belongs to the processor that runs; the system record keeps it close.

import { Irql } from "../abi/irql";
import { system } from "./system";

/** KeGetCurrentIrql */
export function currentIrql(): u32 {
  return system.irql;
}

/** Sets the level of the current processor. What the change lets in is the caller's business. */
export function setIrql(irql: u32): void {
  system.irql = irql;
}

/** Raises to DISPATCH_LEVEL unless the level is there already; answers the level before. */
export function raiseToDispatch(): u32 {
  const before = currentIrql();
  if (before < (Irql.Dispatch as u32)) setIrql(Irql.Dispatch);
  return before;
}
