// Commands about timers, DPCs and work items.

import * as dpc from "../../../../host/ddi/dpc";
import { WDF_REL_TIMEOUT_IN_MS } from "../../../../host/ddi/due-time";
import * as timer from "../../../../host/ddi/timer";
import * as workItem from "../../../../host/ddi/work-item";
import type { Rig, Script } from "../rig";
import { type Command, parseNumber } from "../script";
import { ddi, oneLine } from "./common";
import type { RunCommand } from "./index";

const truth = (value: boolean): string => (value ? "TRUE" : "FALSE");

/** A DDI with a BOOLEAN; `head` is what follows the object's name. */
function answering(
  name: string,
  head: (rig: Rig, words: readonly string[]) => string,
  run: (object: never, words: readonly string[]) => unknown,
): RunCommand {
  return function* (rig: Rig, { words }: Command): Script {
    const object = rig.world.handle(words[0]) as never;
    const about = `${name} ${words[0]}`;
    const detail = head(rig, words);
    yield* ddi(rig, `${about} ${detail}`.trimEnd(), () => run(object, words) as boolean, (result) => `${about} ${truth(result)}`);
    return undefined;
  };
}

const waiting = (rig: Rig, words: readonly string[]): string => `wait=${words[1]} irql=${rig.irql}`;
const wait = (words: readonly string[]): boolean => words[1] !== "0";

function* tmparent(rig: Rig, { words }: Command): Script {
  const handle = rig.world.handle(words[0]) as never;
  const line = (parent: number): string => `WdfTimerGetParentObject ${words[0]} = ${rig.world.nameOf(parent)}`;
  oneLine(rig, () => timer.WdfTimerGetParentObject(handle), line);
  return undefined;
}

function* wienq(rig: Rig, { words }: Command): Script {
  const head = `WdfWorkItemEnqueue ${words[0]}`;
  const handle = rig.world.handle(words[0]) as never;
  yield* ddi(rig, head, () => workItem.WdfWorkItemEnqueue(handle), () => head);
  return undefined;
}

function* wiflush(rig: Rig, { words }: Command): Script {
  const head = `WdfWorkItemFlush ${words[0]} irql=${rig.irql}`;
  const handle = rig.world.handle(words[0]) as never;
  yield* ddi(rig, head, () => workItem.WdfWorkItemFlush(handle) as never, () => head);
  return undefined;
}

export const LATER_COMMANDS: Record<string, RunCommand> = {
  tmstart: answering(
    "WdfTimerStart",
    (_rig, words) => words[1],
    (object, words) => timer.WdfTimerStart(object, WDF_REL_TIMEOUT_IN_MS(parseNumber(words[1]))),
  ),
  tmstop: answering("WdfTimerStop", waiting, (object, words) => timer.WdfTimerStop(object, wait(words))),
  tmparent,
  dpcenq: answering("WdfDpcEnqueue", () => "", (object) => dpc.WdfDpcEnqueue(object)),
  dpccancel: answering("WdfDpcCancel", waiting, (object, words) => dpc.WdfDpcCancel(object, wait(words))),
  wienq,
  wiflush,
};
