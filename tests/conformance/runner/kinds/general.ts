// `new object`.

import { WdfObjectCreate } from "../../../../host/ddi/object";
import type { Kind } from "./kind";

export const GENERAL_KINDS: Record<string, Kind> = {
  object: (_rig, _name, _options, attributes) => () => {
    const { status, object } = WdfObjectCreate(attributes);
    return { status, handle: object };
  },
};
