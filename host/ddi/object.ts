// WdfObject*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfobject/

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import { typeName } from "../leaks";
import { describeTag } from "../reference-tags";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, hostOnly, nothing } from "./call";
import type { ContextType, WDFOBJECT, WdfObjectAttributes } from "./types";

/**
 * Makes a general object: a handle for what the driver keeps in its context, with a place in the tree of objects.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID, STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID,
 * STATUS_DELETE_PENDING when the parent is being deleted, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfObjectCreate(Attributes?: WdfObjectAttributes): { readonly status: NtStatus; readonly object: WDFOBJECT } {
  const m = machine();
  writeAttributes(m, Attributes);
  return ask("WdfObjectCreate", [], (status) => {
    const object = m.core.outValue(0) as WDFOBJECT;
    if (status >= 0) m.born(object, "o");
    return { status, object };
  });
}

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
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL for NULL
 */
export function WdfObjectReference(Object: WDFOBJECT): void {
  referenced("WdfObjectReference", Object, 0);
}

/**
 * Drops a reference. The last one of an object that is over ends its handle.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_OBJECT_ERROR for a reference nobody has taken
 */
export function WdfObjectDereference(Object: WDFOBJECT): Suspendable<void> {
  return dereferenced("WdfObjectDereference", Object, 0);
}

/**
 * WdfObjectReference, with a tag that tells references apart.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfObjectReferenceWithTag(Object: WDFOBJECT, Tag: number): void {
  hostOnly("WdfObjectReferenceWithTag");
  referenced("WdfObjectReference", Object, Tag);
}

/**
 * WdfObjectDereference of a reference that was taken with that tag. Any tag will do, unless the System tracks references of
 * this type of object (`trackReferences`): then one that nobody has taken is a verifier break.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfObjectDereferenceWithTag(Object: WDFOBJECT, Tag: number): Suspendable<void> {
  hostOnly("WdfObjectDereferenceWithTag");
  return dereferenced("WdfObjectDereference", Object, Tag);
}

/**
 * WdfObjectReferenceWithTag, with the place in the driver's source that a report of references names.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfObjectReferenceActual(Object: WDFOBJECT, Tag: number, Line: number, File: string): void {
  hostOnly("WdfObjectReferenceActual");
  referenced("WdfObjectReference", Object, Tag, `${File}:${Line}`);
}

/**
 * WdfObjectDereferenceWithTag, with the place in the driver's source.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfObjectDereferenceActual(Object: WDFOBJECT, Tag: number, _Line: number, _File: string): Suspendable<void> {
  hostOnly("WdfObjectDereferenceActual");
  return dereferenced("WdfObjectDereference", Object, Tag);
}

function referenced(name: string, object: WDFOBJECT, tag: number, place?: string): void {
  ask(name, [object], nothing);
  const m = machine();
  if (m.contents.tags.on && m.contents.tags.tracks(typeName(m.exports.objectKind(object)))) m.contents.tags.take(object, tag, place);
}

/** The tag goes before the reference does: with the last one the object goes, too. */
function dereferenced(name: string, object: WDFOBJECT, tag: number): Suspendable<void> {
  const m = machine();
  const { tags } = m.contents;
  const tracked = tags.on && tags.tracks(typeName(m.exports.objectKind(object)));
  if (tracked && !tags.release(object, tag)) m.exports.breakOnTag(object, m.names.text(describeTag({ tag, place: "" })));
  return call(name, [object], nothing);
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
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL for a NULL handle
 */
export function WdfObjectGetTypedContext<T>(Handle: WDFOBJECT, Type: ContextType<T>): T | undefined {
  const m = machine();
  const known = m.contexts.known(Handle, Type);
  if (known !== undefined) return known;
  return m.settle(m.exports.WdfObjectGetTypedContext(Handle, m.contexts.idOf(Type))) === 0 ? undefined : m.contexts.of(Handle, Type);
}

/**
 * Gives an object one more context. The callbacks of the attributes are called after those the object has.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_OBJECT_NAME_EXISTS (a success status) with the existing context when it has one of that type,
 * STATUS_OBJECT_NAME_INVALID without a type, STATUS_WDF_PARENT_NOT_SPECIFIED without attributes,
 * STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED, STATUS_DELETE_PENDING when the object is deleted, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfObjectAllocateContext<T>(
  Handle: WDFOBJECT,
  ContextAttributes: WdfObjectAttributes & { contextType?: ContextType<T> },
): { readonly status: NtStatus; readonly context: T | undefined } {
  const m = machine();
  writeAttributes(m, ContextAttributes);
  return ask("WdfObjectAllocateContext", [Handle], (status) => {
    const type = ContextAttributes?.contextType;
    return { status, context: status < 0 || type === undefined ? undefined : m.contexts.of(Handle, type) };
  });
}

/**
 * The object a context belongs to. Only for contexts that are objects, not numbers or strings.
 *
 * @irql any
 */
export function WdfObjectContextGetObject(ContextPointer: object): WDFOBJECT {
  return machine().contexts.ownerOf(ContextPointer) as WDFOBJECT;
}
