// WdfDeviceAssignS0IdleSettings, WdfDeviceStopIdle, WdfDeviceResumeIdle.

import { PnpIrp } from "../abi/event";
import { IdleSettingsWord, STRUCTURE_SIZE } from "../abi/config";
import { Ddi } from "../abi/irql-rules";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import {
  DevicePowerState,
  WdfPowerDeviceState,
  WdfPowerPolicyIdleTimeoutType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfTriState,
} from "../abi/wdf";
import { word } from "../nt/scratch";
import { lookup } from "../nt/table";
import { Device, deviceAt } from "../wdf/device";
import { callPower } from "../wdf/life-frame";
import { settle } from "../wdf/dispatch";
import { assignIdleSettings, callAwaitD0, powerDereference, powerReference } from "../wdf/idle";
import { irqlAtMost } from "../wdf/irql";
import { objectAt } from "../wdf/object";
import { endShortReturn } from "../wdf/straight";
import { required } from "./check";
import { mayWait } from "./dpc";

function requiredDevice(handle: u32): usize {
  const entry = required(handle, ObjectKind.Device);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** The settings stand in the scratch area. */
export function WdfDeviceAssignS0IdleSettings(device: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const d = deviceAt(at);
  if (d.filter != 0) return NtStatus.InvalidDeviceRequest;
  if (word(IdleSettingsWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if (!isInRange()) return NtStatus.InvalidParameter;
  if (!setIdleState(d)) return NtStatus.PowerStateInvalid;
  const enabled = word(IdleSettingsWord.Enabled) != (WdfTriState.False as u32);
  const wakes = word(IdleSettingsWord.PowerUpIdleDeviceOnSystemWake) == (WdfTriState.True as u32);
  if (assignIdleSettings(d, enabled, word(IdleSettingsWord.IdleTimeout), wakes)) comeBack(d);
  return settle(NtStatus.Success);
}

/** DxState and IdleCaps. False when the bus cannot wake the device from that state: a USB bus can from D2. */
function setIdleState(d: Device): bool {
  const caps = word(IdleSettingsWord.IdleCaps);
  const usb = caps == (WdfPowerPolicyS0IdleCapabilities.UsbSelectiveSuspend as u32);
  const deepest = usb ? (WdfPowerDeviceState.D2 as u32) : (WdfPowerDeviceState.D3 as u32);
  const asked = word(IdleSettingsWord.DxState);
  const dx = asked == (DevicePowerState.Maximum as u32) ? deepest : asked;
  if (dx > deepest) return false;
  d.idleState = dx;
  d.s0Wake = caps == (WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0 as u32) ? 0 : 1;
  return true;
}

/** A disabled device does not stay in Dx: it comes to D0 before the DDI returns. */
function comeBack(d: Device): void {
  d.changing++;
  callPower(d, PnpIrp.SetPowerD0);
}

function isInRange(): bool {
  const dx = word(IdleSettingsWord.DxState);
  const caps = word(IdleSettingsWord.IdleCaps);
  const wake = word(IdleSettingsWord.PowerUpIdleDeviceOnSystemWake);
  const cannot = WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0 as u32;
  if (dx < (DevicePowerState.D1 as u32) || dx > (DevicePowerState.Maximum as u32)) return false;
  if (caps < cannot || caps > (WdfPowerPolicyS0IdleCapabilities.UsbSelectiveSuspend as u32)) return false;
  if (word(IdleSettingsWord.UserControlOfIdleSettings) - 1 > 1) return false;
  if (word(IdleSettingsWord.Enabled) > (WdfTriState.UseDefault as u32) || wake > (WdfTriState.UseDefault as u32)) return false;
  if (caps != cannot && wake != (WdfTriState.UseDefault as u32)) return false;
  return word(IdleSettingsWord.IdleTimeoutType) <= (WdfPowerPolicyIdleTimeoutType.SystemManagedWithHint as u32);
}

/**
 * power().idleAfter(): as if the driver had called WdfDeviceAssignS0IdleSettings with that IdleTimeout; 0: with Enabled FALSE.
 * What it has said of system wake stays.
 */
export function setIdleTimeout(device: u32, milliseconds: u32): i32 {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.NoSuchDevice;
  const d = deviceAt(objectAt(entry).body);
  if (d.filter != 0) return NtStatus.InvalidDeviceRequest;
  endShortReturn();
  if (assignIdleSettings(d, milliseconds != 0, milliseconds, d.wakesWithSystem != 0)) comeBack(d);
  return settle(NtStatus.Success);
}

/** Takes a power reference: SUCCESS in D0, PENDING on the way there, POWER_STATE_INVALID when there is no way. */
export function WdfDeviceStopIdle(device: u32, waitForD0: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const d = deviceAt(at);
  if (waitForD0 != 0) {
    irqlAtMost(Ddi.WdfDeviceStopIdle, Irql.Passive);
    if (!mayWait(device)) return NtStatus.InvalidDeviceRequest;
  }
  if (d.filter != 0) return NtStatus.InvalidDeviceState;
  const status = powerReference(d);
  if (waitForD0 != 0 && status == NtStatus.Pending) callAwaitD0(d);
  return settle(status);
}

/** Gives a power reference back. */
export function WdfDeviceResumeIdle(device: u32): void {
  const at = requiredDevice(device);
  if (at != 0 && deviceAt(at).filter == 0) powerDereference(deviceAt(at));
}
