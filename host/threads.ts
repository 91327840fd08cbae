// System threads the host starts: the place from which tests, tools and the PnP manager call DDIs.

import { ProtocolError } from "./errors";
import type { Machine } from "./machine";
import { type GeneratorRoutine, isGenerator, promiseReturned } from "./routines";
import type { Turns } from "./turns";

/** A system thread that was started. */
export class SystemThread<T> {
  /** True once the body has returned. */
  done = false;
  private value: T | undefined;
  private failure: Error | null = null;
  private promise: Promise<T> | null = null;
  private settle: ((value: T) => void) | null = null;
  private reject: ((error: Error) => void) | null = null;

  /** Resolves with what the body returned; rejects when the System dies first. */
  get finished(): Promise<T> {
    this.promise ??= this.promised();
    return this.promise;
  }

  /** Made when somebody asks: most threads have ended before their starter could. */
  private promised(): Promise<T> {
    const promise = new Promise<T>((resolve, reject) => {
      if (this.done) resolve(this.value as T);
      else if (this.failure !== null) reject(this.failure);
      this.settle = resolve;
      this.reject = reject;
    });
    promise.catch(() => {});
    return promise;
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
    this.settle?.(value);
  }

  /** The System is over before the body returned. */
  fail(error: Error): void {
    if (this.done) return;
    this.failure = error;
    this.reject?.(error);
  }
}

/** Runs a thread's body and keeps what it returns; a generator goes on as the routine. */
function keepResult(thread: SystemThread<unknown>, body: () => unknown): undefined | GeneratorRoutine {
  const value = body();
  if (typeof value === "object" && value !== null && isGenerator(value)) {
    return keepGenerator(thread, value as Generator<undefined, unknown, unknown>);
  }
  const promise = promiseReturned("the body of a system thread", value);
  if (promise !== null) throw promise;
  thread.end(value);
  return undefined;
}

function* keepGenerator(thread: SystemThread<unknown>, body: Generator<undefined, unknown, unknown>): GeneratorRoutine {
  thread.end(yield* body);
  return undefined;
}

/** The process of system threads. */
const SYSTEM_PROCESS = 4;

/** What runs as a thread, and who is told of its end. */
interface Running {
  readonly thread: SystemThread<unknown>;
  readonly body: () => unknown;
}

/** The system threads under way. */
export class Threads {
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly running = new Map<number, Running>();
  /** The callback of all of them: the core says which thread it is. */
  private readonly routine: number;
  private nextCookie = 1;

  constructor(machine: Machine, turns: Turns) {
    this.machine = machine;
    this.turns = turns;
    this.routine = machine.callback((cookie: number) => this.run(cookie));
    turns.onFailure((error) => this.fail(error));
  }

  /** Runs a body as a system thread at PASSIVE_LEVEL; while the pump runs, the thread waits its turn to begin. */
  start<T>(body: () => T | Generator<undefined, T, unknown>): SystemThread<T> {
    const thread = new SystemThread<T>();
    const cookie = this.added(thread as SystemThread<unknown>, body);
    this.turns.input(() => this.machine.exports.startThread(cookie, this.routine, SYSTEM_PROCESS));
    return thread;
  }

  /** The same as part of an input that has its turn. */
  startInside(body: () => unknown): void {
    this.machine.exports.startThread(this.added(new SystemThread(), body), this.routine, SYSTEM_PROCESS);
  }

  private added(thread: SystemThread<unknown>, body: () => unknown): number {
    const cookie = this.nextCookie++;
    this.running.set(cookie, { thread, body });
    return cookie;
  }

  private run(cookie: number): undefined | GeneratorRoutine {
    const { thread, body } = this.running.get(cookie)!;
    return keepResult(thread, body);
  }

  /** A thread's body has returned. */
  ended(cookie: number): void {
    this.running.delete(cookie);
  }

  private fail(error: Error): void {
    for (const { thread } of this.running.values()) thread.fail(error);
    this.running.clear();
  }
}
