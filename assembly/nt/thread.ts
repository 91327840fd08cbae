// Threads: stacks of activations that are parked as a whole when the newest one waits.
//
//   state     meaning                                   on which ring
//   ───────── ───────────────────────────────────────── ────────────────
//   Idle      ended: free for another use               the free list
//   Ready     may go on as soon as it is chosen         system.ready
//   Running   chosen; its newest activation goes on     none
//             (an application's thread stays so between inputs)
//   Waiting   parked until something wakes it           that of what it waits for, or none
//   Spinning  waits for a spin lock and keeps its       that of the lock; then none: Ready, on its processor
//             processor (processor.ts)
//
// The level belongs to the processor while the thread runs, and is kept here while it does not.

import { EventKind, WaitReason } from "../abi/event";
import { FRAME_DEPTH_MAX, THREAD_COOKIE_OFFSET } from "../abi/layout";
import { Deadline, DeadlineKind, arm, disarm } from "./deadline";
import { Frame, freeFrame, takeFrame } from "./frame";
import { Links } from "./links";
import { allocateSlab, clear } from "./memory";
import { currentIrql, isOnProcessor, occupyProcessor, setIrql } from "./processor";
import { emit } from "./ring";
import { kernelStackUsedUp } from "./stop";
import { system } from "./system";

/** The process applications belong to. */
export const APPLICATION_PROCESS: u32 = 4096;

/** What the host sees as the cookie of a thread that runs a DPC or a work item. */
export const DPC_COOKIE: u32 = 0x40000001;
export const WORKER_COOKIE: u32 = 0x40000002;

export enum ThreadState {
  Idle = 0,
  Ready = 1,
  Running = 2,
  Waiting = 3,
  Spinning = 4,
}

@unmanaged
export class Thread extends Links {
  top: usize;
  /** What the host calls this thread. */
  cookie: u32;
  state: u32;
  irql: u32;
  /** Critical-region count (KernelApcDisable): 0 when balanced, -1 for each region entered. */
  kernelApcDisable: i32;
  /** Guarded-region count (SpecialApcDisable), likewise. */
  specialApcDisable: i32;
  processId: u32;
  waitReason: u32;
  /** Handle of what it waits for. */
  waitObject: u32;
  /** The level from which it was raised to spin. */
  spunFrom: u32;
  /** 1 for a thread that ends with its last activation, 0 for an application's, which serves the next input. */
  ends: u32;
  /** Tells it from every other thread there ever was. */
  serial: u32;
  /** Its neighbours among all threads, in order of creation. */
  older: usize;
  younger: usize;
  /** The thread it runs in the middle of, which goes on when this one ends or waits: a DPC's. 0 for none. */
  interrupted: usize;
  /** 1 while it is Ready because something else went on in its stead; what a DDI gave it beside its status is kept here. */
  preempted: u32;
  out0: u32;
  out1: u32;
  out2: u32;
  /** When its wait times out: a Deadline of two words. */
  deadlineSlot: u32;
  deadlineKind: u32;
  /** 1 when the last wait ended because its time was up. */
  timedOut: u32;
  /** Waiting for kernel objects (wait.ts): the first block, 1 to wait for all, and what the wait ended with. */
  waitBlocks: usize;
  waitAll: u32;
  waitStatus: i32;
  /** After KeSetEvent and its like with Wait TRUE: 1 until the wait that has to follow, and the level from before. */
  waitNext: u32;
  waitNextIrql: u32;
  /** When the verifier breaks because the thread has waited for another minute (wdf/long-wait.ts); 0 for never. */
  warnAt: u64;
  /** The thread's own object, set when it ends (a Dispatcher), or 0. */
  object: usize;
  exitStatus: i32;

  @inline get deadline(): Deadline {
    return changetype<Deadline>(changetype<usize>(this) + offsetof<Thread>("deadlineSlot"));
  }
}

/** Both region counts in one word, for a comparison. */
export function regionsOf(thread: Thread): i32 {
  return (thread.kernelApcDisable << 16) | (thread.specialApcDisable & 0xffff);
}

if (offsetof<Thread>("cookie") != THREAD_COOKIE_OFFSET) ERROR("abi: Thread.cookie");

export function initializeThreads(): void {
  system.readyThreads.reset();
}

/** The thread that runs, or ran last. */
export function currentThread(): Thread {
  return changetype<Thread>(system.thread);
}

export function threadOf(frame: Frame): Thread {
  return changetype<Thread>(frame.thread);
}

/** Makes a thread without activations; 0 when memory is short. */
export function createThread(cookie: u32, processId: u32, ends: bool): usize {
  if (system.freeThreads == 0) system.freeThreads = allocateSlab(offsetof<Thread>());
  const at = system.freeThreads;
  if (at == 0) return 0;
  system.freeThreads = load<usize>(at);
  clear(at, offsetof<Thread>());
  const thread = changetype<Thread>(at);
  thread.reset();
  thread.cookie = cookie;
  thread.processId = processId;
  thread.ends = ends ? 1 : 0;
  thread.deadlineKind = DeadlineKind.Wait;
  system.threadCount++;
  thread.serial = ++system.threadSerial;
  thread.older = system.youngestThread;
  if (system.youngestThread == 0) system.oldestThread = at;
  else changetype<Thread>(system.youngestThread).younger = at;
  system.youngestThread = at;
  return at;
}

