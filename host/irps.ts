// The host's half of an IRP: its bytes, and whom to tell when it goes back.

import { HANDLE_INDEX_MASK, WdfRequestType } from "../bindings/abi";
import type { Port } from "./port";

/** Told when an IRP is back. */
export type IrpCallback = (status: number, information: number, irp: { readonly output: Uint8Array }) => void;

const EMPTY = new Uint8Array(0);

/** Who is told of what goes on below: the request above, by the core. */
function nobody(): void {}

export class Irp {
  /** Counts up from 1 over the life of the System: the r1, r2, ... of traces and reports. */
  readonly ordinal: number;
  handle: number;
  readonly major: number;
  readonly length: number;
  readonly done: IrpCallback;
  private from: Uint8Array;
  private to: Uint8Array | null = null;
  private readonly outputLength: number;

  constructor(
    ordinal: number,
    handle: number,
    major: number,
    length: number,
    input: Uint8Array,
    outputLength: number,
    done: IrpCallback,
    output: Uint8Array | null = null,
  ) {
    this.ordinal = ordinal;
    this.handle = handle;
    this.major = major;
    this.length = length;
    this.from = input;
    this.outputLength = outputLength;
    this.done = done;
    this.to = outputLength === 0 && !this.isControl ? EMPTY : output;
  }

  /** The same bytes under another handle, for the device below. */
  sharedAs(handle: number): Irp {
    return new Irp(0, handle, this.major, this.length, this.input, this.outputLength, nobody, this.output);
  }

  /** What the driver reads: the data of a write, the input of an ioctl. */
  get input(): Uint8Array {
    if (this.to === null && this.isControl) this.makeSystemBuffer();
    return this.from;
  }

  /** What the driver fills: the buffer of a read, the output of an ioctl. Made when somebody first looks at it. */
  get output(): Uint8Array {
    if (this.to !== null) return this.to;
    if (this.isControl) return this.makeSystemBuffer();
    return (this.to = new Uint8Array(this.outputLength));
  }

  private get isControl(): boolean {
    return this.major === WdfRequestType.DeviceControl || this.major === WdfRequestType.DeviceControlInternal;
  }

  /** Buffered I/O: a METHOD_BUFFERED ioctl has one system buffer for both directions. */
  private makeSystemBuffer(): Uint8Array {
    const { from, outputLength } = this;
    const system = new Uint8Array(Math.max(from.length, outputLength));
    system.set(from);
    this.from = system.subarray(0, from.length);
    return (this.to = system.subarray(0, outputLength));
  }
}

export class Irps {
  private readonly byIndex: (Irp | undefined)[] = [];
  /** The port an IRP without bytes came through, by the index of its handle. */
  private readonly ports: (Port | undefined)[] = [];
  private count = 0;

  /** The number the next IRP will have. */
  get next(): number {
    return this.count + 1;
  }

  /** An IRP has been given its handle. `input` is not copied. */
  add(handle: number, major: number, length: number, input: Uint8Array | undefined, outputLength: number, done: IrpCallback): Irp {
    const irp = new Irp(++this.count, handle, major, length, input ?? EMPTY, outputLength, done);
    place(this.byIndex, handle & HANDLE_INDEX_MASK, irp);
    return irp;
  }

  /** A request was sent on: below, under this handle, it has these bytes. */
  addBelow(handle: number, major: number, length: number, input: Uint8Array, output: Uint8Array): void {
    const irp = new Irp(0, handle, major, length, input, output.length, nobody, output);
    place(this.byIndex, handle & HANDLE_INDEX_MASK, irp);
  }

  /** A request was sent on as it came: below, under this handle, it has the bytes it has above. */
  share(handle: number, above: Irp): void {
    place(this.byIndex, handle & HANDLE_INDEX_MASK, above.sharedAs(handle));
  }

  /** An IRP without bytes was sent through a port. */
  addPort(handle: number, port: Port): void {
    place(this.ports, handle & HANDLE_INDEX_MASK, port);
  }

  /** True for an IRP that came through a port and has no bytes yet. */
  isPort(handle: number): boolean {
    return this.ports[handle & HANDLE_INDEX_MASK] !== undefined;
  }

  /** Gives an IRP of a port zeroed bytes, because its driver wants some. */
  lend(handle: number, major: number, length: number): Irp {
    const port = this.takePort(handle);
    const input = major === WdfRequestType.Write ? new Uint8Array(length) : undefined;
    const outputLength = major === WdfRequestType.Read ? length : 0;
    return this.add(handle, major, length, input, outputLength, (status, information) => port?.done(handle, status, information));
  }

  /** The port of an IRP that is back, which is forgotten. */
  takePort(handle: number): Port | undefined {
    const index = handle & HANDLE_INDEX_MASK;
    const port = this.ports[index];
    if (port !== undefined) this.ports[index] = undefined;
    return port;
  }

  /** The IRP of a request, if it is still under way. */
  get(handle: number): Irp | undefined {
    const irp = this.byIndex[handle & HANDLE_INDEX_MASK];
    return irp?.handle === handle ? irp : undefined;
  }

  /** The IRP of that number, if it is still under way. */
  byOrdinal(ordinal: number): Irp | undefined {
    return ordinal === 0 ? undefined : this.byIndex.find((irp) => irp?.ordinal === ordinal);
  }

  /** The IRP has gone back: it is forgotten. */
  take(handle: number): Irp | undefined {
    const irp = this.get(handle);
    if (irp !== undefined) this.byIndex[handle & HANDLE_INDEX_MASK] = undefined;
    return irp;
  }

  /** A reserved request stands for the IRP from now on. */
  rename(from: number, to: number): void {
    const irp = this.take(from);
    if (irp === undefined) return;
    irp.handle = to;
    this.byIndex[to & HANDLE_INDEX_MASK] = irp;
  }

  /** All IRPs under way, oldest first. */
  pending(): Irp[] {
    return this.byIndex.filter((irp): irp is Irp => irp !== undefined && irp.ordinal !== 0).sort((a, b) => a.ordinal - b.ordinal);
  }
}

/** Puts something at an index without leaving holes: an engine keeps an array with large holes as a slow dictionary. */
function place<T>(array: (T | undefined)[], index: number, value: T): void {
  while (array.length < index) array.push(undefined);
  array[index] = value;
}
