// What the framework calls the kinds of objects: FX_TYPE_..., a parameter of its Stops.

import { ObjectKind } from "../../../bindings/abi";

const ANY_OBJECT = 0x1000;
const FX_TYPES: Partial<Record<ObjectKind, number>> = {
  [ObjectKind.Driver]: 0x1001,
  [ObjectKind.Device]: 0x1002,
  [ObjectKind.Queue]: 0x1003,
  [ObjectKind.Request]: 0x1008,
  [ObjectKind.FileObject]: 0x1018,
};

/** The type of a kind; that of any object for 0. */
export function fxTypeOf(kind: number): number {
  return kind === 0 ? ANY_OBJECT : (FX_TYPES[kind as ObjectKind] ?? kind);
}
