// What remote targets hear of the removal of the device they lead to.
//
//   the PnP manager says     the driver's callback           without one
//   ──────────────────────── ─────────────────────────────── ─────────────────────────────────────────────────
//   query-remove             EvtIoTargetQueryRemove; a       closed for query-remove: what is out is cancelled
//                            failure is a veto               and waited for
//   remove canceled          EvtIoTargetRemoveCanceled       opened again
//   remove complete          EvtIoTargetRemoveComplete       closed for good
//
// Told are the targets that were opened by the name of a device in the stack, and have not been closed for good since. After
// a veto those that have been asked already, and the one that said no, hear that the removal is cancelled.
//
// Source: FxIoTargetRemote::_PlugPlayNotification (fxiotargetremotekm.cpp), Open, Close.

import { RoutineKind } from "../abi/event";
import { ENTRY_SIZE, TABLE_BASE } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { TargetEvent, WdfIoTargetOpenType, WdfIoTargetState } from "../abi/target";
import { FRAME_SIZE, Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { answer, callFrame } from "./calls";
import { deviceAt } from "./device";
import { FrameKind } from "./frames";
import { call } from "./invoke";
import { kindOf, objectAt } from "./object";
import { Target, targetAt } from "./target";
import { removeTarget, startTarget } from "./target-state";

/** FrameKind.TargetNotify */
@unmanaged
class TargetNotifyFrame extends Frame {
  /** The lowest device of the stack. */
  stack: usize;
  event: u32;
  /** Where in the handle table the next target is looked for, and where to stop. */
  index: u32;
  limit: u32;
  /** 1 when the running callback answers a status that counts. */
  asks: u32;
  status: i32;
}

if (offsetof<TargetNotifyFrame>() > FRAME_SIZE) ERROR("TargetNotifyFrame does not fit");

/** Tells the targets that lead into a stack (lowestOf). A query's NTSTATUS is the call's result. */
export function callTargetNotify(stack: usize, event: TargetEvent): void {
  const f = callFrame<TargetNotifyFrame>(FrameKind.TargetNotify);
  f.stack = stack;
  f.event = event;
  f.index = 1;
  f.limit = system.tableHigh;
  f.asks = 0;
  f.status = NtStatus.Success;
}

export function stepTargetNotify(frame: Frame): Step {
  const f = changetype<TargetNotifyFrame>(frame);
  if (f.asks != 0) {
    f.asks = 0;
    if ((f.result as i32) < 0) veto(f);
  }
  while (f.index < f.limit) {
    const entry = (TABLE_BASE as usize) + (f.index++ as usize) * ENTRY_SIZE;
    if (kindOf(entry) != (ObjectKind.IoTarget as u32)) continue;
    const t = targetAt(objectAt(entry).body);
    if (isTold(t, f.stack)) return tell(f, t);
  }
  answer(f, f.status);
  return Step.Done;
}

/** One says no: those asked so far, that one too, hear that nothing comes of it. */
function veto(f: TargetNotifyFrame): void {
  f.status = f.result as i32;
  f.event = TargetEvent.RemoveCanceled;
  f.limit = f.index;
  f.index = 1;
}

function isTold(t: Target, stack: usize): bool {
  if (t.remote == 0 || t.openType != (WdfIoTargetOpenType.ByName as u32) || t.below == 0) return false;
  if (t.open == 0 && t.state != (WdfIoTargetState.ClosedForQueryRemove as u32)) return false;
  return lowestOf(t.below) == stack;
}

/** The device at the bottom of the framework's stack. */
export function lowestOf(device: usize): usize {
  let at = device;
  while (deviceAt(at).lowerDevice != 0) at = deviceAt(at).lowerDevice;
  return at;
}

function tell(f: TargetNotifyFrame, t: Target): Step {
  switch (f.event) {
    case TargetEvent.QueryRemove as u32:
      if (t.evtQueryRemove == 0) return close(t, WdfIoTargetState.ClosedForQueryRemove);
      f.asks = 1;
      return call(f, RoutineKind.IoTargetQueryRemove, t.evtQueryRemove, t.handle, 0, 0, 0, 0);
    case TargetEvent.RemoveCanceled as u32:
      if (t.evtRemoveCanceled != 0) return call(f, RoutineKind.IoTargetRemoveCanceled, t.evtRemoveCanceled, t.handle, 0, 0, 0, 0);
      return reopen(t);
    default:
      if (t.evtRemoveComplete != 0) return call(f, RoutineKind.IoTargetRemoveComplete, t.evtRemoveComplete, t.handle, 0, 0, 0, 0);
      return close(t, WdfIoTargetState.Closed);
  }
}

function close(t: Target, state: WdfIoTargetState): Step {
  t.open = 0;
  removeTarget(t, state);
  return Step.Again;
}

/** WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN: nothing happens to one that is open. */
function reopen(t: Target): Step {
  if (t.open != 0) return Step.Again;
  t.open = 1;
  startTarget(t);
  return Step.Again;
}
