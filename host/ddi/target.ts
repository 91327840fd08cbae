// WdfIoTarget*: targets, where they lead and their state.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfiotarget/

import {
  type NtStatus,
  NtStatus as Status,
  TargetOpenWord,
  WdfIoTargetOpenType,
  type WdfIoTargetPurgeIoAction,
  type WdfIoTargetSentIoAction,
  type WdfIoTargetState,
} from "../../bindings/abi";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, nothing } from "./call";
import type { WdfIoTargetOpenParams } from "./target-types";
import type { WDFDEVICE, WDFIOTARGET, WdfObjectAttributes } from "./types";

/**
 * The default I/O target of a device: the device below it. NULL (0) for a device that a bus driver has made.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfDeviceGetIoTarget(Device: WDFDEVICE): WDFIOTARGET {
  const { names } = machine();
  return ask("WdfDeviceGetIoTarget", [Device], (target) => {
    if (target !== 0) names.addTarget(target, Device);
    return target as WDFIOTARGET;
  });
}

/**
 * Makes a remote target, which leads nowhere until it is opened.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST (above PASSIVE_LEVEL; a parent that is not below the device),
 * STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfIoTargetCreate(
  Device: WDFDEVICE,
  IoTargetAttributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly target: WDFIOTARGET } {
  const m = machine();
  writeAttributes(m, IoTargetAttributes);
  return ask("WdfIoTargetCreate", [Device], (status) => {
    const target = m.core.outValue(0) as WDFIOTARGET;
    if (status >= 0) m.names.addTarget(target, Device);
    return { status, target };
  });
}

/**
 * Opens a remote target and starts it.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_DEVICE_STATE (open already, deleted), STATUS_INVALID_DEVICE_REQUEST (reopened although it was not
 * opened by name), STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INVALID_PARAMETER (nothing named)
 */
export function WdfIoTargetOpen(IoTarget: WDFIOTARGET, OpenParams: WdfIoTargetOpenParams): Suspendable<NtStatus> {
  const m = machine();
  const { type, targetDeviceName, targetDeviceObject, below } = OpenParams;
  const byName = type === WdfIoTargetOpenType.ByName;
  m.core.writeScratch(TargetOpenWord.EvtIoTargetQueryRemove, [
    m.callback(OpenParams.evtIoTargetQueryRemove),
    m.callback(OpenParams.evtIoTargetRemoveCanceled),
    m.callback(OpenParams.evtIoTargetRemoveComplete),
  ]);
  const device = byName ? (m.names.find(targetDeviceName ?? "")?.device ?? 0) : (targetDeviceObject ?? 0);
  const notFound = byName && device === 0 && targetDeviceName;
  return call("WdfIoTargetOpen", [IoTarget, type, device, below ?? 0], (status): NtStatus =>
    notFound && status === (Status.InvalidParameter as number) ? Status.ObjectNameNotFound : status,
  );
}

/**
 * Closes a remote target: what waits in it fails with STATUS_WDF_DEVICE_REMOVED_NOT_SENT, what is out is cancelled and
 * waited for.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfIoTargetClose(IoTarget: WDFIOTARGET): Suspendable<void> {
  return call("WdfIoTargetClose", [IoTarget], nothing);
}

/**
 * The same for the time of a query-remove: the target can be opened again.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfIoTargetCloseForQueryRemove(IoTarget: WDFIOTARGET): Suspendable<void> {
  return call("WdfIoTargetCloseForQueryRemove", [IoTarget], nothing);
}

/**
 * Starts a target: requests that waited in it are sent, oldest first.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_STATE for a deleted target
 */
export function WdfIoTargetStart(IoTarget: WDFIOTARGET): Suspendable<NtStatus> {
  return call("WdfIoTargetStart", [IoTarget], (status) => status);
}

/**
 * Stops a target: requests sent from now on wait in it. What is out is cancelled, waited for, or left alone.
 *
 * @irql <= DISPATCH_LEVEL; PASSIVE_LEVEL unless it leaves sent requests pending
 */
export function WdfIoTargetStop(IoTarget: WDFIOTARGET, Action: WdfIoTargetSentIoAction): Suspendable<void> {
  return call("WdfIoTargetStop", [IoTarget, Action], nothing);
}

/**
 * Purges a target: requests sent from now on fail, those that wait in it and those that are out come back.
 *
 * @irql <= DISPATCH_LEVEL; PASSIVE_LEVEL when it waits
 */
export function WdfIoTargetPurge(IoTarget: WDFIOTARGET, Action: WdfIoTargetPurgeIoAction): Suspendable<void> {
  return call("WdfIoTargetPurge", [IoTarget, Action], nothing);
}

/**
 * The state of a target. A remote target that was never opened is Started.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfIoTargetGetState(IoTarget: WDFIOTARGET): WdfIoTargetState {
  return ask("WdfIoTargetGetState", [IoTarget], (state) => state);
}

/**
 * The device a target belongs to, which is not the device it leads to.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfIoTargetGetDevice(IoTarget: WDFIOTARGET): WDFDEVICE {
  return ask("WdfIoTargetGetDevice", [IoTarget], (device) => device as WDFDEVICE);
}
