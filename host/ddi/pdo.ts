// WdfPdo*: devices that a bus driver makes for what it finds.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfpdo/

import { machine } from "../current";
import { ask, hostOnly, nothing } from "./call";
import { WdfDeviceInit } from "./device";
import type { WDFDEVICE, WDFDRIVER } from "./types";

/**
 * Begins a child device (PDO) of a device: WdfDeviceCreate makes it.
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
