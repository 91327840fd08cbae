// WdfDpc*.

import { DpcConfigWord, STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { Ddi } from "../abi/irql-rules";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { withdrawCall } from "../nt/deferred";
import { currentIrql } from "../nt/processor";
import { word } from "../nt/scratch";
import { system, verifierOn } from "../nt/system";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { settle } from "../wdf/dispatch";
import { createDpc, dpcAt, enqueueDpc } from "../wdf/dpc";
import { callFlushDpcs } from "../wdf/dpc-flush";
import { irqlAtMost } from "../wdf/irql";
import { objectAt } from "../wdf/object";
import { breakPoint } from "../wdf/verifier";
import { invalidHandle, required } from "./check";

/** A WDFDPC; 0 after a Stop. A KDPC of the driver's own is none. */
function requiredDpc(handle: u32): usize {
  const entry = required(handle, ObjectKind.Dpc);
  if (entry == 0) return 0;
  const at = objectAt(entry).body;
  return dpcAt(at).plain == 0 ? at : invalidHandle(handle, ObjectKind.Dpc);
}

/** Attributes and config stand in the scratch area; the handle is the first out value. */
export function WdfDpcCreate(): i32 {
  system.out0 = 0;
  const needs = (AttributesRule.Required as u32) | AttributesRule.ParentRequired;
  const status = validateAttributes(needs);
  if (status == NtStatus.WdfParentNotSpecified || status == NtStatus.InfoLengthMismatch) return status;
  const parent = parentOr(0);
  if (parent == 0) return NtStatus.InvalidHandle;
  if (word(DpcConfigWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if (status < 0) return status;
  return createDpc(parent, word(DpcConfigWord.EvtDpcFunc), word(DpcConfigWord.AutomaticSerialization) != 0);
}

/** 1 when it was not queued before. */
export function WdfDpcEnqueue(handle: u32): u32 {
  const at = requiredDpc(handle);
  return at == 0 ? 0 : settle(enqueueDpc(dpcAt(at)) ? 1 : 0);
}

/** 1 when it was queued and will not run. */
export function WdfDpcCancel(handle: u32, wait: u32): u32 {
  const at = requiredDpc(handle);
  if (at == 0) return 0;
  const dpc = dpcAt(at);
  if (wait != 0) {
    irqlAtMost(Ddi.WdfDpcCancel, Irql.Passive);
    if (!mayWait(handle)) return 0;
  }
  const queued = !dpc.call.isEmpty;
  withdrawCall(dpc.call);
  if (wait != 0 && !queued) callFlushDpcs();
  return settle(queued ? 1 : 0);
}

/** [V] What waits needs PASSIVE_LEVEL: a break, and nothing is done. */
export function mayWait(handle: u32): bool {
  if (!verifierOn() || currentIrql() == (Irql.Passive as u32)) return true;
  breakPoint(FindingId.NotPassive, handle, 0);
  return false;
}

export function WdfDpcGetParentObject(handle: u32): u32 {
  const at = requiredDpc(handle);
  return at == 0 ? 0 : dpcAt(at).parentHandle;
}

/** The KDPC inside: the same handle, which the Ke functions take. */
export function WdfDpcWdmGetDpc(handle: u32): u32 {
  return requiredDpc(handle) == 0 ? 0 : handle;
}
