// WdfDeviceAssignSxWakeSettings, WdfDeviceIndicateWakeStatus.

import { STRUCTURE_SIZE, WakeSettingsWord } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { DevicePowerState, WdfTriState } from "../abi/wdf";
import { word } from "../nt/scratch";
import { lookup } from "../nt/table";
import { DeviceState, deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { objectAt } from "../wdf/object";
import { endShortReturn } from "../wdf/straight";
import { completeWaitWake } from "../wdf/wake";
import { requiredDevice } from "./device";

/** The settings stand in the scratch area. What they say of children counts the first time only. */
export function WdfDeviceAssignSxWakeSettings(device: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const d = deviceAt(at);
  if (d.filter != 0) return NtStatus.InvalidDeviceRequest;
  if (word(WakeSettingsWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if (!isInRange()) return NtStatus.InvalidParameter;
  const dx = word(WakeSettingsWord.DxState);
  d.sxWakeState = dx == (DevicePowerState.Maximum as u32) ? (DevicePowerState.D3 as u32) : dx;
  if (d.sxWakeSet == 0) d.armsWithChildren = word(WakeSettingsWord.ArmForWakeIfChildrenAreArmedForWake);
  d.sxWakeSet = 1;
  d.sxWakeEnabled = word(WakeSettingsWord.Enabled) != (WdfTriState.False as u32) ? 1 : 0;
  return NtStatus.Success;
}

function isInRange(): bool {
  const dx = word(WakeSettingsWord.DxState);
  if (dx < (DevicePowerState.D1 as u32) || dx > (DevicePowerState.Maximum as u32)) return false;
  if (word(WakeSettingsWord.UserControlOfWakeSettings) - 1 > 1) return false;
  return word(WakeSettingsWord.Enabled) <= (WdfTriState.UseDefault as u32);
}

/** The bus driver completes the wait-wake IRP of its device. */
export function WdfDeviceIndicateWakeStatus(device: u32, status: i32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  if (status == NtStatus.Pending || status == NtStatus.Cancelled) return NtStatus.InvalidParameter;
  if (deviceAt(at).parentDevice == 0) return NtStatus.InvalidDeviceState; // whose wait-wake IRPs are not its own to complete
  return settle(completeWaitWake(deviceAt(at), status));
}

/** 1 when the device is in Dx because the system sleeps. */
export function sleepsWithSystem(device: u32): u32 {
  const entry = lookup(device, ObjectKind.Device);
  return entry != 0 && deviceAt(objectAt(entry).body).state == (DeviceState.Asleep as u32) ? 1 : 0;
}

/** power().signalWake(): the hardware wakes up. */
export function signalWake(device: u32): i32 {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.NoSuchDevice;
  endShortReturn();
  return settle(completeWaitWake(deviceAt(objectAt(entry).body), NtStatus.Success));
}
