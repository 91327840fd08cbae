// The choice tape: what decided a run where it was open, and decides it again.
//
//   tape    one byte for each choice: which of the alternatives went on, modulo their number
//   token   the tape as text: "t1." and the bytes in base64url, without the zeros at the end
//
// Alternative 0 is what happens without choices: what has waited longest goes on, nothing is preempted. So the empty tape
// is the plain run, and a tape cut short or with zeros put in is a simpler one.

import { ChoicePolicy, TRAIL_CHOICES } from "../bindings/abi";
import type { Core } from "../bindings/core";
import { ProtocolError } from "./errors";
import { fromBase64, toBase64 } from "./base64";

/** Who decides: a tape (then always alternative 0), or random numbers from a seed. */
export interface ChoiceOptions {
  /** A token of {@link Choices.token}, or the bytes themselves. */
  readonly tape?: string | Uint8Array;
  /** Where the tape has ended, pseudo-random choices with this seed. */
  readonly random?: number;
  /** Whether an allocation fails is a choice too. */
  readonly allocationsMayFail?: boolean;
}

/** The choices of a System that is made so; null when it makes none. */
export function choicesOf(core: Core, options: ChoiceOptions): Choices | null {
  if (options.tape !== undefined || options.random !== undefined) return new Choices(core, options);
  if (!options.allocationsMayFail) return null;
  throw new ProtocolError("allocationsMayFail is for runs that make choices: give a `tape` or `random` as well");
}

const VERSION = "t1.";

export class Choices {
  private readonly core: Core;

  constructor(core: Core, { tape, random, allocationsMayFail = false }: ChoiceOptions) {
    this.core = core;
    if (random !== undefined && !Number.isInteger(random)) throw new ProtocolError(`random must be a whole number, not ${random}`);
    const bytes = typeof tape === "string" ? tapeOf(tape) : (tape ?? new Uint8Array(0));
    const policy = random === undefined ? ChoicePolicy.Fifo : ChoicePolicy.Random;
    const address = core.exports.makeChoices(policy, random ?? 0, bytes.length);
    core.grow();
    core.bytes.set(bytes, address);
    if (allocationsMayFail) core.exports.chooseAllocations();
  }

  /** How many choices of more than one alternative the run has met. */
  get made(): number {
    return this.core.exports.choicesMade();
  }

  /** What was chosen so far, a byte for each choice: the tape that gives this run again. */
  get tape(): Uint8Array {
    return this.trail(0);
  }

  /** How many alternatives each choice had. */
  get offered(): Uint8Array {
    return this.trail(1);
  }

  /** The tape as text, to be printed with a failure and given to `System.create({ tape })`. */
  get token(): string {
    return tokenOf(this.tape);
  }

  private trail(which: 0 | 1): Uint8Array {
    const { core, made } = this;
    const memory = core.bytes;
    const bytes = new Uint8Array(made);
    let piece = core.exports.trail();
    for (let at = 0; at < made; at++) {
      if (at > 0 && at % TRAIL_CHOICES === 0) piece = core.word(piece);
      bytes[at] = memory[piece + 4 + (at % TRAIL_CHOICES) * 2 + which];
    }
    return bytes;
  }
}

/** A tape as text. */
export function tokenOf(tape: Uint8Array): string {
  let length = tape.length;
  while (length > 0 && tape[length - 1] === 0) length--;
  const text = toBase64(tape.subarray(0, length));
  return VERSION + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The tape a token stands for. */
export function tapeOf(token: string): Uint8Array {
  if (!/^t1\.[\w-]*$/.test(token)) throw new ProtocolError(`${JSON.stringify(token)} is no choice tape: one begins with "${VERSION}"`);
  return fromBase64(token.slice(VERSION.length).replaceAll("-", "+").replaceAll("_", "/"));
}
