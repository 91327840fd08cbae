// The bytes of one IRP.
//
//                      sender's memory    system buffer                      copies of a byte
//   ────────────────── ────────────────── ────────────────────────────────── ───────────────────────────────────────
//   buffered write     input              a copy, made when the IRP is sent   1
//   buffered read      output             made when the driver asks for it    1; none when the sender brought no memory
//   METHOD_BUFFERED    input, output      one for both directions             1 in; out as a read
//   METHOD_*_DIRECT    input, output      a copy of the input                 1 in; none out
//   direct, neither    input, output      none: drivers see these bytes       none
//   sent by a driver   its WDFMEMORY      that memory itself, for reads and   none
//     formatted so                          writes
//
// When the IRP goes back, Information bytes are copied to the sender, but not after an error. In a checked System the
// driver's buffers then lose their bytes (their ArrayBuffer is detached): the system buffer always, the output memory
// when the sender did not bring it. Memory a sender has brought is its own; a driver that keeps a direct or neither buffer
// of it is not caught.

import { BufferKind, IOCTL_METHOD_MASK, IoctlMethod, WdfDeviceIoType, WdfRequestType } from "../bindings/abi";

/** What an IRP is sent with. */
export interface IrpParameters {
  readonly major: number;
  /** What the sender passes: the data of a write, the input of an ioctl. */
  readonly input?: Uint8Array | undefined;
  /** Where the sender wants the answer. Memory is made for it when it brings none. */
  readonly output?: Uint8Array | undefined;
  /** Bytes it wants, if it brings no memory. */
  readonly outputLength?: number | undefined;
  readonly code?: number | undefined;
  /** Its addresses cannot be locked. */
  readonly badBuffer?: boolean | undefined;
}

const EMPTY = new Uint8Array(0);
/** Error statuses (0xC...) carry no data; warnings (0x8...) do, all but STATUS_VERIFY_REQUIRED. */
const WARNINGS_END = 0xc0000000 | 0;
const STATUS_VERIFY_REQUIRED = 0x80000016 | 0;

/** What stands for a NULL pointer where there must be an array: no bytes. */
const NULL = new Uint8Array(0);

export class IrpBuffers {
  readonly inputLength: number;
  readonly outputLength: number;
  /** True when its addresses cannot be locked. */
  readonly isBad: boolean;
  private readonly input: Uint8Array;
  private out: Uint8Array | null;
  private readonly broughtOutput: boolean;
  /** True when the answer goes through the system buffer. */
  private readonly answersBuffered: boolean;
  private system: Uint8Array | null;
  /** The system buffer that became the sender's memory for the answer. */
  private answer: Uint8Array | null = null;
  /** True when the sender's memory is the system buffer: FxIoTarget::FormatIoRequest for a buffered device. */
  private readonly inPlace: boolean;

  constructor(parameters: IrpParameters, ioType: WdfDeviceIoType, inPlace = false) {
    const { major, input, output, code = 0 } = parameters;
    const control = isControl(major);
    const method = code & IOCTL_METHOD_MASK;
    const buffered = control ? method === IoctlMethod.Buffered : ioType === WdfDeviceIoType.Buffered;
    this.input = input ?? EMPTY;
    this.inputLength = this.input.length;
    this.out = output ?? null;
    this.broughtOutput = output !== undefined;
    this.inPlace = inPlace;
    this.outputLength = output?.length ?? parameters.outputLength ?? 0;
    this.isBad = parameters.badBuffer ?? false;
    this.answersBuffered = buffered;
    const copiesInput = this.inputLength !== 0 && (control ? method !== IoctlMethod.Neither : buffered);
    this.system = copiesInput ? copyOf(this.input, buffered ? this.outputLength : 0) : null;
  }

  /** Bytes copied so far. */
  get copied(): number {
    return this.system === null ? 0 : this.inputLength;
  }

  /** The sender's memory for the answer. */
  get output(): Uint8Array {
    return (this.out ??= this.makeOutput());
  }

  private makeOutput(): Uint8Array {
    if (this.outputLength === 0) return EMPTY;
    return this.answer === null ? new Uint8Array(this.outputLength) : firstOf(this.answer, this.outputLength);
  }

  /** What a driver that is not the framework's finds: the system buffer, or the sender's memory. */
  get driverInput(): Uint8Array {
    return this.system === null ? this.input : this.system.subarray(0, this.inputLength);
  }

  get driverOutput(): Uint8Array {
    return this.answersBuffered && this.outputLength !== 0 ? firstOf(this.systemBuffer, this.outputLength) : this.output;
  }

  /** What a driver's input buffer of that kind is. */
  inputOf(kind: BufferKind): Uint8Array {
    if (kind === BufferKind.None) return NULL;
    return kind === BufferKind.System ? firstOf(this.systemBuffer, this.inputLength) : this.input;
  }

  /** What a driver's output buffer of that kind is. */
  outputOf(kind: BufferKind): Uint8Array {
    if (kind === BufferKind.None) return NULL;
    return kind === BufferKind.System ? firstOf(this.systemBuffer, this.outputLength) : this.output;
  }

  /** The first bytes of the system buffer. */
  systemBytes(length: number): Uint8Array {
    return this.systemBuffer.subarray(0, length);
  }

  /** Irp->AssociatedIrp.SystemBuffer */
  private get systemBuffer(): Uint8Array {
    if (this.inPlace) return this.inputLength === 0 ? this.output : this.input;
    return (this.system ??= new Uint8Array(Math.max(this.inputLength, this.outputLength)));
  }

  /** The IRP goes back. Answers how many bytes had to be copied. */
  finish(status: number, information: number, checked: boolean): number {
    const { system } = this;
    this.system = null;
    if (system === null) {
      if (checked && !this.broughtOutput && this.out !== null) this.out = moved(this.out);
      return 0;
    }
    const count = this.answersBuffered && carriesData(status) ? Math.min(information, this.outputLength) : 0;
    if (count !== 0 && !this.broughtOutput) {
      this.answer = checked ? moved(system) : system;
      return 0;
    }
    if (count !== 0) this.out?.set(system.subarray(0, count));
    if (checked) moved(system);
    if (checked && !this.answersBuffered && !this.broughtOutput && this.out !== null) this.out = moved(this.out);
    return count;
  }
}

function isControl(major: number): boolean {
  return major === WdfRequestType.DeviceControl || major === WdfRequestType.DeviceControlInternal;
}

function carriesData(status: number): boolean {
  return status >= 0 || (status < WARNINGS_END && status !== STATUS_VERIFY_REQUIRED);
}

/** The first bytes, without a view of them where there are no others: a view costs more than small bytes. */
function firstOf(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.length === length ? bytes : bytes.subarray(0, length);
}

/** A copy with room for at least that many bytes. */
function copyOf(bytes: Uint8Array, room: number): Uint8Array {
  if (room <= bytes.length) return bytes.slice();
  const copy = new Uint8Array(room);
  copy.set(bytes);
  return copy;
}

/** The same bytes for somebody else: every view there was of them is empty from now on. */
function moved(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  if (length === 0) return bytes;
  const transferable = buffer as ArrayBuffer & { transfer?: () => ArrayBuffer };
  const fresh = transferable.transfer?.() ?? structuredClone(buffer, { transfer: [transferable] });
  return new Uint8Array(fresh as ArrayBuffer, byteOffset, length);
}
