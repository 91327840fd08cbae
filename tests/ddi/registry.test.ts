// Keys of the registry: opening, making, closing and removing them.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  DeviceRegistryKey,
  KeyAccess,
  RegistryDisposition,
  RegistryOption,
  type WDFKEY,
  WdfDeviceCreate,
  WdfDeviceOpenRegistryKey,
  WdfDriverGetRegistryPath,
  WdfDriverOpenParametersRegistryKey,
  WdfDriverOpenPersistentStateRegistryKey,
  WdfObjectDereference,
  WdfObjectReference,
  WdfRegistryAssignULong,
  WdfRegistryClose,
  WdfRegistryCreateKey,
  WdfRegistryOpenKey,
  WdfRegistryQueryULong,
  WdfRegistryRemoveKey,
  type WDFDRIVER,
} from "../../host/ddi";
import { statusName } from "../../host/format";
import { PARAMETERS, registryRig } from "../support/registry-rig";
import { Rig } from "../support/rig";

const { Read, Write, All } = KeyAccess;

describe("WdfRegistryOpenKey", () => {
  it("opens by the whole path, or below an open key; case does not matter", () => {
    const { rig, key } = registryRig();
    const whole = rig.run(() => WdfRegistryOpenKey(null, PARAMETERS.toUpperCase(), Read));
    const below = rig.run(() => WdfRegistryOpenKey(key, "below", Read));
    expect(rig.run(() => WdfRegistryQueryULong(whole.key, "DEPTH"))).toEqual({ status: 0, value: 4 });
    expect(rig.run(() => WdfRegistryQueryULong(below.key, "Inside"))).toEqual({ status: 0, value: 1 });
  });

  it.each([
    ["a key that is not there", null, `${PARAMETERS}\\Other`, "STATUS_OBJECT_NAME_NOT_FOUND"],
    ["a key below one that is not there", null, `${PARAMETERS}\\Other\\More`, "STATUS_OBJECT_NAME_NOT_FOUND"],
    ["a name without a parent that does not begin at the root", null, "Parameters", "STATUS_OBJECT_PATH_SYNTAX_BAD"],
    ["a name with a parent that begins at the root", "open", "\\Below", "STATUS_OBJECT_PATH_SYNTAX_BAD"],
    ["a name at the root that is none", null, "\\Registers", "STATUS_OBJECT_NAME_NOT_FOUND"],
    ["a path at the root that is none", null, "\\Registers\\Machine", "STATUS_OBJECT_PATH_NOT_FOUND"],
  ])("fails for %s", (_what, parent, name, status) => {
    const { rig, key } = registryRig();
    const result = rig.run(() => WdfRegistryOpenKey(parent === null ? null : key, name, Read));
    expect(statusName(result.status)).toBe(status);
    expect(result.key).toBe(0);
  });

  it("leaves no object behind when it fails", () => {
    const { rig } = registryRig();
    rig.run(() => WdfRegistryOpenKey(null, "\\Registry\\None", Read, { evtCleanupCallback: () => rig.say("EvtCleanup") }));
    rig.expectNothingElse();
    expect(rig.system.report().leaks).toEqual([]);
  });

  it("stops without a name", () => {
    const { rig, key } = registryRig();
    rig.expectStop(() => WdfRegistryOpenKey(key, null, Read), WdfViolation.RequiredParameterIsNull);
  });

  it("needs PASSIVE_LEVEL: above, a break and STATUS_INVALID_DEVICE_REQUEST", () => {
    const { rig } = registryRig({ rules: false });
    rig.tell(() => WdfRegistryOpenKey(null, PARAMETERS, Read), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotPassive);
  });
});

