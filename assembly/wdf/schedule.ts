// What goes on next, when a routine need not or cannot.
//
//   on this processor                      offered               in that order
//   ────────────────────────────────────── ───────────────────── ─────────────────────────────────────
//   DPCs are due (nt/deferred.ts)          the oldest DPC        at once, in the middle of what runs
//   nothing runs (runReady)                another processor     by number: what is paused there, or a DPC that is due there
//                                          any ready thread      the one woken longest ago first
//                                          the oldest work item  without any of these a DPC that nobody asked for
//   a routine is about to begin, or has     going on
//   called a DDI (boundary)
//                                          another processor     as above
//                                          any ready thread,     on an idle processor, if there is one; else in the stead of
//                                          the oldest work item  the running thread, if that is below DISPATCH_LEVEL
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
import { Processor, currentIrql, currentProcessor, processorAt, switchProcessor } from "../nt/processor";
import { isOn, system } from "../nt/system";
import { Thread, createThread, enter, interrupt, makeReady, push, suspendCurrent, takeReady } from "../nt/thread";
import { QueueFrame } from "./frames";

/** What the host sees as the cookie of a thread that runs a DPC or a work item. */
export const DPC_COOKIE: u32 = 0x40000001;
export const WORKER_COOKIE: u32 = 0x40000002;

/** Makes what is chosen of all that is ready the running thread. False when there is nothing. */
export function takeNext(): bool {
  if (system.dpcRequested != 0 && !dpcs().isEmpty) {
    enter(startCall(dpcs(), Irql.Dispatch, DPC_COOKIE));
    return true;
  }
  const others = countOthers(true);
  const threads = countThreads();
  const item: u32 = workItems().isEmpty ? 0 : 1;
  const dpc: u32 = dpcs().isEmpty || (others + threads + item != 0 && !isOn(Switch.DeferredDelivery)) ? 0 : 1;
  if (others + threads + dpc + item == 0) return takeBuried() || takeIdleDpc();
  const chosen = choose(others + threads + dpc + item);
  if (chosen < others) goOnAt(otherAt(chosen, true), 0);
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

/** Another processor goes on: with the thread it stands on, else with its oldest DPC. */
function goOnAt(processor: Processor, paused: usize): void {
  const thread = processor.thread;
  switchProcessor(processor, paused);
  if (thread == 0) {
    enter(startCall(dpcs(), Irql.Dispatch, DPC_COOKIE));
    return;
  }
  system.ready--;
  enter(changetype<Thread>(thread));
}

/** How many other processors could go on. `asked`: an idle one only for DPCs that were asked for, not for any. */
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
  if (processor == currentProcessor()) return false;
  if (processor.thread != 0) return mayGoOn(changetype<Thread>(processor.thread));
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
  goOnAt(otherAt(0, false), 0);
  return true;
}

/** What the host cannot go on with, when that is all there is: it will say why. */
function takeBuried(): bool {
  if (takeReady() != 0) return true;
  for (let number: u32 = 0; number < system.processorCount; number++) {
    if (processorAt(number).thread == 0) continue;
    goOnAt(processorAt(number), 0);
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
