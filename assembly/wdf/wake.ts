// Arming a device to wake: what lets a device, or the whole system, come back because the hardware says so.
//
//   when the device leaves D0          armed, if                                       callback
//   ────────────────────────────────── ─────────────────────────────────────────────── ──────────────────────────────────
//   because it is idle (SetPowerDx)    IdleCanWakeFromS0, IdleUsbSelectiveSuspend      EvtDeviceArmWakeFromS0
//   with the system (SetPowerSx)       WdfDeviceAssignSxWakeSettings has enabled it,   EvtDeviceArmWakeFromSxWithReason,
//                                      or a child is armed and the settings say so     else EvtDeviceArmWakeFromSx
//
//   armed ──the bus completes the wait-wake IRP (WdfDeviceIndicateWakeStatus, power().signalWake())──▶ triggered
//     │                                                                                                   │
//     ▼ back in D0, before the queues resume                                                              ▼ the same
//   EvtDeviceDisarmWakeFrom...                                          EvtDeviceWakeFrom...Triggered, then Disarm
//
// Arming comes when the queues are held and before D0Exit..., disarming after D0Entry... and before the queues go on. When it
// fails in S0 the device finishes its way to Dx and comes back at once, without a disarm; when it fails in Sx it is disarmed,
// and sleeps without waking anybody. An idle device that is armed, or that is to be armed for Sx, comes to D0 first when the
// system goes to sleep. The bus of this machine can wake the system from D3 in all states, a USB bus from D2.
//
// Source: powerpolicystatemachine.cpp (PowerPolTimerExpiredWakeCapable..., PowerPolSleepingWake..., PowerPolS0WakeDisarm,
// PowerPolWokeFromS0NotifyDriver, PowerPolSystemWakeDeviceWoke...), fxpkgpnp.cpp (PowerPolicySetSxWakeSettings).

import { PnpIrp, RoutineKind } from "../abi/event";
import { NtStatus } from "../abi/status";
import { Step } from "../nt/frame";
import { system } from "../nt/system";
import { call } from "./invoke";
import { Device, DeviceState, deviceAt } from "./device";
import { LifeFrame } from "./life-frame";
import { queueWake } from "./idle";
import { LifeOp } from "./life-sequences";

/** What a device is armed for. */
export enum Armed {
  No = 0,
  /** EvtDeviceArmWakeFromS0 */
  S0 = 1,
  /** EvtDeviceArmWakeFromSx */
  Sx = 2,
}

/** FxPkgPnp::PowerPolicyGetCurrentWakeReason */
function childrenArmed(d: Device): bool {
  return d.armsWithChildren != 0 && d.childrenArmed > 0;
}

/** The device is to be armed when the system goes to sleep. */
export function wakesSystem(d: Device): bool {
  return d.sxWakeEnabled != 0 || childrenArmed(d);
}

/** Arms the device, if this way out of D0 is one for which it is armed. */
export function armWake(f: LifeFrame, d: Device): Step {
  if (f.irp == (PnpIrp.SetPowerDx as u32)) {
    if (d.s0Wake == 0 || d.idleEnabled == 0) return Step.Again;
    setArmed(d, Armed.S0);
    return ask(f, d, RoutineKind.DeviceArmWakeFromS0, d.evtArmWakeFromS0, 0, 0);
  }
  if (f.irp != (PnpIrp.SetPowerSx as u32) || !wakesSystem(d)) return Step.Again;
  const children: u32 = childrenArmed(d) ? 1 : 0;
  setArmed(d, Armed.Sx);
  if (d.evtArmWakeFromSxWithReason != 0) {
    return ask(f, d, RoutineKind.DeviceArmWakeFromSxWithReason, d.evtArmWakeFromSxWithReason, d.sxWakeEnabled, children);
  }
  return ask(f, d, RoutineKind.DeviceArmWakeFromSx, d.evtArmWakeFromSx, 0, 0);
}

function ask(f: LifeFrame, d: Device, kind: RoutineKind, callback: u32, x: u32, y: u32): Step {
  if (callback == 0) return Step.Again;
  f.checks = LifeOp.ArmWake;
  return call(f, kind, callback, d.handle, 0, x, y, 0);
}

