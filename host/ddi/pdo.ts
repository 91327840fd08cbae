// WdfPdo*: devices that a bus driver makes for what it finds.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfpdo/

import { NtStatus } from "../../bindings/abi";
import { busesOf } from "../buses";
import { machine } from "../current";
import { refuseMisspelled } from "../misspelled";
import { ask, hostOnly, nothing } from "./call";
import { WdfDeviceInit } from "./device";
import type { EvtDeviceStatus, WDFDEVICE, WDFDRIVER } from "./types";

/** WDF_PDO_EVENT_CALLBACKS, as far as they are built. */
export interface WdfPdoEventCallbacks {
  /** EVT_WDF_DEVICE_EJECT. PASSIVE_LEVEL. The child was removed: let go of it. An error status: it stays. */
  evtDeviceEject?: EvtDeviceStatus | undefined;
}

/**
 * Begins a child device (PDO) of a device: WdfDeviceCreate makes it, WdfFdoAddStaticChild reports it to the PnP manager.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_INVALID_HANDLE for a handle that is no device
 */
export function WdfPdoInitAllocate(ParentDevice: WDFDEVICE): WdfDeviceInit {
  ask("WdfPdoInitAllocate", [ParentDevice], nothing);
  const init = new WdfDeviceInit(machine().names.driverOf(ParentDevice) as WDFDRIVER);
  init.parent = ParentDevice;
  return init;
}

/**
 * Lets requests of the child be forwarded to queues of its parent.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAllowForwardingRequestToParent(DeviceInit: WdfDeviceInit): void {
  hostOnly("WdfPdoInitAllowForwardingRequestToParent");
  DeviceInit.forwardsToParent = true;
}

/**
 * Names the child: PCI\\VEN_1234&DEV_5678. A driver for that name is looked for before one for a hardware id.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAssignDeviceID(DeviceInit: WdfDeviceInit, DeviceID: string): NtStatus {
  hostOnly("WdfPdoInitAssignDeviceID");
  DeviceInit.identity.deviceId = DeviceID;
  return NtStatus.Success;
}

/**
 * Tells children of one kind apart.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAssignInstanceID(DeviceInit: WdfDeviceInit, InstanceID: string): NtStatus {
  hostOnly("WdfPdoInitAssignInstanceID");
  DeviceInit.identity.instanceId = InstanceID;
  return NtStatus.Success;
}

/**
 * Adds a name by which a driver may be found, less exact than those before.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAddHardwareID(DeviceInit: WdfDeviceInit, HardwareID: string): NtStatus {
  hostOnly("WdfPdoInitAddHardwareID");
  DeviceInit.identity.hardwareIds.push(HardwareID);
  return NtStatus.Success;
}

/**
 * Adds a name by which a driver may be found if there is none for any hardware id.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAddCompatibleID(DeviceInit: WdfDeviceInit, CompatibleID: string): NtStatus {
  hostOnly("WdfPdoInitAddCompatibleID");
  DeviceInit.identity.compatibleIds.push(CompatibleID);
  return NtStatus.Success;
}

/**
 * What people are shown of the child. The last text counts: there is one language here.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAddDeviceText(
  DeviceInit: WdfDeviceInit,
  DeviceDescription: string,
  DeviceLocation: string,
  _LocaleId: number,
): NtStatus {
  hostOnly("WdfPdoInitAddDeviceText");
  DeviceInit.identity.description = DeviceDescription;
  DeviceInit.identity.location = DeviceLocation;
  return NtStatus.Success;
}

/**
 * The child can be used without a function driver. There are no device setup classes here.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitAssignRawDevice(DeviceInit: WdfDeviceInit, _DeviceClassGuid?: string): NtStatus {
  hostOnly("WdfPdoInitAssignRawDevice");
  DeviceInit.identity.raw = true;
  return NtStatus.Success;
}

/**
 * Registers the callbacks of a child.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfPdoInitSetEventCallbacks(DeviceInit: WdfDeviceInit, DispatchTable: WdfPdoEventCallbacks): void {
  hostOnly("WdfPdoInitSetEventCallbacks");
  refuseMisspelled("WdfPdoInitSetEventCallbacks", DispatchTable, { evtDeviceEject: true });
  DeviceInit.pdoEventCallbacks = DispatchTable;
}

/**
 * The device that the child was made for; NULL (0) for a device that is no child.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfPdoGetParent(Device: WDFDEVICE): WDFDEVICE {
  return ask("WdfPdoGetParent", [Device], (parent) => parent as WDFDEVICE);
}

/**
 * The child is not there any more: the PnP manager removes it with the devices that stand on it.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST for a device that is no child, STATUS_NO_SUCH_DEVICE for one that was never reported
 */
export function WdfPdoMarkMissing(Device: WDFDEVICE): NtStatus {
  const m = machine();
  return ask("WdfPdoMarkMissing", [Device], (status): NtStatus => {
    if (status < 0) return status;
    const buses = busesOf(m);
    const child = buses.childOf(Device);
    if (child === undefined) return NtStatus.NoSuchDevice;
    buses.lose(m, child);
    return NtStatus.Success;
  });
}

/**
 * Asks the PnP manager to eject the child: see System.power().eject().
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfPdoRequestEject(Device: WDFDEVICE): void {
  const m = machine();
  ask("WdfPdoRequestEject", [Device], (status) => {
    if (status >= 0) busesOf(m).eject(Device);
  });
}

/**
 * What EvtChildListCreateDevice was called with for the child.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST for a device that is in no child list
 */
export function WdfPdoRetrieveIdentificationDescription<T>(Device: WDFDEVICE): {
  readonly status: NtStatus;
  readonly description: T | undefined;
} {
  hostOnly("WdfPdoRetrieveIdentificationDescription");
  const child = busesOf(machine()).childOf(Device);
  if (child === undefined || child.list === null) return { status: NtStatus.InvalidDeviceRequest, description: undefined };
  return { status: NtStatus.Success, description: child.description as T };
}
