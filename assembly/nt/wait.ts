// Waiting for kernel objects. A thread that waits has one wait block for each object, on that object's ring.
//
//   thread.waitBlocks ─▶ block ─nextBlock─▶ block ─▶ … ─▶ 0          in the order of the array (KeWaitForMultipleObjects)
//                          │                  │
//                     ring of its        ring of its
//                       object             object                     in the order of arrival
//
//   begin ─▶ watch each object ─▶ satisfied now? ── yes ─▶ its status
//                                     │ no
//                                     ▼
//                      parked ─▶ `serve`: an object was set, and all (or one) of the thread's are     ─▶ woken with a status
//                             ─▶ the clock reaches the moment (thread.timedOut)                       ─▶ woken
//
// A satisfied WaitAny takes the first signalled object of the array alone; a WaitAll takes all or none.

import { NtStatus } from "../abi/status";
import { Dispatcher } from "./dispatcher";
import { Links } from "./links";
import { allocateSlab } from "./memory";
import { system } from "./system";
import { Thread, ThreadState, wake } from "./thread";

@unmanaged
export class WaitBlock extends Links {
  // The links are its place on the ring of its object; `tag` is its index in the array.
  thread: usize;
  object: usize;
  nextBlock: usize;
}

/** The thread is going to wait for one object, or for all or any of several. */
export function beginWait(thread: Thread, all: bool): void {
  thread.waitBlocks = 0;
  thread.waitAll = all ? 1 : 0;
  thread.timedOut = 0;
}

/** Adds an object. It must be added last to first: the newest comes first in the array. */
export function watch(thread: Thread, object: Dispatcher, index: u32): void {
  let at = system.freeWaitBlocks;
  if (at == 0) {
    at = allocateSlab(offsetof<WaitBlock>());
    assert(at != 0); // the host is out of memory
  }
  system.freeWaitBlocks = load<usize>(at);
  const block = changetype<WaitBlock>(at);
  block.tag = index;
  block.thread = changetype<usize>(thread);
  block.object = changetype<usize>(object);
  block.nextBlock = thread.waitBlocks;
  thread.waitBlocks = at;
  object.append(block);
}

/** Takes what the thread waits for if it is there: STATUS_WAIT_0 and up; else STATUS_PENDING, and nothing is taken. */
export function trySatisfy(thread: Thread): NtStatus {
  return thread.waitAll != 0 ? takeAll(thread) : takeFirst(thread);
}

function takeFirst(thread: Thread): NtStatus {
  for (let at = thread.waitBlocks; at != 0; at = changetype<WaitBlock>(at).nextBlock) {
    const block = changetype<WaitBlock>(at);
    const object = changetype<Dispatcher>(block.object);
    if (!object.isSignaledFor(thread)) continue;
    object.take(thread);
    return block.tag as NtStatus;
  }
  return NtStatus.Pending;
}

function takeAll(thread: Thread): NtStatus {
  for (let at = thread.waitBlocks; at != 0; at = changetype<WaitBlock>(at).nextBlock) {
    if (!changetype<Dispatcher>(changetype<WaitBlock>(at).object).isSignaledFor(thread)) return NtStatus.Pending;
  }
  for (let at = thread.waitBlocks; at != 0; at = changetype<WaitBlock>(at).nextBlock) {
    changetype<Dispatcher>(changetype<WaitBlock>(at).object).take(thread);
  }
  return NtStatus.Success;
}

/** The thread waits no longer: its blocks are off the rings. */
export function endWait(thread: Thread): void {
  let at = thread.waitBlocks;
  while (at != 0) {
    const block = changetype<WaitBlock>(at);
    const next = block.nextBlock;
    block.unlink();
    store<usize>(at, system.freeWaitBlocks);
    system.freeWaitBlocks = at;
    at = next;
  }
  thread.waitBlocks = 0;
}

/** The object may have been set: wakes whom it satisfies, in the order in which they came. */
export function serve(object: Dispatcher): void {
  let node = object.next;
  while (node != object) {
    const thread = changetype<Thread>(changetype<WaitBlock>(node).thread);
    node = node.next;
    if (thread.state < (ThreadState.Waiting as u32)) continue; // its time was up first
    const status = trySatisfy(thread);
    if (status == NtStatus.Pending) continue;
    thread.waitStatus = status;
    endWait(thread);
    wake(thread);
    node = object.next;
  }
}

/** Sets the state and serves. Answers the state before. */
export function setState(object: Dispatcher, state: i32): i32 {
  const before = object.state;
  object.state = state;
  if (state > 0) serve(object);
  return before;
}
