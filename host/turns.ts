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

import { enter, leave } from "./current";
import { ProtocolError, StaleHandleError } from "./errors";
import type { Machine } from "./machine";
import { Busy, Mode } from "./mode";

export class Turns {
  private readonly machine: Machine;
  private readonly waiting: (() => void)[] = [];
  private readonly deliveries: (() => void)[] = [];
  private readonly listeners = new Set<(error: Error) => void>();
  private disposed = false;
  private holding = false;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** Runs an input and everything it makes ready; while the pump runs it waits its turn. */
  input(action: () => void): void {
    this.requireAlive();
    const { machine } = this;
    if (this.holding) {
      action();
      machine.irps.keepInput();
      return;
    }
    this.waiting.push(action);
    machine.busy |= Busy.Left;
    if (this.isPumping) return;
    machine.busy |= Busy.Pumping;
    const before = enter(machine);
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
        next();
        machine.pump(0);
        if (machine.irps.uncopied !== null) machine.irps.keepInput();
      }
      machine.busy &= ~Busy.Left;
      if (this.deliveries.length !== 0) for (const deliver of this.deliveries.splice(0)) deliver();
    } catch (error) {
      throw this.over(error);
    } finally {
      leave(before);
      machine.busy &= ~Busy.Pumping;
    }
  }

  /** True while the function given to atOnce runs. */
  get isHolding(): boolean {
    return this.holding;
  }

  private get isPumping(): boolean {
    return (this.machine.busy & Busy.Pumping) !== 0;
  }

  /** Writes something down about the input that is made next, when that has its turn. */
  note(write: () => void): void {
    if (this.isPumping && !this.holding) this.waiting.push(write);
    else write();
  }

  /** The inputs that `body` makes come at once: none begins before all are made, and then their order is a choice. */
  atOnce(body: () => void): void {
    this.requireAlive();
    if (this.isPumping) throw new ProtocolError("System.atOnce was called from within a callback or another atOnce");
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

  /** An input that entered the core by itself (port.ts) has left it: goes on with what came meanwhile. */
  goOn(): void {
    this.machine.busy &= ~Busy.Pumping;
    if ((this.machine.busy & Busy.Left) !== 0) this.input(() => {});
  }

  /** The System is over: everybody is told, and the answer is what to throw. */
  over(error: unknown): Error {
    const dead = this.machine.die(this.machine.core.explain(error) as Error);
    this.machine.mode = Mode.Outside;
    this.fail(dead);
    return dead;
  }

  /** Does something when the pump has nothing left to do; never, if the System dies first. */
  afterwards(deliver: () => void): void {
    if (!this.isPumping) {
      deliver();
      return;
    }
    this.deliveries.push(deliver);
    this.machine.busy |= Busy.Left;
  }

  /** Asks to be told when the System dies; the answer withdraws. */
  onFailure(listener: (error: Error) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** No input enters any more: whoever waits is told. */
  dispose(): void {
    this.disposed = true;
    this.machine.busy |= Busy.Over;
    this.fail(new StaleHandleError("this System was disposed of"));
  }

  private fail(error: Error): void {
    // oxlint-disable-next-line unicorn/no-useless-spread -- a listener may take itself out
    for (const listener of [...this.listeners]) listener(error);
    this.listeners.clear();
    this.waiting.length = 0;
    this.deliveries.length = 0;
    this.machine.busy &= ~Busy.Left;
  }

  /** Throws when the System has stopped or was disposed of. */
  private requireAlive(): void {
    if (this.disposed) throw new StaleHandleError("this System was disposed of");
    if (this.machine.dead !== null) throw this.machine.dead;
  }
}
