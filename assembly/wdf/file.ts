// File objects: FILE_OBJECT, which an open makes and every IRP of it carries, and WDFFILEOBJECT, which a device may want
// for each.
//
//   FILE_OBJECT      handle │ next │ prev │ bits (kind, Counted) │ flags │ device │ - │ process
//   WDFFILEOBJECT    an object (object.ts), child of its device; `body` is the handle of the FILE_OBJECT
//
// The links are a ring: a FILE_OBJECT with the WDFFILEOBJECTs that the devices of a stack have for it, highest first.
//
// The I/O manager's half, the first, lives until it is released by whoever made it; the framework's half from the create
// to the close, or to the failure of the create, or to the removal of the device, and then as long as references last.
//
//   class of the device        WDFFILEOBJECT    a request without FILE_OBJECT
//   ────────────────────────── ──────────────── ─────────────────────────────────────
//   NotRequired (the default)  never            nothing
//   CanUseFsContext, ...2      one for an open  a break
//   CannotUseFsContexts        one for an open  a break; an exclusive device: its only one
//   ... | CanBeOptional        one for an open  nothing
//
// Source: fxfileobject.cpp.

import { EventKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfFileObjectClass } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { emit } from "../nt/ring";
import { Entry, freeEntry, lookup, lookupAny, takeEntry } from "../nt/table";
import { Device, deviceAt } from "./device";
import { ObjectFlag, clearCallbacks, createObject, headerAt, lifeAt, objectAt } from "./object";
import { appendHeader } from "./object-create";
import { deleteObject } from "./object-life";
import { breakPoint } from "./verifier";

/** FILE_OBJECT */
@unmanaged
export class WdmFile extends Entry {
  flags: u32;
  device: usize;
  unused: u32;
  process: u32;
}

if (offsetof<WdmFile>() != 32) ERROR("a FILE_OBJECT is 32 bytes");

/** Above the kind: the open counts among those of its device. */
const COUNTED: u32 = 1 << 5;

export function wdmFileAt(entry: usize): WdmFile {
  return changetype<WdmFile>(entry);
}

/** Makes the FILE_OBJECT of an open that is about to be sent. Its handle, 0 when the table is full. */
export function createWdmFile(d: Device, flags: u32, process: u32): u32 {
  const at = takeEntry();
  if (at == 0) return 0;
  const file = wdmFileAt(at);
  file.reset();
  file.bits = ObjectKind.WdmFileObject as u32;
  file.flags = flags;
  file.device = changetype<usize>(d);
  file.process = process;
  return file.handle;
}

/** Forgets a FILE_OBJECT that nobody uses any more. */
export function releaseWdmFile(handle: u32): void {
  const at = lookup(handle, ObjectKind.WdmFileObject);
  if (at == 0) return;
  const ring = wdmFileAt(at);
  while (!ring.isEmpty) {
    const node = ring.next;
    node.unlink();
    node.reset();
  }
  wdmFileAt(at).process = 0; // the word a request has its extension in: 0 in every free entry
  freeEntry(at);
}

/** The FILE_OBJECT of a WDFFILEOBJECT, as IRPs carry it. */
export function wdmHandleOf(entry: usize): u32 {
  return objectAt(entry).body as u32;
}

function classOf(d: Device): u32 {
  return d.fileClass & 0x7fffffff;
}

function isOptional(d: Device): bool {
  return (d.fileClass & (WdfFileObjectClass.CanBeOptional as u32)) != 0;
}

/** True when the device wants a WDFFILEOBJECT for each open. */
export function hasClass(d: Device): bool {
  return classOf(d) != (WdfFileObjectClass.NotRequired as u32);
}

/** An exclusive device that looks file objects up can do without FILE_OBJECT: it has one open at most. */
function knowsItsOnly(d: Device): bool {
  return d.exclusive != 0 && classOf(d) == (WdfFileObjectClass.CannotUseFsContexts as u32);
}

/** FxFileObject::_GetFileObjectFromWdm: the WDFFILEOBJECT of a FILE_OBJECT (0: NULL), or 0, with a break if there should be one. */
export function fileObjectOf(d: Device, file: u32): usize {
  if (!hasClass(d)) return 0;
  const at = lookupFile(d, file);
  if (at == 0 && !isOptional(d)) breakPoint(FindingId.UnknownFile, d.handle, 0);
  return at;
}

/** The status of that look-up: an error only for an IRP without FILE_OBJECT. */
export function fileStatusOf(d: Device, file: u32): NtStatus {
  if (file != 0 || !hasClass(d) || isOptional(d) || knowsItsOnly(d)) return NtStatus.Success;
  return NtStatus.Unsuccessful;
}

