// Objects that outlive what they were for, in words. What counts as leaked is the core's to say (assembly/wdf/leaks.ts).

import { Leak, ObjectKind } from "../bindings/abi";
import type { Machine } from "./machine";

/** An object that outlives what it was for. */
export interface LeakedObject {
  readonly handle: number;
  /** What traces call it. */
  readonly name: string;
  /** WDFMEMORY, WDFOBJECT, ... */
  readonly type: string;
  /** Where the driver made it, as FILE:LINE:COLUMN; empty where that is not known. */
  readonly created: string;
  readonly reason: string;
}

const TYPES: Partial<Record<ObjectKind, string>> = { [ObjectKind.FileObject]: "WDFFILEOBJECT", [ObjectKind.Object]: "WDFOBJECT" };

/** WDFMEMORY for ObjectKind.Memory. */
export function typeName(kind: ObjectKind): string {
  return TYPES[kind] ?? `WDF${ObjectKind[kind].toUpperCase()}`;
}

/** All leaked objects, in the order of their places in the handle table. */
export function leaksOf(m: Machine): LeakedObject[] {
  const leaks: LeakedObject[] = [];
  for (let handle = m.exports.nextLeak(0); handle !== 0; handle = m.exports.nextLeak(handle)) {
    leaks.push({
      handle,
      name: m.names.name(handle),
      type: typeName(m.exports.objectKind(handle)),
      created: m.origins.of(handle),
      reason: reasonOf(m, handle),
    });
  }
  return leaks;
}

function reasonOf(m: Machine, handle: number): string {
  if (m.exports.leakReason(handle) === Leak.Forgotten) {
    return "it belongs to the driver, which has no device any more: delete it, or give it a parent that ends with the device";
  }
  const count = m.exports.objectReferences(handle);
  const held = m.contents.tags.heldOf(handle).map((one) => ` (${one})`).join("");
  return `it was deleted, but ${count} ${count === 1 ? "reference is" : "references are"} left: WdfObjectDereference is missing${held}`;
}

/** "m3 (WDFMEMORY), made at driver.ts:12:5: it was deleted, but ..." */
export function describeLeak({ name, type, created, reason }: LeakedObject): string {
  return `${name} (${type})${created === "" ? "" : `, made at ${created}`}: ${reason}`;
}