/** Starts an activation on top of the thread's stack. */
export function push(thread: Thread, kind: u32): Frame {
  const frame = takeFrame();
  const below = thread.top;
  frame.kind = kind;
  frame.below = below;
  frame.thread = changetype<usize>(thread);
  frame.step = 0;
  frame.irql = currentIrql();
  frame.lock = 0;
  frame.locking = 0;
  frame.nesting = 0;
  frame.depth = below == 0 ? 1 : changetype<Frame>(below).depth + 1;
  if (frame.depth > FRAME_DEPTH_MAX) kernelStackUsedUp();
  thread.top = changetype<usize>(frame);
  return frame;
}

/** Ends the newest activation of its thread. */
export function pop(frame: Frame): void {
  threadOf(frame).top = frame.below;
  if (changetype<usize>(frame) == system.straightFrame) system.straightFrame = 0;
  freeFrame(frame);
}

/** Parks the current thread. What wakes it calls {@link wake}. */
export function park(reason: WaitReason, object: u32): void {
  const thread = currentThread();
  thread.state = ThreadState.Waiting;
  thread.waitReason = reason;
  thread.waitObject = object;
  thread.irql = currentIrql();
  emit(EventKind.ThreadParked, reason, thread.cookie, object, 0);
}

/** Parks the current thread until something wakes it or the clock reaches that moment: `timedOut` says which it was. */
export function parkUntil(reason: WaitReason, object: u32, moment: u64): void {
  park(reason, object);
  const thread = currentThread();
  thread.timedOut = 0;
  if (moment > system.now) {
    arm(thread.deadline, moment);
    return;
  }
  thread.timedOut = 1;
  wake(thread);
}

/**
 * The current thread waits for a spin lock: its processor is at that level and does nothing else until `wake`. The thread
 * goes on at that level.
 */
export function spin(reason: WaitReason, object: u32, level: u32): void {
  park(reason, object);
  const thread = currentThread();
  thread.state = ThreadState.Spinning;
  thread.spunFrom = thread.irql;
  thread.irql = level;
  occupyProcessor(system.thread, level);
}

/** What interrupted a spinning thread has returned: it spins on, or goes on if it has been given the lock. */
export function goBack(thread: Thread): void {
  if (thread.state != (ThreadState.Spinning as u32)) {
    enter(thread);
    return;
  }
  system.thread = changetype<usize>(thread);
  occupyProcessor(system.thread, currentIrql());
}

/** Lets a parked thread go on when its turn comes. */
export function wake(thread: Thread): void {
  if (thread.state == (ThreadState.Spinning as u32)) {
    thread.state = ThreadState.Ready;
    if (isOnProcessor(changetype<usize>(thread))) system.ready++; // else it is interrupted, and what interrupted it is
    return;
  }
  if (thread.state != ThreadState.Waiting) return;
  if (thread.deadlineSlot != 0) disarm(thread.deadline);
  if (thread.warnAt != 0) {
    thread.warnAt = 0;
    system.longWaits--;
  }
  makeReady(thread);
}

/** Puts a thread last among those that are ready. */
export function makeReady(thread: Thread): void {
  thread.state = ThreadState.Ready;
  system.readyThreads.append(thread);
  system.ready++;
}

/** The running thread gives up the processor in the middle of a routine; whoever calls this makes it ready. */
export function suspendCurrent(): Thread {
  const thread = currentThread();
  thread.irql = currentIrql();
  thread.preempted = 1;
  thread.out0 = system.out0;
  thread.out1 = system.out1;
  thread.out2 = system.out2;
  return thread;
}

/** Makes a thread the running one in the middle of the current one, which goes on when it ends or waits. */
export function interrupt(by: Thread): void {
  by.interrupted = changetype<usize>(suspendCurrent());
  enter(by);
}

/** The thread woken longest ago, or 0; it is Running from now on, at the level it had. */
export function takeReady(): usize {
  const oldest = system.readyThreads.next;
  if (oldest == system.readyThreads) return 0;
  oldest.unlink();
  oldest.reset();
  system.ready--;
  enter(changetype<Thread>(oldest));
  return changetype<usize>(oldest);
}

/** Makes a thread the running one. */
export function enter(thread: Thread): void {
  thread.state = ThreadState.Running;
  thread.waitReason = WaitReason.None;
  system.thread = changetype<usize>(thread);
  setIrql(thread.irql);
  if (thread.preempted == 0) return;
  thread.preempted = 0;
  system.out0 = thread.out0;
  system.out1 = thread.out1;
  system.out2 = thread.out2;
}

/** A thread's last activation has ended. */
export function finish(thread: Thread, result: u32): void {
  if (thread.ends == 0) return;
  thread.state = ThreadState.Idle;
  emit(EventKind.ThreadEnded, 0, thread.cookie, result, 0);
  system.threadCount--;
  if (thread.older == 0) system.oldestThread = thread.younger;
  else changetype<Thread>(thread.older).younger = thread.younger;
  if (thread.younger == 0) system.youngestThread = thread.older;
  else changetype<Thread>(thread.younger).older = thread.older;
  store<usize>(changetype<usize>(thread), system.freeThreads);
  system.freeThreads = changetype<usize>(thread);
}
