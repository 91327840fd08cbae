// The driver's callbacks in the life of a device: what each step of device-life.ts calls, and with which argument.
//
//   step                           callback, if registered                       argument
//   ────────────────────────────── ───────────────────────────────────────────── ─────────────────────────────────────
//   PrepareHardware, Release...    EvtDevicePrepareHardware, ...                  -
//   D0Entry, PostInterrupts        EvtDeviceD0Entry, ...PostInterruptsEnabled     the state it comes from: Dx, D3Final
//   PreInterrupts, D0Exit          EvtDeviceD0Exit..., EvtDeviceD0Exit            the state it goes to: Dx, D3Final
//   ManagedStart                   EvtDeviceSelfManagedIoInit once, later ...Restart
//   ManagedFlush, ManagedCleanup   only after EvtDeviceSelfManagedIoInit was called
//   QueryStop, QueryRemove         EvtDeviceQueryStop, EvtDeviceQueryRemove       -
//
// Source: pnpcallbacks.cpp; FxPkgPnp::PowerD0Starting..., FxSelfManagedIoMachine.

import { PnpIrp, RoutineKind } from "../abi/event";
import { WdfPowerDeviceState } from "../abi/wdf";
import { Step } from "../nt/frame";
import { call } from "./invoke";
import { Device } from "./device";
import { LifeFrame } from "./life-frame";
import { assignResources } from "./interrupt";
import { LifeOp } from "./life-sequences";

/** Calls the driver, if it has registered for it. */
export function notify(f: LifeFrame, d: Device, op: LifeOp): Step {
  switch (op) {
    case LifeOp.PrepareHardware:
      assignResources(d);
      return ask(f, d, op, RoutineKind.DevicePrepareHardware, d.evtPrepareHardware, 0);
    case LifeOp.D0Entry:
      return ask(f, d, op, RoutineKind.DeviceD0Entry, d.evtD0Entry, previousState(f, d));
    case LifeOp.PostInterrupts:
      return ask(f, d, op, RoutineKind.DeviceD0EntryPostInterruptsEnabled, d.evtD0EntryPostInterruptsEnabled, previousState(f, d));
    case LifeOp.ManagedStart:
      return startManaged(f, d);
    case LifeOp.ManagedSuspend:
      return ask(f, d, op, RoutineKind.DeviceSelfManagedIoSuspend, d.evtSelfManagedIoSuspend, 0);
    case LifeOp.PreInterrupts:
      return ask(f, d, op, RoutineKind.DeviceD0ExitPreInterruptsDisabled, d.evtD0ExitPreInterruptsDisabled, targetState(f, d));
    case LifeOp.D0Exit:
      return ask(f, d, op, RoutineKind.DeviceD0Exit, d.evtD0Exit, targetState(f, d));
    case LifeOp.ReleaseHardware:
      return ask(f, d, op, RoutineKind.DeviceReleaseHardware, d.evtReleaseHardware, 0);
    case LifeOp.Eject:
      return ask(f, d, op, RoutineKind.DeviceEject, d.evtEject, 0);
    case LifeOp.QueryStop:
      return ask(f, d, op, RoutineKind.DeviceQueryStop, d.evtQueryStop, 0);
    case LifeOp.QueryRemove:
      return ask(f, d, op, RoutineKind.DeviceQueryRemove, d.evtQueryRemove, 0);
    case LifeOp.ManagedFlush:
      return tell(f, d, RoutineKind.DeviceSelfManagedIoFlush, d.managedStarted == 0 ? 0 : d.evtSelfManagedIoFlush);
    case LifeOp.ManagedCleanup:
      return tell(f, d, RoutineKind.DeviceSelfManagedIoCleanup, d.managedStarted == 0 ? 0 : d.evtSelfManagedIoCleanup);
    default:
      return Step.Again;
  }
}

/** Calls a callback that answers an NTSTATUS. */
function ask(f: LifeFrame, d: Device, op: LifeOp, kind: RoutineKind, callback: u32, power: u32): Step {
  if (callback == 0) return Step.Again;
  f.checks = op;
  return call(f, kind, callback, d.handle, 0, power, 0, 0);
}

/** Calls one that answers nothing. */
export function tell(f: LifeFrame, d: Device, kind: RoutineKind, callback: u32): Step {
  return callback == 0 ? Step.Again : call(f, kind, callback, d.handle, 0, 0, 0, 0);
}

function startManaged(f: LifeFrame, d: Device): Step {
  const first = d.managedStarted == 0;
  d.managedStarted = 1;
  return first
    ? ask(f, d, LifeOp.ManagedStart, RoutineKind.DeviceSelfManagedIoInit, d.evtSelfManagedIoInit, 0)
    : ask(f, d, LifeOp.ManagedStart, RoutineKind.DeviceSelfManagedIoRestart, d.evtSelfManagedIoRestart, 0);
}

/** Where a device that enters D0 comes from: Dx when it slept or was idle, D3Final when it is started. */
export function previousState(f: LifeFrame, d: Device): WdfPowerDeviceState {
  return f.irp == (PnpIrp.SetPowerD0 as u32) || f.waking != 0 ? lowState(d) : WdfPowerDeviceState.D3Final;
}

/** Where a device that leaves D0 goes: Dx when it is to come back, D3Final when it is stopped, removed or given up. */
export function targetState(f: LifeFrame, d: Device): WdfPowerDeviceState {
  return f.failing == 0 && comesBack(f) ? lowState(d) : WdfPowerDeviceState.D3Final;
}

function lowState(d: Device): WdfPowerDeviceState {
  return d.lowState as WdfPowerDeviceState;
}

/** The device leaves D0 for a while: with the system, or because nothing needs it. */
export function comesBack(f: LifeFrame): bool {
  return f.irp == (PnpIrp.SetPowerSx as u32) || f.irp == (PnpIrp.SetPowerDx as u32);
}
