// What each kind of object adds to the common end of objects (object-life.ts).
//
//   kind         dispose: before its EvtCleanup, may wait       destroy: after its EvtDestroy
//   ──────────── ────────────────────────────────────────────── ─────────────────────────────
//   Queue        emptied for good                               record, reserve
//   SpinLock,    nothing                                        record
//   WaitLock
//   others       nothing                                        nothing

import { ObjectKind } from "../abi/request";
import { callQueueDisposal, freeQueue } from "./disposal";
import { freeInterrupt, interruptAt } from "./interrupt";
import { giveDispatcher } from "./kernel-object";
import { kindOf, objectAt } from "./object";
import { queueAt } from "./queue";

/** FxObject::Dispose of the kind: pushes the frames it takes. */
export function callKindDispose(entry: usize): void {
  switch (kindOf(entry)) {
    case ObjectKind.Queue as u32:
      callQueueDisposal(queueAt(objectAt(entry).body));
      break;
    default:
      break;
  }
}

/** The destructor of the kind: gives back what the object has. True while it has called something, and is to be asked again. */
export function stepKindDestroy(entry: usize): bool {
  switch (kindOf(entry)) {
    case ObjectKind.Queue as u32:
      freeQueue(queueAt(objectAt(entry).body));
      return false;
    case ObjectKind.Interrupt as u32:
      freeInterrupt(interruptAt(objectAt(entry).body));
      return false;
    case ObjectKind.SpinLock as u32:
    case ObjectKind.WaitLock as u32:
      giveDispatcher(objectAt(entry).body);
      return false;
    default:
      return false;
  }
}
