// Processors and their interrupt request levels. One of them is the current one: whatever runs, runs there, and its level,
// thread and wish for DPCs lie in the system record, close at hand. The others are
//
//   paused   a thread stands on it at the end of a DDI, at the level it has there; it is not among the ready threads
//   spinning a thread on it waits for a spin lock: only an interrupt above its level comes in before it has the lock
//   idle     no thread
//
// and keep the same facts in their own records. The current one may spin too; then its record has its thread and level.
// Each has DPCs of its own. Which processor goes on is a choice (wdf/schedule.ts).

import { Irql } from "../abi/irql";
import { Links } from "./links";
import { allocate } from "./memory";
import { system } from "./system";

@unmanaged
export class Processor extends Links {
  // The links are the head of the ring of its DPCs; `tag` is its number.
  /** While it is not the current one, or spins: its thread, 0 when it is idle; its level; whether DPCs are asked for. */
  thread: usize;
  irql: u32;
  dpcRequested: u32;
}

/** Makes the processors; the first is the current one. False when there is no memory. */
export function initializeProcessors(count: u32): bool {
  system.processors = allocate((count as usize) * offsetof<Processor>());
  if (system.processors == 0) return false;
  system.processorCount = count;
  for (let number: u32 = 0; number < count; number++) {
    const processor = processorAt(number);
    processor.tag = number;
    processor.reset();
  }
  system.processor = system.processors;
  return true;
}

export function processorAt(number: u32): Processor {
  return changetype<Processor>(system.processors + (number as usize) * offsetof<Processor>());
}

/** The current processor. */
export function currentProcessor(): Processor {
  return changetype<Processor>(system.processor);
}

/** Makes another processor the current one. `paused` is the thread the one before stands on, 0 when it is idle. */
export function switchProcessor(to: Processor, paused: usize): void {
  const from = currentProcessor();
  from.thread = paused;
  from.irql = system.irql;
  from.dpcRequested = system.dpcRequested;
  system.processor = changetype<usize>(to);
  system.irql = to.irql;
  system.dpcRequested = to.dpcRequested;
  to.thread = 0;
}

/** A thread stays on the current processor at that level, and nothing else goes on there but what interrupts it. */
export function occupyProcessor(thread: usize, irql: u32): void {
  const processor = currentProcessor();
  processor.thread = thread;
  processor.irql = irql;
}

/** True while that thread stands on a processor that is not running it. */
export function isOnProcessor(thread: usize): bool {
  for (let number: u32 = 0; number < system.processorCount; number++) {
    if (processorAt(number).thread == thread) return true;
  }
  return false;
}

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