describe("WdfRegistryCreateKey", () => {
  it("makes a key, and opens it the next time", () => {
    const { rig, key } = registryRig();
    const make = () => WdfRegistryCreateKey(key, "New", All, RegistryOption.NonVolatile).disposition;
    expect([rig.run(make), rig.run(make)]).toEqual([RegistryDisposition.CreatedNewKey, RegistryDisposition.OpenedExistingKey]);
    expect(rig.system.registry.read(`${PARAMETERS}\\New`)).toEqual({});
  });

  it("needs all keys above it", () => {
    const { rig, key } = registryRig();
    rig.tell(() => WdfRegistryCreateKey(key, "New\\Newer", All, RegistryOption.NonVolatile));
    rig.expect("returned STATUS_OBJECT_NAME_NOT_FOUND");
    expect(rig.system.registry.read(`${PARAMETERS}\\New`)).toBeUndefined();
  });

  it("makes no lasting key below a volatile one", () => {
    const { rig, key } = registryRig();
    const { key: volatile } = rig.run(() => WdfRegistryCreateKey(key, "Volatile", All, RegistryOption.Volatile));
    rig.tell(() => WdfRegistryCreateKey(volatile, "Lasting", All, RegistryOption.NonVolatile));
    rig.tell(() => WdfRegistryCreateKey(volatile, "Volatile", All, RegistryOption.Volatile));
    rig.expect("returned STATUS_CHILD_MUST_BE_VOLATILE", "returned STATUS_SUCCESS");
  });

  it("makes no key while memory is short", () => {
    const { rig, key } = registryRig();
    rig.lowMemory = true;
    rig.tell(() => WdfRegistryCreateKey(key, "New", All, RegistryOption.NonVolatile));
    rig.expect("returned STATUS_INSUFFICIENT_RESOURCES");
    expect(rig.system.registry.read(`${PARAMETERS}\\New`)).toBeUndefined();
  });
});

describe("WdfRegistryClose", () => {
  it("deletes the object", () => {
    const { rig } = registryRig();
    const evtDestroyCallback = () => rig.say("EvtDestroy");
    const { key } = rig.run(() => WdfRegistryOpenKey(null, PARAMETERS, Read, { evtDestroyCallback }));
    rig.tell(() => WdfRegistryClose(key));
    rig.expect("EvtDestroy", "returned");
    rig.expectStop(() => WdfRegistryQueryULong(key, "Depth"), WdfViolation.InvalidHandle, key, ObjectKind.Key);
  });

  it("leaves no handle in a key that somebody still refers to", () => {
    const { rig, key } = registryRig();
    rig.run(() => WdfObjectReference(key));
    rig.run(() => WdfRegistryClose(key));
    rig.tell(() => WdfRegistryQueryULong(key, "Depth"));
    rig.expect("returned STATUS_INVALID_HANDLE");
    rig.run(() => WdfObjectDereference(key));
  });

  it("does nothing above PASSIVE_LEVEL but break twice", () => {
    const { rig, key } = registryRig({ rules: false });
    rig.run(() => WdfRegistryClose(key), Irql.Dispatch);
    rig.expectFindings(FindingId.NotPassive, FindingId.NotPassive);
    rig.tell(() => WdfRegistryQueryULong(key, "Depth"));
    rig.expect("returned STATUS_SUCCESS");
  });
});

describe("WdfRegistryRemoveKey", () => {
  it("removes the key and deletes the object; other open keys of it are good for nothing", () => {
    const { rig, key } = registryRig();
    const evtCleanupCallback = () => rig.say(`EvtCleanup, ${rig.system.registry.read(`${PARAMETERS}\\Below`) ? "there" : "gone"}`);
    const open = (attributes = {}): WDFKEY => rig.run(() => WdfRegistryOpenKey(key, "Below", All, attributes)).key;
    const [first, second] = [open({ evtCleanupCallback }), open()];
    rig.tell(() => WdfRegistryRemoveKey(first));
    rig.tell(() => WdfRegistryQueryULong(second, "Inside"));
    rig.tell(() => WdfRegistryAssignULong(second, "Inside", 2));
    rig.tell(() => WdfRegistryRemoveKey(second));
    rig.tell(() => WdfRegistryOpenKey(second, "More", Read));
    rig.expect("EvtCleanup, gone", "returned STATUS_SUCCESS", ...Array.from({ length: 4 }, () => "returned STATUS_KEY_DELETED"));
  });

  it("leaves a key with keys below it", () => {
    const { rig, key } = registryRig();
    rig.tell(() => WdfRegistryRemoveKey(key));
    rig.expect("returned STATUS_CANNOT_DELETE");
    expect(rig.system.registry.read(`${PARAMETERS}\\Below`)).toEqual({ Inside: 1 });
  });

  it("needs PASSIVE_LEVEL: above, a break and STATUS_INVALID_DEVICE_REQUEST", () => {
    const { rig, key } = registryRig({ rules: false });
    rig.tell(() => WdfRegistryRemoveKey(key), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotPassive);
  });
});

