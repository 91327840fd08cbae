// Runs commands: a script line in a thread, or the actions of a callback.

import { COMMANDS } from "./commands";
import type { Rig, Script } from "./rig";
import { parseCommand } from "./script";
import { Unsupported } from "./world";

/** What `$` and `@` stand for. */
export interface Scope {
  readonly request: string;
  readonly queue: string;
}

export function* runActions(rig: Rig, actions: readonly string[], scope: Scope): Script {
  for (const action of actions) yield* runCommand(rig, action, scope);
  return undefined;
}

/** Runs one command, with the names of the scope put in. */
export function* runCommand(rig: Rig, text: string, scope: Scope): Script {
  const command = parseCommand(text);
  const run = COMMANDS[command.name];
  if (run === undefined) throw new Unsupported(`command ${command.name}`);
  const words = command.name === "on" ? command.words : wordsInScope(command.words, scope);
  return yield* run(rig, { ...command, words, text: [command.name, ...words].join(" ") }, scope);
}

/** What follows a colon is for a request that is yet to be retrieved: `$` is that one. */
function wordsInScope(words: readonly string[], scope: Scope): string[] {
  const colon = words.findIndex((word) => word.startsWith(":"));
  return words.map((word, index) => (colon >= 0 && index >= colon ? word : inScope(word, scope)));
}

function inScope(word: string, scope: Scope): string {
  return word.replaceAll("$", scope.request).replaceAll("@", scope.queue);
}
