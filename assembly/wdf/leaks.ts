// What counts as leaked.
//
//   object                                                          leaked
//   ─────────────────────────────────────────────────────────────── ─────────────────────────────────────────────
//   deleted, or its parent was, but not destroyed                    yes: somebody holds a reference (a collection is
//                                                                    somebody, too)
//   below a device, or below something that is not leaked itself     no: it goes with what it is below
//   child of a driver that has a device, or never had one            no: it serves the driver
//   child of a driver whose last device is gone                      yes: nobody is left to use it, and it lasts until
//                                                                    the driver is unloaded
//
// An I/O request that nobody has completed is not leaked but pending, and is told of elsewhere.

import { Leak } from "../abi/leak";
import { ENTRY_SIZE, HANDLE_INDEX_MASK, TABLE_BASE } from "../abi/layout";
import { ObjectKind, RequestPlace } from "../abi/request";
import { system } from "../nt/system";
import { Entry, isFrameworkObject } from "../nt/table";
import { hasDevice } from "./driver";
import { ObjectState, kindOf, lifeAt, lifeOf, objectAt } from "./object";
import { Extension, request } from "./request";

/** The leaked object with the least index after that of `handle` (0: the first); 0 when there is none. */
export function leakAfter(handle: u32): u32 {
  for (let index = (handle & HANDLE_INDEX_MASK) + 1; index < system.tableHigh; index++) {
    const entry = (TABLE_BASE as usize) + (index as usize) * ENTRY_SIZE;
    if (isFrameworkObject(entry) && leakOf(entry) != Leak.None) return changetype<Entry>(entry).handle;
  }
  return 0;
}

/** Whether an object is leaked, and why. */
export function leakOf(entry: usize): Leak {
  if (kindOf(entry) == (ObjectKind.Request as u32) && request(entry).place == (RequestPlace.Gone as u32)) return Leak.Referenced;
  const address = lifeOf(entry);
  if (address == 0) return Leak.None;
  const life = lifeAt(address);
  if (life.state == (ObjectState.Deleted as u32)) return Leak.Referenced;
  if (life.state != (ObjectState.Created as u32) || life.parent == 0) return Leak.None;
  const above = lifeAt(life.parent);
  const forgotten = kindOf(above.entry) == (ObjectKind.Driver as u32) && system.devices != 0 && !hasDevice(above);
  return forgotten ? Leak.Forgotten : Leak.None;
}

/** References on an object, the one it was born with included while it is not deleted. */
export function referencesOf(entry: usize): u32 {
  if (kindOf(entry) != (ObjectKind.Request as u32)) return objectAt(entry).references;
  const extension = request(entry).extension;
  return extension == 0 ? 0 : changetype<Extension>(extension).references;
}
