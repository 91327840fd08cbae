// What each kind of object adds to the common end of objects (object-life.ts).
//
//   kind         dispose: before its EvtCleanup, may wait       destroy: after its EvtDestroy
//   ──────────── ────────────────────────────────────────────── ─────────────────────────────
//   Queue        emptied for good                               record, reserve
//   SpinLock,    nothing                                        record
//   WaitLock
//   Request      (after EvtCleanup) what a target's format holds    -
//   IoTarget     (after EvtCleanup) everything that is out      record
//   Collection   nothing                                        the references on its items, one by one; record
//   Memory       nothing                                        the reference on its lookaside list; record
//   Lookaside    nothing                                        record
//   Timer, Dpc,  waited for (later.ts)                           record
//   WorkItem
//   others       nothing                                        nothing

import { freeChildList } from "./child-list";
import { ObjectKind } from "../abi/request";
import { WdfIoTargetState } from "../abi/target";
import { callQueueDisposal, freeQueue } from "./disposal";
import { freeInterrupt, interruptAt } from "./interrupt";
import { giveDispatcher } from "./kernel-object";
import { Collection, collectionAt, freeCollection, itemAt, removeItem } from "./collection";
import { Memory, freeLookaside, freeMemory, lookasideAt, memoryAt } from "./memory";
import { destroyDpc, dpcAt } from "./dpc";
import { callRundown } from "./later";
import { kindOf, objectAt } from "./object";
import { dereferenceObject } from "./object-references";
import { queueAt } from "./queue";
import { destroyTimer, timerAt } from "./timer";
import { destroyWorkItem, workItemAt } from "./work-item";
import { extend, request } from "./request";
import { unlock } from "./request-memory";
import { disposeMade, verifyDispose } from "./request-create";
import { freeTarget, targetAt } from "./target";
import { removeTarget } from "./target-state";

/** FxObject::Dispose of the kind: pushes the frames it takes. */
export function callKindDispose(entry: usize): void {
  switch (kindOf(entry)) {
    case ObjectKind.Queue as u32:
      callQueueDisposal(queueAt(objectAt(entry).body));
      break;
    case ObjectKind.Timer as u32:
    case ObjectKind.Dpc as u32:
    case ObjectKind.WorkItem as u32:
      callRundown(objectAt(entry).body, kindOf(entry));
      break;
    case ObjectKind.Request as u32:
      verifyDispose(request(entry));
      break;
    default:
      break;
  }
}

/** What is left of it once EvtCleanup has run: the driver may have seen to it there. */
export function callKindDisposed(entry: usize): void {
  switch (kindOf(entry)) {
    case ObjectKind.Request as u32:
      disposeMade(request(entry));
      break;
    case ObjectKind.IoTarget as u32:
      removeTarget(targetAt(objectAt(entry).body), WdfIoTargetState.Deleted);
      break;
    default:
      break;
  }
}

/** The destructor of the kind: gives back what the object has. True while it has called something, and is to be asked again. */
export function stepKindDestroy(entry: usize): bool {
  const body = objectAt(entry).body;
  switch (kindOf(entry)) {
    case ObjectKind.Queue as u32:
      freeQueue(queueAt(body));
      return false;
    case ObjectKind.FileObject as u32:
      objectAt(entry).unlink(); // its FILE_OBJECT knows it no more (file.ts)
      objectAt(entry).reset();
      return false;
    case ObjectKind.Collection as u32:
      return emptyCollection(collectionAt(body));
    case ObjectKind.Memory as u32:
      return endMemory(memoryAt(body));
    case ObjectKind.Lookaside as u32:
      freeLookaside(lookasideAt(body));
      return false;
    case ObjectKind.ChildList as u32:
      freeChildList(body);
      return false;
    case ObjectKind.Interrupt as u32:
      freeInterrupt(interruptAt(objectAt(entry).body));
      return false;
    case ObjectKind.SpinLock as u32:
    case ObjectKind.WaitLock as u32:
      giveDispatcher(objectAt(entry).body);
      return false;
    case ObjectKind.Timer as u32:
      destroyTimer(timerAt(objectAt(entry).body));
      return false;
    case ObjectKind.Dpc as u32:
      destroyDpc(dpcAt(objectAt(entry).body));
      return false;
    case ObjectKind.WorkItem as u32:
      destroyWorkItem(workItemAt(objectAt(entry).body));
      return false;
    case ObjectKind.IoTarget as u32:
      freeTarget(objectAt(entry).body);
      return false;
    default:
      return false;
  }
}

function emptyCollection(c: Collection): bool {
  if (c.count == 0) {
    freeCollection(c);
    return false;
  }
  removeItem(c, itemAt(c, 0));
  return true;
}

function endMemory(m: Memory): bool {
  if (m.locks != 0) unlock(extend(request(m.locks)));
  const lookaside = m.lookaside;
  if (lookaside == 0) {
    freeMemory(m);
    return false;
  }
  m.lookaside = 0;
  dereferenceObject(lookaside);
  return true;
}
