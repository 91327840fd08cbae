// Callback objects: Ex*Callback, and references to executive objects.
//
// A pointer to an object that is gone, or to something else, is what it is in Windows: a page fault, hence a Stop.

import { BugCheck, DriverVerifierViolation } from "../abi/bugcheck";
import { ObjectAttribute, ObjectAttributesWord, WellKnownName } from "../abi/executive";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { Ddi } from "../abi/irql-rules";
import { Switch } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import {
  CallbackFlag,
  addRegistration,
  bootNamespace,
  callbackObjectAt,
  callbackObjectOf,
  createCallbackObject,
  registrationAt,
  releaseCallbackObject,
  systemCallback,
} from "../nt/callback-object";
import { addLeaf, leafOf, lostLeafOf, nameAt, parentOf, whyNoParent } from "../nt/namespace";
import { currentIrql } from "../nt/processor";
import { word } from "../nt/scratch";
import { bugCheck, driverVerifierStop } from "../nt/stop";
import { isOn, isStopped, system } from "../nt/system";
import { lookup } from "../nt/table";
import { callNotify, callUnregister } from "../wdf/callback-notify";
import { settle } from "../wdf/dispatch";
import { irqlAtMost } from "../wdf/irql";
import { endShortReturn } from "../wdf/straight";
import { ruleFinding } from "../wdf/verifier";

/** The object of a pointer; 0 after a Stop. */
function requiredCallback(handle: u32): usize {
  endShortReturn();
  const at = callbackObjectOf(handle);
  if (at == 0) bugCheck(BugCheck.PageFaultInNonpagedArea, handle, 0, 0, 0);
  return at;
}

/** Opens the object of the name in the scratch area, or makes it. The object's pointer is the first value beside the status. */
export function ExCreateCallback(create: u32, allowMultiple: u32): NtStatus {
  endShortReturn();
  system.out0 = 0;
  if (isStopped()) return NtStatus.Unsuccessful;
  if (currentIrql() >= (Irql.Dispatch as u32) && isOn(Switch.DriverVerifier)) {
    driverVerifierStop(DriverVerifierViolation.IrqlExPassive, 0, 0, 0);
    return NtStatus.Unsuccessful;
  }
  irqlAtMost(Ddi.ExCreateCallback, Irql.Passive);
  const syntax = word(ObjectAttributesWord.Syntax) as i32;
  if (syntax < 0) return syntax as NtStatus;
  if ((word(ObjectAttributesWord.Attributes) & ObjectAttribute.OpenLink) != 0) return NtStatus.InvalidParameter;
  if (!bootNamespace()) return NtStatus.InsufficientResources;
  return openOrCreate(create != 0, allowMultiple != 0);
}

function openOrCreate(create: bool, allowMultiple: bool): NtStatus {
  const caseless = (word(ObjectAttributesWord.Attributes) & ObjectAttribute.CaseInsensitive) != 0;
  const directory = parentOf(caseless);
  if (directory == 0) return whyNoParent(caseless);
  const leaf = leafOf(directory, caseless);
  if (leaf != 0) return nameAt(leaf).isDirectory ? occupied(create) : open(nameAt(leaf).tag, create);
  const lost = lostLeafOf(directory, caseless);
  if (lost != 0) ruleFinding(FindingId.CallbackNameLost, nameAt(lost).tag, 0);
  return create ? make(directory, allowMultiple) : NtStatus.ObjectNameNotFound;
}

/** The name stands for something that is no callback object. */
function occupied(create: bool): NtStatus {
  const openIf = (word(ObjectAttributesWord.Attributes) & ObjectAttribute.OpenIf) != 0;
  return create && !openIf ? NtStatus.ObjectNameCollision : NtStatus.ObjectTypeMismatch;
}

function open(handle: u32, create: bool): NtStatus {
  const object = callbackObjectAt(callbackObjectOf(handle));
  if (create && object.has(CallbackFlag.System)) ruleFinding(FindingId.CallbackNamedAsSystem, handle, 0);
  object.pointers++;
  system.out0 = handle;
  return NtStatus.Success;
}

