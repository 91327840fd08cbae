// Static children: those a bus driver makes by itself, one after the other.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdffdo/

import type { NtStatus } from "../../bindings/abi";
import { type Child, busesOf } from "../buses";
import { machine } from "../current";
import { ask, nothing } from "./call";
import type { WDFDEVICE } from "./types";

/** WDF_RETRIEVE_CHILD_FLAGS */
export enum WdfRetrieveChildFlags {
  /** WdfRetrievePresentChildren: reported, and told to the PnP manager. */
  PresentChildren = 1,
  /** WdfRetrieveMissingChildren */
  MissingChildren = 2,
  /** WdfRetrievePendingChildren: reported, and not yet told. */
  PendingChildren = 4,
  /** WdfRetrieveAddedChildren */
  AddedChildren = 5,
  /** WdfRetrieveAllChildren */
  AllChildren = 7,
}

/**
 * Reports a child that the driver has made (WdfPdoInitAllocate, WdfDeviceCreate): the PnP manager loads a driver for it and
 * starts it, in a thread of its own, once the parent is started.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_PARAMETER for a child of another device, or a parent that is a child itself
 */
export function WdfFdoAddStaticChild(Fdo: WDFDEVICE, Child: WDFDEVICE): NtStatus {
  const m = machine();
  return ask("WdfFdoAddStaticChild", [Fdo, Child], (status): NtStatus => {
    if (status !== 0) return status;
    const buses = busesOf(m);
    const rest = { list: null, description: undefined, address: undefined, missing: false, found: true, built: false, told: false };
    buses.add({ parent: Fdo, pdo: Child, identity: buses.identity(Child), ...rest });
    buses.changed(Fdo);
    return status;
  });
}

/**
 * Changes of the children wait until WdfFdoUnlockStaticChildListFromIteration. (They wait for the end of the callback anyway.)
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFdoLockStaticChildListForIteration(Fdo: WDFDEVICE): void {
  ask("WdfFdoLockStaticChildListForIteration", [Fdo], nothing);
}

/**
 * The end of WdfFdoLockStaticChildListForIteration.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFdoUnlockStaticChildListFromIteration(Fdo: WDFDEVICE): void {
  ask("WdfFdoUnlockStaticChildListFromIteration", [Fdo], nothing);
}

/**
 * The static child after `PreviousChild`, or the first one after NULL (0), that the flags (WdfRetrieveChildFlags) want; NULL (0)
 * when there is none. Flags that say nothing are a break.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfFdoRetrieveNextStaticChild(Fdo: WDFDEVICE, PreviousChild: WDFDEVICE | 0, Flags: number): WDFDEVICE | 0 {
  const m = machine();
  return ask("WdfFdoRetrieveNextStaticChild", [Fdo, PreviousChild, Flags], (known) => {
    if (known === 0) return 0;
    const children = busesOf(m).of(Fdo).filter((child) => child.list === null && child.pdo !== 0);
    const after = PreviousChild === 0 ? 0 : children.findIndex(({ pdo }) => pdo === PreviousChild) + 1;
    return children.slice(after).find((child) => (flagOf(child) & Flags) !== 0)?.pdo ?? 0;
  });
}

function flagOf(child: Child): WdfRetrieveChildFlags {
  if (child.missing) return WdfRetrieveChildFlags.MissingChildren;
  return child.told ? WdfRetrieveChildFlags.PresentChildren : WdfRetrieveChildFlags.PendingChildren;
}
