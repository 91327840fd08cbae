// The machine: the host's half of one System, and the pump between core and driver.
//
//   pump ─▶ take events ─▶ a routine to run? ─ yes ─▶ call it ─▶ routineReturned ─┐
//    ▲          │            │ no                                                 │
//    │          │            ▼                                                    │
//    │          │        who may go on (core.running)?                            │
//    │          │          the one we wait for ─▶ return to it                    │
//    │          │          a generator parked before ─▶ resume it ────────────────┤
//    │          │          a plain routine further down the JS stack ─▶ error     │
//    │          │          nobody ─▶ runReady(); nothing ready ─▶ return          │
//    └──────────┴─────────────────────────────────────────────────────────────────┘
//
// The core is never on the stack while a routine runs. A plain routine that calls a DDI which runs other driver code,
// or waits, pumps inside that DDI; a generator routine yields to the pump that runs it.

import {
  Attention, EVENT_DETAIL_SHIFT, EventKind, FRAME_NESTING_OFFSET, FRAME_RESULT_OFFSET, FRAME_ROUTINE_OFFSET,
  RoutineKind, WORD_ATTENTION, WORD_CALL, WORD_NESTING, WORD_READY, WORD_RING_BASE, WORD_RING_CAPACITY, WORD_RING_HEAD,
  WORD_RING_TAIL, WORD_RUNNING, WORD_SHORT_RETURN,
} from "../bindings/abi";
import type { Core, CoreExports } from "../bindings/core";
import { bugCheck } from "./bug-check";
import { Callbacks } from "./callbacks";
import { BugCheckError, InternalError, ProtocolError } from "./errors";
import { Ledger } from "./ledger";
import { Busy, Mode } from "./mode";
import { routineName } from "./names";
import type { EventSink, Observer } from "./observer";
import { type AnyRoutine, type GeneratorRoutine, argumentsOf, isGenerator, isGeneratorFunction, promiseReturned } from "./routines";
import type { ParkedRoutine, Suspension } from "./suspension";
import { buried, notIterated, waitsForEver } from "./waiting";

export class Machine extends Ledger {
  readonly exports: CoreExports;
  /** The routine that runs now, outermost code excluded: the address of its frame, 0 for none. */
  activation = 0;
  mode: number = Mode.Outside;
  /** The Suspension a generator routine was given and has not iterated yet. */
  unsettled: Suspension<unknown> | null = null;
  /** While true the pump runs nothing but what has begun: woken threads, DPCs and work items wait. */
  holding = false;
  /** While time may pass: lets the clock run to its next deadline, true when there was one (clock.ts). */
  letTimePass: (() => boolean) | null = null;
  /** Set once the System is over. */
  dead: Error | null = null;
  /** Why an input may not enter the core at once: Busy, a set. */
  busy: number = Busy.No;

  private readonly sink: EventSink;
  private watcher: Observer | null = null;
  /** Why every call is looked at: Mode.Observed, Mode.Choosing. */
  private looking = Mode.Plain;
  private readonly ring: number;
  private readonly ringMask: number;
  readonly callbacks = new Callbacks();
  /** Callbacks that may be called the short way, by their numbers. */
  readonly plain = this.callbacks.plain;
  /** Generators that have stopped, and routines that are yet to begin. */
  private readonly parked = new Map<number, ParkedRoutine | (() => void)>();
  /** Plain routines that wait in a DDI, innermost last. */
  private readonly waiting: number[] = [];
  /** By activation, the DDI in which it last had to wait or to let others run. */
  readonly waitsIn = new Map<number, string>();
  private thrown: unknown = undefined;

  constructor(core: Core, sink: EventSink) {
    super(core);
    this.exports = core.exports;
    this.sink = sink;
    this.ring = core.words[WORD_RING_BASE] >> 2;
    this.ringMask = core.words[WORD_RING_CAPACITY] - 1;
  }

