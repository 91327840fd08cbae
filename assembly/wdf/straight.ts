// The straight way: an ordinary read or write at an idle queue, without the questions that can only have one answer.
//
//   sendStraight      when the application's thread is free, nobody watches (system.caution), the device has nothing to
//                     say before the queue (device.gate), the queue has nothing special (queue.gate), nothing waits in
//                     it, the driver may own one more, and there is a handler for a transfer of at least one byte
//   completeStraight  when the request is driver-owned and nothing is attached to it
//   returnStraight    when the handler was called by sendStraight and its queue has nothing else to do
//
// When a straight completion leaves its queue with nothing to do, the handler's return has no effect but to end the
// activation. Even that is then left undone (system.shortReturn): the host marks that no routine runs, and the next
// transfer to the same queue takes the activation over as it stands. Whatever else enters the core ends it first.
//
// Each leaves exactly the state the long way would leave (arrival.ts, queue-loop.ts, completion.ts). Everything here is
// repeated knowledge, on purpose and in this one file; tests/straight.test.ts runs the same workloads both ways and
// compares events and memory.

import { EventKind, RoutineKind } from "../abi/event";
import { MAJOR_SHIFT, ObjectKind, PLACE_MASK, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { FRAME_SIZE, takeFrame } from "../nt/frame";
import { clear } from "../nt/memory";
import { emit, emitRoutine } from "../nt/ring";
import { system } from "../nt/system";
import { freeEntry, takeEntry } from "../nt/table";
import { Thread } from "../nt/thread";
import { translated } from "./completion";
import { Device, routeOf } from "./device";
import { FrameKind, LoopFrame, LoopStep } from "./frames";
import { Queue, disown, handlerOf, own, queueAt } from "./queue";
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

/** Gives a transfer to its handler. The IRP's handle; 0, and nothing done, when it has to go the long way. */
export function sendStraight(d: Device, major: u32, length: u32, file: u32): u32 {
  const kind = major - KIND_OF_MAJOR;
  if ((system.caution | (system.running as u32) | d.gate) != 0 || kind - 1 > 1 || length == 0) return 0;
  const queue = routeOf(d, major);
  if (queue == 0) return 0;
  const q = queueAt(queue);
  const callback = handlerOf(q, kind);
  if ((q.gate | q.queuedCount) != 0 || q.driverCount >= q.limit || callback == 0 || !begin(q)) return 0;
  const at = takeEntry();
  return at == 0 ? 0 : present(q, request(at), kind, callback, length, file);
}

/** Makes the straight frame the application thread's activation in that queue, unless it still is. */
function begin(q: Queue): bool {
  const known = system.straightFrame;
  if (system.shortReturn != 0) {
    if (changetype<LoopFrame>(known).queue == changetype<usize>(q)) return true;
    endShortReturn();
  }
  const thread = changetype<Thread>(system.appThread);
  if (thread.top != 0) return false;
  const f = changetype<LoopFrame>(known != 0 ? known : prepareFrame());
  f.queue = changetype<usize>(q);
  q.dispatching++;
  thread.top = changetype<usize>(f);
  system.thread = changetype<usize>(thread);
  system.callObject = q.handle;
  system.shortReturn = 1;
  return true;
}

function present(q: Queue, r: Request, kind: u32, callback: u32, length: u32, file: u32): u32 {
  r.bits = (ObjectKind.Request as u32) | ((kind + KIND_OF_MAJOR) << MAJOR_SHIFT) | RequestBits.Presented;
  r.length = length;
  r.file = file;
  own(q, r);
  const frame = system.straightFrame;
  changetype<LoopFrame>(frame).routine = kind;
  system.running = frame;
  system.shortReturn = 0;
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

/** Completes an ordinary request of a queue some frame of which is in the loop. False, and nothing done, otherwise. */
export function completeStraight(r: Request, status: NtStatus, information: u32): bool {
  if ((r.bits & NOT_ORDINARY) != (RequestPlace.Owned as u32) || system.caution != 0) return false;
  const q = queueAt(r.queue);
  if (q.dispatching == 0) return false;
  emit(EventKind.RequestCompleted, 0, r.handle, translated(status), information);
  disown(q, r);
  freeEntry(changetype<usize>(r));
  system.shortReturn = system.running == system.straightFrame && mayReturn(q) ? 1 : 0;
  return true;
}

/** True when the loop of the straight frame would find nothing to do in its queue. */
function mayReturn(q: Queue): bool {
  const f = changetype<LoopFrame>(system.straightFrame);
  if (f.queue != changetype<usize>(q) || f.step != (LoopStep.Iterate as u32)) return false;
  return (q.gate | q.queuedCount | q.powerReferenced | system.attention | system.ready) == 0;
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
  const f = changetype<LoopFrame>(activation);
  if (system.caution != 0 || !mayReturn(queueAt(f.queue))) return false;
  system.shortReturn = 0;
  endActivation(f);
  return true;
}
