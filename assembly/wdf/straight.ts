// The straight way: what an ordinary read or write needs, without the questions that can only have one answer.
//
//   sendStraight      when the application's thread is free, nobody watches (system.caution), the device has nothing to
//                     say before the queue (device.gate), the queue has nothing special (queue.gate), nothing waits in
//                     it, the driver may own one more, and there is a handler for a transfer of at least one byte;
//                     or when the queue is manual, and nobody wants to hear that it is no longer empty
//   completeStraight  when the request is driver-owned, nothing is attached to it, and its queue has nothing to do after
//   forwardStraight   the same, to such a manual queue
//   retrieveStraight  from a manual queue, when its oldest request is not one of no bytes
//   cancelStraight    when the request waits in a queue that has nothing to do after, and was never the driver's
//   returnStraight    when the handler was called by sendStraight and its queue has nothing else to do
//
// None of them but sendStraight calls the driver, so none needs a frame. The return of a handler that sendStraight called
// has no effect but to end the activation, unless something else has entered the core. Even that is then left undone
// (system.shortReturn): the host marks that no routine runs, and the next transfer to the same queue takes the activation
// over as it stands. Whatever else enters the core ends it first: every DDI that is not in this file (ddi/check.ts).
//
// Each leaves exactly the state the long way would leave (arrival.ts, queue-loop.ts, completion.ts, movement.ts,
// retrieval.ts, cancel.ts). Everything here is repeated knowledge, on purpose and in this one file; tests/straight.test.ts
// runs the same workloads both ways and compares events and counts.

