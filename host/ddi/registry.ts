// WdfRegistry*, WdfDriverOpen...Key, WdfDeviceOpenRegistryKey: keys of the registry. Values: registry-value.ts.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfregistry/

import { DeviceRegistryKey, Irql, KeyAccess, NtStatus, type RegistryDisposition, RegistryOption } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import type { Found } from "../registry";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call } from "./call";
import { textNumber } from "./text";
import type { WDFDEVICE, WDFDRIVER, WDFKEY, WdfObjectAttributes } from "./types";

/** What a function gives back that opens a key. */
export interface KeyResult {
  readonly status: NtStatus;
  readonly key: WDFKEY;
}

const CREATED = 1 satisfies RegistryDisposition.CreatedNewKey;
const OPENED = 2 satisfies RegistryDisposition.OpenedExistingKey;

/** Asks the core for a key, and opens what was found. */
function opened(name: string, args: readonly number[], found: Found, create?: RegistryOption): KeyResult {
  const m = machine();
  return ask(name, args, (status) => {
    const key = m.core.outValue(0) as WDFKEY;
    if (status < 0) return { status, key: 0 as WDFKEY };
    m.born(key, "key");
    const node = found.key ?? found.above?.below(found.missing ?? "", create === RegistryOption.Volatile);
    if (node !== undefined) m.contents.openKey(key, node);
    return { status, key };
  });
}

/**
 * Opens a key of the registry: by its whole path without a parent, or below an open one. Its parent object is the driver
 * unless the attributes name another.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_SYNTAX_BAD, STATUS_KEY_DELETED; STATUS_INVALID_DEVICE_REQUEST
 * above PASSIVE_LEVEL (with a verifier break), STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
 * STATUS_DELETE_PENDING, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfRegistryOpenKey(
  ParentKey: WDFKEY | null,
  KeyName: string | null,
  DesiredAccess: KeyAccess,
  KeyAttributes?: WdfObjectAttributes,
): KeyResult {
  const m = machine();
  writeAttributes(m, KeyAttributes);
  const found = lookFor(m, ParentKey, KeyName);
  return opened("WdfRegistryOpenKey", [ParentKey ?? 0, textNumber(m, KeyName), DesiredAccess, found.status], found);
}

/**
 * Opens a key, or makes it. All keys above it must be there.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_CHILD_MUST_BE_VOLATILE for one that is to last below one that does not, and as WdfRegistryOpenKey;
 * `disposition` says which of the two it did
 */
export function WdfRegistryCreateKey(
  ParentKey: WDFKEY | null,
  KeyName: string | null,
  DesiredAccess: KeyAccess,
  CreateOptions: RegistryOption,
  KeyAttributes?: WdfObjectAttributes,
): KeyResult & { readonly disposition: RegistryDisposition | 0 } {
  const m = machine();
  writeAttributes(m, KeyAttributes);
  const found = lookFor(m, ParentKey, KeyName);
  const outcome = m.contents.registry.creation(found, CreateOptions);
  const args = [ParentKey ?? 0, textNumber(m, KeyName), DesiredAccess, outcome];
  const result = opened("WdfRegistryCreateKey", args, found, CreateOptions);
  return { ...result, disposition: result.status < 0 ? 0 : found.key === undefined ? CREATED : OPENED };
}

function lookFor(m: Machine, parent: WDFKEY | null, name: string | null): Found {
  const above = parent === null ? undefined : m.contents.keyOf(parent);
  return m.contents.registry.find(above, name ?? "");
}

/**
 * Closes a key and deletes its object.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfRegistryClose(Key: WDFKEY): Suspendable<void> {
  const { contents } = machine();
  return call("WdfRegistryClose", [Key], (closed) => {
    if (closed !== 0) contents.closeKey(Key);
  });
}

/**
 * Removes an open key from the registry and deletes its object. Other open keys of it are good for nothing from now on.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_CANNOT_DELETE when there are keys below it, STATUS_KEY_DELETED, STATUS_INVALID_HANDLE for one that is closed
 */
