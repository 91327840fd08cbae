// Bus drivers: children, the drivers that are loaded for them, and the power they need.

import { describe, expect, it } from "vitest";
import { DeviceState, NtStatus, WdfIoQueueDispatchType, WdfPowerPolicyS0IdleCapabilities, WdfRequestType, WdfTriState } from "../bindings/abi";
import * as wdf from "../host/ddi";
import { type DriverModule, ProtocolError, replay } from "../host/index";
import { System, type SystemThread } from "../host/index";

const { Parallel } = WdfIoQueueDispatchType;

/** What the devices of a test say, in order. */
class Diary {
  readonly lines: string[] = [];

  say(line: string): void {
    this.lines.push(line);
  }

  expect(...lines: string[]): void {
    // oxlint-disable-next-line vitest/no-standalone-expect -- called in tests
    expect(this.lines.splice(0)).toEqual(lines);
  }

  /** Callbacks of power and PnP that say whose they are. */
  power(name: string, fails: Partial<Record<string, NtStatus>> = {}): wdf.WdfPnpPowerEventCallbacks {
    const told = (what: string) => (): NtStatus => (this.say(`${name} ${what}`), fails[what] ?? NtStatus.Success);
    return {
      evtDevicePrepareHardware: told("Prepare"),
      evtDeviceD0Entry: told("D0Entry"),
      evtDeviceD0Exit: told("D0Exit"),
      evtDeviceReleaseHardware: told("Release"),
      evtDeviceQueryRemove: told("QueryRemove"),
      evtDeviceSurpriseRemoval: () => this.say(`${name} SurpriseRemoval`),
    };
  }
}

const idle = (device: wdf.WDFDEVICE, idleTimeout: number): void =>
  void wdf.WdfDeviceAssignS0IdleSettings(device, {
    ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(WdfPowerPolicyS0IdleCapabilities.CannotWakeFromS0),
    idleTimeout,
  });

/** A bus driver with a child list; `device` and `list` once it was added. */
class Bus {
  device!: wdf.WDFDEVICE;
  list!: wdf.WDFCHILDLIST;
  readonly diary: Diary;
  readonly module: DriverModule;
  readonly made: wdf.WDFDEVICE[] = [];

  constructor(diary: Diary, more: { idle?: number; raw?: boolean; eject?: NtStatus; name?: string; config?: Partial<wdf.WdfChildListConfig> } = {}) {
    this.diary = diary;
    const name = more.name ?? "bus";
    this.module = {
      name,
      evtDriverDeviceAdd: (_driver, init) => {
        wdf.WdfDeviceInitSetPnpPowerEventCallbacks(init, diary.power(name));
        const create: wdf.EvtChildListCreateDevice = (_list, { serial }: { serial: number }, child) => {
          diary.say(`${name} creates ${serial}`);
          if (serial === 13) return NtStatus.Unsuccessful;
          wdf.WdfPdoInitAssignDeviceID(child, `${name}\\Thing`);
          wdf.WdfPdoInitAddHardwareID(child, `${name}\\Hardware`);
          wdf.WdfPdoInitAddCompatibleID(child, `${name}\\Generic`);
          wdf.WdfPdoInitAssignInstanceID(child, String(serial));
          if (more.raw) wdf.WdfPdoInitAssignRawDevice(child);
          wdf.WdfPdoInitSetEventCallbacks(child, { evtDeviceEject: () => (diary.say(`eject ${serial}`), more.eject ?? NtStatus.Success) });
          wdf.WdfDeviceInitSetPnpPowerEventCallbacks(child, diary.power(`pdo${serial}`));
          const { status, device } = wdf.WdfDeviceCreate(child, { evtDestroyCallback: () => diary.say(`pdo${serial} gone`) });
          this.made.push(device);
          wdf.WdfIoQueueCreate(device, {
            ...wdf.WDF_IO_QUEUE_CONFIG_INIT(Parallel),
            defaultQueue: true,
            evtIoRead: (_queue, request) => wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, serial),
          });
          return status;
        };
        wdf.WdfFdoInitSetDefaultChildListConfig(init, { ...wdf.WDF_CHILD_LIST_CONFIG_INIT(create), ...more.config });
        const { status, device } = wdf.WdfDeviceCreate(init);
        this.device = device;
        this.list = wdf.WdfFdoGetDefaultChildList(device) as wdf.WDFCHILDLIST;
        if (more.idle !== undefined) idle(device, more.idle);
        return status;
      },
    };
  }

  plug(system: System, ...serials: number[]): void {
    system.thread(() => {
      for (const serial of serials) wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(this.list, { serial });
    });
  }

  unplug(system: System, serial: number): void {
    system.thread(() => wdf.WdfChildListUpdateChildDescriptionAsMissing(this.list, { serial }));
  }

  pdo(system: System, serial: number): wdf.WDFDEVICE {
    return system.thread(() => wdf.WdfChildListRetrievePdo(this.list, { serial }) as wdf.WDFDEVICE).result;
  }
}

