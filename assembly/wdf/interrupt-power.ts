// Interrupts are connected after EvtDeviceD0Entry and disconnected before EvtDeviceD0Exit.
//
//   connect      in creation order: IoConnectInterruptEx, EvtInterruptEnable. The first that fails ends it
//   disconnect   in reverse order: EvtInterruptDisable (if enabled), wait for DPCs and work items, IoDisconnectInterruptEx
//
// An interrupt with ReportInactiveOnPowerDown stays connected while the device sleeps: it is only reported inactive, and
// active again. WdfInterruptDisable holds an interrupt off whatever the device does, until WdfInterruptEnable.
//
// Source: interruptobject.cpp (Connect, Disconnect, ForceDisconnect, ForceReconnect), FxPkgPnp::NotifyResourceObjects.

import { EventKind, InterruptChange, RoutineKind, WaitReason } from "../abi/event";
import { NtStatus } from "../abi/status";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { system } from "../nt/system";
import { park } from "../nt/thread";
import { answer, callFrame } from "./calls";
import { Device } from "./device";
import { FrameKind, InterruptsFrame } from "./frames";
import { Interrupt, interruptAt } from "./interrupt";
import { callInterrupt } from "./interrupt-call";
import { connectToLine, disconnectFromLine } from "./interrupt-line";

export enum InterruptsAction {
  Connect = 0,
  Disconnect = 1,
  /** Those that have stayed connected though inactive. */
  DisconnectInactive = 2,
}

/** Connects or disconnects all interrupts of a device, if it has any. The status is the result of the frame below. */
export function callInterrupts(d: Device, action: InterruptsAction, sleeps: bool): bool {
  if (d.firstInterrupt == 0) return false;
  const f = callFrame<InterruptsFrame>(FrameKind.InterruptsChange);
  f.action = action;
  f.sleeps = sleeps ? 1 : 0;
  f.single = 0;
  f.interrupt = action == InterruptsAction.Connect ? d.firstInterrupt : d.lastInterrupt;
  return true;
}

/** The same for one interrupt (WdfInterruptEnable, WdfInterruptDisable). */
export function callInterruptChange(i: Interrupt, action: InterruptsAction): void {
  const f = callFrame<InterruptsFrame>(FrameKind.InterruptsChange);
  f.action = action;
  f.sleeps = 0;
  f.single = 1;
  f.interrupt = changetype<usize>(i);
}

export function stepInterrupts(frame: Frame): Step {
  const f = changetype<InterruptsFrame>(frame);
  if (f.interrupt == 0) {
    answer(f, NtStatus.Success);
    return Step.Done;
  }
  const i = interruptAt(f.interrupt);
  return f.action == (InterruptsAction.Connect as u32) ? connect(f, i) : disconnect(f, i);
}

function next(f: InterruptsFrame): Step {
  const i = interruptAt(f.interrupt);
  f.step = 0;
  f.interrupt = f.single != 0 ? 0 : f.action == (InterruptsAction.Connect as u32) ? i.nextInterrupt : i.previousInterrupt;
  return Step.Again;
}

function connect(f: InterruptsFrame, i: Interrupt): Step {
  if (f.step == 1) return enabled(f, i);
  if (i.inactive != 0 && f.sleeps != 0) {
    i.inactive = 0;
    tell(i, InterruptChange.Active);
  } else {
    if ((i.forced | i.connected) != 0 || i.vector == 0) return next(f);
    i.connected = 1;
    tell(i, InterruptChange.Connected);
    connectToLine(i);
  }
  f.step = 1;
  f.result = NtStatus.Success;
  if (i.evtEnable != 0) callInterrupt(i, RoutineKind.InterruptEnable, i.evtEnable);
  return Step.Again;
}

function enabled(f: InterruptsFrame, i: Interrupt): Step {
  const status = f.result as i32;
  if (status < 0) {
    answer(f, status);
    return Step.Done;
  }
  i.enabled = 1;
  return next(f);
}

function disconnect(f: InterruptsFrame, i: Interrupt): Step {
  switch (f.step++) {
    case 0:
      if (i.connected == 0 || (f.action == (InterruptsAction.DisconnectInactive as u32) && i.inactive == 0)) return next(f);
      if (i.enabled == 0) return Step.Again;
      i.enabled = 0;
      if (i.evtDisable != 0) callInterrupt(i, RoutineKind.InterruptDisable, i.evtDisable);
      return Step.Again;
    case 1:
      if (i.busy == 0) return Step.Again;
      i.flusher = system.thread;
      park(WaitReason.InterruptToBeFlushed, i.tag);
      return Step.Yield;
    default:
      return finish(f, i);
  }
}

function finish(f: InterruptsFrame, i: Interrupt): Step {
  if (i.soft != 0 && f.sleeps != 0) {
    i.inactive = 1;
    tell(i, InterruptChange.Inactive);
    return next(f);
  }
  i.connected = 0;
  i.inactive = 0;
  disconnectFromLine(i);
  tell(i, InterruptChange.Disconnected);
  return next(f);
}

function tell(i: Interrupt, what: InterruptChange): void {
  emit(EventKind.InterruptChanged, what, i.tag, i.vector, i.irql | (i.synchronizeIrql << 8));
}
