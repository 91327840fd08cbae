// defineDriver: a driver whose callbacks take objects.

import { NtStatus } from "../../bindings/abi";
import type { WDFDRIVER } from "../ddi/types";
import type { WdfDeviceInit } from "../ddi/device";
import type { DriverModule } from "../driver";
import { type Known, refuseMisspelled } from "../misspelled";
import { DeviceInit } from "./device";
import { Driver } from "./driver-object";

export interface DriverDefinition {
  /** The driver's name, for reports. */
  name: string;
  /** EVT_WDF_DRIVER_DEVICE_ADD. Returning nothing counts as STATUS_SUCCESS. */
  evtDriverDeviceAdd(init: DeviceInit): NtStatus | void | Generator<undefined, NtStatus | void, unknown>;
  /** EVT_WDF_DRIVER_UNLOAD: the driver is unloaded, after its devices are gone. */
  evtDriverUnload?(driver: Driver): void | Generator<undefined, void, unknown>;
}

const DEFINITION: Known<DriverDefinition> = { name: true, evtDriverDeviceAdd: true, evtDriverUnload: true };

/** Makes a driver module of a definition. @ddi WdfDriverCreate */
export function defineDriver(definition: DriverDefinition): DriverModule {
  refuseMisspelled("defineDriver", definition, DEFINITION);
  return {
    name: definition.name,
    evtDriverDeviceAdd: (_driver: WDFDRIVER, init: WdfDeviceInit) => definition.evtDriverDeviceAdd(new DeviceInit(init)),
    ...(definition.evtDriverUnload && { evtDriverUnload: (driver: WDFDRIVER) => definition.evtDriverUnload!(new Driver(driver)) }),
  };
}
