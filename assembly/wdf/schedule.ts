// What goes on next, when a routine need not or cannot.
//
//   on this processor                      offered               in that order
//   ────────────────────────────────────── ───────────────────── ─────────────────────────────────────
//   DPCs are due (nt/deferred.ts)          the oldest DPC        at once, in the middle of what runs
//   nothing runs (runReady)                any ready thread      the one woken longest ago first, then the oldest work item;
//                                                                without either a DPC that nobody asked for
//   a routine has called a DDI (boundary)  going on, or instead  below DISPATCH_LEVEL only: another thread does not get
//                                          a ready thread or     the processor from one that is at or above it
//                                          work item
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
import { DeferredCall, dpcs, takeCall, workItems } from "../nt/deferred";
import { Frame } from "../nt/frame";
import { Links } from "../nt/links";
import { currentIrql } from "../nt/processor";
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
  const threads = countThreads();
  const item: u32 = workItems().isEmpty ? 0 : 1;
  const dpc: u32 = dpcs().isEmpty || (threads + item != 0 && !isOn(Switch.DeferredDelivery)) ? 0 : 1;
  if (threads + dpc + item == 0) return takeReady() != 0; // only one the host cannot go on with: it says why
  take(choose(threads + dpc + item), threads, dpc);
  return true;
}

/** At the end of a DDI: the running routine goes on (false), or something else that is ready does. */
export function preempt(plain: bool): bool {
  if (system.choosing == 0 || currentIrql() >= (Irql.Dispatch as u32)) return false;
  const above = system.nesting;
  if (plain) system.nesting = NEVER; // the running routine will lie above all that wait
  const threads = countThreads();
  const item: u32 = workItems().isEmpty ? 0 : 1;
  const chosen = choose(1 + threads + item);
  if (chosen != 0) {
    const running = suspendCurrent();
    take(chosen - 1, threads, 0);
    makeReady(running);
  }
  system.nesting = above;
  return chosen != 0;
}

/** No plain routine that waits may go on. */
const NEVER: u32 = 0xffffffff;

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
  const f = changetype<QueueFrame>(push(thread, call.tag));
  f.queue = call.target;
  f.irql = irql;
  return thread;
}
