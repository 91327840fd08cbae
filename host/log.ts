// The input log: all that reached a System from outside, in order. With the drivers it is the whole run.

import { WINDOW_RING_TAIL } from "../bindings/abi";
import type { Core } from "../bindings/core";
import type { SystemOptions } from "./options";

/** One input: how many events came before it, what it was, with what. Bytes are base64. */
export interface LoggedInput {
  readonly events: number;
  readonly op: InputName;
  readonly args: readonly (string | number)[];
}

export type InputName = "addDevice" | "open" | "read" | "write" | "deviceIoControl" | "cancel" | "close" | "thread" | "pnp" | "advance";

/** A log as it is kept in a file. */
export interface SavedLog {
  readonly version: 1;
  readonly options: SystemOptions;
  readonly inputs: readonly LoggedInput[];
}

export class InputLog {
  readonly inputs: LoggedInput[] = [];
  private readonly options: SystemOptions;

  constructor(options: SystemOptions) {
    this.options = options;
  }

  add(core: Core, op: InputName, ...args: (string | number)[]): void {
    this.inputs.push({ events: core.word(WINDOW_RING_TAIL), op, args });
  }

  /** The log as plain data. */
  save(): SavedLog {
    return { version: 1, options: this.options, inputs: [...this.inputs] };
  }
}

/** Bytes as text. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Text as bytes. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
