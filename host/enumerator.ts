// The PnP manager's half of a bus: devices for what bus drivers tell of, and the order in which a tree of devices is told things.
//
//   a bus driver tells of a change ─▶ a system thread, one for each parent at a time:
//     1. EvtChildListCreateDevice for each description that has no device yet
//     2. missing children: IRP_MN_SURPRISE_REMOVAL and IRP_MN_REMOVE_DEVICE to their stacks, grandchildren first
//     3. new children: the driver that was added for one of their ids makes its device on the PDO; IRP_MN_START_DEVICE, PDO first
//
//   a device is told        its children            the devices of its stack
//   ─────────────────────── ─────────────────────── ────────────────────────
//   to start, to wake       after it                from the PDO up
//   anything else           before it               from the top down
//
// On Windows a missing child with open handles is removed when the last one is closed; here it is removed at once.

import { DeviceState, NtStatus, PnpIrp } from "../bindings/abi";
import type { WDFDEVICE, WDFDRIVER } from "../bindings/handles";
import { type Child, type ChildList, type PdoIdentity, busesOf } from "./buses";
import { callMachine } from "./ddi/call";
import { WdfDeviceInit } from "./ddi/device";
import type { DriverModule } from "./driver";
import type { Machine } from "./machine";
import type { Threads } from "./threads";

type Body<T> = Generator<undefined, T, unknown>;

/** What the enumerator needs of the PnP manager. */
export interface PnpManager {
  /** Sends an IRP in the running thread. */
  send(device: WDFDEVICE, irp: PnpIrp): Body<NtStatus>;
  /** The driver object of a module. */
  /** From inside a thread, which is in the code of that driver from now on: what its device on the PDO begins with. */
  begin(module: DriverModule, pdo: WDFDEVICE): WdfDeviceInit;
}

const QUERIES: Partial<Record<PnpIrp, PnpIrp>> = { [PnpIrp.QueryStop]: PnpIrp.CancelStop, [PnpIrp.QueryRemove]: PnpIrp.CancelRemove };
const UPWARDS: ReadonlySet<PnpIrp> = new Set([PnpIrp.StartDevice, PnpIrp.SetPowerS0, PnpIrp.CancelStop, PnpIrp.CancelRemove]);
/** What concerns one device of the tree only. */
const ALONE: ReadonlySet<PnpIrp> = new Set([PnpIrp.SetPowerDx, PnpIrp.SetPowerD0]);

export class Enumerator {
  private readonly machine: Machine;
  private readonly threads: Threads;
  private readonly pnp: PnpManager;
  private readonly drivers: { readonly module: DriverModule; readonly ids: readonly string[] }[] = [];
  /** The callback that calls EvtDriverDeviceAdd, and the calls to be made. */
  private readonly adding = new Map<WDFDRIVER, number>();
  private readonly additions: (() => unknown)[] = [];
  private readonly underWay = new Set<WDFDEVICE>();
  private readonly again = new Set<WDFDEVICE>();
  private readonly waiting = new Set<WDFDEVICE>();

  constructor(machine: Machine, threads: Threads, pnp: PnpManager) {
    this.machine = machine;
    this.threads = threads;
    this.pnp = pnp;
    const buses = busesOf(machine);
    buses.changed = (parent) => this.changed(parent);
    buses.eject = (pdo) => void threads.start(() => this.perform(pdo, PnpIrp.Eject));
  }

  private get buses() {
    return busesOf(this.machine);
  }

  /** The driver is for children with one of these ids; children that wait for it are built now. */
  addDriver(module: DriverModule, ids: readonly string[]): void {
    this.drivers.push({ module, ids: ids.map((id) => id.toLowerCase()) });
    // oxlint-disable-next-line unicorn/no-useless-spread -- more may come meanwhile
    for (const parent of [...this.waiting]) this.changed(parent);
  }

  private changed(parent: WDFDEVICE): void {
    if (this.underWay.has(parent)) this.again.add(parent);
    else if (this.stateOf(parent) !== DeviceState.Init) this.begin(parent);
  }

  private begin(parent: WDFDEVICE): void {
    this.underWay.add(parent);
    this.threads.start(() => this.enumerate(parent));
  }

