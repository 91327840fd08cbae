// The power watchdog: a power transition that lasts too long is the Stop 0x9F, with a report of what it waits for.

import { describe, expect, it } from "vitest";
import { BugCheck, EventType, WdfTriState } from "../bindings/abi";
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

/** What ends the System. */
function stopOf(body: () => void): BugCheckError | undefined {
  try {
    body();
  } catch (error) {
    return error as BugCheckError;
  }
  return undefined;
}

/** Waits for an event that nobody sets. */
function* waitForEver(): Generator<undefined, wdf.NtStatus, unknown> {
  const never = wdf.KeInitializeEvent(EventType.NotificationEvent, false);
  return yield* wdf.KeWaitForSingleObject(never, 0, 0, false);
}

/** A device that is idle after 10 ms. */
function idleRig(power: wdf.WdfPnpPowerEventCallbacks): Rig {
  const { CannotWakeFromS0 } = wdf.WdfPowerPolicyS0IdleCapabilities;
  const settings = { ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(CannotWakeFromS0), idleTimeout: 10 };
  return new Rig({ ...managed, power, more: (device) => void wdf.WdfDeviceAssignS0IdleSettings(device, settings) });
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
    expect(stop?.message).toMatchInlineSnapshot(`"Stop 0x9f DRIVER_POWER_STATE_FAILURE (0x3, 0x100002, 0x100003, 0x100004): rig has been in a power transition for too long: since 0 s of virtual time, for 600 s. Queue q1 waits for r1: a read of 16 bytes, which the driver owns since EvtIoRead was called with it. The queue has no EvtIoStop: nobody asked the driver for r1. The driver could have completed the request, or moved it to a queue that is not power-managed; in EvtIoStop it could have called WdfRequestStopAcknowledge with TRUE, to have it back in q1 until the device is in D0 again, or with FALSE, to keep it and promise not to touch the hardware. Meanwhile the system could neither sleep nor hibernate."`);
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

  it("watches an idle device on its way out of D0: a power callback that waits (EvtDeviceD0Exit)", () => {
    const rig = idleRig({
      *evtDeviceD0Exit() {
        return yield* waitForEver();
      },
    });
    expect(() => rig.system.advance(600_009)).not.toThrow();
    const stop = stopOf(() => rig.system.advance(1));
    expect(stop?.parameters).toEqual([3, rig.device, 0, 0]);
    expect(stop?.message).toContain("since 0.01 s of virtual time, for 600 s. None of its queues holds it up: one of the device's own");
    expect(stop?.message).toContain("Meanwhile the device could not change its power state.");
  });

  it("watches an idle device on its way back to D0 (EvtDeviceD0Entry)", () => {
    let starts = 0;
    const rig = idleRig({
      *evtDeviceD0Entry() {
        return ++starts > 1 ? yield* waitForEver() : wdf.STATUS_SUCCESS;
      },
    });
    rig.system.advance(10);
    rig.system.advance(1000);
    rig.sendRead(1);
    const stop = stopOf(() => rig.system.advance(600_000));
    expect(stop?.parameters).toEqual([3, rig.device, 0, 0]);
    expect(stop?.message).toContain("since 1.01 s of virtual time");
  });

  it("names a queue whose callback still runs: parameter 3 without parameter 4", () => {
    const rig = new Rig({
      queue: {
        ...managed.queue,
        *evtIoRead() {
          yield* waitForEver();
        },
      },
    });
    rig.sendRead(1);
    rig.system.power(rig.device).sleep();
    const stop = stopOf(() => rig.system.advance(600_000));
    expect(stop?.parameters).toEqual([3, rig.device, rig.queue, 0]);
    expect(stop?.message).toContain("A callback of q1 still runs");
  });

  it("an acknowledgement that comes after EvtIoStop wakes nobody, which the report says", () => {
    const rig = new Rig({ queue: { ...managed.queue, evtIoStop: () => {} } });
    rig.sendRead(1);
    rig.system.power(rig.device).sleep();
    rig.run(() => wdf.WdfRequestStopAcknowledge(rig.request, false));
    rig.lines.length = 0;
    const stop = stopOf(() => rig.system.advance(600_000));
    expect(stop?.message).toContain("It was acknowledged after EvtIoStop had returned, when the queue does not look any more");
  });

  it("before it barks, the report of the run says what waits, and that it potentially prevents hibernation (Q-160)", () => {
    const { rig } = stuck({}, 1);
    expect(rig.system.report().waitingThreads).toEqual([
      expect.stringMatching(/for the requests of q1 to be completed or acknowledged \(EvtIoStop\), which potentially prevents hibernation: the driver has r1$/),
    ]);
  });

  it("can be given another time, or none", () => {
    expect(stuck({ powerWatchdog: 5 }, 5).stop?.code).toBe(BugCheck.DriverPowerStateFailure);
    const { rig, stop } = stuck({ powerWatchdog: 0 }, 1e6);
    expect(stop).toBeUndefined();
    expect(rig.system.report().pendingRequests).toEqual(["r1: a read of 16 bytes"]);
    expect(() => System.create({ powerWatchdog: 1.5 })).toThrow(ProtocolError);
  });
});
