// Completion: how a request goes back to its sender.
//
//   step   what happens                                                          source: FxRequest::CompleteInternal
//   ────── ───────────────────────────────────────────────────────────────────
//   check  verifier: completed before, still cancelable, more information
//          than the buffer holds
//   1      the request and its children are disposed of (EvtCleanup, if the driver has ever seen it), the
//          children destroyed
//   2      the IRP goes to its sender (who thus sees it before the queue moves)
//   3      the queue: off its rings, driverCount down, guarded loop
//   4      EvtDestroy; the entry is freed unless references last
//
// An ordinary request, with nothing attached, needs no frame: completeNow does all of it in one go.

import { EventKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { BugCheck, RequestFatalError } from "../abi/bugcheck";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { bugCheck, requestFatal } from "../nt/stop";
import { verifierOn } from "../nt/system";
import { callCompletion, callFrame, callLoopGuarded } from "./calls";
import { deviceOf } from "./device";
import { hasFileObjects, undoCreate } from "./file";
import { ArrivalFrame, CompletionFrame, FrameKind, ReserveFrame } from "./frames";
import { Queue, disown, mayHaveWork, queueAt, refreshGate } from "./queue";
import { releaseContext } from "./request-create";
import { sendingAt, sendingOf } from "./sending";
import { callReturn } from "./target-return";
import { ObjectFlag, ObjectState, clearCallbacks, lifeAt, lifeOf } from "./object";
import { deleteObject, destroyChildren, destroyUnreferenced, disposeEarly } from "./object-life";
import { Extension, Request, extend, freeRequest, hold, informationOf, request, unhold } from "./request";
import { verifyUnlocked } from "./request-memory";
import { breakPoint, ruleFinding } from "./verifier";

/** What has to be seen to one step after the other. */
const NOT_ORDINARY: u32 =
  (RequestBits.Attached as u32) | RequestBits.Reserved | RequestBits.Cancelable | RequestBits.CancelDue;

/** Completes a request, with frames only if it takes any. The thread's engine must be run afterwards. */
export function complete(r: Request, status: NtStatus): void {
  if (r.has(NOT_ORDINARY) || r.major == (WdfRequestType.Create as u32)) {
    callCompletion(r, status);
    return;
  }
  const information = informationOf(r);
  if (verifierOn() && !verifyCompletion(r, status, information)) return;
  completeNow(r, status, information);
}

/** The same with another information, for which a request with nothing attached needs no room. */
export function completeWith(r: Request, status: NtStatus, information: u32): void {
  if (r.has(NOT_ORDINARY) || r.major == (WdfRequestType.Create as u32)) {
    if (information != informationOf(r)) extend(r).information = information;
    callCompletion(r, status);
    return;
  }
  if (verifierOn() && !verifyCompletion(r, status, information)) return;
  completeNow(r, status, information);
}

/** The whole of it for a request with nothing attached. */
function completeNow(r: Request, status: NtStatus, information: u32): void {
  emit(EventKind.RequestCompleted, 0, r.handle, translated(status), information);
  const q = queueAt(r.queue);
  const owned = r.place == (RequestPlace.Owned as u32);
  if (owned) disown(q, r);
  freeRequest(r);
  if (owned && q.dispatching == 0 && mayHaveWork(q)) callLoopGuarded(q);
}

/** An IRP goes back that never became a request: as the driver said, with nothing of the framework's. */
export function completeIrp(irp: Request, status: NtStatus): void {
  if (isFailedCreate(irp, status) && isForwarded(irp) && hasFileObjects(irp.file)) {
    const f = callFrame<ArrivalFrame>(FrameKind.FileUndo);
    f.irp = changetype<usize>(irp);
    f.status = status;
    return;
  }
  const above = irp.extension == 0 ? 0 : changetype<Extension>(irp.extension).above;
  if (above != 0) callReturn(request(above), irp, status, informationOf(irp));
  else emit(EventKind.RequestCompleted, 0, irp.handle, status, informationOf(irp));
  freeRequest(irp);
}

/** A create that this or a higher device has passed on by itself. */
function isForwarded(irp: Request): bool {
  return irp.extension != 0 && changetype<Extension>(irp.extension).forwarded != 0;
}

/** A failed create on its way back: its file objects first. */
export function stepFileUndo(frame: Frame): Step {
  const f = changetype<ArrivalFrame>(frame);
  if (undoCreate(0, request(f.irp).file)) return Step.Again;
  completeIrp(request(f.irp), f.status);
  return Step.Done;
}

/** Framework statuses are not for senders. */
export function translated(status: NtStatus): NtStatus {
  return ((status as u32) & 0x0fff0000) == 0x00200000 ? translatedFrameworkStatus(status) : status;
}

function translatedFrameworkStatus(status: NtStatus): NtStatus {
  switch (status) {
    case NtStatus.WdfPaused:
    case NtStatus.WdfBusy:
      return NtStatus.DeviceBusy;
    case NtStatus.WdfInternalError:
      return NtStatus.InternalError;
    case NtStatus.WdfNotEnoughMapRegisters:
      return NtStatus.InsufficientResources;
    default:
      return NtStatus.InvalidDeviceRequest;
  }
}

/** [V] VerifyCompleteInternal. False after a Stop. */
function verifyCompletion(r: Request, status: NtStatus, information: u32): bool {
  if (r.place == (RequestPlace.Gone as u32)) breakPoint(FindingId.AlreadyCompleted, r.handle, 0);
  if (r.has(RequestBits.VerifierCancelable) && !r.has(RequestBits.VerifierCancelled)) {
    breakPoint(FindingId.CompleteCancelable, r.handle, r.queue == 0 ? 0 : queueAt(r.queue).handle);
  }
  const major = r.major;
  let limited = major == (WdfRequestType.Read as u32) || major == (WdfRequestType.Write as u32);
  if (major == (WdfRequestType.DeviceControl as u32)) limited = !r.has(RequestBits.KernelMode) && r.length != 0;
  if (limited && status >= 0 && information > r.length) {
    requestFatal(RequestFatalError.InformationLengthMismatch, r.handle);
    return false;
  }
  if (status == NtStatus.Pending) ruleFinding(FindingId.CompletedPending, r.handle, 0);
  return true;
}

enum CompletionStep {
  Begin = 0,
  Disposed = 1,
  Send = 2,
  Returned = 3,
  Sent = 4,
  Last = 5,
}

/** One step of the table above. */
export function stepCompletion(frame: Frame): Step {
  const f = changetype<CompletionFrame>(frame);
  const r = request(f.target);
  switch (f.step) {
    case CompletionStep.Begin: {
      f.step = CompletionStep.Send;
      if (verifierOn() && !verifyCompletion(r, f.status, informationOf(r))) return Step.Done;
      if (f.place == (RequestPlace.Gone as u32)) return completeTwice(r);
      if (disposeRequest(r)) f.step = CompletionStep.Disposed;
      if (sendingOf(r) != 0) releaseContext(sendingAt(sendingOf(r)));
      return Step.Again;
    }
    case CompletionStep.Disposed: {
      f.step = CompletionStep.Send;
      if (verifierOn() && lifeAt(lifeOf(f.target)).state != (ObjectState.Disposed as u32)) {
        breakPoint(FindingId.RequestDisposeDeferred, r.handle, 0);
      }
      destroyChildren(f.target);
      return Step.Again;
    }
    case CompletionStep.Send: {
      if (!verifyUnlocked(r)) return Step.Done;
      if (isFailedCreate(r, f.status) && undoCreate(deviceOf(r), r.file)) return Step.Again;
      f.step = CompletionStep.Returned;
      sendBack(r, translated(f.status));
      return Step.Again;
    }
    case CompletionStep.Returned: {
      f.step = CompletionStep.Sent;
      return tellQueue(f, r);
    }
    case CompletionStep.Sent: {
      f.step = CompletionStep.Last;
      conclude(r);
      return Step.Again;
    }
    default:
      return Step.Done;
  }
}

/** A create that fails takes its file objects with it before its sender knows (file-package.ts). */
function isFailedCreate(r: Request, status: NtStatus): bool {
  return r.major == (WdfRequestType.Create as u32) && translated(status) < 0;
}

/** EarlyDispose: EvtCleanup of the request and its children, if the driver has ever seen it. False when there is nothing to it. */
export function disposeRequest(r: Request): bool {
  const at = changetype<usize>(r);
  if (lifeOf(at) == 0 || r.has(RequestBits.Reserved)) return false;
  if (!r.has(RequestBits.Presented)) clearCallbacks(lifeAt(lifeOf(at)));
  disposeEarly(at);
  return true;
}

/** The end of a request that is over and, if it has an extension, held. */
export function conclude(r: Request): void {
  if (r.extension == 0 || unhold(r)) finish(r);
  else if (lifeOf(changetype<usize>(r)) != 0 && !r.has(RequestBits.Reserved)) deleteObject(changetype<usize>(r));
}

/** IoCompleteRequest: to the application, or to the driver above. */
function sendBack(r: Request, status: NtStatus): void {
  const above = r.extension == 0 ? 0 : changetype<Extension>(r.extension).above;
  if (above != 0) callReturn(request(above), r, status, informationOf(r));
  else emit(EventKind.RequestCompleted, outlivesIrp(r) ? 1 : 0, r.handle, status, informationOf(r));
}

/** Without the verifier Windows would complete a dead IRP. */
function completeTwice(r: Request): Step {
  bugCheck(BugCheck.MultipleIrpCompleteRequests, r.handle, 0, 0, 0);
  return Step.Done;
}

function tellQueue(f: CompletionFrame, r: Request): Step {
  const q = queueAt(f.queue);
  if (r.extension != 0) {
    if (f.queue != 0) changetype<Extension>(r.extension).device = q.device;
    hold(r); // what the queue runs next may drop the driver's last reference
  }
  r.place = RequestPlace.Gone;
  if (!r.has(RequestBits.Reserved)) r.queue = 0;
  if (f.place != (RequestPlace.Owned as u32)) return Step.Again;
  verifyQueueCompletion(q, r);
  disown(q, r);
  leaveCancelRings(q, r);
  if (q.dispatching == 0) callLoopGuarded(q);
  return Step.Again;
}

/** [V] VerifyValidateCompletedRequest */
function verifyQueueCompletion(q: Queue, r: Request): void {
  if (!verifierOn()) return;
  if (!r.has(RequestBits.VerifierOwned)) breakPoint(FindingId.QueueCompleteNotOwned, r.handle, q.handle);
  r.clear(RequestBits.VerifierOwned);
  if (r.has(RequestBits.CancelDue)) breakPoint(FindingId.StillOnCancelList, r.handle, q.handle);
}

/** A request that is completed or moved while it is marked, or due for a cancel callback, leaves the rings whole. */
export function leaveCancelRings(q: Queue, r: Request): void {
  if (!r.has((RequestBits.Cancelable as u32) | RequestBits.CancelDue)) return;
  const extension = changetype<Extension>(r.extension);
  extension.unlink();
  extension.reset();
  r.clear((RequestBits.Cancelable as u32) | RequestBits.CancelDue);
  refreshGate(q);
}

/** True for a request that references keep, and for a reserved one, which is used again. */
function outlivesIrp(r: Request): bool {
  if (r.has(RequestBits.Reserved)) return true;
  if (r.extension == 0) return false;
  const extension = changetype<Extension>(r.extension);
  return extension.references != 0 || extension.life != 0;
}

/** The last reference of a completed request is gone. */
export function endOfLife(r: Request): void {
  const life = lifeOf(changetype<usize>(r));
  if (life != 0 && !r.has(RequestBits.Reserved)) {
    if ((lifeAt(life).flags & (ObjectFlag.FirstReferenceGone as u32)) != 0) destroyUnreferenced(changetype<usize>(r));
    return;
  }
  if (!r.has(RequestBits.Reserved)) emit(EventKind.ObjectFreed, 0, r.handle, 0, 0);
  finish(r);
}

/** A reserved request returns to its queue, any other is freed, or destroyed when there is more to it. */
function finish(r: Request): void {
  if (r.has(RequestBits.Reserved)) {
    const f = callFrame<ReserveFrame>(FrameKind.ReserveReturn);
    f.queue = extend(r).homeQueue;
    f.target = changetype<usize>(r);
    return;
  }
  if (lifeOf(changetype<usize>(r)) != 0) deleteObject(changetype<usize>(r));
  else freeRequest(r);
}
