// Kernel objects by handle. On Windows they are memory of the driver; here the memory is the core's, and the handle stands
// for its address. It lasts as long as the System, and can be initialized again as something else.

import { KernelType } from "../abi/kernel";
import { ObjectKind } from "../abi/request";
import { Dispatcher } from "../nt/dispatcher";
import { allocateSlab } from "../nt/memory";
import { system } from "../nt/system";
import { lookup } from "../nt/table";
import { createObject, objectAt } from "./object";

/** Memory for an object or lock; 0 when there is none. */
export function takeDispatcher(): usize {
  if (system.freeDispatchers == 0) system.freeDispatchers = allocateSlab(offsetof<Dispatcher>());
  const at = system.freeDispatchers;
  if (at != 0) system.freeDispatchers = load<usize>(at);
  return at;
}

/** Gives it back. */
export function giveDispatcher(at: usize): void {
  store<usize>(at, system.freeDispatchers);
  system.freeDispatchers = at;
}

/** The object of a handle, or 0. */
export function dispatcherOf(handle: u32): usize {
  const entry = lookup(handle, ObjectKind.KernelObject);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** Initializes the memory `handle`, or new memory for 0. The handle; 0 when there is no room. */
export function initializeKernelObject(handle: u32, type: KernelType, state: i32): u32 {
  const known = dispatcherOf(handle);
  if (known != 0) {
    changetype<Dispatcher>(known).initialize(handle, type, state);
    return handle;
  }
  const body = takeDispatcher();
  if (body == 0) return 0;
  const made = createObject(ObjectKind.KernelObject, body, 0, 0, 0);
  if (made == 0) giveDispatcher(body);
  else changetype<Dispatcher>(body).initialize(made, type, state);
  return made;
}
