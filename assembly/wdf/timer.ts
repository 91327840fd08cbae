// WDFTIMER, and the plain KTIMER a driver initializes itself.
//
//   WdfTimerStart ─▶ armed (nt/clock.ts) ─▶ its moment: its DPC is queued ─▶ EvtTimerFunc at DISPATCH_LEVEL
//                      │ WdfTimerStop           │                   └─ passive: a work item ─▶ at PASSIVE_LEVEL
//                      ▼                        ▼ periodic: armed again
//                    idle, TRUE
//
//   WdfTimerStop(Wait)   disarm ─▶ flush the DPCs ─▶ passive: wait for its work item ─▶ restarted meanwhile, and it was
//                        not armed before? once more
//
// While a stop waits, starts are dropped; the stop then says TRUE. A timer is disposed of by such a stop.
//
// Source: fxtimer.cpp, mxtimerkm.h; fxsystemworkitem.cpp for the work item of a passive one.

import { RoutineKind, WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { KernelType } from "../abi/kernel";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { allocationFails } from "../nt/choice";
import { Timer, setTimer } from "../nt/clock";
import { disarm } from "../nt/deadline";
import { DeferredCall, queueCall, workItems } from "../nt/deferred";
import { Dispatcher } from "../nt/dispatcher";
import { Frame, Step } from "../nt/frame";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { system } from "../nt/system";
import { currentThread, park } from "../nt/thread";
import { answer, callFrame } from "./calls";
import { callFlushDpcs } from "./dpc-flush";
import { FrameKind, QueueFrame, StopFrame } from "./frames";
import { callLocked } from "./invoke";
import { giveDispatcher, takeDispatcher } from "./kernel-object";
import { ObjectFlag, createObject } from "./object";
import { Serialized, commitSerialized, serialize } from "./serialized";
import { breakPoint } from "./verifier";
import { releaseWaiters } from "./work-item";

@unmanaged
export class WdfTimer extends Serialized {
  /** A Timer of the clock: five words. */
  timerSlot: u32;
  timerKind: u32;
  timerDpc: usize;
  timerPeriod: u32;
  timerObject: usize;
  period: u32;
  highResolution: u32;
  /** 1: EvtTimerFunc runs at PASSIVE_LEVEL, in a work item. */
  passive: u32;
  /** 1 for a KTIMER of the driver's own. */
  plain: u32;
  dpcKind: u32;
  dpcNext: u32;
  dpcPrev: u32;
  dpcTarget: usize;
  workKind: u32;
  workNext: u32;
  workPrev: u32;
  workTarget: usize;
  /** Work items that run: they overlap when the timer expires again meanwhile. */
  running: u32;
  /** The thread whose callback began last, until one ends. */
  callbackThread: usize;
  /** The thread that stops the timer and waits. */
  stopThread: usize;
  /** A start was dropped because of that stop. */
  startAborted: u32;
  /** The timer was armed although the stop was under way. */
  stopAgain: u32;
  /** Threads that wait for the work item: a list head of three words. */
  waitHead: u32;
  waitNext: u32;
  waitPrev: u32;

  @inline get timer(): Timer {
    return changetype<Timer>(changetype<usize>(this) + offsetof<WdfTimer>("timerSlot"));
  }
  @inline get dpc(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<WdfTimer>("dpcKind"));
  }
  @inline get work(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<WdfTimer>("workKind"));
  }
  @inline get waiters(): Links {
    return changetype<Links>(changetype<usize>(this) + offsetof<WdfTimer>("waitHead"));
  }
}

if (offsetof<Timer>() != 20) ERROR("WdfTimer: the timer of the clock has grown");

export function timerAt(address: usize): WdfTimer {
  return changetype<WdfTimer>(address);
}

function takeTimer(): usize {
  if (system.freeTimers == 0) system.freeTimers = allocateSlab(offsetof<WdfTimer>());
  const at: usize = allocationFails() ? 0 : system.freeTimers;
  if (at == 0) return 0;
  system.freeTimers = load<usize>(at);
  clear(at, offsetof<WdfTimer>());
  const t = timerAt(at);
  t.waiters.reset();
  t.work.reset();
  t.dpc.reset();
  t.dpc.tag = FrameKind.TimerDpc;
  t.dpc.target = at;
  return at;
}

/** FxTimer::Initialize, up to its commit. */
export function makeTimer(callback: u32, period: u32, highResolution: bool, passive: bool): usize {
  const at = takeTimer();
  if (at == 0) return 0;
  const t = timerAt(at);
  t.callback = callback;
  t.period = period;
  t.highResolution = highResolution ? 1 : 0;
  t.passive = passive ? 1 : 0;
  t.timer.dpc = changetype<usize>(t.dpc);
  return at;
}

