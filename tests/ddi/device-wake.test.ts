// Arming to wake: WdfDeviceInitSetPowerPolicyEventCallbacks, WdfDeviceAssignSxWakeSettings, WdfDeviceIndicateWakeStatus.
// The order of the callbacks is that of powerpolicystatemachine.cpp.

import { describe, expect, it } from "vitest";
import { DevicePowerState, NtStatus, WdfPowerPolicyS0IdleCapabilities, WdfTriState } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { replay, type DriverModule } from "../../host/index";
import { System } from "../../host/system";
import { Rig } from "../support/rig";

const { CanWakeFromS0, CannotWakeFromS0, UsbSelectiveSuspend } = WdfPowerPolicyS0IdleCapabilities;
const idleSettings = (idleCaps = CanWakeFromS0): wdf.WdfDevicePowerPolicyIdleSettings => ({
  ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(idleCaps),
  idleTimeout: 10,
});

interface Wishes {
  idle?: wdf.WdfDevicePowerPolicyIdleSettings;
  sx?: wdf.WdfDevicePowerPolicyWakeSettings;
  /** What the arming callbacks answer. */
  arming?: NtStatus;
  withReason?: boolean;
  filter?: boolean;
}

/** A device that says every callback of power and of waking. */
function wakeRig({ idle, sx, arming = NtStatus.Success, withReason = false, filter = false }: Wishes = {}): Rig {
  let say = (_line: string): void => {}; // until it is started
  const tell = (line: string) => (): NtStatus => (say(line), arming);
  const noticed = (line: string) => (): void => say(line);
  const rig: Rig = new Rig({
    filter,
    queue: { powerManaged: WdfTriState.True },
    power: {
      evtDeviceD0Entry: (_device, from) => (say(`D0Entry from D${from - 1}`), NtStatus.Success),
      evtDeviceD0EntryPostInterruptsEnabled: () => (say("PostInterrupts"), NtStatus.Success),
      evtDeviceD0ExitPreInterruptsDisabled: () => (say("PreInterrupts"), NtStatus.Success),
      evtDeviceD0Exit: (_device, to) => (say(`D0Exit to D${to - 1}`), NtStatus.Success),
      evtDeviceSelfManagedIoSuspend: () => (say("Suspend"), NtStatus.Success),
      evtDeviceSelfManagedIoRestart: () => (say("Restart"), NtStatus.Success),
    },
    init: (init) =>
      wdf.WdfDeviceInitSetPowerPolicyEventCallbacks(init, {
        evtDeviceArmWakeFromS0: tell("ArmS0"),
        evtDeviceDisarmWakeFromS0: noticed("DisarmS0"),
        evtDeviceWakeFromS0Triggered: noticed("TriggeredS0"),
        evtDeviceArmWakeFromSx: tell("ArmSx"),
        ...(withReason
          ? { evtDeviceArmWakeFromSxWithReason: (_device, own, children) => (say(`ArmSx own=${own} children=${children}`), arming) }
          : {}),
        evtDeviceDisarmWakeFromSx: noticed("DisarmSx"),
        evtDeviceWakeFromSxTriggered: noticed("TriggeredSx"),
      }),
    more: (device) => {
      if (idle !== undefined) void wdf.WdfDeviceAssignS0IdleSettings(device, idle);
      if (sx !== undefined) expect(wdf.WdfDeviceAssignSxWakeSettings(device, sx)).toBe(NtStatus.Success);
    },
  });
  say = (line) => rig.say(line);
  return rig;
}

const DOWN = ["PreInterrupts", "D0Exit to D3"];
const UP = ["D0Entry from D3", "PostInterrupts"];

