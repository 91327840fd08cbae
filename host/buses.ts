// What bus drivers tell of their children, and which device stands on which: kept for the PnP manager (enumerator.ts).
//
//   WdfFdoAddStaticChild ─────────────────────────────────┐
//   WdfChildListAddOrUpdate...AsPresent ─▶ a Child, no device yet ─▶ EvtChildListCreateDevice ─▶ a Child with its PDO
//   WdfChildListUpdate...AsMissing, EndScan, WdfPdoMarkMissing ─▶ the Child is missing ─▶ its stack is removed
//
// After each change `changed` is told of the parent. What matters to the framework (who is whose parent, who is reported) is
// in the core: assembly/wdf/pdo.ts.

import type { WDFCHILDLIST, WDFDEVICE } from "../bindings/handles";
import type { WdfDeviceInit } from "./ddi/device";
import type { Machine } from "./machine";

/** What identifies a child to the PnP manager: WdfPdoInitAssign..., WdfPdoInitAdd... */
export class PdoIdentity {
  deviceId = "";
  instanceId = "";
  readonly hardwareIds: string[] = [];
  readonly compatibleIds: string[] = [];
  description = "";
  location = "";
  /** It works without a function driver. */
  raw = false;
}

/** A child that a bus driver has told of. */
export interface Child {
  readonly parent: WDFDEVICE;
  /** 0 until EvtChildListCreateDevice has made it. */
  pdo: WDFDEVICE | 0;
  identity: PdoIdentity | null;
  /** The list it is in, and its description there; null for a static child. */
  readonly list: ChildList | null;
  readonly description: unknown;
  address: unknown;
  missing: boolean;
  /** Found since WdfChildListBeginScan. */
  found: boolean;
  /** Its drivers have been loaded and it was started. */
  built: boolean;
  /** The PnP manager has been told of it. */
  told: boolean;
}

/** A child list. */
export interface ChildList {
  readonly handle: WDFCHILDLIST;
  readonly device: WDFDEVICE;
  readonly compare: (first: unknown, second: unknown) => boolean;
  readonly hasAddresses: boolean;
  /** WdfChildListBeginScan without its WdfChildListEndScan. */
  scans: number;
}

/** What EvtChildListCreateDevice is called with. */
export interface Creation {
  readonly description: unknown;
  readonly init: WdfDeviceInit;
}

export class Buses {
  /** Somebody has to look at the children of the device. */
  changed: (parent: WDFDEVICE) => void = () => {};
  /** WdfPdoRequestEject */
  eject: (pdo: WDFDEVICE) => void = () => {};
  private readonly children = new Map<WDFDEVICE, Child[]>();
  private readonly lists = new Map<WDFCHILDLIST, ChildList>();
  private readonly defaults = new Map<WDFDEVICE, WDFCHILDLIST>();
  private readonly uppers = new Map<WDFDEVICE, WDFDEVICE>();
  private readonly lowers = new Map<WDFDEVICE, WDFDEVICE>();
  private readonly identities = new Map<WDFDEVICE, PdoIdentity>();
  private readonly creations = new Map<number, Creation>();
  private nextCreation = 1;

  /** Static and dynamic children, in the order in which the bus driver told of them. */
  of(parent: WDFDEVICE): readonly Child[] {
    return this.children.get(parent) ?? [];
  }

  add(child: Child): void {
    const known = this.children.get(child.parent);
    if (known === undefined) this.children.set(child.parent, [child]);
    else known.push(child);
  }

  remove(child: Child): void {
    const known = this.children.get(child.parent);
    if (known?.includes(child)) known.splice(known.indexOf(child), 1);
  }

  /** The child that has that device. */
  childOf(pdo: WDFDEVICE): Child | undefined {
    for (const known of this.children.values()) {
      const child = known.find((one) => one.pdo === pdo);
      if (child !== undefined) return child;
    }
    return undefined;
  }

  addList(list: ChildList, isDefault: boolean): void {
    this.lists.set(list.handle, list);
    if (isDefault) this.defaults.set(list.device, list.handle);
  }

  list(handle: WDFCHILDLIST): ChildList | undefined {
    return this.lists.get(handle);
  }

  defaultList(device: WDFDEVICE): WDFCHILDLIST | 0 {
    return this.defaults.get(device) ?? 0;
  }

  /** The present children of a list. */
  present(list: ChildList): Child[] {
    return this.of(list.device).filter((child) => child.list === list && !child.missing);
  }

  /** The present child of a list that has that description. */
  described(list: ChildList, description: unknown): Child | undefined {
    return this.present(list).find((child) => list.compare(child.description, description));
  }

  /** The child is not there any more. */
  lose(machine: Machine, child: Child): void {
    child.missing = true;
    if (child.pdo === 0) this.remove(child);
    else machine.exports.reportChild(child.pdo, 0);
    this.changed(child.parent);
  }

  /** What a PDO is called by, noted when it is made. */
  identity(pdo: WDFDEVICE): PdoIdentity {
    return this.identities.get(pdo) ?? new PdoIdentity();
  }

  note(pdo: WDFDEVICE, identity: PdoIdentity): void {
    this.identities.set(pdo, identity);
  }

  /** A number under which EvtChildListCreateDevice finds what it is called with. */
  keep(creation: Creation): number {
    this.creations.set(this.nextCreation, creation);
    return this.nextCreation++;
  }

  take(number: number): Creation {
    const creation = this.creations.get(number)!;
    this.creations.delete(number);
    return creation;
  }

  /** The device stands on that one. */
  attach(upper: WDFDEVICE, lower: WDFDEVICE): void {
    this.uppers.set(lower, upper);
    this.lowers.set(upper, lower);
  }

  /** The device is gone. */
  forget(device: WDFDEVICE): void {
    const lower = this.lowers.get(device);
    if (lower !== undefined) this.uppers.delete(lower);
    this.lowers.delete(device);
    this.identities.delete(device);
    this.children.delete(device);
  }

  /** The devices of a child's stack, topmost first; any other device alone. */
  stackOf(device: WDFDEVICE): WDFDEVICE[] {
    let lowest = device;
    for (let at = this.lowers.get(lowest); at !== undefined; at = this.lowers.get(lowest)) lowest = at;
    if (this.childOf(lowest) === undefined) return [device];
    const stack = [lowest];
    for (let at = this.uppers.get(lowest); at !== undefined; at = this.uppers.get(at)) stack.unshift(at);
    return stack;
  }
}

const known = new WeakMap<Machine, Buses>();

/** Those of a System. */
export function busesOf(machine: Machine): Buses {
  let buses = known.get(machine);
  if (buses === undefined) known.set(machine, (buses = new Buses()));
  return buses;
}
