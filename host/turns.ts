// Whose turn it is: one input at a time enters the core, runs everything it makes ready, and leaves.
//
//   input made                 what happens
//   ────────────────────────── ─────────────────────────────────────────────────────────────────
//   while nothing runs         it runs at once, then the pump until nothing is ready, then deliveries
//   while the pump runs        it waits behind the one that runs, in the order in which they were made
//   inside atOnce              it only becomes ready; all of them begin when the function ends
//   after a Stop, or disposal  it is refused: the error that ended the System
//
// Deliveries (promises of applications) are made after the pump has returned: a Stop that follows a completion rejects
// them, so that nobody misses it.

import { enter } from "./current";
import { ProtocolError, StaleHandleError } from "./errors";
import type { Machine } from "./machine";

export class Turns {
  private readonly machine: Machine;
  private readonly waiting: (() => void)[] = [];
  private readonly deliveries: (() => void)[] = [];
  private readonly listeners = new Set<(error: Error) => void>();
  private pumping = false;
  private disposed = false;
  private holding = false;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Runs an input and everything it makes ready; while the pump runs it waits its turn. */
  input(action: () => void): void {
    this.requireAlive();
    if (this.holding) {
      action();
      return;
    }
    this.waiting.push(action);
    if (this.pumping) return;
    this.pumping = true;
    const before = enter(this.machine);
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
        next();
        this.machine.pump(0);
      }
      if (this.deliveries.length !== 0) for (const deliver of this.deliveries.splice(0)) deliver();
    } catch (error) {
      throw this.over(error);
    } finally {
      enter(before);
      this.pumping = false;
    }
  }

  /** Writes something down about the input that is made next, when that has its turn. */
  note(write: () => void): void {
    if (this.pumping && !this.holding) this.waiting.push(write);
    else write();
  }

  /** The inputs that `body` makes come at once: none begins before all are made, and then their order is a choice. */
  atOnce(body: () => void): void {
    this.requireAlive();
    if (this.pumping) throw new ProtocolError("System.atOnce was called from within a callback or another atOnce");
    const { exports } = this.machine;
    this.input(() => {
      exports.holdInputs(1);
      this.holding = true;
      try {
        body();
      } finally {
        this.holding = false;
        exports.holdInputs(0);
      }
    });
  }

  /** True when an input may enter the core at once, by {@link begin} and {@link end}. */
  get areFree(): boolean {
    return !this.pumping && this.machine.dead === null && !this.disposed;
  }

  /** An input enters the core without a closure. The answer is for {@link end}, which must follow whatever happens. */
  begin(): Machine | null {
    this.pumping = true;
    return enter(this.machine);
  }

  end(before: Machine | null): void {
    enter(before);
    this.pumping = false;
    if (this.waiting.length !== 0 || this.deliveries.length !== 0) this.input(() => {});
  }

  /** The System is over: everybody is told, and the answer is what to throw. */
  over(error: unknown): Error {
    const dead = this.machine.die(this.machine.core.explain(error) as Error);
    this.fail(dead);
    return dead;
  }

  /** Does something when the pump has nothing left to do; never, if the System dies first. */
  afterwards(deliver: () => void): void {
    if (this.pumping) this.deliveries.push(deliver);
    else deliver();
  }

  /** Asks to be told when the System dies; the answer withdraws. */
  onFailure(listener: (error: Error) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** No input enters any more: whoever waits is told. */
  dispose(): void {
    this.disposed = true;
    this.fail(new StaleHandleError("this System was disposed of"));
  }

  private fail(error: Error): void {
    // oxlint-disable-next-line unicorn/no-useless-spread -- a listener may take itself out
    for (const listener of [...this.listeners]) listener(error);
    this.listeners.clear();
    this.waiting.length = 0;
    this.deliveries.length = 0;
  }

  /** Throws when the System has stopped or was disposed of. */
  private requireAlive(): void {
    if (this.disposed) throw new StaleHandleError("this System was disposed of");
    if (this.machine.dead !== null) throw this.machine.dead;
  }
}
