// Bus drivers with objects for handles: a list of children that are described, or children made one by one.
//
//   const { childList } = ChildList.create(device, {
//     evtCreateDevice: (found: { port: number }, child) =>
//       child.createDevice({ deviceId: "BUS\\Port", instanceId: String(found.port) }, { symbolicLinks: [`Port${found.port}`] }).status,
//   });
//   childList.add({ port: 1 });

import { NtStatus } from "../../bindings/abi";
import {
  WdfChildListAddOrUpdateChildDescriptionAsPresent,
  WdfChildListBeginScan,
  type WdfChildListConfig,
  WdfChildListCreate,
  WdfChildListEndScan,
  WdfChildListRetrievePdo,
  WdfChildListUpdateAllChildDescriptionsAsPresent,
  WdfChildListUpdateChildDescriptionAsMissing,
  type WDFCHILDLIST,
} from "../ddi/child-list";
import type { WdfDeviceInit } from "../ddi/device";
import {
  WdfPdoGetParent,
  WdfPdoInitAddCompatibleID,
  WdfPdoInitAddDeviceText,
  WdfPdoInitAddHardwareID,
  WdfPdoInitAllocate,
  WdfPdoInitAllowForwardingRequestToParent,
  WdfPdoInitAssignDeviceID,
  WdfPdoInitAssignInstanceID,
  WdfPdoInitAssignRawDevice,
  WdfPdoInitSetEventCallbacks,
  WdfPdoMarkMissing,
  WdfPdoRequestEject,
} from "../ddi/pdo";
import { WdfFdoAddStaticChild } from "../ddi/static-child";
import type { Routine } from "../ddi/types";
import { type Device, type DeviceConfig, DeviceInit } from "./device";
import { deviceOf, deviceWrapper } from "./wrappers";

/** What a bus driver says of a child. */
export interface ChildIdentity {
  /** The first id by which a driver is found. @ddi WdfPdoInitAssignDeviceID */
  deviceId: string;
  /** @ddi WdfPdoInitAddHardwareID */
  hardwareIds?: readonly string[];
  /** @ddi WdfPdoInitAddCompatibleID */
  compatibleIds?: readonly string[];
  /** Tells children of one kind apart. @ddi WdfPdoInitAssignInstanceID */
  instanceId?: string;
  /** What people are shown. @ddi WdfPdoInitAddDeviceText */
  description?: string;
  location?: string;
  /** It works without a function driver. @ddi WdfPdoInitAssignRawDevice */
  raw?: boolean;
  /** @ddi WdfPdoInitAllowForwardingRequestToParent */
  forwardsToParent?: boolean;
  /** The child was removed: let go of it. @ddi WdfPdoInitSetEventCallbacks */
  evtDeviceEject?: Routine<[device: Device], NtStatus>;
}

/** What EvtChildListCreateDevice is given. */
export class ChildInit {
  private readonly init: WdfDeviceInit;

  constructor(init: WdfDeviceInit) {
    this.init = init;
  }

  /** Makes the child's device. @ddi WdfDeviceCreate */
  createDevice(identity: ChildIdentity, config: DeviceConfig = {}): { readonly status: NtStatus; readonly device: Device } {
    const { init } = this;
    WdfPdoInitAssignDeviceID(init, identity.deviceId);
    for (const id of identity.hardwareIds ?? []) WdfPdoInitAddHardwareID(init, id);
    for (const id of identity.compatibleIds ?? []) WdfPdoInitAddCompatibleID(init, id);
    if (identity.instanceId !== undefined) WdfPdoInitAssignInstanceID(init, identity.instanceId);
    const { description = "", location = "" } = identity;
    if (description !== "" || location !== "") WdfPdoInitAddDeviceText(init, description, location, US_ENGLISH);
    if (identity.raw) WdfPdoInitAssignRawDevice(init);
    if (identity.forwardsToParent) WdfPdoInitAllowForwardingRequestToParent(init);
    if (identity.evtDeviceEject) WdfPdoInitSetEventCallbacks(init, { evtDeviceEject: deviceWrapper(identity.evtDeviceEject) });
    return new DeviceInit(init).createDevice(config);
  }
}

/** The locale of texts that say none. */
const US_ENGLISH = 0x409;

