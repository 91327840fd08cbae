// System.power: a device that is taken out of D0 while the system works, and IRPs that come while another is worked on.

import { describe, expect, it } from "vitest";
import { DeviceState, NtStatus, WdfPowerPolicyS0IdleCapabilities, WdfTriState } from "../bindings/abi";
import * as wdf from "../host/ddi";
import { ProtocolError, replay } from "../host/index";
import type { DriverModule } from "../host/index";
import { System } from "../host/system";
import { Rig, type RigOptions } from "./support/rig";

/** A device that says when it enters and leaves D0, and with which EvtIoStop. */
function powerRig(options: RigOptions = {}): Rig {
  let say = (_line: string): void => {}; // until it is started
  const rig: Rig = new Rig({
    ...options,
    queue: { powerManaged: WdfTriState.True, ...options.queue },
    power: {
      evtDeviceD0Entry: (_device, previous) => (say(`D0 from D${previous - 1}`), wdf.STATUS_SUCCESS),
      evtDeviceD0Exit: (_device, target) => (say(`D${target - 1} at ${rig.system.now}`), wdf.STATUS_SUCCESS),
      evtDeviceSurpriseRemoval: () => say("surprise"),
      ...options.power,
    },
  });
  say = (line) => rig.say(line);
  return rig;
}

const KernelMode = 0;
/** In units of 100 ns */
const MILLISECOND = 10_000;

const idle = (device: wdf.WDFDEVICE, idleTimeout = 100): void =>
  void wdf.WdfDeviceAssignS0IdleSettings(device, {
    ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0),
    idleTimeout,
  });

describe("System.power().toD3", () => {
  it("takes the device out of D0, to come back: D0Exit and D0Entry with D3", () => {
    const rig = powerRig();
    const power = rig.system.power(rig.device);
    expect(power.toD3().result).toBe(NtStatus.Success);
    rig.expect("D3 at 0");
    expect(power.toD3().result).toBe(NtStatus.Success);
    rig.expectNothingElse();
    expect(power.toD0().result).toBe(NtStatus.Success);
    rig.expect("D0 from D3");
    expect(power.toD0().result).toBe(NtStatus.Success);
    rig.expectNothingElse();
  });

  it("asks EvtIoStop about what the driver has; what arrives waits until toD0 (Q-121)", () => {
    const rig: Rig = powerRig({
      queue: {
        evtIoStop: (_queue, request) => {
          rig.say(`EvtIoStop ${rig.name(request)}`);
          wdf.WdfRequestStopAcknowledge(request, false);
        },
      },
    });
    rig.sendRead(1);
    rig.lines.length = 0;
    rig.system.power(rig.device).toD3();
    rig.expect("EvtIoStop r1", "D3 at 0");
    rig.sendRead(2);
    rig.system.advance(10_000);
    rig.expectNothingElse();
    rig.system.power(rig.device).toD0();
    rig.expect("D0 from D3", "EvtIoRead r2 length=2");
  });

  it("waits for a request that EvtIoStop leaves unanswered, which is the Stop 0x9F in the end", () => {
    const rig = powerRig();
    rig.sendRead(1);
    rig.lines.length = 0;
    const down = rig.system.power(rig.device).toD3();
    expect(down.done).toBe(false);
    rig.complete();
    expect(down.done).toBe(true);
    rig.expect("done r1 STATUS_SUCCESS 0", "D3 at 0");
  });

  it("WdfDeviceStopIdle brings the device back; a request the driver has had all the time does not", () => {
    const rig = powerRig({
      queue: { evtIoStop: (_queue, request) => wdf.WdfRequestStopAcknowledge(request, false) },
      more: (device) => idle(device),
    });
    rig.sendRead(1);
    rig.lines.length = 0;
    rig.system.power(rig.device).toD3();
    rig.system.advance(1000);
    rig.expect("D3 at 0");
    rig.run(() => wdf.WdfDeviceStopIdle(rig.device, false));
    rig.expect("D0 from D3");
  });

  it("ends with the system's next sleep and wake", () => {
    const rig = powerRig();
    const power = rig.system.power(rig.device);
    power.toD3();
    expect(power.sleep().result).toBe(NtStatus.Success);
    expect(power.toD0().result).toBe(NtStatus.InvalidDeviceState);
    expect(power.toD3().result).toBe(NtStatus.InvalidDeviceState);
    power.wake();
    rig.expect("D3 at 0", "D0 from D3");
  });

  it("is refused by a filter, which does not own the power policy, and by a device that is stopped", () => {
    expect(new Rig({ filter: true }).system.power(1 as wdf.WDFDEVICE).toD3().result).toBe(NtStatus.NoSuchDevice);
    const filter = new Rig({ filter: true });
    expect(filter.system.power(filter.device).toD3().result).toBe(NtStatus.InvalidDeviceRequest);
    const rig = powerRig();
    rig.system.power(rig.device).stop();
    rig.lines.length = 0;
    expect(rig.system.power(rig.device).toD3().result).toBe(NtStatus.InvalidDeviceState);
  });
});

describe("System.power().toD3 and S0 idle", () => {
  it("a new arrival powers the device up, as it does an idle one", () => {
    const rig = powerRig({ more: (device) => idle(device) });
    rig.system.power(rig.device).toD3();
    rig.sendRead(1);
    rig.expect("D3 at 0", "D0 from D3", "EvtIoRead r1 length=1");
  });
});