import { EventKind, RoutineKind } from "../abi/event";
import { MAJOR_SHIFT, ObjectKind, PLACE_MASK, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { FRAME_SIZE, takeFrame } from "../nt/frame";
import { clear } from "../nt/memory";
import { setIrql } from "../nt/processor";
import { emit, emitRoutine } from "../nt/ring";
import { system } from "../nt/system";
import { freeEntry, lookup, takeEntry } from "../nt/table";
import { Thread, enter } from "../nt/thread";
import { translated } from "./completion";
import { Device, routeOf } from "./device";
import { FrameKind, LoopFrame, LoopStep } from "./frames";
import { objectAt } from "./object";
import { Gate, Queue, dequeue, disown, enqueueTail, handlerOf, mayHaveWork, own, queueAt } from "./queue";
import { Request, request } from "./request";

/** RoutineKind.IoRead and IoWrite follow from the major function by subtraction. */
const KIND_OF_MAJOR: u32 = (WdfRequestType.Read as u32) - (RoutineKind.IoRead as u32);

/** All that makes a request more than a place and a length. */
const NOT_ORDINARY: u32 =
  PLACE_MASK |
  (RequestBits.Extended as u32) |
  RequestBits.Attached |
  RequestBits.Reserved |
  RequestBits.Cancelable |
  RequestBits.CancelDue;

/** The same, and that its sender has cancelled it: it cannot wait in another queue. */
const NOT_MOVABLE: u32 = NOT_ORDINARY | RequestBits.IrpCanceled;

/** The same, and that the driver has seen it: the queue may have to tell it of the cancellation. */
const NOT_UNSEEN: u32 = NOT_ORDINARY | RequestBits.Presented;

/** Gives a transfer to its handler or puts it in line. The IRP's handle; 0, and nothing done, when it has to go the long way. */
export function sendStraight(d: Device, major: u32, length: u32, file: u32): u32 {
  const kind = major - KIND_OF_MAJOR;
  if ((system.caution | (system.running as u32) | d.gate) != 0 || kind - 1 > 1 || length == 0) return 0;
  const queue = routeOf(d, major);
  if (queue == 0) return 0;
  const q = queueAt(queue);
  if (q.gate != 0) return isQuietManual(q) ? lineUp(q, kind, length, file) : 0;
  const callback = handlerOf(q, kind);
  if (q.queuedCount != 0 || q.driverCount >= q.limit || callback == 0 || !begin(q)) return 0;
  const at = takeEntry();
  return at == 0 ? 0 : present(q, request(at), kind, callback, length, file);
}

/** True for a manual queue at which an arrival has no effect but to wait. */
function isQuietManual(q: Queue): bool {
  return q.gate == (Gate.Manual as u32) && q.readyCallback == 0;
}

/** Puts a transfer last in line at a manual queue. */
function lineUp(q: Queue, kind: u32, length: u32, file: u32): u32 {
  if (!enterApplication()) return 0;
  const at = takeEntry();
  if (at == 0) return 0;
  const r = request(at);
  r.bits = bitsOf(kind);
  r.length = length;
  r.file = file;
  enqueueTail(q, r);
  return r.handle;
}

function bitsOf(kind: u32): u32 {
  return (ObjectKind.Request as u32) | ((kind + KIND_OF_MAJOR) << MAJOR_SHIFT);
}

/** Makes the application's thread the running one. False when it is inside the core. */
function enterApplication(): bool {
  const thread = changetype<Thread>(system.appThread);
  if (system.shortReturn == 0 && thread.top != 0) return false;
  enter(thread);
  return true;
}

/** Makes the straight frame the application thread's activation in that queue, unless it still is. */
function begin(q: Queue): bool {
  const known = system.straightFrame;
  if (system.shortReturn != 0) {
    if (changetype<LoopFrame>(known).queue == changetype<usize>(q)) {
      setIrql(changetype<Thread>(system.appThread).irql); // the handler may have left another
      return true;
    }
    endShortReturn();
  }
  if (!enterApplication()) return false;
  const f = changetype<LoopFrame>(known != 0 ? known : prepareFrame());
  f.queue = changetype<usize>(q);
  q.dispatching++;
  changetype<Thread>(system.appThread).top = changetype<usize>(f);
  system.callObject = q.handle;
  system.shortReturn = 1;
  return true;
}

function present(q: Queue, r: Request, kind: u32, callback: u32, length: u32, file: u32): u32 {
  r.bits = bitsOf(kind) | RequestBits.Presented;
  r.length = length;
  r.file = file;
  own(q, r);
  const frame = system.straightFrame;
  changetype<LoopFrame>(frame).routine = kind;
  system.running = frame;
  const handle = r.handle;
  emitRoutine(kind, callback, handle, length);
  return handle;
}

/** The frame of an ordinary handler call in the application's thread: all of it is the same each time but two words. */
function prepareFrame(): usize {
  const f = changetype<LoopFrame>(takeFrame());
  clear(changetype<usize>(f), FRAME_SIZE);
  f.kind = FrameKind.QueueLoop;
  f.thread = system.appThread;
  f.step = LoopStep.Iterate;
  f.depth = 1;
  system.straightFrame = changetype<usize>(f);
  return system.straightFrame;
}

/** Completes an ordinary request whose queue has nothing to do after that. False, and nothing done, otherwise. */
export function completeStraight(r: Request, status: NtStatus, information: u32): bool {
  if ((r.bits & NOT_ORDINARY) != (RequestPlace.Owned as u32) || system.caution != 0) return false;
  const q = queueAt(r.queue);
  if (!isQuietAfter(q)) return false;
  emit(EventKind.RequestCompleted, 0, r.handle, translated(status), information);
  disown(q, r);
  freeEntry(changetype<usize>(r));
  if (system.shortReturn == 0 && system.running == system.straightFrame && mayReturn()) system.shortReturn = 1;
  return true;
}

/** True when a loop would not run, or find nothing, once the driver owns one request of the queue less. */
function isQuietAfter(q: Queue): bool {
  return q.dispatching != 0 || !mayHaveWork(q);
}

/** Forwards an ordinary request to a manual queue. False, and nothing done, when that takes more. */
export function forwardStraight(handle: u32, destination: u32): bool {
  const at = lookup(handle, ObjectKind.Request);
  const entry = lookup(destination, ObjectKind.Queue);
  if (at == 0 || entry == 0 || (system.caution | system.attention) != 0) return false;
  const r = request(at);
  if ((r.bits & NOT_MOVABLE) != (RequestPlace.Owned as u32)) return false;
  const source = queueAt(r.queue);
  const q = queueAt(objectAt(entry).body);
  if (!isQuietManual(q) || !isQuietAfter(source)) return false;
  disown(source, r);
  enqueueTail(q, r);
  return true;
}

/** Takes the oldest request out of a manual queue. Its handle; 0, and nothing done, when that takes more. */
export function retrieveStraight(queue: u32): u32 {
  const entry = lookup(queue, ObjectKind.Queue);
  if (entry == 0 || (system.caution | system.attention) != 0) return 0;
  const q = queueAt(objectAt(entry).body);
  if (q.gate != (Gate.Manual as u32) || q.queuedCount == 0) return 0;
  const r = changetype<Request>(q.queued.next);
  if (r.length == 0) return 0;
  dequeue(q, r);
  own(q, r);
  r.set(RequestBits.Presented);
  return r.handle;
}

/** Cancels a request that waits and was never the driver's, on behalf of an application. False, and nothing done, otherwise. */
export function cancelStraight(r: Request): bool {
  if ((r.bits & NOT_UNSEEN) != (RequestPlace.Queued as u32) || (system.caution | (system.running as u32)) != 0) return false;
  const q = queueAt(r.queue);
  if (!isQuietManual(q) || !enterApplication()) return false;
  emit(EventKind.RequestCompleted, 0, r.handle, NtStatus.Cancelled, 0);
  dequeue(q, r);
  freeEntry(changetype<usize>(r));
  return true;
}

/** True when the loop of the straight frame would find nothing to do in its queue. */
function mayReturn(): bool {
  const f = changetype<LoopFrame>(system.straightFrame);
  if (f.step != (LoopStep.Iterate as u32)) return false;
  const q = queueAt(f.queue);
  return (q.gate | q.queuedCount | system.attention | system.ready) == 0;
}

/** Ends the activation whose return was left undone; while its routine still runs, the return will have to be told. */
export function endShortReturn(): void {
  if (system.shortReturn == 0) return;
  system.shortReturn = 0;
  if (system.running == 0) endActivation(changetype<LoopFrame>(system.straightFrame));
}

function endActivation(f: LoopFrame): void {
  queueAt(f.queue).dispatching--;
  changetype<Thread>(system.appThread).top = 0;
  system.running = 0;
}

/** The handler has returned and the queue has nothing else to do. False, and nothing done, otherwise. */
export function returnStraight(activation: usize): bool {
  if (activation != system.straightFrame) return false;
  if (system.caution != 0 || !mayReturn()) return false;
  system.shortReturn = 0;
  endActivation(changetype<LoopFrame>(activation));
  return true;
}