/** How a child list comes to its devices. */
export interface ChildListConfig<Description> {
  /** Makes the device of a child; an error status forgets the child. */
  evtCreateDevice: (description: Description, child: ChildInit) => NtStatus | Generator<undefined, NtStatus, unknown>;
  /** The parent has entered D0: see what is there. */
  evtScanForChildren?: (list: ChildList<Description>) => void;
  /** True when two descriptions are of the same child; otherwise they are when their members are equal. */
  isSame?: (first: Description, second: Description) => boolean;
}

/** Children that a bus driver describes: WDFCHILDLIST. */
export class ChildList<Description> {
  readonly handle: WDFCHILDLIST;

  private constructor(handle: WDFCHILDLIST) {
    this.handle = handle;
  }

  /** @ddi WdfChildListCreate */
  static create<Description>(
    device: Device,
    config: ChildListConfig<Description>,
  ): { readonly status: NtStatus; readonly childList: ChildList<Description> } {
    const { evtCreateDevice, evtScanForChildren, isSame } = config;
    const scan = evtScanForChildren && ((list: WDFCHILDLIST): void => evtScanForChildren(new ChildList<Description>(list)));
    const compare = isSame && ((_list: WDFCHILDLIST, first: Description, second: Description): boolean => isSame(first, second));
    const raw = {
      evtChildListCreateDevice: (_: WDFCHILDLIST, found: Description, init: WdfDeviceInit) => evtCreateDevice(found, new ChildInit(init)),
      ...(scan === undefined ? {} : { evtChildListScanForChildren: scan }),
      ...(compare === undefined ? {} : { evtChildListIdentificationDescriptionCompare: compare }),
    } as WdfChildListConfig;
    const { status, childList } = WdfChildListCreate(device.handle, raw);
    return { status, childList: new ChildList(childList) };
  }

  /** The child is there. @ddi WdfChildListAddOrUpdateChildDescriptionAsPresent */
  add(description: Description): NtStatus {
    return WdfChildListAddOrUpdateChildDescriptionAsPresent(this.handle, description);
  }

  /** It is not there any more. @ddi WdfChildListUpdateChildDescriptionAsMissing */
  remove(description: Description): NtStatus {
    return WdfChildListUpdateChildDescriptionAsMissing(this.handle, description);
  }

  /** All children are still there. @ddi WdfChildListUpdateAllChildDescriptionsAsPresent */
  keepAll(): void {
    WdfChildListUpdateAllChildDescriptionsAsPresent(this.handle);
  }

  /** What `look` does not {@link add} is missing afterwards. @ddi WdfChildListBeginScan @ddi WdfChildListEndScan */
  scan(look: () => void): void {
    WdfChildListBeginScan(this.handle);
    look();
    WdfChildListEndScan(this.handle);
  }

  /** null when there is none, or not yet. @ddi WdfChildListRetrievePdo */
  deviceOf(description: Description): Device | null {
    const pdo = WdfChildListRetrievePdo(this.handle, description);
    return pdo === 0 ? null : deviceOf(pdo);
  }
}

/** Makes a child of a device and reports it. @ddi WdfPdoInitAllocate @ddi WdfFdoAddStaticChild */
export function addChild(
  parent: Device,
  identity: ChildIdentity,
  config: DeviceConfig = {},
  prepare: (child: Device) => NtStatus = () => NtStatus.Success,
): { readonly status: NtStatus; readonly device: Device } {
  const made = new ChildInit(WdfPdoInitAllocate(parent.handle)).createDevice(identity, config);
  if (made.status < 0) return made;
  const prepared = prepare(made.device);
  if (prepared < 0) return { status: prepared, device: made.device };
  return { status: WdfFdoAddStaticChild(parent.handle, made.device.handle), device: made.device };
}

/** The child is not there any more. @ddi WdfPdoMarkMissing */
export function removeChild(child: Device): NtStatus {
  return WdfPdoMarkMissing(child.handle);
}

/** @ddi WdfPdoRequestEject */
export function ejectChild(child: Device): void {
  WdfPdoRequestEject(child.handle);
}

/** The device a child was made for; null for a device that is none. @ddi WdfPdoGetParent */
export function parentOf(child: Device): Device | null {
  const parent = WdfPdoGetParent(child.handle);
  return parent === 0 ? null : deviceOf(parent);
}
