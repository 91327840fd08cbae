// Child lists: a bus driver describes what it finds, and the framework asks for devices.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfchildlist/
//
// A description is plain data (numbers, texts, objects of such): what is copied on Windows byte by byte is copied here with
// structuredClone, and compared as JSON unless EvtChildListIdentificationDescriptionCompare says otherwise.

import { NtStatus } from "../../bindings/abi";
import type { WDFCHILDLIST } from "../../bindings/handles";
import { type ChildList, busesOf } from "../buses";
import { machine } from "../current";
import { ProtocolError } from "../errors";
import type { Machine } from "../machine";
import { type Known, refuseMisspelled } from "../misspelled";
import { writeAttributes } from "./attributes";
import { ask, hostOnly, nothing } from "./call";
import type { WdfDeviceInit } from "./device";
import type { Routine, WDFDEVICE, WdfObjectAttributes } from "./types";

export type { WDFCHILDLIST } from "../../bindings/handles";

/** EVT_WDF_CHILD_LIST_CREATE_DEVICE. PASSIVE_LEVEL. Calls WdfPdoInit... and WdfDeviceCreate with `ChildInit`. */
export type EvtChildListCreateDevice = Routine<
  [ChildList: WDFCHILDLIST, IdentificationDescription: never, ChildInit: WdfDeviceInit],
  NtStatus
>;

/** WDF_CHILD_LIST_CONFIG, as far as it is built. */
export interface WdfChildListConfig {
  evtChildListCreateDevice: EvtChildListCreateDevice;
  /** The device has entered D0: see what is there. PASSIVE_LEVEL. */
  evtChildListScanForChildren?: Routine<[ChildList: WDFCHILDLIST], void> | undefined;
  /** True when two descriptions are of the same child. */
  evtChildListIdentificationDescriptionCompare?: ((ChildList: WDFCHILDLIST, First: never, Second: never) => boolean) | undefined;
  /** Descriptions come with an address (AddressDescriptionSize is not 0). */
  hasAddressDescriptions?: boolean;
}

const CHILD_LIST_CONFIG: Known<WdfChildListConfig> = {
  evtChildListCreateDevice: true,
  evtChildListScanForChildren: true,
  evtChildListIdentificationDescriptionCompare: true,
  hasAddressDescriptions: true,
};

/** WDF_CHILD_LIST_CONFIG_INIT */
export function WDF_CHILD_LIST_CONFIG_INIT(evtChildListCreateDevice: EvtChildListCreateDevice): WdfChildListConfig {
  return { evtChildListCreateDevice };
}

/**
 * Makes a child list of the device.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST above PASSIVE_LEVEL, STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED,
 *   STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfChildListCreate(
  Device: WDFDEVICE,
  Config: WdfChildListConfig,
  DeviceListAttributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly childList: WDFCHILDLIST } {
  const m = machine();
  writeAttributes(m, DeviceListAttributes);
  return ask("WdfChildListCreate", [Device, ...callbacksOf(m, Config)], (status) => {
    const childList = m.core.outValue(0) as WDFCHILDLIST;
    if (status >= 0) remember(m, Device, childList, Config, false);
    return { status, childList };
  });
}

/**
 * Gives the device a child list when it is made.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFdoInitSetDefaultChildListConfig(
  DeviceInit: WdfDeviceInit,
  Config: WdfChildListConfig,
  DefaultDeviceListAttributes?: WdfObjectAttributes,
): void {
  hostOnly("WdfFdoInitSetDefaultChildListConfig");
  DeviceInit.defaultChildList = (m, device) => {
    writeAttributes(m, DefaultDeviceListAttributes);
    const status = m.exports.WdfChildListCreate(device, ...callbacksOf(m, Config));
    if (status >= 0) remember(m, device, m.core.outValue(0) as WDFCHILDLIST, Config, true);
  };
}

/** Both callbacks, as the core knows them. The descriptions stay here. */
function callbacksOf(m: Machine, config: WdfChildListConfig): [number, number] {
  refuseMisspelled("WDF_CHILD_LIST_CONFIG", config, CHILD_LIST_CONFIG);
  const create = config.evtChildListCreateDevice as (list: WDFCHILDLIST, description: unknown, init: WdfDeviceInit) => NtStatus;
  const called = (list: WDFCHILDLIST, number: number): NtStatus => {
    const { description, init } = busesOf(m).take(number);
    return create(list, description, init);
  };
  return [m.callback(called), m.callback(config.evtChildListScanForChildren)];
}

function remember(m: Machine, device: WDFDEVICE, handle: WDFCHILDLIST, config: WdfChildListConfig, isDefault: boolean): void {
  m.born(handle, "childlist");
  const own = config.evtChildListIdentificationDescriptionCompare as
    | ((list: WDFCHILDLIST, first: unknown, second: unknown) => boolean)
    | undefined;
  const compare = own === undefined ? sameJson : (first: unknown, second: unknown) => own(handle, first, second);
  busesOf(m).addList({ handle, device, compare, hasAddresses: config.hasAddressDescriptions ?? false, scans: 0 }, isDefault);
}

