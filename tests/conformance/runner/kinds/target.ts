// `new request [target=T]`, `new target`.

import { WdfRequestCreate } from "../../../../host/ddi/request-send";
import { WdfIoTargetCreate } from "../../../../host/ddi/target";
import { objectCallback } from "../callbacks";
import { targetOf } from "../commands/target";
import type { Kind } from "./kind";

export const TARGET_KINDS: Record<string, Kind> = {
  request: (rig, _name, options, attributes) => {
    const target = options.text("target");
    const told = attributes && { evtDestroyCallback: objectCallback(rig, "Destroy", "") as never, ...attributes };
    return () => {
      const { status, request } = WdfRequestCreate(told, target === undefined ? undefined : targetOf(rig, target));
      return { status, handle: request };
    };
  },
  target: (rig, _name, _options, attributes) => () => {
    const { status, target } = WdfIoTargetCreate(rig.world.device, attributes);
    return { status, handle: target };
  },
};
