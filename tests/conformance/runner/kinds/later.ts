// `new timer`, `new dpc`, `new workitem`.

import { WdfDpcCreate } from "../../../../host/ddi/dpc";
import { WdfTimerCreate } from "../../../../host/ddi/timer";
import { WdfWorkItemCreate } from "../../../../host/ddi/work-item";
import { callback } from "../callbacks";
import type { Rig, Script } from "../rig";
import type { Options } from "../script";
import type { Kind } from "./kind";

/** EvtTimerFunc and its like: prints itself and does what the script says for it. */
function routine(rig: Rig, event: string, name: string) {
  return function* (object: number): Script {
    const who = rig.world.nameOf(object);
    return yield* callback(rig, `${name} ${who}`, `${name} ${who}`, rig.world.actionsFor(event, who), who, "");
  };
}

/** What the three have in common: `autoser`, `nofunc`, and a raw size. */
function common(rig: Rig, event: string, name: string, options: Options) {
  const size = options.number("csize");
  return {
    routine: options.flag("nofunc") ? undefined : (routine(rig, event, name) as never),
    rest: { automaticSerialization: (options.number("autoser") ?? 1) !== 0, ...(size === undefined ? {} : { size }) },
  };
}

export const LATER_KINDS: Record<string, Kind> = {
  timer: (rig, _name, options, attributes) => {
    const { routine: evtTimerFunc, rest } = common(rig, "timer", "EvtTimerFunc", options);
    const config = {
      ...rest,
      evtTimerFunc,
      period: options.number("period") ?? 0,
      tolerableDelay: options.number("tol") ?? 0,
      useHighResolutionTimer: options.flag("highres"),
    };
    return () => {
      const { status, timer } = WdfTimerCreate(config, attributes);
      return { status, handle: timer };
    };
  },
  dpc: (rig, _name, options, attributes) => {
    const { routine: evtDpcFunc, rest } = common(rig, "dpc", "EvtDpcFunc", options);
    return () => {
      const { status, dpc } = WdfDpcCreate({ ...rest, evtDpcFunc }, attributes);
      return { status, handle: dpc };
    };
  },
  workitem: (rig, _name, options, attributes) => {
    const { routine: evtWorkItemFunc, rest } = common(rig, "workitem", "EvtWorkItem", options);
    return () => {
      const { status, workItem } = WdfWorkItemCreate({ ...rest, evtWorkItemFunc: evtWorkItemFunc as never }, attributes);
      return { status, handle: workItem };
    };
  },
};
