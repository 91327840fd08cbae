// The power watchdog: a power transition that lasts too long is the Stop 0x9F, with a report of what it waits for.

import { describe, expect, it } from "vitest";
import { BugCheck, WdfTriState } from "../bindings/abi";
import * as wdf from "../host/ddi";
import { BugCheckError, ProtocolError, System } from "../host/index";
import { Rig, type RigOptions } from "./support/rig";

const managed: RigOptions = { queue: { powerManaged: WdfTriState.True } };

/** A device that leaves D0 with a read pending; what ends the System after that many seconds. */
function stuck(options: RigOptions, seconds = 600): { rig: Rig; stop: BugCheckError | undefined } {
  const rig = new Rig({ ...managed, ...options });
  rig.sendRead(16);
  rig.system.power(rig.device).sleep();
  rig.lines.length = 0;
  try {
    rig.system.advance(seconds * 1000);
  } catch (error) {
    return { rig, stop: error as BugCheckError };
  }
  return { rig, stop: undefined };
}

describe("the power watchdog", () => {
  it("is DRIVER_POWER_STATE_FAILURE (0x9F), parameter 1 is 3, after 600 seconds of virtual time (K-241)", () => {
    const { rig, stop } = stuck({});
    expect(stop).toBeInstanceOf(BugCheckError);
    expect(stop?.code).toBe(BugCheck.DriverPowerStateFailure);
    expect(stop?.parameters).toEqual([3, rig.device, rig.queue, rig.kept[0]]);
  });

  it("lets a transition that ends in time be", () => {
    const { rig, stop } = stuck({}, 599);
    expect(stop).toBeUndefined();
    rig.complete();
    rig.system.advance(10_000_000);
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("names queue and request, who owns it, the last callback to see it, and what the driver could have called", () => {
    const { stop } = stuck({});
    expect(stop?.message).toMatchInlineSnapshot(`"Stop 0x9f DRIVER_POWER_STATE_FAILURE (0x3, 0x100002, 0x100003, 0x100004): rig has been in a power transition for too long. Queue q1 waits for r1: a read of 16 bytes, which the driver owns since EvtIoRead was called with it. The queue has no EvtIoStop: nobody asked the driver for r1. The driver could have completed the request, or moved it to a queue that is not power-managed; in EvtIoStop it could have called WdfRequestStopAcknowledge with TRUE, to have it back in q1 until the device is in D0 again, or with FALSE, to keep it and promise not to touch the hardware."`);
  });

  it("says when EvtIoStop was called and did not answer", () => {
    const { stop } = stuck({ queue: { ...managed.queue, evtIoStop: () => {} } });
    expect(stop?.message).toContain("EvtIoStop was the last callback to see r1, and returned without an answer.");
  });

  it("lets an answer in EvtIoStop end it", () => {
    const answer: wdf.EvtIoStop = (_queue, request) => void wdf.WdfRequestStopAcknowledge(request, false);
    const { rig, stop } = stuck({ queue: { ...managed.queue, evtIoStop: answer } }, 10_000);
    expect(stop).toBeUndefined();
    rig.system.power(rig.device).wake();
  });

  it("watches an idle device on its way out of D0 and back too", () => {
    const rig: Rig = new Rig({
      ...managed,
      more: (device) =>
        void wdf.WdfDeviceAssignS0IdleSettings(device, {
          ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(wdf.WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0),
          idleTimeout: 10,
        }),
      power: {
        *evtDeviceD0Exit() {
          yield* wdf.WdfIoQueueStopSynchronously(other);
          return wdf.STATUS_SUCCESS;
        },
      },
    });
    const other = rig.run(() => rig.makeQueue({ powerManaged: WdfTriState.False }));
    rig.run(() => wdf.WdfDeviceConfigureRequestDispatching(rig.device, other, wdf.WdfRequestType.Read));
    rig.lines.length = 0;
    rig.system.advance(10);
    rig.system.advance(600_000);
  });

  it("can be given another time, or none", () => {
    expect(stuck({ powerWatchdog: 5 }, 5).stop?.code).toBe(BugCheck.DriverPowerStateFailure);
    const { rig, stop } = stuck({ powerWatchdog: 0 }, 1e6);
    expect(stop).toBeUndefined();
    expect(rig.system.report().pendingRequests).toEqual(["r1: a read of 16 bytes"]);
    expect(() => System.create({ powerWatchdog: 1.5 })).toThrow(ProtocolError);
  });
});
