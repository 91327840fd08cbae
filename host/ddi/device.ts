// WdfDriver*, WdfDevice*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfdevice/

import {
  CONFIG_WORD,
  DeviceInitWord,
  type NtStatus,
  WdfDeviceIoType,
  WdfFileObjectClass,
  WdfSynchronizationScope,
  WdfTriState,
} from "../../bindings/abi";
import { PdoIdentity, busesOf } from "../buses";
import { machine } from "../current";
import type { Machine } from "../machine";
import { refuseMisspelled } from "../misspelled";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, hostOnly, nothing } from "./call";
import type { WdfPowerPolicyEventCallbacks } from "./device-wake";
import { PNP_POWER_EVENT_CALLBACKS } from "./known";
import type { WdfPdoEventCallbacks } from "./pdo";
import type {
  EvtDeviceWdmIrpPreprocess,
  EvtIoInCallerContext,
  WDFDEVICE,
  WDFDRIVER,
  WDFQUEUE,
  WDFREQUEST,
  WdfFileObjectConfig,
  WdfObjectAttributes,
  WdfPnpPowerEventCallbacks,
} from "./types";

/** WDFDEVICE_INIT: what a device will be like, until WdfDeviceCreate makes it. */
export class WdfDeviceInit {
  filter = false;
  ioType = WdfDeviceIoType.Buffered;
  evtIoInCallerContext: EvtIoInCallerContext | undefined;
  pnpPowerEventCallbacks: WdfPnpPowerEventCallbacks = {};
  powerPolicyEventCallbacks: WdfPowerPolicyEventCallbacks = {};
  /** Preprocess callbacks by major function, with the minor functions they are for, none for all. */
  readonly preprocess = new Map<number, { readonly callback: EvtDeviceWdmIrpPreprocess; readonly minors: readonly number[] }>();
  /** The device of the bus driver, for a PDO. */
  parent: WDFDEVICE | undefined;
  /** What identifies a PDO. */
  readonly identity = new PdoIdentity();
  pdoEventCallbacks: WdfPdoEventCallbacks = {};
  /** Makes the default child list, once there is a device. */
  defaultChildList: ((m: Machine, device: WDFDEVICE) => void) | undefined;
  /** Requests may be forwarded to the parent's queues. */
  forwardsToParent = false;
  requestAttributes: WdfObjectAttributes = {};
  exclusive = false;
  /** WdfDeviceInitSetFileObjectConfig, once it was called. */
  fileObjects: { readonly config: WdfFileObjectConfig; readonly attributes: WdfObjectAttributes | undefined } | undefined;
  /** The driver the device will belong to. */
  readonly driver: WDFDRIVER;
  /** The device, once WdfDeviceCreate has made it. */
  device: WDFDEVICE | undefined;

  /** What the PnP manager calls it; undefined for a device that it does not know. */
  readonly instance: string | undefined;

  constructor(driver: WDFDRIVER, instance?: string) {
    this.driver = driver;
    this.instance = instance;
  }
}

/**
 * Makes the framework's driver object.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfDriverCreate(name: string): WDFDRIVER {
  const m = machine();
  return ask("WdfDriverCreate", [], (driver) => {
    m.names.addDriver(driver, name);
    m.contents.registry.addOwner(driver, name);
    return driver as WDFDRIVER;
  });
}

/**
 * Makes the device a filter: what it has no handler for goes down the stack.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfFdoInitSetFilter(DeviceInit: WdfDeviceInit): void {
  hostOnly("WdfFdoInitSetFilter");
  DeviceInit.filter = true;
}

/**
 * Says where the buffers of reads and writes are: a copy in the system buffer (buffered, the default), the application's own
 * memory (direct), or only addresses in the application (neither), which the driver has to probe and lock itself.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceInitSetIoType(DeviceInit: WdfDeviceInit, IoType: WdfDeviceIoType): void {
  hostOnly("WdfDeviceInitSetIoType");
  DeviceInit.ioType = IoType;
}

/**
 * Registers the callback that sees each request in its sender's thread, before it is queued.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a callback
 */
