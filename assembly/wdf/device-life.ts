// The life of a device: what each PnP and power IRP brings, in order.
//
//   IRP              in D0                                                             otherwise
//   ──────────────── ───────────────────────────────────────────────────────────────── ──────────────────────────────
//   StartDevice      PrepareHardware D0Entry Connect PostInterrupts Resume ManagedStart  -
//   SetPowerSx       ManagedSuspend Hold PreInterrupts Disconnect D0Exit               nothing
//   SetPowerS0       answered at once; in a work item, when asleep:                    nothing
//                      D0Entry Connect PostInterrupts Resume ManagedStart
//   StopDevice       as SetPowerSx, then ReleaseHardware                               nothing
//   SurpriseRemoval  SurpriseRemoval, as StopDevice, PurgeManaged Flush                SurpriseRemoval Release Purge Flush
//   RemoveDevice     as StopDevice, PurgeManaged Flush PurgeOthers Cleanup             what has not happened yet of these
//                    Dispose DestroyChildren Answer Delete
//
// ManagedStart is EvtDeviceSelfManagedIoInit the first time and EvtDeviceSelfManagedIoRestart later; Flush and Cleanup come
// only after it. Hold, Resume and the purges are what happens to the queues (device-power.ts). A device whose IRP arrives
// while another is being worked on takes it up afterwards.
//
//   a callback fails    on the way into D0                                on the way out of D0
//   ─────────────────── ───────────────────────────────────────────────── ────────────────────────────────────────────
//   ManagedStart        Hold PreInterrupts, and as below                  all the others are called nevertheless. After
//   Post..., Connect    Disconnect D0Exit, and as below                   SetPowerSx, and after StopDevice, the device
//   D0Entry, Prepare    ReleaseHardware PurgeManaged Flush: the device    is given up as on the left; a removal ends as
//                       is given up and waits for its removal             ever
//
// Source: the framework's PnP and power state machines (pnpstatemachine.cpp, powerstatemachine.cpp) as far as their
// callbacks show in traces; FxPkgPnp::PowerD0Starting..., FxSelfManagedIoMachine.

