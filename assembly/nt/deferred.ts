// Work left for later: DPCs, which run at DISPATCH_LEVEL, and work items, which run at PASSIVE_LEVEL in a system
// thread. Both lists are first in, first out.
//
// A node names the kind of frame to run and what it is about; it lies inside the record it is about.

import { Links } from "./links";
import { system } from "./system";

@unmanaged
export class DeferredCall extends Links {
  // `tag` is the kind of frame to push.
  target: usize;
}

/** DPCs, oldest first. */
export function dpcs(): Links {
  return system.dpcs;
}

/** Work items, oldest first. */
export function workItems(): Links {
  return system.workItems;
}

export function initializeDeferred(): void {
  dpcs().reset();
  workItems().reset();
}

/** Queues a call. It must not be on a list. */
export function queueCall(list: Links, call: DeferredCall, kind: u32, target: usize): void {
  call.tag = kind;
  call.target = target;
  list.append(call);
  system.ready++;
}

/** KeInsertQueueDpc: queues a call that knows what it is about. False when it is queued already. */
export function insertDpc(call: DeferredCall): bool {
  if (!call.isEmpty) return false;
  dpcs().append(call);
  system.ready++;
  return true;
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
