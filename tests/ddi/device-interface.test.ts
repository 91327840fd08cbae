// Device interfaces: when they are enabled, and under which names a device is opened by them.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { NtStatus } from "../../host/ddi";
import { type DriverModule, ProtocolError, System, replay } from "../../host/index";
import { Rig } from "../support/rig";

const GUID = "{53F56307-B6BF-11D0-94F2-00A0C91EFB8B}";
const OTHER = "53f56307-b6bf-11d0-94f2-00a0c91efb8c";

/** A driver whose device has interfaces, and says what is opened. */
function driver(name: string, create: (device: wdf.WDFDEVICE) => void, opened: string[] = []): DriverModule {
  return {
    name,
    evtDriverDeviceAdd(_driver, init) {
      wdf.WdfDeviceInitSetFileObjectConfig(init, {
        ...wdf.WDF_FILEOBJECT_CONFIG_INIT(),
        evtDeviceFileCreate: (_device, request, file) => {
          opened.push(`${name}: ${wdf.WdfFileObjectGetFileName(file)}`);
          wdf.WdfRequestComplete(request, NtStatus.Success);
        },
      });
      create(wdf.WdfDeviceCreate(init).device);
    },
  };
}

const withInterface = (name: string, opened?: string[]): DriverModule =>
  driver(name, (device) => void wdf.WdfDeviceCreateDeviceInterface(device, GUID), opened);

describe("WdfDeviceCreateDeviceInterface", () => {
  it("registers an interface that is enabled once the device has started, and disabled when it is removed", async () => {
    const system = System.create();
    const during: string[][] = [];
    const { handle } = system.addDevice(
      driver("disk", (device) => {
        wdf.WdfDeviceCreateDeviceInterface(device, GUID);
        during.push(system.interfaces(GUID));
      }),
    );
    const name = "\\\\?\\ROOT#disk#0000#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}";
    expect([during, system.interfaces(GUID), system.interfaces(OTHER)]).toEqual([[[]], [name], []]);
    expect((await system.open({ interface: GUID })).status).toBe(NtStatus.Success);
    system.power(handle).remove();
    expect(system.interfaces(GUID)).toEqual([]);
    expect((await system.open(name)).status).toBe(NtStatus.ObjectNameNotFound);
    expect((await system.open({ interface: GUID })).status).toBe(NtStatus.ObjectNameNotFound);
  });

  it("finds the devices of a class in the order of their creation, each under its own name", async () => {
    const system = System.create();
    const opened: string[] = [];
    for (const name of ["first", "second"]) system.addDevice(withInterface(name, opened));
    await system.open({ interface: OTHER.replace(/c$/, "b") });
    await system.open(system.interfaces(GUID)[1].toUpperCase());
    expect(opened).toEqual(["first: ", "second: "]);
  });

  it("hands the reference string to the driver as the file's name", async () => {
    const system = System.create();
    const opened: string[] = [];
    const make = (device: wdf.WDFDEVICE): void => {
      for (const reference of ["In", "Out"]) wdf.WdfDeviceCreateDeviceInterface(device, GUID, reference);
    };
    system.addDevice(driver("pipe", make, opened));
    for (const name of system.interfaces(GUID)) await system.open(name);
    expect(opened).toEqual(["pipe: \\In", "pipe: \\Out"]);
    expect((await system.open(`${system.interfaces(GUID)[0].slice(0, -3)}\\None`)).status).toBe(NtStatus.ObjectNameNotFound);
  });

  it("opens the stack from its top", async () => {
    const system = System.create();
    const opened: string[] = [];
    const below = system.addDevice(withInterface("function", opened)).handle;
    system.addDevice(driver("filter", () => {}, opened), { above: below });
    await system.open({ interface: GUID });
    expect(opened[0]).toBe("filter: ");
  });

  it("is not enabled when the start fails", () => {
    const system = System.create();
    system.addDevice({
      name: "bad",
      evtDriverDeviceAdd(_driver, init) {
        wdf.WdfDeviceInitSetPnpPowerEventCallbacks(init, { evtDeviceD0Entry: () => NtStatus.Unsuccessful });
        wdf.WdfDeviceCreateDeviceInterface(wdf.WdfDeviceCreate(init).device, GUID);
      },
    });
    expect(system.interfaces(GUID)).toEqual([]);
  });

  it("fails with STATUS_INVALID_DEVICE_REQUEST for a reference string that looks like a path", () => {
    const rig = new Rig();
    rig.tell(() => wdf.WdfDeviceCreateDeviceInterface(rig.device, GUID, "a\\b"));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
  });

  it("needs PASSIVE_LEVEL, a device, a GUID, and memory", () => {
    const rig = new Rig({ rules: false });
    rig.tell(() => wdf.WdfDeviceCreateDeviceInterface(rig.device, GUID), Irql.Dispatch);
    rig.expectFindings(FindingId.NotPassive);
    rig.lowMemory = true;
    rig.tell(() => wdf.WdfDeviceCreateDeviceInterface(rig.device, GUID));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST", "returned STATUS_INSUFFICIENT_RESOURCES");
    rig.expectStop(() => wdf.WdfDeviceCreateDeviceInterface(rig.device, null), WdfViolation.RequiredParameterIsNull);
  });

  it("refuses a text that is no GUID", () => {
    expect(() => System.create().open({ interface: "disk" })).toThrow(ProtocolError);
  });

  it("is opened the same way on replay", async () => {
    const opened: string[] = [];
    const system = System.create({ record: true });
    const module = withInterface("disk", opened);
    system.addDevice(module);
    await system.open({ interface: GUID });
    const again = await replay(system.log!.save(), [module]);
    expect(opened).toEqual(["disk: ", "disk: "]);
    expect(again.system.digest()).toBe(system.digest());
  });
});