export function WdfRegistryRemoveKey(Key: WDFKEY): Suspendable<NtStatus> {
  const m = machine();
  const { registry } = m.contents;
  const node = m.contents.keyOf(Key);
  const outcome = node === undefined ? NtStatus.InvalidHandle : registry.removal(node);
  // The core refuses above PASSIVE_LEVEL only: EvtCleanup of the key's object finds the key gone.
  if (node !== undefined && outcome >= 0 && m.exports.currentLevel() === Irql.Passive) registry.remove(node);
  return call("WdfRegistryRemoveKey", [Key, outcome], (status) => {
    if (status >= 0 && node?.deleted === false) registry.remove(node);
    return status;
  });
}

/**
 * Opens the driver's Parameters key. For more than reading it is made when it is not there.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_OBJECT_NAME_NOT_FOUND when it has none, and as WdfRegistryOpenKey
 */
export function WdfDriverOpenParametersRegistryKey(
  Driver: WDFDRIVER,
  DesiredAccess: KeyAccess,
  KeyAttributes?: WdfObjectAttributes,
): KeyResult {
  const m = machine();
  writeAttributes(m, KeyAttributes);
  const reads = (DesiredAccess & ~(KeyAccess.Read | KeyAccess.GenericRead)) === 0;
  const found = driverKey(m, Driver, "Parameters", !reads);
  return opened("WdfDriverOpenParametersRegistryKey", [Driver, DesiredAccess, found.status], found);
}

/**
 * Opens the key for what the driver itself wants to remember. It is made when it is not there.
 *
 * @irql PASSIVE_LEVEL
 * @returns as WdfRegistryOpenKey
 */
export function WdfDriverOpenPersistentStateRegistryKey(
  Driver: WDFDRIVER,
  DesiredAccess: KeyAccess,
  KeyAttributes?: WdfObjectAttributes,
): KeyResult {
  const m = machine();
  writeAttributes(m, KeyAttributes);
  const found = driverKey(m, Driver, "PersistentState", true);
  return opened("WdfDriverOpenPersistentStateRegistryKey", [Driver, DesiredAccess, found.status], found);
}

/** A key below that of the driver's service. */
function driverKey({ contents: { registry } }: Machine, driver: WDFDRIVER, name: string, make: boolean): Found {
  const service = registry.ownerOf(driver);
  if (service === undefined) return { status: NtStatus.ObjectNameNotFound };
  const above = registry.at(registry.servicePath(service));
  const key = above.keys.get(name.toLowerCase());
  if (key !== undefined) return { status: NtStatus.Success, key };
  return make ? { status: NtStatus.Success, above, missing: name } : { status: NtStatus.ObjectNameNotFound };
}

/**
 * The path of the driver's key in the registry: what DriverEntry was given. Nothing above PASSIVE_LEVEL, with a verifier break.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfDriverGetRegistryPath(Driver: WDFDRIVER): string | null {
  const { registry } = machine().contents;
  return ask("WdfDriverGetRegistryPath", [Driver], (good) => {
    const service = registry.ownerOf(Driver);
    return good === 0 || service === undefined ? null : registry.servicePath(service);
  });
}

/**
 * Opens a device's hardware key (DeviceRegistryKey.Device) or software key (DeviceRegistryKey.Driver). It is made when it is
 * not there. The devices of a stack have the same keys.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_DEVICE_STATE for a PDO the PnP manager does not know yet, STATUS_INVALID_PARAMETER for other flags,
 * STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED, and as WdfRegistryOpenKey
 */
export function WdfDeviceOpenRegistryKey(
  Device: WDFDEVICE,
  DeviceInstanceKeyType: DeviceRegistryKey,
  DesiredAccess: KeyAccess,
  KeyAttributes?: WdfObjectAttributes,
): KeyResult {
  const m = machine();
  writeAttributes(m, KeyAttributes);
  const found = deviceKey(m, Device, DeviceInstanceKeyType);
  return opened("WdfDeviceOpenRegistryKey", [Device, DesiredAccess, found.status], found);
}

function deviceKey({ contents: { registry }, names }: Machine, device: WDFDEVICE, which: DeviceRegistryKey): Found {
  const driver = names.driverOf(device);
  const path = driver === 0 ? undefined : registry.devicePath(registry.instanceOf(device, names.name(driver)), which);
  return path === undefined ? { status: NtStatus.InvalidParameter } : { status: NtStatus.Success, key: registry.at(path) };
}