describe("WdfDriverOpenParametersRegistryKey", () => {
  it("opens the Parameters key of the driver's service", () => {
    const { rig, driver } = registryRig();
    const { key } = rig.run(() => WdfDriverOpenParametersRegistryKey(driver, Read));
    expect(rig.run(() => WdfRegistryQueryULong(key, "Depth")).value).toBe(4);
  });

  it("makes the key only for more than reading", () => {
    const rig = new Rig();
    const driver = rig.system.names.driverOf(rig.device) as WDFDRIVER;
    rig.tell(() => WdfDriverOpenParametersRegistryKey(driver, Read));
    rig.tell(() => WdfDriverOpenParametersRegistryKey(driver, Write));
    rig.tell(() => WdfDriverOpenParametersRegistryKey(driver, Read));
    rig.expect("returned STATUS_OBJECT_NAME_NOT_FOUND", "returned STATUS_SUCCESS", "returned STATUS_SUCCESS");
  });
});

describe("WdfDriverOpenPersistentStateRegistryKey", () => {
  it("gives the driver a place to write, apart from its parameters", () => {
    const { rig, driver } = registryRig();
    const open = () => WdfDriverOpenPersistentStateRegistryKey(driver, Read | Write).key;
    rig.run(() => WdfRegistryAssignULong(open(), "Count", 5));
    expect(rig.run(() => WdfRegistryQueryULong(open(), "Count")).value).toBe(5);
    expect(rig.system.registry.read(PARAMETERS)).not.toHaveProperty("Count");
  });
});

describe("WdfDriverGetRegistryPath", () => {
  it("is the key of the driver's service", () => {
    const { rig, driver } = registryRig();
    expect(`${rig.run(() => WdfDriverGetRegistryPath(driver))}\\Parameters`).toBe(PARAMETERS);
  });

  it("needs PASSIVE_LEVEL: above, a break and nothing", () => {
    const { rig, driver } = registryRig({ rules: false });
    expect(rig.run(() => WdfDriverGetRegistryPath(driver), Irql.Dispatch)).toBeNull();
    rig.expectFindings(FindingId.NotPassive);
  });
});

describe("WdfDeviceOpenRegistryKey", () => {
  const { Device, Driver } = DeviceRegistryKey;

  it("opens the hardware key, with what addDevice was given, and the software key", () => {
    const rig = new Rig({ place: { parameters: { Port: 3 } } });
    const hardware = rig.run(() => WdfDeviceOpenRegistryKey(rig.device, Device, Read)).key;
    const software = rig.run(() => WdfDeviceOpenRegistryKey(rig.device, Driver, Read | Write)).key;
    expect(rig.run(() => WdfRegistryQueryULong(hardware, "Port")).value).toBe(3);
    rig.run(() => WdfRegistryAssignULong(software, "Seen", 1));
    expect(rig.system.registry.read(rig.system.registry.devicePath(rig.device))).toEqual({ Port: 3 });
    expect(rig.system.registry.read(rig.system.registry.devicePath(rig.device, Driver))).toEqual({ Seen: 1 });
  });

  it("opens the same key for all devices of a stack, and another for another device", () => {
    const below = new Rig({ place: { parameters: { Port: 3 } } });
    const ports: number[] = [];
    const driver = (name: string) => ({
      name,
      evtDriverDeviceAdd: (_driver: WDFDRIVER, init: Parameters<typeof WdfDeviceCreate>[0]) => {
        const { device } = WdfDeviceCreate(init);
        const { key } = WdfDeviceOpenRegistryKey(device, Device, Read);
        ports.push(WdfRegistryQueryULong(key, "Port").value);
      },
    });
    below.system.addDevice(driver("filter"), { above: below.device });
    below.system.addDevice(driver("other"), { parameters: { Port: 4 } });
    expect(ports).toEqual([3, 4]);
  });

  it("takes no parent, and no other flags", () => {
    const rig = new Rig();
    rig.tell(() => WdfDeviceOpenRegistryKey(rig.device, Device, Read, { parentObject: rig.device }));
    rig.tell(() => WdfDeviceOpenRegistryKey(rig.device, Device | Driver, Read));
    rig.expect("returned STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED", "returned STATUS_INVALID_PARAMETER");
  });

  it("does nothing above PASSIVE_LEVEL but break twice", () => {
    const rig = new Rig({ rules: false });
    rig.tell(() => WdfDeviceOpenRegistryKey(rig.device, Device, Read), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotPassive, FindingId.NotPassive);
  });
});
