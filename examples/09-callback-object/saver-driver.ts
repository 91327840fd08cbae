// The power saver: opens \Callback\Battery, and saves power when the battery is low.
//
// When it wants to hear no more, a thread unregisters its routine. That thread waits, if need be, until the routine has returned;
// from inside the routine it would wait for itself.

import type { DriverModule } from "wdf-wasm";
import {
  type CallbackFunction,
  ExCreateCallback,
  ExRegisterCallback,
  ExUnregisterCallback,
  InitializeObjectAttributes,
  NT_SUCCESS,
  NtStatus,
  OBJ_CASE_INSENSITIVE,
  type PCALLBACK_REGISTRATION,
  WdfDeviceCreate,
} from "wdf-wasm/ddi";
import { BATTERY, type BatteryNotice } from "./driver";

/** Percent below which power is saved. */
const LOW = 50;

interface Saver {
  saves: boolean;
}

const saveWhenLow: CallbackFunction<Saver, BatteryNotice, number> = function* (saver, _what, level) {
  yield; // Another processor may go on here.
  saver.saves = level < LOW;
};

let registration: PCALLBACK_REGISTRATION;

/** No more notifications: the body of a system thread. Afterwards the routine is not called, and its context may go. */
export function* stopSaving(): Generator<undefined, void, unknown> {
  yield* ExUnregisterCallback(registration);
}

const driver: DriverModule = {
  name: "saver",

  evtDriverDeviceAdd(_driver, init) {
    const { status } = WdfDeviceCreate(init);
    if (!NT_SUCCESS(status)) return status;
    const battery = ExCreateCallback(InitializeObjectAttributes(BATTERY, OBJ_CASE_INSENSITIVE), false, false);
    if (!NT_SUCCESS(battery.status)) return battery.status;
    registration = ExRegisterCallback(battery.callbackObject, saveWhenLow, { saves: false });
    return registration === 0 ? NtStatus.InsufficientResources : NtStatus.Success;
  },
};

export default driver;
