// The routines of an interrupt.
//
//   routine                            level           lock
//   ────────────────────────────────── ─────────────── ─────────────────────────────────────────────
//   EvtInterruptIsr, Enable, Disable,  SynchronizeIrql the interrupt's spin lock
//   Synchronize
//   the same of a passive interrupt    PASSIVE_LEVEL   the interrupt's wait lock, in a critical region
//   EvtInterruptDpc                    DISPATCH_LEVEL  the callback lock, if serialized
//   EvtInterruptWorkItem               PASSIVE_LEVEL   the callback lock, if serialized
//
// Source: interruptobject.cpp (InterruptEnable, Synchronize, QueueWorkItemForIsr), interruptobjectkm.cpp.

import { RoutineKind, WaitReason } from "../abi/event";
import { Irql } from "../abi/irql";
import { Timeout } from "../abi/kernel";
import { insertDpc, queueCall, workItems } from "../nt/deferred";
import { Dispatcher } from "../nt/dispatcher";
import { Frame, Step } from "../nt/frame";
import { leaveLock } from "../nt/lock";
import { currentIrql } from "../nt/processor";
import { Thread, currentThread, wake } from "../nt/thread";
import { beginWait, watch } from "../nt/wait";
import { answer, callFrame } from "./calls";
import { deviceAt } from "./device";
import { FrameKind, InterruptCallFrame, QueueFrame, WaitThen } from "./frames";
import { Interrupt, interruptAt } from "./interrupt";
import { call, callLocked } from "./invoke";
import { acquireLock, wait } from "./kernel-wait";

/** Calls a routine of the interrupt under its lock. What it returns is the result of the frame below. */
export function callInterrupt(i: Interrupt, kind: RoutineKind, callback: u32): void {
  const f = callFrame<InterruptCallFrame>(FrameKind.InterruptCall);
  f.interrupt = changetype<usize>(i);
  f.routineKind = kind;
  f.callback = callback;
}

export function stepInterruptCall(frame: Frame): Step {
  const f = changetype<InterruptCallFrame>(frame);
  const i = interruptAt(f.interrupt);
  switch (f.step++) {
    case 0:
      lockInterrupt(i);
      return Step.Again;
    case 1: {
      const isr = f.routineKind == (RoutineKind.InterruptIsr as u32);
      return call(f, f.routineKind, f.callback, i.tag, isr ? 0 : deviceAt(i.device).handle, i.message, 0, 0);
    }
    default:
      unlockInterrupt(i);
      answer(f, f.result);
      return Step.Done;
  }
}

/** Takes the lock of the interrupt for the running thread, or parks it in line. */
export function lockInterrupt(i: Interrupt): void {
  const lock = changetype<Dispatcher>(i.lock);
  if (i.passive == 0) {
    acquireLock(lock, false);
    return;
  }
  currentThread().kernelApcDisable--;
  beginWait(currentThread(), false);
  watch(currentThread(), lock, 0);
  wait(WaitReason.WaitLock, lock.tag, Timeout.None, 0, WaitThen.Nothing, 0);
}

export function unlockInterrupt(i: Interrupt): void {
  leaveLock(changetype<Dispatcher>(i.lock));
  if (i.passive != 0) currentThread().kernelApcDisable++;
}

/** WdfInterruptQueueDpcForIsr. False when it is queued already. */
export function queueInterruptDpc(i: Interrupt): bool {
  if (!insertDpc(i.dpc)) return false;
  i.busy++;
  return true;
}

/** WdfInterruptQueueWorkItemForIsr: above DISPATCH_LEVEL a DPC does it. False when that, or the work item, is queued already. */
export function queueInterruptWork(i: Interrupt): bool {
  if (currentIrql() > (Irql.Dispatch as u32)) return queueInterruptDpc(i);
  if (!i.work.isEmpty) return false;
  queueCall(workItems(), i.work, FrameKind.InterruptWork, changetype<usize>(i));
  i.busy++;
  return true;
}

/** The DPC: EvtInterruptDpc, or the work item is queued. */
export function stepInterruptDpc(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const i = interruptAt(f.queue);
  if (f.step++ != 0) return finish(i);
  if (i.evtDpc == 0) {
    queueInterruptWork(i);
    return Step.Again;
  }
  return callLocked(f, i.callbackLock, RoutineKind.InterruptDpc, i.evtDpc, i.tag, deviceAt(i.device).handle, 0, 0, 0);
}

export function stepInterruptWork(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const i = interruptAt(f.queue);
  if (f.step++ != 0) return finish(i);
  return callLocked(f, i.callbackLock, RoutineKind.InterruptWorkItem, i.evtWorkItem, i.tag, deviceAt(i.device).handle, 0, 0, 0);
}

function finish(i: Interrupt): Step {
  i.busy--;
  if (i.busy == 0 && i.flusher != 0) {
    wake(changetype<Thread>(i.flusher));
    i.flusher = 0;
  }
  return Step.Done;
}
