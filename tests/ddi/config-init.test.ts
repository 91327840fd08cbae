// The macros of wdf.h that fill in a structure or make a due time: what they leave is what the header's do.

import { describe, expect, it } from "vitest";
import {
  DevicePowerState,
  WDF_ABS_TIMEOUT_IN_MS,
  WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT,
  WDF_DPC_CONFIG_INIT,
  WDF_REL_TIMEOUT_IN_MS,
  WDF_REL_TIMEOUT_IN_SEC,
  WDF_REL_TIMEOUT_IN_US,
  WDF_TIMER_CONFIG_INIT,
  WDF_TIMER_CONFIG_INIT_PERIODIC,
  WDF_WORKITEM_CONFIG_INIT,
  WdfPowerPolicyIdleTimeoutType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfTriState,
} from "../../host/ddi";

const routine = (): void => {};

describe("WDF_TIMER_CONFIG_INIT", () => {
  it("is a one-shot timer with AutomaticSerialization", () => {
    expect(WDF_TIMER_CONFIG_INIT(routine)).toEqual({ evtTimerFunc: routine, automaticSerialization: true });
  });
});

describe("WDF_TIMER_CONFIG_INIT_PERIODIC", () => {
  it("has a period in milliseconds", () => {
    expect(WDF_TIMER_CONFIG_INIT_PERIODIC(routine, 20)).toEqual({ evtTimerFunc: routine, period: 20, automaticSerialization: true });
  });
});

describe("WDF_DPC_CONFIG_INIT", () => {
  it("sets AutomaticSerialization", () => {
    expect(WDF_DPC_CONFIG_INIT(routine)).toEqual({ evtDpcFunc: routine, automaticSerialization: true });
  });
});

describe("WDF_WORKITEM_CONFIG_INIT", () => {
  it("sets AutomaticSerialization", () => {
    expect(WDF_WORKITEM_CONFIG_INIT(routine)).toEqual({ evtWorkItemFunc: routine, automaticSerialization: true });
  });
});

describe("WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT", () => {
  it("enables idling by default, to the deepest state, after the default time, managed by the driver", () => {
    const settings = WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0);
    expect(settings).toMatchObject({
      idleCaps: WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0,
      dxState: DevicePowerState.Maximum,
      idleTimeout: 0,
      enabled: WdfTriState.UseDefault,
      idleTimeoutType: WdfPowerPolicyIdleTimeoutType.DriverManaged,
    });
  });
});

describe("WDF_REL_TIMEOUT_IN_US", () => {
  it("is negative, in units of 100 ns", () => {
    expect(WDF_REL_TIMEOUT_IN_US(3)).toBe(-30);
  });
});

describe("WDF_REL_TIMEOUT_IN_MS", () => {
  it("is negative, in units of 100 ns", () => {
    expect(WDF_REL_TIMEOUT_IN_MS(3)).toBe(-30_000);
  });
});

describe("WDF_REL_TIMEOUT_IN_SEC", () => {
  it("is negative, in units of 100 ns", () => {
    expect(WDF_REL_TIMEOUT_IN_SEC(3)).toBe(-30_000_000);
  });
});

describe("WDF_ABS_TIMEOUT_IN_MS", () => {
  it("is positive, in units of 100 ns since 1601", () => {
    expect(WDF_ABS_TIMEOUT_IN_MS(13_348_540_800_000)).toBe(133_485_408_000_000_000n);
  });
});
