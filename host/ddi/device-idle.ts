// S0 idle: a device that leaves D0 while the system works.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfdevice/

import {
  CONFIG_WORD,
  DevicePowerState,
  type NtStatus,
  STRUCTURE_SIZE,
  WdfPowerPolicyIdleTimeoutType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfTriState,
} from "../../bindings/abi";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { ask, call, nothing } from "./call";
import type { WDFDEVICE, WdfDevicePowerPolicyIdleSettings } from "./types";

/** IdleTimeoutDefaultValue: five seconds. */
export const IdleTimeoutDefaultValue = 0;
/** IdleAllowUserControl */
const ALLOW_USER_CONTROL = 2;

/** WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT: enabled, five seconds, the deepest state that will do. */
export function WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(
  idleCaps: WdfPowerPolicyS0IdleCapabilities,
): WdfDevicePowerPolicyIdleSettings {
  return {
    idleCaps,
    dxState: DevicePowerState.Maximum,
    idleTimeout: IdleTimeoutDefaultValue,
    userControlOfIdleSettings: ALLOW_USER_CONTROL,
    enabled: WdfTriState.UseDefault,
    powerUpIdleDeviceOnSystemWake: WdfTriState.UseDefault,
    idleTimeoutType: WdfPowerPolicyIdleTimeoutType.DriverManaged,
  };
}

/**
 * Says when the device leaves D0 although the system works: when it has had no request in a power-managed queue, and no
 * WdfDeviceStopIdle without its WdfDeviceResumeIdle, for that many milliseconds. A request for a power-managed queue brings
 * it back. Settings that disable this bring an idle device to D0 before the function returns. Nothing in the
 * registry, and no user, says otherwise here.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST for a filter, which does not own the power policy; STATUS_INFO_LENGTH_MISMATCH;
 *   STATUS_INVALID_PARAMETER
 */
export function WdfDeviceAssignS0IdleSettings(Device: WDFDEVICE, Settings: WdfDevicePowerPolicyIdleSettings): Suspendable<NtStatus> {
  const all = { ...WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(Settings.idleCaps), ...Settings };
  machine().core.writeScratch(CONFIG_WORD, [
    all.size ?? STRUCTURE_SIZE,
    all.idleCaps,
    all.dxState!,
    all.idleTimeout!,
    all.userControlOfIdleSettings!,
    all.enabled!,
    all.powerUpIdleDeviceOnSystemWake!,
    all.idleTimeoutType!,
  ]);
  return call("WdfDeviceAssignS0IdleSettings", [Device], (status): NtStatus => status);
}

/**
 * Keeps the device in D0, or brings it there, until WdfDeviceResumeIdle is called as often. STATUS_SUCCESS in D0; STATUS_PENDING
 * on the way there, unless WaitForD0 says to wait. System sleep does not ask.
 *
 * @irql <= DISPATCH_LEVEL; WaitForD0 TRUE: PASSIVE_LEVEL
 * @returns STATUS_POWER_STATE_INVALID, without a reference, for a device that is not started, removed, or has failed;
 *   STATUS_INVALID_DEVICE_STATE for a filter; STATUS_INVALID_DEVICE_REQUEST for WaitForD0 above PASSIVE_LEVEL
 */
export function WdfDeviceStopIdle(Device: WDFDEVICE, WaitForD0: boolean): Suspendable<NtStatus> {
  return call("WdfDeviceStopIdle", [Device, WaitForD0 ? 1 : 0], (status): NtStatus => status);
}

/**
 * Gives back what WdfDeviceStopIdle took: the last one starts the idle timer. Once too often is a verifier break.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceResumeIdle(Device: WDFDEVICE): void {
  ask("WdfDeviceResumeIdle", [Device], nothing);
}
