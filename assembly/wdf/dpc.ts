// DPCs: WDFDPC, and the plain KDPC a driver initializes itself.
//
//   WdfDpcEnqueue ─▶ on the processor's list (nt/deferred.ts) ─▶ off it, then EvtDpcFunc at DISPATCH_LEVEL
//                        │ WdfDpcCancel                               under the callback lock, if serialized
//                        ▼
//                    off it, TRUE
//
// It is off the list before its routine runs, so the routine may queue it again. A WDFDPC is disposed of when all DPCs
// that are queued have run (KeFlushQueuedDpcs), its own too.
//
// Source: fxdpc.cpp; FxDpc::Cancel, FlushAndRundown.

import { RoutineKind } from "../abi/event";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { DpcImportance } from "../abi/wdm";
import { allocationFails } from "../nt/choice";
import { DeferredCall, insertDpc, taggedDpc } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { allocateSlab, clear } from "../nt/memory";
import { system } from "../nt/system";
import { FrameKind, QueueFrame } from "./frames";
import { callLocked } from "./invoke";
import { ObjectFlag, createObject } from "./object";
import { Serialized, commitSerialized, serialize } from "./serialized";

@unmanaged
export class Dpc extends Serialized {
  callKind: u32;
  callNext: u32;
  callPrev: u32;
  callTarget: usize;
  /** DpcImportance */
  importance: u32;
  /** The processor it is to run on, plus 1; 0 for that of whoever queues it. */
  processor: u32;
  /** 1 for a KDPC of the driver's own. */
  plain: u32;

  @inline get call(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Dpc>("callKind"));
  }
}

export function dpcAt(address: usize): Dpc {
  return changetype<Dpc>(address);
}

function takeDpc(): usize {
  if (system.freeDpcs == 0) system.freeDpcs = allocateSlab(offsetof<Dpc>());
  const at: usize = allocationFails() ? 0 : system.freeDpcs;
  if (at == 0) return 0;
  system.freeDpcs = load<usize>(at);
  clear(at, offsetof<Dpc>());
  const dpc = dpcAt(at);
  dpc.call.reset();
  dpc.call.tag = FrameKind.DpcRun;
  dpc.call.target = at;
  dpc.importance = DpcImportance.Medium;
  return at;
}

function freeDpc(at: usize): void {
  store<usize>(at, system.freeDpcs);
  system.freeDpcs = at;
}

/** FxDpc::Initialize. The handle is the first out value. */
export function createDpc(parent: usize, callback: u32, automatic: bool): NtStatus {
  const at = takeDpc();
  if (at == 0) return NtStatus.InsufficientResources;
  const dpc = dpcAt(at);
  dpc.callback = callback;
  let status = serialize(dpc, parent, automatic, false);
  if (status >= 0) status = commitSerialized(dpc, ObjectKind.Dpc, parent);
  if (status < 0) freeDpc(at);
  return status;
}

/** KeInitializeDpc: its handle, 0 when the table is full. */
export function createKdpc(callback: u32): u32 {
  const at = takeDpc();
  if (at == 0) return 0;
  const dpc = dpcAt(at);
  dpc.callback = callback;
  dpc.plain = 1;
  dpc.handle = createObject(ObjectKind.Dpc, at, 0, 0, ObjectFlag.NoDelete);
  if (dpc.handle == 0) freeDpc(at);
  return dpc.handle;
}

/** KeInsertQueueDpc */
export function enqueueDpc(dpc: Dpc): bool {
  return insertDpc(dpc.call);
}

/** KeSetImportanceDpc, for insertions from now on. */
export function setImportance(dpc: Dpc, importance: u32): void {
  dpc.importance = importance;
  dpc.call.tag = taggedDpc(FrameKind.DpcRun, importance, dpc.processor);
}

/** KeSetTargetProcessorDpc, likewise. */
export function setTarget(dpc: Dpc, number: u32): void {
  dpc.processor = number + 1;
  dpc.call.tag = taggedDpc(FrameKind.DpcRun, dpc.importance, dpc.processor);
}

/** A DPC that was on the list runs. */
export function stepDpc(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const dpc = dpcAt(f.queue);
  if (f.step++ != 0 || dpc.callback == 0) return Step.Done;
  const kind = dpc.plain != 0 ? RoutineKind.DeferredRoutine : RoutineKind.Dpc;
  return callLocked(f, dpc.lock, kind, dpc.callback, dpc.handle, 0, 0, 0, 0);
}

/** The object is gone. */
export function destroyDpc(dpc: Dpc): void {
  freeDpc(changetype<usize>(dpc));
}
