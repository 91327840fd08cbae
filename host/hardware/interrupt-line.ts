// Interrupt lines: how a model of hardware tells the processor that it wants attention. Nothing of WDF is known here.
//
//   edge    raise() is one interrupt; raised again before it was serviced it counts once
//   level   raise() asserts the line until lower(); as long as it is asserted it interrupts
//
// Raised from outside (a test, an application, a timer of the host) it is an input of the System. Raised while a routine of
// the driver runs (it has written a register of the model) it interrupts that routine, if the level of the line is above
// that of the processor; otherwise it comes in as soon as the level has fallen.

import { ProtocolError } from "../errors";
import type { Irqls } from "../irql";
import type { InputLog } from "../log";
import type { Machine } from "../machine";
import { type Known, refuseUnknown } from "../misspelled";
import type { Turns } from "../turns";

/** What a line is like. */
export interface InterruptLineOptions {
  /** Its level, from 3 to 12 (26 on an x86 machine). @defaultValue 7 */
  irql?: number;
  /** @defaultValue "edge" */
  mode?: "edge" | "level";
}

const OPTIONS: Known<InterruptLineOptions> = { irql: true, mode: true };

/** A line to the processor. Devices are connected to it when they are added. */
export class InterruptLine {
  /** The number of the line, from 0. */
  readonly number: number;
  /** By which the core knows it. */
  readonly address: number;
  readonly irql: number;
  readonly mode: "edge" | "level";
  private readonly set: (line: InterruptLine, raised: boolean) => void;

  constructor(
    number: number,
    address: number,
    options: Required<InterruptLineOptions>,
    set: (line: InterruptLine, raised: boolean) => void,
  ) {
    this.number = number;
    this.address = address;
    this.irql = options.irql;
    this.mode = options.mode;
    this.set = set;
  }

  /** An edge; or the level is asserted. */
  raise(): void {
    this.set(this, true);
  }

  /** The level is no longer asserted. Nothing happens to an edge line. */
  lower(): void {
    this.set(this, false);
  }
}

const FIRST_VECTOR = 0x80;

/** The lines of a System. */
export class InterruptLines {
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly log: InputLog | null;
  private readonly levels: Irqls;
  private readonly lines: InterruptLine[] = [];

  constructor(machine: Machine, turns: Turns, log: InputLog | null, levels: Irqls) {
    this.machine = machine;
    this.levels = levels;
    this.turns = turns;
    this.log = log;
  }

  /** Makes a line. */
  create(options: InterruptLineOptions): InterruptLine {
    refuseUnknown("interruptLine", options, OPTIONS);
    const { irql = 7, mode = "edge" } = options;
    const [lowest, highest] = this.levels.DIRQL;
    if (!Number.isInteger(irql) || irql < lowest || irql > highest) {
      const levels = `a whole number from ${lowest} to ${highest}`;
      throw new ProtocolError(`the level of an interrupt line must be ${levels}, not ${irql}`);
    }
    if (this.machine.activation !== 0) {
      throw new ProtocolError("interrupt lines are made before the devices that use them, not in a routine");
    }
    this.log?.add(this.machine.core, "interruptLine", irql, mode);
    const number = this.lines.length;
    const address = this.machine.exports.createInterruptLine(FIRST_VECTOR + number, irql, mode === "level" ? 1 : 0);
    const line = new InterruptLine(number, address, { irql, mode }, (which, raised) => this.set(which, raised));
    this.lines.push(line);
    return line;
  }

  /** The line of that number. */
  at(number: number): InterruptLine {
    const line = this.lines[number];
    if (line === undefined) throw new ProtocolError(`there is no interrupt line ${number}`);
    return line;
  }

  private set(line: InterruptLine, raised: boolean): void {
    const apply = (): void => this.machine.exports.setInterruptLine(line.address, raised ? 1 : 0);
    if (this.machine.activation !== 0) {
      apply();
      this.machine.settle(0);
      return;
    }
    this.log?.add(this.machine.core, "setInterruptLine", line.number, raised ? 1 : 0);
    this.turns.input(apply);
  }
}