/** Without OBJ_PERMANENT the name goes when the handle is closed, that is before ExCreateCallback returns. */
function make(directory: usize, allowMultiple: bool): NtStatus {
  const permanent = (word(ObjectAttributesWord.Attributes) & ObjectAttribute.Permanent) != 0;
  const flags = (permanent ? (CallbackFlag.Permanent as u32) : 0) | (allowMultiple ? (CallbackFlag.Multiple as u32) : 0);
  const at = createCallbackObject(flags);
  if (at == 0) return NtStatus.InsufficientResources;
  const object = callbackObjectAt(at);
  object.name = addLeaf(directory, object.tag);
  if (object.name != 0 && !permanent) nameAt(object.name).lost = 1;
  object.pointers = 1;
  system.out0 = object.tag;
  return NtStatus.Success;
}

/** The registration; 0 (NULL) when the object takes no other routine, or memory is short. */
export function ExRegisterCallback(handle: u32, callback: u32): u32 {
  const at = requiredCallback(handle);
  if (at == 0) return 0;
  const object = callbackObjectAt(at);
  if (object.registrations != 0 && !object.has(CallbackFlag.Multiple)) return 0;
  const registration = addRegistration(object, callback);
  return registration == 0 ? 0 : registrationAt(registration).handle;
}

/** Takes a routine off the list, once it does not run any more, and with it its reference on the object. */
export function ExUnregisterCallback(handle: u32): void {
  endShortReturn();
  const at = lookup(handle, ObjectKind.CallbackRegistration);
  if (at == 0 || registrationAt(at).leaver != 0) {
    bugCheck(BugCheck.PageFaultInNonpagedArea, handle, 0, 0, 0);
    return;
  }
  callUnregister(registrationAt(at));
  settle(0);
}

/** Calls the routines of an object, with the arguments the host keeps under that number. */
export function ExNotifyCallback(handle: u32, values: u32): void {
  if (handle == 0) return;
  const at = requiredCallback(handle);
  if (at == 0) return;
  if (callbackObjectAt(at).has(CallbackFlag.System)) ruleFinding(FindingId.CallbackNotifiedSystem, handle, 0);
  callNotify(callbackObjectAt(at), values);
  settle(0);
}

export function ObReferenceObject(handle: u32): void {
  const at = requiredCallback(handle);
  if (at == 0) return;
  callbackObjectAt(at).pointers++;
}

export function ObDereferenceObject(handle: u32): void {
  endShortReturn();
  const at = callbackObjectOf(handle);
  if (at == 0 || callbackObjectAt(at).pointers == 0) {
    bugCheck(BugCheck.ReferenceByPointer, 0, handle, 0, 0);
    return;
  }
  callbackObjectAt(at).pointers--;
  releaseCallbackObject(callbackObjectAt(at));
}

/** The system itself notifies one of its own objects, from inside a routine (a system thread). */
export function notifySystemCallback(name: u32, values: u32): void {
  endShortReturn();
  const at = systemCallback(name as WellKnownName);
  if (at != 0) callNotify(callbackObjectAt(at), values);
  settle(0);
}

/** How many routines one of the system's own objects has. */
export function systemCallbackRoutines(name: u32): u32 {
  const at = systemCallback(name as WellKnownName);
  return at == 0 ? 0 : callbackObjectAt(at).registrations;
}

/** A rule that only the host can see broken. */
export function noteRule(what: u32, first: u32, second: u32): void {
  ruleFinding(what as FindingId, first, second);
}

/** The running routine touches paged memory: a page fault above APC_LEVEL cannot be served. */
export function touchPagedMemory(address: u32, write: u32): void {
  if (currentIrql() >= (Irql.Dispatch as u32)) bugCheck(BugCheck.DriverIrqlNotLessOrEqual, address, currentIrql(), write, 0);
}
