// WdfCollection*.

import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Links } from "../nt/links";
import { Entry } from "../nt/table";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { Collection, addItem, collectionAt, createCollection, freeCollection, itemAt, itemOf, removeItem } from "../wdf/collection";
import { settle } from "../wdf/dispatch";
import { callingDriver } from "../wdf/driver";
import { objectAt } from "../wdf/object";
import { commit } from "../wdf/object-create";
import { breakPoint } from "../wdf/verifier";
import { required, requiredObject } from "./check";

/** The attributes stand in the scratch area; the handle is the first out value. */
export function WdfCollectionCreate(): i32 {
  let status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  const parent = parentOr(callingDriver());
  if (parent == 0) return NtStatus.InvalidHandle;
  const body = createCollection();
  if (body == 0) return NtStatus.InsufficientResources;
  status = commit(ObjectKind.Collection, body, parent, 0, 0);
  if (status < 0) freeCollection(collectionAt(body));
  return status;
}

function requiredCollection(handle: u32): usize {
  const entry = required(handle, ObjectKind.Collection);
  return entry == 0 ? 0 : objectAt(entry).body;
}

export function WdfCollectionGetCount(collection: u32): u32 {
  const at = requiredCollection(collection);
  return at == 0 ? 0 : collectionAt(at).count;
}

export function WdfCollectionAdd(collection: u32, object: u32): i32 {
  const at = requiredCollection(collection);
  if (at == 0) return NtStatus.InvalidHandle;
  const entry = requiredObject(object);
  if (entry == 0) return NtStatus.InvalidHandle;
  return addItem(collectionAt(at), entry) ? NtStatus.Success : NtStatus.Unsuccessful;
}

export function WdfCollectionRemove(collection: u32, object: u32): void {
  const at = requiredCollection(collection);
  const entry: usize = at == 0 ? 0 : requiredObject(object);
  if (entry == 0) return;
  const item = itemOf(collectionAt(at), entry);
  if (item == 0) breakPoint(FindingId.NotInCollection, object, collection);
  else removeItem(collectionAt(at), item);
  settle(0);
}

export function WdfCollectionRemoveItem(collection: u32, index: u32): void {
  const at = requiredCollection(collection);
  if (at == 0) return;
  const item = itemAt(collectionAt(at), index);
  if (item == 0) breakPoint(FindingId.NotInCollection, collection, 0);
  else removeItem(collectionAt(at), item);
  settle(0);
}

export function WdfCollectionGetItem(collection: u32, index: u32): u32 {
  const at = requiredCollection(collection);
  return at == 0 ? 0 : handleOf(itemAt(collectionAt(at), index));
}

export function WdfCollectionGetFirstItem(collection: u32): u32 {
  return WdfCollectionGetItem(collection, 0);
}

export function WdfCollectionGetLastItem(collection: u32): u32 {
  const at = requiredCollection(collection);
  return at == 0 ? 0 : handleOf(lastOf(collectionAt(at)));
}

function lastOf(c: Collection): usize {
  return c.count == 0 ? 0 : changetype<usize>(c.prev);
}

function handleOf(item: usize): u32 {
  return item == 0 ? 0 : changetype<Entry>(changetype<Links>(item).tag as usize).handle;
}