  private stateOf(device: WDFDEVICE): DeviceState {
    return this.machine.exports.stateOfDevice(device);
  }

  private *enumerate(parent: WDFDEVICE): Body<void> {
    do {
      this.again.delete(parent);
      yield* this.look(parent);
    } while (this.again.has(parent) && this.stateOf(parent) !== DeviceState.Removed);
    this.underWay.delete(parent);
  }

  private *look(parent: WDFDEVICE): Body<void> {
    this.waiting.delete(parent);
    // oxlint-disable-next-line unicorn/no-useless-spread -- more may come meanwhile
    for (const child of [...this.buses.of(parent)]) if (child.list !== null && child.pdo === 0) yield* this.create(child.list, child);
    for (const child of this.buses.of(parent).filter(({ missing }) => missing)) yield* this.removeMissing(child);
    // oxlint-disable-next-line unicorn/no-useless-spread -- more may come meanwhile
    for (const child of [...this.buses.of(parent)]) {
      if (!child.missing && !child.built && child.pdo !== 0) yield* this.build(child, child.pdo);
    }
  }

  /** A description becomes a device, unless the driver looks for children still, or cannot make it. */
  private *create(list: ChildList, child: Child): Body<void> {
    if (list.scans > 0) return;
    const { machine, buses } = this;
    const init = new WdfDeviceInit(machine.names.driverOf(list.device) as WDFDRIVER);
    init.parent = list.device;
    const number = buses.keep({ description: structuredClone(child.description), init });
    const status = yield* callMachine(machine, "createChild", [list.handle, number], (result): NtStatus => result);
    if (status < 0 || init.device === undefined) {
      buses.remove(child);
      return;
    }
    child.pdo = init.device;
    child.identity = init.identity;
    machine.exports.reportChild(init.device, child.missing ? 0 : 1);
  }

  /** Loads a driver for a child and starts it; without driver it waits for one, unless it works raw. */
  *build(child: Child, pdo: WDFDEVICE): Body<NtStatus> {
    child.told = true;
    const module = this.driverFor(child.identity);
    if (module === undefined && child.identity?.raw !== true) {
      this.waiting.add(child.parent);
      return NtStatus.Success;
    }
    child.built = true;
    if (module !== undefined) {
      const status = yield* this.addOn(module, pdo);
      if (status < 0) return status;
    }
    return yield* this.perform(pdo, PnpIrp.StartDevice);
  }

  /** EvtDriverDeviceAdd of a function driver, whose device then stands on the PDO. */
  private *addOn(module: DriverModule, pdo: WDFDEVICE): Body<NtStatus> {
    const { machine } = this;
    const init = this.pnp.begin(module, pdo);
    const number = this.additions.push(() => module.evtDriverDeviceAdd(init.driver, init)) - 1;
    const args = [init.driver, this.addingFor(init.driver), number];
    const status = yield* callMachine(machine, "addDeviceFor", args, (result): NtStatus => result);
    delete this.additions[number];
    if (status >= 0 && init.device !== undefined) this.stand(init.device, pdo);
    return status;
  }

  /** The number of the callback that calls EvtDriverDeviceAdd of a driver. */
  private addingFor(driver: WDFDRIVER): number {
    const known = this.adding.get(driver);
    if (known !== undefined) return known;
    const callback = this.machine.callback((_driver: WDFDRIVER, at: number) => this.additions[at]());
    this.adding.set(driver, callback);
    return callback;
  }

  /** A device stands on another; one on a PDO owns the power policy of both. */
  stand(upper: WDFDEVICE, lower: WDFDEVICE): void {
    this.machine.exports.attachDevice(upper, lower);
    this.machine.exports.standOnChild(lower);
    this.machine.names.attach(upper, lower);
    this.buses.attach(upper, lower);
    const child = this.buses.childOf(lower);
    if (child !== undefined) child.built = true;
  }

  private driverFor(identity: PdoIdentity | null): DriverModule | undefined {
    if (identity === null) return undefined;
    for (const id of [identity.deviceId, ...identity.hardwareIds, ...identity.compatibleIds]) {
      const found = this.drivers.find(({ ids }) => ids.includes(id.toLowerCase()));
      if (found !== undefined) return found.module;
    }
    return undefined;
  }

