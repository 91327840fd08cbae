// Calls of DDIs from inside the interface model, whose caller may be a plain method or a generator method.
//
// A DDI gives a plain routine its result and a generator routine something to iterate. Work of several steps is written once,
// as a generator with `yield* awaited(Ddi(...))`, and handed out by `inSteps`: run to its end for a plain routine, for a
// generator routine something to iterate, too, which is missed like a DDI's when it is not.

import { machine } from "../current";
import type { Machine } from "../machine";
import { Mode } from "../mode";
import { type Suspendable, Suspension } from "../suspension";

/** Work that a generator routine has to iterate. */
class Steps<T> {
  readonly name: string;
  private readonly machine: Machine;
  private readonly work: Generator<undefined, T, unknown>;

  constructor(m: Machine, name: string, work: Generator<undefined, T, unknown>) {
    this.machine = m;
    this.name = name;
    this.work = work;
  }

  [Symbol.iterator](): Generator<undefined, T, unknown> {
    const { machine: m } = this;
    if (m.unsettled === (this as unknown)) m.unsettled = null;
    return this.work;
  }
}

/** A result that is known, in the form the running routine gets results in. */
export function immediate<T>(name: string, value: T): Suspendable<T> {
  return inSteps(name, function* () {
    return value;
  });
}

/** Work of several steps, for whoever called the method of that name. */
export function inSteps<T>(name: string, work: () => Generator<undefined, T, unknown>): Suspendable<T> {
  const m = machine();
  m.requireSettled(name);
  const steps = work();
  if ((m.mode & Mode.Generator) !== 0) {
    const pending = new Steps(m, name, steps);
    m.unsettled = pending as unknown as Suspension<unknown>;
    return pending as unknown as Suspendable<T>;
  }
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value as Suspendable<T>;
  }
}

/** A DDI's result, whichever form it has. */
export function* awaited<T>(result: Suspendable<T>): Generator<undefined, T, unknown> {
  if (result instanceof Suspension) return (yield* result as unknown as Generator<undefined, T, unknown>) as T;
  return result as T;
}