/** A function driver for the bus's children. */
function functionDriver(diary: Diary, more: { idle?: number; veto?: boolean; name?: string } = {}): DriverModule & { devices: wdf.WDFDEVICE[] } {
  const devices: wdf.WDFDEVICE[] = [];
  const name = more.name ?? "fdo";
  return {
    name,
    devices,
    evtDriverDeviceAdd(_driver, init) {
      diary.say(`${name} added`);
      wdf.WdfDeviceInitSetPnpPowerEventCallbacks(init, diary.power(name, more.veto ? { QueryRemove: NtStatus.Unsuccessful } : {}));
      const { status, device } = wdf.WdfDeviceCreate(init);
      devices.push(device);
      if (more.idle !== undefined) idle(device, more.idle);
      wdf.WdfIoQueueCreate(device, {
        ...wdf.WDF_IO_QUEUE_CONFIG_INIT(Parallel),
        defaultQueue: true,
        powerManaged: WdfTriState.True,
        evtIoRead: (_queue, request) => {
          wdf.WdfRequestFormatRequestUsingCurrentType(request);
          wdf.WdfRequestSend(request, wdf.WdfDeviceGetIoTarget(device), { flags: wdf.WdfRequestSendOption.SendAndForget });
        },
      });
      return status;
    },
  };
}

/** Sends a read to a device; what it ended with. */
function read(system: System, device: wdf.WDFDEVICE): string[] {
  const ends: string[] = [];
  system.input(() =>
    void system.send(device, { major: WdfRequestType.Read, outputLength: 64, file: 0 }, (status, information) => ends.push(`${status} ${information}`)),
  );
  return ends;
}

interface World {
  readonly system: System;
  readonly bus: Bus;
  readonly diary: Diary;
}

function world(more: ConstructorParameters<typeof Bus>[1] = {}): World {
  const diary = new Diary();
  const bus = new Bus(diary, more);
  const system = System.create();
  system.addDevice(bus.module);
  diary.lines.length = 0;
  return { system, bus, diary };
}

const START = ["pdo7 Prepare", "pdo7 D0Entry"];

