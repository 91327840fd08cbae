// The engine: runs the newest frame of a thread until driver code is to run, the thread waits, or it has nothing left.
//
//   engine ─▶ newest frame ─▶ in a routine? ── yes ─▶ the host goes on with it (system.running)
//                │ no                     ▲
//                ▼                        │ the frame calls out
//            room in the ring? ─ no ─▶ Attention.More, the host takes events and calls resume
//                │ yes
//                ▼
//            its step ─▶ Again: look at the newest frame anew    Done: pop it    Yield: called out, or parked
//
// All control flow between framework code, driver code and threads is here and in ddi/input.ts.

import { RoutineKind } from "../abi/event";
import { Irql } from "../abi/irql";
import { Attention } from "../abi/layout";
import { dpcsDue } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { setIrql } from "../nt/processor";
import { hasRoom } from "../nt/ring";
import { attend, isStopped, system } from "../nt/system";
import { Thread, ThreadState, currentThread, finish, goBack, pop, threadOf } from "../nt/thread";
import { stepArrival } from "./arrival";
import { stepNotify, stepUnregister } from "./callback-notify";
import { stepCompletion, stepFileUndo } from "./completion";
import { stepDeferred } from "./deferral";
import { stepCreateChild, stepScanForChildren } from "./child-list";
import { stepDeviceLife } from "./device-life";
import { stepDeviceWake } from "./life-turn";
import { stepQueuesHold, stepQueuesResume } from "./device-power";
import { stepDisposal } from "./disposal";
import { stepDriverUnload } from "./driver";
import { stepFileIrp } from "./file-package";
import { stepPostponedCancel, stepReserve, stepReserveReturn } from "./forward-progress";
import { FrameKind } from "./frames";
import { stepHeldCancel, stepHeldThread } from "./held-input";
import { isLater, stepLater } from "./later";
import { stepInterruptCall, stepInterruptDpc, stepInterruptWork } from "./interrupt-call";
import { dueLine, lineAt, serveLine, serveLineOn, stepService } from "./interrupt-line";
import { stepInterrupts } from "./interrupt-power";
import { callAfterLock } from "./invoke";
import { stepKernelWait } from "./kernel-wait";
import { stepLockWait } from "./lock-wait";
import { stepLower } from "./lower";
import { stepForward } from "./movement";
import { stepDisposeList, stepObjectDestroy, stepObjectDispose } from "./object-life";
import { stepQueueLoop } from "./queue-loop";
import { stepFileFlush, stepQueueState } from "./queue-state";
import { stepRetrieve } from "./retrieval";
import { stepCancelSent, stepTimeout } from "./target-cancel";
import { stepTargetNotify } from "./target-notify";
import { stepReturn } from "./target-return";
import { stepSend } from "./target-send";
import { stepTargetStart, stepTargetStop } from "./target-state";
import { stepSync } from "./target-sync";
import { freeProcessor, interruptForDpc, preempt, takeNext } from "./schedule";
import { stepSystemThread } from "./system-thread";

/** Runs the current thread, and those it has interrupted, as far as they go without driver code. */
export function run(): void {
  system.running = 0;
  for (;;) {
    const thread = currentThread();
    const interrupted = thread.interrupted;
    runThread(thread);
    if (currentThread() != thread) continue; // it was interrupted itself
    if (thread.state == (ThreadState.Spinning as u32)) return; // and so does its processor
    if (interrupted == 0 || system.running != 0 || isStopped() || system.interrupted != 0) return;
    thread.interrupted = 0;
    goBack(changetype<Thread>(interrupted));
  }
}

/** Until it is interrupted, calls out, waits, or has nothing left. */
function runThread(thread: Thread): void {
  while (thread.top != 0 && thread.state == (ThreadState.Running as u32)) {
    if (system.pendingLines != 0) {
      const line = dueLine();
      if (line != 0) serveLine(lineAt(line));
    }
    if (dpcsDue()) {
      interruptForDpc();
      return;
    }
    const frame = changetype<Frame>(thread.top);
    if (frame.routine != (RoutineKind.None as u32)) {
      system.running = thread.top;
      return;
    }
    if (isStopped()) return;
    if (!hasRoom() || (system.attention & (Attention.Memory as u32)) != 0) {
      waitForRoom();
      return;
    }
    const step = frame.locking != 0 ? callAfterLock(frame) : stepOf(frame);
    if (step == Step.Done) end(frame);
    else if (step == Step.Yield && frame.routine != (RoutineKind.None as u32)) return;
  }
}

/** No room for what the next step may emit or allocate: the host makes some and lets the thread go on (runReady). */
function waitForRoom(): void {
  attend(Attention.More);
  system.interrupted = 1;
  system.ready++;
}

/** Goes on with the thread that was interrupted. False when there is none. */
export function runInterrupted(): bool {
  if (system.interrupted == 0) return false;
  system.interrupted = 0;
  system.ready--;
  run();
  return true;
}

/** The frame has ended; with the last one its thread becomes free or ends. */
function end(frame: Frame): void {
  const thread = threadOf(frame);
  const result = frame.result;
  assert(thread.top == changetype<usize>(frame)); // only the newest frame can end
  pop(frame);
  if (thread.top == 0) finish(thread, result);
}

/** Kinds of frame from InterruptService to InterruptWork, less one. */
const INTERRUPT_KINDS: u32 = FrameKind.InterruptWork - FrameKind.InterruptService;

