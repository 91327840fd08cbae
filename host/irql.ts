// IRQLs in words, as docstrings, findings and docs/DDI.md write them.

import { type Ddi, Irql, highestIrql, lowestIrql } from "../bindings/abi";

const NAMES: Partial<Record<Irql, string>> = {
  [Irql.Passive]: "PASSIVE_LEVEL",
  [Irql.Apc]: "APC_LEVEL",
  [Irql.Dispatch]: "DISPATCH_LEVEL",
  [Irql.DeviceMax]: "DIRQL",
  [Irql.High]: "HIGH_LEVEL",
};

/** `DISPATCH_LEVEL`; `IRQL 7` for a level without a name. */
export function levelName(irql: number): string {
  if (irql > Irql.Dispatch && irql < Irql.High) return `IRQL ${irql}`;
  return NAMES[irql as Irql] ?? `IRQL ${irql}`;
}

/** Where a DDI may be called: `PASSIVE_LEVEL`, `<= DISPATCH_LEVEL`, `any`. */
export function allowedIrql(ddi: Ddi): string {
  const lowest = lowestIrql(ddi);
  const highest = highestIrql(ddi);
  if (lowest === highest) return NAMES[highest]!;
  if (highest !== Irql.High) return `<= ${NAMES[highest]}`;
  return lowest === Irql.Passive ? "any" : `>= ${NAMES[lowest]}`;
}
