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
import { queueCall, workItems } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { lookupAny } from "../nt/table";
import { answer, callFrame } from "./calls";
import { Device, DeviceState, deviceAt, settleState } from "./device";
import { HoldAction, callHold, callResume } from "./device-power";
import { FrameKind, LifeFrame, QueueFrame } from "./frames";
import { assignResources } from "./interrupt";
import { InterruptsAction, callInterrupts } from "./interrupt-power";
import { call } from "./invoke";
import { deleteObject, destroyChildren, disposeEarly } from "./object-life";
import { breakPoint } from "./verifier";

/** One thing that happens in the life of a device. */
enum LifeOp {
  End = 0,
  PrepareHardware = 1,
  D0Entry = 2,
  PostInterrupts = 3,
  Resume = 4,
  ManagedStart = 5,
  ManagedSuspend = 6,
  Hold = 7,
  PreInterrupts = 8,
  D0Exit = 9,
  ReleaseHardware = 10,
  SurpriseRemoval = 11,
  PurgeManaged = 12,
  ManagedFlush = 13,
  PurgeOthers = 14,
  ManagedCleanup = 15,
  QueryStop = 16,
  QueryRemove = 17,
  /** The device is given up: it waits for its removal. */
  GiveUp = 18,
  /** EvtCleanup of all objects below the device, then its own. */
  Dispose = 19,
  DestroyChildren = 20,
  /** The IRP is answered before the device itself is destroyed. */
  Answer = 21,
  Delete = 22,
  ConnectInterrupts = 23,
  DisconnectInterrupts = 24,
  /** Those that stayed connected while the device slept. */
  DisconnectInactive = 25,
}

// The sequences, one LifeOp a byte. Numbers because static data takes nothing else; the table above says them in words.
const NOTHING = memory.data<u8>([0]);
const START = memory.data<u8>([1, 2, 23, 3, 4, 5, 0]);
const POWER_UP = START + 1;
const SLEEP = memory.data<u8>([6, 7, 8, 24, 9, 0]);
const STOP = memory.data<u8>([6, 7, 8, 24, 9, 10, 0]);
const SURPRISE = memory.data<u8>([11, 6, 7, 8, 24, 9, 10, 12, 13, 0]);
const SURPRISE_ASLEEP = memory.data<u8>([11, 25, 10, 12, 13, 0]);
const REMOVE = memory.data<u8>([6, 7, 8, 24, 9, 25, 10, 12, 13, 14, 15, 19, 20, 21, 22, 0]);
/** The same from DisconnectInactive, from the purge of managed queues, and from the purge of the others on. */
const REMOVE_ASLEEP = REMOVE + 5;
const REMOVE_STOPPED = REMOVE + 7;
const REMOVE_SURPRISED = REMOVE + 9;
/** What gives a device up, from Hold, DisconnectInterrupts, ReleaseHardware, the purge, and from its end on. */
const UNDO = memory.data<u8>([7, 8, 24, 9, 10, 12, 13, 18, 0]);
const UNDO_CONNECT = UNDO + 2;
const UNDO_PREPARE = UNDO + 4;
const PURGE = UNDO + 5;
const GIVE_UP = UNDO + 7;
const SURPRISE_FAILED = memory.data<u8>([11, 0]);
const QUERY_STOP = memory.data<u8>([16, 0]);
const QUERY_REMOVE = memory.data<u8>([17, 0]);

/** Sends a PnP or power IRP to the device in the running thread. Its NTSTATUS to the sender is the call's result. */
export function callLife(d: Device, irp: PnpIrp): void {
  pushLife(d, irp, 0);
}

/** The work item of a device that wakes up. */
export function callWake(d: Device): void {
  pushLife(d, 0, POWER_UP);
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
  if (f.irp != (PnpIrp.StartDevice as u32)) return Step.Again;
  if (d.state == (DeviceState.Failed as u32)) f.status = NtStatus.InvalidDeviceState;
  else d.state = DeviceState.Started;
  return Step.Again;
}

function sequenceOf(irp: PnpIrp, state: DeviceState): usize {
  const on = state == DeviceState.Started;
  const failed = state == DeviceState.Failed;
  switch (irp) {
    case PnpIrp.StartDevice:
      return failed ? GIVE_UP : START;
    case PnpIrp.SetPowerSx:
      return on ? SLEEP : NOTHING;
    case PnpIrp.QueryStop:
      return failed ? NOTHING : QUERY_STOP;
    case PnpIrp.QueryRemove:
      return failed ? NOTHING : QUERY_REMOVE;
    case PnpIrp.StopDevice:
      return on ? STOP : NOTHING;
    case PnpIrp.SurpriseRemoval:
      if (failed) return SURPRISE_FAILED;
      return on ? SURPRISE : SURPRISE_ASLEEP;
    case PnpIrp.RemoveDevice:
      if (on) return REMOVE;
      if (state == DeviceState.Surprised || failed) return REMOVE_SURPRISED;
      return state == DeviceState.Asleep ? REMOVE_ASLEEP : REMOVE_STOPPED;
    default:
      return NOTHING;
  }
}

/** The system works again: the IRP is answered, the device follows in a work item. */
function wakeUp(f: LifeFrame, d: Device): Step {
  answerAtOnce(f, d);
  if (d.changing != 0) d.wakeDue = 1;
  else if (d.state == (DeviceState.Asleep as u32)) queueWake(d);
  return Step.Done;
}

function queueWake(d: Device): void {
  if (!d.wake.isEmpty) return;
  d.changing++;
  queueCall(workItems(), d.wake, FrameKind.DeviceWake, changetype<usize>(d));
}

/** The frame of the work item. */
export function stepDeviceWake(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  if (f.step++ != 0) return Step.Done;
  callWake(deviceAt(f.queue));
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
  return f.irp == 0 ? WdfPowerDeviceState.D3 : WdfPowerDeviceState.D3Final;
}

/** Where a device that leaves D0 goes: D3 to sleep, D3Final to be stopped or removed. */
function targetState(f: LifeFrame): WdfPowerDeviceState {
  const sleeps = f.irp == (PnpIrp.SetPowerSx as u32) && f.failing == 0;
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
      undo(f, UNDO_CONNECT, NtStatus.DevicePowerFailure);
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
  finish(f, d);
  if (d.wakeDue != 0 && d.changing == 0) {
    d.wakeDue = 0;
    if (d.state == (DeviceState.Asleep as u32)) queueWake(d);
  }
  return Step.Done;
}

/** The device has left D0, but not well. True when it is given up now; a removal makes nothing of it. */
function givesUp(f: LifeFrame, d: Device): bool {
  if (f.irp == (PnpIrp.SetPowerSx as u32)) {
    answerAtOnce(f, d);
    f.irp = 0;
    undo(f, UNDO_PREPARE, NtStatus.Success);
    return true;
  }
  if (f.irp != (PnpIrp.StopDevice as u32)) return false;
  undo(f, PURGE, NtStatus.Success);
  return true;
}
