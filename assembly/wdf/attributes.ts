// WDF_OBJECT_ATTRIBUTES, as it stands in the scratch area: what every create DDI checks, in the framework's order.
//
//   check                                                             status
//   ───────────────────────────────────────────────────────────────── ──────────────────────────────────────────────
//   none given, where the kind needs them                             WDF_PARENT_NOT_SPECIFIED
//   Size                                                              INFO_LENGTH_MISMATCH
//   context type: its Size; a size without a name; an override        INFO_LENGTH_MISMATCH, WDF_OBJECT_ATTRIBUTES_INVALID
//   parent: not allowed, or needed and missing                        WDF_PARENT_ASSIGNMENT_NOT_ALLOWED, ..._NOT_SPECIFIED
//   execution level, then scope: out of range                         WDF_OBJECT_ATTRIBUTES_INVALID
//   scope, then level: set on a kind that has none                    WDF_SYNCHRONIZATION_SCOPE_INVALID, ..._LEVEL_INVALID
//
// Source: fxvalidatefunctions.cpp (FxValidateObjectAttributes); spec kernel §1.2.

import { WdfViolation } from "../abi/bugcheck";
import { AttributesWord, STRUCTURE_SIZE } from "../abi/config";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel, WdfSynchronizationScope } from "../abi/wdf";
import { word } from "../nt/scratch";
import { violation } from "../nt/stop";
import { lookupObject } from "../nt/table";

/** What a kind of object allows or needs: FX_VALIDATE_OPTION_... */
export enum AttributesRule {
  None = 0,
  Required = 1,
  ParentNotAllowed = 2,
  ParentRequired = 4,
  ScopeAllowed = 8,
  LevelAllowed = 16,
}

/** FxValidateObjectAttributes */
export function validateAttributes(rules: u32): NtStatus {
  if (word(AttributesWord.Present) == 0) {
    return (rules & (AttributesRule.Required as u32)) != 0 ? NtStatus.WdfParentNotSpecified : NtStatus.Success;
  }
  if (word(AttributesWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  let status = validateContext();
  if (status >= 0) status = validateParent(rules);
  return status >= 0 ? validateConstraints(rules) : status;
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

function validateParent(rules: u32): NtStatus {
  const asked = word(AttributesWord.ParentObject) != 0;
  if (asked) {
    return (rules & (AttributesRule.ParentNotAllowed as u32)) != 0 ? NtStatus.WdfParentAssignmentNotAllowed : NtStatus.Success;
  }
  return (rules & (AttributesRule.ParentRequired as u32)) != 0 ? NtStatus.WdfParentNotSpecified : NtStatus.Success;
}

function validateConstraints(rules: u32): NtStatus {
  const level = word(AttributesWord.ExecutionLevel);
  if (level == (WdfExecutionLevel.Invalid as u32) || level > (WdfExecutionLevel.Dispatch as u32)) {
    return NtStatus.WdfObjectAttributesInvalid;
  }
  const scope = word(AttributesWord.SynchronizationScope);
  if (scope == (WdfSynchronizationScope.Invalid as u32) || scope > (WdfSynchronizationScope.None as u32)) {
    return NtStatus.WdfObjectAttributesInvalid;
  }
  const free = scope == (WdfSynchronizationScope.InheritFromParent as u32) || scope == (WdfSynchronizationScope.None as u32);
  if (!free && (rules & (AttributesRule.ScopeAllowed as u32)) == 0) return NtStatus.WdfSynchronizationScopeInvalid;
  if (level == (WdfExecutionLevel.InheritFromParent as u32)) return NtStatus.Success;
  return (rules & (AttributesRule.LevelAllowed as u32)) != 0 ? NtStatus.Success : NtStatus.WdfExecutionLevelInvalid;
}

/** The entry of the parent the attributes name, or the one given; 0 after a Stop for a bad handle. */
export function parentOr(otherwise: usize): usize {
  const handle = parentAsked();
  if (handle == 0) return otherwise;
  const entry = lookupObject(handle);
  if (entry != 0) return entry;
  violation(WdfViolation.InvalidHandle, handle, 0);
  return 0;
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
