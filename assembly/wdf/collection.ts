// WDFCOLLECTION: an ordered list of objects, each kept by a reference. An object may be in it more than once.
//
//   collection.items ─▶ first ─▶ … ─▶ last ─▶ (the head again)        node: tag = the object's entry
//
// The references go when items are removed, or when the collection is destroyed, after its EvtDestroy.
//
// Source: fxcollection.cpp.

import { allocationFails } from "../nt/choice";
import { Links } from "../nt/links";
import { allocateSlab } from "../nt/memory";
import { system } from "../nt/system";
import { dereferenceObject, referenceObject } from "./object-references";

@unmanaged
export class Collection extends Links {
  // The links are the head of the ring of items; `tag` chains free records.
  count: u32;
}

export function collectionAt(address: usize): Collection {
  return changetype<Collection>(address);
}

/** An empty collection; 0 when memory is short. */
export function createCollection(): usize {
  if (system.freeCollections == 0) system.freeCollections = allocateSlab(offsetof<Collection>());
  const at = system.freeCollections;
  if (at == 0) return 0;
  system.freeCollections = load<usize>(at);
  collectionAt(at).reset();
  collectionAt(at).count = 0;
  return at;
}

/** Gives back the record of a collection that has no items. */
export function freeCollection(c: Collection): void {
  store<usize>(changetype<usize>(c), system.freeCollections);
  system.freeCollections = changetype<usize>(c);
}

/** Appends an object. False when memory is short. */
export function addItem(c: Collection, entry: usize): bool {
  if (system.freeItems == 0) system.freeItems = allocateSlab(offsetof<Links>());
  const at = system.freeItems;
  if (at == 0 || allocationFails()) return false;
  system.freeItems = load<usize>(at);
  const item = changetype<Links>(at);
  item.tag = entry as u32;
  c.append(item);
  c.count++;
  referenceObject(entry);
  return true;
}

/** The item of that index, 0 when there is none. */
export function itemAt(c: Collection, index: u32): usize {
  if (index >= c.count) return 0;
  let node = c.next;
  for (let at: u32 = 0; at < index; at++) node = node.next;
  return changetype<usize>(node);
}

/** The first item that is this object, 0 when there is none. */
export function itemOf(c: Collection, entry: usize): usize {
  for (let node = c.next; node != c; node = node.next) if (node.tag == (entry as u32)) return changetype<usize>(node);
  return 0;
}

/** Takes an item out and drops its reference. */
export function removeItem(c: Collection, address: usize): void {
  const item = changetype<Links>(address);
  const entry = item.tag as usize;
  item.unlink();
  c.count--;
  store<usize>(address, system.freeItems);
  system.freeItems = address;
  dereferenceObject(entry);
}
