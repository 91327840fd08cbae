// What timers, DPCs and work items have in common: a parent somewhere below a device, a callback, and the callback lock
// under which it runs when AutomaticSerialization asks for it.
//
//   AutomaticSerialization   scope of the nearest device or queue   the parent's level          lock
//   ──────────────────────── ────────────────────────────────────── ─────────────────────────── ─────────────────────
//   FALSE                    any                                    any                         none
//   TRUE                     none                                   any                         none
//   TRUE                     device, queue                          that of the callback        that of the device or
//                                                                                               queue
//   TRUE                     device, queue                          the other one               refused: break and
//                                                                                               INCOMPATIBLE_EXECUTION_LEVEL
//
// Each keeps its parent referenced until it is disposed of.
//
// Source: FxObject::_GetEffectiveLock, FxDeviceBase::_SearchForDevice; Initialize of fxtimer.cpp, fxdpc.cpp, fxworkitem.cpp.

import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel, WdfSynchronizationScope } from "../abi/wdf";
import { system } from "../nt/system";
import { Entry, lookupAny } from "../nt/table";
import { deviceAt } from "./device";
import { ObjectFlag, deviceOfObject, kindOf, lifeAt, lifeOf, objectAt } from "./object";
import { commit } from "./object-create";
import { dereferenceObject, referenceObject } from "./object-references";
import { queueAt } from "./queue";
import { breakPoint } from "./verifier";

@unmanaged
export class Serialized {
  /** The next free record; its own kind's list. */
  nextFree: usize;
  handle: u32;
  /** Entry of the parent; 0 once it has been let go. */
  parent: usize;
  /** The parent's handle, which WdfXxxGetParentObject answers. */
  parentHandle: u32;
  callback: u32;
  /** The callback lock, or 0. */
  lock: usize;
  /** 1 from the beginning of its end on. */
  runningDown: u32;
}

/** Finds the lock. */
export function serialize(o: Serialized, parent: usize, automatic: bool, passive: bool): NtStatus {
  if (deviceOfObject(parent) == 0) return NtStatus.InvalidDeviceRequest;
  if (!automatic) return NtStatus.Success;
  const owner = constrainedAncestor(parent);
  if (owner == 0) return NtStatus.InvalidDeviceRequest;
  const lock = lockOf(owner);
  if (lock == 0) return NtStatus.Success;
  if (isPassive(parent) != passive) {
    breakPoint(FindingId.SerializationLevel, changetype<Entry>(parent).handle, 0);
    return NtStatus.WdfIncompatibleExecutionLevel;
  }
  o.lock = lock;
  return NtStatus.Success;
}

/** The nearest device or queue, from the object itself on; 0 without one. */
function constrainedAncestor(entry: usize): usize {
  for (let at = entry; at != 0; at = parentOf(at)) {
    const kind = kindOf(at);
    if (kind == (ObjectKind.Device as u32) || kind == (ObjectKind.Queue as u32)) return at;
  }
  return 0;
}

/** A request's parent is its device. */
function parentOf(entry: usize): usize {
  if (kindOf(entry) == (ObjectKind.Request as u32)) return lookupAny(deviceAt(deviceOfObject(entry)).handle);
  const life = lifeOf(entry);
  return life == 0 || lifeAt(life).parent == 0 ? 0 : lifeAt(lifeAt(life).parent).entry;
}

/** The lock of a device or queue with a synchronization scope, or 0. */
function lockOf(entry: usize): usize {
  const body = objectAt(entry).body;
  if (kindOf(entry) == (ObjectKind.Queue as u32)) return queueAt(body).callbackLock;
  const scope = deviceAt(body).synchronizationScope;
  const none = scope == (WdfSynchronizationScope.None as u32) || scope == (WdfSynchronizationScope.InheritFromParent as u32);
  return none ? 0 : changetype<usize>(deviceAt(body).lock);
}

/** IsPassiveCallbacks */
function isPassive(entry: usize): bool {
  const kind = kindOf(entry);
  if (kind == (ObjectKind.Device as u32)) {
    return deviceAt(objectAt(entry).body).executionLevel == (WdfExecutionLevel.Passive as u32);
  }
  if (kind == (ObjectKind.Queue as u32)) return queueAt(objectAt(entry).body).passiveLevel != 0;
  const life = lifeOf(entry);
  return life != 0 && (lifeAt(life).flags & (ObjectFlag.PassiveDispose as u32)) != 0;
}

/** The object of the record, which keeps its parent from now on. The handle is the first out value. */
export function commitSerialized(o: Serialized, kind: ObjectKind, parent: usize): NtStatus {
  const status = commit(kind, changetype<usize>(o), parent, 0, ObjectFlag.PassiveDispose);
  if (status < 0) return status;
  o.handle = system.out0;
  o.parent = parent;
  o.parentHandle = changetype<Entry>(parent).handle;
  referenceObject(parent);
  return status;
}

/** The end of its dispose: the parent is let go. */
export function releaseParent(o: Serialized): void {
  const parent = o.parent;
  o.parent = 0;
  o.parentHandle = 0;
  if (parent != 0) dereferenceObject(parent);
}
