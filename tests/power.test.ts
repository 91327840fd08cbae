// What an author sees of a device's power: seed 003's subject, in the words of a test.

import { describe, expect, it } from "vitest";
import { WdfIoQueueDispatchType } from "../bindings/abi";
import { NtStatus, System, defineDriver } from "../host/index";
import type { DeviceConfig, QueueConfig, Request } from "../host/index";

/** A device whose only queue is power-managed; `said` is what its callbacks did. */
function powered(queue: Partial<QueueConfig>, device: DeviceConfig = {}) {
  const said: string[] = [];
  const say =
    (line: string) =>
    (): NtStatus => {
      said.push(line);
      return NtStatus.Success;
    };
  const driver = defineDriver({
    name: "powered",
    evtDriverDeviceAdd(init) {
      const made = init.createDevice({
        symbolicLinks: ["Powered"],
        evtDeviceD0Entry: say("D0Entry"),
        evtDeviceD0Exit: say("D0Exit"),
        evtDeviceSelfManagedIoInit: say("Init"),
        evtDeviceSelfManagedIoSuspend: say("Suspend"),
        evtDeviceSelfManagedIoRestart: say("Restart"),
        evtDevicePrepareHardware: say("Prepare"),
        evtDeviceReleaseHardware: say("Release"),
        evtDeviceSelfManagedIoFlush: () => void said.push("Flush"),
        evtDeviceSelfManagedIoCleanup: () => void said.push("Cleanup"),
        ...device,
      });
      return made.device.createQueue({ dispatchType: WdfIoQueueDispatchType.Parallel, defaultQueue: true, ...queue }).status;
    },
  });
  const system = System.create();
  const added = system.addDevice(driver);
  return { system, said, power: system.power(added.handle) };
}

describe("System.power", () => {
  it("takes a device to sleep and wakes it in the framework's order", () => {
    const { said, power } = powered({ evtIoRead: () => {} });
    expect(said.splice(0)).toEqual(["Prepare", "D0Entry", "Init"]);
    expect(power.sleep().result).toBe(NtStatus.Success);
    expect(said.splice(0)).toEqual(["Suspend", "D0Exit"]);
    expect(power.wake().result).toBe(NtStatus.Success);
    expect(said.splice(0)).toEqual(["D0Entry", "Restart"]);
  });

  it("a request that EvtIoStop leaves unanswered keeps the device from leaving D0, until it is completed", async () => {
    const kept: Request[] = [];
    const { system, said, power } = powered({ evtIoRead: (_queue, request) => void kept.push(request), evtIoStop: () => {} });
    const file = await system.open("Powered");
    const read = file.read(1);
    const sleep = power.sleep();
    expect(sleep.done).toBe(false);
    expect(said).not.toContain("D0Exit");
    expect(system.report().pendingRequests).toEqual(["r2: a read of 1 byte"]);
    system.thread(() => kept[0].complete(NtStatus.Success));
    expect(sleep.done).toBe(true);
    expect(said).toContain("D0Exit");
    expect((await read).status).toBe(NtStatus.Success);
  });

  it("WdfRequestStopAcknowledge(TRUE) puts the request back; it is delivered again after the wake", async () => {
    const seen: string[] = [];
    const { system, power } = powered({
      evtIoRead: () => void seen.push("read"),
      evtIoStop: (_queue, request) => request.stopAcknowledge({ requeue: true }),
    });
    const file = await system.open("Powered");
    void file.read(1);
    expect(power.sleep().done).toBe(true);
    expect(seen).toEqual(["read"]);
    power.wake();
    expect(seen).toEqual(["read", "read"]);
  });

  it("WdfRequestStopAcknowledge(FALSE) keeps it with the driver, which hears EvtIoResume", async () => {
    const seen: string[] = [];
    const { system, power } = powered({
      evtIoRead: () => void seen.push("read"),
      evtIoStop: (_queue, request) => request.stopAcknowledge({ requeue: false }),
      evtIoResume: () => void seen.push("resume"),
    });
    const file = await system.open("Powered");
    void file.read(1);
    power.sleep();
    power.wake();
    expect(seen).toEqual(["read", "resume"]);
  });

  it("holds what arrives while the device sleeps and delivers it on the wake", async () => {
    const seen: number[] = [];
    const { system, power } = powered({ evtIoWrite: (_queue, _request, length) => void seen.push(length) });
    const file = await system.open("Powered");
    power.sleep();
    for (const length of [1, 2, 3]) void file.write(new Uint8Array(length));
    expect(seen).toEqual([]);
    power.wake();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("removal purges the queue: what waits is cancelled, what arrives later finds no device", async () => {
    const { system, said, power } = powered({ dispatchType: WdfIoQueueDispatchType.Manual });
    const file = await system.open("Powered");
    const waiting = file.read(1);
    said.length = 0;
    power.remove();
    expect((await waiting).status).toBe(NtStatus.Cancelled);
    expect(said).toEqual(["Suspend", "D0Exit", "Release", "Flush", "Cleanup"]);
    expect((await file.read(1)).status).toBe(NtStatus.NoSuchDevice);
  });

  it("after surprise removal the remove IRP finds little left to do", () => {
    const { said, power } = powered({ evtIoRead: () => {} });
    said.length = 0;
    power.surpriseRemove();
    expect(said.splice(0)).toEqual(["Suspend", "D0Exit", "Release", "Flush"]);
    expect(power.remove().result).toBe(NtStatus.Success);
    expect(said).toEqual(["Cleanup"]);
  });

  it("a stop for new resources and the next start restart self-managed I/O", () => {
    const { said, power } = powered({ evtIoRead: () => {} });
    said.length = 0;
    power.stop();
    power.start();
    expect(said).toEqual(["Suspend", "D0Exit", "Release", "Prepare", "D0Entry", "Restart"]);
  });

  it("EvtDeviceQueryStop may veto a stop", () => {
    const { said, power } = powered({ evtIoRead: () => {} }, { evtDeviceQueryStop: () => NtStatus.Unsuccessful });
    said.length = 0;
    power.stop();
    expect(said).toEqual([]);
    expect(power.sleep().done).toBe(true);
    expect(said).toEqual(["Suspend", "D0Exit"]);
  });
});
