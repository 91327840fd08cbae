// The life of a device: what each PnP and power IRP brings, in order.
//
//   IRP              in D0                                                             otherwise
//   ──────────────── ───────────────────────────────────────────────────────────────── ──────────────────────────────
//   StartDevice      PrepareHardware D0Entry PostInterrupts Resume ManagedStart        -
//   SetPowerSx       ManagedSuspend Hold PreInterrupts D0Exit                          nothing
//   SetPowerS0       answered at once; in a work item, when asleep:                    nothing
//                      D0Entry PostInterrupts Resume ManagedStart
//   StopDevice       as SetPowerSx, then ReleaseHardware                               nothing
//   SurpriseRemoval  SurpriseRemoval, as StopDevice, PurgeManaged Flush                SurpriseRemoval Release Purge Flush
//   RemoveDevice     as StopDevice, PurgeManaged Flush PurgeOthers Cleanup             what has not happened yet of these
//                    Dispose DestroyChildren Answer Delete
//
// ManagedStart is EvtDeviceSelfManagedIoInit the first time and EvtDeviceSelfManagedIoRestart later. Hold, Resume and the
// purges are what happens to the queues (device-power.ts). A device whose IRP arrives while another is being worked on
// takes it up afterwards.
//
// Source: the framework's PnP and power state machines (pnpstatemachine.cpp, powerstatemachine.cpp) as far as their
// callbacks show in traces; FxPkgPnp::PowerD0Starting..., FxSelfManagedIoMachine.

import { EventKind, PnpIrp, RoutineKind } from "../abi/event";
import { NtStatus } from "../abi/status";
import { WdfPowerDeviceState } from "../abi/wdf";
import { queueCall, workItems } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { lookupAny } from "../nt/table";
import { answer, callFrame } from "./calls";
import { Device, DeviceState, deviceAt } from "./device";
import { HoldAction, callHold, callResume } from "./device-power";
import { FrameKind, LifeFrame, QueueFrame } from "./frames";
import { call } from "./invoke";
import { deleteObject, destroyChildren, disposeEarly } from "./object-life";

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
  /** EvtCleanup of all objects below the device, then its own. */
  Dispose = 18,
  DestroyChildren = 19,
  /** The IRP is answered before the device itself is destroyed. */
  Answer = 20,
  Delete = 21,
}

// The sequences, one LifeOp a byte. Numbers because static data takes nothing else; the table above says them in words.
const NOTHING = memory.data<u8>([0]);
const START = memory.data<u8>([1, 2, 3, 4, 5, 0]);
const POWER_UP = START + 1;
const SLEEP = memory.data<u8>([6, 7, 8, 9, 0]);
const STOP = memory.data<u8>([6, 7, 8, 9, 10, 0]);
const SURPRISE = memory.data<u8>([11, 6, 7, 8, 9, 10, 12, 13, 0]);
const SURPRISE_ASLEEP = memory.data<u8>([11, 10, 12, 13, 0]);
const REMOVE = memory.data<u8>([6, 7, 8, 9, 10, 12, 13, 14, 15, 18, 19, 20, 21, 0]);
/** The same from ReleaseHardware, from the purge of managed queues, and from the purge of the others on. */
const REMOVE_ASLEEP = REMOVE + 4;
const REMOVE_STOPPED = REMOVE + 5;
const REMOVE_SURPRISED = REMOVE + 7;
const QUERY_STOP = memory.data<u8>([16, 0]);
const QUERY_REMOVE = memory.data<u8>([17, 0]);

/** Sends a PnP or power IRP to the device in the running thread. Its NTSTATUS to the sender is the call's result. */
export function callLife(d: Device, irp: PnpIrp): void {
  const f = changetype<LifeFrame>(callFrame<Frame>(FrameKind.DeviceLife));
  f.device = changetype<usize>(d);
  f.irp = irp;
  f.next = 0;
  f.checks = 0;
}

/** The work item of a device that wakes up. */
export function callWake(d: Device): void {
  const f = changetype<LifeFrame>(callFrame<Frame>(FrameKind.DeviceLife));
  f.device = changetype<usize>(d);
  f.irp = 0;
  f.next = POWER_UP;
  f.checks = 0;
  d.state = DeviceState.Started;
}

