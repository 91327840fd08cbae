// The display: opens \Callback\Battery and shows each level.

import type { DriverModule } from "wdf-wasm";
import {
  type CallbackFunction,
  ExCreateCallback,
  ExRegisterCallback,
  InitializeObjectAttributes,
  NT_SUCCESS,
  NtStatus,
  OBJ_CASE_INSENSITIVE,
  WdfDeviceCreate,
} from "wdf-wasm/ddi";
import { BATTERY, BatteryNotice } from "./driver";

/** What the routine is called with. At DISPATCH_LEVEL: such a context has to be in nonpaged pool. */
interface Screen {
  readonly shown: number[];
}

/** What the display has shown. */
export const screen: Screen = { shown: [] };

const showLevel: CallbackFunction<Screen, BatteryNotice, number> = (context, what, level) => {
  if (what === BatteryNotice.Level) context.shown.push(level);
};

const driver: DriverModule = {
  name: "display",

  evtDriverDeviceAdd(_driver, init) {
    const { status } = WdfDeviceCreate(init);
    if (!NT_SUCCESS(status)) return status;
    const battery = ExCreateCallback(InitializeObjectAttributes(BATTERY, OBJ_CASE_INSENSITIVE), false, false);
    if (!NT_SUCCESS(battery.status)) return battery.status;
    const registration = ExRegisterCallback(battery.callbackObject, showLevel, screen);
    return registration === 0 ? NtStatus.InsufficientResources : NtStatus.Success;
  },
};

export default driver;