describe("WdfDeviceInitSetPowerPolicyEventCallbacks", () => {
  it("an idle device that can wake is armed when its queues are held, before it leaves D0", () => {
    const rig = wakeRig({ idle: idleSettings() });
    rig.system.advance(10);
    rig.expect("Suspend", "ArmS0", ...DOWN);
  });

  it("I/O disarms it, back in D0 and before the queues go on", () => {
    const rig = wakeRig({ idle: idleSettings() });
    rig.system.advance(10);
    rig.forget();
    rig.sendRead(1);
    rig.expect(...UP, "DisarmS0", "EvtIoRead r1 length=1", "Restart");
  });

  it("a wake signal brings it to D0: EvtDeviceWakeFromS0Triggered, then EvtDeviceDisarmWakeFromS0", () => {
    const rig = wakeRig({ idle: idleSettings() });
    rig.system.advance(10);
    rig.forget();
    expect(rig.system.power(rig.device).signalWake().result).toBe(NtStatus.Success);
    rig.expect(...UP, "TriggeredS0", "DisarmS0", "Restart");
    expect(rig.system.power(rig.device).signalWake().result).toBe(NtStatus.InvalidDeviceRequest);
  });

  it("is not armed when it cannot wake", () => {
    const rig = wakeRig({ idle: idleSettings(CannotWakeFromS0) });
    rig.system.advance(10);
    rig.expect("Suspend", ...DOWN);
  });

  it("is armed for toD3 as for idleness", () => {
    const rig = wakeRig({ idle: idleSettings() });
    rig.system.power(rig.device).toD3();
    rig.system.power(rig.device).toD0();
    rig.expect("Suspend", "ArmS0", ...DOWN, ...UP, "DisarmS0", "Restart");
  });

  it("when EvtDeviceArmWakeFromS0 fails the device goes to Dx and comes back at once, without a disarm", () => {
    const rig = wakeRig({ idle: idleSettings(), arming: NtStatus.Unsuccessful });
    rig.system.advance(10);
    rig.expect("Suspend", "ArmS0", ...DOWN, ...UP, "Restart");
  });

  it("an idle device that is armed comes to D0 before the system sleeps", () => {
    const rig = wakeRig({ idle: idleSettings() });
    rig.system.advance(10);
    rig.forget();
    rig.system.power(rig.device).sleep();
    rig.expect(...UP, "DisarmS0", "Restart", "Suspend", ...DOWN);
  });

  it("is disarmed before it is removed", () => {
    const rig = wakeRig({ idle: idleSettings() });
    rig.system.advance(10);
    rig.forget();
    rig.system.power(rig.device).remove();
    rig.expect(...UP, "DisarmS0", "Restart", "Suspend", "PreInterrupts", "D0Exit to D4");
  });

  it("a wake signal on the way to Dx brings it back as soon as it is there", () => {
    const said: string[] = [];
    const rig = new Rig({
      power: {
        evtDeviceD0Entry: () => (said.push("D0Entry"), NtStatus.Success),
        *evtDeviceD0Exit() {
          said.push("D0Exit begins");
          yield* wdf.KeDelayExecutionThread(0, false, -10_000_000);
          said.push("D0Exit ends");
          return NtStatus.Success;
        },
      },
      init: (init) => wdf.WdfDeviceInitSetPowerPolicyEventCallbacks(init, { evtDeviceWakeFromS0Triggered: () => void said.push("Triggered") }),
      more: (device) => void wdf.WdfDeviceAssignS0IdleSettings(device, idleSettings()),
    });
    rig.system.advance(10);
    expect(rig.system.power(rig.device).signalWake().result).toBe(NtStatus.Success);
    expect(said).toEqual(["D0Entry", "D0Exit begins"]);
    rig.system.advance(1000);
    expect(said.slice(2, 5)).toEqual(["D0Exit ends", "D0Entry", "Triggered"]);
  });

  it("USB selective suspend goes to D2", () => {
    const rig = wakeRig({ idle: idleSettings(UsbSelectiveSuspend) });
    rig.system.advance(10);
    rig.expect("Suspend", "ArmS0", "PreInterrupts", "D0Exit to D2");
    const deep = { ...idleSettings(UsbSelectiveSuspend), dxState: DevicePowerState.D3 };
    expect(rig.run(() => wdf.WdfDeviceAssignS0IdleSettings(rig.device, deep))).toBe(NtStatus.PowerStateInvalid);
  });
});

describe("WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT", () => {
  it("is enabled unless somebody decides otherwise, from the deepest state that will do", () => {
    expect(wdf.WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT()).toEqual({
      dxState: DevicePowerState.Maximum,
      userControlOfWakeSettings: 2,
      enabled: WdfTriState.UseDefault,
      armForWakeIfChildrenAreArmedForWake: false,
      indicateChildWakeOnParentWake: false,
    });
  });
});

