// WdfRegistry*, and what opens a key for a driver or a device.
//
// Here is what the framework checks before it asks the registry, in its order. The registry is the host's: `name` is 0 for
// a NULL pointer, and `outcome` what the registry would answer.

import { FindingId } from "../abi/finding";
import { KeyAccess } from "../abi/registry";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { system } from "../nt/system";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { DeviceState, deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { callingDriver } from "../wdf/driver";
import { memoryOf } from "../wdf/memory";
import { deleteObject } from "../wdf/object-life";
import { objectAt } from "../wdf/object";
import { closeKey, createKey, useKey } from "../wdf/registry-key";
import { breakPoint } from "../wdf/verifier";
import { isPassive, required, requiredPointer } from "./check";

export function WdfRegistryOpenKey(parent: u32, name: u32, access: u32, outcome: i32): i32 {
  if (parent != 0 && required(parent, ObjectKind.Key) == 0) return NtStatus.InvalidHandle;
  if (!requiredPointer(name)) return NtStatus.InvalidParameter;
  return openFor(0, AttributesRule.None, access, outcome);
}

export function WdfRegistryCreateKey(parent: u32, name: u32, access: u32, outcome: i32): i32 {
  return WdfRegistryOpenKey(parent, name, access, outcome);
}

export function WdfDriverOpenParametersRegistryKey(driver: u32, access: u32, outcome: i32): i32 {
  return openFor(driver, AttributesRule.None, access, outcome);
}

export function WdfDriverOpenPersistentStateRegistryKey(driver: u32, access: u32, outcome: i32): i32 {
  return openFor(driver, AttributesRule.None, access, outcome);
}

/** What all have in common: level, attributes, then the driver, 0 for none asked for. */
function openFor(driver: u32, rule: AttributesRule, access: u32, outcome: i32): i32 {
  system.out0 = 0;
  if (!isPassive(driver)) return NtStatus.InvalidDeviceRequest;
  const status = validateAttributes(rule);
  if (status < 0) return status;
  if (driver != 0 && required(driver, ObjectKind.Driver) == 0) return NtStatus.InvalidHandle;
  const above = parentOr(callingDriver());
  return above == 0 ? NtStatus.InvalidHandle : createKey(above, access, outcome);
}

export function WdfDriverGetRegistryPath(driver: u32): u32 {
  return required(driver, ObjectKind.Driver) != 0 && isPassive(driver) ? 1 : 0;
}

export function WdfDeviceOpenRegistryKey(device: u32, access: u32, outcome: i32): i32 {
  system.out0 = 0;
  const entry = required(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.InvalidHandle;
  if (!isPassive(device)) {
    breakPoint(FindingId.NotPassive, device, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  const status = validateAttributes(AttributesRule.ParentNotAllowed);
  if (status < 0) return status;
  const d = deviceAt(objectAt(entry).body);
  if (d.parentDevice != 0 && d.state == (DeviceState.Init as u32)) return NtStatus.InvalidDeviceState; // no PDO for PnP yet
  return createKey(callingDriver(), access, outcome);
}

/** 1 when it is closed. */
export function WdfRegistryClose(key: u32): u32 {
  const entry = required(key, ObjectKind.Key);
  if (entry == 0) return 0;
  if (!isPassive(key)) {
    breakPoint(FindingId.NotPassive, key, 0);
    return 0;
  }
  closeKey(entry);
  deleteObject(entry);
  return settle(1);
}

/** `outcome`: whether the registry lets the key go. */
export function WdfRegistryRemoveKey(key: u32, outcome: i32): i32 {
  const entry = required(key, ObjectKind.Key);
  if (entry == 0) return NtStatus.InvalidHandle;
  if (!isPassive(key)) return NtStatus.InvalidDeviceRequest;
  const status = useKey(entry, KeyAccess.Delete);
  if (status < 0) return status;
  if (outcome < 0) return outcome;
  deleteObject(entry);
  return settle(NtStatus.Success);
}

export function WdfRegistryRemoveValue(key: u32, name: u32): i32 {
  return usable(key, name, 1, KeyAccess.SetValue);
}

export function WdfRegistryQueryValue(key: u32, name: u32): i32 {
  return usable(key, name, 1, KeyAccess.QueryValue);
}

export function WdfRegistryQueryULong(key: u32, name: u32): i32 {
  return usable(key, name, 1, KeyAccess.QueryValue);
}

export function WdfRegistryQueryUnicodeString(key: u32, name: u32): i32 {
  return usable(key, name, 1, KeyAccess.QueryValue);
}

export function WdfRegistryQueryString(key: u32, name: u32, string_: u32): i32 {
  return usableWith(key, name, string_, ObjectKind.String, KeyAccess.QueryValue);
}

/** The attributes of the strings stand in the scratch area. */
export function WdfRegistryQueryMultiString(key: u32, name: u32, collection: u32): i32 {
  const entry = required(key, ObjectKind.Key);
  if (entry == 0) return NtStatus.InvalidHandle;
  if (!requiredPointer(name) || !requiredPointer(collection)) return NtStatus.InvalidParameter;
  const status = validateAttributes(AttributesRule.None);
  return status < 0 ? status : usableWith(key, name, collection, ObjectKind.Collection, KeyAccess.QueryValue);
}

/** The attributes of the memory stand in the scratch area. */
export function WdfRegistryQueryMemory(key: u32, name: u32): i32 {
  const status = usable(key, name, 1, KeyAccess.QueryValue);
  return status < 0 ? status : validateAttributes(AttributesRule.None);
}

export function WdfRegistryAssignValue(key: u32, name: u32): i32 {
  return usable(key, name, 1, KeyAccess.SetValue);
}

export function WdfRegistryAssignULong(key: u32, name: u32): i32 {
  return usable(key, name, 1, KeyAccess.SetValue);
}

export function WdfRegistryAssignUnicodeString(key: u32, name: u32, value: u32): i32 {
  return usable(key, name, value, KeyAccess.SetValue);
}

export function WdfRegistryAssignString(key: u32, name: u32, string_: u32): i32 {
  return usableWith(key, name, string_, ObjectKind.String, KeyAccess.SetValue);
}

export function WdfRegistryAssignMultiString(key: u32, name: u32, collection: u32): i32 {
  return usableWith(key, name, collection, ObjectKind.Collection, KeyAccess.SetValue);
}

/** `offset`, `length`: WDFMEMORY_OFFSET, all of the memory for length 0. */
export function WdfRegistryAssignMemory(key: u32, name: u32, memory: u32, offset: u32, length: u32): i32 {
  const status = usableWith(key, name, memory, ObjectKind.Memory, KeyAccess.SetValue);
  if (status < 0) return status;
  const size = memoryOf(required(memory, ObjectKind.Memory)).size;
  return (offset as u64) + (length as u64) > (size as u64) ? NtStatus.IntegerOverflow : NtStatus.Success;
}

/** Key, names, level: what comes before every question about a value. */
function usable(key: u32, name: u32, more: u32, access: KeyAccess): NtStatus {
  const entry = required(key, ObjectKind.Key);
  if (entry == 0) return NtStatus.InvalidHandle;
  if (!requiredPointer(name) || !requiredPointer(more)) return NtStatus.InvalidParameter;
  return isPassive(key) ? useKey(entry, access) : NtStatus.InvalidDeviceRequest;
}

/** The same, with an object that takes the value or has it. */
function usableWith(key: u32, name: u32, object: u32, kind: ObjectKind, access: KeyAccess): NtStatus {
  const status = usable(key, name, object, access);
  if (status < 0) return status;
  return required(object, kind) == 0 ? NtStatus.InvalidHandle : NtStatus.Success;
}