/** The callback has refused. In S0 the device comes back as soon as it is in Dx. */
export function armingFailed(d: Device): void {
  if (d.armed == (Armed.S0 as u32)) {
    setArmed(d, Armed.No);
    d.comesBackAtOnce = 1;
  } else {
    d.armingFailed = 1;
  }
}

/** What a failed EvtDeviceArmWakeFromSx leaves is undone. */
export function revertArming(f: LifeFrame, d: Device): Step {
  if (d.armingFailed == 0) return Step.Again;
  d.armingFailed = 0;
  return disarm(f, d);
}

/** Back in D0: the driver hears that it was its device that has woken up, if so. */
export function tellTriggered(f: LifeFrame, d: Device): Step {
  if (d.armed == (Armed.No as u32) || d.triggered == 0) return Step.Again;
  return d.armed == (Armed.S0 as u32)
    ? tell(f, d, RoutineKind.DeviceWakeFromS0Triggered, d.evtWakeFromS0Triggered)
    : tell(f, d, RoutineKind.DeviceWakeFromSxTriggered, d.evtWakeFromSxTriggered);
}

/** Back in D0: the device is not to wake anybody any more. */
export function disarm(f: LifeFrame, d: Device): Step {
  const armed = d.armed;
  setArmed(d, Armed.No);
  if (armed == (Armed.No as u32)) return Step.Again;
  return armed == (Armed.S0 as u32)
    ? tell(f, d, RoutineKind.DeviceDisarmWakeFromS0, d.evtDisarmWakeFromS0)
    : tell(f, d, RoutineKind.DeviceDisarmWakeFromSx, d.evtDisarmWakeFromSx);
}

function tell(f: LifeFrame, d: Device, kind: RoutineKind, callback: u32): Step {
  return callback == 0 ? Step.Again : call(f, kind, callback, d.handle, 0, 0, 0, 0);
}

/** The device will not come back: its wait-wake IRP is cancelled, and nobody hears of it. */
export function forgetWake(d: Device): void {
  setArmed(d, Armed.No);
  d.armingFailed = 0;
  d.comesBackAtOnce = 0;
}

function setArmed(d: Device, armed: Armed): void {
  const bus = busOf(d);
  if (bus != 0) {
    if (armed == Armed.Sx) deviceAt(bus).childrenArmed++;
    else if (d.armed == (Armed.Sx as u32)) deviceAt(bus).childrenArmed--;
  }
  d.armed = armed;
  d.triggered = 0;
}

/** The bus device on whose child the device stands, or which it is a child of; 0 for none. */
function busOf(d: Device): usize {
  for (let at = changetype<usize>(d); at != 0; at = deviceAt(at).lowerDevice) {
    if (deviceAt(at).parentDevice != 0) return deviceAt(at).parentDevice;
  }
  return 0;
}

/** The bus completes the wait-wake IRP of the device, or of the one that stands on it and owns the power policy. */
export function completeWaitWake(d: Device, status: NtStatus): NtStatus {
  const at = armedIn(changetype<usize>(d));
  if (at == 0) return NtStatus.InvalidDeviceRequest;
  const owner = deviceAt(at);
  if (owner.triggered != 0) return NtStatus.InvalidDeviceRequest;
  if (status >= 0) owner.triggered = 1;
  if (owner.armed == (Armed.Sx as u32)) return NtStatus.Success; // what follows comes with the system
  if (owner.changing != 0) owner.comesBackAtOnce = 1;
  else if (owner.state == (DeviceState.Idle as u32)) queueWake(owner);
  return NtStatus.Success;
}

/** The armed device in the stack above, or the device itself. */
function armedIn(lowest: usize): usize {
  for (let at = system.devices; at != 0; at = deviceAt(at).nextDevice) {
    if (deviceAt(at).armed == (Armed.No as u32)) continue;
    for (let below = at; below != 0; below = deviceAt(below).lowerDevice) if (below == lowest) return at;
  }
  return 0;
}
