// `new object`, `new collection`, `new string`.

import { WdfCollectionCreate } from "../../../../host/ddi/collection";
import { WdfObjectCreate } from "../../../../host/ddi/object";
import { WdfStringCreate } from "../../../../host/ddi/string";
import type { Kind } from "./kind";

const object: Kind = (_rig, _name, _options, attributes) => () => {
  const made = WdfObjectCreate(attributes);
  return { status: made.status, handle: made.object };
};

const collection: Kind = (_rig, _name, _options, attributes) => () => {
  const made = WdfCollectionCreate(attributes);
  return { status: made.status, handle: made.collection };
};

const string: Kind = (_rig, name, _options, attributes) => () => {
  const made = WdfStringCreate(name, attributes);
  return { status: made.status, handle: made.string };
};

export const GENERAL_KINDS: Record<string, Kind> = { object, collection, string };
