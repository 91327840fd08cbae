// The PnP manager: loads drivers, gives them devices, and sends PnP and power IRPs from system threads.

import { DeviceRegistryKey, NtStatus, PnpIrp, TargetEvent } from "../bindings/abi";
import { callMachine, nothing } from "./ddi/call";
import { WdfDeviceInit, WdfDriverCreate } from "./ddi/device";
import type { WDFDEVICE } from "./ddi/types";
import { type DriverModule, checkDriver } from "./driver";
import { Drivers } from "./drivers";
import { ProtocolError } from "./errors";
import type { SystemCallbacks } from "./executive/system-callbacks";
import type { InterruptLine } from "./hardware/interrupt-line";
import type { InputLog } from "./log";
import { type LowerDriver, attachLower } from "./lower";
import { Enumerator } from "./enumerator";
import type { Machine } from "./machine";
import { type Known, refuseUnknown } from "./misspelled";
import { type RegistryContents, contentsText } from "./registry-data";
import type { Suspendable } from "./suspension";
import type { SystemThread, Threads } from "./threads";
import type { Turns } from "./turns";

/** A device the System has added. */
export interface AddedDevice {
  /** What EvtDriverDeviceAdd returned. Below 0 there is no device. */
  readonly status: NtStatus;
  readonly handle: WDFDEVICE;
  readonly driver: DriverModule;
}

/** Where in its stack a device goes. */
export interface DevicePlace {
  /**
   * The device it stands on: its default I/O target. On a child that a bus driver has made it is the function driver's device,
   * which owns the power policy; the child is started before it.
   */
  readonly above?: WDFDEVICE;
  /** A driver below it that is not the framework's. */
  readonly lower?: LowerDriver;
  /** What stands in its hardware key: WdfDeviceOpenRegistryKey with DeviceRegistryKey.Device. */
  readonly parameters?: RegistryContents;
  /** The lines of its interrupts, in the order in which the driver makes them. Without one an interrupt has a line of its own. */
  readonly interruptLines?: readonly InterruptLine[];
}

const PLACE: Known<DevicePlace> = { above: true, lower: true, parameters: true, interruptLines: true };

export class Pnp {
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly threads: Threads;
  private readonly log: InputLog | null;
  private readonly callbacks: SystemCallbacks;
  private readonly enumerator: Enumerator;
  private readonly drivers: Drivers;
  /** What the PnP and power IRPs under way were completed with, by device and IRP. */
  private readonly results = new Map<string, NtStatus>();
  /** Devices that were removed by surprise: whoever had to hear of it has. */
  private readonly surprised = new Set<number>();

  constructor(machine: Machine, turns: Turns, threads: Threads, callbacks: SystemCallbacks, log: InputLog | null) {
    this.machine = machine;
    this.turns = turns;
    this.threads = threads;
    this.callbacks = callbacks;
    this.log = log;
    this.drivers = new Drivers(machine);
    this.enumerator = new Enumerator(machine, threads, {
      send: (device, irp) => this.sender(device, irp)(),
      begin: (module, pdo) => this.begin(module, { above: pdo }),
    });
  }

  /** The driver is loaded for children of bus drivers that have one of these ids. */
  addDriver(module: DriverModule, ids: readonly string[]): void {
    const driver = checkDriver(module, "the argument of addDriver");
    if (!Array.isArray(ids) || ids.length === 0 || ids.some((id) => typeof id !== "string" || id === "")) {
      throw new ProtocolError(`addDriver(${driver.name}) needs the ids of the children it is for, as in ["BUS\\Thing"]`);
    }
    this.log?.add(this.machine.core, "addDriver", driver.name, ...ids);
    this.enumerator.addDriver(driver, ids);
  }

  /** Loads a driver (once) and gives it a device: EvtDriverDeviceAdd, then the start. */
  addDevice(module: DriverModule, place: DevicePlace = {}): AddedDevice {
    refuseUnknown("addDevice", place, PLACE);
    const { above, lower, interruptLines = [] } = place;
    const driver = checkDriver(module, "the argument of addDevice");
    this.log?.add(this.machine.core, "addDevice", driver.name, above ?? 0, lower === undefined ? 0 : 1, ...resourcesOf(place));
    let init: WdfDeviceInit | undefined;
    const added = this.threads.start(() => {
      init = this.begin(driver, place);
      return driver.evtDriverDeviceAdd(init.driver, init);
    });
    if (!added.done) throw new ProtocolError(`evtDriverDeviceAdd of ${driver.name} waits for something nobody can give it`);
    const status = Number(added.result ?? NtStatus.Success);
    const handle = init?.device ?? (0 as WDFDEVICE);
    if (status >= 0 && above !== undefined) this.enumerator.stand(handle, above);
    if (status >= 0 && lower !== undefined) attachLower(this.machine, this.turns, handle, lower);
    if (status >= 0) for (const [n, line] of interruptLines.entries()) this.assign(driver, handle, n, line);
    if (status >= 0 && handle !== 0) this.start(handle, PnpIrp.StartDevice);
    return { status, handle, driver };
  }

  /** From inside a thread, which is in the code of that driver from now on: what its device begins with. */
  private begin(driver: DriverModule, place: DevicePlace): WdfDeviceInit {
    return new WdfDeviceInit(this.drivers.enter(driver, () => WdfDriverCreate(driver.name)), this.instanceOf(driver, place));
  }

  /** The devices of a stack have one instance: that of its lowest. */
  private instanceOf(driver: DriverModule, { above, parameters }: DevicePlace): string {
    const { registry } = this.machine.contents;
    const below = above === undefined ? undefined : registry.ownerOf(above);
    const instance = below ?? registry.newInstance(driver.name);
    const path = registry.devicePath(instance, DeviceRegistryKey.Device);
    if (parameters !== undefined && path !== undefined) registry.at(path).fill(parameters);
    return instance;
  }

