// Device interfaces. A GUID is a text, "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}".
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfdevice/

import { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import { normalGuid } from "../interfaces";
import type { Machine } from "../machine";
import { ask } from "./call";
import { textNumber } from "./text";
import type { WDFDEVICE, WDFSTRING } from "./types";

/** A reference string that would be taken for a path. */
const SEPARATORS = /[\\/]/;

/**
 * Registers an interface of a class for a device. It is enabled when the device has started, and disabled when it is removed.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a GUID
 * @returns STATUS_INVALID_DEVICE_REQUEST for a reference string with a backslash or slash, and above PASSIVE_LEVEL (with a
 * verifier break); STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfDeviceCreateDeviceInterface(Device: WDFDEVICE, InterfaceClassGUID: string | null, ReferenceString = ""): NtStatus {
  const m = machine();
  return ask("WdfDeviceCreateDeviceInterface", [Device, textNumber(m, InterfaceClassGUID)], (status) => {
    if (status < 0 || InterfaceClassGUID === null) return status;
    const guid = normalGuid(InterfaceClassGUID);
    if (SEPARATORS.test(ReferenceString)) return NtStatus.InvalidDeviceRequest;
    m.names.interfaces.add(Device, instanceOf(m, Device), guid, ReferenceString);
    return status;
  });
}

function instanceOf({ contents: { registry }, names }: Machine, device: WDFDEVICE): string {
  return registry.instanceOf(device, names.name(names.driverOf(device)));
}

/**
 * Enables or disables an interface that was created before; nothing happens when there is none. For a device that has started.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a GUID
 */
export function WdfDeviceSetDeviceInterfaceState(
  Device: WDFDEVICE,
  InterfaceClassGUID: string | null,
  ReferenceString: string | null,
  IsInterfaceEnabled: boolean,
): void {
  setState("WdfDeviceSetDeviceInterfaceState", Device, InterfaceClassGUID, ReferenceString, IsInterfaceEnabled);
}

/**
 * The same, at any time: one that is disabled before the device starts stays so.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a GUID
 */
export function WdfDeviceSetDeviceInterfaceStateEx(
  Device: WDFDEVICE,
  InterfaceClassGUID: string | null,
  ReferenceString: string | null,
  IsInterfaceEnabled: boolean,
): void {
  const found = setState("WdfDeviceSetDeviceInterfaceStateEx", Device, InterfaceClassGUID, ReferenceString, IsInterfaceEnabled);
  if (found !== undefined) found.auto = false;
}

function setState(name: string, device: WDFDEVICE, guid: string | null, reference: string | null, enabled: boolean) {
  const m = machine();
  return ask(name, [device, textNumber(m, guid)], (good) => {
    if (good === 0 || guid === null) return undefined;
    const found = m.names.interfaces.of(device, normalGuid(guid), reference ?? "");
    if (found !== undefined) found.enabled = enabled;
    return found;
  });
}

/**
 * The symbolic link of an interface, in a string object.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a GUID
 * @returns STATUS_OBJECT_NAME_NOT_FOUND when there is no such interface, STATUS_INVALID_DEVICE_STATE for a PDO the PnP manager
 * does not know yet, STATUS_INVALID_DEVICE_REQUEST above PASSIVE_LEVEL (with a verifier break)
 */
export function WdfDeviceRetrieveDeviceInterfaceString(
  Device: WDFDEVICE,
  InterfaceClassGUID: string | null,
  ReferenceString: string | null,
  String: WDFSTRING,
): NtStatus {
  const m = machine();
  return ask("WdfDeviceRetrieveDeviceInterfaceString", [Device, textNumber(m, InterfaceClassGUID), String], (status) => {
    if (InterfaceClassGUID === null) return status;
    const found = m.names.interfaces.of(Device, normalGuid(InterfaceClassGUID), ReferenceString ?? "");
    if (found === undefined) return status < 0 && status !== NtStatus.InvalidDeviceState ? status : NtStatus.ObjectNameNotFound;
    if (status >= 0) m.contents.setText(String, m.names.interfaces.nameOf(found));
    return status;
  });
}
