// Interrupt request levels of an x64 machine. The level belongs to a processor.

/** KIRQL */
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
