// Names that are nearly right are refused where they would otherwise have no effect.

import { describe, expect, it } from "vitest";
import { System, WdfIoQueueDispatchType, defineDriver } from "../host";
import type { DeviceConfig } from "../host/framework/device";
import type { DriverDefinition } from "../host/framework/driver";
import type { QueueConfig } from "../host/framework/queue";
import type { SystemOptions } from "../host/options";

/** As JavaScript hands it over: unchecked. */
const unchecked = <T>(value: object): T => value as T;

/** Adds a device made so, with a queue made so. */
function add(device: object, queue: object = {}): void {
  const driver = defineDriver({
    name: "careless",
    evtDriverDeviceAdd(init) {
      const made = init.createDevice(unchecked<DeviceConfig>(device));
      const settled = { defaultQueue: true, dispatchType: WdfIoQueueDispatchType.Parallel, ...queue };
      return made.device.createQueue(unchecked<QueueConfig>(settled)).status;
    },
  });
  System.create().addDevice(driver);
}

describe("System.create", () => {
  it("refuses an option it does not have, and says which it might be", () => {
    expect(() => System.create(unchecked<SystemOptions>({ procesors: 2 }))).toThrow(
      "System.create has no option procesors; is processors meant?",
    );
    expect(() => System.create(unchecked<SystemOptions>({ cpus: 2 }))).toThrow(/^System.create has no option cpus; it takes verifier, /);
  });
});

describe("System.addDevice, System.interruptLine", () => {
  it("refuse what they do not have", () => {
    const system = System.create();
    const driver = defineDriver({ name: "x", evtDriverDeviceAdd: (init) => init.createDevice().status });
    expect(() => system.addDevice(driver, unchecked({ bove: 1 }))).toThrow("addDevice has no option bove; is above meant?");
    expect(() => system.interruptLine(unchecked({ level: 5 }))).toThrow("interruptLine has no option level; it takes irql, mode");
  });
});

describe("a driver's structures", () => {
  const nothing = (): void => {};

  it.each([
    ["createDevice", { evtDeviceD0Entri: nothing }, {}, "createDevice knows no evtDeviceD0Entri; is evtDeviceD0Entry meant?"],
    ["createDevice", { symbolicLink: [] }, {}, "createDevice knows no symbolicLink; is symbolicLinks meant?"],
    ["files", { files: { evtFileClean: nothing } }, {}, "files knows no callback evtFileClean; it would never be called"],
    ["createQueue", {}, { evtIoRaed: nothing }, "WdfIoQueueCreate knows no evtIoRaed; is evtIoRead meant?"],
    ["createQueue", {}, { EvtIoRead: nothing }, "WdfIoQueueCreate knows no EvtIoRead; is evtIoRead meant?"],
    ["createQueue", {}, { evtIoFlush: nothing }, "WdfIoQueueCreate knows no callback evtIoFlush; it would never be called"],
  ])("%s refuses what would have no effect: %#", (_, device, queue, message) => {
    expect(() => add(device, queue)).toThrow(message);
  });

  it("may have members of the driver's own beside the documented ones", () => {
    expect(() => add({ color: "red" }, { label: "reads", counter: { n: 1 } })).not.toThrow();
  });

  it("defineDriver refuses a misspelled callback", () => {
    const definition = unchecked<DriverDefinition>({ name: "x", evtDriverDeviceAd: nothing });
    expect(() => defineDriver(definition)).toThrow("defineDriver knows no evtDriverDeviceAd; is evtDriverDeviceAdd meant?");
  });
});
