// Cancellation: who hears of it, and when.
//
//   the request is                     system cancel (IoCancelIrp), purge, file cleanup
//   ────────────────────────────────── ──────────────────────────────────────────────────────────────────────────
//   queued, never seen by the driver   completed STATUS_CANCELLED at once
//   queued, seen, and the queue has    becomes driver-owned; EvtIoCanceledOnQueue is due
//     EvtIoCanceledOnQueue
//   queued, seen, no such callback     completed STATUS_CANCELLED at once
//   driver-owned, marked cancelable    EvtRequestCancel is due
//   driver-owned, not marked           the IRP's flag is set, nothing else (WdfRequestIsCanceled tells)
//   postponed (no reserved request)    completed STATUS_CANCELLED at once
//   sent to an I/O target              whoever has it below (target-cancel.ts)
//
// What is due is delivered by the queue's loop: at once if no frame is in it, else when that frame looks again.
//
// Source: FxIoQueue::CancelForQueue, CancelForDriver, RequestCancelable, _IrpCancelForQueue, _IrpCancelForDriver.

import { FindingId } from "../abi/finding";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { system, verifierOn } from "../nt/system";
import { callLoopGuarded } from "./calls";
import { complete } from "./completion";
import { Queue, dequeue, own, queueAt, refreshGate } from "./queue";
import { cancelBelow } from "./lower";
import { Extension, Request, extend } from "./request";
import { isSent } from "./sending";
import { cancelOut } from "./target-cancel";
import { breakPoint } from "./verifier";

/** IoCancelIrp. True when a cancel routine was set, that is when somebody reacts. */
export function cancelIrp(r: Request): bool {
  r.set(RequestBits.IrpCanceled);
  const q = queueAt(r.queue);
  if (r.place == (RequestPlace.Queued as u32)) {
    dequeue(q, r);
    cancelUndelivered(q, r);
    return true;
  }
  if (r.place == (RequestPlace.Postponed as u32)) {
    r.unlink();
    r.place = RequestPlace.Transit;
    r.queue = 0;
    complete(r, NtStatus.Cancelled);
    return true;
  }
  if (r.place == (RequestPlace.Below as u32)) return cancelBelow(r);
  if (isSent(r) && cancelOut(r)) return true;
  if (r.has(RequestBits.Cancelable)) {
    takeMark(q, r);
    cancelForDriver(q, r);
    return true;
  }
  return false;
}

/** Cancels a request that is in no ring any more and was not delivered (CancelForQueue), then looks at the queue. */
export function cancelUndelivered(q: Queue, r: Request): void {
  r.queue = changetype<usize>(q);
  r.clear(RequestBits.VerifierCancelable);
  r.set(RequestBits.Canceled);
  callLoopGuarded(q);
  if (q.evtIoCanceledOnQueue != 0 && r.has(RequestBits.Presented)) {
    own(q, r);
    r.set(system.ownedMark);
    putDue(q, r, true);
    return;
  }
  r.place = RequestPlace.Transit;
  if (r.extension != 0) changetype<Extension>(r.extension).information = 0;
  complete(r, NtStatus.Cancelled);
}

/** Takes the cancelable mark of a request away on behalf of a cancellation. */
export function takeMark(q: Queue, r: Request): void {
  const extension = changetype<Extension>(r.extension);
  extension.unlink();
  extension.reset();
  r.clear(RequestBits.Cancelable);
}

/** EvtRequestCancel is due (CancelForDriver). The mark has been taken. */
export function cancelForDriver(q: Queue, r: Request): void {
  r.set(RequestBits.Canceled);
  if (r.has(RequestBits.CancelDue)) {
    if (verifierOn()) breakPoint(FindingId.StillOnCancelList, r.handle, q.handle);
    return;
  }
  putDue(q, r, false);
  callLoopGuarded(q);
}

function putDue(q: Queue, r: Request, onQueue: bool): void {
  const extension = extend(r);
  if (onQueue) q.canceledOnQueue.append(extension);
  else q.cancelDue.append(extension);
  r.set(RequestBits.CancelDue);
  refreshGate(q);
}

/** WdfRequestMarkCancelable (Ex: `failIfCanceled`). */
export function markCancelable(q: Queue, r: Request, callback: u32, failIfCanceled: bool): NtStatus {
  const extension = extend(r);
  if (r.has((RequestBits.Cancelable as u32) | RequestBits.CancelDue)) return markAgain(q, r);
  if (verifierOn()) r.set(RequestBits.VerifierCancelable);
  extension.evtRequestCancel = callback;
  if (q.cancelDispatched == 0 && !r.has(RequestBits.IrpCanceled)) {
    q.cancelable.append(extension);
    r.set(RequestBits.Cancelable);
    return NtStatus.Success;
  }
  if (failIfCanceled) {
    extension.evtRequestCancel = 0;
    r.clear(RequestBits.VerifierCancelable);
    return NtStatus.Cancelled;
  }
  cancelForDriver(q, r);
  return NtStatus.Success;
}

/** WdfRequestUnmarkCancelable. STATUS_CANCELLED once a cancellation has taken the mark, or when there was none. */
export function unmarkCancelable(q: Queue, r: Request): NtStatus {
  if (!r.has(RequestBits.Cancelable)) return NtStatus.Cancelled;
  takeMark(q, r);
  changetype<Extension>(r.extension).evtRequestCancel = 0;
  r.clear(RequestBits.VerifierCancelable);
  return NtStatus.Success;
}

/** A second mark, which only the verifier would refuse, must not put the request on a ring twice. */
function markAgain(q: Queue, r: Request): NtStatus {
  breakPoint(FindingId.StillOnCancelList, r.handle, q.handle);
  return NtStatus.InvalidDeviceRequest;
}
