// The life of a device: what each PnP and power IRP brings, in order.
//
//   IRP              in D0                                                             otherwise
//   ──────────────── ───────────────────────────────────────────────────────────────── ──────────────────────────────
//   StartDevice      PrepareHardware D0Entry Connect PostInterrupts Resume ManagedStart  -
//   SetPowerSx       ManagedSuspend Hold PreInterrupts Disconnect D0Exit               nothing
//   SetPowerS0       answered at once; in a work item, when asleep:                    nothing
//                      D0Entry Connect PostInterrupts Resume ManagedStart
//   SetPowerDx       as SetPowerSx: it is idle, or power().toD3() asks for it           Idle: nothing; else refused
//   SetPowerD0       -                                                                 Idle: as SetPowerS0; else refused
//   StopDevice       as SetPowerSx, then ReleaseHardware                               nothing
//   SurpriseRemoval  SurpriseRemoval, as StopDevice, PurgeManaged Flush                SurpriseRemoval Release Purge Flush
//   RemoveDevice     as StopDevice, PurgeManaged Flush PurgeOthers Cleanup             what has not happened yet of these
//                    Dispose DestroyChildren Answer Delete
//
// ManagedStart is EvtDeviceSelfManagedIoInit the first time and EvtDeviceSelfManagedIoRestart later; Flush and Cleanup come
// only after it. Hold, Resume and the purges are what happens to the queues (device-power.ts).
//
// One after the other: an IRP that arrives while another is being worked on (`changing`) waits in its thread until that has
// ended. Two do not wait: SetPowerS0 is answered and remembered (`wakeDue`), and EvtDeviceSurpriseRemoval is called at once
// (PnpEventSurpriseRemoveIoStarted calls it before the power state machine is told to stop).
//
// The callbacks themselves are in life-callbacks.ts, the sequences in life-sequences.ts, what a failed callback changes in
// life-failure.ts, and what comes next in life-turn.ts.
//
// Source: the framework's PnP and power state machines (pnpstatemachine.cpp, powerstatemachine.cpp,
// powerpolicystatemachine.cpp) as far as their callbacks show in traces.

import { EventKind, PnpIrp, RoutineKind, WaitReason } from "../abi/event";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfPowerDeviceState } from "../abi/wdf";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { system } from "../nt/system";
import { lookup, lookupAny } from "../nt/table";
import { currentThread, park } from "../nt/thread";
import { answer } from "./calls";
import { callScans } from "./child-list";
import { Device, DeviceState, deviceAt, settleState } from "./device";
import { HoldAction, callHold, callResume } from "./device-power";
import { leaveD0, powerDereference, powerReference, powerUpFailed } from "./idle";
import { InterruptsAction, callInterrupts } from "./interrupt-power";
import { comesBack, notify, previousState, targetState, tell } from "./life-callbacks";
import { failed, givesUp } from "./life-failure";
import { LifeFrame, LifeStep } from "./life-frame";
import { LifeOp, sequenceOf } from "./life-sequences";
import { follow, release, wakeWithSystem } from "./life-turn";
import { deleteObject, destroyChildren, disposeEarly } from "./object-life";
import { holdNeeded, releaseNeeded, restartChild, staysPresent } from "./pdo";
import { startWatchdog } from "./power-watchdog";
import { Armed, armWake, disarm, forgetWake, revertArming, tellTriggered, wakesSystem } from "./wake";
import { releaseWaiters } from "./work-item";

export function stepDeviceLife(frame: Frame): Step {
  const f = changetype<LifeFrame>(frame);
  const d = deviceAt(f.device);
  switch (f.step) {
    case LifeStep.Arrive:
      f.step = LifeStep.Wait;
      return arrive(f, d);
    case LifeStep.Told:
      system.surprising--;
      f.step = LifeStep.Wait;
      return Step.Again;
    case LifeStep.Wait:
      return takeTurn(f, d);
    case LifeStep.Turn:
      f.step = LifeStep.Run;
      begin(f, d);
      return Step.Again;
  }
  if (f.checks != 0) {
    const checked = f.checks as LifeOp;
    f.checks = 0;
    if ((f.result as i32) < 0) failed(f, d, checked);
  }
  const op = load<u8>(f.next++);
  return op == (LifeOp.End as u8) ? end(f, d) : perform(f, d, op as LifeOp);
}

