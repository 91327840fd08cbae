// A bus with a child list, whose children work raw or have a function driver's device on them.

import { expect } from "vitest";
import {
  DeviceState,
  NtStatus,
  WdfIoQueueDispatchType,
  WdfPowerPolicyS0IdleCapabilities,
  WdfRequestType,
  WdfTriState,
} from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { type DriverModule, System } from "../../host/index";

export type Step =
  | readonly ["plug" | "unplug" | "eject" | "toD3" | "toD0" | "read" | "restart", number]
  | readonly ["sleep" | "wake"]
  | readonly ["pass", number];

export interface Habits {
  readonly raw: boolean;
  readonly busIdle: number | undefined;
  readonly childIdle: number | undefined;
}

const idle = (device: wdf.WDFDEVICE, idleTimeout: number | undefined): void => {
  if (idleTimeout === undefined) return;
  const { CannotWakeFromS0 } = WdfPowerPolicyS0IdleCapabilities;
  void wdf.WdfDeviceAssignS0IdleSettings(device, { ...wdf.WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(CannotWakeFromS0), idleTimeout });
};

const answers = (device: wdf.WDFDEVICE, evtIoRead: wdf.EvtIoRead): NtStatus =>
  wdf.WdfIoQueueCreate(device, {
    ...wdf.WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Parallel),
    defaultQueue: true,
    powerManaged: WdfTriState.True,
    evtIoRead,
  }).status;

export class BusWorld {
  readonly system = System.create();
  private bus!: wdf.WDFDEVICE;
  private list!: wdf.WDFCHILDLIST;
  private readonly reads: { ended: boolean }[] = [];
  /** The function driver's devices by the PDO below. */
  private readonly tops = new Map<wdf.WDFDEVICE, wdf.WDFDEVICE>();
  private readonly pdos = new Set<wdf.WDFDEVICE>();
  asleep = false;

  constructor(habits: Habits) {
    const create: wdf.EvtChildListCreateDevice = (_list, _description, init) => {
      wdf.WdfPdoInitAssignDeviceID(init, "bus\\port");
      if (habits.raw) wdf.WdfPdoInitAssignRawDevice(init);
      const { device } = wdf.WdfDeviceCreate(init);
      this.pdos.add(device);
      if (habits.raw) idle(device, habits.childIdle);
      return answers(device, (_queue, request) => wdf.WdfRequestComplete(request, NtStatus.Success));
    };
    const bus: DriverModule = {
      name: "bus",
      evtDriverDeviceAdd: (_driver, init) => {
        wdf.WdfFdoInitSetDefaultChildListConfig(init, wdf.WDF_CHILD_LIST_CONFIG_INIT(create));
        this.bus = wdf.WdfDeviceCreate(init).device;
        this.list = wdf.WdfFdoGetDefaultChildList(this.bus) as wdf.WDFCHILDLIST;
        idle(this.bus, habits.busIdle);
      },
    };
    const port: DriverModule = {
      name: "port",
      evtDriverDeviceAdd: (_driver, init) => {
        const { device } = wdf.WdfDeviceCreate(init);
        idle(device, habits.childIdle);
        const newest = [...this.pdos].at(-1)!;
        this.tops.set(newest, device);
        return answers(device, (_queue, request) => {
          wdf.WdfRequestFormatRequestUsingCurrentType(request);
          wdf.WdfRequestSend(request, wdf.WdfDeviceGetIoTarget(device), { flags: wdf.WdfRequestSendOption.SendAndForget });
        });
      },
    };
    if (!habits.raw) this.system.addDriver(port, ["bus\\port"]);
    this.system.addDevice(bus);
  }

  private state(device: wdf.WDFDEVICE): DeviceState {
    return this.system.machine.exports.stateOfDevice(device);
  }

  private inD0(device: wdf.WDFDEVICE): boolean {
    return this.system.machine.exports.isInD0(device) !== 0;
  }

  private pdo(n: number): wdf.WDFDEVICE | 0 {
    return this.system.thread(() => wdf.WdfChildListRetrievePdo(this.list, n)).result;
  }

  perform(step: Step): void {
    const { system } = this;
    switch (step[0]) {
      case "plug":
        return void system.thread(() => wdf.WdfChildListAddOrUpdateChildDescriptionAsPresent(this.list, step[1]));
      case "unplug":
        return void system.thread(() => wdf.WdfChildListUpdateChildDescriptionAsMissing(this.list, step[1]));
      case "sleep":
      case "wake":
        this.asleep = step[0] === "sleep";
        return void system.power(this.bus)[step[0]]();
      case "pass":
        return system.advance(step[1]);
      default:
        return this.toChild(step[0], step[1]);
    }
  }

  private toChild(what: "eject" | "toD3" | "toD0" | "read" | "restart", n: number): void {
    const pdo = this.pdo(n);
    if (pdo === 0 || (this.asleep && what !== "read")) return;
    const top = this.tops.get(pdo) ?? pdo;
    if (what === "read") return this.read(top);
    if (what !== "restart") return void this.system.power(top)[what]();
    this.system.power(pdo).remove();
    this.system.power(pdo).start();
  }

  private read(device: wdf.WDFDEVICE): void {
    const read = { ended: false };
    this.reads.push(read);
    this.system.input(() => {
      const handle = this.system.send(device, { major: WdfRequestType.Read, outputLength: 1, file: 0 }, () => void (read.ended = true));
      if (handle === 0) read.ended = true;
    });
  }

  check(): void {
    const { Asleep, Idle } = DeviceState;
    expect(this.system.machine.exports.checkInvariants()).toBe(0);
    if (!this.asleep) expect(this.system.report().waitingThreads).toEqual([]);
    const on = [...this.pdos].filter((pdo) => this.inD0(pdo));
    if ([Asleep, Idle].includes(this.state(this.bus))) expect(on, "children in D0 while their parent is not").toEqual([]);
    for (const [pdo, top] of this.tops) {
      if (this.inD0(top)) expect(this.inD0(pdo), "a device in D0 whose PDO is not").toBe(true);
    }
  }

  finish(): void {
    if (this.asleep) this.perform(["wake"]);
    this.system.power(this.bus).remove();
    expect(this.system.report().waitingThreads).toEqual([]);
    expect(this.reads.every(({ ended }) => ended)).toBe(true);
    for (const device of [this.bus, ...this.pdos, ...this.tops.values()]) expect(this.state(device)).toBe(DeviceState.Removed);
  }
}
