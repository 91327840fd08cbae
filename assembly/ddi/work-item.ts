// WdfWorkItem*.

import { STRUCTURE_SIZE, WorkItemConfigWord } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { settle } from "../wdf/dispatch";
import { objectAt } from "../wdf/object";
import { createWorkItem, enqueueWorkItem, flushWorkItem, workItemAt } from "../wdf/work-item";
import { required } from "./check";
import { mayWait } from "./dpc";

function requiredWorkItem(handle: u32): usize {
  const entry = required(handle, ObjectKind.WorkItem);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** Attributes and config stand in the scratch area; the handle is the first out value. */
export function WdfWorkItemCreate(): i32 {
  system.out0 = 0;
  const rules = (AttributesRule.Required as u32) | AttributesRule.ParentRequired;
  const status = validateAttributes(rules);
  if (status == NtStatus.WdfParentNotSpecified) return status;
  const parent = parentOr(0);
  if (parent == 0) return NtStatus.InvalidHandle;
  if (word(WorkItemConfigWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  const callback = word(WorkItemConfigWord.EvtWorkItemFunc);
  if (callback == 0) return NtStatus.InvalidParameter;
  if (status < 0) return status;
  return createWorkItem(parent, callback, word(WorkItemConfigWord.AutomaticSerialization) != 0);
}

export function WdfWorkItemEnqueue(handle: u32): void {
  const at = requiredWorkItem(handle);
  if (at == 0) return;
  enqueueWorkItem(workItemAt(at));
}

export function WdfWorkItemFlush(handle: u32): void {
  const at = requiredWorkItem(handle);
  if (at == 0 || !mayWait(handle)) return;
  flushWorkItem(workItemAt(at));
  settle(0);
}

export function WdfWorkItemGetParentObject(handle: u32): u32 {
  const at = requiredWorkItem(handle);
  return at == 0 ? 0 : workItemAt(at).parentHandle;
}
