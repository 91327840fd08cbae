// S0 idle: WdfDeviceAssignS0IdleSettings, WdfDeviceStopIdle, WdfDeviceResumeIdle.

import { describe, expect, it } from "vitest";
import { FindingId, Irql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { CannotWakeFromS0 } = wdf.WdfPowerPolicyS0IdleCapabilities;
const settings = (more: Partial<wdf.WdfDevicePowerPolicyIdleSettings> = {}): wdf.WdfDevicePowerPolicyIdleSettings => ({
  ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(CannotWakeFromS0),
  idleTimeout: 100,
  ...more,
});

/** A device that says when it enters and leaves D0. */
function idleRig(options: RigOptions = {}, more?: Partial<wdf.WdfDevicePowerPolicyIdleSettings>): Rig {
  let say = (_line: string): void => {}; // until it is started
  const rig: Rig = new Rig({
    ...options,
    queue: { powerManaged: wdf.WdfTriState.True, ...options.queue },
    power: {
      evtDeviceD0Entry: (_device, previous) => (say(`D0 from ${previous}`), wdf.STATUS_SUCCESS),
      evtDeviceD0Exit: (_device, target) => (say(`D${target - 1} at ${rig.system.now}`), wdf.STATUS_SUCCESS),
    },
    more: (device) => void wdf.WdfDeviceAssignS0IdleSettings(device, settings(more)),
  });
  say = (line) => rig.say(line);
  return rig;
}

describe("WdfDeviceAssignS0IdleSettings", () => {
  it("takes the device out of D0 after that long without a request (idle_after_start)", () => {
    const rig = idleRig();
    rig.system.advance(99);
    rig.expectNothingElse();
    rig.system.advance(1);
    rig.expect("D3 at 100");
  });

  it("waits five seconds unless it is told otherwise (idle_timeout_default)", () => {
    const rig = idleRig({}, { idleTimeout: wdf.IdleTimeoutDefaultValue });
    rig.system.advance(10_000);
    rig.expect("D3 at 5000");
  });

  it("a new arrival powers the device up, and is presented then (idle_after_start)", () => {
    const rig = idleRig();
    rig.system.advance(100);
    rig.sendRead(1);
    rig.expect("D3 at 100", "D0 from 4", "EvtIoRead r1 length=1");
  });

  it("counts from the completion of the last request of any power-managed queue (idle_several_queues)", () => {
    const rig = idleRig();
    rig.sendRead(1);
    rig.system.advance(1000);
    rig.complete();
    rig.system.advance(99);
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
    rig.system.advance(1);
    rig.expect("D3 at 1100");
  });

  it("a power-managed queue keeps the device in D0 until neither queue nor driver holds a request (Q-131)", () => {
    const rig = idleRig({ queue: { dispatchType: wdf.WdfIoQueueDispatchType.Manual } });
    rig.sendRead(1);
    rig.sendRead(2);
    rig.system.advance(1000);
    rig.expectNothingElse();
    const take = (): wdf.WDFREQUEST => rig.run(() => wdf.WdfIoQueueRetrieveNextRequest(rig.queue).request);
    const [first, second] = [take(), take()];
    rig.system.advance(1000);
    rig.run(() => wdf.WdfRequestComplete(first, wdf.STATUS_SUCCESS));
    rig.system.advance(1000);
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.run(() => wdf.WdfRequestComplete(second, wdf.STATUS_SUCCESS));
    rig.system.advance(100);
    rig.expect("done r2 STATUS_SUCCESS 0", "D3 at 3100");
  });

  it("requests of queues that are not power-managed do not keep the device out of idle (K-265)", () => {
    const rig = idleRig({ queue: { powerManaged: wdf.WdfTriState.False } });
    rig.sendRead(1);
    rig.system.advance(100);
    rig.expect("EvtIoRead r1 length=1", "D3 at 100");
  });

  it("brings an idle device to D0 when it is disabled, before it returns (idle_disable_enable)", () => {
    const rig = idleRig();
    rig.system.advance(100);
    rig.tell(() => wdf.WdfDeviceAssignS0IdleSettings(rig.device, settings({ enabled: wdf.WdfTriState.False })));
    rig.expect("D3 at 100", "D0 from 4", "returned STATUS_SUCCESS");
    rig.system.advance(10_000);
  });

  it("an idle device stays in Dx when the system wakes up, unless PowerUpIdleDeviceOnSystemWake (idle_sx_from_idle_wakeup)", () => {
    const sleeps = idleRig();
    const wakes = idleRig({}, { powerUpIdleDeviceOnSystemWake: wdf.WdfTriState.True });
    for (const rig of [sleeps, wakes]) {
      rig.system.advance(100);
      rig.system.power(rig.device).sleep();
      rig.system.power(rig.device).wake();
    }
    sleeps.expect("D3 at 100");
    wakes.expect("D3 at 100", "D0 from 4");
  });

  it("an idle device comes back to D0 before it is removed (idle_remove_while_idle)", () => {
    const rig = idleRig();
    rig.system.advance(100);
    rig.system.power(rig.device).remove();
    rig.expect("D3 at 100", "D0 from 4", "D4 at 100");
  });

  it.each([
    ["a state above D3", { dxState: 6 as wdf.DevicePowerState }],
    ["D0", { dxState: wdf.DevicePowerState.D0 }],
    ["unknown capabilities", { idleCaps: 9 as wdf.WdfPowerPolicyS0IdleCapabilities }],
    ["an unknown kind of timeout", { idleTimeoutType: 9 as wdf.WdfPowerPolicyIdleTimeoutType }],
  ])("refuses %s: STATUS_INVALID_PARAMETER (idle_bad_settings)", (_what, wrong) => {
    const rig = idleRig();
    rig.tell(() => wdf.WdfDeviceAssignS0IdleSettings(rig.device, settings(wrong)));
    rig.expect("returned STATUS_INVALID_PARAMETER");
  });

  it("wants settings that were initialized: STATUS_INFO_LENGTH_MISMATCH", () => {
    const rig = idleRig();
    rig.tell(() => wdf.WdfDeviceAssignS0IdleSettings(rig.device, settings({ size: 0 })));
    rig.expect("returned STATUS_INFO_LENGTH_MISMATCH");
  });

  it("is not for a filter, which does not own the power policy: STATUS_INVALID_DEVICE_REQUEST (idle_stopidle_filter)", () => {
    const rig = new Rig({ filter: true });
    rig.tell(() => wdf.WdfDeviceAssignS0IdleSettings(rig.device, settings()));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
  });
});

describe("WdfDeviceStopIdle", () => {
  it("is STATUS_SUCCESS in D0, and keeps the device there (K-266)", () => {
    const rig = idleRig();
    rig.tell(() => wdf.WdfDeviceStopIdle(rig.device, false));
    rig.system.advance(1000);
    rig.expect("returned STATUS_SUCCESS");
  });

  it("is STATUS_PENDING while the device powers up, or STATUS_SUCCESS when it has waited for that (K-266)", () => {
    const rig = idleRig();
    rig.system.advance(100);
    rig.tell(() => wdf.WdfDeviceStopIdle(rig.device, false));
    rig.expect("D3 at 100", "returned STATUS_PENDING", "D0 from 4");
    rig.run(() => wdf.WdfDeviceResumeIdle(rig.device));
    rig.system.advance(100);
    rig.start(function* () {
      rig.say(rig.returned(yield* wdf.WdfDeviceStopIdle(rig.device, true)));
    });
    rig.expect("D3 at 200", "D0 from 4", "returned STATUS_SUCCESS");
  });

  it("is STATUS_POWER_STATE_INVALID, and takes no reference, when the device is gone (K-266)", () => {
    const rig = idleRig();
    rig.system.power(rig.device).surpriseRemove();
    rig.lines.length = 0;
    rig.tell(() => wdf.WdfDeviceStopIdle(rig.device, false));
    rig.expect("returned STATUS_POWER_STATE_INVALID");
  });

  it("by a driver that is not power policy owner is STATUS_INVALID_DEVICE_STATE (K-267)", () => {
    const rig = new Rig({ filter: true });
    rig.tell(() => wdf.WdfDeviceStopIdle(rig.device, false));
    rig.expect("returned STATUS_INVALID_DEVICE_STATE");
  });

  it("with WaitForD0 above PASSIVE_LEVEL breaks: STATUS_INVALID_DEVICE_REQUEST (idle_stopidle_at_dispatch)", () => {
    const rig = idleRig();
    rig.tell(() => wdf.WdfDeviceStopIdle(rig.device, true), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });

  it("does not keep the system from sleeping (idle_stopidle_does_not_block_system_sleep)", () => {
    const rig = idleRig();
    rig.run(() => wdf.WdfDeviceStopIdle(rig.device, false));
    expect(rig.system.power(rig.device).sleep().done).toBe(true);
    rig.expect("D3 at 0");
  });
});

describe("WdfDeviceResumeIdle", () => {
  it("as often as WdfDeviceStopIdle starts the idle timer", () => {
    const rig = idleRig();
    rig.run(() => void (wdf.WdfDeviceStopIdle(rig.device, false), wdf.WdfDeviceStopIdle(rig.device, false)));
    rig.run(() => wdf.WdfDeviceResumeIdle(rig.device));
    rig.system.advance(1000);
    rig.expectNothingElse();
    rig.run(() => wdf.WdfDeviceResumeIdle(rig.device));
    rig.system.advance(1000);
    rig.expect("D3 at 1100");
  });

  it("once too often breaks (idle_resume_without_stop)", () => {
    const rig = idleRig();
    rig.run(() => wdf.WdfDeviceResumeIdle(rig.device));
    rig.expectFindings(FindingId.ResumeIdleUnbalanced);
  });
});
