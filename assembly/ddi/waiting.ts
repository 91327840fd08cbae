// The inspector of threads that wait: for whom a run that cannot go on is to be explained.
//
//   reason                          object           who keeps it waiting
//   ─────────────────────────────── ──────────────── ───────────────────────────────────────────────
//   CallbackLock                    device or queue  the thread that owns the lock
//   SpinLock, WaitLock, FastMutex,  the lock         the same
//   GuardedMutex, Mutex
//   QueueToStop, ...Purge, ...Empty queue            the requests of it that the driver owns
//   RequestsToBeAcknowledged        queue            the same
//   any other                       what it says     nobody in particular
//
// Of several objects (KeWaitForMultipleObjects) the first is that somebody owns.

import { RoutineKind, WaitReason } from "../abi/event";
import { SCRATCH_ADDRESS } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { WAITING_REQUESTS, WaitingWord } from "../abi/waiting";
import { Dispatcher } from "../nt/dispatcher";
import { Frame } from "../nt/frame";
import { Links } from "../nt/links";
import { system } from "../nt/system";
import { lookupAny } from "../nt/table";
import { Thread, ThreadState } from "../nt/thread";
import { WaitBlock } from "../nt/wait";
import { CallbackLock } from "../wdf/callback-lock";
import { deviceAt } from "../wdf/device";
import { kindOf, objectAt } from "../wdf/object";
import { queueAt } from "../wdf/queue";
import { request } from "../wdf/request";

/** The waiting thread of that number, oldest first: 1, and WaitingWord in the scratch area; 0 when there is none. */
export function waitingThread(index: u32): u32 {
  let left = index;
  for (let at = system.oldestThread; at != 0; at = changetype<Thread>(at).younger) {
    const thread = changetype<Thread>(at);
    if (thread.state < (ThreadState.Waiting as u32)) continue;
    if (left == 0) return describe(thread);
    left--;
  }
  return 0;
}

function say(word: WaitingWord, value: u32): void {
  store<u32>((SCRATCH_ADDRESS as usize) + ((word as usize) << 2), value);
}

function describe(thread: Thread): u32 {
  say(WaitingWord.Reason, thread.waitReason);
  say(WaitingWord.Object, thread.waitObject);
  say(WaitingWord.Activation, routineOf(thread) as u32);
  say(WaitingWord.Cookie, thread.cookie);
  const holder = holderOf(thread);
  say(WaitingWord.Held, holder == 0 ? 0 : 1);
  say(WaitingWord.HolderActivation, holder == 0 ? 0 : (routineOf(changetype<Thread>(holder)) as u32));
  say(WaitingWord.HolderCookie, holder == 0 ? 0 : changetype<Thread>(holder).cookie);
  say(WaitingWord.CriticalRegion, thread.kernelApcDisable == 0 ? 0 : 1);
  say(WaitingWord.Requests, requestsOf(thread));
  return 1;
}

/** The newest activation of a thread that is in a routine of the driver. */
function routineOf(thread: Thread): usize {
  let at = thread.top;
  while (at != 0 && changetype<Frame>(at).routine == (RoutineKind.None as u32)) at = changetype<Frame>(at).below;
  return at;
}

/** The thread that has what this one waits for, or 0. */
function holderOf(thread: Thread): usize {
  if (thread.waitReason != (WaitReason.CallbackLock as u32)) return ownerOf(thread);
  const lock = lockOf(thread.waitObject);
  return lock == 0 ? 0 : changetype<CallbackLock>(lock).owner;
}

/** The owner of the one kernel lock or mutex that it waits for. */
function ownerOf(thread: Thread): usize {
  const at = thread.waitBlocks;
  if (at == 0 || changetype<WaitBlock>(at).nextBlock != 0) return 0;
  return changetype<Dispatcher>(changetype<WaitBlock>(at).object).owner;
}

function lockOf(handle: u32): usize {
  const entry = lookupAny(handle);
  if (entry == 0) return 0;
  if (kindOf(entry) == (ObjectKind.Device as u32)) return changetype<usize>(deviceAt(objectAt(entry).body).lock);
  return kindOf(entry) == (ObjectKind.Queue as u32) ? queueAt(objectAt(entry).body).associatedLock : 0;
}

/** How many requests keep the queue from what is waited for; their handles are said on the way. */
function requestsOf(thread: Thread): u32 {
  const reason = thread.waitReason;
  const ofQueue = reason >= (WaitReason.QueueToStop as u32) && reason <= (WaitReason.RequestsToBeAcknowledged as u32);
  const entry = ofQueue && reason != (WaitReason.CallbackLock as u32) ? lookupAny(thread.waitObject) : 0;
  if (entry == 0 || kindOf(entry) != (ObjectKind.Queue as u32)) return 0;
  const q = queueAt(objectAt(entry).body);
  let count = sayRing(q.owned, 0);
  count = sayRing(q.powerNotify, count);
  return sayRing(q.powerNotified, count);
}

function sayRing(head: Links, count: u32): u32 {
  for (let node = head.next; node != head; node = node.next) {
    if (count < WAITING_REQUESTS) {
      const word = (WaitingWord.FirstRequest as u32) + count;
      say(word as WaitingWord, request(changetype<usize>(node)).handle);
    }
    count++;
  }
  return count;
}
