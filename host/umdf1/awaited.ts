// Calls of DDIs from inside the interface model, whose caller may be a plain method or a generator method.
//
// A DDI gives a plain routine its result and a generator routine something to iterate. Work of several steps is written once,
// as a generator with `yield* awaited(Ddi(...))`, and handed out by `inSteps`: run to its end for a plain routine, as it is for
// a generator routine.

import { machine } from "../current";
import { Mode } from "../mode";
import { type Suspendable, Suspension } from "../suspension";

/** A result in the form the running routine gets results in. */
export function immediate<T>(value: T): Suspendable<T> {
  return inSteps(function* () {
    return value;
  });
}

/** Work of several steps, for whoever called. */
export function inSteps<T>(work: () => Generator<undefined, T, unknown>): Suspendable<T> {
  const steps = work();
  if ((machine().mode & Mode.Generator) !== 0) return steps as unknown as Suspendable<T>;
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