describe("a child list", () => {
  it("asks for the device of a description, loads the driver for its id, and starts both, the child first", () => {
    const { system, bus, diary } = world();
    system.addDriver(functionDriver(diary), ["BUS\\thing"]);
    bus.plug(system, 7);
    diary.expect("bus creates 7", "fdo added", ...START, "fdo Prepare", "fdo D0Entry");
  });

  it("the driver for a device id goes before one for a hardware id, and that before one for a compatible id", () => {
    for (const [ids, expected] of [
      [["Thing", "Hardware", "Generic"], "Thing"],
      [["Generic", "Hardware"], "Hardware"],
      [["Generic"], "Generic"],
    ] as const) {
      const { system, bus, diary } = world();
      for (const id of ids) system.addDriver(functionDriver(diary, { name: id }), [`bus\\${id}`]);
      bus.plug(system, 7);
      expect(diary.lines).toContain(`${expected} added`);
    }
  });

  it("a child waits for its driver, unless it works raw", () => {
    const { system, bus, diary } = world();
    bus.plug(system, 7);
    diary.expect("bus creates 7");
    system.addDriver(functionDriver(diary), ["bus\\thing"]);
    diary.expect("fdo added", ...START, "fdo Prepare", "fdo D0Entry");
    const raw = world({ raw: true });
    raw.bus.plug(raw.system, 7);
    raw.diary.expect("bus creates 7", ...START);
  });

  it("requests go through the function driver to the child's queue", () => {
    const { system, bus, diary } = world();
    const fdo = functionDriver(diary);
    system.addDriver(fdo, ["bus\\thing"]);
    bus.plug(system, 7);
    expect(read(system, fdo.devices[0])).toEqual(["0 7"]);
  });

  it("a description told twice is one child: STATUS_OBJECT_NAME_EXISTS; an unknown one is STATUS_NO_SUCH_DEVICE", () => {
    const { system, bus } = world();
    const statuses = system.thread(() => [
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(bus.list, { serial: 7 }),
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(bus.list, { serial: 7 }),
      wdf.WdfChildListUpdateChildDescriptionAsMissing(bus.list, { serial: 8 }),
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(bus.list, { serial: 7 }, { slot: 1 }),
    ]).result;
    expect(statuses).toEqual([NtStatus.Success, NtStatus.ObjectNameExists, NtStatus.NoSuchDevice, NtStatus.InvalidDeviceRequest]);
    expect(bus.made).toHaveLength(1);
  });

  it("a missing child is surprise removed with its stack from the top, then removed, then destroyed", () => {
    const { system, bus, diary } = world();
    const fdo = functionDriver(diary);
    system.addDriver(fdo, ["bus\\thing"]);
    bus.plug(system, 7);
    const pdo = bus.pdo(system, 7);
    diary.lines.length = 0;
    bus.unplug(system, 7);
    diary.expect(
      "fdo SurpriseRemoval", "fdo D0Exit", "fdo Release",
      "pdo7 SurpriseRemoval", "pdo7 D0Exit", "pdo7 Release", "pdo7 gone",
    );
    expect(bus.pdo(system, 7)).toBe(0);
    expect(system.machine.exports.stateOfDevice(pdo)).toBe(DeviceState.Removed);
    bus.plug(system, 7);
    expect(diary.lines.slice(0, 2)).toEqual(["bus creates 7", "fdo added"]);
  });

  it("between WdfChildListBeginScan and EndScan nothing is created; who was not found is missing", () => {
    const { system, bus, diary } = world({ raw: true });
    bus.plug(system, 1, 2);
    diary.lines.length = 0;
    system.thread(() => wdf.WdfChildListBeginScan(bus.list));
    bus.plug(system, 2, 3);
    diary.expect();
    system.thread(() => wdf.WdfChildListEndScan(bus.list));
    diary.expect("bus creates 3", "pdo1 SurpriseRemoval", "pdo1 D0Exit", "pdo1 Release", "pdo1 gone", "pdo3 Prepare", "pdo3 D0Entry");
    system.thread(() => {
      wdf.WdfChildListBeginScan(bus.list);
      wdf.WdfChildListUpdateAllChildDescriptionsAsPresent(bus.list);
      wdf.WdfChildListEndScan(bus.list);
    });
    diary.expect();
  });

  it("EvtChildListScanForChildren is called whenever the parent has entered D0", () => {
    const diary = new Diary();
    const bus = new Bus(diary, { raw: true, config: { evtChildListScanForChildren: (list) => {
      diary.say("scan");
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(list, { serial: 7 });
    } } });
    const system = System.create();
    system.addDevice(bus.module);
    diary.expect("bus Prepare", "bus D0Entry", "scan", "bus creates 7", ...START);
    system.power(bus.device).sleep();
    system.power(bus.device).wake();
    diary.expect("pdo7 D0Exit", "bus D0Exit", "bus D0Entry", "scan", "pdo7 D0Entry");
  });

  it("a child whose EvtChildListCreateDevice fails is forgotten", () => {
    const { system, bus, diary } = world();
    bus.plug(system, 13);
    diary.expect("bus creates 13");
    bus.plug(system, 13);
    diary.expect("bus creates 13");
  });

  it("compares descriptions as the driver says, and keeps addresses beside them", () => {
    const { system, bus } = world({
      config: {
        hasAddressDescriptions: true,
        evtChildListIdentificationDescriptionCompare: (_list, first: { serial: number }, second: { serial: number }) => first.serial % 10 === second.serial % 10,
      },
    });
    const [first, second, address, missing] = system.thread(() => [
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(bus.list, { serial: 7 }, { slot: 1 }),
      wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(bus.list, { serial: 17 }, { slot: 2 }),
      wdf.WdfChildListRetrieveAddressDescription(bus.list, { serial: 7 }).address,
      wdf.WdfChildListRetrieveAddressDescription(bus.list, { serial: 8 }).status,
    ]).result;
    expect([first, second, address, missing]).toEqual([NtStatus.Success, NtStatus.ObjectNameExists, { slot: 2 }, NtStatus.NoSuchDevice]);
  });
});

