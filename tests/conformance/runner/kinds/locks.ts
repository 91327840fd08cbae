// `new spinlock`, `new waitlock`.

import { WdfSpinLockCreate, WdfWaitLockCreate } from "../../../../host/ddi/lock";
import type { Kind } from "./kind";

export const LOCK_KINDS: Record<string, Kind> = {
  spinlock: (_rig, _name, _options, attributes) => () => {
    const { status, lock } = WdfSpinLockCreate(attributes);
    return { status, handle: lock };
  },
  waitlock: (_rig, _name, _options, attributes) => () => {
    const { status, lock } = WdfWaitLockCreate(attributes);
    return { status, handle: lock };
  },
};
