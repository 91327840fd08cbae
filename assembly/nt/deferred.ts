// Work left for later: DPCs, which run at DISPATCH_LEVEL, and work items, which run at PASSIVE_LEVEL in a system
// thread. Both lists are first in, first out.
//
// A node names the kind of frame to run and what it is about; it lies inside the record it is about.
//
//   DPC queued                 where in the list    runs
//   ────────────────────────── ──────────────────── ─────────────────────────────────────────────────────────────
//   High importance            first                as soon as the level is below DISPATCH_LEVEL, in the middle of
//   Medium, MediumHigh         last                 whatever lowered it (dispatch.ts)
//   Low                        last                 with the next of the others, or when nothing else is to be done
//
// With Switch.DeferredDelivery all wait until nothing else runs.

import { DpcImportance } from "../abi/wdm";
import { Switch } from "../abi/layout";
import { Irql } from "../abi/irql";
import { Links } from "./links";
import { Processor, currentIrql, currentProcessor } from "./processor";
import { isOn, system } from "./system";

@unmanaged
export class DeferredCall extends Links {
  // `tag` is the kind of frame to push.
  target: usize;
}

/** DPCs of the current processor, oldest first. */
export function dpcs(): Links {
  return system.dpcs;
}

/** Work items, oldest first. */
export function workItems(): Links {
  return system.workItems;
}

export function initializeDeferred(): void {
  workItems().reset();
  system.disposals.reset();
  system.disposalCall.reset();
}

/** Queues a call. It must not be on a list. */
export function queueCall(list: Links, call: DeferredCall, kind: u32, target: usize): void {
  call.tag = kind;
  call.target = target;
  list.append(call);
  system.ready++;
  if (list == dpcs()) requestDpcs();
}

/** KeInsertQueueDpc: queues a call that knows what it is about. False, and nothing done, when it is queued already. */
export function insertDpc(call: DeferredCall, importance: u32 = DpcImportance.Medium): bool {
  return insertDpcOn(currentProcessor(), call, importance);
}

/** The same on a processor of the caller's choice. */
export function insertDpcOn(processor: Processor, call: DeferredCall, importance: u32): bool {
  if (!call.isEmpty) return false;
  if (importance == (DpcImportance.High as u32)) processor.prepend(call);
  else processor.append(call);
  system.ready++;
  if (importance == (DpcImportance.Low as u32)) return true;
  if (processor == currentProcessor()) requestDpcs();
  else if (!isOn(Switch.DeferredDelivery)) processor.dpcRequested = 1;
  return true;
}

/** Asks for the DPCs to run as soon as the level allows it. */
export function requestDpcs(): void {
  if (!isOn(Switch.DeferredDelivery)) system.dpcRequested = 1;
}

/** True when DPCs are to run before the running thread goes on. */
export function dpcsDue(): bool {
  if (system.dpcRequested == 0 || currentIrql() >= (Irql.Dispatch as u32)) return false;
  if (!dpcs().isEmpty) return true;
  system.dpcRequested = 0;
  return false;
}

/** Takes a call off its list again, if it is on one. */
export function withdrawCall(call: DeferredCall): void {
  if (call.isEmpty) return;
  call.unlink();
  call.reset();
  system.ready--;
}

/** The oldest call, off its list; 0 without one. */
export function takeCall(list: Links): usize {
  if (list.isEmpty) return 0;
  const node = list.next;
  node.unlink();
  node.reset();
  system.ready--;
  return changetype<usize>(node);
}