function stepOf(frame: Frame): Step {
  if (frame.kind == (FrameKind.QueueLoop as u32)) return stepQueueLoop(frame);
  if (frame.kind == (FrameKind.Arrival as u32)) return stepArrival(frame);
  if (isLater(frame.kind)) return stepLater(frame);
  if (frame.kind - (FrameKind.InterruptService as u32) <= INTERRUPT_KINDS) return stepOfInterrupt(frame);
  switch (frame.kind) {
    case FrameKind.FileUndo as u32:
      return stepFileUndo(frame);
    case FrameKind.FileIrp as u32:
      return stepFileIrp(frame);
    case FrameKind.Completion as u32:
      return stepCompletion(frame);
    case FrameKind.Forward as u32:
      return stepForward(frame);
    case FrameKind.QueueIdle as u32:
    case FrameKind.QueuePurge as u32:
      return stepQueueState(frame);
    case FrameKind.Retrieve as u32:
      return stepRetrieve(frame);
    case FrameKind.Deferred as u32:
      return stepDeferred(frame);
    case FrameKind.Reserve as u32:
      return stepReserve(frame);
    case FrameKind.ReserveReturn as u32:
      return stepReserveReturn(frame);
    case FrameKind.PostponedCancel as u32:
      return stepPostponedCancel(frame);
    case FrameKind.FileFlush as u32:
      return stepFileFlush(frame);
    case FrameKind.QueueDisposal as u32:
      return stepDisposal(frame);
    case FrameKind.ObjectDispose as u32:
      return stepObjectDispose(frame);
    case FrameKind.ObjectDestroy as u32:
      return stepObjectDestroy(frame);
    case FrameKind.DisposeList as u32:
      return stepDisposeList(frame);
    case FrameKind.DeviceLife as u32:
      return stepDeviceLife(frame);
    case FrameKind.DeviceWake as u32:
      return stepDeviceWake(frame);
    case FrameKind.QueuesHold as u32:
      return stepQueuesHold(frame);
    case FrameKind.QueuesResume as u32:
      return stepQueuesResume(frame);
    case FrameKind.HeldThread as u32:
      return stepHeldThread(frame);
    case FrameKind.HeldCancel as u32:
      return stepHeldCancel(frame);
    case FrameKind.LockWait as u32:
      return stepLockWait(frame);
    case FrameKind.KernelWait as u32:
      return stepKernelWait(frame);
    case FrameKind.SystemThread as u32:
      return stepSystemThread(frame);
    case FrameKind.CallbackNotify as u32:
      return stepNotify(frame);
    case FrameKind.CallbackUnregister as u32:
      return stepUnregister(frame);
    case FrameKind.DriverUnload as u32:
      return stepDriverUnload(frame);
    default:
      return stepOfTarget(frame);
  }
}

/** Frames of interrupts. */
function stepOfInterrupt(frame: Frame): Step {
  switch (frame.kind) {
    case FrameKind.InterruptService as u32:
      return stepService(frame);
    case FrameKind.InterruptCall as u32:
      return stepInterruptCall(frame);
    case FrameKind.InterruptDpc as u32:
      return stepInterruptDpc(frame);
    case FrameKind.InterruptsChange as u32:
      return stepInterrupts(frame);
    default:
      return stepInterruptWork(frame);
  }
}

/** Frames of requests on their way to and from I/O targets. Done for a Thread: its body has returned. */
function stepOfTarget(frame: Frame): Step {
  switch (frame.kind) {
    case FrameKind.SendTimeout as u32:
      return stepTimeout(frame);
    case FrameKind.SyncSend as u32:
      return stepSync(frame);
    case FrameKind.TargetStop as u32:
      return stepTargetStop(frame);
    case FrameKind.TargetStart as u32:
      return stepTargetStart(frame);
    case FrameKind.TargetReturn as u32:
      return stepReturn(frame);
    case FrameKind.TargetNotify as u32:
      return stepTargetNotify(frame);
    case FrameKind.CancelSent as u32:
      return stepCancelSent(frame);
    case FrameKind.ScanForChildren as u32:
      return stepScanForChildren(frame);
    case FrameKind.CreateChild as u32:
      return stepCreateChild(frame);
    case FrameKind.LowerCall as u32:
      return stepLower(frame);
    case FrameKind.Send as u32:
      return stepSend(frame);
    default:
      return Step.Done;
  }
}

/**
 * Ends a DDI: runs what it pushed on the caller's stack. When control is not back at the caller, Attention.Switched
 * tells the host to pump, and the result is read from the caller's frame afterwards.
 */
export function settle(result: u32): u32 {
  const caller = system.running;
  if (currentThread().top == caller && (system.attention | system.dpcRequested | system.pendingLines) == 0) return result;
  return settlePushed(caller, result);
}

function settlePushed(caller: usize, result: u32): u32 {
  const frame = changetype<Frame>(caller);
  frame.result = result;
  run();
  if (system.running != caller) attend(Attention.Switched);
  return frame.result;
}

/** Nothing runs: a line that is pending interrupts the idle processor. */
function interruptIdle(): bool {
  setIrql(Irql.Passive);
  const line = dueLine();
  if (line == 0) return false;
  serveLineOn(lineAt(line), 0, Irql.Passive);
  run();
  return true;
}

/** Lets something that is ready run. False when there is nothing. */
export function runNext(): bool {
  const open = freeProcessor();
  if (open && system.pendingLines != 0 && interruptIdle()) return true;
  if (!takeNext(open)) return false;
  run();
  return true;
}

/** At the end of a DDI whose routine may go on: it does, or something else that is ready goes first. */
export function offerProcessor(result: u32, plain: bool): void {
  changetype<Frame>(system.running).result = result;
  if (!preempt(plain)) return;
  attend(Attention.Switched);
  run();
}