  private assign(driver: DriverModule, device: WDFDEVICE, number: number, line: InterruptLine): void {
    if (this.machine.exports.assignInterruptLine(device, number, line.address) !== 0) return;
    throw new ProtocolError(`${driver.name} was given ${number + 1} interrupt lines, but has made fewer interrupts in EvtDriverDeviceAdd`);
  }

  /** Sends a PnP or power IRP. */
  send(device: WDFDEVICE, irp: PnpIrp): SystemThread<NtStatus> {
    this.log?.add(this.machine.core, "pnp", device, irp);
    return this.start(device, irp);
  }

  /** Says from outside how long the device may have nothing to do before it leaves D0; Infinity: for ever. */
  setIdleTimeout(device: WDFDEVICE, ms: number): SystemThread<NtStatus> {
    const timeout = ms === Infinity ? 0 : ms;
    const valid = ms === Infinity || (Number.isInteger(ms) && ms > 0 && ms <= 0xffffffff);
    if (!valid) throw new ProtocolError(`idleAfter takes a whole number of milliseconds from 1 on, or Infinity, not ${ms}`);
    const { machine } = this;
    this.log?.add(machine.core, "idleAfter", device, timeout);
    return this.threads.start(function* (): Generator<undefined, NtStatus, unknown> {
      return yield* callMachine(machine, "setIdleTimeout", [device, timeout], (status): NtStatus => status);
    });
  }

  /** The hardware wakes up, and with it, if the system sleeps, the system. */
  signalWake(device: WDFDEVICE): SystemThread<NtStatus> {
    const { machine } = this;
    this.log?.add(machine.core, "signalWake", device);
    const works = this.sender(device, PnpIrp.SetPowerS0);
    return this.threads.start(function* (): Generator<undefined, NtStatus, unknown> {
      const status = yield* callMachine(machine, "signalWake", [device], (result): NtStatus => result);
      if (status >= 0 && machine.exports.sleepsWithSystem(device) !== 0) yield* works();
      return status;
    });
  }

  /** A PnP or power IRP went back to its sender. */
  completed(device: number, irp: PnpIrp, status: NtStatus): void {
    this.results.set(`${device} ${irp}`, status);
  }

  private start(device: WDFDEVICE, irp: PnpIrp): SystemThread<NtStatus> {
    return this.threads.start(() => this.enumerator.request(device, irp));
  }

  /** The body of a system thread that sends an IRP. */
  private sender(device: WDFDEVICE, irp: PnpIrp): () => Generator<undefined, NtStatus, unknown> {
    const { machine, results, callbacks, surprised } = this;
    return function* (): Generator<undefined, NtStatus, unknown> {
      const key = `${device} ${irp}`;
      results.delete(key);
      if (irp === PnpIrp.SetPowerSx) yield* callbacks.leavingS0(device);
      if (irp === PnpIrp.SurpriseRemoval || irp === PnpIrp.RemoveDevice) machine.names.interfaces.removed(device);
      const stack = machine.exports.stackOfDevice(device);
      const veto = irp === PnpIrp.QueryRemove ? yield* tellTargets(machine, stack, TargetEvent.QueryRemove) : NtStatus.Success;
      if (veto < 0) return veto;
      const status = yield* callMachine(machine, "sendPnp", [device, irp], (result): NtStatus => result);
      if (irp === PnpIrp.SetPowerS0) yield* callbacks.backInS0(device);
      machine.takeNotifications();
      const result = results.get(key) ?? status;
      results.delete(key);
      if (irp === PnpIrp.StartDevice && result >= 0) machine.names.interfaces.started(device);
      const event = surprised.has(device) ? undefined : eventAfter(irp, result);
      if (irp === PnpIrp.SurpriseRemoval) surprised.add(device);
      else if (irp === PnpIrp.RemoveDevice) surprised.delete(device);
      if (event !== undefined) yield* tellTargets(machine, stack, event);
      return result;
    };
  }

  /** Unloads a driver that has no device any more: EvtDriverUnload, then the end of all its objects. */
  unload(module: DriverModule): SystemThread<void> {
    const { machine, drivers } = this;
    const { handle, evtDriverUnload } = drivers.unloadable(module);
    this.log?.add(machine.core, "unload", module.name);
    return this.threads.start<void>(function* () {
      yield* callMachine(machine, "unloadDriver", [handle, evtDriverUnload], nothing);
      drivers.forget(module);
    });
  }
}

/** What a log keeps of a place beside what the device stands on. */
function resourcesOf({ interruptLines = [], parameters }: DevicePlace): (string | number)[] {
  return [...interruptLines.map(({ number }) => number), ...(parameters === undefined ? [] : [contentsText(parameters)])];
}

/** Tells remote targets of the removal of a stack; the answer of a query. */
function tellTargets(m: Machine, stack: number, event: TargetEvent): Suspendable<NtStatus> {
  return callMachine(m, "notifyTargets", [stack, event], (result): NtStatus => result);
}

/** What remote targets hear when the device has answered an IRP. */
function eventAfter(irp: PnpIrp, result: NtStatus): TargetEvent | undefined {
  switch (irp) {
    case PnpIrp.QueryRemove:
      return result < 0 ? TargetEvent.RemoveCanceled : undefined;
    case PnpIrp.CancelRemove:
      return TargetEvent.RemoveCanceled;
    case PnpIrp.SurpriseRemoval:
    case PnpIrp.RemoveDevice:
      return TargetEvent.RemoveComplete;
    default:
      return undefined;
  }
}
