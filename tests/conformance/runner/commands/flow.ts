// Commands about the script itself: settings, actions, conditions, levels.

import type { Rig, Script } from "../rig";
import { runCommand, type Scope } from "../run";
import { type Command, parseNumber, splitActions } from "../script";
import { Unsupported } from "../world";
import type { RunCommand } from "./index";
import { finish, unmarkFirst } from "./request";

/** The events of `on`, one line for each family. */
const EVENT_NAMES = [
  "read write ioctl intioctl default stop resume canceledonqueue ready state",
  "cancel incaller timer dpc workitem filecreate filecleanup fileclose",
  "cleanup destroy",
  "isr intdpc intworkitem enable disable sync",
  "sent",
];
const EVENTS = new Set(EVENT_NAMES.flatMap((names) => names.split(" ")));
const ANSWERS = new Set(["examine", "allocres", "reqres", "enablestatus", "isrfalse"]);

/** `on OWNER EVENT ACTION; ACTION ...` */
function* on(rig: Rig, { words }: Command): Script {
  const [owner, event, ...rest] = words;
  if (event === "isrfalse") rig.world.setAnswer(owner, event, 0);
  else if (ANSWERS.has(event)) rig.world.setAnswer(owner, event, answerOf(event, rest[0]));
  else if (!EVENTS.has(event)) throw new Unsupported(`event ${event}`);
  else rig.world.setActions(owner, event, splitActions(rest.join(" ")));
  return undefined;
}

function answerOf(event: string, text: string): number {
  return parseNumber(/^0x/i.test(text) ? text : answerText(event, text));
}

/** Statuses are given in hexadecimal without 0x, actions as numbers. */
function answerText(event: string, text: string): string {
  return event === "examine" ? text : `0x${text}`;
}

function* print(rig: Rig, { words }: Command): Script {
  rig.say(`# ${words.join(" ")}`);
  return undefined;
}

/** `do A; B; C`: several commands in one thread. */
function* doAll(rig: Rig, { words }: Command, scope: Scope): Script {
  for (const action of splitActions(words.join(" "))) yield* runCommand(rig, action, scope);
  return undefined;
}

/** `at IRQL COMMAND` */
function* at(rig: Rig, { words }: Command, scope: Scope): Script {
  const before = rig.machine.exports.setLevel(parseNumber(words[0]));
  yield* runCommand(rig, words.slice(1).join(" "), scope);
  rig.machine.exports.setLevel(before);
  return undefined;
}

function* irql(rig: Rig, { words }: Command): Script {
  rig.machine.exports.setLevel(parseNumber(words[0]));
  return undefined;
}

function* nothing(): Script {
  return undefined;
}

/** `iff REQ CMD`: only if the driver owns REQ. */
function* iff(rig: Rig, { words, text }: Command, scope: Scope): Script {
  if (!rig.world.requests.get(words[0])?.owned) rig.say(`# skip (not owned): ${text}`);
  else yield* runCommand(rig, words.slice(1).join(" "), { ...scope, request: words[0] });
  return undefined;
}

/** `rel REQ CMD`: likewise, unmarked first. */
function* rel(rig: Rig, { words, text }: Command, scope: Scope): Script {
  if (!rig.world.requests.get(words[0])?.owned) {
    rig.say(`# skip (not owned): ${text}`);
  } else if (yield* unmarkFirst(rig, words[0])) {
    rig.say("# rel: left to the cancel callback");
  } else {
    yield* runCommand(rig, words.slice(1).join(" "), { ...scope, request: words[0] });
  }
  return undefined;
}

/** `finish REQ STATUS INFO`: completes REQ if the driver owns it. */
function* finishCommand(rig: Rig, { words, text }: Command): Script {
  if (!rig.world.requests.get(words[0])?.owned) rig.say(`# skip (not owned): ${text}`);
  else yield* finish(rig, words[0], parseNumber(words[1]), parseNumber(words[2] ?? "0"));
  return undefined;
}

function* lowmem(rig: Rig, { words }: Command): Script {
  rig.machine.exports.setLowMemory(parseNumber(words[0]));
  return undefined;
}

export const FLOW_COMMANDS: Record<string, RunCommand> = {
  on,
  print,
  do: doAll,
  at,
  irql,
  iff,
  rel,
  finish: finishCommand,
  lowmem,
  verifier: nothing,
  pend: nothing,
};
