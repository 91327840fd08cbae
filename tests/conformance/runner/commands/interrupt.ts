// Commands about interrupts.

import type { WDFINTERRUPT } from "../../../../bindings/handles";
import * as wdf from "../../../../host/ddi/interrupt";
import type { Suspendable } from "../../../../host/suspension";
import { interruptCallback } from "../kinds/interrupts";
import type { Rig, Script } from "../rig";
import type { Command } from "../script";
import { ddi } from "./common";
import { locking } from "./lock";
import type { RunCommand } from "./index";

const NOT_CONNECTED = 2;

/** `fireint I`: the service routine runs in this thread, at the level of the interrupt. */
function* fireint(rig: Rig, { words }: Command): Script {
  const head = `interrupt ${words[0]}`;
  rig.say(`-> ${head}`);
  rig.nest(1);
  const result = yield* rig.call("serviceInterrupt", rig.world.handle(words[0]));
  rig.nest(-1);
  rig.say(`<- ${head} ${result === NOT_CONNECTED ? "not connected" : truth(result !== 0)}`);
  return undefined;
}

function truth(value: boolean): string {
  return value ? "TRUE" : "FALSE";
}

/** A DDI that answers a BOOLEAN; the level goes with the call. */
function asking(name: string, run: (rig: Rig, interrupt: WDFINTERRUPT) => Suspendable<boolean> | boolean): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const interrupt = rig.world.handle(words[0]) as WDFINTERRUPT;
    const head = `${name} ${words[0]}`;
    const call = (): Suspendable<boolean> => run(rig, interrupt) as Suspendable<boolean>;
    yield* ddi(rig, `${head} irql=${rig.irql}`, call, (result) => `${head} ${truth(Boolean(result))}`);
    return undefined;
  };
}

/** A DDI that answers nothing. */
function telling(name: string, run: (interrupt: WDFINTERRUPT) => Suspendable<void>): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const interrupt = rig.world.handle(words[0]) as WDFINTERRUPT;
    const head = `${name} ${words[0]}`;
    yield* ddi(rig, head, () => run(interrupt), () => head);
    return undefined;
  };
}

function synchronize(rig: Rig, interrupt: WDFINTERRUPT): Suspendable<boolean> {
  const callback = interruptCallback(rig, "sync", "EvtInterruptSynchronize", () => true);
  return wdf.WdfInterruptSynchronize(interrupt, callback as never, 0);
}

export const INTERRUPT_COMMANDS: Record<string, RunCommand> = {
  fireint,
  intqdpc: asking("WdfInterruptQueueDpcForIsr", (_rig, interrupt) => wdf.WdfInterruptQueueDpcForIsr(interrupt)),
  intqwi: asking("WdfInterruptQueueWorkItemForIsr", (_rig, interrupt) => wdf.WdfInterruptQueueWorkItemForIsr(interrupt)),
  intsync: asking("WdfInterruptSynchronize", synchronize),
  inttrylock: asking("WdfInterruptTryToAcquireLock", (_rig, interrupt) => wdf.WdfInterruptTryToAcquireLock(interrupt)),
  intlock: locking("WdfInterruptAcquireLock", wdf.WdfInterruptAcquireLock),
  intunlock: locking("WdfInterruptReleaseLock", wdf.WdfInterruptReleaseLock),
  intenable: telling("WdfInterruptEnable", wdf.WdfInterruptEnable),
  intdisable: telling("WdfInterruptDisable", wdf.WdfInterruptDisable),
};
