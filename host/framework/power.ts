// What a driver that owns its device's power policy says of idleness and of waking.

import type { NtStatus } from "../../bindings/abi";
import {
  WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT,
  WdfDeviceAssignS0IdleSettings,
  WdfDeviceResumeIdle,
  WdfDeviceStopIdle,
} from "../ddi/device-idle";
import {
  WdfDeviceAssignSxWakeSettings,
  WdfDeviceIndicateWakeStatus,
  type WdfDevicePowerPolicyWakeSettings,
  type WdfPowerPolicyEventCallbacks,
} from "../ddi/device-wake";
import type { Routine, WDFDEVICE, WdfDevicePowerPolicyIdleSettings } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { Device } from "./device";
import { deviceWrapper } from "./wrappers";

/** WDF_POWER_POLICY_EVENT_CALLBACKS with objects for handles. @ddi WdfDeviceInitSetPowerPolicyEventCallbacks */
export interface PowerPolicyConfig {
  /** The device becomes idle. An error status: it comes back to D0 at once. */
  evtDeviceArmWakeFromS0?: Routine<[device: Device], NtStatus>;
  evtDeviceDisarmWakeFromS0?: Routine<[device: Device], void>;
  /** It was the idle device that has woken up. */
  evtDeviceWakeFromS0Triggered?: Routine<[device: Device], void>;
  /** The system goes to sleep. An error status: the device sleeps without being armed. */
  evtDeviceArmWakeFromSx?: Routine<[device: Device], NtStatus>;
  /** The same, called instead. */
  evtDeviceArmWakeFromSxWithReason?: Routine<[device: Device, deviceWakeEnabled: boolean, childrenArmedForWake: boolean], NtStatus>;
  evtDeviceDisarmWakeFromSx?: Routine<[device: Device], void>;
  /** It was the device that has woken the system. */
  evtDeviceWakeFromSxTriggered?: Routine<[device: Device], void>;
}

/** The callbacks, taking handles; names nobody knows go on, and are refused there. */
export function powerPolicyOf(config: PowerPolicyConfig): WdfPowerPolicyEventCallbacks {
  return Object.fromEntries(Object.entries(config).map(([name, routine]) => [name, deviceWrapper(routine)]));
}

/** Idleness and waking of one device: {@link Device.power}. */
export class PowerPolicy {
  private readonly device: WDFDEVICE;

  constructor(device: WDFDEVICE) {
    this.device = device;
  }

  /** When the device leaves D0 although the system works. @ddi WdfDeviceAssignS0IdleSettings */
  assignIdle(settings: WdfDevicePowerPolicyIdleSettings): Suspendable<NtStatus> {
    return WdfDeviceAssignS0IdleSettings(this.device, { ...WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(settings.idleCaps), ...settings });
  }

  /** Keeps the device in D0, or brings it there, until {@link resumeIdle}. @ddi WdfDeviceStopIdle */
  stopIdle(waitForD0 = false): Suspendable<NtStatus> {
    return WdfDeviceStopIdle(this.device, waitForD0);
  }

  /** @ddi WdfDeviceResumeIdle */
  resumeIdle(): void {
    WdfDeviceResumeIdle(this.device);
  }

  /** Whether the device is armed to wake the system. @ddi WdfDeviceAssignSxWakeSettings */
  assignWake(settings: WdfDevicePowerPolicyWakeSettings = {}): NtStatus {
    return WdfDeviceAssignSxWakeSettings(this.device, settings);
  }

  /** By the bus driver, of its child: it has woken up, or with an error it will not. @ddi WdfDeviceIndicateWakeStatus */
  indicateWake(status: NtStatus): Suspendable<NtStatus> {
    return WdfDeviceIndicateWakeStatus(this.device, status);
  }
}
