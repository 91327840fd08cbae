// Executive callback objects: a named list of routines that whoever holds the object can have called.
//
//   \Callback\Battery ──name──▶ object ──registration──▶ registration ──▶ … in the order of registration
//                                 pointers: what ExCreateCallback and ObReferenceObject gave out
//
//   object        lives while a pointer, a registration, a notification under way or OBJ_PERMANENT holds it
//   its name      while the object is permanent. ExCreateCallback closes its handle before it returns, and a temporary
//                 object loses its name with its last handle: so nobody can open it, not even at once
//   registration  Free ─▶ Registered ─▶ (a call runs: busy > 0) ─▶ Leaving: ExUnregisterCallback waits for the last call
//                 ─▶ Free. One that is leaving is not called any more
//
// The calling is a frame (wdf/callback-notify.ts), because it runs driver code, and so is the waiting.
//
// Documentation: "Using a Driver-Defined Callback Object", ExCreateCallback, ExRegisterCallback, ExUnregisterCallback.

import { EventKind } from "../abi/event";
import { WellKnownName } from "../abi/executive";
import { ObjectKind } from "../abi/request";
import { allocationFails } from "./choice";
import { Links } from "./links";
import { allocateSlab, clear } from "./memory";
import { addName, nameAt, removeName } from "./namespace";
import { emit } from "./ring";
import { system } from "./system";
import { Entry, freeEntry, lookup, takeEntry } from "./table";

/** What an object was made as. */
export enum CallbackFlag {
  Permanent = 1,
  /** AllowMultipleCallbacks */
  Multiple = 2,
  /** One of the system's own. */
  System = 4,
}

@unmanaged
export class CallbackObject extends Links {
  // The links are the head of the ring of registrations; `tag` is the object's handle.
  pointers: u32;
  registrations: u32;
  /** Notifications under way. */
  walks: u32;
  flags: u32;
  name: usize;

  @inline has(flag: CallbackFlag): bool {
    return (this.flags & (flag as u32)) != 0;
  }
}

/** The entry of a handle that stands for a callback object. */
@unmanaged
class CallbackEntry extends Entry {
  body: usize;
}

/** A registration is an entry of the handle table, and nothing else. */
@unmanaged
export class Registration extends Entry {
  callback: u32;
  object: usize;
  /** Calls that run. */
  busy: u32;
  /** The thread in ExUnregisterCallback, 0 while none is. */
  leaver: usize;
}

export function callbackObjectAt(address: usize): CallbackObject {
  return changetype<CallbackObject>(address);
}

export function registrationAt(entry: usize): Registration {
  return changetype<Registration>(entry);
}

/** The callback object of a handle, 0 for a handle of anything else. */
export function callbackObjectOf(handle: u32): usize {
  const entry = lookup(handle, ObjectKind.CallbackObject);
  return entry == 0 ? 0 : changetype<CallbackEntry>(entry).body;
}

/** Makes an object without a name and without references; 0 when memory is short. */
export function createCallbackObject(flags: u32): usize {
  if (allocationFails()) return 0;
  if (system.freeCallbacks == 0) system.freeCallbacks = allocateSlab(offsetof<CallbackObject>());
  const at = system.freeCallbacks;
  const entry = at == 0 ? 0 : takeEntry();
  if (entry == 0) return 0;
  system.freeCallbacks = load<usize>(at);
  clear(at, offsetof<CallbackObject>());
  const object = callbackObjectAt(at);
  object.tag = changetype<Entry>(entry).handle;
  object.reset();
  object.flags = flags;
  changetype<Entry>(entry).reset();
  changetype<Entry>(entry).bits = ObjectKind.CallbackObject as u32;
  changetype<CallbackEntry>(entry).body = at;
  return at;
}

/** Ends an object that nobody holds any more. */
export function releaseCallbackObject(object: CallbackObject): void {
  if ((object.pointers | object.registrations | object.walks) != 0 || object.has(CallbackFlag.Permanent)) return;
  if (object.name != 0) removeName(object.name);
  emit(EventKind.ObjectFreed, 0, object.tag, 0, 0);
  freeEntry(lookup(object.tag, ObjectKind.CallbackObject));
  store<usize>(changetype<usize>(object), system.freeCallbacks);
  system.freeCallbacks = changetype<usize>(object);
}

/** Adds a routine at the end of the list; 0 when memory is short. */
export function addRegistration(object: CallbackObject, callback: u32): usize {
  const at = allocationFails() ? 0 : takeEntry();
  if (at == 0) return 0;
  const registration = registrationAt(at);
  registration.bits = ObjectKind.CallbackRegistration as u32;
  registration.callback = callback;
  registration.object = changetype<usize>(object);
  registration.busy = 0;
  registration.leaver = 0;
  object.append(registration);
  object.registrations++;
  return at;
}

/** Takes a routine that does not run off the list, and its reference off the object. */
export function removeRegistration(registration: Registration): void {
  const object = callbackObjectAt(registration.object);
  registration.unlink();
  registration.leaver = 0; // 0 in every free entry: the word a request has its extension in
  emit(EventKind.ObjectFreed, 0, registration.handle, 0, 0);
  freeEntry(changetype<usize>(registration));
  object.registrations--;
  releaseCallbackObject(object);
}

/** The next routine to call after `current` (0: from the beginning), 0 when there is none. */
export function nextRegistration(object: CallbackObject, current: usize): usize {
  let node = current == 0 ? object.next : registrationAt(current).next;
  while (node != object && changetype<Registration>(node).leaver != 0) node = node.next;
  return node == object ? 0 : changetype<usize>(node);
}

/** Makes the directory and the system's own objects, once: the first time anybody asks for any. False without memory. */
export function bootNamespace(): bool {
  if (system.root != 0) return true;
  if (addName(0, 0, 0, 0) == 0) return false;
  const directory = addName(system.root, WellKnownName.Callback, WellKnownName.Callback, 0);
  if (directory == 0) return false;
  return (
    bootCallback(directory, WellKnownName.SetSystemTime) &&
    bootCallback(directory, WellKnownName.PowerState) &&
    bootCallback(directory, WellKnownName.ProcessorAdd)
  );
}

const SYSTEM_FLAGS: u32 = (CallbackFlag.Permanent as u32) | CallbackFlag.Multiple | CallbackFlag.System;

function bootCallback(directory: usize, name: WellKnownName): bool {
  const at = createCallbackObject(SYSTEM_FLAGS);
  if (at == 0) return false;
  const object = callbackObjectAt(at);
  object.name = addName(directory, name, name, object.tag);
  return object.name != 0;
}

/** One of the system's own objects, 0 before anybody has asked for any. */
export function systemCallback(wanted: WellKnownName): usize {
  if (system.root == 0) return 0;
  const root = nameAt(system.root);
  for (let node = root.next; node != root; node = node.next) {
    const at = callbackObjectOf(node.tag);
    if (at != 0 && callbackObjectAt(at).has(CallbackFlag.System) && nameAt(changetype<usize>(node)).exact == (wanted as u32)) return at;
  }
  return 0;
}
