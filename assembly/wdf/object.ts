// Framework objects: a table entry that leads to a body and to a life.
//
//   entry   handle │ next │ prev │ bits (kind) │ body │ life │ references │ device
//   life    its place among its parent's children │ parent │ children │ state │ flags │ contexts │ dispose node
//
// A request is an entry of its own form (wdf/request.ts); it has a life only once it has children, contexts or
// callbacks, and counts its references itself.
//
//   parent.children ─▶ oldest child ─▶ … ─▶ newest child ─▶ (the head again)
//   life.firstContext ─▶ that of its creation ─▶ those allocated later, in order
//
// Only wdf/object-life.ts changes `state`.
//
// Source: fxobject.hpp, fxobject.cpp (AssignParentObject, AddChildObjectInternal, AddContext, Commit).

import { KIND_MASK, ObjectKind, RequestBits } from "../abi/request";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { system } from "../nt/system";
import { Entry, freeEntry, lookupAny, takeEntry } from "../nt/table";
import { deviceOf } from "./device";
import { Extension, extend, request } from "./request";

@unmanaged
export class ObjectEntry extends Entry {
  body: usize;
  life: usize;
  references: u32;
  device: usize;
}

/** FxObjectState: how far the end of an object has come. */
export enum ObjectState {
  Created = 0,
  /** Deleted by the driver while its parent was being disposed: the parent will see to it. */
  WaitingForEarlyDispose = 1,
  /** Its children, then itself, are being cleaned up because of its parent. */
  Disposing = 2,
  /** The same, left to PASSIVE_LEVEL. */
  DeferredDisposing = 3,
  /** Cleaned up; still its parent's child. */
  Disposed = 4,
  /** Its children, then itself, are being cleaned up because it was deleted. */
  DeletedDisposing = 5,
  /** The same, left to PASSIVE_LEVEL. */
  DeferredDeleting = 6,
  /** Deleted by the driver after its parent had disposed of it. */
  WaitingForParent = 7,
  /** Only references keep it. */
  Deleted = 8,
  /** The last reference was dropped above PASSIVE_LEVEL. */
  DeferredDestroy = 9,
}

export enum ObjectFlag {
  None = 0,
  /** Cleanup and destroy callbacks run at PASSIVE_LEVEL. */
  PassiveDispose = 1,
  /** WdfObjectDelete is refused. */
  NoDelete = 2,
  /** The framework itself disposed of it ahead of its deletion (a completed request, a removed device). */
  DisposedEarly = 4,
  /** WdfObjectDelete, or its like in the framework, has been called. */
  DeleteCalled = 8,
  /** A request's first reference is gone: it does not count it (object-references.ts). */
  FirstReferenceGone = 16,
}

/** What an object is beyond its handle and body. */
@unmanaged
export class Life extends Links {
  // `tag` is the entry's address; the links are its place among its parent's children.
  parent: usize;
  childHead: u32;
  childNext: u32;
  childPrev: u32;
  state: u32;
  flags: u32;
  firstContext: usize;
  lastContext: usize;
  disposalKind: u32;
  disposalNext: u32;
  disposalPrev: u32;

  @inline get entry(): usize {
    return this.tag as usize;
  }
  @inline get children(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Life>("childHead"));
  }
  /** Its place in a list of objects to be disposed of at PASSIVE_LEVEL. */
  @inline get disposal(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<Life>("disposalKind"));
  }
}

/** One context of an object: its type as the host numbers them, and the callbacks that came with it. */
@unmanaged
export class ContextHeader {
  next: usize;
  type: u32;
  evtCleanup: u32;
  evtDestroy: u32;
}

export function objectAt(entry: usize): ObjectEntry {
  return changetype<ObjectEntry>(entry);
}

export function lifeAt(address: usize): Life {
  return changetype<Life>(address);
}

export function headerAt(address: usize): ContextHeader {
  return changetype<ContextHeader>(address);
}

/** ObjectKind of an entry. */
export function kindOf(entry: usize): u32 {
  return changetype<Entry>(entry).bits & KIND_MASK;
}

