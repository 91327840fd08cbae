// The hardware: receivers of serial ports on a wire. It knows registers and a line, and nothing of drivers.

import type { InterruptLine } from "wdf-wasm";

/** A wire that several devices may pull: it is asserted as long as one of them does. */
export class Wire {
  private readonly line: InterruptLine;
  private readonly pulling = new Set<Receiver>();

  constructor(line: InterruptLine) {
    this.line = line;
  }

  pull(device: Receiver): void {
    this.pulling.add(device);
    if (this.pulling.size === 1) this.line.raise();
  }

  release(device: Receiver): void {
    if (this.pulling.delete(device) && this.pulling.size === 0) this.line.lower();
  }
}

/** A receiver: while there are bytes in its FIFO it asks for attention. */
export class Receiver {
  private readonly wire: Wire;
  private readonly fifo: number[] = [];

  constructor(wire: Wire) {
    this.wire = wire;
  }

  /** Bytes arrive from the other end. */
  receive(...bytes: number[]): void {
    this.fifo.push(...bytes);
    this.wire.pull(this);
  }

  /** The line status register: is there a byte? */
  get dataReady(): boolean {
    return this.fifo.length > 0;
  }

  /** The data register. To read the last byte is to acknowledge the interrupt. */
  readData(): number {
    const byte = this.fifo.shift() ?? 0;
    if (!this.dataReady) this.wire.release(this);
    return byte;
  }
}
