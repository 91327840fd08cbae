// What a DDI gives a generator routine: something to iterate with `yield*`, whose value is the DDI's result.

import { FRAME_RESULT_OFFSET } from "../bindings/abi";
import type { Machine } from "./machine";
import type { GeneratorRoutine } from "./routines";

/**
 * The result of a DDI that may run other driver code or wait.
 *
 * In a plain routine it is the value itself. In a generator routine it has to be iterated:
 * `const status = yield* WdfRequestForwardToIoQueue(request, queue);`
 */
export type Suspendable<T> = [T] extends [undefined | void] ? Generator<undefined, void, unknown> : T & Generator<undefined, T, unknown>;

export class Suspension<T> {
  readonly name: string;
  private readonly machine: Machine;
  private readonly activation: number;
  private readonly value: number;
  private readonly map: (result: number) => T;
  private switched: boolean;

  /** `inFrame`: the result stands in the activation's frame even when nothing else had to run. */
  constructor(machine: Machine, name: string, value: number, map: (result: number) => T, inFrame = false) {
    this.machine = machine;
    this.name = name;
    this.activation = machine.activation;
    this.value = value;
    this.map = map;
    this.switched = inFrame;
  }

  /** The same result, changed. Nobody but the caller may have iterated it. */
  changed<U>(change: (value: T) => U): Suspension<U> {
    const next = new Suspension(this.machine, this.name, this.value, (result) => change(this.map(result)), this.switched);
    if (this.machine.unsettled === this) this.machine.unsettled = next as Suspension<unknown>;
    return next;
  }

  [Symbol.iterator](): this {
    if (this.machine.unsettled === this) this.machine.unsettled = null;
    return this;
  }

  /** Not done while the pump has to run something else before the routine may go on. */
  next(): IteratorResult<undefined, T> {
    const machine = this.machine;
    if (machine.observer !== null) machine.takeNotifications();
    if (!machine.isSettled) {
      this.switched = true;
      machine.waitsIn.set(this.activation, this.name);
      return { done: false, value: undefined };
    }
    const result = this.switched ? machine.core.word(this.activation + FRAME_RESULT_OFFSET) : this.value;
    return { done: true, value: this.map(result) };
  }
}

/** Changes what a DDI gives back, in either form. */
export function mapped<T extends object, U>(result: Suspendable<T>, change: (value: T) => U): Suspendable<U> {
  if (result instanceof Suspension) return result.changed(change) as unknown as Suspendable<U>;
  return change(result as T) as Suspendable<U>;
}

/** A generator routine that does not run now. */
export interface ParkedRoutine {
  readonly routine: GeneratorRoutine;
  readonly kind: number;
  /** What it was given by a DDI and has not iterated yet. */
  readonly unsettled: Suspension<unknown> | null;
}
