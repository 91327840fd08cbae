// Drivers as the System loads them.

import type { NtStatus } from "../bindings/abi";
import type { WdfDeviceInit } from "./ddi/device";
import type { WDFDRIVER } from "./ddi/types";
import { ProtocolError } from "./errors";

/** What a driver module exports as default: a KMDF driver in TypeScript. */
export interface DriverModule {
  /** The driver's name, for reports. */
  readonly name: string;
  /**
   * EVT_WDF_DRIVER_DEVICE_ADD: makes the device and its queues. PASSIVE_LEVEL. A plain function or a generator.
   * Returning nothing counts as STATUS_SUCCESS.
   */
  evtDriverDeviceAdd(Driver: WDFDRIVER, DeviceInit: WdfDeviceInit): NtStatus | void | Generator<undefined, NtStatus | void, unknown>;
  /** EVT_WDF_DRIVER_UNLOAD: called when the driver is unloaded, after its devices are gone. PASSIVE_LEVEL. */
  evtDriverUnload?(Driver: WDFDRIVER): void | Generator<undefined, void, unknown>;
}

/** Refuses what is no driver, saying what one looks like. */
export function checkDriver(module: unknown, from: string): DriverModule {
  const driver = module as Partial<DriverModule> | null | undefined;
  if (typeof driver !== "object" || driver === null || typeof driver.evtDriverDeviceAdd !== "function") {
    throw new ProtocolError(
      `${from} is not a driver: its default export must be an object with name and evtDriverDeviceAdd(Driver, DeviceInit), ` +
        "or what defineDriver() makes.",
    );
  }
  if (typeof driver.name !== "string" || driver.name === "") throw new ProtocolError(`${from}: a driver needs a name`);
  return driver as DriverModule;
}
