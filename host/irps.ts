// The host's half of an IRP: its bytes, and whom to tell when it goes back.

import { HANDLE_INDEX_MASK, WdfDeviceIoType, WdfRequestType } from "../bindings/abi";
import { Ended } from "./ended";
import { IrpBuffers, type IrpParameters } from "./irp-buffers";
import type { Port } from "./port";
import type { Mdl } from "./user-memory";

/** Told when an IRP is back. `output` is the sender's memory. */
export type IrpCallback = (status: number, information: number, irp: { readonly output: Uint8Array }) => void;

/** Without ports. */
const NOBODY = new Uint16Array(0);
/** Ports of one System at most. */
const PORTS_MAX = 65535;
/** Who is told of what goes on below: the request above, by the core. */
function nobody(): void {}

export class Irp {
  /** Counts up from 1 over the life of the System: the r1, r2, ... of traces and reports. */
  readonly ordinal: number;
  handle: number;
  readonly major: number;
  readonly done: IrpCallback;
  readonly buffers: IrpBuffers;
  /** True while it is under way. */
  isPending = true;
  /** The MDLs drivers were given: the framework's, and Irp->MdlAddress. */
  mdl: Mdl | null = null;
  senderMdl: Mdl | null = null;
  /** True once a driver has been given one of its buffers. */
  isLent = false;

  constructor(ordinal: number, handle: number, major: number, buffers: IrpBuffers, done: IrpCallback) {
    this.ordinal = ordinal;
    this.handle = handle;
    this.major = major;
    this.done = done;
    this.buffers = buffers;
  }

  /** Parameters.Write.Length, or the bytes asked for. */
  get length(): number {
    return this.major === WdfRequestType.Write ? this.buffers.inputLength : this.buffers.outputLength;
  }

  /** The sender's memory for the answer. */
  get output(): Uint8Array {
    return this.buffers.output;
  }
}

export class Irps {
  private readonly byIndex: (Irp | undefined)[] = [];
  private readonly ports: (Port | null)[] = [null];
  /** The number in `ports` of the port an IRP without bytes came through, by the index of its handle; 0 for the others. */
  through = NOBODY;
  /** WdfDeviceIoType of each device that has said one. */
  private readonly ioTypes = new Map<number, WdfDeviceIoType>();
  /** The newest IRP, while its sender leaves its bytes alone: they are copied when a driver looks at them. */
  uncopied: Irp | null = null;
  private count = 0;
  /** Bytes copied between senders and system buffers so far. */
  bytesCopied = 0;
  /** IRPs under way of which drivers have buffers that are to be taken from them at completion. */
  lent = 0;
  private readonly ended = new Ended();
  /** True in a checked System: buffers of completed requests lose their bytes. */
  checked = false;

  /** Reads and writes of a device are buffered unless it says otherwise. */
  declareIoType(device: number, ioType: WdfDeviceIoType): void {
    this.ioTypes.set(device, ioType);
  }

  /** The number the next IRP will have. */
  get next(): number {
    return this.count + 1;
  }

  /** An IRP has been sent to a device and given its handle. */
  add(handle: number, device: number, parameters: IrpParameters, done: IrpCallback): Irp {
    const ioType = this.ioTypes.get(device) ?? WdfDeviceIoType.Buffered;
    const buffers = new IrpBuffers(parameters, ioType, this.checked);
    const irp = new Irp(++this.count, handle, parameters.major, buffers, done);
    if (buffers.needsInput) {
      if (this.uncopied !== null) this.keepInput();
      this.uncopied = irp;
    }
    place(this.byIndex, handle & HANDLE_INDEX_MASK, irp);
    return irp;
  }

  /** Senders may change their bytes from now on: what has not been copied yet is. */
  keepInput(): void {
    const irp = this.uncopied;
    this.uncopied = null;
    if (irp !== null && irp.isPending) irp.buffers.keepInput();
  }

  /** A request was sent on: below, under this handle, it has these bytes, or those it has above. */
  addBelow(handle: number, major: number, buffers: IrpBuffers): void {
    place(this.byIndex, handle & HANDLE_INDEX_MASK, new Irp(0, handle, major, buffers, nobody));
  }

  /** It is back, and forgotten below. */
  dropBelow(handle: number): Irp | undefined {
    const irp = this.get(handle);
    if (irp === undefined) return undefined;
    this.byIndex[handle & HANDLE_INDEX_MASK] = undefined;
    irp.isPending = false;
    if (irp.isLent) this.lent--;
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
    const write = major === WdfRequestType.Write;
    const parameters = { major, input: write ? new Uint8Array(length) : undefined, outputLength: write ? 0 : length };
    return this.add(handle, 0, parameters, (status, information) => port?.done(handle, status, information));
  }

  /** A driver is given one of the IRP's buffers. */
  given(irp: Irp): void {
    if (irp.isLent || !this.checked) return;
    irp.isLent = true;
    this.lent++;
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

  /** The number of the IRP a request stands for, or stood for until lately. */
  ordinalOf(handle: number): number | undefined {
    return this.get(handle)?.ordinal || this.ended.ordinalOf(handle);
  }

  /** The IRP of that number, if it is still under way. */
  byOrdinal(ordinal: number): Irp | undefined {
    return ordinal === 0 ? undefined : this.byIndex.find((irp) => irp?.ordinal === ordinal);
  }

  /** The IRP goes back: its answer is the sender's, its buffers are nobody's, and it is forgotten. */
  finish(irp: Irp, status: number, information: number): void {
    this.ended.note(irp.handle, irp.ordinal);
    this.byIndex[irp.handle & HANDLE_INDEX_MASK] = undefined;
    irp.isPending = false;
    if (irp.isLent) this.lent--;
    irp.buffers.finish(status, information, irp.isLent);
    this.bytesCopied += irp.buffers.copied;
    if (this.uncopied !== null) this.keepInput(); // a sender is about to go on
  }

  /** A reserved request stands for the IRP from now on. */
  rename(from: number, to: number): void {
    const irp = this.get(from);
    if (irp === undefined) return;
    this.byIndex[from & HANDLE_INDEX_MASK] = undefined;
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
  if (index < array.length) array[index] = value;
  else extend(array, index, value);
}

function extend<T>(array: (T | undefined)[], index: number, value: T): void {
  while (array.length < index) array.push(undefined);
  array.push(value);
}
