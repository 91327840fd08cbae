// The registry from outside: plain objects in, plain objects out, and again on replay.

import { describe, expect, it } from "vitest";
import {
  DeviceRegistryKey,
  KeyAccess,
  NtStatus,
  ProtocolError,
  RegistryKey,
  RegistryType,
  RegistryValue,
  System,
  defineDriver,
  replay,
} from "../host/index";
import { VALUES } from "./support/registry-rig";

/** Counts its starts in its parameters, and keeps the port of its device in the software key. */
const counter = defineDriver({
  name: "counter",
  evtDriverDeviceAdd(init) {
    const { device } = init.createDevice({ symbolicLinks: ["Counter"] });
    const parameters = init.driver.parameters({ access: KeyAccess.All }).object;
    parameters.assignULong("Starts", (parameters.queryULong("Starts").value ?? 0) + 1);
    parameters.close();
    const hardware = RegistryKey.ofDevice(device).object;
    const software = RegistryKey.ofDevice(device, { which: DeviceRegistryKey.Driver, access: KeyAccess.Write }).object;
    software.assignULong("Port", hardware.queryULong("Port").value);
    hardware.close();
    software.close();
    return NtStatus.Success;
  },
});

describe("the registry of a System", () => {
  it("has what System.create was given, under the names of drivers and under whole paths", () => {
    const path = "\\Registry\\Machine\\Software\\Vendor";
    const system = System.create({ registry: { echo: VALUES, [path]: { Version: "1.0" } } });
    expect(system.registry.read(system.registry.parametersPath("echo"))).toEqual(VALUES);
    expect(system.registry.read(path)).toEqual({ Version: "1.0" });
    expect(system.registry.read(`${path}\\Other`)).toBeUndefined();
  });

  it("has what drivers write, and gives them what is written from outside", () => {
    const system = System.create({ registry: { counter: { Starts: 2 } } });
    const { handle } = system.addDevice(counter, { parameters: { Port: 7 } });
    system.registry.write(system.registry.parametersPath("Counter"), { Starts: 9, More: { Deep: "x" } });
    system.addDevice(counter, { parameters: { Port: 8 } });
    expect(system.registry.read(system.registry.parametersPath("counter"))).toEqual({ Starts: 10, More: { Deep: "x" } });
    expect(system.registry.read(system.registry.devicePath(handle, DeviceRegistryKey.Driver))).toEqual({ Port: 7 });
  });

  it("is the same on replay, from a log that went through JSON", async () => {
    const registry = { counter: { Starts: 2, Blob: Uint8Array.from([1, 255]), Big: 5n } };
    const system = System.create({ record: true, registry });
    system.addDevice(counter, { parameters: { Port: 7, Names: ["a", "b"] } });
    system.registry.write("\\Registry\\Machine\\X", { Value: new RegistryValue(RegistryType.None, "x") });
    const again = await replay(JSON.parse(JSON.stringify(system.log!.save())), [counter]);
    expect(again.system.registry.read("\\Registry")).toEqual(system.registry.read("\\Registry"));
    expect(again.system.digest()).toBe(system.digest());
  });

  it("refuses what it cannot keep, saying what to do", () => {
    expect(() => System.create({ registry: { echo: { Half: 0.5 } } })).toThrow(ProtocolError);
    expect(() => System.create({ registry: { Depth: 4 } })).toThrow(/Depth is a value/);
    expect(() => System.create({ registry: { "\\Device\\X": {} } })).toThrow(/no path of a registry key/);
  });
});