describe("removal of a tree", () => {
  function tree(veto = false): World & { fdo: wdf.WDFDEVICE } {
    const all = world();
    const fdo = functionDriver(all.diary, { veto });
    all.system.addDriver(fdo, ["bus\\thing"]);
    all.bus.plug(all.system, 7);
    all.diary.lines.length = 0;
    return { ...all, fdo: fdo.devices[0] };
  }

  it("children are removed with their parent, before it", () => {
    const { system, bus, diary } = tree();
    expect(system.power(bus.device).remove().result).toBe(NtStatus.Success);
    diary.expect("fdo D0Exit", "fdo Release", "pdo7 D0Exit", "pdo7 Release", "pdo7 gone", "bus D0Exit", "bus Release");
  });

  it("children are told of the parent's surprise removal before it", () => {
    const { system, bus, diary } = tree();
    system.power(bus.device).surpriseRemove();
    expect(diary.lines.filter((line) => line.endsWith("SurpriseRemoval"))).toEqual(["fdo SurpriseRemoval", "pdo7 SurpriseRemoval", "bus SurpriseRemoval"]);
  });

  it("a veto of a child's driver is the parent's: nothing is removed, and nobody else is asked", () => {
    const { system, bus, diary } = tree(true);
    expect(system.power(bus.device).queryRemove().result).toBe(NtStatus.Unsuccessful);
    diary.expect("fdo QueryRemove");
    expect(system.power(bus.device).eject().result).toBe(NtStatus.Unsuccessful);
    diary.expect("fdo QueryRemove");
  });

  it("the system sleeps from the leaves to the root, and wakes the other way", () => {
    const { system, bus, diary } = tree();
    system.power(bus.device).sleep();
    diary.expect("fdo D0Exit", "pdo7 D0Exit", "bus D0Exit");
    system.power(bus.device).wake();
    diary.expect("bus D0Entry", "pdo7 D0Entry", "fdo D0Entry");
  });

  it("Q-130: a PDO that was removed and is started again accepts requests again", () => {
    const { system, bus, diary } = world({ raw: true });
    bus.plug(system, 7);
    const pdo = bus.pdo(system, 7);
    expect(read(system, pdo)).toEqual(["0 7"]);
    expect(system.power(pdo).remove().result).toBe(NtStatus.Success);
    expect(read(system, pdo)).toEqual([`${NtStatus.InvalidDeviceState} 0`]);
    diary.lines.length = 0;
    expect(system.power(pdo).start().result).toBe(NtStatus.Success);
    diary.expect(...START);
    expect(read(system, pdo)).toEqual(["0 7"]);
  });

  it("a function driver gets EvtDriverDeviceAdd again when its child is started again", () => {
    const { system, bus, diary } = tree();
    const pdo = bus.pdo(system, 7);
    system.power(pdo).remove();
    diary.expect("fdo D0Exit", "fdo Release", "pdo7 D0Exit", "pdo7 Release");
    system.power(pdo).start();
    diary.expect("fdo added", ...START, "fdo Prepare", "fdo D0Entry");
  });
});

