// What the framework does when a callback of the device fails, step by step (K-263; pnpstatemachine.cpp,
// powerstatemachine.cpp, selfmanagediostatemachine.cpp).

import { describe, expect, it } from "vitest";
import { FindingId, NtStatus, System, WdfIoQueueDispatchType, defineDriver } from "../host/index";
import type { DevicePower, Request } from "../host/index";

const SAYING = {
  evtDevicePrepareHardware: "Prepare",
  evtDeviceD0Entry: "D0Entry",
  evtDeviceD0EntryPostInterruptsEnabled: "PostInterrupts",
  evtDeviceSelfManagedIoInit: "Init",
  evtDeviceSelfManagedIoRestart: "Restart",
  evtDeviceSelfManagedIoSuspend: "Suspend",
  evtDeviceD0ExitPreInterruptsDisabled: "PreInterrupts",
  evtDeviceD0Exit: "D0Exit",
  evtDeviceReleaseHardware: "Release",
  evtDeviceQueryStop: "QueryStop",
  evtDeviceQueryRemove: "QueryRemove",
} as const;

type Name = (typeof SAYING)[keyof typeof SAYING];

/** A device all callbacks of which say their name; `fail` makes one return a status from then on. */
function device(failing: Partial<Record<Name, NtStatus>> = {}) {
  const said: string[] = [];
  const fails = new Map(Object.entries(failing));
  const kept: Request[] = [];
  const callback =
    (name: Name) =>
    (_device: unknown, power?: unknown): NtStatus => {
      said.push(typeof power === "number" ? `${name}(${power})` : name);
      return fails.get(name) ?? NtStatus.Success;
    };
  const driver = defineDriver({
    name: "failing",
    evtDriverDeviceAdd(init) {
      const made = init.createDevice({
        symbolicLinks: ["Failing"],
        ...Object.fromEntries(Object.entries(SAYING).map(([member, name]) => [member, callback(name)])),
        evtDeviceSurpriseRemoval: () => void said.push("Surprise"),
        evtDeviceSelfManagedIoFlush: () => void said.push("Flush"),
        evtDeviceSelfManagedIoCleanup: () => void said.push("Cleanup"),
      });
      return made.device.createQueue({
        dispatchType: WdfIoQueueDispatchType.Parallel,
        defaultQueue: true,
        evtIoRead: (_queue, request) => void kept.push(request),
      }).status;
    },
  });
  const system = System.create();
  const added = system.addDevice(driver);
  const power: DevicePower = system.power(added.handle);
  return { system, said, power, kept, fail: (name: Name, status: NtStatus) => fails.set(name, status) };
}

const BAD = NtStatus.Unsuccessful;

describe("a start that fails", () => {
  it("EvtDevicePrepareHardware: the hardware is released, nothing of power is called", () => {
    const { said, power } = device({ Prepare: BAD });
    expect(said.splice(0)).toEqual(["Prepare", "Release"]);
    expect(power.remove().result).toBe(NtStatus.Success);
    expect(said).toEqual([]);
  });

  it("K-263 EvtDeviceD0Entry: EvtDeviceD0Exit is not called; queues never deliver, and what waits is cancelled", async () => {
    const { system, said, power, kept } = device({ D0Entry: BAD });
    expect(said.splice(0)).toEqual(["Prepare", "D0Entry(5)", "Release"]);
    const file = await system.open("Failing");
    expect((await file.read(1)).status).toBe(NtStatus.InvalidDeviceState);
    expect(kept).toEqual([]);
    power.remove();
    expect(said).toEqual([]);
  });

  it("EvtDeviceD0EntryPostInterruptsEnabled: EvtDeviceD0Exit undoes EvtDeviceD0Entry", () => {
    expect(device({ PostInterrupts: BAD }).said).toEqual(["Prepare", "D0Entry(5)", "PostInterrupts(5)", "D0Exit(5)", "Release"]);
  });

  it("EvtDeviceSelfManagedIoInit: the queues are held, all is undone, and self-managed I/O is flushed; cleanup comes with removal", () => {
    const { said, power } = device({ Init: BAD });
    const undone = ["PreInterrupts(5)", "D0Exit(5)", "Release", "Flush"];
    expect(said.splice(0)).toEqual(["Prepare", "D0Entry(5)", "PostInterrupts(5)", "Init", ...undone]);
    power.remove();
    expect(said).toEqual(["Cleanup"]);
  });

  it("ends with the status of EvtDevicePrepareHardware, else with STATUS_DEVICE_POWER_FAILURE", () => {
    for (const [name, status] of [["Prepare", BAD], ["D0Entry", NtStatus.DevicePowerFailure], ["Init", NtStatus.DevicePowerFailure]] as const) {
      const { power, fail } = device();
      power.stop();
      fail(name === "Init" ? "Restart" : name, BAD);
      expect(power.start().result).toBe(status);
    }
  });

  it("the device is not started again, and a surprise removal only tells the driver", () => {
    const { said, power } = device({ D0Entry: BAD });
    said.length = 0;
    expect(power.start().result).toBe(NtStatus.InvalidDeviceState);
    expect(power.sleep().result).toBe(NtStatus.Success);
    expect(power.wake().result).toBe(NtStatus.Success);
    expect(said.splice(0)).toEqual([]);
    power.surpriseRemove();
    expect(said.splice(0)).toEqual(["Surprise"]);
    power.remove();
    expect(said).toEqual([]);
  });
});

