// WdfObject*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfobject/

import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { ask, call, nothing } from "./call";
import type { ContextType, WDFOBJECT } from "./types";

/**
 * Deletes an object. Default queues, routed queues, devices and drivers cannot be deleted (verifier break).
 *
 * @irql <= DISPATCH_LEVEL; above PASSIVE_LEVEL the work is left to a work item where it has to be
 */
export function WdfObjectDelete(Object: WDFOBJECT): Suspendable<void> {
  return call("WdfObjectDelete", [Object], nothing);
}

/**
 * Keeps an object alive until it is dereferenced as often.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfObjectReference(Object: WDFOBJECT): void {
  ask("WdfObjectReference", [Object], nothing);
}

/**
 * Drops a reference. The last one of an object that is over ends its handle.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_OBJECT_ERROR for a reference nobody has taken
 */
export function WdfObjectDereference(Object: WDFOBJECT): Suspendable<void> {
  return call("WdfObjectDereference", [Object], nothing);
}

/**
 * Takes the callback lock of a device or queue; callbacks synchronized by it wait.
 *
 * @irql <= DISPATCH_LEVEL; a dispatch-level object's lock raises to DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_RECURSIVE_LOCK when the thread holds it; WDF_INVALID_LOCK_OPERATION for other objects
 */
export function WdfObjectAcquireLock(Object: WDFOBJECT): Suspendable<void> {
  return call("WdfObjectAcquireLock", [Object], nothing);
}

/**
 * Gives the callback lock up. One that the thread does not hold is a verifier break.
 *
 * @irql <= DISPATCH_LEVEL; the level WdfObjectAcquireLock left
 * @bugcheck WDF_INVALID_LOCK_OPERATION for other objects than devices and queues
 */
export function WdfObjectReleaseLock(Object: WDFOBJECT): void {
  ask("WdfObjectReleaseLock", [Object], nothing);
}

/**
 * The context of that type of an object, undefined (NULL) when it has none. It is the object's as long as the handle is good.
 *
 * @irql any
 */
export function WdfObjectGetTypedContext<T>(Handle: WDFOBJECT, Type: ContextType<T>): T | undefined {
  const m = machine();
  const known = m.contexts.known(Handle, Type);
  if (known !== undefined) return known;
  const device = m.settle(m.exports.WdfObjectGetTypedContext(Handle));
  return m.contexts.make(Handle, Type, device);
}