describe("System.power().eject", () => {
  it("asks, removes the stack, calls EvtDeviceEject, and the child is gone", () => {
    const { system, bus, diary } = world({ raw: true });
    bus.plug(system, 7);
    diary.lines.length = 0;
    expect(system.power(bus.pdo(system, 7)).eject().result).toBe(NtStatus.Success);
    diary.expect("pdo7 QueryRemove", "pdo7 D0Exit", "pdo7 Release", "eject 7", "pdo7 gone");
    expect(bus.pdo(system, 7)).toBe(0);
  });

  it("when EvtDeviceEject fails the child stays, removed, and can be started again", () => {
    const { system, bus, diary } = world({ raw: true, eject: NtStatus.Unsuccessful });
    bus.plug(system, 7);
    const pdo = bus.pdo(system, 7);
    diary.lines.length = 0;
    expect(system.power(pdo).eject().result).toBe(NtStatus.Unsuccessful);
    diary.expect("pdo7 QueryRemove", "pdo7 D0Exit", "pdo7 Release", "eject 7");
    expect(system.power(pdo).start().result).toBe(NtStatus.Success);
  });

  it("WdfPdoRequestEject does the same, in a thread of the PnP manager", () => {
    const { system, bus, diary } = world({ raw: true });
    bus.plug(system, 7);
    const pdo = bus.pdo(system, 7);
    diary.lines.length = 0;
    system.thread(() => {
      wdf.WdfPdoRequestEject(pdo);
      diary.say("asked");
    });
    diary.expect("asked", "pdo7 QueryRemove", "pdo7 D0Exit", "pdo7 Release", "eject 7", "pdo7 gone");
  });

  it("a device that is no child is asked and removed", () => {
    const { system, bus, diary } = world();
    expect(system.power(bus.device).eject().result).toBe(NtStatus.Success);
    diary.expect("bus QueryRemove", "bus D0Exit", "bus Release");
  });
});