import { EventKind, PnpIrp, RoutineKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { NtStatus } from "../abi/status";
import { WdfPowerDeviceState } from "../abi/wdf";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { lookupAny } from "../nt/table";
import { currentThread } from "../nt/thread";
import { answer, callFrame } from "./calls";
import { Device, DeviceState, deviceAt, settleState } from "./device";
import { HoldAction, callHold, callResume } from "./device-power";
import { FrameKind, LifeFrame, QueueFrame } from "./frames";
import { leaveD0, mayStayAsleep, powerUpFailed, queueWake, reachD0 } from "./idle";
import { assignResources } from "./interrupt";
import { InterruptsAction, callInterrupts } from "./interrupt-power";
import { call } from "./invoke";
import { LifeOp, POWER_DOWN, POWER_UP, PURGE, UNDO, UNDO_D0ENTRY, UNDO_PREPARE, sequenceOf } from "./life-sequences";
import { deleteObject, destroyChildren, disposeEarly } from "./object-life";
import { startWatchdog, stopWatchdog } from "./power-watchdog";
import { breakPoint } from "./verifier";

/** Sends a PnP or power IRP to the device in the running thread. Its NTSTATUS to the sender is the call's result. */
export function callLife(d: Device, irp: PnpIrp): void {
  pushLife(d, irp, 0);
}

/** The work item of a device that wakes up. */
export function callWake(d: Device): void {
  pushLife(d, 0, POWER_UP);
  startWatchdog(d);
  d.state = DeviceState.Started;
}

function pushLife(d: Device, irp: u32, sequence: usize): void {
  const f = changetype<LifeFrame>(callFrame<Frame>(FrameKind.DeviceLife));
  f.device = changetype<usize>(d);
  f.irp = irp;
  f.next = sequence;
  f.checks = 0;
  f.failing = 0;
  f.downFailed = 0;
  f.waking = 0;
  f.idles = 0;
  f.status = NtStatus.Success;
}

export function stepDeviceLife(frame: Frame): Step {
  const f = changetype<LifeFrame>(frame);
  const d = deviceAt(f.device);
  if (f.next == 0) return begin(f, d);
  if (f.checks != 0) {
    const checked = f.checks as LifeOp;
    f.checks = 0;
    if ((f.result as i32) < 0) failed(f, d, checked);
  }
  const op = load<u8>(f.next++);
  return op == (LifeOp.End as u8) ? end(f, d) : perform(f, d, op as LifeOp);
}

function begin(f: LifeFrame, d: Device): Step {
  if (f.irp == (PnpIrp.SetPowerS0 as u32)) return wakeUp(f, d);
  if (f.irp == (PnpIrp.SetPowerSx as u32) && d.filter != 0) {
    answerAtOnce(f, d);
    return Step.Done;
  }
  d.changing++;
  f.next = sequenceOf(f.irp as PnpIrp, d.state as DeviceState);
  switch (f.irp) {
    case PnpIrp.StartDevice as u32:
      if (d.state == (DeviceState.Failed as u32)) f.status = NtStatus.InvalidDeviceState;
      else startPower(d);
      break;
    case PnpIrp.QueryStop as u32:
    case PnpIrp.QueryRemove as u32:
      wakeFirst(f, d);
      break;
    case PnpIrp.SetPowerSx as u32:
      leaveD0(d);
      startWatchdog(d);
      break;
    case PnpIrp.RemoveDevice as u32:
      wakeFirst(f, d);
      endPower(d);
      break;
    case PnpIrp.StopDevice as u32:
    case PnpIrp.SurpriseRemoval as u32:
      endPower(d);
      break;
    default:
      break;
  }
  return Step.Again;
}

function startPower(d: Device): void {
  d.state = DeviceState.Started;
  d.powerStarted = 1;
  d.powerFailed = 0;
}

/** No power reference is given from now on. */
function endPower(d: Device): void {
  leaveD0(d);
  d.powerStarted = 0;
}

/** An idle device comes to D0 before it is asked, or removed. */
function wakeFirst(f: LifeFrame, d: Device): void {
  if (d.state != (DeviceState.Idle as u32)) return;
  d.state = DeviceState.Started;
  f.waking = 1;
}

/** The system works again: the IRP is answered, the device follows in a work item. */
function wakeUp(f: LifeFrame, d: Device): Step {
  answerAtOnce(f, d);
  if (d.changing != 0) d.wakeDue = 1;
  else wakeWithSystem(d);
  return Step.Done;
}

/** The system works again: so does the device, unless nothing needs it. */
function wakeWithSystem(d: Device): void {
  if (d.state != (DeviceState.Asleep as u32)) return;
  if (mayStayAsleep(d)) d.state = DeviceState.Idle;
  else queueWake(d);
}

/** The frame of the work item. */
export function stepDeviceWake(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  if (f.step++ != 0) return Step.Done;
  const d = deviceAt(f.queue);
  const away = d.state == (DeviceState.Asleep as u32) || d.state == (DeviceState.Idle as u32);
  if (away) callWake(d);
  else d.changing--;
  return away ? Step.Again : Step.Done;
}

/** The frame of the work item that takes an idle device out of D0. */
export function stepIdleDown(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const d = deviceAt(f.queue);
  if (f.step++ != 0 || d.state != (DeviceState.Started as u32)) return Step.Done;
  if (d.changing != 0) return Step.Done; // what comes first will look again
  d.changing++;
  pushLife(d, 0, POWER_DOWN);
  startWatchdog(d);
  changetype<LifeFrame>(currentThread().top).idles = 1;
  return Step.Again;
}

function answerAtOnce(f: LifeFrame, d: Device): void {
  emit(EventKind.PnpCompleted, 0, d.handle, f.irp, NtStatus.Success);
  answer(f, NtStatus.Success);
}

function perform(f: LifeFrame, d: Device, op: LifeOp): Step {
  switch (op) {
    case LifeOp.Resume:
      callResume(d);
      return Step.Again;
    case LifeOp.Hold:
    case LifeOp.PurgeManaged:
    case LifeOp.PurgeOthers:
      callHold(d, holdOf(op));
      return Step.Again;
    case LifeOp.ConnectInterrupts:
    case LifeOp.DisconnectInterrupts:
    case LifeOp.DisconnectInactive:
      return changeInterrupts(f, d, op);
    case LifeOp.Dispose:
      disposeEarly(lookupAny(d.handle));
      return Step.Again;
    case LifeOp.DestroyChildren:
      destroyChildren(lookupAny(d.handle));
      return Step.Again;
    case LifeOp.Answer:
      finish(f, d);
      return Step.Again;
    case LifeOp.Delete:
      f.irp = 0;
      deleteObject(lookupAny(d.handle));
      return Step.Again;
    default:
      return notify(f, d, op);
  }
}

/** Calls the driver, if it has registered for it. */
function notify(f: LifeFrame, d: Device, op: LifeOp): Step {
  switch (op) {
    case LifeOp.PrepareHardware:
      assignResources(d);
      return ask(f, d, op, RoutineKind.DevicePrepareHardware, d.evtPrepareHardware, 0);
    case LifeOp.D0Entry:
      return ask(f, d, op, RoutineKind.DeviceD0Entry, d.evtD0Entry, previousState(f));
    case LifeOp.PostInterrupts:
      return ask(f, d, op, RoutineKind.DeviceD0EntryPostInterruptsEnabled, d.evtD0EntryPostInterruptsEnabled, previousState(f));
    case LifeOp.ManagedStart:
      return startManaged(f, d);
    case LifeOp.ManagedSuspend:
      return ask(f, d, op, RoutineKind.DeviceSelfManagedIoSuspend, d.evtSelfManagedIoSuspend, 0);
    case LifeOp.PreInterrupts:
      return ask(f, d, op, RoutineKind.DeviceD0ExitPreInterruptsDisabled, d.evtD0ExitPreInterruptsDisabled, targetState(f));
    case LifeOp.D0Exit:
      return ask(f, d, op, RoutineKind.DeviceD0Exit, d.evtD0Exit, targetState(f));
    case LifeOp.ReleaseHardware:
      return ask(f, d, op, RoutineKind.DeviceReleaseHardware, d.evtReleaseHardware, 0);
    case LifeOp.SurpriseRemoval:
      return tell(f, d, RoutineKind.DeviceSurpriseRemoval, d.evtSurpriseRemoval);
    case LifeOp.QueryStop:
      return ask(f, d, op, RoutineKind.DeviceQueryStop, d.evtQueryStop, 0);
    case LifeOp.QueryRemove:
      return ask(f, d, op, RoutineKind.DeviceQueryRemove, d.evtQueryRemove, 0);
    case LifeOp.GiveUp:
      d.state = DeviceState.Failed;
      powerUpFailed(d);
      return Step.Again;
    default:
      return tellManaged(f, d, op);
  }
}

function holdOf(op: LifeOp): HoldAction {
  return op == LifeOp.Hold ? HoldAction.Hold : op == LifeOp.PurgeManaged ? HoldAction.PurgeManaged : HoldAction.PurgeNonManaged;
}

/** A failure to connect counts like that of a callback. */
function changeInterrupts(f: LifeFrame, d: Device, op: LifeOp): Step {
  const power = op == LifeOp.ConnectInterrupts ? previousState(f) : targetState(f);
  const action = ((op as u32) - LifeOp.ConnectInterrupts) as InterruptsAction;
  if (callInterrupts(d, action, power == WdfPowerDeviceState.D3)) f.checks = op;
  return Step.Again;
}

/** Calls a callback that answers an NTSTATUS. */
function ask(f: LifeFrame, d: Device, op: LifeOp, kind: RoutineKind, callback: u32, power: u32): Step {
  if (callback == 0) return Step.Again;
  f.checks = op;
  return call(f, kind, callback, d.handle, 0, power, 0, 0);
}

function tell(f: LifeFrame, d: Device, kind: RoutineKind, callback: u32): Step {
  return callback == 0 ? Step.Again : call(f, kind, callback, d.handle, 0, 0, 0, 0);
}

/** Flush and cleanup of self-managed I/O, which are for a driver whose EvtDeviceSelfManagedIoInit was called. */
function tellManaged(f: LifeFrame, d: Device, op: LifeOp): Step {
  if (d.managedStarted == 0) return Step.Again;
  return op == LifeOp.ManagedFlush
    ? tell(f, d, RoutineKind.DeviceSelfManagedIoFlush, d.evtSelfManagedIoFlush)
    : tell(f, d, RoutineKind.DeviceSelfManagedIoCleanup, d.evtSelfManagedIoCleanup);
}

function startManaged(f: LifeFrame, d: Device): Step {
  const first = d.managedStarted == 0;
  d.managedStarted = 1;
  return first
    ? ask(f, d, LifeOp.ManagedStart, RoutineKind.DeviceSelfManagedIoInit, d.evtSelfManagedIoInit, 0)
    : ask(f, d, LifeOp.ManagedStart, RoutineKind.DeviceSelfManagedIoRestart, d.evtSelfManagedIoRestart, 0);
}

/** Where a device that enters D0 comes from: D3 when it slept, D3Final when it is started. */
function previousState(f: LifeFrame): WdfPowerDeviceState {
  return f.irp == 0 || f.waking != 0 ? WdfPowerDeviceState.D3 : WdfPowerDeviceState.D3Final;
}

/** Where a device that leaves D0 goes: D3 to sleep, D3Final to be stopped or removed. */
function targetState(f: LifeFrame): WdfPowerDeviceState {
  const sleeps = (f.idles != 0 || f.irp == (PnpIrp.SetPowerSx as u32)) && f.failing == 0;
  return sleeps ? WdfPowerDeviceState.D3 : WdfPowerDeviceState.D3Final;
}

/** A callback has failed: a query is vetoed, a way into D0 undone, a way out of it gone to its end. */
function failed(f: LifeFrame, d: Device, op: LifeOp): void {
  const status = f.result as i32;
  if (status == NtStatus.NotSupported && isPnp(op)) breakPoint(FindingId.NotSupportedReturned, d.handle, 0);
  switch (op) {
    case LifeOp.QueryStop:
    case LifeOp.QueryRemove:
      f.status = status;
      break;
    case LifeOp.PrepareHardware:
      undo(f, UNDO_PREPARE, status);
      break;
    case LifeOp.D0Entry:
      undo(f, UNDO_PREPARE, NtStatus.DevicePowerFailure);
      break;
    case LifeOp.ConnectInterrupts:
    case LifeOp.PostInterrupts:
      undo(f, UNDO_D0ENTRY, NtStatus.DevicePowerFailure);
      break;
    case LifeOp.ManagedStart:
      undo(f, UNDO, NtStatus.DevicePowerFailure);
      break;
    default:
      f.downFailed = 1;
  }
}

/** [V] The callbacks that may not answer STATUS_NOT_SUPPORTED. */
function isPnp(op: LifeOp): bool {
  return op == LifeOp.PrepareHardware || op == LifeOp.ReleaseHardware || op == LifeOp.QueryStop || op == LifeOp.QueryRemove;
}

function undo(f: LifeFrame, sequence: usize, status: NtStatus): void {
  f.next = sequence;
  f.status = status;
  f.failing = 1;
}

/** The IRP goes back to its sender. */
function finish(f: LifeFrame, d: Device): void {
  if (f.irp == 0) return;
  if (f.failing == 0) settleState(d, f.irp as PnpIrp);
  emit(EventKind.PnpCompleted, 0, d.handle, f.irp, f.status);
  answer(f, f.irp == (PnpIrp.RemoveDevice as u32) ? NtStatus.Success : NtStatus.Pending);
}

function end(f: LifeFrame, d: Device): Step {
  if (f.downFailed != 0 && f.failing == 0 && givesUp(f, d)) return Step.Again;
  d.changing--;
  if (d.changing == 0) stopWatchdog(d);
  finish(f, d);
  if (f.idles != 0 && f.failing == 0) d.state = DeviceState.Idle;
  if (d.changing == 0) settleIdle(d);
  return Step.Done;
}

/** Nothing is under way any more: what has become due meanwhile, and the idle timer. */
function settleIdle(d: Device): void {
  if (d.wakeDue != 0) {
    d.wakeDue = 0;
    wakeWithSystem(d);
  }
  if (d.state == (DeviceState.Started as u32) && d.powerStarted != 0) reachD0(d);
  else if (d.state == (DeviceState.Idle as u32) && (d.ioCount != 0 || d.idleEnabled == 0)) queueWake(d);
}

/** The device has left D0, but not well. True when it is given up now; a removal makes nothing of it. */
function givesUp(f: LifeFrame, d: Device): bool {
  if (f.idles != 0 || f.irp == (PnpIrp.SetPowerSx as u32)) {
    if (f.irp != 0) answerAtOnce(f, d);
    f.irp = 0;
    f.idles = 0;
    undo(f, UNDO_PREPARE, NtStatus.Success);
    return true;
  }
  if (f.irp != (PnpIrp.StopDevice as u32)) return false;
  undo(f, PURGE, NtStatus.Success);
  return true;
}
