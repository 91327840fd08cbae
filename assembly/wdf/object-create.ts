// The last part of every create DDI, and contexts.
//
//   validateAttributes ─▶ parentOr ─▶ the kind's own checks, its body ─▶ commit ─▶ the handle, in the first out value
//
// A create that fails leaves nothing behind, and no callback of its attributes is ever called.
//
// Source: FxObject::Commit, AddContext; handleapi.cpp (WdfObjectAllocateContext).

import { AttributesWord } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { allocateSlab } from "../nt/memory";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { lookupAny } from "../nt/table";
import { Device } from "./device";
import {
  ContextHeader,
  Life,
  ObjectFlag,
  ObjectState,
  createObject,
  freeObject,
  headerAt,
  leaveParent,
  lifeAt,
  lifeFor,
  lifeOf,
  mayHaveChildren,
  objectAt,
} from "./object";
import { Request } from "./request";

/**
 * FxObject::Commit: makes the object, with the attributes in the scratch area. The handle is the first out value.
 * `device` is 0 for that of the parent. When the status is an error the body is the caller's to give back.
 */
export function commit(kind: ObjectKind, body: usize, parent: usize, device: usize, flags: u32): NtStatus {
  system.out0 = 0;
  if (allocationFails()) return NtStatus.InsufficientResources;
  if (parent != 0 && !mayHaveChildren(parent)) return NtStatus.DeletePending;
  const handle = createObject(kind, body, parent, device, isPassiveAsked() ? flags | (ObjectFlag.PassiveDispose as u32) : flags);
  if (handle == 0) return NtStatus.InsufficientResources;
  if (addHeader(lifeAt(objectAt(lookupAny(handle)).life)) == 0) {
    takeBack(handle);
    return NtStatus.InsufficientResources;
  }
  system.out0 = handle;
  return NtStatus.Success;
}

/** DeleteFromFailedCreate: forgets what {@link commit} has just made, without a callback. */
export function takeBack(handle: u32): void {
  const entry = lookupAny(handle);
  leaveParent(lifeAt(objectAt(entry).life));
  freeObject(entry);
}

/** The same for a request a driver makes: the entry is there, its life is made now. */
export function commitRequest(at: usize, parent: usize): NtStatus {
  if (!mayHaveChildren(parent)) return NtStatus.DeletePending;
  const above = lifeFor(parent);
  const life = above == 0 ? 0 : lifeFor(at);
  if (life == 0 || addHeader(lifeAt(life)) == 0) return NtStatus.InsufficientResources;
  lifeAt(life).flags = isPassiveAsked() ? ObjectFlag.PassiveDispose : ObjectFlag.None;
  lifeAt(life).parent = above;
  lifeAt(above).children.append(lifeAt(life));
  return NtStatus.Success;
}

function isPassiveAsked(): bool {
  return word(AttributesWord.Present) != 0 && word(AttributesWord.ExecutionLevel) == (WdfExecutionLevel.Passive as u32);
}

/** Appends a context with the type and callbacks of the attributes; 0 when memory is short. */
function addHeader(life: Life): usize {
  const header = appendHeader(life);
  if (header == 0 || word(AttributesWord.Present) == 0) return header;
  headerAt(header).type = word(AttributesWord.ContextType);
  headerAt(header).evtCleanup = word(AttributesWord.EvtCleanupCallback);
  headerAt(header).evtDestroy = word(AttributesWord.EvtDestroyCallback);
  return header;
}

/** Appends an empty context; 0 when memory is short. */
export function appendHeader(life: Life): usize {
  if (system.freeHeaders == 0) system.freeHeaders = allocateSlab(offsetof<ContextHeader>());
  const at = system.freeHeaders;
  if (at == 0) return 0;
  system.freeHeaders = load<usize>(at);
  const header = headerAt(at);
  header.next = 0;
  header.type = 0;
  header.evtCleanup = 0;
  header.evtDestroy = 0;
  if (life.lastContext == 0) life.firstContext = at;
  else headerAt(life.lastContext).next = at;
  life.lastContext = at;
  return at;
}

/** The callbacks that every request of the device has (WdfDeviceInitSetRequestAttributes). */
export function giveCallbacks(d: Device, r: Request): void {
  if ((d.evtRequestCleanup | d.evtRequestDestroy) == 0) return;
  const life = lifeFor(changetype<usize>(r));
  const at: usize = life == 0 ? 0 : appendHeader(lifeAt(life));
  if (at == 0) return;
  headerAt(at).type = d.requestContext;
  headerAt(at).evtCleanup = d.evtRequestCleanup;
  headerAt(at).evtDestroy = d.evtRequestDestroy;
}

/** True when the object has a context of that type. */
export function hasContext(entry: usize, type: u32): bool {
  const life = lifeOf(entry);
  if (life == 0 || type == 0) return false;
  for (let at = lifeAt(life).firstContext; at != 0; at = headerAt(at).next) if (headerAt(at).type == type) return true;
  return false;
}

/** FxObject::AddContext, with the attributes in the scratch area. */
export function addContext(entry: usize): NtStatus {
  if (allocationFails()) return NtStatus.InsufficientResources;
  const life = lifeFor(entry);
  if (life == 0) return NtStatus.InsufficientResources;
  if (lifeAt(life).state != (ObjectState.Created as u32)) return NtStatus.DeletePending;
  if (hasContext(entry, word(AttributesWord.ContextType))) return NtStatus.ObjectNameExists;
  return addHeader(lifeAt(life)) == 0 ? NtStatus.InsufficientResources : NtStatus.Success;
}