/** What does not wait for anything. */
function arrive(f: LifeFrame, d: Device): Step {
  switch (f.irp) {
    case PnpIrp.SetPowerS0 as u32:
      return systemWorks(f, d);
    case PnpIrp.SetPowerSx as u32:
      if (d.filter == 0) return Step.Again;
      answerAtOnce(f, d);
      return Step.Done;
    case PnpIrp.SurpriseRemoval as u32:
      endPower(d);
      if (d.evtSurpriseRemoval == 0) return Step.Again;
      f.step = LifeStep.Told;
      system.surprising++;
      return tell(f, d, RoutineKind.DeviceSurpriseRemoval, d.evtSurpriseRemoval);
    default:
      return Step.Again;
  }
}

/** The IRP waits while another is worked on; what it waits for may take the device away. */
function takeTurn(f: LifeFrame, d: Device): Step {
  if (lookup(f.handle, ObjectKind.Device) == 0 || d.state == (DeviceState.Removed as u32)) {
    answer(f, NtStatus.NoSuchDevice);
    return Step.Done;
  }
  if (d.changing == 0) {
    d.changing++;
    f.step = LifeStep.Turn;
    return Step.Again;
  }
  if (comesBack(f) && d.watchdog.slot == 0) startWatchdog(d);
  park(WaitReason.DeviceToSettle, d.handle);
  d.lifeWaiters.append(currentThread());
  return Step.Yield;
}

function begin(f: LifeFrame, d: Device): void {
  f.next = sequenceOf(f.irp as PnpIrp, d.state as DeviceState, disarmsFirst(d));
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
      if (disarmsFirst(d)) wakeFirst(f, d);
      d.directed = 0;
      d.sleeping = 1;
      d.lowState = wakesSystem(d) ? d.sxWakeState : (WdfPowerDeviceState.D3 as u32);
      leaveD0(d);
      startWatchdog(d);
      break;
    case PnpIrp.SetPowerDx as u32:
    case PnpIrp.SetPowerD0 as u32:
      beginDevicePower(f, d);
      break;
    case PnpIrp.RemoveDevice as u32:
      wakeFirst(f, d);
      endPower(d);
      if (f.waking == 0) forgetWake(d);
      break;
    case PnpIrp.StopDevice as u32:
    case PnpIrp.SurpriseRemoval as u32:
      endPower(d);
      forgetWake(d);
      break;
    default:
      break;
  }
}

/** A device power IRP is for a device in D0 or Idle that owns its power policy. */
function beginDevicePower(f: LifeFrame, d: Device): void {
  const up = f.irp == (PnpIrp.SetPowerD0 as u32);
  if (d.filter != 0 || (d.follows != 0 && f.silent == 0)) f.status = NtStatus.InvalidDeviceRequest;
  else if (!up && d.dependents != 0 && f.silent == 0) f.status = NtStatus.InvalidDeviceState;
  else if (d.state == (DeviceState.Idle as u32) || d.state == (DeviceState.Started as u32) || f.silent != 0) {
    d.directed = up || f.silent != 0 ? 0 : 1;
    if (load<u8>(f.next) == (LifeOp.End as u8)) return;
    startWatchdog(d);
    if (up) {
      d.state = DeviceState.Started;
      return;
    }
    leaveD0(d);
    d.lowState = f.silent != 0 ? d.idleState : (WdfPowerDeviceState.D3 as u32);
    return;
  } else f.status = NtStatus.InvalidDeviceState;
  f.next = sequenceOf(0 as PnpIrp, d.state as DeviceState, false);
}

function startPower(d: Device): void {
  restartChild(d);
  d.state = DeviceState.Started;
  d.powerStarted = 1;
  d.powerFailed = 0;
}

/** No power reference is given from now on, and who waits for D0 hears so. */
function endPower(d: Device): void {
  leaveD0(d);
  d.powerStarted = 0;
  releaseWaiters(d.idleWaiters);
}

