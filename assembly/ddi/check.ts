// What every DDI does first: turn handles into records, or end the System as Windows would.
//
// NULL, wrong and stale handles are the Stop WDF_VIOLATION / WDF_INVALID_HANDLE (parameter 3: the wanted kind); a NULL
// pointer where one is required is WDF_REQUIRED_PARAMETER_IS_NULL. After a Stop no handle is good any more (nt/stop.ts).

import { WdfViolation } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { KernelType } from "../abi/kernel";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Dispatcher } from "../nt/dispatcher";
import { Frame } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { bugCheck, violation } from "../nt/stop";
import { system, verifierOn } from "../nt/system";
import { lookup, lookupObject } from "../nt/table";
import { isThreadBody, unhandledException } from "../wdf/invoke";
import { dispatcherOf } from "../wdf/kernel-object";
import { endShortReturn } from "../wdf/straight";
import { breakPoint } from "../wdf/verifier";

/** The body of a handle of that kind; 0 after a Stop. */
export function required(handle: u32, kind: ObjectKind): usize {
  if (system.shortReturn != 0) endShortReturn();
  const entry = lookup(handle, kind);
  return entry != 0 ? entry : invalidHandle(handle, kind);
}

/** The Stop for a handle that is not of that kind. */
export function invalidHandle(handle: u32, kind: ObjectKind): usize {
  violation(WdfViolation.InvalidHandle, handle, kind);
  return 0;
}

/** The entry of a live handle of any kind; 0 after a Stop. */
export function requiredObject(handle: u32): usize {
  if (system.shortReturn != 0) endShortReturn();
  const entry = lookupObject(handle);
  return entry != 0 ? entry : invalidHandle(handle, ObjectKind.None);
}

/** False, after a Stop, for a NULL pointer. */
export function requiredPointer(pointer: u32): bool {
  if (pointer != 0) return true;
  violation(WdfViolation.RequiredParameterIsNull, 0, 0);
  return false;
}

/**
 * The kernel object of a handle that is one of those types; 0 after a Stop. On Windows it is memory that is not what the
 * function takes it for: here always an access violation that nobody handles.
 */
export function requiredKernelObject(handle: u32, first: KernelType, last: KernelType): usize {
  if (system.shortReturn != 0) endShortReturn();
  const at = dispatcherOf(handle);
  if (at != 0) {
    const type = changetype<Dispatcher>(at).type;
    if (type >= (first as u32) && type <= (last as u32)) return at;
  }
  raise(NtStatus.AccessViolation, handle);
  return 0;
}

/** ExRaiseStatus: an exception nobody handles. */
export function raise(status: NtStatus, object: u32): void {
  const routine: u32 = system.running == 0 ? 0 : changetype<Frame>(system.running).routine;
  bugCheck(unhandledException(isThreadBody(routine)), status, object, 0, 0);
}

/** 64 bits from two words. */
export function joined(low: u32, high: u32): i64 {
  return ((low as u64) | ((high as u64) << 32)) as i64;
}

/** [V] FxVerifierCheckIrqlLevel: false, after a break, above PASSIVE_LEVEL. */
export function isPassive(handle: u32): bool {
  if (!verifierOn() || currentIrql() == (Irql.Passive as u32)) return true;
  breakPoint(FindingId.NotPassive, handle, 0);
  return false;
}