/** The rest of FxTimer::Initialize. The handle is the first out value. */
export function publishTimer(t: WdfTimer, parent: usize, automatic: bool): NtStatus {
  let status = serialize(t, parent, automatic, t.passive != 0);
  if (status >= 0) status = commitSerialized(t, ObjectKind.Timer, parent);
  if (status < 0) destroyTimer(t);
  return status;
}

/** KeInitializeTimerEx: its handle, 0 when the table is full. */
export function createKtimer(type: KernelType): u32 {
  const at = takeTimer();
  if (at == 0) return 0;
  const t = timerAt(at);
  t.plain = 1;
  t.timer.object = takeDispatcher();
  if (t.timer.object != 0) t.handle = createObject(ObjectKind.Timer, at, 0, 0, ObjectFlag.NoDelete);
  if (t.handle == 0) destroyTimer(t);
  else changetype<Dispatcher>(t.timer.object).initialize(t.handle, type, 0);
  return t.handle;
}

/** FxTimer::Start */
export function startTimer(t: WdfTimer, due: i64): bool {
  if (t.runningDown != 0) {
    breakPoint(FindingId.TimerDeleted, t.handle, 0);
    return false;
  }
  if (t.stopThread != 0) {
    t.startAborted = 1;
    return false;
  }
  return setTimer(t.timer, due, t.period);
}

/** FxTimer::Stop without waiting. */
export function cancelTimer(t: WdfTimer): bool {
  return disarm(t.timer);
}

/** FxTimer::Stop with a wait. Its answer is the call's result. */
export function callTimerStop(t: WdfTimer): void {
  if (t.stopThread != 0) breakPoint(FindingId.TimerStoppedTwice, t.handle, 0);
  t.startAborted = 0;
  t.stopThread = changetype<usize>(currentThread());
  const f = callFrame<StopFrame>(FrameKind.TimerStop);
  f.timer = changetype<usize>(t);
  f.cancelled = 0;
}

/** True, after a break, in the timer's own callback, which cannot wait for itself. */
export function isInCallback(t: WdfTimer, what: FindingId): bool {
  if (t.callbackThread != changetype<usize>(currentThread())) return false;
  breakPoint(what, t.handle, 0);
  return true;
}

enum StopStep {
  Disarm = 0,
  Flushed = 1,
  Complete = 2,
}

export function stepTimerStop(frame: Frame): Step {
  const f = changetype<StopFrame>(frame);
  const t = timerAt(f.timer);
  switch (f.step++) {
    case StopStep.Disarm:
      t.stopAgain = 0;
      f.cancelled = disarm(t.timer) ? 1 : 0;
      callFlushDpcs();
      return Step.Again;
    case StopStep.Flushed:
      return waitForTimerWork(t);
    default:
      if (f.cancelled == 0 && t.stopAgain != 0) {
        f.step = StopStep.Disarm;
        return Step.Again;
      }
      t.stopThread = 0;
      t.stopAgain = 0;
      answer(f, f.cancelled | t.startAborted);
      t.startAborted = 0;
      return Step.Done;
  }
}

/** Parks the thread until the work item of a passive timer is neither queued nor running. */
export function waitForTimerWork(t: WdfTimer): Step {
  if (t.running == 0 && t.work.isEmpty) return Step.Again;
  park(WaitReason.TimerToFinish, t.handle);
  t.waiters.append(currentThread());
  return Step.Yield;
}

/** The timer's DPC: the callback, or the work item for it unless that is queued already. */
export function stepTimerDpc(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const t = timerAt(f.queue);
  if (f.step == 0 && t.passive != 0) {
    if (t.work.isEmpty) queueCall(workItems(), t.work, FrameKind.TimerWork, changetype<usize>(t));
    return Step.Done;
  }
  return runCallback(f, t);
}

/** The work item of a passive timer. */
export function stepTimerWork(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const t = timerAt(f.queue);
  if (f.step == 0) t.running++;
  if (runCallback(f, t) == Step.Yield) return Step.Yield;
  t.running--;
  if (t.running == 0 && t.work.isEmpty) releaseWaiters(t.waiters);
  return Step.Done;
}

/** FxTimer::TimerHandler */
function runCallback(f: QueueFrame, t: WdfTimer): Step {
  if (f.step++ == 0 && t.callback != 0) {
    t.callbackThread = changetype<usize>(currentThread());
    return callLocked(f, t.lock, RoutineKind.Timer, t.callback, t.handle, 0, 0, 0, 0);
  }
  t.callbackThread = 0;
  return Step.Done;
}

/** The object is gone. */
export function destroyTimer(t: WdfTimer): void {
  if (t.timer.object != 0) giveDispatcher(t.timer.object);
  t.nextFree = system.freeTimers;
  system.freeTimers = changetype<usize>(t);
}