describe("System.power().idleAfter", () => {
  it("makes the device leave D0 after that long with nothing to do; a new arrival powers it up", () => {
    const rig = powerRig();
    expect(rig.system.power(rig.device).idleAfter(50).result).toBe(NtStatus.Success);
    rig.system.advance(1000);
    rig.expect("D3 at 50");
    rig.sendRead(1);
    rig.expect("D0 from D3", "EvtIoRead r1 length=1");
  });

  it("overrules what the driver has said", () => {
    const rig = powerRig({ more: (device) => idle(device, 5) });
    rig.system.power(rig.device).idleAfter(50);
    rig.system.advance(1000);
    rig.expect("D3 at 50");
  });

  it("Infinity keeps the device in D0, and brings it back there before it ends", () => {
    const rig = powerRig({ more: (device) => idle(device, 5) });
    rig.system.advance(5);
    expect(rig.system.power(rig.device).idleAfter(Infinity).done).toBe(true);
    rig.system.advance(1000);
    rig.expect("D3 at 5", "D0 from D3");
  });

  it("wants a whole number of milliseconds", () => {
    const rig = powerRig();
    for (const wrong of [0, -1, 1.5, NaN]) expect(() => rig.system.power(rig.device).idleAfter(wrong)).toThrow(ProtocolError);
  });
});

describe("IRPs that come while another is worked on", () => {
  it("wait until it is done", () => {
    const rig = powerRig();
    const power = rig.system.power(rig.device);
    rig.sendRead(1);
    const down = power.toD3();
    const up = power.toD0();
    const stop = power.stop();
    rig.lines.length = 0;
    expect([down.done, up.done, stop.done]).toEqual([false, false, false]);
    rig.complete();
    expect([down.done, up.done, stop.done]).toEqual([true, true, true]);
    rig.expect("done r1 STATUS_SUCCESS 0", "D3 at 0", "D0 from D3", "D4 at 0");
  });

  it("K-259 EvtDeviceSurpriseRemoval does not wait: it is called while another callback of the device runs", () => {
    const rig: Rig = powerRig({
      power: {
        *evtDeviceD0Exit() {
          rig.say("D0Exit begins");
          yield* wdf.KeDelayExecutionThread(KernelMode, false, -1000 * MILLISECOND);
          rig.say("D0Exit ends");
          return wdf.STATUS_SUCCESS;
        },
        evtDeviceReleaseHardware: () => (rig.say("release"), wdf.STATUS_SUCCESS),
      },
    });
    rig.system.power(rig.device).toD3();
    rig.expect("D0Exit begins");
    const removal = rig.system.power(rig.device).surpriseRemove();
    rig.expect("surprise");
    expect(removal.done).toBe(false);
    rig.system.advance(1000);
    rig.expect("D0Exit ends", "release");
    expect(removal.done).toBe(true);
  });

  it("find no device when what they waited for was its removal", () => {
    const rig = powerRig();
    rig.sendRead(1);
    rig.lines.length = 0;
    const removal = rig.system.power(rig.device).remove();
    const sleep = rig.system.power(rig.device).sleep();
    expect([removal.done, sleep.done]).toEqual([false, false]);
    rig.complete();
    expect(sleep.result).toBe(NtStatus.NoSuchDevice);
    rig.expect("done r1 STATUS_SUCCESS 0", "D4 at 0");
  });

  it("whoever waits for D0 in WdfDeviceStopIdle hears of a removal: STATUS_POWER_STATE_INVALID", () => {
    const rig = powerRig();
    rig.system.power(rig.device).sleep();
    const waiting = rig.start(function* () {
      return yield* wdf.WdfDeviceStopIdle(rig.device, true);
    });
    expect(waiting.done).toBe(false);
    rig.system.power(rig.device).surpriseRemove();
    expect(waiting.result).toBe(NtStatus.PowerStateInvalid);
    rig.forget();
  });
});

describe("System.power().queryRemove and queryStop", () => {
  it.each(["Remove", "Stop"] as const)("an accepted IRP_MN_QUERY_%s keeps the device in D0 until it is cancelled", (what) => {
    const rig = powerRig({ more: (device) => idle(device, 100) });
    const power = rig.system.power(rig.device);
    expect((what === "Remove" ? power.queryRemove() : power.queryStop()).result).toBe(NtStatus.Success);
    rig.system.advance(1000);
    rig.expectNothingElse();
    expect((what === "Remove" ? power.cancelRemove() : power.cancelStop()).done).toBe(true);
    rig.system.advance(1000);
    rig.expect("D3 at 1100");
  });

  it("one that is vetoed does not", () => {
    const rig = powerRig({ more: (device) => idle(device, 100), power: { evtDeviceQueryRemove: () => NtStatus.Unsuccessful } });
    expect(rig.system.power(rig.device).queryRemove().result).toBe(NtStatus.Unsuccessful);
    rig.system.advance(1000);
    expect(rig.system.machine.exports.stateOfDevice(rig.device)).toBe(DeviceState.Idle);
    rig.forget();
  });
});

describe("the input log", () => {
  const driver = (): DriverModule => ({
    name: "plain",
    evtDriverDeviceAdd: (_driver, init) => wdf.WdfDeviceCreate(init).status,
  });

  it("repeats toD3, toD0 and idleAfter", async () => {
    const system = System.create({ record: true });
    const { handle } = system.addDevice(driver());
    const power = system.power(handle);
    power.toD3();
    power.toD0();
    power.idleAfter(20);
    system.advance(20);
    power.idleAfter(Infinity);
    const again = await replay(system.log!.save(), [driver()]);
    expect(again.system.digest()).toBe(system.digest());
    expect(system.log!.inputs.map(({ op }) => op)).toEqual(["addDevice", "pnp", "pnp", "idleAfter", "advance", "idleAfter"]);
  });
});