/** An idle device that is armed, or that is to be armed for the system, does not sleep on in Dx. */
function disarmsFirst(d: Device): bool {
  return d.state == (DeviceState.Idle as u32) && (d.armed != (Armed.No as u32) || wakesSystem(d));
}

/** An idle device comes to D0 before it is asked, or removed. */
function wakeFirst(f: LifeFrame, d: Device): void {
  if (d.state != (DeviceState.Idle as u32)) return;
  d.state = DeviceState.Started;
  f.waking = 1;
}

/** The system works again: the IRP is answered, the device follows in a work item. */
function systemWorks(f: LifeFrame, d: Device): Step {
  answerAtOnce(f, d);
  if (d.changing != 0) d.wakeDue = 1;
  else wakeWithSystem(d);
  return Step.Done;
}

function answerAtOnce(f: LifeFrame, d: Device): void {
  if (f.silent != 0) return;
  f.silent = 1;
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
    case LifeOp.HoldNeeded:
      return holdNeeded(f, d);
    case LifeOp.ReleaseNeeded:
      follow(releaseNeeded(f, d));
      return Step.Again;
    case LifeOp.ScanForChildren:
      callScans(d);
      return Step.Again;
    case LifeOp.Stay:
      if (!staysPresent(d)) return Step.Again;
      f.stays = 1;
      return end(f, d);
    case LifeOp.ArmWake:
      return armWake(f, d);
    case LifeOp.RevertArming:
      return revertArming(f, d);
    case LifeOp.TellTriggered:
      return tellTriggered(f, d);
    case LifeOp.DisarmWake:
      return disarm(f, d);
    case LifeOp.GiveUp:
      forgetWake(d);
      d.state = DeviceState.Failed;
      powerUpFailed(d);
      return Step.Again;
    case LifeOp.Delete:
      releaseWaiters(d.lifeWaiters);
      deleteObject(lookupAny(d.handle));
      return Step.Again;
    default:
      return notify(f, d, op);
  }
}

function holdOf(op: LifeOp): HoldAction {
  return op == LifeOp.Hold ? HoldAction.Hold : op == LifeOp.PurgeManaged ? HoldAction.PurgeManaged : HoldAction.PurgeNonManaged;
}

/** A failure to connect counts like that of a callback. */
function changeInterrupts(f: LifeFrame, d: Device, op: LifeOp): Step {
  const power = op == LifeOp.ConnectInterrupts ? previousState(f, d) : targetState(f, d);
  const action = ((op as u32) - LifeOp.ConnectInterrupts) as InterruptsAction;
  if (callInterrupts(d, action, power != WdfPowerDeviceState.D3Final)) f.checks = op;
  return Step.Again;
}

/** The IRP goes back to its sender. */
function finish(f: LifeFrame, d: Device): void {
  if (f.failing == 0 && f.status >= 0) {
    settleState(d, f.irp as PnpIrp, f.stays != 0);
    settleQuery(d, f.irp as PnpIrp);
  }
  if (f.silent != 0) return;
  f.silent = 1;
  emit(EventKind.PnpCompleted, 0, d.handle, f.irp, f.status);
  answer(f, f.irp == (PnpIrp.RemoveDevice as u32) ? NtStatus.Success : NtStatus.Pending);
}

function end(f: LifeFrame, d: Device): Step {
  if (f.irp == (PnpIrp.RemoveDevice as u32) && f.stays == 0) return Step.Done; // the device is gone
  if (f.downFailed != 0 && f.failing == 0 && givesUp(f)) {
    if (comesBack(f)) answerAtOnce(f, d);
    return Step.Again;
  }
  finish(f, d);
  release(d);
  return Step.Done;
}

/** A query that was accepted keeps the device in D0 until something comes of it. */
function settleQuery(d: Device, irp: PnpIrp): void {
  const asks = irp == PnpIrp.QueryStop || irp == PnpIrp.QueryRemove;
  if (asks && d.queryHeld == 0 && d.state == (DeviceState.Started as u32) && d.filter == 0) {
    if (powerReference(d) >= 0) d.queryHeld = 1;
  } else if (!asks && d.queryHeld != 0 && irp < PnpIrp.SetPowerSx) {
    d.queryHeld = 0;
    powerDereference(d);
  }
}
