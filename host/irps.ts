// The host's half of an IRP: its bytes, and whom to tell when it goes back.

import { HANDLE_INDEX_MASK, WdfRequestType } from "../bindings/abi";
import type { Port } from "./port";

/** Told when an IRP is back. */
export type IrpCallback = (status: number, information: number, irp: { readonly output: Uint8Array }) => void;

const EMPTY = new Uint8Array(0);
/** Without ports. */
const NOBODY = new Uint16Array(0);
/** Ports of one System at most. */
const PORTS_MAX = 65535;

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
  ) {
    this.ordinal = ordinal;
    this.handle = handle;
    this.major = major;
    this.length = length;
    this.from = input;
    this.outputLength = outputLength;
    this.done = done;
    if (outputLength === 0 && !this.isControl) this.to = EMPTY;
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
  private readonly ports: (Port | null)[] = [null];
  /** The number in `ports` of the port an IRP without bytes came through, by the index of its handle; 0 for the others. */
  through = NOBODY;
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

  /** A port is made. Its number: what it writes to `through` for each IRP it sends. */
  addPort(port: Port): number {
    if (this.through.length === 0) this.through = new Uint16Array(HANDLE_INDEX_MASK + 1);
    if (this.ports.length > PORTS_MAX) throw new RangeError(`a System has at most ${PORTS_MAX} ports`);
    return this.ports.push(port) - 1;
  }

  /** Memory has grown. */
  renewPorts(): void {
    for (const port of this.ports) port?.renew();
  }

  /** True for an IRP that came through a port and has no bytes yet. */
  isPort(handle: number): boolean {
    return this.through !== NOBODY && this.through[handle & HANDLE_INDEX_MASK] !== 0;
  }

  /** Gives an IRP of a port zeroed bytes, because its driver wants some. */
  lend(handle: number, major: number, length: number): Irp {
    const port = this.takePort(handle);
    const input = major === WdfRequestType.Write ? new Uint8Array(length) : undefined;
    const outputLength = major === WdfRequestType.Read ? length : 0;
    return this.add(handle, major, length, input, outputLength, (status, information) => port?.done(handle, status, information));
  }

  /** The port of an IRP that is back, which is forgotten; null when it came another way. */
  takePort(handle: number): Port | null {
    const { through } = this;
    if (through === NOBODY) return null;
    const index = handle & HANDLE_INDEX_MASK;
    const port = through[index];
    if (port !== 0) through[index] = 0;
    return this.ports[port];
  }

  /** The IRP of a request, if it is still under way. */
  get(handle: number): Irp | undefined {
    const irp = this.byIndex[handle & HANDLE_INDEX_MASK];
    return irp?.handle === handle ? irp : undefined;
  }

  /** The IRP of that number, if it is still under way. */
  byOrdinal(ordinal: number): Irp | undefined {
    return this.byIndex.find((irp) => irp?.ordinal === ordinal);
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
    return this.byIndex.filter((irp) => irp !== undefined).sort((a, b) => a.ordinal - b.ordinal);
  }
}

/** Puts something at an index without leaving holes: an engine keeps an array with large holes as a slow dictionary. */
function place<T>(array: (T | undefined)[], index: number, value: T): void {
  if (index < array.length) array[index] = value;
  else extend(array, index, value);
}

function extend<T>(array: (T | undefined)[], index: number, value: T): void {
  while (array.length < index) array.push(undefined);
  array.push(value);
}