  /** Who hears of every DDI and routine. */
  get observer(): Observer | null {
    return this.watcher;
  }

  set observer(observer: Observer | null) {
    this.watcher = observer;
    this.look(observer === null ? this.looking & ~Mode.Observed : this.looking | Mode.Observed);
  }

  /** From now on something else may go on before each routine, and at the end of each DDI. */
  startChoosing(): void {
    this.look(this.looking | Mode.Choosing);
  }

  private look(why: number): void {
    this.looking = why;
    this.callbacks.look(why !== Mode.Plain);
  }

  /** The number by which the core knows a callback; 0 for none. */
  callback(routine: AnyRoutine | null | undefined): number {
    return this.callbacks.id(routine);
  }

  /**
   * Runs driver code until the activation may go on; with 0, until nothing is ready.
   * Throws when the System stops, or when the activation can never go on.
   */
  pump(until: number): void {
    const core = this.core;
    for (;;) {
      const words = core.words;
      if (words[WORD_ATTENTION] !== 0) {
        this.attend(words);
        continue;
      }
      if (this.takeEvents(words)) continue;
      if (words[WORD_RUNNING] !== 0) {
        if (words[WORD_RUNNING] === until) return;
        this.resume(words[WORD_RUNNING]);
      } else if (words[WORD_READY] !== 0 && (this.holding ? this.exports.resume() : this.exports.runReady()) !== 0) {
        continue;
      } else if (this.letTimePass !== null && this.letTimePass()) {
        continue;
      } else if (until === 0) {
        return;
      } else {
        throw this.die(waitsForEver(this.nameOf(until), this));
      }
    }
  }

  /** Takes events up to a routine, which is run. False when there was nothing, or nothing but notifications. */
  private takeEvents(words: Int32Array): boolean {
    let head = words[WORD_RING_HEAD];
    while (head !== words[WORD_RING_TAIL]) {
      const at = this.ring + ((head & this.ringMask) << 2);
      const first = words[at];
      head = (head + 1) | 0;
      words[WORD_RING_HEAD] = head;
      if ((first & 0xff) === EventKind.Routine) {
        this.start(words, first >>> EVENT_DETAIL_SHIFT, words[at + 1], words[at + 2], words[at + 3]);
        return true;
      }
      this.notice(words, first, at);
    }
    return words[WORD_ATTENTION] !== 0;
  }

  /** Takes the notifications that wait, without running a routine. */
  takeNotifications(): void {
    const words = this.core.words;
    while (words[WORD_RING_HEAD] !== words[WORD_RING_TAIL]) {
      const at = this.ring + ((words[WORD_RING_HEAD] & this.ringMask) << 2);
      if ((words[at] & 0xff) === EventKind.Routine) return;
      words[WORD_RING_HEAD] = (words[WORD_RING_HEAD] + 1) | 0;
      this.notice(words, words[at], at);
    }
  }

  /** Takes note of the event at `at`, which is not a routine. IRPs of a port come in great numbers. */
  private notice(words: Int32Array, first: number, at: number): void {
    if ((first & 0xff) === EventKind.RequestCompleted && this.contexts.areNone) {
      const handle = words[at + 1];
      const port = this.irps.takePort(handle);
      if (port !== null) {
        port.done(handle, words[at + 2], words[at + 3] >>> 0);
        return;
      }
    }
    this.sink.event(first & 0xff, first >>> 8, words[at + 1], words[at + 2], words[at + 3]);
  }

  private attend(words: Int32Array): void {
    const attention = words[WORD_ATTENTION];
    words[WORD_ATTENTION] = 0;
    if ((attention & Attention.Stopped) !== 0) this.stop();
    if ((attention & Attention.Memory) === 0) return;
    this.core.grow();
    this.irps.renewPorts();
  }

  /** A plain routine has returned. */
  ended(activation: number, kind: RoutineKind, result: unknown): void {
    const { words } = this.core;
    if (result === undefined && words[WORD_SHORT_RETURN] !== 0) words[WORD_RUNNING] = 0;
    else this.returnedValue(activation, kind, result);
  }

