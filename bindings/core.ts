// One instance of the core, and the only code that touches WebAssembly or linear memory.
//
// The host reads the core's state through `words`, a view of all memory. A view dies when memory grows, and memory grows
// in `grow` alone: whoever calls anything that may pump must read `words` anew afterwards.

import { instantiateSync } from "@assemblyscript/loader";
import { ABI_VERSION, PANIC_ADDRESS, SCRATCH_ADDRESS, Switch, WINDOW_OUT, WINDOW_VERSION } from "./abi";
import type { __AdaptedExports } from "./core-exports";

/** The raw export table. */
export type CoreExports = typeof __AdaptedExports;

/** A failed assertion inside the core: a bug of ours, not of the driver. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** What a core is made with; all of it has been checked. */
export interface CoreOptions {
  /** A set of {@link Switch}es. */
  readonly switches: number;
  /** Events the ring holds: a power of two, at least 4. */
  readonly ringCapacity: number;
  /** Live objects at most. */
  readonly objects: number;
  /** 1 unless given. */
  readonly processors?: number;
}

export class Core {
  readonly exports: CoreExports;
  /** Rule findings are on. */
  readonly rules: boolean;
  words: Int32Array;

  private constructor(exports: CoreExports, options: CoreOptions) {
    this.exports = exports;
    this.rules = (options.switches & Switch.Rules) !== 0;
    if (exports.createSystem(options.switches, options.ringCapacity, options.objects, options.processors ?? 1) === 0) {
      throw new RangeError(`no memory for a System of ${options.objects} objects`);
    }
    this.words = new Int32Array(exports.memory.buffer);
    const version = this.words[WINDOW_VERSION >> 2];
    if (version !== ABI_VERSION) throw new InternalError(`the core speaks ABI ${version}, this host speaks ${ABI_VERSION}`);
  }

  /** Makes an instance of a compiled core. */
  static create(module: WebAssembly.Module, options: CoreOptions): Core {
    const { instance } = instantiateSync(module, {});
    return new Core(instance.exports as unknown as CoreExports, options);
  }

  /** Gives the core more memory. */
  grow(): void {
    if (!this.exports.growMemory()) throw new InternalError("the host has no more memory for this System");
    this.words = new Int32Array(this.exports.memory.buffer);
  }

  /** The word at a byte address. */
  word(address: number): number {
    return this.words[address >> 2];
  }

  /** All of memory as bytes, until it grows. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /** The n-th value a DDI returned beside its status. */
  outValue(n: number): number {
    return this.words[(WINDOW_OUT >> 2) + n] >>> 0;
  }

  /** Writes words of a structure into the scratch area, from word `first` on. */
  writeScratch(first: number, values: readonly number[]): void {
    const { words } = this;
    const at = (SCRATCH_ADDRESS >> 2) + first;
    for (let i = 0; i < values.length; i++) words[at + i] = values[i]; // set() takes ten times as long for a few
  }

  /** A word of the structure that stands in the scratch area. */
  scratch(index: number): number {
    return this.words[(SCRATCH_ADDRESS >> 2) + index];
  }

  /** Turns a trap into an error that says which assertion of the core failed. */
  explain(trap: unknown): unknown {
    if (!(trap instanceof WebAssembly.RuntimeError)) return trap;
    const at = PANIC_ADDRESS >> 2;
    const [message, file, line, column] = new Uint32Array(this.exports.memory.buffer).subarray(at, at + 4);
    if (file === 0) return new InternalError(trap.message, { cause: trap });
    const what = this.text(message) || "assertion failed";
    return new InternalError(`${what} (${this.text(file)}:${line}:${column})`, { cause: trap });
  }

  /** A string of the core's static data. */
  private text(address: number): string {
    if (address === 0) return "";
    const memory = this.exports.memory.buffer;
    const length = new Uint32Array(memory)[(address - 4) >> 2];
    return new TextDecoder("utf-16le").decode(new Uint8Array(memory, address, length));
  }

  /** A copy of linear memory. */
  copyMemory(): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer.slice(0));
  }
}
