// The power saver: opens \Callback\Battery, and when the battery is low saves power once and wants to hear no more.
//
// A routine may not unregister itself: ExUnregisterCallback would wait for it to return. So it leaves that to a work item, whose
// thread waits, if need be, until the routine has returned.

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
  WDF_WORKITEM_CONFIG_INIT,
  WdfDeviceCreate,
  WdfWorkItemCreate,
  WdfWorkItemEnqueue,
  type WDFWORKITEM,
} from "wdf-wasm/ddi";
import { BATTERY, type BatteryNotice } from "./driver";

/** Percent below which power is saved. */
const LOW = 50;

interface Saver {
  readonly workItem: WDFWORKITEM;
  saves: boolean;
}

const saveWhenLow: CallbackFunction<Saver, BatteryNotice, number> = function* (saver, _what, level) {
  if (level >= LOW || saver.saves) return;
  WdfWorkItemEnqueue(saver.workItem);
  yield; // Another processor may go on here, or another thread.
  saver.saves = true;
};

const driver: DriverModule = {
  name: "saver",

  evtDriverDeviceAdd(_driver, init) {
    const { status, device } = WdfDeviceCreate(init);
    if (!NT_SUCCESS(status)) return status;
    const battery = ExCreateCallback(InitializeObjectAttributes(BATTERY, OBJ_CASE_INSENSITIVE), false, false);
    if (!NT_SUCCESS(battery.status)) return battery.status;

    let registration: PCALLBACK_REGISTRATION;
    const evtWorkItem = function* (): Generator<undefined, void, unknown> {
      yield* ExUnregisterCallback(registration);
    };
    const config = { ...WDF_WORKITEM_CONFIG_INIT(evtWorkItem), automaticSerialization: false };
    const made = WdfWorkItemCreate(config, { parentObject: device });
    if (!NT_SUCCESS(made.status)) return made.status;
    registration = ExRegisterCallback(battery.callbackObject, saveWhenLow, { workItem: made.workItem, saves: false });
    return registration === 0 ? NtStatus.InsufficientResources : NtStatus.Success;
  },
};

export default driver;
