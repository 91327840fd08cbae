// WdfMemory*, WdfLookasideList*. The bytes are the host's: what is checked here is copied there.

import { DriverVerifierViolation, WdfViolation } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { Switch } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { PoolType } from "../abi/wdf";
import { currentIrql } from "../nt/processor";
import { driverVerifierStop, violation } from "../nt/stop";
import { isOn, system, verifierOn } from "../nt/system";
import { AttributesRule, parentAsked, parentOr, validateAttributes } from "../wdf/attributes";
import {
  MemoryFlag,
  checkCopyIn,
  checkCopyOut,
  createLookaside,
  createMemory,
  freeLookaside,
  freeMemory,
  keepAttributes,
  lookasideAt,
  memoryAt,
  mayTouch,
  memoryOf,
  useAttributes,
  swapAttributes,
} from "../wdf/memory";
import { callingDriver } from "../wdf/driver";
import { ObjectFlag, deviceOfObject, objectAt } from "../wdf/object";
import { commit } from "../wdf/object-create";
import { referenceObject } from "../wdf/object-references";
import { breakPoint } from "../wdf/verifier";
import { required, requiredPointer } from "./check";

/** The attributes stand in the scratch area; the handle is the first out value. */
export function WdfMemoryCreate(pool: u32, size: u32): i32 {
  if (isPaged(pool) && !verifyLevel(Irql.Apc)) return NtStatus.InvalidDeviceRequest;
  if (size == 0) return NtStatus.InvalidParameter;
  const status = validateAttributes(AttributesRule.None);
  return status < 0 ? status : create(size, MemoryFlag.None, isPaged(pool), 0);
}

/** `buffer`: whether the caller gave one. */
export function WdfMemoryCreatePreallocated(buffer: u32, size: u32): i32 {
  if (!requiredPointer(buffer)) return NtStatus.InvalidParameter;
  if (size == 0) return NtStatus.InvalidParameter;
  const status = validateAttributes(AttributesRule.None);
  return status < 0 ? status : create(size, MemoryFlag.Preallocated, false, 0);
}

function isPaged(pool: u32): bool {
  return (pool & 1) == (PoolType.Paged as u32);
}

/** [V] FxVerifierCheckIrqlLevel: false, after a break, above that level. */
function verifyLevel(highest: Irql): bool {
  if (!verifierOn() || currentIrql() <= (highest as u32)) return true;
  breakPoint(highest == Irql.Apc ? FindingId.PagedAboveApc : FindingId.NotPassive, 0, 0);
  return false;
}

/** [DV] Paged pool is allocated up to APC_LEVEL: ExAllocatePool stops. */
function mayAllocatePaged(size: u32): bool {
  if (currentIrql() <= (Irql.Apc as u32) || !isOn(Switch.DriverVerifier)) return true;
  driverVerifierStop(DriverVerifierViolation.AllocatePagedTooHigh, currentIrql(), PoolType.Paged, size);
  return false;
}

/** Makes the object with the attributes in the scratch area. */
function create(size: u32, flags: u32, paged: bool, lookaside: usize): NtStatus {
  const parent = parentOr(callingDriver());
  if (parent == 0) return NtStatus.InvalidHandle;
  if (paged && !mayAllocatePaged(size)) return NtStatus.InsufficientResources;
  const body = createMemory(size, paged ? flags | (MemoryFlag.Paged as u32) : flags);
  if (body == 0) return NtStatus.InsufficientResources;
  const status = commit(ObjectKind.Memory, body, parent, 0, paged ? ObjectFlag.PassiveDispose : ObjectFlag.None);
  if (status < 0) {
    freeMemory(memoryAt(body));
  } else if (lookaside != 0) {
    memoryAt(body).lookaside = lookaside;
    referenceObject(lookaside);
  }
  return status;
}

/** Bytes of the buffer, which is the host's. */
export function WdfMemoryGetBuffer(memory: u32): u32 {
  const entry = required(memory, ObjectKind.Memory);
  return entry == 0 ? 0 : memoryOf(entry).size;
}

/** Parameter 3 of the Stop for a page fault. */
const READ: u32 = 0;
const WRITE: u32 = 1;

