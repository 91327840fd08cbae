// WdfDevice...DeviceInterface...: what the framework checks. Names and states of interfaces are the host's.

import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { system } from "../nt/system";
import { DeviceState, deviceAt } from "../wdf/device";
import { breakPoint } from "../wdf/verifier";
import { isPassive, required, requiredPointer } from "./check";
import { requiredDevice } from "./device";

/** `guid` is 0 for a NULL pointer. */
export function WdfDeviceCreateDeviceInterface(device: u32, guid: u32): i32 {
  if (requiredDevice(device) == 0 || !requiredPointer(guid)) return NtStatus.InvalidHandle;
  if (!isPassive(device)) return NtStatus.InvalidDeviceRequest;
  return system.lowMemory != 0 ? NtStatus.InsufficientResources : NtStatus.Success;
}

/** 1 when the state may be set. */
export function WdfDeviceSetDeviceInterfaceState(device: u32, guid: u32): u32 {
  if (requiredDevice(device) == 0 || !requiredPointer(guid)) return 0;
  if (isPassive(device)) return 1;
  breakPoint(FindingId.NotPassive, device, 0);
  return 0;
}

export function WdfDeviceSetDeviceInterfaceStateEx(device: u32, guid: u32): u32 {
  return WdfDeviceSetDeviceInterfaceState(device, guid);
}

export function WdfDeviceRetrieveDeviceInterfaceString(device: u32, guid: u32, string_: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0 || !requiredPointer(guid)) return NtStatus.InvalidHandle;
  if (!isPassive(device)) return NtStatus.InvalidDeviceRequest;
  if (required(string_, ObjectKind.String) == 0) return NtStatus.InvalidHandle;
  const d = deviceAt(at);
  const unknown = d.parentDevice != 0 && d.state == (DeviceState.Init as u32);
  return unknown ? NtStatus.InvalidDeviceState : NtStatus.Success; // a PDO that PnP has not seen yet has no link
}
