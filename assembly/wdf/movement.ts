// Moving a request from queue to queue.
//
//   Forward    off the source's ring (its count keeps it) ─▶ last in line at the destination, whose loop runs
//              ─▶ off the source's count, guarded loop there
//              destination does not accept: STATUS_WDF_BUSY, last on the source's ring of owned requests again
//   to a parent device's queue: the same, and the request is that device's from then on
//   Requeue    manual queues only: first in line again, the queue's loop runs
//   Enqueue    out of EvtIoInCallerContext: last in line at its queue, whose loop runs
//
// The cancelable mark does not travel. Under the verifier a marked request is refused; without it Windows' lists are torn
// by such a move, and here the mark is just gone.
//
// A request that was cancelled meanwhile still moves with STATUS_SUCCESS: it is cancelled where it arrives, so
// EvtIoCanceledOnQueue of that queue may get it.
//
// Source: FxIoQueue::ForwardRequestWorker, QueueRequestFromForward, Requeue; FxPkgIo::EnqueueRequest.

import { BugCheck } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Frame, Step } from "../nt/frame";
import { bugCheck } from "../nt/stop";
import { verifierOn } from "../nt/system";
import { callFrame, callLoop, callLoopGuarded } from "./calls";
import { cancelUndelivered } from "./cancel";
import { leaveCancelRings } from "./completion";
import { deviceAt } from "./device";
import { ForwardFrame, FrameKind } from "./frames";
import { Gate, Queue, enqueueHead, enqueueTail, mayHaveWork, queueAt } from "./queue";
import { Request } from "./request";
import { breakPoint, verifyMovable } from "./verifier";

/** WdfRequestForwardToIoQueue of a request that has a queue. */
export function forward(r: Request, destination: Queue): NtStatus {
  const source = queueAt(r.queue);
  const status = verifyForward(r, source, destination);
  return status < 0 ? status : move(r, source, destination);
}

/** WdfRequestForwardToParentDeviceIoQueue of a request that has a queue. */
export function forwardToParent(r: Request, destination: Queue): NtStatus {
  const source = queueAt(r.queue);
  const status = verifyForwardToParent(r, source, destination);
  return status < 0 ? status : move(r, source, destination);
}

/** ForwardRequestWorker */
function move(r: Request, source: Queue, destination: Queue): NtStatus {
  const marks = r.bits & RequestBits.VerifierOwned;
  r.unlink();
  if (!destination.accepts) {
    source.owned.append(r);
    return NtStatus.WdfBusy;
  }
  r.clear(marks);
  leaveCancelRings(source, r);
  if (enqueueQuietly(destination, r)) {
    leaveSource(source);
    return NtStatus.Success;
  }
  const f = callFrame<ForwardFrame>(FrameKind.Forward);
  f.source = changetype<usize>(source);
  arriveMoved(destination, r);
  return NtStatus.Success;
}

/** The straight way to a manual queue: nobody is called, so no frame is needed. False, and nothing done, otherwise. */
function enqueueQuietly(q: Queue, r: Request): bool {
  if (q.gate != (Gate.Manual as u32) || q.readyCallback != 0) return false;
  return enqueueTail(q, r);
}

function verifyForward(r: Request, source: Queue, destination: Queue): NtStatus {
  const status = verifyMovable(r);
  if (status < 0) return status;
  if (r.place != (RequestPlace.Owned as u32)) return NtStatus.InvalidDeviceRequest;
  if (!verifierOn()) return NtStatus.Success;
  if (destination == source) return refuse(FindingId.ForwardToSameQueue, r, destination);
  if (destination.device != source.device) return refuse(FindingId.ForwardToOtherDevice, r, destination);
  return NtStatus.Success;
}

/** VerifyForwardRequestToParent. Without the verifier Windows goes on with a parent that is not there. */
function verifyForwardToParent(r: Request, source: Queue, destination: Queue): NtStatus {
  const child = deviceAt(source.device);
  if (child.parentDevice == 0) {
    if (verifierOn()) return refuse(FindingId.ForwardToParentInvalid, r, destination);
    bugCheck(BugCheck.KmodeExceptionNotHandled, STATUS_ACCESS_VIOLATION, 0, 0, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  const status = verifyMovable(r);
  if (status < 0) return status;
  if (r.place != (RequestPlace.Owned as u32)) return NtStatus.InvalidDeviceRequest;
  if (!verifierOn()) return NtStatus.Success;
  if (destination == source) return refuse(FindingId.ForwardToSameQueue, r, destination);
  const allowed = child.parentDevice == destination.device && !r.has(RequestBits.Reserved) && child.forwardsToParent != 0;
  return allowed ? NtStatus.Success : refuse(FindingId.ForwardToParentInvalid, r, destination);
}

/** What the processor says when NULL is followed. */
const STATUS_ACCESS_VIOLATION: u32 = 0xc0000005;

function refuse(what: FindingId, r: Request, q: Queue): NtStatus {
  breakPoint(what, r.handle, q.handle);
  return NtStatus.InvalidDeviceRequest;
}

/** The source's side, once the destination is done. */
export function stepForward(frame: Frame): Step {
  const f = changetype<ForwardFrame>(frame);
  if (f.step != 0) return Step.Done;
  f.step = 1;
  leaveSource(queueAt(f.source));
  return Step.Again;
}

/** The request no longer counts at the source: the next one may be presented. */
function leaveSource(source: Queue): void {
  source.driverCount--;
  if (source.dispatching == 0 && mayHaveWork(source)) callLoopGuarded(source);
}

/** A request that is on no ring arrives at a queue that accepts it (QueueRequestFromForward). */
export function arriveMoved(q: Queue, r: Request): void {
  callLoop(q, 0);
  if (!enqueueTail(q, r)) cancelUndelivered(q, r);
}

/** WdfRequestRequeue of a request that has a queue. */
export function requeue(r: Request): NtStatus {
  const q = queueAt(r.queue);
  const status = verifyMovable(r);
  if (status < 0) return status;
  if (r.place != (RequestPlace.Owned as u32)) return NtStatus.InvalidDeviceRequest;
  // The mark of ownership goes before the queue's type is looked at: under the verifier a request that was requeued to
  // the wrong kind of queue can be completed no more. That is how the framework does it.
  r.clear(RequestBits.VerifierOwned);
  if (!q.isManual) return refuse(FindingId.RequeueNotManual, r, q);
  r.unlink();
  leaveCancelRings(q, r);
  q.driverCount--;
  callLoop(q, 0);
  if (q.cancelDispatched != 0 || !enqueueHead(q, r)) cancelUndelivered(q, r);
  return NtStatus.Success;
}

/** WdfDeviceEnqueueRequest, once the queue is known. */
export function enqueueFromCaller(r: Request, q: Queue): NtStatus {
  if (!q.accepts) return NtStatus.WdfBusy;
  r.clear((RequestBits.VerifierOwned as u32) | RequestBits.VerifierInCaller);
  arriveMoved(q, r);
  return NtStatus.Success;
}