export function WdfDeviceInitSetIoInCallerContextCallback(DeviceInit: WdfDeviceInit, EvtIoInCallerContext: EvtIoInCallerContext): void {
  ask("WdfDeviceInitSetIoInCallerContextCallback", [machine().callback(EvtIoInCallerContext)], nothing);
  DeviceInit.evtIoInCallerContext = EvtIoInCallerContext;
}

/**
 * Registers the PnP and power callbacks.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit: WdfDeviceInit, Callbacks: WdfPnpPowerEventCallbacks): void {
  hostOnly("WdfDeviceInitSetPnpPowerEventCallbacks");
  refuseMisspelled("WdfDeviceInitSetPnpPowerEventCallbacks", Callbacks, PNP_POWER_EVENT_CALLBACKS);
  DeviceInit.pnpPowerEventCallbacks = Callbacks;
}

/**
 * Gives every request of the device a context and callbacks. Attributes that are bad, or have a parent, are a verifier break
 * and change nothing.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceInitSetRequestAttributes(DeviceInit: WdfDeviceInit, RequestAttributes: WdfObjectAttributes): void {
  writeAttributes(machine(), RequestAttributes);
  ask("WdfDeviceInitSetRequestAttributes", [], (good) => {
    if (good !== 0) DeviceInit.requestAttributes = RequestAttributes;
  });
}

/**
 * Makes the device.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfDeviceCreate(
  DeviceInit: WdfDeviceInit,
  DeviceAttributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly device: WDFDEVICE } {
  const m = machine();
  const power = DeviceInit.pnpPowerEventCallbacks;
  writeAttributes(m, DeviceAttributes);
  m.core.writeScratch(CONFIG_WORD, [
    DeviceInit.filter ? 1 : 0,
    m.callback(DeviceInit.evtIoInCallerContext),
    m.callback(power.evtDeviceD0Entry),
    m.callback(power.evtDeviceD0Exit),
    m.callback(power.evtDeviceSelfManagedIoInit),
    m.callback(power.evtDevicePrepareHardware),
    m.callback(power.evtDeviceReleaseHardware),
    m.callback(power.evtDeviceD0EntryPostInterruptsEnabled),
    m.callback(power.evtDeviceD0ExitPreInterruptsDisabled),
    m.callback(power.evtDeviceSelfManagedIoRestart),
    m.callback(power.evtDeviceSelfManagedIoSuspend),
    m.callback(power.evtDeviceSelfManagedIoFlush),
    m.callback(power.evtDeviceSelfManagedIoCleanup),
    m.callback(power.evtDeviceSurpriseRemoval),
    m.callback(power.evtDeviceQueryRemove),
    m.callback(power.evtDeviceQueryStop),
    DeviceInit.ioType,
    m.contexts.idOf(DeviceInit.requestAttributes.contextType),
    m.callback(DeviceInit.requestAttributes.evtCleanupCallback),
    m.callback(DeviceInit.requestAttributes.evtDestroyCallback),
  ]);
  m.core.writeScratch(DeviceInitWord.EvtDeviceEject, [m.callback(DeviceInit.pdoEventCallbacks.evtDeviceEject)]);
  m.core.writeScratch(DeviceInitWord.EvtDeviceArmWakeFromS0, policyWords(m, DeviceInit.powerPolicyEventCallbacks));
  m.core.writeScratch(DeviceInitWord.Exclusive, [DeviceInit.exclusive ? 1 : 0, ...fileWords(m, DeviceInit)]);
  m.core.writeScratch(DeviceInitWord.ParentDevice, [DeviceInit.parent ?? 0, DeviceInit.forwardsToParent ? 1 : 0]);
  return ask("WdfDeviceCreate", [DeviceInit.driver], (status) => {
    const device = m.core.outValue(0) as WDFDEVICE;
    if (status >= 0) {
      DeviceInit.device = device;
      m.names.addDevice(device, DeviceInit.driver);
      if (DeviceInit.instance !== undefined) m.contents.registry.addOwner(device, DeviceInit.instance);
      assignPreprocess(m, device, DeviceInit);
      m.irps.declareIoType(device, DeviceInit.ioType);
      if (DeviceInit.parent !== undefined) busesOf(m).note(device, DeviceInit.identity);
      DeviceInit.defaultChildList?.(m, device);
    }
    return { status, device };
  });
}

/** WDF_POWER_POLICY_EVENT_CALLBACKS, in the order of DeviceInitWord. */
function policyWords(m: Machine, policy: WdfPowerPolicyEventCallbacks): number[] {
  return [
    m.callback(policy.evtDeviceArmWakeFromS0),
    m.callback(policy.evtDeviceDisarmWakeFromS0),
    m.callback(policy.evtDeviceWakeFromS0Triggered),
    m.callback(policy.evtDeviceArmWakeFromSx),
    m.callback(policy.evtDeviceArmWakeFromSxWithReason),
    m.callback(policy.evtDeviceDisarmWakeFromSx),
    m.callback(policy.evtDeviceWakeFromSxTriggered),
  ];
}

