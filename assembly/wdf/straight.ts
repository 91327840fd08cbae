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
//
// Conditions stand one to an if that returns: a processor then guesses them all and goes ahead, instead of waiting for
// each before the next load.

import { EventKind, RoutineKind } from "../abi/event";
import { KIND_MASK, MAJOR_SHIFT, ObjectKind, PLACE_MASK, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { FRAME_SIZE, takeFrame } from "../nt/frame";
import { clear } from "../nt/memory";
import { emitNow, emitRoutine } from "../nt/ring";
import { system } from "../nt/system";
import { Entry, addressOf, freeEntry, isWithin, takeEntry } from "../nt/table";
import { Thread, ThreadState, enter } from "../nt/thread";
import { translated } from "./completion";
import { deviceAt, routeOf } from "./device";
import { FrameKind, LoopFrame, LoopStep } from "./frames";
import { objectAt } from "./object";
import { Gate, Queue, dequeue, disown, enqueueTail, handlerOf, mayHaveWork, queueAt } from "./queue";
import { Request, request } from "./request";

/** RoutineKind.IoRead and IoWrite follow from the major function by subtraction. */
const KIND_OF_MAJOR: u32 = (WdfRequestType.Read as u32) - (RoutineKind.IoRead as u32);

/** What a request is, where it is, and all that makes it more than a place and a length. */
const NOT_ORDINARY: u32 =
  KIND_MASK |
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

const ORDINARY_OWNED: u32 = (ObjectKind.Request as u32) | RequestPlace.Owned;
const ORDINARY_QUEUED: u32 = (ObjectKind.Request as u32) | RequestPlace.Queued;

/**
 * Gives a transfer to its handler or puts it in line. The IRP's handle; 0, and nothing done, when it has to go the long
 * way. `direct`: the handler is asked for in WINDOW_DIRECT.
 */
@inline
export function sendStraight(device: u32, major: u32, length: u32, file: u32, direct: bool): u32 {
  if (!isWithin(device)) return 0;
  const entry = addressOf(device);
  if (changetype<Entry>(entry).tag != device) return 0;
  if ((changetype<Entry>(entry).bits & KIND_MASK) != (ObjectKind.Device as u32)) return 0;
  const d = deviceAt(objectAt(entry).body);
  if ((system.caution | (system.running as u32) | d.gate) != 0) return 0;
  const kind = major - KIND_OF_MAJOR;
  if (kind - 1 > 1) return 0;
  if (length == 0) return 0;
  const queue = routeOf(d, major);
  if (queue == 0) return 0;
  const q = queueAt(queue);
  if (q.gate != 0) return lineUp(q, kind, length, file);
  if (q.queuedCount != 0) return 0;
  if (q.driverCount >= q.limit) return 0;
  const callback = handlerOf(q, kind);
  if (callback == 0) return 0;
  if (system.shortReturn == 0) {
    if (!begin(q)) return 0;
  } else if (changetype<LoopFrame>(system.straightFrame).queue != changetype<usize>(q)) {
    if (!begin(q)) return 0;
  } else {
    system.irql = changetype<Thread>(system.appThread).irql; // the activation is still there; its routine may have left another
  }
  const at = takeEntry();
  if (at == 0) return 0;
  return present(q, request(at), kind, callback, length, file, direct);
}

/** Puts a transfer last in line at a manual queue; nobody wants to hear of it. */
function lineUp(q: Queue, kind: u32, length: u32, file: u32): u32 {
  if (q.gate != (Gate.Manual as u32)) return 0;
  if (q.readyCallback != 0) return 0;
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

@inline
function bitsOf(kind: u32): u32 {
  return (ObjectKind.Request as u32) | ((kind + KIND_OF_MAJOR) << MAJOR_SHIFT);
}

/** Makes the application's thread the running one. False when it is inside the core. */
@inline
function enterApplication(): bool {
  const thread = changetype<Thread>(system.appThread);
  if (system.shortReturn == 0 && thread.top != 0) return false;
  if (system.thread == changetype<usize>(thread) && thread.state == (ThreadState.Running as u32)) {
    system.irql = thread.irql; // its last routine may have left another
  } else {
    enter(thread);
  }
  return true;
}

/** Makes the straight frame the application thread's activation in that queue. */
function begin(q: Queue): bool {
  endShortReturn();
  if (!enterApplication()) return false;
  const known = system.straightFrame;
  const f = changetype<LoopFrame>(known != 0 ? known : prepareFrame());
  f.queue = changetype<usize>(q);
  q.dispatching++;
  changetype<Thread>(system.appThread).top = changetype<usize>(f);
  system.callObject = q.handle;
  system.shortReturn = 1;
  return true;
}

@inline
function present(q: Queue, r: Request, kind: u32, callback: u32, length: u32, file: u32, direct: bool): u32 {
  r.bits = bitsOf(kind) | RequestBits.Presented | RequestPlace.Owned;
  r.queue = changetype<usize>(q);
  r.length = length;
  r.file = file;
  q.owned.append(r);
  q.driverCount++;
  const frame = system.straightFrame;
  changetype<LoopFrame>(frame).routine = kind;
  system.running = frame;
  const handle = r.handle;
  if (direct) system.direct = callback;
  else emitRoutine(kind, callback, handle, length);
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
@inline
export function completeStraight(handle: u32, status: NtStatus, information: u32): bool {
  if (!isWithin(handle)) return false;
  const r = request(addressOf(handle));
  if (r.tag != handle) return false;
  if ((r.bits & NOT_ORDINARY) != ORDINARY_OWNED) return false;
  if (system.caution != 0) return false;
  const q = queueAt(r.queue);
  if (q.dispatching == 0) {
    if (mayHaveWork(q)) return false;
  }
  emitNow(EventKind.RequestCompleted, handle, translated(status), information);
  disown(q, r);
  freeEntry(changetype<usize>(r));
  if (system.shortReturn == 0) rearm();
  return true;
}

/** The routine of the straight frame may return the short way again. */
function rearm(): void {
  if (system.running == system.straightFrame && mayReturn()) system.shortReturn = 1;
}

/** Forwards an ordinary request to a manual queue. False, and nothing done, when that takes more. */
@inline
export function forwardStraight(handle: u32, destination: u32): bool {
  if ((system.caution | system.attention) != 0) return false;
  if (!isWithin(handle)) return false;
  const r = request(addressOf(handle));
  if (r.tag != handle) return false;
  if ((r.bits & NOT_MOVABLE) != ORDINARY_OWNED) return false;
  if (!isWithin(destination)) return false;
  const entry = addressOf(destination);
  if (changetype<Entry>(entry).tag != destination) return false;
  if ((changetype<Entry>(entry).bits & KIND_MASK) != (ObjectKind.Queue as u32)) return false;
  const q = queueAt(objectAt(entry).body);
  if (q.gate != (Gate.Manual as u32)) return false;
  if (q.readyCallback != 0) return false;
  const source = queueAt(r.queue);
  if (source.dispatching == 0) {
    if (mayHaveWork(source)) return false;
  }
  disown(source, r);
  enqueueTail(q, r);
  return true;
}

/** Takes the oldest request out of a manual queue. Its handle; 0, and nothing done, when that takes more. */
@inline
export function retrieveStraight(queue: u32): u32 {
  if ((system.caution | system.attention) != 0) return 0;
  if (!isWithin(queue)) return 0;
  const entry = addressOf(queue);
  if (changetype<Entry>(entry).tag != queue) return 0;
  if ((changetype<Entry>(entry).bits & KIND_MASK) != (ObjectKind.Queue as u32)) return 0;
  const q = queueAt(objectAt(entry).body);
  if (q.gate != (Gate.Manual as u32)) return 0;
  if (q.queuedCount == 0) return 0;
  const r = changetype<Request>(q.queued.next);
  if (r.length == 0) return 0;
  dequeue(q, r);
  r.bits = (r.bits & ~PLACE_MASK) | RequestPlace.Owned | RequestBits.Presented;
  q.owned.append(r);
  q.driverCount++;
  return r.handle;
}

/** Cancels a request that waits and was never the driver's, on behalf of an application. False, and nothing done, otherwise. */
@inline
export function cancelStraight(handle: u32): bool {
  if ((system.caution | (system.running as u32)) != 0) return false;
  if (!isWithin(handle)) return false;
  const r = request(addressOf(handle));
  if (r.tag != handle) return false;
  if ((r.bits & NOT_UNSEEN) != ORDINARY_QUEUED) return false;
  const q = queueAt(r.queue);
  if (q.gate != (Gate.Manual as u32)) return false;
  if (q.readyCallback != 0) return false;
  if (!enterApplication()) return false;
  emitNow(EventKind.RequestCompleted, handle, NtStatus.Cancelled, 0);
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
