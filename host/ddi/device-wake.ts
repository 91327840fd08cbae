// Waking: a device that brings itself, or the whole system, back to work.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfdevice/

import { CONFIG_WORD, DevicePowerState, type NtStatus, STRUCTURE_SIZE, WdfTriState } from "../../bindings/abi";
import { machine } from "../current";
import { type Known, refuseMisspelled } from "../misspelled";
import type { Suspendable } from "../suspension";
import { ask, call, hostOnly } from "./call";
import type { WdfDeviceInit } from "./device";
import type { EvtDeviceNotice, EvtDeviceStatus, Routine, WDFDEVICE } from "./types";

/** EVT_WDF_DEVICE_ARM_WAKE_FROM_SX_WITH_REASON. PASSIVE_LEVEL. The driver's settings ask for it, or a child that is armed does. */
export type EvtDeviceArmWakeFromSxWithReason = Routine<
  [Device: WDFDEVICE, DeviceWakeEnabled: boolean, ChildrenArmedForWake: boolean],
  NtStatus
>;

/** WDF_POWER_POLICY_EVENT_CALLBACKS */
export interface WdfPowerPolicyEventCallbacks {
  /** The device becomes idle. An error status: it comes back to D0 at once. */
  evtDeviceArmWakeFromS0?: EvtDeviceStatus | undefined;
  evtDeviceDisarmWakeFromS0?: EvtDeviceNotice | undefined;
  /** It was the idle device that has woken up. */
  evtDeviceWakeFromS0Triggered?: EvtDeviceNotice | undefined;
  /** The system goes to sleep. An error status: it sleeps without being armed. */
  evtDeviceArmWakeFromSx?: EvtDeviceStatus | undefined;
  /** The same, called instead. */
  evtDeviceArmWakeFromSxWithReason?: EvtDeviceArmWakeFromSxWithReason | undefined;
  evtDeviceDisarmWakeFromSx?: EvtDeviceNotice | undefined;
  /** It was the device that has woken the system. */
  evtDeviceWakeFromSxTriggered?: EvtDeviceNotice | undefined;
}

const POWER_POLICY_EVENT_CALLBACKS: Known<WdfPowerPolicyEventCallbacks> = {
  evtDeviceArmWakeFromS0: true,
  evtDeviceDisarmWakeFromS0: true,
  evtDeviceWakeFromS0Triggered: true,
  evtDeviceArmWakeFromSx: true,
  evtDeviceArmWakeFromSxWithReason: true,
  evtDeviceDisarmWakeFromSx: true,
  evtDeviceWakeFromSxTriggered: true,
};

/** WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS. Everything left out is as WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT sets it. */
export interface WdfDevicePowerPolicyWakeSettings {
  dxState?: DevicePowerState;
  /** WakeDoNotAllowUserControl = 1, WakeAllowUserControl = 2 */
  userControlOfWakeSettings?: number;
  enabled?: WdfTriState;
  /** The device is armed as well when one of its children is. */
  armForWakeIfChildrenAreArmedForWake?: boolean;
  /** Not built: children hear of their own wake only. */
  indicateChildWakeOnParentWake?: false;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WakeAllowUserControl */
const ALLOW_USER_CONTROL = 2;

/** WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT: enabled, the deepest state that will do. */
export function WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(): WdfDevicePowerPolicyWakeSettings {
  return {
    dxState: DevicePowerState.Maximum,
    userControlOfWakeSettings: ALLOW_USER_CONTROL,
    enabled: WdfTriState.UseDefault,
    armForWakeIfChildrenAreArmedForWake: false,
    indicateChildWakeOnParentWake: false,
  };
}

/**
 * Registers the callbacks of a driver that owns its device's power policy.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceInitSetPowerPolicyEventCallbacks(DeviceInit: WdfDeviceInit, Callbacks: WdfPowerPolicyEventCallbacks): void {
  hostOnly("WdfDeviceInitSetPowerPolicyEventCallbacks");
  refuseMisspelled("WdfDeviceInitSetPowerPolicyEventCallbacks", Callbacks, POWER_POLICY_EVENT_CALLBACKS);
  DeviceInit.powerPolicyEventCallbacks = Callbacks;
}

/**
 * Says whether the device is armed to wake the system when that goes to sleep. Nothing in the registry, and no user,
 * says otherwise here, and the bus can wake the system from every state.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST for a filter, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER
 */
export function WdfDeviceAssignSxWakeSettings(Device: WDFDEVICE, Settings: WdfDevicePowerPolicyWakeSettings): NtStatus {
  const all = { ...WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(), ...Settings };
  machine().core.writeScratch(CONFIG_WORD, [
    all.size ?? STRUCTURE_SIZE,
    all.dxState!,
    all.userControlOfWakeSettings!,
    all.enabled!,
    all.armForWakeIfChildrenAreArmedForWake ? 1 : 0,
    0,
  ]);
  return ask("WdfDeviceAssignSxWakeSettings", [Device], (status): NtStatus => status);
}

/**
 * By a bus driver: it waits no longer for its child to signal wake. With a success status the child has, and it (or the driver on
 * it that owns the power policy) comes back; with an error nothing has woken up, and an idle child comes back nevertheless.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_PARAMETER for STATUS_PENDING and STATUS_CANCELLED, STATUS_INVALID_DEVICE_STATE for a device that no
 *   bus driver has made, STATUS_INVALID_DEVICE_REQUEST when nothing is armed
 */
export function WdfDeviceIndicateWakeStatus(Device: WDFDEVICE, WaitWakeStatus: NtStatus): Suspendable<NtStatus> {
  return call("WdfDeviceIndicateWakeStatus", [Device, WaitWakeStatus], (status): NtStatus => status);
}