function sameJson(first: unknown, second: unknown): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

/**
 * The child list that WdfFdoInitSetDefaultChildListConfig has made; NULL (0) when there is none.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFdoGetDefaultChildList(Fdo: WDFDEVICE): WDFCHILDLIST | 0 {
  hostOnly("WdfFdoGetDefaultChildList");
  return busesOf(machine()).defaultList(Fdo);
}

/**
 * The device of a list.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfChildListGetDevice(ChildList: WDFCHILDLIST): WDFDEVICE {
  return ask("WdfChildListGetDevice", [ChildList], (device) => device as WDFDEVICE);
}

/** The list of a handle: a wrong one is a Stop. */
function listOf(m: Machine, name: string, handle: WDFCHILDLIST): ChildList {
  ask(name, [handle], nothing);
  const list = busesOf(m).list(handle);
  if (list === undefined) throw new ProtocolError(`${name}: the child list was made by another System`);
  return list;
}

/**
 * The child is there: the PnP manager is told, and asks for its device with EvtChildListCreateDevice.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_OBJECT_NAME_EXISTS when it was there already (its address is updated), STATUS_INVALID_DEVICE_REQUEST with an
 *   address for a list without, or without one for a list with addresses
 */
export function WdfChildListAddOrUpdateChildDescriptionAsPresent(
  ChildList: WDFCHILDLIST,
  IdentificationDescription: unknown,
  AddressDescription?: unknown,
): NtStatus {
  const m = machine();
  const list = listOf(m, "WdfChildListAddOrUpdateChildDescriptionAsPresent", ChildList);
  const buses = busesOf(m);
  if ((AddressDescription !== undefined) !== list.hasAddresses) return NtStatus.InvalidDeviceRequest;
  const known = buses.described(list, IdentificationDescription);
  if (known !== undefined) {
    known.found = true;
    known.address = structuredClone(AddressDescription);
    return NtStatus.ObjectNameExists;
  }
  const [description, address] = [structuredClone(IdentificationDescription), structuredClone(AddressDescription)];
  const state = { missing: false, found: true, built: false, told: false };
  buses.add({ parent: list.device, pdo: 0, identity: null, list, description, address, ...state });
  buses.changed(list.device);
  return NtStatus.Success;
}

/**
 * The child is not there any more.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_NO_SUCH_DEVICE when nobody has told of it
 */
export function WdfChildListUpdateChildDescriptionAsMissing(ChildList: WDFCHILDLIST, IdentificationDescription: unknown): NtStatus {
  const m = machine();
  const list = listOf(m, "WdfChildListUpdateChildDescriptionAsMissing", ChildList);
  const child = busesOf(m).described(list, IdentificationDescription);
  if (child === undefined) return NtStatus.NoSuchDevice;
  busesOf(m).lose(m, child);
  return NtStatus.Success;
}

/**
 * All children of the list are still there.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfChildListUpdateAllChildDescriptionsAsPresent(ChildList: WDFCHILDLIST): void {
  const m = machine();
  for (const child of busesOf(m).present(listOf(m, "WdfChildListUpdateAllChildDescriptionsAsPresent", ChildList))) child.found = true;
}

/**
 * The driver looks what is there: children that it does not tell of until WdfChildListEndScan are missing then. Meanwhile the PnP
 * manager is not told of changes.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfChildListBeginScan(ChildList: WDFCHILDLIST): void {
  const m = machine();
  const list = listOf(m, "WdfChildListBeginScan", ChildList);
  list.scans++;
  for (const child of busesOf(m).present(list)) child.found = false;
}

/**
 * The driver has told of all children that are there.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfChildListEndScan(ChildList: WDFCHILDLIST): void {
  const m = machine();
  const list = listOf(m, "WdfChildListEndScan", ChildList);
  if (list.scans > 0 && --list.scans > 0) return;
  const buses = busesOf(m);
  for (const child of buses.present(list)) if (!child.found) buses.lose(m, child);
  buses.changed(list.device);
}

/**
 * The device of the child with that description; NULL (0) when there is none, or not yet.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfChildListRetrievePdo(ChildList: WDFCHILDLIST, IdentificationDescription: unknown): WDFDEVICE | 0 {
  const m = machine();
  const list = listOf(m, "WdfChildListRetrievePdo", ChildList);
  return busesOf(m).described(list, IdentificationDescription)?.pdo ?? 0;
}

/**
 * The address of the child with that description.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST for a list without addresses, STATUS_NO_SUCH_DEVICE
 */
export function WdfChildListRetrieveAddressDescription(
  ChildList: WDFCHILDLIST,
  IdentificationDescription: unknown,
): { readonly status: NtStatus; readonly address: unknown } {
  const m = machine();
  const list = listOf(m, "WdfChildListRetrieveAddressDescription", ChildList);
  if (!list.hasAddresses) return { status: NtStatus.InvalidDeviceRequest, address: undefined };
  const child = busesOf(m).described(list, IdentificationDescription);
  if (child === undefined) return { status: NtStatus.NoSuchDevice, address: undefined };
  return { status: NtStatus.Success, address: structuredClone(child.address) };
}
