// WdfCollection*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfcollection/

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, nothing, same } from "./call";
import type { WDFCOLLECTION, WDFOBJECT, WdfObjectAttributes } from "./types";

/**
 * Makes an empty collection. Its parent is the driver unless the attributes name another.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID, STATUS_DELETE_PENDING,
 * STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfCollectionCreate(CollectionAttributes?: WdfObjectAttributes): {
  readonly status: NtStatus;
  readonly collection: WDFCOLLECTION;
} {
  const m = machine();
  writeAttributes(m, CollectionAttributes);
  return ask("WdfCollectionCreate", [], (status) => {
    const collection = m.core.outValue(0) as WDFCOLLECTION;
    if (status >= 0) m.names.addNumbered(collection, "collection");
    return { status, collection };
  });
}

/**
 * How many items the collection has.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfCollectionGetCount(Collection: WDFCOLLECTION): number {
  return ask("WdfCollectionGetCount", [Collection], same);
}

/**
 * Appends an object, which the collection keeps by a reference until it is removed or the collection is destroyed. An
 * object may be added more than once.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_UNSUCCESSFUL when there is no memory for the item
 */
export function WdfCollectionAdd(Collection: WDFCOLLECTION, Object: WDFOBJECT): NtStatus {
  return ask("WdfCollectionAdd", [Collection, Object], same);
}

/**
 * Takes an object out, the first one if it is there more than once. A verifier break if it is not there.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfCollectionRemove(Collection: WDFCOLLECTION, Item: WDFOBJECT): Suspendable<void> {
  return call("WdfCollectionRemove", [Collection, Item], nothing);
}

/**
 * Takes the object of an index out; those after it move up. A verifier break if there is no such index.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfCollectionRemoveItem(Collection: WDFCOLLECTION, Index: number): Suspendable<void> {
  return call("WdfCollectionRemoveItem", [Collection, Index], nothing);
}

/**
 * The object of an index, counted from 0; NULL (0) beyond the last.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfCollectionGetItem(Collection: WDFCOLLECTION, Index: number): WDFOBJECT {
  return ask("WdfCollectionGetItem", [Collection, Index], (item) => item as WDFOBJECT);
}

/**
 * The first object; NULL (0) of an empty collection.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfCollectionGetFirstItem(Collection: WDFCOLLECTION): WDFOBJECT {
  return ask("WdfCollectionGetFirstItem", [Collection], (item) => item as WDFOBJECT);
}

/**
 * The last object; NULL (0) of an empty collection.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfCollectionGetLastItem(Collection: WDFCOLLECTION): WDFOBJECT {
  return ask("WdfCollectionGetLastItem", [Collection], (item) => item as WDFOBJECT);
}
