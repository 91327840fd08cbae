// The battery: creates \Callback\Battery and tells whoever has registered there how full it is.
//
// It notifies from a thread at DISPATCH_LEVEL, as the function of a timer would from its DPC. So the routines of the others run
// at DISPATCH_LEVEL.

import type { DriverModule } from "wdf-wasm";
import {
  ExCreateCallback,
  ExNotifyCallback,
  InitializeObjectAttributes,
  KeLowerIrql,
  KeRaiseIrqlToDpcLevel,
  NT_SUCCESS,
  OBJ_CASE_INSENSITIVE,
  OBJ_PERMANENT,
  type PCALLBACK_OBJECT,
  WdfDeviceCreate,
} from "wdf-wasm/ddi";

/** The name others have to know. */
export const BATTERY = "\\Callback\\Battery";

/** The first argument of a notification: what the second is. */
export enum BatteryNotice {
  /** Percent of a full battery. */
  Level = 1,
}

let callback: PCALLBACK_OBJECT;

/** Says how full the battery is: the body of a system thread. */
export function* measure(level: number): Generator<undefined, void, unknown> {
  const before = KeRaiseIrqlToDpcLevel();
  yield* ExNotifyCallback(callback, BatteryNotice.Level, level);
  yield* KeLowerIrql(before);
}

const driver: DriverModule = {
  name: "battery",

  evtDriverDeviceAdd(_driver, init) {
    const { status } = WdfDeviceCreate(init);
    if (!NT_SUCCESS(status)) return status;
    // Without OBJ_PERMANENT the name would be gone when ExCreateCallback returns, and nobody could open the object.
    const attributes = InitializeObjectAttributes(BATTERY, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT);
    const created = ExCreateCallback(attributes, true, true);
    callback = created.callbackObject;
    return created.status;
  },
};

export default driver;
