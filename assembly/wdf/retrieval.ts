// What a driver takes out of a manual (or sequential) queue by itself, and what it may look at without taking.
//
//   Retrieve   refused while the queue is powered off or stopped (STATUS_WDF_PAUSED), allowed in every state between;
//              reads and writes of no bytes are completed on the way and the search goes on
//   Find       manual queues only, stopped and powered-off ones too; the request stays queued, its handle is good
//              until the reference is dropped
//
// Source: FxIoQueue::GetRequest, PeekRequest; FxIrpQueue::PeekRequest.

import { FindingId } from "../abi/finding";
import { RequestFatalError } from "../abi/bugcheck";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfIoQueueDispatchType } from "../abi/wdf";
import { Frame, Step } from "../nt/frame";
import { requestFatal } from "../nt/stop";
import { system, verifierOn } from "../nt/system";
import { answer, callFrame } from "./calls";
import { complete } from "./completion";
import { FrameKind, RetrieveFrame } from "./frames";
import { Queue, QueuePower, dequeue, own, queueAt } from "./queue";
import { Request, reference, request } from "./request";
import { breakPoint, verifyTag } from "./verifier";

/**
 * Retrieves the next request, the next of a file object (`file`), or one that was found (`tag`). The request's handle
 * is the first out value; after STATUS_PENDING both are known when the pushed frame has ended.
 */
export function retrieve(q: Queue, file: u32, tag: usize): NtStatus {
  system.out0 = 0;
  const status = verifyRetrieve(q, tag);
  if (status < 0) return status;
  if (q.type == (WdfIoQueueDispatchType.Parallel as u32)) return NtStatus.InvalidDeviceState;
  if (q.power == (QueuePower.Off as u32) || !q.dispatches) return NtStatus.WdfPaused;
  const at = nextFor(q, file, tag);
  if (at == 0) return missed(q, file, tag);
  if (system.stopCode != 0) return NtStatus.Unsuccessful;
  if (q.allowZeroLength == 0 && request(at).isZeroLengthTransfer) return retrieveLater(q, file, tag);
  return hand(q, request(at));
}

/** [V] VerifyGetRequestUpdateFlags */
function verifyRetrieve(q: Queue, tag: usize): NtStatus {
  if (!verifierOn()) return NtStatus.Success;
  if (tag != 0 && !q.isManual) {
    breakPoint(FindingId.RetrieveFoundNotManual, q.handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  if (q.type == (WdfIoQueueDispatchType.Sequential as u32) && q.driverCount == 0) {
    breakPoint(FindingId.RetrieveNothingOwned, q.handle, 0);
  }
  return NtStatus.Success;
}

/** The first undelivered request that fits, or 0. */
function nextFor(q: Queue, file: u32, tag: usize): usize {
  if (tag != 0) return taggedIn(q, request(tag));
  const head = q.queued;
  for (let node = head.next; node != head; node = node.next) {
    if (file == 0 || changetype<Request>(node).file == file) return changetype<usize>(node);
  }
  return 0;
}

/** A found request, if it still waits in this queue. In another one it is a fatal error of the driver. */
function taggedIn(q: Queue, r: Request): usize {
  if (r.place != (RequestPlace.Queued as u32)) return 0;
  if (r.queue == changetype<usize>(q)) return changetype<usize>(r);
  requestFatal(RequestFatalError.NotInQueue, r.handle);
  return changetype<usize>(r);
}

function missed(q: Queue, file: u32, tag: usize): NtStatus {
  if (tag != 0) return NtStatus.NotFound;
  if (file == 0 && q.queuedCount != 0) q.forceTransition = 1;
  return NtStatus.NoMoreEntries;
}

function hand(q: Queue, r: Request): NtStatus {
  dequeue(q, r);
  own(q, r);
  r.bits = (r.bits & ~(RequestBits.VerifierTag as u32)) | (RequestBits.Presented as u32) | system.ownedMark;
  system.out0 = r.handle;
  return NtStatus.Success;
}

/** Zero-length transfers stand in the way: a frame completes them, one by one. */
function retrieveLater(q: Queue, file: u32, tag: usize): NtStatus {
  const f = callFrame<RetrieveFrame>(FrameKind.Retrieve);
  f.queue = changetype<usize>(q);
  f.file = file;
  f.tag = tag;
  return NtStatus.Pending;
}

export function stepRetrieve(frame: Frame): Step {
  const f = changetype<RetrieveFrame>(frame);
  const q = queueAt(f.queue);
  const at = nextFor(q, f.file, f.tag);
  if (at != 0 && q.allowZeroLength == 0 && request(at).isZeroLengthTransfer) {
    const r = request(at);
    dequeue(q, r);
    r.place = RequestPlace.Transit;
    complete(r, NtStatus.Success);
    return Step.Again;
  }
  system.out0 = 0;
  answer(f, at == 0 ? missed(q, f.file, f.tag) : hand(q, request(at)));
  return Step.Done;
}

/** WdfIoQueueFindRequest, after its checks. The handle is the first out value and carries a reference. */
export function find(q: Queue, tag: usize, file: u32): NtStatus {
  system.out0 = 0;
  if (!q.isManual) {
    breakPoint(FindingId.FindNotManual, q.handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  if (tag != 0) {
    const status = verifyTag(request(tag));
    if (status < 0) return status;
  }
  const at = findAfter(q, tag, file);
  if (at == 0) {
    if (tag != 0 && !isIn(q, request(tag))) return NtStatus.NotFound;
    if (tag == 0 && file == 0 && q.queuedCount != 0) q.forceTransition = 1;
    return NtStatus.NoMoreEntries;
  }
  const r = request(at);
  reference(r);
  if (verifierOn()) r.set(RequestBits.VerifierTag);
  system.out0 = r.handle;
  return NtStatus.Success;
}

function isIn(q: Queue, r: Request): bool {
  return r.place == (RequestPlace.Queued as u32) && r.queue == changetype<usize>(q);
}

/** The first request after the tag (or from the head) that fits, or 0. */
function findAfter(q: Queue, tag: usize, file: u32): usize {
  const head = q.queued;
  let node = head.next;
  if (tag != 0) {
    if (!isIn(q, request(tag))) return 0;
    node = request(tag).next;
  }
  for (; node != head; node = node.next) {
    if (file == 0 || changetype<Request>(node).file == file) return changetype<usize>(node);
  }
  return 0;
}
