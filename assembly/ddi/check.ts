// What every DDI does first: turn handles into records, or end the System as Windows would.
//
// NULL, wrong and stale handles are the Stop WDF_VIOLATION / WDF_INVALID_HANDLE (parameter 3: the wanted kind); a NULL
// pointer where one is required is WDF_REQUIRED_PARAMETER_IS_NULL. After a Stop no handle is good any more (nt/stop.ts).

import { WdfViolation } from "../abi/bugcheck";
import { ObjectKind } from "../abi/request";
import { violation } from "../nt/stop";
import { system } from "../nt/system";
import { lookup, lookupObject } from "../nt/table";
import { endShortReturn } from "../wdf/straight";

/** The body of a handle of that kind; 0 after a Stop. */
export function required(handle: u32, kind: ObjectKind): usize {
  if (system.shortReturn != 0) endShortReturn();
  const entry = lookup(handle, kind);
  return entry != 0 ? entry : invalidHandle(handle, kind);
}

function invalidHandle(handle: u32, kind: ObjectKind): usize {
  violation(WdfViolation.InvalidHandle, handle, kind);
  return 0;
}

/** The entry of a live handle of any kind; 0 after a Stop. */
export function requiredObject(handle: u32): usize {
  if (system.shortReturn != 0) endShortReturn();
  const entry = lookupObject(handle);
  if (entry == 0) violation(WdfViolation.InvalidHandle, handle, 0);
  return entry;
}

/** False, after a Stop, for a NULL pointer. */
export function requiredPointer(pointer: u32): bool {
  if (pointer != 0) return true;
  violation(WdfViolation.RequiredParameterIsNull, 0, 0);
  return false;
}