  /** Runs a routine: the whole of a plain one, a generator up to its first wait. */
  start(words: Int32Array, kind: RoutineKind, callback: number, request: number, a: number): void {
    const routine = this.plain[callback];
    if (routine === null) return this.startSpecial(words, kind, callback, request, a);
    const activation = words[WORD_RUNNING];
    const { activation: outer, mode: outerMode } = this;
    this.activation = activation;
    this.mode = Mode.Plain;
    let result: unknown;
    try {
      result =
        kind <= RoutineKind.IoWrite
          ? routine(words[WORD_CALL], request, a >>> 0)
          : this.callbacks.call(callback, kind, this.core, request, a);
    } catch (error) {
      this.threw(activation, error);
    }
    this.activation = outer;
    this.mode = outerMode;
    this.ended(activation, kind, result);
  }

  /** The same for generator routines, while an observer looks on, and where something else may go on before its first line. */
  private startSpecial(words: Int32Array, kind: RoutineKind, callback: number, request: number, a: number): void {
    const activation = words[WORD_RUNNING];
    const [object, b, c] = words.subarray(WORD_CALL, WORD_CALL + 3);
    const args = argumentsOf(kind, object, request, a, b, c, this.core);
    const routine = this.callbacks.take(callback, kind, object);
    const begin = (): void => {
      this.watcher?.routineStarted(kind, object, request, a, b, c);
      this.begin(activation, kind, routine, args);
    };
    if ((this.looking & Mode.Choosing) !== 0) this.exports.boundary(0, 0);
    if (this.core.words[WORD_RUNNING] === activation) begin();
    else this.parked.set(activation, begin);
  }

  private begin(activation: number, kind: RoutineKind, routine: AnyRoutine, args: readonly unknown[]): void {
    if (isGeneratorFunction(routine)) return this.step(activation, kind, routine(...args) as GeneratorRoutine, null);
    const outer = this.activation;
    const outerMode = this.mode;
    this.activation = activation;
    this.mode = this.looking;
    let result: unknown;
    try {
      result = routine(...args);
    } catch (error) {
      this.threw(activation, error);
    }
    this.activation = outer;
    this.mode = outerMode;
    this.returnedValue(activation, kind, result);
  }

  /** A plain function that gave back a generator is taken for one; a promise is refused. */
  private returnedValue(activation: number, kind: RoutineKind, result: unknown): void {
    if (typeof result !== "object" || result === null) {
      this.returned(activation, kind, result);
    } else if (isGenerator(result)) {
      this.step(activation, kind, result, null);
    } else {
      const promise = promiseReturned(routineName(kind), result);
      if (promise !== null) throw this.die(promise);
      this.returned(activation, kind, 0);
    }
  }

  private returned(activation: number, kind: RoutineKind, result: unknown): void {
    if (this.watcher !== null) this.watcher.routineReturned(kind, result);
    this.exports.routineReturned(activation, Number(result ?? 0) | 0);
  }

  /** Runs a generator routine up to its next wait, or to its end. */
  private step(activation: number, kind: RoutineKind, routine: GeneratorRoutine, unsettled: Suspension<unknown> | null): void {
    const outer = this.activation;
    const outerMode = this.mode;
    const outerUnsettled = this.unsettled;
    this.activation = activation;
    this.mode = this.looking | Mode.Generator;
    this.unsettled = unsettled;
    let outcome: IteratorResult<undefined, unknown> | undefined;
    try {
      outcome = routine.next();
      if (outcome.done) this.requireSettled("its end");
    } catch (error) {
      this.threw(activation, error);
    }
    const left = this.unsettled;
    this.activation = outer;
    this.mode = outerMode;
    this.unsettled = outerUnsettled;
    if (outcome === undefined) return;
    if (outcome.done) this.returned(activation, kind, outcome.value);
    else this.park(activation, { routine, kind, unsettled: left });
  }

