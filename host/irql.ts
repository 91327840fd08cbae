// IRQLs in words, as docstrings, findings and docs/DDI.md write them.

import { type Ddi, Irql, IrqlLevels, IrqlName, highestIrql, irqlOf, lowestIrql } from "../bindings/abi";

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

/** The levels of a machine. */
export interface Irqls {
  readonly PASSIVE_LEVEL: number;
  readonly APC_LEVEL: number;
  readonly DISPATCH_LEVEL: number;
  /** The lowest and the highest level of a device's interrupt. */
  readonly DIRQL: readonly [lowest: number, highest: number];
  readonly CMCI_LEVEL: number;
  readonly PROFILE_LEVEL: number;
  readonly CLOCK_LEVEL: number;
  readonly IPI_LEVEL: number;
  readonly POWER_LEVEL: number;
  readonly HIGH_LEVEL: number;
}

/** The levels of an x64 machine (which are also those of ARM), or of an x86 one. */
export function irqls(machine: "x64" | "x86"): Irqls {
  const of = (name: IrqlName): number => irqlOf(name, machine === "x86" ? IrqlLevels.X86 : IrqlLevels.X64);
  return {
    PASSIVE_LEVEL: of(IrqlName.Passive),
    APC_LEVEL: of(IrqlName.Apc),
    DISPATCH_LEVEL: of(IrqlName.Dispatch),
    DIRQL: [of(IrqlName.DeviceMin), of(IrqlName.DeviceMax)],
    CMCI_LEVEL: of(IrqlName.Cmci),
    PROFILE_LEVEL: of(IrqlName.Profile),
    CLOCK_LEVEL: of(IrqlName.Clock),
    IPI_LEVEL: of(IrqlName.Ipi),
    POWER_LEVEL: of(IrqlName.Power),
    HIGH_LEVEL: of(IrqlName.High),
  };
}

/** Where a DDI may be called: `PASSIVE_LEVEL`, `<= DISPATCH_LEVEL`, `any`. */
export function allowedIrql(ddi: Ddi): string {
  const lowest = lowestIrql(ddi);
  const highest = highestIrql(ddi);
  if (lowest === highest) return NAMES[highest]!;
  if (highest !== Irql.High) return `<= ${NAMES[highest]}`;
  return lowest === Irql.Passive ? "any" : `>= ${NAMES[lowest]}`;
}