  private *removeMissing(child: Child): Body<void> {
    if (child.pdo !== 0) {
      if (this.stateOf(child.pdo) !== DeviceState.Init) yield* this.perform(child.pdo, PnpIrp.SurpriseRemoval);
      yield* this.perform(child.pdo, PnpIrp.RemoveDevice);
    }
    this.buses.remove(child);
  }

  /** Tells a device and all that depends on it, in order. The status is that of the device, or of who refuses. */
  *perform(device: WDFDEVICE, irp: PnpIrp): Body<NtStatus> {
    if (irp === PnpIrp.Eject) return yield* this.eject(device);
    if (ALONE.has(irp)) return yield* this.pnp.send(device, irp);
    const stack = this.buses.stackOf(device);
    if (irp === PnpIrp.StartDevice) {
      const child = this.buses.childOf(stack.at(-1)!);
      if (child !== undefined && !child.built) return yield* this.build(child, stack.at(-1)!);
    }
    const told = this.order(stack, irp);
    const statuses = new Map<WDFDEVICE, NtStatus>();
    for (const one of told) {
      if (one !== device && this.passesBy(one, irp)) continue;
      if (irp === PnpIrp.RemoveDevice) this.leave(one, stack);
      const status = yield* this.pnp.send(one, irp);
      statuses.set(one, status);
      if (irp === PnpIrp.StartDevice && status < 0) return status;
      const cancel = QUERIES[irp];
      if (cancel !== undefined && status < 0) {
        for (const asked of backwards(statuses.keys())) if (asked !== one) yield* this.pnp.send(asked, cancel);
        return status;
      }
      this.after(one, irp);
    }
    return statuses.get(device) ?? NtStatus.Success;
  }

  /** The devices of the tree in the order in which they are told. */
  private order(stack: readonly WDFDEVICE[], irp: PnpIrp): WDFDEVICE[] {
    const upwards = UPWARDS.has(irp);
    const own = upwards ? backwards(stack) : [...stack];
    const below = stack.flatMap((device) =>
      this.buses.of(device).flatMap(({ pdo, built }) =>
        pdo === 0 || (irp === PnpIrp.StartDevice && !built) ? [] : this.order(this.buses.stackOf(pdo), irp),
      ),
    );
    return upwards ? [...own, ...below] : [...below, ...own];
  }

  /** A device that was not started does not hear of power, or of its stop. */
  private passesBy(device: WDFDEVICE, irp: PnpIrp): boolean {
    return irp !== PnpIrp.StartDevice && irp !== PnpIrp.RemoveDevice && this.stateOf(device) === DeviceState.Init;
  }

  /** A child whose parent is removed goes with it, whatever its driver reports. */
  private leave(device: WDFDEVICE, stack: readonly WDFDEVICE[]): void {
    if (!stack.includes(device)) this.machine.exports.reportChild(device, 0);
  }

  private after(device: WDFDEVICE, irp: PnpIrp): void {
    if (irp === PnpIrp.StartDevice && this.buses.of(device).length > 0) this.changed(device);
    if (irp !== PnpIrp.RemoveDevice) return;
    const child = this.buses.childOf(device);
    this.buses.forget(device);
    if (child === undefined) return;
    if (this.stateOf(device) === DeviceState.Removed) this.buses.remove(child);
    else child.built = false;
  }

  /** IRP_MN_QUERY_REMOVE_DEVICE, IRP_MN_REMOVE_DEVICE, and for a child IRP_MN_EJECT, after which it is gone for good. */
  private *eject(device: WDFDEVICE): Body<NtStatus> {
    const pdo = this.buses.stackOf(device).at(-1)!;
    const asked = yield* this.perform(device, PnpIrp.QueryRemove);
    if (asked < 0) return asked;
    const removed = yield* this.perform(device, PnpIrp.RemoveDevice);
    const child = this.buses.childOf(pdo);
    if (child === undefined) return removed;
    const status = yield* this.pnp.send(pdo, PnpIrp.Eject);
    if (status >= 0) this.buses.lose(this.machine, child);
    return status;
  }
}

function backwards(devices: Iterable<WDFDEVICE>): WDFDEVICE[] {
  const all = [...devices];
  all.reverse();
  return all;
}
