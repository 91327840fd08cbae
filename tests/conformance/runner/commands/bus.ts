// Commands about the device below: how it answers, and when.

import type { Rig, Script } from "../rig";
import { type Command, parseNumber } from "../script";
import type { RunCommand } from "./index";

/** `bus OPERATION MODE [STATUS [INFO]]` */
function* bus(rig: Rig, { words }: Command): Script {
  rig.bus.set(words[0], words.slice(1));
  return undefined;
}

/** `busdone R STATUS [INFO]` */
function* busdone(rig: Rig, { words }: Command): Script {
  const irp = rig.bus.find(words[0]);
  if (irp === undefined) rig.say(`?? bus does not have ${words[0]}`);
  else yield* rig.bus.complete(irp, parseNumber(words[1]), parseNumber(words[2] ?? "0"));
  return undefined;
}

/** `busany N STATUS INFO`: the pending one at N modulo their count. */
function* busany(rig: Rig, { words }: Command): Script {
  const { pending } = rig.bus;
  if (pending.length === 0) rig.say("# skip (bus has nothing)");
  else yield* rig.bus.complete(pending[parseNumber(words[0]) % pending.length], parseNumber(words[1]), parseNumber(words[2] ?? "0"));
  return undefined;
}

/** `busall STATUS INFO` */
function* busall(rig: Rig, { words }: Command): Script {
  for (let [first] = rig.bus.pending; first !== undefined; [first] = rig.bus.pending) {
    yield* rig.bus.complete(first, parseNumber(words[0]), parseNumber(words[1] ?? "0"));
  }
  return undefined;
}

export const BUS_COMMANDS: Record<string, RunCommand> = { bus, busdone, busany, busall };
