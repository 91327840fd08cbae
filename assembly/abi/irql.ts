// Interrupt request levels. The level belongs to a processor. A driver names those up to DISPATCH_LEVEL by number; above,
// they are what the machine makes of them: x64 (and ARM), or x86.

/** KIRQL, on an x64 machine */
export enum Irql {
  /** PASSIVE_LEVEL: threads run, waits and paged memory are legal. */
  Passive = 0,
  /** APC_LEVEL */
  Apc = 1,
  /** DISPATCH_LEVEL: no thread switch, no wait, no page fault on this processor. */
  Dispatch = 2,
  /** CMCI_LEVEL */
  Cmci = 5,
  /** The highest device level (CLOCK_LEVEL - 1). */
  DeviceMax = 12,
  /** CLOCK_LEVEL */
  Clock = 13,
  /** IPI_LEVEL */
  Ipi = 14,
  /** HIGH_LEVEL */
  High = 15,
}

/** Which levels a machine has. */
export enum IrqlLevels {
  X64 = 0,
  X86 = 1,
}

/** Levels by name. */
export enum IrqlName {
  Passive = 0,
  Apc = 1,
  Dispatch = 2,
  /** The lowest and the highest level of a device's interrupt. */
  DeviceMin = 3,
  DeviceMax = 4,
  Cmci = 5,
  Profile = 6,
  Clock = 7,
  Ipi = 8,
  Power = 9,
  High = 10,
}

/** The number of a level. */
export function irqlOf(name: IrqlName, levels: IrqlLevels): u32 {
  const x86 = levels == IrqlLevels.X86;
  switch (name) {
    case IrqlName.Passive:
      return 0;
    case IrqlName.Apc:
      return 1;
    case IrqlName.Dispatch:
      return 2;
    case IrqlName.DeviceMin:
      return 3;
    case IrqlName.DeviceMax:
      return x86 ? 26 : 12;
    case IrqlName.Cmci:
      return 5;
    case IrqlName.Profile:
      return x86 ? 27 : 15;
    case IrqlName.Clock:
      return x86 ? 28 : 13;
    case IrqlName.Ipi:
      return x86 ? 29 : 14;
    case IrqlName.Power:
      return x86 ? 30 : 14;
    default:
      return x86 ? 31 : 15;
  }
}
