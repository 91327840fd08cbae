// What goes on next, when a routine need not or cannot.
//
//   on this processor                      offered               in that order
//   ────────────────────────────────────── ───────────────────── ─────────────────────────────────────
//   DPCs are due (nt/deferred.ts)          the oldest DPC        at once, in the middle of what runs
//   nothing runs (runReady)                another processor     by number: what is paused there, an interrupt or a DPC
//                                                                that is due there
//                                          any ready thread      the one woken longest ago first
//                                          the oldest work item  without any of these a DPC that nobody asked for
//   a routine is about to begin, or has     going on
//   called a DDI (boundary)
//                                          another processor     as above
//                                          any ready thread,     on an idle processor, if there is one; else in the stead of
//                                          the oldest work item  the running thread, if that is below DISPATCH_LEVEL
//
// Where a thread spins, nothing goes on but an interrupt above its level, until it has been given the lock.
//
// With Switch.DeferredDelivery the oldest DPC comes between threads and work items instead.
//
// Which of them it is, is a choice (nt/choice.ts): the first unless somebody asks for others. A thread whose next routine
// is a plain function of the host that lies below another one on the host's stack cannot go on before that one: it is
// not offered (`mayGoOn`).

import { Irql } from "../abi/irql";
import { ALTERNATIVES_MAX } from "../abi/choice";
import { Switch } from "../abi/layout";
import { choose } from "../nt/choice";
import { DeferredCall, dpcs, frameKindOf, takeCall, workItems } from "../nt/deferred";
import { Frame } from "../nt/frame";
import { Links } from "../nt/links";
import { Processor, currentIrql, currentProcessor, processorAt, setIrql, switchProcessor } from "../nt/processor";
import { isOn, system } from "../nt/system";
import {
  DPC_COOKIE, Thread, ThreadState, WORKER_COOKIE, createThread, enter, interrupt, makeReady, push, suspendCurrent, takeReady,
} from "../nt/thread";
import { QueueFrame } from "./frames";
import { dueLineOn, lineAt, serveLineOn } from "./interrupt-line";

/** When the current processor spins, an idle one becomes the current one. False when there is none. */
export function freeProcessor(): bool {
  const spinning = currentProcessor();
  if (spinning.thread == 0) return true;
  setIrql(spinning.irql);
  let idle = idleProcessor();
  for (let number: u32 = 0; number < system.processorCount && idle == 0; number++) {
    if (processorAt(number).thread == 0) idle = changetype<usize>(processorAt(number));
  }
  if (idle == 0) return false;
  switchProcessor(changetype<Processor>(idle), spinning.thread);
  return true;
}

/** Makes what is chosen of all that is ready the running thread. False when there is nothing. `open`: as freeProcessor says. */
export function takeNext(open: bool): bool {
  if (open && system.dpcRequested != 0 && !dpcs().isEmpty) {
    enter(startCall(dpcs(), Irql.Dispatch, DPC_COOKIE));
    return true;
  }
  const others = countOthers(true);
  const threads: u32 = open ? countThreads() : 0;
  const item: u32 = open && !workItems().isEmpty ? 1 : 0;
  const last = others + threads + item == 0 || isOn(Switch.DeferredDelivery);
  const dpc: u32 = open && last && !dpcs().isEmpty ? 1 : 0;
  if (others + threads + dpc + item == 0) return takeBuried(open) || takeIdleDpc();
  const chosen = choose(others + threads + dpc + item);
  if (chosen < others) goOnAt(otherAt(chosen, true), currentProcessor().thread);
  else take(chosen - others, threads, dpc);
  return true;
}

/** Before a routine, and at the end of a DDI: the running routine goes on (false), or something else that is ready does. */
export function preempt(plain: bool): bool {
  if (system.choosing == 0) return false;
  const above = system.nesting;
  if (plain) system.nesting = NEVER; // the running routine will lie above all that wait
  const idle = idleProcessor();
  const open = idle != 0 || currentIrql() < (Irql.Dispatch as u32);
  const others = countOthers(true);
  const threads: u32 = open ? countThreads() : 0;
  const item: u32 = open && !workItems().isEmpty ? 1 : 0;
  const chosen = choose(1 + others + threads + item);
  if (chosen != 0) leaveFor(chosen - 1, others, threads, idle);
  system.nesting = above;
  return chosen != 0;
}

/** No plain routine that waits may go on. */
const NEVER: u32 = 0xffffffff;

/** The running thread stays on its processor, paused, or among the ready ones when its processor is needed. */
function leaveFor(chosen: u32, others: u32, threads: u32, idle: usize): void {
  const running = suspendCurrent();
  if (chosen < others) {
    goOnAt(otherAt(chosen, true), pause(running));
  } else if (idle != 0) {
    switchProcessor(changetype<Processor>(idle), pause(running));
    take(chosen - others, threads, 0);
  } else {
    take(chosen - others, threads, 0);
    makeReady(running);
  }
}

/** A thread that stands on a processor is ready, but nobody else's to take. */
function pause(thread: Thread): usize {
  system.ready++;
  return changetype<usize>(thread);
}

