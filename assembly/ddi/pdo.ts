// WdfPdo*, WdfFdo*StaticChild: who the children are is the host's (host/buses.ts), which asks here about handles, and tells the
// core what matters to the life of devices.

import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { lookup } from "../nt/table";
import { callDeviceAdd } from "../wdf/child-list";
import { DeviceState, deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { objectAt } from "../wdf/object";
import { endShortReturn } from "../wdf/straight";
import { breakPoint } from "../wdf/verifier";
import { requiredDevice } from "./device";

/** The structure is the host's; 0 after a Stop. */
export function WdfPdoInitAllocate(parent: u32): u32 {
  return requiredDevice(parent) == 0 ? 0 : 1;
}

/** The child's parent, 0 (NULL) for a device that is no child. */
export function WdfPdoGetParent(device: u32): u32 {
  const at = requiredDevice(device);
  return at == 0 || deviceAt(at).parentDevice == 0 ? 0 : deviceAt(deviceAt(at).parentDevice).handle;
}

/** The host keeps the list. From now on the bus driver reports the child. */
export function WdfFdoAddStaticChild(fdo: u32, child: u32): i32 {
  const at = requiredDevice(fdo);
  const below = at == 0 ? 0 : requiredDevice(child);
  if (below == 0) return NtStatus.InvalidHandle;
  if (deviceAt(at).parentDevice != 0 || deviceAt(below).parentDevice != at) return NtStatus.InvalidParameter;
  if (deviceAt(below).reported != 0) return NtStatus.ObjectNameExists;
  deviceAt(below).reported = 1;
  return NtStatus.Success;
}

/** 1 when the static children of the device may be asked for. */
export function WdfFdoLockStaticChildListForIteration(fdo: u32): u32 {
  return isFdo(fdo);
}

export function WdfFdoUnlockStaticChildListFromIteration(fdo: u32): u32 {
  return isFdo(fdo);
}

/** The host knows the next one. 0: a break, or a Stop. */
export function WdfFdoRetrieveNextStaticChild(fdo: u32, _previous: u32, flags: u32): u32 {
  if (isFdo(fdo) == 0) return 0;
  if (flags != 0 && flags <= RETRIEVE_ALL) return 1;
  breakPoint(FindingId.NoBusDevice, fdo, 0);
  return 0;
}

/** WdfRetrieveAllChildren */
const RETRIEVE_ALL: u32 = 7;

function isFdo(fdo: u32): u32 {
  const at = requiredDevice(fdo);
  if (at == 0) return 0;
  if (deviceAt(at).parentDevice == 0) return 1;
  breakPoint(FindingId.NoBusDevice, fdo, 0);
  return 0;
}

/** The host looks for what it is that is missing. */
export function WdfPdoMarkMissing(device: u32): i32 {
  return childStatus(device);
}

export function WdfPdoRequestEject(device: u32): i32 {
  const status = childStatus(device);
  if (status < 0) breakPoint(FindingId.NoChildDevice, device, 0);
  return status;
}

/** GetPdoPackageFromDeviceHandle */
function childStatus(device: u32): NtStatus {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  return deviceAt(at).parentDevice == 0 ? NtStatus.InvalidDeviceRequest : NtStatus.Success;
}

/** EvtDriverDeviceAdd of the driver for a child, from inside a routine. */
export function addDeviceFor(driver: u32, callback: u32, number: u32): i32 {
  endShortReturn();
  callDeviceAdd(driver, callback, number);
  return settle(NtStatus.Success);
}

/** The bus driver reports the child as present, or not (any more). */
export function reportChild(device: u32, present: u32): void {
  const entry = lookup(device, ObjectKind.Device);
  if (entry != 0) deviceAt(objectAt(entry).body).reported = present;
}

/** A function driver's device stands on the child and owns the power policy of both. */
export function standOnChild(device: u32): void {
  const entry = lookup(device, ObjectKind.Device);
  if (entry != 0 && deviceAt(objectAt(entry).body).parentDevice != 0) deviceAt(objectAt(entry).body).follows = 1;
}

/** The DeviceState of a device; Removed for one that is gone. */
export function stateOfDevice(device: u32): u32 {
  const entry = lookup(device, ObjectKind.Device);
  return entry == 0 ? (DeviceState.Removed as u32) : deviceAt(objectAt(entry).body).state;
}