export function stepDeviceLife(frame: Frame): Step {
  const f = changetype<LifeFrame>(frame);
  const d = deviceAt(f.device);
  if (f.next == 0) return begin(f, d);
  if (f.checks != 0) {
    f.checks = 0;
    if ((f.result as i32) < 0) return failed(f, d);
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
  if (f.irp == (PnpIrp.StartDevice as u32)) d.state = DeviceState.Started;
  return Step.Again;
}

function sequenceOf(irp: PnpIrp, state: DeviceState): usize {
  const on = state == DeviceState.Started;
  switch (irp) {
    case PnpIrp.StartDevice:
      return START;
    case PnpIrp.SetPowerSx:
      return on ? SLEEP : NOTHING;
    case PnpIrp.QueryStop:
      return QUERY_STOP;
    case PnpIrp.QueryRemove:
      return QUERY_REMOVE;
    case PnpIrp.StopDevice:
      return on ? STOP : NOTHING;
    case PnpIrp.SurpriseRemoval:
      return on ? SURPRISE : SURPRISE_ASLEEP;
    case PnpIrp.RemoveDevice:
      if (on) return REMOVE;
      if (state == DeviceState.Surprised) return REMOVE_SURPRISED;
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
      callHold(d, HoldAction.Hold);
      return Step.Again;
    case LifeOp.PurgeManaged:
      callHold(d, HoldAction.PurgeManaged);
      return Step.Again;
    case LifeOp.PurgeOthers:
      callHold(d, HoldAction.PurgeNonManaged);
      return Step.Again;
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
      return tell(f, d, RoutineKind.DevicePrepareHardware, d.evtPrepareHardware, 0, true);
    case LifeOp.D0Entry:
      return tell(f, d, RoutineKind.DeviceD0Entry, d.evtD0Entry, previousState(f), true);
    case LifeOp.PostInterrupts:
      return tell(f, d, RoutineKind.DeviceD0EntryPostInterruptsEnabled, d.evtD0EntryPostInterruptsEnabled, previousState(f), true);
    case LifeOp.ManagedStart:
      return startManaged(f, d);
    case LifeOp.ManagedSuspend:
      return tell(f, d, RoutineKind.DeviceSelfManagedIoSuspend, d.evtSelfManagedIoSuspend, 0, false);
    case LifeOp.PreInterrupts:
      return tell(f, d, RoutineKind.DeviceD0ExitPreInterruptsDisabled, d.evtD0ExitPreInterruptsDisabled, targetState(f), false);
    case LifeOp.D0Exit:
      return tell(f, d, RoutineKind.DeviceD0Exit, d.evtD0Exit, targetState(f), false);
    case LifeOp.ReleaseHardware:
      return tell(f, d, RoutineKind.DeviceReleaseHardware, d.evtReleaseHardware, 0, false);
    case LifeOp.SurpriseRemoval:
      return tell(f, d, RoutineKind.DeviceSurpriseRemoval, d.evtSurpriseRemoval, 0, false);
    case LifeOp.ManagedFlush:
      if (d.managedStarted == 0) return Step.Again;
      return tell(f, d, RoutineKind.DeviceSelfManagedIoFlush, d.evtSelfManagedIoFlush, 0, false);
    case LifeOp.QueryStop:
      return tell(f, d, RoutineKind.DeviceQueryStop, d.evtQueryStop, 0, true);
    case LifeOp.QueryRemove:
      return tell(f, d, RoutineKind.DeviceQueryRemove, d.evtQueryRemove, 0, true);
    default:
      if (d.managedStarted == 0) return Step.Again;
      return tell(f, d, RoutineKind.DeviceSelfManagedIoCleanup, d.evtSelfManagedIoCleanup, 0, false);
  }
}

function tell(f: LifeFrame, d: Device, kind: RoutineKind, callback: u32, power: u32, checks: bool): Step {
  if (callback == 0) return Step.Again;
  f.checks = checks ? 1 : 0;
  return call(f, kind, callback, d.handle, 0, power, 0, 0);
}

function startManaged(f: LifeFrame, d: Device): Step {
  const first = d.managedStarted == 0;
  d.managedStarted = 1;
  return first
    ? tell(f, d, RoutineKind.DeviceSelfManagedIoInit, d.evtSelfManagedIoInit, 0, true)
    : tell(f, d, RoutineKind.DeviceSelfManagedIoRestart, d.evtSelfManagedIoRestart, 0, true);
}

/** Where a device that enters D0 comes from: D3 when it slept, D3Final when it is started. */
function previousState(f: LifeFrame): WdfPowerDeviceState {
  return f.irp == 0 ? WdfPowerDeviceState.D3 : WdfPowerDeviceState.D3Final;
}

/** Where a device that leaves D0 goes: D3 to sleep, D3Final to be stopped or removed. */
function targetState(f: LifeFrame): WdfPowerDeviceState {
  return f.irp == (PnpIrp.SetPowerSx as u32) ? WdfPowerDeviceState.D3 : WdfPowerDeviceState.D3Final;
}

/** A callback whose status counts has failed: a query is vetoed, a start or power-up ends here. */
function failed(f: LifeFrame, d: Device): Step {
  const status = f.result;
  d.changing--;
  const query = f.irp == (PnpIrp.QueryStop as u32) || f.irp == (PnpIrp.QueryRemove as u32);
  if (!query) d.state = DeviceState.Failed;
  if (f.irp != 0) emit(EventKind.PnpCompleted, 0, d.handle, f.irp, status);
  answer(f, NtStatus.Pending);
  return Step.Done;
}

/** The IRP goes back to its sender. */
function finish(f: LifeFrame, d: Device): void {
  if (f.irp == 0) return;
  settleState(d, f.irp as PnpIrp);
  emit(EventKind.PnpCompleted, 0, d.handle, f.irp, NtStatus.Success);
  answer(f, f.irp == (PnpIrp.RemoveDevice as u32) ? NtStatus.Success : NtStatus.Pending);
}

function end(f: LifeFrame, d: Device): Step {
  d.changing--;
  finish(f, d);
  if (d.wakeDue != 0 && d.changing == 0) {
    d.wakeDue = 0;
    if (d.state == (DeviceState.Asleep as u32)) queueWake(d);
  }
  return Step.Done;
}

function settleState(d: Device, irp: PnpIrp): void {
  switch (irp) {
    case PnpIrp.SetPowerSx:
      if (d.state == (DeviceState.Started as u32)) d.state = DeviceState.Asleep;
      break;
    case PnpIrp.StopDevice:
      d.state = DeviceState.Stopped;
      break;
    case PnpIrp.SurpriseRemoval:
      d.state = DeviceState.Surprised;
      break;
    case PnpIrp.RemoveDevice:
      d.state = DeviceState.Removed;
      d.gate |= 1;
      break;
    default:
      break;
  }
}
