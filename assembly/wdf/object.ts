// Framework objects other than requests: a table entry that leads to a body.
//
//   entry   handle │ next │ prev │ bits (kind) │ body │ parent │ references │ device
//
// The links are the entry's place among its parent's children.
//
// Source: fxobject.hpp; attributes: fxvalidatefunctions.cpp.

import { AttributesWord, STRUCTURE_SIZE } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel, WdfSynchronizationScope } from "../abi/wdf";
import { word } from "../nt/scratch";
import { Entry, freeEntry, takeEntry } from "../nt/table";

@unmanaged
export class ObjectEntry extends Entry {
  body: usize;
  parent: usize;
  references: u32;
  device: usize;
}

export function objectAt(entry: usize): ObjectEntry {
  return changetype<ObjectEntry>(entry);
}

/** Makes the entry of an object; answers its handle, 0 when the table is full. */
export function createObject(kind: ObjectKind, body: usize, parent: usize, device: usize): u32 {
  const at = takeEntry();
  if (at == 0) return 0;
  const entry = objectAt(at);
  entry.reset();
  entry.bits = kind as u32;
  entry.body = body;
  entry.parent = parent;
  entry.references = 1;
  entry.device = device;
  return entry.handle;
}

/** Forgets an object. */
export function freeObject(entry: usize): void {
  objectAt(entry).device = 0; // the word a request has its extension in: 0 in every free entry
  freeEntry(entry);
}

/** FxValidateObjectAttributes: the checks every create DDI makes, in the framework's order. */
export function validateAttributes(mayHaveParent: bool): NtStatus {
  if (word(AttributesWord.Present) == 0) return NtStatus.Success;
  if (word(AttributesWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  const status = validateContext();
  if (status < 0) return status;
  if (!mayHaveParent && parentAsked() != 0) return NtStatus.WdfParentAssignmentNotAllowed;
  const level = word(AttributesWord.ExecutionLevel);
  if (level == (WdfExecutionLevel.Invalid as u32) || level > (WdfExecutionLevel.Dispatch as u32)) {
    return NtStatus.WdfObjectAttributesInvalid;
  }
  const scope = word(AttributesWord.SynchronizationScope);
  if (scope == (WdfSynchronizationScope.Invalid as u32) || scope > (WdfSynchronizationScope.None as u32)) {
    return NtStatus.WdfObjectAttributesInvalid;
  }
  return NtStatus.Success;
}

function validateContext(): NtStatus {
  const declared = word(AttributesWord.ContextSizeOverride);
  if (word(AttributesWord.ContextType) == 0) {
    return declared != 0 ? NtStatus.WdfObjectAttributesInvalid : NtStatus.Success;
  }
  if (word(AttributesWord.ContextTypeSize) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  const size = word(AttributesWord.ContextSize);
  if (size != 0 && word(AttributesWord.ContextNamed) == 0) return NtStatus.WdfObjectAttributesInvalid;
  return declared != 0 && declared < size ? NtStatus.WdfObjectAttributesInvalid : NtStatus.Success;
}

/** Handle of the parent asked for, 0 for none. */
export function parentAsked(): u32 {
  return word(AttributesWord.Present) == 0 ? 0 : word(AttributesWord.ParentObject);
}

/** The execution level asked for, or the inherited one. */
export function resolveLevel(inherited: u32): u32 {
  if (word(AttributesWord.Present) == 0) return inherited;
  const level = word(AttributesWord.ExecutionLevel);
  return level == (WdfExecutionLevel.InheritFromParent as u32) ? inherited : level;
}

/** The synchronization scope asked for, or the inherited one. */
export function resolveScope(inherited: u32): u32 {
  if (word(AttributesWord.Present) == 0) return inherited;
  const scope = word(AttributesWord.SynchronizationScope);
  return scope == (WdfSynchronizationScope.InheritFromParent as u32) ? inherited : scope;
}