describe("WdfDeviceSetDeviceInterfaceState", () => {
  it("enables and disables the interface with that class and reference string", () => {
    const system = System.create();
    const { handle } = system.addDevice(withInterface("disk"));
    const set = (guid: string, reference: string | null, on: boolean): number =>
      system.thread(() => {
        wdf.WdfDeviceSetDeviceInterfaceState(handle, guid, reference, on);
        return system.interfaces(GUID).length;
      }).result;
    expect([set(OTHER, null, false), set(GUID, "Other", false), set(GUID, null, false), set(GUID, null, true)]).toEqual([1, 1, 0, 1]);
  });

  it("does nothing above PASSIVE_LEVEL but break twice", () => {
    const rig = new Rig({ rules: false, more: (device) => void wdf.WdfDeviceCreateDeviceInterface(device, GUID) });
    rig.run(() => wdf.WdfDeviceSetDeviceInterfaceState(rig.device, GUID, null, false), Irql.Dispatch);
    rig.expectFindings(FindingId.NotPassive, FindingId.NotPassive);
    expect(rig.system.interfaces(GUID)).toHaveLength(1);
  });
});

describe("WdfDeviceSetDeviceInterfaceStateEx", () => {
  it("before the start keeps the interface from being enabled by it", () => {
    const system = System.create();
    const { handle } = system.addDevice(
      driver("disk", (device) => {
        wdf.WdfDeviceCreateDeviceInterface(device, GUID);
        wdf.WdfDeviceSetDeviceInterfaceStateEx(device, GUID, null, false);
      }),
    );
    expect(system.interfaces(GUID)).toEqual([]);
    system.thread(() => wdf.WdfDeviceSetDeviceInterfaceStateEx(handle, GUID, null, true));
    expect(system.interfaces(GUID)).toHaveLength(1);
  });
});

describe("WdfDeviceRetrieveDeviceInterfaceString", () => {
  it("gives the link, by which a remote target opens the device too", () => {
    const rig = new Rig({ more: (device) => void wdf.WdfDeviceCreateDeviceInterface(device, GUID) });
    const { string } = rig.run(() => wdf.WdfStringCreate());
    rig.tell(() => wdf.WdfDeviceRetrieveDeviceInterfaceString(rig.device, OTHER, null, string));
    rig.tell(() => wdf.WdfDeviceRetrieveDeviceInterfaceString(rig.device, GUID, null, string));
    rig.expect("returned STATUS_OBJECT_NAME_NOT_FOUND", "returned STATUS_SUCCESS");
    const targetDeviceName = rig.run(() => wdf.WdfStringGetUnicodeString(string));
    expect(targetDeviceName).toBe("\\??\\ROOT#rig#0000#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}");
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    rig.tell(() => wdf.WdfIoTargetOpen(target, { type: wdf.WdfIoTargetOpenType.ByName, targetDeviceName }));
    rig.expect("returned STATUS_SUCCESS");
  });

  it("stops for what is no string", () => {
    const rig = new Rig();
    const device = rig.device as number as wdf.WDFSTRING;
    const retrieve = () => wdf.WdfDeviceRetrieveDeviceInterfaceString(rig.device, GUID, null, device);
    rig.expectStop(retrieve, WdfViolation.InvalidHandle, device, ObjectKind.String);
  });
});
