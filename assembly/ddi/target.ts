// WdfIoTarget*: targets and their state.

import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { TargetEvent, TargetOpenWord, WdfIoTargetOpenType } from "../abi/target";
import { WdfIoTargetPurgeIoAction, WdfIoTargetSentIoAction, WdfIoTargetState } from "../abi/target";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { lookup } from "../nt/table";
import { deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { deviceOfObject, objectAt } from "../wdf/object";
import { createRemoteTarget, defaultTarget, targetAt } from "../wdf/target";
import { callTargetNotify, lowestOf } from "../wdf/target-notify";
import { purgeTarget, removeTarget, startTarget, stopTarget } from "../wdf/target-state";
import { endShortReturn } from "../wdf/straight";
import { isPassive, required } from "./check";

/** The record of a target; 0 after a Stop. */
export function requiredTarget(handle: u32): usize {
  const entry = required(handle, ObjectKind.IoTarget);
  return entry == 0 ? 0 : objectAt(entry).body;
}

export function WdfDeviceGetIoTarget(device: u32): u32 {
  const entry = required(device, ObjectKind.Device);
  if (entry == 0) return 0;
  const at = defaultTarget(deviceAt(objectAt(entry).body));
  return at == 0 ? 0 : targetAt(at).handle;
}

/** The attributes stand in the scratch area; the handle is the first out value. */
export function WdfIoTargetCreate(device: u32): i32 {
  system.out0 = 0;
  const entry = required(device, ObjectKind.Device);
  if (entry == 0) return NtStatus.InvalidHandle;
  if (!isPassive(device)) return NtStatus.InvalidDeviceRequest;
  const status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  const parent = parentOr(entry);
  if (parent == 0) return NtStatus.InvalidHandle;
  const owner = objectAt(entry).body;
  return deviceOfObject(parent) == owner ? createRemoteTarget(deviceAt(owner), parent) : NtStatus.InvalidDeviceRequest;
}

/** The callbacks stand in the scratch area. `device` 0: what is below `lower`, which is not the framework's. */
export function WdfIoTargetOpen(target: u32, type: u32, device: u32, lower: u32): i32 {
  const at = requiredTarget(target);
  if (at == 0) return NtStatus.InvalidHandle;
  if (!isPassive(target)) return NtStatus.InvalidDeviceRequest;
  const t = targetAt(at);
  const reopens = type == (WdfIoTargetOpenType.Reopen as u32);
  if (reopens && t.openType != (WdfIoTargetOpenType.ByName as u32)) return NtStatus.InvalidDeviceRequest;
  const below = lookup(device, ObjectKind.Device);
  const owner = lookup(lower, ObjectKind.Device);
  if (!reopens && below == 0 && owner == 0) return NtStatus.InvalidParameter;
  if (t.state == (WdfIoTargetState.Deleted as u32) || t.open != 0 || t.remote == 0) return NtStatus.InvalidDeviceState;
  if (!reopens) {
    t.openType = type;
    t.below = below == 0 ? 0 : objectAt(below).body;
    t.lower = owner == 0 ? t.device : objectAt(owner).body;
    t.evtQueryRemove = word(TargetOpenWord.EvtIoTargetQueryRemove);
    t.evtRemoveCanceled = word(TargetOpenWord.EvtIoTargetRemoveCanceled);
    t.evtRemoveComplete = word(TargetOpenWord.EvtIoTargetRemoveComplete);
  }
  t.open = 1;
  startTarget(t);
  return settle(NtStatus.Success);
}

export function WdfIoTargetClose(target: u32): void {
  close(target, WdfIoTargetState.Closed);
}

export function WdfIoTargetCloseForQueryRemove(target: u32): void {
  close(target, WdfIoTargetState.ClosedForQueryRemove);
}

function close(target: u32, state: WdfIoTargetState): void {
  const at = requiredTarget(target);
  if (at == 0 || !isPassive(target)) return;
  const t = targetAt(at);
  const wasOpen = t.open != 0;
  t.open = 0;
  removeTarget(t, wasOpen ? state : WdfIoTargetState.Closed);
  settle(0);
}

export function WdfIoTargetStart(target: u32): i32 {
  const at = requiredTarget(target);
  if (at == 0) return NtStatus.InvalidHandle;
  startTarget(targetAt(at));
  return settle(NtStatus.Success);
}

export function WdfIoTargetStop(target: u32, action: u32): void {
  const at = requiredTarget(target);
  if (at == 0 || action == 0 || action > (WdfIoTargetSentIoAction.LeaveSentIoPending as u32)) return;
  if (action != (WdfIoTargetSentIoAction.LeaveSentIoPending as u32) && !isPassive(target)) return;
  stopTarget(targetAt(at), action as WdfIoTargetSentIoAction);
  settle(0);
}

export function WdfIoTargetPurge(target: u32, action: u32): void {
  const at = requiredTarget(target);
  if (at == 0 || action == 0 || action > (WdfIoTargetPurgeIoAction.PurgeIo as u32)) return;
  if (action == (WdfIoTargetPurgeIoAction.PurgeIoAndWait as u32) && !isPassive(target)) return;
  purgeTarget(targetAt(at), action as WdfIoTargetPurgeIoAction);
  settle(0);
}

export function WdfIoTargetGetState(target: u32): u32 {
  const at = requiredTarget(target);
  return at == 0 ? 0 : targetAt(at).state;
}

export function WdfIoTargetGetDevice(target: u32): u32 {
  const at = requiredTarget(target);
  return at == 0 ? 0 : deviceAt(targetAt(at).device).handle;
}

/** What stands for the stack of a device, also after its removal; 0 when there is no such device. */
export function stackOfDevice(device: u32): usize {
  const entry = lookup(device, ObjectKind.Device);
  return entry == 0 ? 0 : lowestOf(objectAt(entry).body);
}

/** The PnP manager tells the remote targets that lead into a stack, from inside a routine (TargetEvent). */
export function notifyTargets(stack: usize, event: u32): i32 {
  endShortReturn();
  callTargetNotify(stack, event as TargetEvent);
  return settle(NtStatus.Success);
}
