// The battery: creates \Callback\Battery and, once a second, tells whoever has registered there how full it is.
//
// The timer's function is a DPC, so the routines of the others run at DISPATCH_LEVEL.

import type { DriverModule } from "wdf-wasm";
import {
  ExCreateCallback,
  ExNotifyCallback,
  InitializeObjectAttributes,
  NT_SUCCESS,
  OBJ_CASE_INSENSITIVE,
  OBJ_PERMANENT,
  WDF_REL_TIMEOUT_IN_MS,
  WDF_TIMER_CONFIG_INIT_PERIODIC,
  WdfDeviceCreate,
  WdfTimerCreate,
  WdfTimerStart,
} from "wdf-wasm/ddi";

/** The name others have to know. */
export const BATTERY = "\\Callback\\Battery";

/** The first argument of a notification: what the second is. */
export enum BatteryNotice {
  /** Percent of a full battery. */
  Level = 1,
}

const driver: DriverModule = {
  name: "battery",

  evtDriverDeviceAdd(_driver, init) {
    const { status, device } = WdfDeviceCreate(init);
    if (!NT_SUCCESS(status)) return status;
    // Without OBJ_PERMANENT the name would be gone when ExCreateCallback returns, and nobody could open the object.
    const attributes = InitializeObjectAttributes(BATTERY, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT);
    const callback = ExCreateCallback(attributes, true, true);
    if (!NT_SUCCESS(callback.status)) return callback.status;

    let level = 100;
    const evtTimerFunc = function* (): Generator<undefined, void, unknown> {
      level -= 30;
      yield* ExNotifyCallback(callback.callbackObject, BatteryNotice.Level, level);
    };
    const made = WdfTimerCreate(WDF_TIMER_CONFIG_INIT_PERIODIC(evtTimerFunc, 1000), { parentObject: device });
    if (NT_SUCCESS(made.status)) WdfTimerStart(made.timer, WDF_REL_TIMEOUT_IN_MS(1000));
    return made.status;
  },
};

export default driver;
