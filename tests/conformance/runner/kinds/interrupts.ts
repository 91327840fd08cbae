// `new interrupt`.

import { WdfTriState } from "../../../../bindings/abi";
import type { WDFINTERRUPT, WDFSPINLOCK, WDFWAITLOCK } from "../../../../bindings/handles";
import { WdfInterruptCreate } from "../../../../host/ddi/interrupt";
import { callback } from "../callbacks";
import type { Rig, Script } from "../rig";
import type { Kind } from "./kind";

/** A routine of the interrupt that prints itself and does what the script says. */
export function interruptCallback(rig: Rig, event: string, name: string, answer: (interrupt: string) => number | boolean) {
  return function* (handle: WDFINTERRUPT, message: number): Script {
    const interrupt = rig.world.nameOf(handle);
    const detail = event === "isr" ? ` msg=${message}` : "";
    const actions = rig.world.actionsFor(event, interrupt);
    yield* callback(rig, `${name} ${interrupt}${detail}`, `${name} ${interrupt}`, actions, "", "");
    return answer(interrupt);
  };
}

export const INTERRUPT_KINDS: Record<string, Kind> = {
  interrupt: (rig, _name, options, attributes) => {
    const lock = (option: string): number => (options.text(option) === undefined ? 0 : rig.world.handle(options.text(option)!));
    const inactive = options.number("inactive");
    const routine = (event: string, name: string): never => interruptCallback(rig, event, name, () => 0) as never;
    const config = {
      evtInterruptIsr: options.flag("noisr")
        ? undefined
        : (interruptCallback(rig, "isr", "EvtInterruptIsr", (i) => rig.world.answerFor(i, "isrfalse", 1)) as never),
      evtInterruptDpc: options.flag("dpc") ? routine("intdpc", "EvtInterruptDpc") : undefined,
      evtInterruptWorkItem: options.flag("workitem") ? routine("intworkitem", "EvtInterruptWorkItem") : undefined,
      evtInterruptEnable: interruptCallback(rig, "enable", "EvtInterruptEnable", (i) => rig.world.answerFor(i, "enablestatus", 0)) as never,
      evtInterruptDisable: routine("disable", "EvtInterruptDisable"),
      automaticSerialization: options.number("autoser") === 1,
      passiveHandling: options.flag("passive"),
      spinLock: lock("spin") as WDFSPINLOCK,
      waitLock: lock("wait") as WDFWAITLOCK,
      canWakeDevice: options.flag("canwake"),
      ...(inactive === undefined ? {} : { reportInactiveOnPowerDown: inactive as WdfTriState }),
    };
    return () => {
      const { status, interrupt } = WdfInterruptCreate(rig.world.device, config, attributes);
      if (status >= 0) rig.world.interrupts++;
      return { status, handle: interrupt };
    };
  },
};