describe("a wake that fails", () => {
  it("EvtDeviceD0Entry: the device is given up: released, purged, flushed", () => {
    const { said, power, fail } = device();
    power.sleep();
    said.length = 0;
    fail("D0Entry", BAD);
    expect(power.wake().result).toBe(NtStatus.Success);
    expect(said.splice(0)).toEqual(["D0Entry(4)", "Release", "Flush"]);
    power.remove();
    expect(said).toEqual(["Cleanup"]);
  });

  it("EvtDeviceSelfManagedIoRestart: all is undone", () => {
    const { said, power, fail } = device();
    power.sleep();
    said.length = 0;
    fail("Restart", BAD);
    power.wake();
    const undone = ["PreInterrupts(5)", "D0Exit(5)", "Release", "Flush"];
    expect(said).toEqual(["D0Entry(4)", "PostInterrupts(4)", "Restart", ...undone]);
  });
});

describe("leaving D0 cannot be refused", () => {
  it.each(["Suspend", "PreInterrupts", "D0Exit"] as const)("%s fails on the way to sleep: the rest goes on, then the device is given up", (name) => {
    const { said, power, fail } = device();
    said.length = 0;
    fail(name, BAD);
    expect(power.sleep().result).toBe(NtStatus.Success);
    expect(said.splice(0)).toEqual(["Suspend", "PreInterrupts(4)", "D0Exit(4)", "Release", "Flush"]);
    power.wake();
    expect(said).toEqual([]);
  });

  it("a stop in which EvtDeviceReleaseHardware fails ends with a device that is given up", () => {
    const { said, power, fail } = device();
    said.length = 0;
    fail("Release", BAD);
    expect(power.stop().result).toBe(NtStatus.Success);
    expect(said.splice(0)).toEqual(["QueryStop", "Suspend", "PreInterrupts(5)", "D0Exit(5)", "Release", "Flush"]);
    expect(power.start().result).toBe(NtStatus.InvalidDeviceState);
  });

  it("a removal goes on whatever its callbacks return", () => {
    const { said, power, fail } = device();
    said.length = 0;
    for (const name of ["Suspend", "PreInterrupts", "D0Exit", "Release"] as const) fail(name, BAD);
    expect(power.remove().result).toBe(NtStatus.Success);
    expect(said).toEqual(["Suspend", "PreInterrupts(5)", "D0Exit(5)", "Release", "Flush", "Cleanup"]);
  });

  it("what the driver still has is cancelled by the purge of a device that is given up", async () => {
    const { system, power, kept, fail } = device();
    const file = await system.open("Failing");
    power.sleep();
    const waiting = file.read(1);
    fail("D0Entry", BAD);
    power.wake();
    expect((await waiting).status).toBe(NtStatus.Cancelled);
    expect(kept).toEqual([]);
  });
});

describe("STATUS_NOT_SUPPORTED", () => {
  it.each(["Prepare", "Release", "QueryStop"] as const)("%s may not return it: the verifier breaks", (name) => {
    const { system, power, fail } = device();
    fail(name, NtStatus.NotSupported);
    power.stop();
    power.start();
    expect(system.findings.map(({ id }) => id)).toContain(FindingId.NotSupportedReturned);
  });
});