/** WDF_FILEOBJECT_CONFIG and its attributes, in the order of DeviceInitWord. */
function fileWords(m: Machine, { fileObjects }: WdfDeviceInit): number[] {
  if (fileObjects === undefined) return [0];
  const { config, attributes } = fileObjects;
  return [
    1,
    config.fileObjectClass ?? WdfFileObjectClass.CannotUseFsContexts,
    config.autoForwardCleanupClose ?? WdfTriState.UseDefault,
    m.callback(config.evtDeviceFileCreate),
    m.callback(config.evtFileCleanup),
    m.callback(config.evtFileClose),
    m.contexts.idOf(attributes?.contextType),
    m.callback(attributes?.evtCleanupCallback),
    m.callback(attributes?.evtDestroyCallback),
    attributes === undefined ? 0 : (attributes.synchronizationScope ?? WdfSynchronizationScope.InheritFromParent),
  ];
}

function assignPreprocess(m: Machine, device: WDFDEVICE, { preprocess }: WdfDeviceInit): void {
  for (const [major, { callback, minors }] of preprocess) {
    m.exports.assignPreprocess(device, major, m.callback(callback));
    for (const minor of minors) m.exports.assignPreprocessMinor(device, major, minor);
  }
}

/**
 * Gives the device a name that applications can open: \\DosDevices\\Echo is opened as \\\\.\\Echo.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_OBJECT_NAME_COLLISION when the name is taken, STATUS_OBJECT_NAME_INVALID for an empty one,
 * STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfDeviceCreateSymbolicLink(Device: WDFDEVICE, SymbolicLinkName: string): NtStatus {
  const { names } = machine();
  return ask("WdfDeviceCreateSymbolicLink", [Device], (status) => (status < 0 ? status : names.link(SymbolicLinkName, Device)));
}

/**
 * The default queue of a device, NULL (0) when there is none.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceGetDefaultQueue(Device: WDFDEVICE): WDFQUEUE {
  return ask("WdfDeviceGetDefaultQueue", [Device], (queue) => queue as WDFQUEUE);
}

/**
 * Sends all requests of one type to a queue.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_PARAMETER (type; creates taken), STATUS_INVALID_DEVICE_REQUEST (other device, no handler, default
 * queue), STATUS_INVALID_DEVICE_STATE (started), STATUS_WDF_BUSY (type taken)
 */
export function WdfDeviceConfigureRequestDispatching(Device: WDFDEVICE, Queue: WDFQUEUE, RequestType: number): NtStatus {
  return ask("WdfDeviceConfigureRequestDispatching", [Device, Queue, RequestType], (status) => status);
}

/**
 * Queues a request that EvtIoInCallerContext has seen. Do not touch it after STATUS_SUCCESS.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_WDF_BUSY (queue does not accept), STATUS_INVALID_DEVICE_REQUEST (not in EvtIoInCallerContext, no queue)
 */
export function WdfDeviceEnqueueRequest(Device: WDFDEVICE, Request: WDFREQUEST): Suspendable<NtStatus> {
  return call("WdfDeviceEnqueueRequest", [Device, Request], (status) => status);
}
