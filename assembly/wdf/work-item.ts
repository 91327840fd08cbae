// WDFWORKITEM: a callback at PASSIVE_LEVEL, in a system thread.
//
//   enqueued   running   meaning
//   ────────── ───────── ─────────────────────────────────────────────────────────────
//   no         0         complete: a flush returns at once
//   yes        0         its turn will come; another enqueue does nothing
//   no         n         n callbacks run; an enqueue makes one more, which may overlap
//   yes        n         both
//
// It is marked as not enqueued just before its callback runs. Who flushes, or disposes of it, waits until it is complete;
// its own callback does not.
//
// Source: fxworkitem.cpp.

import { RoutineKind, WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { allocationFails } from "../nt/choice";
import { DeferredCall, queueCall, workItems } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { system } from "../nt/system";
import { lookupAny } from "../nt/table";
import { Thread, currentThread, park, wake } from "../nt/thread";
import { callFrame } from "./calls";
import { FrameKind, QueueFrame } from "./frames";
import { callLocked } from "./invoke";
import { dereferenceObject, referenceObject } from "./object-references";
import { Serialized, commitSerialized, serialize } from "./serialized";
import { breakPoint } from "./verifier";

@unmanaged
export class WorkItem extends Serialized {
  callKind: u32;
  callNext: u32;
  callPrev: u32;
  callTarget: usize;
  /** Callbacks that run. */
  running: u32;
  /** The thread of the callback that began last, until it has ended. */
  thread: usize;
  /** Threads that wait until it is complete: a list head of three words. */
  waitHead: u32;
  waitNext: u32;
  waitPrev: u32;

  @inline get call(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<WorkItem>("callKind"));
  }
  @inline get waiters(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<WorkItem>("waitHead"));
  }
  @inline get isComplete(): bool {
    return this.running == 0 && this.call.isEmpty;
  }
}

export function workItemAt(address: usize): WorkItem {
  return changetype<WorkItem>(address);
}

/** FxWorkItem::Initialize. The handle is the first out value. */
export function createWorkItem(parent: usize, callback: u32, automatic: bool): NtStatus {
  if (system.freeWorkItems == 0) system.freeWorkItems = allocateSlab(offsetof<WorkItem>());
  const at: usize = allocationFails() ? 0 : system.freeWorkItems;
  if (at == 0) return NtStatus.InsufficientResources;
  system.freeWorkItems = load<usize>(at);
  clear(at, offsetof<WorkItem>());
  const item = workItemAt(at);
  item.call.reset();
  item.waiters.reset();
  item.callback = callback;
  let status = serialize(item, parent, automatic, true);
  if (status >= 0) status = commitSerialized(item, ObjectKind.WorkItem, parent);
  if (status < 0) destroyWorkItem(item);
  return status;
}

/** FxWorkItem::Enqueue */
export function enqueueWorkItem(item: WorkItem): void {
  if (!item.call.isEmpty) return;
  if (item.runningDown != 0) {
    breakPoint(FindingId.WorkItemDeleted, item.handle, 0);
    return;
  }
  referenceObject(lookupAny(item.handle));
  queueCall(workItems(), item.call, FrameKind.WorkItemRun, changetype<usize>(item));
}

enum RunStep {
  Call = 0,
  Returned = 1,
}

/** The system's worker thread has come to it. */
export function stepWorkItem(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const item = workItemAt(f.queue);
  switch (f.step++) {
    case RunStep.Call:
      item.thread = changetype<usize>(currentThread());
      item.running++;
      return callLocked(f, item.lock, RoutineKind.WorkItem, item.callback, item.handle, 0, 0, 0, 0);
    case RunStep.Returned:
      item.running--;
      if (item.isComplete) releaseWaiters(item.waiters);
      item.thread = 0;
      dereferenceObject(lookupAny(item.handle));
      return Step.Again;
    default:
      return Step.Done;
  }
}

/** Wakes all threads of a ring, oldest first. */
export function releaseWaiters(waiters: Links): void {
  while (!waiters.isEmpty) {
    const thread = changetype<Thread>(waiters.next);
    thread.unlink();
    thread.reset();
    wake(thread);
  }
}

/** FxWorkItem::FlushAndWait */
export function flushWorkItem(item: WorkItem): void {
  if (item.thread == changetype<usize>(currentThread())) breakPoint(FindingId.WorkItemFlushInCallback, item.handle, 0);
  else callFrame<QueueFrame>(FrameKind.WorkItemFlush).queue = changetype<usize>(item);
}

export function stepWorkItemFlush(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const item = workItemAt(f.queue);
  if (f.step++ != 0 || item.isComplete) return Step.Done;
  park(WaitReason.WorkItemToComplete, item.handle);
  item.waiters.append(currentThread());
  return Step.Yield;
}

/** The object is gone. */
export function destroyWorkItem(item: WorkItem): void {
  item.nextFree = system.freeWorkItems;
  system.freeWorkItems = changetype<usize>(item);
}
