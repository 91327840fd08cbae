// A bus driver, and a driver that arms its device, written with objects.

import { describe, expect, it } from "vitest";
import {
  ChildList,
  type Device,
  NtStatus,
  System,
  WdfIoQueueDispatchType,
  WdfPowerPolicyS0IdleCapabilities,
  addChild,
  defineDriver,
  ejectChild,
  parentOf,
  removeChild,
} from "../../host/index";

interface Port {
  readonly number: number;
}

/** A hub whose ports work raw and answer reads with their number. */
function hub() {
  const said: string[] = [];
  const all: { bus?: Device; list?: ChildList<Port> } = {};
  const answer = (device: Device, number: number): NtStatus =>
    device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Parallel,
      defaultQueue: true,
      evtIoRead: (_queue, request) => request.complete(NtStatus.Success, { information: number }),
    }).status;
  const driver = defineDriver({
    name: "hub",
    evtDriverDeviceAdd(init) {
      const { status, device } = init.createDevice();
      all.bus = device;
      all.list = ChildList.create<Port>(device, {
        evtCreateDevice({ number }, child) {
          const made = child.createDevice(
            {
              deviceId: "HUB\\Port",
              hardwareIds: ["HUB\\Any"],
              compatibleIds: ["HUB\\Old"],
              instanceId: String(number),
              description: "A port",
              raw: true,
              evtDeviceEject: () => (said.push(`eject ${number}`), NtStatus.Success),
            },
            { symbolicLinks: [`Port${number}`] },
          );
          return answer(made.device, number);
        },
        evtScanForChildren: (list) => void list.add({ number: 0 }),
        isSame: (first, second) => first.number === second.number,
      }).childList;
      return status;
    },
  });
  const system = System.create();
  system.addDevice(driver);
  return { system, said, bus: all.bus!, list: all.list!, answer };
}

async function readPort(system: System, number: number): Promise<number> {
  const file = await system.open(`Port${number}`);
  return file.status < 0 ? file.status : (await file.read(64)).information;
}

describe("ChildList", () => {
  it("finds children when the bus starts, and later", async () => {
    const { system, list } = hub();
    system.thread(() => list.add({ number: 7 }));
    expect([await readPort(system, 7), await readPort(system, 8)]).toEqual([7, NtStatus.ObjectNameNotFound]);
    expect(system.thread(() => parentOf(list.deviceOf({ number: 0 })!) !== null).result).toBe(true);
  });

  it("loses those that a scan does not find, those that are removed, and those that are ejected", () => {
    const { system, list, said } = hub();
    const there = (): number[] => system.thread(() => [0, 1, 2, 3, 4].filter((number) => list.deviceOf({ number }) !== null)).result;
    system.thread(() => {
      for (const number of [1, 2, 3, 4]) list.add({ number });
    });
    expect(there()).toEqual([0, 1, 2, 3, 4]);
    system.thread(() => list.scan(() => list.keepAll()));
    system.thread(() => list.remove({ number: 1 }));
    system.thread(() => ejectChild(list.deviceOf({ number: 2 })!));
    system.thread(() => removeChild(list.deviceOf({ number: 3 })!));
    expect(there()).toEqual([0, 4]);
    expect(said).toEqual(["eject 2"]);
    system.thread(() => list.scan(() => list.add({ number: 0 })));
    expect(there()).toEqual([0]);
  });
});

describe("addChild", () => {
  it("makes and reports a child", async () => {
    const { system, bus, answer } = hub();
    const made = system.thread(() =>
      addChild(bus, { deviceId: "HUB\\Static", raw: true, forwardsToParent: true }, { symbolicLinks: ["Port9"] }, (device) => answer(device, 9)),
    ).result;
    expect(made.status).toBe(NtStatus.Success);
    expect(await readPort(system, 9)).toBe(9);
    expect(system.thread(() => removeChild(made.device)).result).toBe(NtStatus.Success);
  });
});

describe("Device.power", () => {
  it("assigns idle and wake settings; the powerPolicy callbacks get the device", () => {
    const said: string[] = [];
    const made: { device?: Device } = {};
    const driver = defineDriver({
      name: "armed",
      evtDriverDeviceAdd(init) {
        const { device } = init.createDevice({
          powerPolicy: {
            evtDeviceArmWakeFromS0: (armed) => (said.push(`arm ${armed === device}`), NtStatus.Success),
            evtDeviceDisarmWakeFromS0: () => void said.push("disarm"),
            evtDeviceArmWakeFromSxWithReason: (_device, own, children) => (said.push(`armSx ${own} ${children}`), NtStatus.Success),
          },
        });
        made.device = device;
        device.power.assignIdle({ idleCaps: WdfPowerPolicyS0IdleCapabilities.CanWakeFromS0, idleTimeout: 10 });
        return device.power.assignWake();
      },
    });
    const system = System.create();
    const { handle } = system.addDevice(driver);
    system.advance(10);
    system.thread(() => made.device!.power.stopIdle());
    system.thread(() => made.device!.power.resumeIdle());
    system.power(handle).sleep();
    expect(said.map((line) => line.replace(/arm (true|false)$/, "arm"))).toEqual(["arm", "disarm", "armSx true false"]);
    expect(system.thread(() => made.device!.power.indicateWake(NtStatus.Success)).result).toBe(NtStatus.InvalidDeviceState);
  });
});
