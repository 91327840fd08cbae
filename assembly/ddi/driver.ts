// Drivers: loading is WdfDriverCreate (device.ts), unloading is the system's.

import { ObjectKind } from "../abi/request";
import { lookup } from "../nt/table";
import { settle } from "../wdf/dispatch";
import { callUnload, hasDevice } from "../wdf/driver";
import { lifeAt, objectAt } from "../wdf/object";
import { endShortReturn } from "../wdf/straight";

export { enterDriver, executeUnloaded, runningDriver } from "../wdf/driver";

/** 1 while the driver has devices. */
export function driverHasDevices(driver: u32): u32 {
  const entry = lookup(driver, ObjectKind.Driver);
  return entry != 0 && hasDevice(lifeAt(objectAt(entry).life)) ? 1 : 0;
}

/** From inside a routine: calls EvtDriverUnload, 0 for none, and deletes the driver. */
export function unloadDriver(driver: u32, evtDriverUnload: u32): void {
  const entry = lookup(driver, ObjectKind.Driver);
  if (entry == 0) return;
  endShortReturn();
  callUnload(entry, evtDriverUnload);
  settle(0);
}