/** The life of an object; 0 for a request that has none. */
export function lifeOf(entry: usize): usize {
  if (kindOf(entry) != (ObjectKind.Request as u32)) return objectAt(entry).life;
  const extension = request(entry).extension;
  return extension == 0 ? 0 : changetype<Extension>(extension).life;
}

/** The life of an object, made now for a request that has none; 0 when memory is short. */
export function lifeFor(entry: usize): usize {
  const known = lifeOf(entry);
  if (known != 0 || kindOf(entry) != (ObjectKind.Request as u32)) return known;
  const made = createLife(entry);
  if (made == 0) return 0;
  lifeAt(made).flags = ObjectFlag.NoDelete;
  extend(request(entry)).life = made;
  request(entry).set(RequestBits.Attached);
  return made;
}

function createLife(entry: usize): usize {
  if (system.freeLives == 0) system.freeLives = allocateSlab(offsetof<Life>());
  const at = system.freeLives;
  if (at == 0) return 0;
  system.freeLives = load<usize>(at);
  clear(at, offsetof<Life>());
  const life = lifeAt(at);
  life.tag = entry as u32;
  life.reset();
  life.children.reset();
  life.disposal.reset();
  return at;
}

/** The device an object belongs to, or 0. */
export function deviceOfObject(entry: usize): usize {
  return kindOf(entry) == (ObjectKind.Request as u32) ? deviceOf(request(entry)) : objectAt(entry).device;
}

/** True while a child may be added. */
export function mayHaveChildren(entry: usize): bool {
  const life = lifeOf(entry);
  return life == 0 || lifeAt(life).state == (ObjectState.Created as u32);
}

/**
 * Makes an object, last among the children of its parent (0: none), without context or callbacks. `device`: the device
 * it belongs to, 0 for its parent's. Its handle; 0 when there is no room.
 */
export function createObject(kind: ObjectKind, body: usize, parent: usize, device: usize, flags: u32): u32 {
  const at = takeEntry();
  if (at == 0) return 0;
  const entry = objectAt(at);
  const life = createLife(at);
  const above: usize = life == 0 || parent == 0 ? 0 : lifeFor(parent);
  if (life == 0 || (parent != 0 && above == 0)) {
    if (life != 0) freeLife(life);
    entry.device = 0;
    freeEntry(at);
    return 0;
  }
  entry.reset();
  entry.bits = kind as u32;
  entry.body = body;
  entry.life = life;
  entry.references = 1;
  entry.device = device != 0 || parent == 0 ? device : deviceOfObject(parent);
  lifeAt(life).flags = flags;
  if (above != 0) {
    lifeAt(life).parent = above;
    lifeAt(above).children.append(lifeAt(life));
  }
  return entry.handle;
}

/** MarkNoDeleteDDI */
export function forbidDelete(handle: u32): void {
  lifeAt(objectAt(lookupAny(handle)).life).flags |= ObjectFlag.NoDelete as u32;
}

/** ClearEvtCallbacks: what the driver has never seen is not its to clean up. */
export function clearCallbacks(life: Life): void {
  for (let at = life.firstContext; at != 0; at = headerAt(at).next) {
    headerAt(at).evtCleanup = 0;
    headerAt(at).evtDestroy = 0;
  }
}

/** Takes an object out of its parent's children, if it is among some. */
export function leaveParent(life: Life): void {
  if (life.parent == 0) return;
  life.parent = 0;
  life.unlink();
  life.reset();
}

/** Forgets an object that has neither parent nor children. Its handle is stale from now on. */
export function freeObject(entry: usize): void {
  const life = objectAt(entry).life;
  if (life != 0) freeLife(life);
  objectAt(entry).device = 0; // the word a request has its extension in: 0 in every free entry
  freeEntry(entry);
}

/** Forgets a life, with its contexts. */
export function freeLife(address: usize): void {
  let header = lifeAt(address).firstContext;
  while (header != 0) {
    const next = headerAt(header).next;
    store<usize>(header, system.freeHeaders);
    system.freeHeaders = header;
    header = next;
  }
  store<usize>(address, system.freeLives);
  system.freeLives = address;
}
