// Plays one scenario and answers its trace.

import { Invariant } from "../../../bindings/abi";
import { BugCheckError } from "../../../host/errors";
import { advance } from "./clock";
import { Rig } from "./rig";
import { runCommand } from "./run";
import { scriptLines } from "./script";
import { Unsupported } from "./world";

/** The trace, or why the scenario was not played. */
export type Outcome = { readonly trace: string } | { readonly skipped: string };

const TOP: Record<string, (rig: Rig) => void> = {
  nopump: (rig) => {
    rig.world.pumping = false;
  },
  autopump: (rig) => {
    rig.world.pumping = true;
    rig.pump();
  },
  pump: (rig) => rig.pump(),
};

/** What is done by the script itself, not in a thread. */
function topLevel(text: string): ((rig: Rig) => void) | undefined {
  const [name, ms] = text.split(/\s+/);
  return name === "advance" ? (rig) => advance(rig, Number(ms)) : TOP[text];
}

export function play(module: WebAssembly.Module, script: string): Outcome {
  const lines = scriptLines(script);
  const rig = new Rig(module, lines.some(({ text }) => text === "verifier on"));
  try {
    for (const { line, text } of lines) {
      rig.transcript.echo(text);
      const top = topLevel(text);
      if (top !== undefined) top(rig);
      else rig.runLine(line, () => runCommand(rig, text, { request: "", queue: "" }));
    }
    checkRecords(rig);
    end(rig);
  } catch (error) {
    if (error instanceof BugCheckError && !(error.cause instanceof Unsupported)) {
      if (error.cause !== undefined) throw error;
      rig.bugCheck(error);
      rig.transcript.note("END bugcheck");
    } else {
      return skip(error);
    }
  }
  return { trace: rig.transcript.toString() };
}

function skip(error: unknown): Outcome {
  const cause = error instanceof BugCheckError ? error.cause : error;
  if (cause instanceof Unsupported) return { skipped: cause.message };
  throw error;
}

/** Whatever the scenario did, the core's records fit together. */
function checkRecords({ machine }: Rig): void {
  const broken = machine.exports.checkInvariants();
  if (broken !== 0) throw new Error(`the scenario leaves the core with ${Invariant[broken]}`);
}

/** What is left over: requests in order of creation, then parked threads. */
function end(rig: Rig): void {
  for (const name of rig.world.live.values()) rig.transcript.note(`END pending ${name}`);
  for (const line of rig.blocked) rig.transcript.note(`END blocked L${line}`);
  rig.transcript.note("END");
}