function lookupFile(d: Device, file: u32): usize {
  if (file == 0) return knowsItsOnly(d) ? lookup(d.newestFile, ObjectKind.FileObject) : 0;
  const at = lookup(file, ObjectKind.WdmFileObject);
  return at == 0 ? 0 : inRing(wdmFileAt(at), changetype<usize>(d));
}

/** The WDFFILEOBJECT of that device, or with 0 the lowest there is. */
function inRing(file: WdmFile, device: usize): usize {
  for (let node = file.prev; node != file; node = node.prev) {
    if (device == 0 || objectAt(changetype<usize>(node)).device == device) return changetype<usize>(node);
  }
  return 0;
}

/** FxFileObject::_CreateFileObject: what the create needs before anybody sees it. */
export function makeFileObject(d: Device, file: u32): NtStatus {
  if (!hasClass(d)) return NtStatus.Success;
  if (file == 0 && !knowsItsOnly(d)) {
    breakPoint(FindingId.UnknownFile, d.handle, 0);
    return NtStatus.DeviceConfigurationError;
  }
  if (allocationFails()) return NtStatus.InsufficientResources;
  const flags = (ObjectFlag.NoDelete as u32) | ObjectFlag.PassiveDispose;
  const handle = createObject(ObjectKind.FileObject, file as usize, lookupAny(d.handle), changetype<usize>(d), flags);
  if (handle == 0) return NtStatus.InsufficientResources;
  const header = appendHeader(lifeAt(objectAt(lookupAny(handle)).life));
  if (header != 0) {
    headerAt(header).type = d.fileContext;
    headerAt(header).evtCleanup = d.evtFileObjectCleanup;
    headerAt(header).evtDestroy = d.evtFileObjectDestroy;
  }
  d.newestFile = handle;
  if (file != 0) wdmFileAt(lookupAny(file)).append(objectAt(lookupAny(handle)));
  emit(EventKind.FileObjectMade, 0, handle, file, 0);
  return NtStatus.Success;
}

/** FxFileObject::_DestroyFileObject: pushes what it takes. */
export function destroyFileObject(d: Device, file: u32): void {
  const at = lookupFile(d, file);
  if (at != 0) destroy(at);
}

function destroy(entry: usize): void {
  forgetFileObject(entry);
  deleteObject(entry);
}

/** A WDFFILEOBJECT ends, for whatever reason: its FILE_OBJECT knows it no more. */
export function forgetFileObject(entry: usize): void {
  objectAt(entry).unlink();
  objectAt(entry).reset();
}

/** A create fails before the driver has seen it: the callbacks of its file object are not called. */
export function forgetCallbacks(d: Device, file: u32): void {
  const at = lookupFile(d, file);
  if (at != 0) clearCallbacks(lifeAt(objectAt(at).life));
}

/** One more open. False, and counted all the same, when the device is exclusive and it is not the first. */
export function countOpen(d: Device, file: u32): bool {
  d.openHandles++;
  const at = lookup(file, ObjectKind.WdmFileObject);
  if (at != 0) wdmFileAt(at).bits |= COUNTED;
  return d.exclusive == 0 || d.openHandles == 1;
}

/** One open less, once. */
export function discountOpen(d: Device, file: u32): void {
  const at = lookup(file, ObjectKind.WdmFileObject);
  if (at != 0 && (wdmFileAt(at).bits & COUNTED) == 0) return;
  if (at != 0) wdmFileAt(at).bits &= ~COUNTED;
  d.openHandles--;
}

/** True while a device of the stack has a WDFFILEOBJECT for the FILE_OBJECT. */
export function hasFileObjects(file: u32): bool {
  const at = lookup(file, ObjectKind.WdmFileObject);
  return at != 0 && !wdmFileAt(at).isEmpty;
}

/**
 * A create has failed (FxPkgGeneral::CreateCompleted): the WDFFILEOBJECT of that device goes, or with 0 the lowest there
 * is. True while something was pushed for it.
 */
export function undoCreate(device: usize, file: u32): bool {
  const at = lookup(file, ObjectKind.WdmFileObject);
  if (at == 0) return false;
  if (device == 0 || device == wdmFileAt(at).device) discountOpen(deviceAt(wdmFileAt(at).device), file);
  const entry = inRing(wdmFileAt(at), device);
  if (entry != 0) destroy(entry);
  return entry != 0;
}
