// System threads the host starts: the place from which tests, tools and the PnP manager call DDIs.

import { ProtocolError } from "./errors";
import { type GeneratorRoutine, isGenerator, promiseReturned } from "./routines";

/** A system thread that was started. */
export class SystemThread<T> {
  /** Resolves with what the body returned; rejects when the System dies first. */
  readonly finished: Promise<T>;
  /** True once the body has returned. */
  done = false;
  private value: T | undefined;
  private settle!: (value: T) => void;
  private reject!: (error: Error) => void;

  constructor() {
    this.finished = new Promise((resolve, reject) => {
      this.settle = resolve;
      this.reject = reject;
    });
    this.finished.catch(() => {});
  }

  /** What the body returned. Throws while it waits. */
  get result(): T {
    if (!this.done) throw new ProtocolError("the thread has not ended: it waits. Await `finished` instead.");
    return this.value as T;
  }

  /** The body has returned. */
  end(value: T): void {
    this.done = true;
    this.value = value;
    this.settle(value);
  }

  /** The System is over before the body returned. */
  fail(error: Error): void {
    if (!this.done) this.reject(error);
  }
}

/** Runs a thread's body and keeps what it returns; a generator goes on as the routine. */
export function keepResult<T>(thread: SystemThread<T>, body: () => T | Generator<undefined, T, unknown>): undefined | GeneratorRoutine {
  const value = body();
  if (typeof value === "object" && value !== null && isGenerator(value)) {
    return keepGenerator(thread, value as Generator<undefined, T, unknown>);
  }
  const promise = promiseReturned("the body of a system thread", value);
  if (promise !== null) throw promise;
  thread.end(value as T);
  return undefined;
}

function* keepGenerator<T>(thread: SystemThread<T>, body: Generator<undefined, T, unknown>): GeneratorRoutine {
  thread.end(yield* body);
  return undefined;
}