/** `buffer`: whether the caller gave one. */
export function WdfMemoryCopyToBuffer(memory: u32, offset: u32, buffer: u32, length: u32): i32 {
  const entry = required(memory, ObjectKind.Memory);
  if (entry == 0 || !requiredPointer(buffer)) return NtStatus.InvalidParameter;
  if (length == 0) return NtStatus.InvalidParameter;
  const status = checkCopyOut(memoryOf(entry), offset, length);
  return status >= 0 && !mayTouch(memoryOf(entry), memory, READ) ? NtStatus.Unsuccessful : status;
}

/** `buffer`: whether the caller gave one. */
export function WdfMemoryCopyFromBuffer(memory: u32, offset: u32, buffer: u32, length: u32): i32 {
  const entry = required(memory, ObjectKind.Memory);
  if (entry == 0 || !requiredPointer(buffer) || length == 0) return NtStatus.InvalidParameter;
  const m = memoryOf(entry);
  if ((m.flags & (MemoryFlag.ReadOnly as u32)) == 0) {
    const status = checkCopyIn(m, offset, length);
    return status >= 0 && !mayTouch(m, memory, WRITE) ? NtStatus.Unsuccessful : status;
  }
  breakPoint(FindingId.MemoryIsReadOnly, memory, 0);
  return NtStatus.AccessViolation;
}

/** FX_TYPE_MEMORY_PREALLOCATED: what parameter 3 of the Stop says when memory of another kind was given. */
const PREALLOCATED_TYPE: u32 = 0x1022;

/** `buffer`: whether the caller gave one. */
export function WdfMemoryAssignBuffer(memory: u32, buffer: u32, size: u32): i32 {
  const entry = required(memory, ObjectKind.Memory);
  if (entry == 0) return NtStatus.InvalidHandle;
  const m = memoryOf(entry);
  if ((m.flags & (MemoryFlag.Preallocated as u32)) == 0) {
    violation(WdfViolation.InvalidHandle, memory, PREALLOCATED_TYPE);
    return NtStatus.InvalidHandle;
  }
  if (!requiredPointer(buffer) || size == 0) return NtStatus.InvalidParameter;
  m.size = size;
  return NtStatus.Success;
}

/**
 * The attributes of the list stand in the scratch area, those of its memory where the structure of other DDIs stands.
 * The handle is the first out value.
 */
export function WdfLookasideListCreate(size: u32, pool: u32): i32 {
  if (size == 0) return NtStatus.InvalidParameter;
  let status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  const parent = parentOr(callingDriver());
  if (parent == 0) return NtStatus.InvalidHandle;
  const device = deviceOfParent();
  const body = createLookaside(size, isPaged(pool));
  if (body == 0) return NtStatus.InsufficientResources;
  swapAttributes();
  status = validateAttributes(AttributesRule.None);
  if (status >= 0 && isPaged(pool)) status = checkPaged(device, deviceOfParent());
  keepAttributes(lookasideAt(body));
  swapAttributes();
  if (status >= 0) {
    status = commit(ObjectKind.Lookaside, body, parent, 0, isPaged(pool) ? ObjectFlag.PassiveDispose : ObjectFlag.None);
  }
  if (status < 0) freeLookaside(lookasideAt(body));
  return status;
}

/** The device of the parent that the attributes name, 0 without one. */
function deviceOfParent(): usize {
  const entry = parentAsked() == 0 ? 0 : parentOr(0);
  return entry == 0 ? 0 : deviceOfObject(entry);
}

/** A paged list: PASSIVE_LEVEL [V], and list and memory of one device. */
function checkPaged(ofList: usize, ofMemory: usize): NtStatus {
  if (!verifyLevel(Irql.Passive)) return NtStatus.InvalidDeviceRequest;
  return ofList != 0 && ofMemory != 0 && ofList != ofMemory ? NtStatus.InvalidParameter : NtStatus.Success;
}

/** The handle is the first out value, the size of its buffer the second. */
export function WdfMemoryCreateFromLookaside(lookaside: u32): i32 {
  const entry = required(lookaside, ObjectKind.Lookaside);
  if (entry == 0) return NtStatus.InvalidHandle;
  const list = lookasideAt(objectAt(entry).body);
  useAttributes(list);
  const status = create(list.size, MemoryFlag.None, list.paged != 0, entry);
  system.out1 = list.size;
  return status;
}
