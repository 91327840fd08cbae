// The virtual clock of a System. It stands still while drivers and applications run; only what is here moves it.
//
//   advance(ms)               on by that much: timers expire and waits time out in due order; after each, whatever is
//                             ready runs, and reads the clock at the moment of its deadline
//   run({ autoAdvance })      on to the next deadline, again and again, each time nothing is left to run. Between two
//                             deadlines applications have their turn: what they await has been delivered
//
// Time is kept in units of 100 ns; people and this file speak of milliseconds.

import { WINDOW_OUT, WORD_CLOCK } from "../bindings/abi";
import { dueWords } from "./ddi/due-time";
import { ProtocolError } from "./errors";
import type { InputLog } from "./log";
import type { Machine } from "./machine";
import type { Turns } from "./turns";

/** How {@link System.run} goes on when nothing is ready. */
export interface RunSettings {
  /** Go to the next deadline when nothing is ready. Without it the clock stands still. @defaultValue false */
  autoAdvance?: boolean;
  /** Where to end: a moment in milliseconds, or something that is awaited. Without it, when nothing is due any more. */
  until?: number | Promise<unknown>;
}

const UNITS_PER_MS = 10_000;
const HIGH = 2 ** 32;
/** From the first of January 1601 to that of 1970. */
const MS_FROM_1601 = 11_644_473_600_000;
/** Deadlines that `run` goes through before it asks for an end. */
const DEADLINES_MAX = 1_000_000;
/** Awaits on top of each other through which an application hears of a completion before the clock moves on. */
const AWAITS_MAX = 64;

export class Clock {
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly log: InputLog | null;

  constructor(machine: Machine, turns: Turns, log: InputLog | null) {
    this.machine = machine;
    this.turns = turns;
    this.log = log;
  }

  /** Milliseconds since the start of the System. */
  get now(): number {
    return this.units / UNITS_PER_MS;
  }

  private get units(): number {
    const { words } = this.machine.core;
    return (words[WORD_CLOCK] >>> 0) + (words[WORD_CLOCK + 1] >>> 0) * HIGH;
  }

  /** The moment of the next deadline in milliseconds, undefined without one. */
  get next(): number | undefined {
    const { core, exports } = this.machine;
    if (exports.nextMoment() === 0) return undefined;
    return ((core.word(WINDOW_OUT) >>> 0) + (core.word(WINDOW_OUT + 4) >>> 0) * HIGH) / UNITS_PER_MS;
  }

  /** Lets that many milliseconds pass. */
  advance(ms: number): void {
    if (!(ms >= 0) || !Number.isFinite(ms)) throw new ProtocolError(`advance takes a number of milliseconds from 0, not ${ms}`);
    this.log?.add(this.machine.core, "advance", ms);
    const until = this.units + Math.round(ms * UNITS_PER_MS);
    if (this.turns.isHolding) this.makeDue(until);
    else this.turns.input(() => this.passTo(until));
  }

  /** Sets the system time. Timers that were given a system time follow; `wasSet` is part of the same input. */
  setSystemTime(time: Date | number, wasSet: () => void): void {
    const ms = Number(time);
    if (!Number.isFinite(ms)) throw new ProtocolError("setSystemTime takes a valid Date, or milliseconds since 1970");
    this.log?.add(this.machine.core, "setSystemTime", ms);
    const [low, high] = dueWords(BigInt(Math.round(ms) + MS_FROM_1601) * BigInt(UNITS_PER_MS));
    this.turns.input(() => {
      this.machine.exports.setClock(low, high);
      wasSet();
    });
  }

  /** Inside atOnce: the clock goes on by itself. What becomes due begins with all that comes at once. */
  private makeDue(units: number): void {
    const { exports } = this.machine;
    while (exports.advanceClock(units % HIGH | 0, Math.floor(units / HIGH)) !== 0);
  }

  /** Runs what is ready up to a moment; a routine that waits in the middle of it lets time pass as well. */
  private passTo(units: number): void {
    const { machine } = this;
    const low = units % HIGH | 0;
    const high = Math.floor(units / HIGH);
    machine.letTimePass = () => machine.exports.advanceClock(low, high) !== 0;
    try {
      machine.pump(0);
    } finally {
      machine.letTimePass = null;
    }
  }

  /** Goes from deadline to deadline; see {@link RunSettings}. */
  async run({ autoAdvance = false, until }: RunSettings): Promise<void> {
    const end = { reached: false };
    const reach = (): void => void (end.reached = true);
    if (typeof until === "object") void until.then(reach, reach);
    const limit = typeof until === "number" ? until : Number.POSITIVE_INFINITY;
    await applications();
    if (!autoAdvance) return;
    for (let count = 0; !end.reached && this.mayGoOn(limit, count); count++) {
      this.advance(Math.max(0, this.next! - this.now));
      await applications();
    }
    if (!end.reached && this.now < limit && Number.isFinite(limit)) this.advance(limit - this.now);
  }

  /** True when something is due by then. */
  private mayGoOn(limit: number, count: number): boolean {
    const { next } = this;
    if (next === undefined || next > limit) return false;
    if (count === DEADLINES_MAX) throw endless(this.now);
    return true;
  }
}

/** Lets applications go on whose promises were delivered, through as many `await`s as they may have on top of each other. */
async function applications(): Promise<void> {
  for (let hop = 0; hop < AWAITS_MAX; hop++) await Promise.resolve();
}

function endless(now: number): ProtocolError {
  return new ProtocolError(
    `after ${DEADLINES_MAX} deadlines, at ${now} ms, something is still due (a periodic timer?): give run() an end with "until"`,
  );
}