describe("WdfDeviceAssignSxWakeSettings", () => {
  const enabled = wdf.WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT();

  it("arms the device when the system goes to sleep; it is disarmed when the system wakes", () => {
    const rig = wakeRig({ sx: enabled });
    rig.system.power(rig.device).sleep();
    rig.expect("Suspend", "ArmSx", ...DOWN);
    rig.system.power(rig.device).wake();
    rig.expect(...UP, "DisarmSx", "Restart");
  });

  it("a wake signal wakes the system: EvtDeviceWakeFromSxTriggered, then EvtDeviceDisarmWakeFromSx", () => {
    const rig = wakeRig({ sx: enabled });
    rig.system.power(rig.device).sleep();
    rig.forget();
    expect(rig.system.power(rig.device).signalWake().result).toBe(NtStatus.Success);
    rig.expect(...UP, "TriggeredSx", "DisarmSx", "Restart");
  });

  it("EvtDeviceArmWakeFromSxWithReason is called instead, and told why", () => {
    const rig = wakeRig({ sx: enabled, withReason: true });
    rig.system.power(rig.device).sleep();
    rig.expect("Suspend", "ArmSx own=true children=false", ...DOWN);
  });

  it("when arming fails the device is disarmed, and sleeps without waking anybody", () => {
    const rig = wakeRig({ sx: enabled, arming: NtStatus.Unsuccessful });
    rig.system.power(rig.device).sleep();
    rig.expect("Suspend", "ArmSx", "DisarmSx", ...DOWN);
    expect(rig.system.power(rig.device).signalWake().result).toBe(NtStatus.InvalidDeviceRequest);
    rig.system.power(rig.device).wake();
    rig.expect(...UP, "Restart");
  });

  it("an idle device that is not armed comes to D0 first, so that it can be", () => {
    const rig = wakeRig({ idle: idleSettings(CannotWakeFromS0), sx: enabled });
    rig.system.advance(10);
    rig.forget();
    rig.system.power(rig.device).sleep();
    rig.expect(...UP, "Restart", "Suspend", "ArmSx", ...DOWN);
  });

  it("disabled: nothing is armed", () => {
    const rig = wakeRig({ sx: { ...enabled, enabled: WdfTriState.False } });
    rig.system.power(rig.device).sleep();
    rig.expect("Suspend", ...DOWN);
  });

  it("goes to the state the settings name", () => {
    const rig = wakeRig({ sx: { ...enabled, dxState: DevicePowerState.D1 } });
    rig.system.power(rig.device).sleep();
    rig.system.power(rig.device).wake();
    rig.expect("Suspend", "ArmSx", "PreInterrupts", "D0Exit to D1", "D0Entry from D1", "PostInterrupts", "DisarmSx", "Restart");
  });

  it("refuses a filter, a structure that was not initialized, and members out of range", () => {
    const assign = (rig: Rig, wrong: Partial<wdf.WdfDevicePowerPolicyWakeSettings>): NtStatus =>
      rig.run(() => wdf.WdfDeviceAssignSxWakeSettings(rig.device, { ...enabled, ...wrong }));
    expect(assign(wakeRig({ filter: true }), {})).toBe(NtStatus.InvalidDeviceRequest);
    const rig = wakeRig();
    expect(assign(rig, { size: 0 })).toBe(NtStatus.InfoLengthMismatch);
    expect(assign(rig, { dxState: DevicePowerState.D0 })).toBe(NtStatus.InvalidParameter);
    expect(assign(rig, { userControlOfWakeSettings: 3 })).toBe(NtStatus.InvalidParameter);
    expect(assign(rig, { enabled: 3 as WdfTriState })).toBe(NtStatus.InvalidParameter);
  });
});

describe("WdfDeviceIndicateWakeStatus", () => {
  it("is for the driver of the bus: STATUS_INVALID_DEVICE_STATE for any other device", () => {
    const rig = wakeRig();
    rig.tell(() => wdf.WdfDeviceIndicateWakeStatus(rig.device, NtStatus.Success));
    rig.expect("returned STATUS_INVALID_DEVICE_STATE");
  });

  it.each([NtStatus.Pending, NtStatus.Cancelled])("refuses %i: STATUS_INVALID_PARAMETER", (status) => {
    const rig = wakeRig();
    rig.tell(() => wdf.WdfDeviceIndicateWakeStatus(rig.device, status));
    rig.expect("returned STATUS_INVALID_PARAMETER");
  });
});

describe("System.power().signalWake", () => {
  it("is an input that a log repeats", async () => {
    const driver = (): DriverModule => ({
      name: "waker",
      evtDriverDeviceAdd: (_driver, init) => {
        const { device } = wdf.WdfDeviceCreate(init);
        return wdf.WdfDeviceAssignSxWakeSettings(device, {});
      },
    });
    const system = System.create({ record: true });
    const power = system.power(system.addDevice(driver()).handle);
    power.sleep();
    power.signalWake();
    const again = await replay(system.log!.save(), [driver()]);
    expect(again.system.digest()).toBe(system.digest());
  });
});
