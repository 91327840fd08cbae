// WdfChildList*. The descriptions are the host's (host/buses.ts).

import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { currentIrql } from "../nt/processor";
import { system, verifierOn } from "../nt/system";
import { lookup, lookupAny } from "../nt/table";
import { AttributesRule, validateAttributes } from "../wdf/attributes";
import { addChildList, callCreateChild, childListAt, createChildList, freeChildList } from "../wdf/child-list";
import { deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { objectAt } from "../wdf/object";
import { commit } from "../wdf/object-create";
import { endShortReturn } from "../wdf/straight";
import { breakPoint } from "../wdf/verifier";
import { required } from "./check";
import { requiredDevice } from "./device";

/** The attributes stand in the scratch area; the handle is the first out value. */
export function WdfChildListCreate(device: u32, evtCreateDevice: u32, evtScanForChildren: u32): i32 {
  system.out0 = 0;
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  if (verifierOn() && currentIrql() != (Irql.Passive as u32)) {
    breakPoint(FindingId.NotPassive, device, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  let status = validateAttributes(AttributesRule.ParentNotAllowed);
  if (status < 0) return status;
  const list = createChildList(at, evtCreateDevice, evtScanForChildren);
  if (list == 0) return NtStatus.InsufficientResources;
  status = commit(ObjectKind.ChildList, list, lookupAny(device), at, 0);
  if (status < 0) freeChildList(list);
  else addChildList(childListAt(list), system.out0);
  return status;
}

/** The device of a list. */
export function WdfChildListGetDevice(list: u32): u32 {
  const entry = required(list, ObjectKind.ChildList);
  return entry == 0 ? 0 : deviceAt(childListAt(objectAt(entry).body).device).handle;
}

/** The host has the descriptions: these ask for the handle only. */
export function WdfChildListAddOrUpdateChildDescriptionAsPresent(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

export function WdfChildListUpdateChildDescriptionAsMissing(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

export function WdfChildListUpdateAllChildDescriptionsAsPresent(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

export function WdfChildListBeginScan(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

export function WdfChildListEndScan(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

export function WdfChildListRetrievePdo(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

export function WdfChildListRetrieveAddressDescription(list: u32): u32 {
  return WdfChildListGetDevice(list);
}

/** EvtChildListCreateDevice for the description of that number, from inside a routine. */
export function createChild(list: u32, number: u32): i32 {
  const entry = lookup(list, ObjectKind.ChildList);
  if (entry == 0) return NtStatus.NoSuchDevice;
  endShortReturn();
  callCreateChild(childListAt(objectAt(entry).body), number);
  return settle(NtStatus.Success);
}