/** Another processor goes on: with what interrupts it, the thread it stands on, else with its oldest DPC. */
function goOnAt(processor: Processor, paused: usize): void {
  const thread = processor.thread;
  const irql: u32 = thread == 0 ? (Irql.Passive as u32) : processor.irql;
  switchProcessor(processor, paused);
  const line: usize = thread == 0 || isSpinning(thread) ? dueLineOn(processor, irql) : 0;
  if (line != 0) {
    serveLineOn(lineAt(line), thread, irql);
  } else if (thread == 0) {
    enter(startCall(dpcs(), Irql.Dispatch, DPC_COOKIE));
  } else {
    system.ready--;
    enter(changetype<Thread>(thread));
  }
}

function isSpinning(thread: usize): bool {
  return changetype<Thread>(thread).state == (ThreadState.Spinning as u32);
}

/**
 * How many processors could go on: the others, and the current one if it has spun. `asked`: an idle one only for DPCs that
 * were asked for, not for any.
 */
function countOthers(asked: bool): u32 {
  let count: u32 = 0;
  if (system.processorCount == 1) return 0;
  for (let number: u32 = 0; number < system.processorCount; number++) {
    if (couldGoOn(processorAt(number), asked)) count++;
  }
  return count;
}

/** The n-th of them. */
function otherAt(n: u32, asked: bool): Processor {
  let number: u32 = 0;
  for (let left = n; !couldGoOn(processorAt(number), asked) || left-- != 0; ) number++;
  return processorAt(number);
}

function couldGoOn(processor: Processor, asked: bool): bool {
  const thread = processor.thread;
  if (thread != 0 && isSpinning(thread)) return dueLineOn(processor, processor.irql) != 0;
  if (thread != 0) return mayGoOn(changetype<Thread>(thread));
  if (processor == currentProcessor()) return false;
  if (dueLineOn(processor, Irql.Passive) != 0) return true;
  return !processor.isEmpty && (!asked || processor.dpcRequested != 0);
}

/** Another processor that has nothing to do, or 0. */
function idleProcessor(): usize {
  for (let number: u32 = 0; number < system.processorCount; number++) {
    const processor = processorAt(number);
    if (processor != currentProcessor() && processor.thread == 0 && processor.isEmpty) return changetype<usize>(processor);
  }
  return 0;
}

/** A DPC of another processor that nobody asked for, when there is nothing else at all. */
function takeIdleDpc(): bool {
  if (countOthers(false) == 0) return false;
  goOnAt(otherAt(0, false), currentProcessor().thread);
  return true;
}

/** What the host cannot go on with, when that is all there is: it will say why. */
function takeBuried(open: bool): bool {
  if (open && takeReady() != 0) return true;
  for (let number: u32 = 0; number < system.processorCount; number++) {
    const thread = processorAt(number).thread;
    if (thread == 0 || isSpinning(thread)) continue;
    goOnAt(processorAt(number), currentProcessor().thread);
    return true;
  }
  return false;
}

function countThreads(): u32 {
  let count: u32 = 0;
  for (let node = system.readyThreads.next; node != system.readyThreads; node = node.next) {
    if (mayGoOn(changetype<Thread>(node)) && ++count == ALTERNATIVES_MAX - 3) break;
  }
  return count;
}

/** True unless the routine the thread comes back to is a plain one below another on the host's stack. */
function mayGoOn(thread: Thread): bool {
  let at = thread.top;
  while (at != 0 && changetype<Frame>(at).routine == 0) at = changetype<Frame>(at).below;
  if (at == 0) return true;
  const nesting = changetype<Frame>(at).nesting;
  return nesting == 0 || nesting == system.nesting;
}

/** Takes the chosen one: a ready thread, then the DPC, then the work item. */
function take(chosen: u32, threads: u32, dpc: u32): void {
  if (chosen < threads) takeThread(chosen);
  else if (chosen < threads + dpc) enter(startCall(dpcs(), Irql.Dispatch, DPC_COOKIE));
  else enter(startCall(workItems(), Irql.Passive, WORKER_COOKIE));
}

function takeThread(chosen: u32): void {
  let left = chosen;
  let node: Links = system.readyThreads.next;
  for (; ; node = node.next) {
    if (!mayGoOn(changetype<Thread>(node))) continue;
    if (left == 0) break;
    left--;
  }
  node.unlink();
  node.reset();
  system.ready--;
  enter(changetype<Thread>(node));
}

/** The level is below DISPATCH_LEVEL and DPCs are due: the oldest begins in the middle of the running thread. */
export function interruptForDpc(): void {
  interrupt(startCall(dpcs(), Irql.Dispatch, DPC_COOKIE));
}

/** Gives deferred work a thread of its own, which is yet to be entered. */
function startCall(list: Links, irql: Irql, cookie: u32): Thread {
  const call = changetype<DeferredCall>(takeCall(list));
  const at = createThread(cookie, 0, true);
  assert(at != 0); // the host is out of memory
  const thread = changetype<Thread>(at);
  thread.irql = irql;
  const f = changetype<QueueFrame>(push(thread, frameKindOf(call)));
  f.queue = call.target;
  f.irql = irql;
  return thread;
}