  /** A generator has stopped at a `yield*` that waits, or at a `yield` of its own, which offers the processor. */
  private park(activation: number, parked: ParkedRoutine): void {
    this.parked.set(activation, parked);
    if ((this.looking & Mode.Choosing) === 0 || this.core.words[WORD_RUNNING] !== activation) return;
    this.exports.boundary(this.core.word(activation + FRAME_RESULT_OFFSET), 0);
  }

  /** Goes on with an activation that was begun before. */
  private resume(activation: number): void {
    const parked = this.parked.get(activation);
    if (parked !== undefined) {
      this.parked.delete(activation);
      if (typeof parked === "function") parked();
      else this.step(activation, parked.kind, parked.routine, parked.unsettled);
      return;
    }
    const top = this.waiting.at(-1);
    if (top === undefined || !this.waiting.includes(activation)) throw this.die(new InternalError(`nobody knows activation ${activation}`));
    throw this.die(buried(this.nameOf(activation), this.nameOf(top)));
  }

  /** The documented name of the routine an activation is in. */
  private nameOf(activation: number): string {
    return routineName(this.core.word(activation + FRAME_ROUTINE_OFFSET));
  }

  /** Ends a DDI of a plain routine: pumps until the routine may go on, and answers the DDI's result. */
  settle(value: number, ddi?: string): number {
    const words = this.core.words;
    if (words[WORD_ATTENTION] === 0 && words[WORD_RUNNING] === this.activation) return value;
    const activation = this.activation;
    const mode = this.mode;
    if (ddi !== undefined) this.waitsIn.set(activation, ddi);
    this.nest(activation, this.waiting.push(activation));
    this.pump(activation);
    this.waiting.pop();
    this.nest(activation, 0);
    this.activation = activation;
    this.mode = mode;
    return this.core.word(activation + FRAME_RESULT_OFFSET);
  }

  /** Tells the core where on this stack a plain routine waits. */
  private nest(activation: number, place: number): void {
    const words = this.core.words;
    words[(activation + FRAME_NESTING_OFFSET) >> 2] = place;
    words[WORD_NESTING] = this.waiting.length;
  }

  /** The end of a DDI: if choices are made, something else may go on first. Answers the DDI's result. */
  offer(value: number): number {
    if ((this.looking & Mode.Choosing) === 0 || !this.isSettled) return value;
    this.takeNotifications(); // they are about what runs now
    this.exports.boundary(value, (this.mode & Mode.Generator) === 0 ? 1 : 0);
    return value;
  }

  /** True when the running routine may go on at once: its DDI has ended and nothing has to be looked at first. */
  get isSettled(): boolean {
    const words = this.core.words;
    return words[WORD_ATTENTION] === 0 && words[WORD_RUNNING] === this.activation;
  }

  /** A generator routine has to iterate what a DDI gave it before it does anything else. */
  requireSettled(before: string): void {
    const forgotten = this.unsettled;
    if (forgotten === null) return;
    this.unsettled = null;
    throw notIterated(forgotten.name, before);
  }

  threw(activation: number, error: unknown): never {
    if (error instanceof BugCheckError || error instanceof ProtocolError || error instanceof InternalError) throw this.die(error);
    const explained = this.core.explain(error);
    if (explained instanceof InternalError) throw this.die(explained);
    this.thrown = error;
    this.exports.routineThrew(activation);
    this.stop();
  }

  /** The System has stopped: throws what says why. */
  stop(): never {
    if (this.dead !== null) throw this.dead;
    this.takeNotifications();
    throw this.die(bugCheck(this, this.thrown));
  }

  /** Marks the System as over for good. */
  die(error: Error): Error {
    this.dead ??= error;
    this.busy |= Busy.Over;
    this.parked.clear();
    return this.dead;
  }
}
