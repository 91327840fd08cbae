// Inspectors: facts for hosts, tests and reports. They change nothing.

import { currentIrql } from "../nt/processor";
import { system } from "../nt/system";

/** Objects that exist: drivers, devices, queues, requests. */
export function liveObjects(): u32 {
  return system.tableHigh - 1 - system.freeCount;
}

/** KeGetCurrentIrql */
export function currentLevel(): u32 {
  return currentIrql();
}

/** Where unused memory begins. */
export function memoryUsed(): usize {
  return system.bump;
}
