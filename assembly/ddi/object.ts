// WdfObject*.

import { WdfViolation } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { KIND_MASK, ObjectKind } from "../abi/request";
import { violation } from "../nt/stop";
import { Entry, lookupAny } from "../nt/table";
import { CallbackLock } from "../wdf/callback-lock";
import { endOfLife } from "../wdf/completion";
import { deviceAt, deviceOf } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { deleteQueue, dropQueueReference } from "../wdf/disposal";
import { breakLockNotHeld } from "../wdf/invoke";
import { callLockWait } from "../wdf/lock-wait";
import { objectAt } from "../wdf/object";
import { queueAt, refreshGate } from "../wdf/queue";
import { isReferencedByDriver, reference, release, request } from "../wdf/request";
import { breakPoint } from "../wdf/verifier";
import { requiredPointer } from "./check";

/** The entry of a live handle of any kind; 0 after a Stop. */
function requiredAny(handle: u32): usize {
  const entry = lookupAny(handle);
  if (entry == 0) violation(WdfViolation.InvalidHandle, handle, 0);
  return entry;
}

function kindOf(entry: usize): u32 {
  return changetype<Entry>(entry).bits & KIND_MASK;
}

export function WdfObjectDelete(handle: u32): void {
  const entry = requiredAny(handle);
  if (entry == 0) return;
  if (kindOf(entry) != (ObjectKind.Queue as u32) || queueAt(objectAt(entry).body).undeletable != 0) {
    breakPoint(FindingId.CannotDelete, handle, 0);
    return;
  }
  deleteQueue(queueAt(objectAt(entry).body));
  settle(0);
}

export function WdfObjectReference(handle: u32): void {
  if (!requiredPointer(handle)) return;
  const entry = requiredAny(handle);
  if (entry == 0) return;
  if (kindOf(entry) == (ObjectKind.Request as u32)) reference(request(entry));
  else objectAt(entry).references++;
}

export function WdfObjectDereference(handle: u32): void {
  if (!requiredPointer(handle)) return;
  const entry = requiredAny(handle);
  if (entry == 0) return;
  if (!dropReference(entry)) {
    violation(WdfViolation.ObjectError, handle, 0);
    return;
  }
  settle(0);
}

/** False, and nothing done, when the driver holds none: what an object is born with is dropped by its end alone. */
function dropReference(entry: usize): bool {
  switch (kindOf(entry)) {
    case ObjectKind.Request as u32: {
      const r = request(entry);
      if (!isReferencedByDriver(r)) return false;
      if (release(r)) endOfLife(r);
      return true;
    }
    case ObjectKind.Queue as u32:
      return dropQueueReference(queueAt(objectAt(entry).body));
    default: {
      if (objectAt(entry).references == 1) return false;
      objectAt(entry).references--;
      return true;
    }
  }
}

/** The device of a request; 0 for other objects, whose contexts are their own. The contexts are the host's. */
export function WdfObjectGetTypedContext(handle: u32): u32 {
  const entry = requiredAny(handle);
  if (entry == 0 || kindOf(entry) != (ObjectKind.Request as u32)) return 0;
  const device = deviceOf(request(entry));
  return device == 0 ? 0 : deviceAt(device).handle;
}

/** The callback lock of a device or queue; 0 after a Stop for any other object. */
function lockOf(handle: u32): usize {
  const entry = requiredAny(handle);
  if (entry == 0) return 0;
  const kind = kindOf(entry);
  if (kind == (ObjectKind.Device as u32)) return changetype<usize>(deviceAt(objectAt(entry).body).lock);
  if (kind == (ObjectKind.Queue as u32)) return queueAt(objectAt(entry).body).associatedLock;
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
