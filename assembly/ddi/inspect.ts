// Inspectors: facts for hosts, tests and reports. They change nothing.

import { Leak } from "../abi/leak";
import { ObjectKind, RequestBits } from "../abi/request";
import { Deadline, momentOf, nextDeadline } from "../nt/deadline";
import { currentIrql } from "../nt/processor";
import { system } from "../nt/system";
import { lookup, lookupAny, lookupObject } from "../nt/table";
import { currentThread } from "../nt/thread";
import { firstViolation } from "../wdf/invariants";
import { leakAfter, leakOf, referencesOf } from "../wdf/leaks";
import { kindOf } from "../wdf/object";
import { request } from "../wdf/request";

/** Objects that exist: drivers, devices, queues, requests. */
export function liveObjects(): u32 {
  return system.tableHigh - 1 - system.freeCount;
}

/** The next leaked object (wdf/leaks.ts) after that of the handle given, 0 to begin with; 0 when there is none. */
export function nextLeak(handle: u32): u32 {
  return leakAfter(handle);
}

/** Why an object is leaked: a Leak. */
export function leakReason(handle: u32): u32 {
  const entry = lookupObject(handle);
  return entry == 0 ? Leak.None : leakOf(entry);
}

/** ObjectKind of a live object; 0 for what is none. */
export function objectKind(handle: u32): u32 {
  const entry = lookupAny(handle);
  return entry == 0 ? ObjectKind.None : kindOf(entry);
}

/** How many references hold an object. */
export function objectReferences(handle: u32): u32 {
  const entry = lookupObject(handle);
  return entry == 0 ? 0 : referencesOf(entry);
}

/** KeGetCurrentIrql */
export function currentLevel(): u32 {
  return currentIrql();
}

/** PsGetCurrentProcessId */
export function currentProcess(): u32 {
  return currentThread().processId;
}

/** Where unused memory begins. */
export function memoryUsed(): usize {
  return system.bump;
}

/** 0, or the Invariant (abi/invariant.ts) that the records break. For tests, while no framework code runs. */
export function checkInvariants(): u32 {
  return firstViolation();
}

/** 1 when something is due one day: out values 0 and 1 are the moment of the next deadline, low and high. */
export function nextMoment(): u32 {
  const at = nextDeadline();
  if (at == 0) return 0;
  const moment = momentOf(changetype<Deadline>(at));
  system.out0 = moment as u32;
  system.out1 = (moment >> 32) as u32;
  return 1;
}

/** 1 while a cancellation of the request would be, or is going to be, told to its cancel routine. */
export function isMarkedCancelable(handle: u32): u32 {
  const at = lookup(handle, ObjectKind.Request);
  return at != 0 && request(at).has((RequestBits.Cancelable as u32) | RequestBits.CancelDue) ? 1 : 0;
}