describe("power of a tree", () => {
  it("a parent stays in D0 while a child is in D0", () => {
    const { system, bus, diary } = world({ raw: true, idle: 10 });
    system.advance(1000);
    diary.expect("bus D0Exit");
    bus.plug(system, 7);
    diary.expect("bus creates 7", "pdo7 Prepare", "bus D0Entry", "pdo7 D0Entry");
    system.advance(1000);
    diary.expect();
    system.power(bus.pdo(system, 7)).toD3();
    diary.expect("pdo7 D0Exit");
    system.advance(10);
    diary.expect("bus D0Exit");
  });

  it("a child's power-up powers up its parent first", () => {
    const { system, bus, diary } = world({ raw: true, idle: 10 });
    bus.plug(system, 7);
    const power = system.power(bus.pdo(system, 7));
    power.toD3();
    system.advance(10);
    diary.lines.length = 0;
    const up: SystemThread<NtStatus> = power.toD0();
    expect(up.result).toBe(NtStatus.Success);
    diary.expect("bus D0Entry", "pdo7 D0Entry");
  });

  it("a function driver takes its child along into Dx, and its parent may become idle; a request brings all of them back", () => {
    const { system, bus, diary } = world({ idle: 10 });
    const fdo = functionDriver(diary, { idle: 100 });
    system.addDriver(fdo, ["bus\\thing"]);
    bus.plug(system, 7);
    diary.lines.length = 0;
    system.advance(100);
    diary.expect("fdo D0Exit", "pdo7 D0Exit");
    system.advance(10);
    diary.expect("bus D0Exit");
    const ends = read(system, fdo.devices[0]);
    diary.expect("bus D0Entry", "pdo7 D0Entry", "fdo D0Entry");
    expect(ends).toEqual(["0 7"]);
  });

  it("a device with a child in D0 cannot be sent to D3: STATUS_INVALID_DEVICE_STATE; nor a child by others than its owner", () => {
    const { system, bus, diary } = world();
    const fdo = functionDriver(diary);
    system.addDriver(fdo, ["bus\\thing"]);
    bus.plug(system, 7);
    expect(system.power(bus.device).toD3().result).toBe(NtStatus.InvalidDeviceState);
    expect(system.power(bus.pdo(system, 7)).toD3().result).toBe(NtStatus.InvalidDeviceRequest);
    expect(system.power(fdo.devices[0]).toD3().result).toBe(NtStatus.Success);
    expect(system.power(bus.device).toD3().result).toBe(NtStatus.Success);
  });

  it("a child that is armed arms its parent, if the parent's settings say so", () => {
    const diary = new Diary();
    const bus = new Bus(diary, { raw: true });
    const add = bus.module.evtDriverDeviceAdd.bind(bus.module);
    const module: DriverModule = {
      name: "bus",
      evtDriverDeviceAdd(driver, init) {
        wdf.WdfDeviceInitSetPowerPolicyEventCallbacks(init, {
          evtDeviceArmWakeFromSxWithReason: (_device, own, children) => (diary.say(`bus arms own=${own} children=${children}`), NtStatus.Success),
          evtDeviceWakeFromSxTriggered: () => diary.say("bus triggered"),
        });
        const status = add(driver, init);
        wdf.WdfDeviceAssignSxWakeSettings(bus.device, { enabled: WdfTriState.False, armForWakeIfChildrenAreArmedForWake: true });
        return status;
      },
    };
    const system = System.create();
    system.addDevice(module);
    bus.plug(system, 7);
    const pdo = bus.pdo(system, 7);
    diary.lines.length = 0;
    system.power(bus.device).sleep();
    diary.expect("pdo7 D0Exit", "bus D0Exit");
    system.power(bus.device).wake();
    diary.lines.length = 0;
    system.thread(() => wdf.WdfDeviceAssignSxWakeSettings(pdo, {}));
    system.power(bus.device).sleep();
    diary.expect("pdo7 D0Exit", "bus arms own=false children=true", "bus D0Exit");
    expect(system.thread(() => wdf.WdfDeviceIndicateWakeStatus(pdo, NtStatus.Success) as NtStatus).result).toBe(NtStatus.Success);
    system.power(bus.device).wake();
    diary.expect("bus D0Entry", "pdo7 D0Entry");
  });
});

describe("a bus on a bus", () => {
  it("grandchildren are found, and go first", () => {
    const diary = new Diary();
    const root = new Bus(diary, { name: "root" });
    const hub = new Bus(diary, { name: "hub", raw: true });
    const system = System.create();
    system.addDevice(root.module);
    system.addDriver(hub.module, ["root\\thing"]);
    root.plug(system, 1);
    hub.plug(system, 2);
    diary.lines.length = 0;
    root.unplug(system, 1);
    expect(diary.lines.filter((line) => line.endsWith("SurpriseRemoval") || line.endsWith("gone"))).toEqual([
      "pdo2 SurpriseRemoval", "hub SurpriseRemoval", "pdo1 SurpriseRemoval", "pdo2 gone", "pdo1 gone",
    ]);
  });
});

describe("the input log", () => {
  it("repeats a run with children", async () => {
    const drivers = (): DriverModule[] => {
      const diary = new Diary();
      const bus = new Bus(diary, {
        config: { evtChildListScanForChildren: (list) => void wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(list, { serial: 7 }) },
      });
      return [bus.module, functionDriver(diary, { idle: 50 })];
    };
    const [bus, fdo] = drivers();
    const system = System.create({ record: true });
    system.addDriver(fdo, ["bus\\thing"]);
    const { handle } = system.addDevice(bus);
    system.advance(50);
    system.power(handle).sleep();
    system.power(handle).wake();
    system.power(handle).remove();
    const again = await replay(system.log!.save(), drivers());
    expect(again.system.digest()).toBe(system.digest());
  });

  it("refuses ids that say nothing", () => {
    const system = System.create();
    for (const ids of [[], [""], "bus" as never]) {
      expect(() => system.addDriver(functionDriver(new Diary()), ids)).toThrow(ProtocolError);
    }
  });
});
