// WdfObject*.

import { WdfViolation } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { AttributesWord } from "../abi/config";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfSynchronizationScope } from "../abi/wdf";
import { violation } from "../nt/stop";
import { word } from "../nt/scratch";
import { lookupAny } from "../nt/table";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { CallbackLock } from "../wdf/callback-lock";
import { deviceAt, deviceOf } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { callingDriver } from "../wdf/driver";
import { breakLockNotHeld } from "../wdf/invoke";
import { callLockWait } from "../wdf/lock-wait";
import { ObjectFlag, kindOf, lifeAt, lifeOf, objectAt } from "../wdf/object";
import { addContext, commit, hasContext } from "../wdf/object-create";
import { deleteObject } from "../wdf/object-life";
import { dereferenceObject, referenceObject } from "../wdf/object-references";
import { queueAt, refreshGate } from "../wdf/queue";
import { release, request } from "../wdf/request";
import { isPartOfRequest } from "../wdf/request-memory";
import { breakPoint } from "../wdf/verifier";
import { requiredObject, requiredPointer } from "./check";

/** A general object. The attributes stand in the scratch area; the handle is the first out value. */
export function WdfObjectCreate(): i32 {
  const status = validateAttributes(AttributesRule.LevelAllowed);
  if (status < 0) return status;
  const parent = parentOr(callingDriver());
  return parent == 0 ? NtStatus.InvalidHandle : commit(ObjectKind.Object, 0, parent, 0, 0);
}

export function WdfObjectDelete(handle: u32): void {
  const entry = requiredObject(handle);
  if (entry == 0) return;
  const life = lifeOf(entry);
  if (life == 0 || (lifeAt(life).flags & (ObjectFlag.NoDelete as u32)) != 0) {
    breakPoint(FindingId.CannotDelete, handle, 0);
    return;
  }
  deleteObject(entry);
  settle(0);
}

/** One more context for an object; its attributes stand in the scratch area. */
export function WdfObjectAllocateContext(handle: u32): i32 {
  if (!requiredPointer(handle)) return NtStatus.InvalidHandle;
  const entry = requiredObject(handle);
  if (entry == 0) return NtStatus.InvalidHandle;
  if (isPartOfRequest(entry)) return NtStatus.ObjectPathInvalid;
  const constraints = (AttributesRule.ScopeAllowed as u32) | AttributesRule.LevelAllowed;
  const rules = constraints | AttributesRule.Required | AttributesRule.ParentNotAllowed;
  const status = validateAttributes(rules);
  if (status < 0) return status;
  return word(AttributesWord.ContextType) == 0 ? NtStatus.ObjectNameInvalid : addContext(entry);
}

/** The host tracks references: one was dropped with a tag (a text's number) that nobody has taken. */
export function breakOnTag(object: u32, tag: u32): void {
  breakPoint(FindingId.TagNotReferenced, object, tag);
}

export function WdfObjectReference(handle: u32): void {
  if (!requiredPointer(handle)) return;
  const entry = requiredObject(handle);
  if (entry == 0) return;
  referenceObject(entry);
}

export function WdfObjectDereference(handle: u32): void {
  if (!requiredPointer(handle)) return;
  const entry = requiredObject(handle);
  if (entry == 0) return;
  dereferenceObject(entry);
  settle(0);
}

/** 1 when the object has a context of that type, which the host numbers. The contexts are the host's. */
export function WdfObjectGetTypedContext(handle: u32, type: u32): u32 {
  if (!requiredPointer(handle)) return 0;
  const entry = requiredObject(handle);
  if (entry == 0) return 0;
  if (hasContext(entry, type)) return 1;
  if (kindOf(entry) != (ObjectKind.Request as u32)) return 0;
  const device = deviceOf(request(entry));
  return device != 0 && deviceAt(device).requestContext == type ? 1 : 0;
}

/** The callback lock of a device or queue, or of a file object of a device that serializes at PASSIVE_LEVEL; else a Stop. */
function lockOf(handle: u32): usize {
  const entry = requiredObject(handle);
  if (entry == 0) return 0;
  const kind = kindOf(entry);
  if (kind == (ObjectKind.Device as u32)) return changetype<usize>(deviceAt(objectAt(entry).body).lock);
  if (kind == (ObjectKind.Queue as u32)) return queueAt(objectAt(entry).body).associatedLock;
  if (kind == (ObjectKind.FileObject as u32)) {
    const d = deviceAt(objectAt(entry).device);
    if (d.lock.passive != 0 && d.synchronizationScope == (WdfSynchronizationScope.Device as u32)) return changetype<usize>(d.lock);
  }
  breakPoint(FindingId.NoCallbackLock, handle, 0);
  violation(WdfViolation.InvalidLockOperation, handle, 0);
  return 0;
}

export function WdfObjectAcquireLock(handle: u32): void {
  const at = lockOf(handle);
  if (at == 0) return;
  const lock = changetype<CallbackLock>(at);
  if (lock.isMine) {
    violation(WdfViolation.RecursiveLock, handle, 0);
    return;
  }
  if (!lock.acquire()) callLockWait(lock);
  noteLock(handle);
  settle(0);
}

export function WdfObjectReleaseLock(handle: u32): void {
  const at = lockOf(handle);
  if (at == 0) return;
  const lock = changetype<CallbackLock>(at);
  if (!lock.isMine) {
    breakLockNotHeld(lock);
    return;
  }
  lock.release();
  noteLock(handle);
  settle(0);
}

/** A queue whose lock the driver holds defers its events even without a synchronization scope. */
function noteLock(handle: u32): void {
  const entry = lookupAny(handle);
  if (kindOf(entry) == (ObjectKind.Queue as u32)) refreshGate(queueAt(objectAt(entry).body));
}
