// The input log: all that reached a System from outside, in order. With the drivers it is the whole run.

import { WINDOW_RING_TAIL } from "../bindings/abi";
import type { Core } from "../bindings/core";
import { tokenOf } from "./choices";
import type { SystemOptions } from "./options";
import { contentsText } from "./registry-data";

/** One input: how many events came before it, what it was, with what. Bytes are base64. */
export interface LoggedInput {
  readonly events: number;
  readonly op: InputName;
  readonly args: readonly (string | number)[];
}

export type InputName =
  | "addDevice"
  | "unload"
  | "open"
  | "read"
  | "write"
  | "deviceIoControl"
  | "cancel"
  | "close"
  | "thread"
  | "pnp"
  | "addDriver"
  | "idleAfter"
  | "signalWake"
  | "registry"
  | "setSystemTime"
  | "hold"
  | "release"
  | "advance"
  | "interruptLine"
  | "setInterruptLine"
  | "systemCallback";

/** A log as it is kept in a file. */
export interface SavedLog {
  readonly version: 1;
  readonly options: SystemOptions;
  readonly inputs: readonly LoggedInput[];
}

export class InputLog {
  readonly inputs: LoggedInput[] = [];
  /** Writes at once, or when the input has its turn: one that is made inside a callback waits behind what runs. */
  whenItEnters: (write: () => void) => void = (write) => write();
  private readonly options: SystemOptions;

  constructor(options: SystemOptions) {
    const { tape, registry } = options;
    this.options = {
      ...options,
      ...(tape instanceof Uint8Array ? { tape: tokenOf(tape) } : {}),
      ...(typeof registry === "object" ? { registry: contentsText(registry) } : {}),
    };
  }

  /** Writes an input down, with the events there have been when it enters the core. */
  add(core: Core, op: InputName, ...args: (string | number)[]): void {
    this.whenItEnters(() => this.inputs.push({ events: core.word(WINDOW_RING_TAIL), op, args }));
  }

  /** The log as plain data. */
  save(): SavedLog {
    return { version: 1, options: this.options, inputs: [...this.inputs] };
  }
}
