// The bytes of one IRP.
//
//                      sender's memory    system buffer                      copies of a byte
//   ────────────────── ────────────────── ────────────────────────────────── ───────────────────────────────────────
//   buffered write     input              a copy, made when a driver asks     1; 2 of one that waits, when checked
//                                         for it, else when the sender may
//                                         change its bytes again
//   buffered read      output             made when a driver asks for it      1; none when the sender brought no memory
//                                                                             and the System is not checked
//   METHOD_BUFFERED    input, output      one for both directions             1 in, as a write; out as a read
//   METHOD_*_DIRECT    input, output      a copy of the input, as of a write  1 in; none out
//   direct, neither    input, output      none: drivers see these bytes       none
//   sent by a driver   its WDFMEMORY      that memory itself, for reads and   none
//     formatted so                          writes
//
// When the IRP goes back, Information bytes are copied to the sender, but not after an error. In a checked System the
// driver's buffers then lose their bytes (their ArrayBuffer is detached): the system buffer always, the output memory
// when the sender did not bring it. Memory a sender has brought is its own; a driver that keeps a direct or neither buffer
// of it is not caught.

import { BufferKind, IOCTL_METHOD_MASK, IoctlMethod, WdfDeviceIoType, WdfRequestType } from "../bindings/abi";
import { isLent, lend, moved, takeBack } from "../bindings/lendable";

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

/** What there is to know of the buffers of an IRP, in one word. */
enum Fact {
  /** The answer goes through the system buffer. */
  AnswersBuffered = 1,
  /** The system buffer begins with a copy of the input. */
  CopiesInput = 2,
  /** The sender has memory for the answer. */
  BroughtOutput = 4,
  /** Its addresses cannot be locked. */
  Bad = 8,
  /** The sender's memory is the system buffer: FxIoTarget::FormatIoRequest for a buffered device. */
  InPlace = 16,
  /** The driver's buffers lose their bytes at completion. */
  Checked = 32,
  /** It is back, and what it was sent with is the answer: no driver has looked at the system buffer. */
  AnsweredByInput = 64,
  /** It is back, and what was the system buffer is the answer. */
  AnsweredBySystem = 128,
}

export class IrpBuffers {
  readonly outputLength: number;
  /** Bytes copied so far. */
  copied = 0;
  private facts: number;
  private input: Uint8Array;
  private out: Uint8Array | null;
  /** Irp->AssociatedIrp.SystemBuffer; what became of it, when the IRP is back. */
  private system: Uint8Array | null = null;

  constructor(parameters: IrpParameters, ioType: WdfDeviceIoType, checked = false, inPlace = false) {
    const { major, input, output } = parameters;
    this.input = input ?? EMPTY;
    this.out = output ?? null;
    this.outputLength = output === undefined ? (parameters.outputLength ?? 0) : output.length;
    let facts = (checked ? Fact.Checked : 0) | (inPlace ? Fact.InPlace : 0);
    if (output !== undefined) facts |= Fact.BroughtOutput;
    if (parameters.badBuffer === true) facts |= Fact.Bad;
    if (isControl(major)) {
      const method = (parameters.code ?? 0) & IOCTL_METHOD_MASK;
      if (method === IoctlMethod.Buffered) facts |= Fact.AnswersBuffered | Fact.CopiesInput;
      else if (method !== IoctlMethod.Neither) facts |= Fact.CopiesInput;
    } else if (ioType === WdfDeviceIoType.Buffered) facts |= Fact.AnswersBuffered | Fact.CopiesInput;
    this.facts = this.input.length === 0 ? facts & ~Fact.CopiesInput : facts;
  }

  get inputLength(): number {
    return this.input.length;
  }

  private has(fact: Fact): boolean {
    return (this.facts & fact) !== 0;
  }

  /** True when its addresses cannot be locked. */
  get isBad(): boolean {
    return this.has(Fact.Bad);
  }

  /** True while the sender must leave its bytes alone, because they were not copied yet. */
  get needsInput(): boolean {
    return this.has(Fact.CopiesInput) && this.system === null;
  }

  /**
   * The sender may change its bytes from now on. In a checked System that is not the system buffer yet: of those that can be
   * taken from drivers without much ado there are few, and this request may wait for long.
   */
  keepInput(): void {
    if (!this.needsInput) return;
    if (!this.has(Fact.Checked)) this.makeSystem();
    else {
      this.input = new Uint8Array(this.input);
      this.copied += this.inputLength;
    }
  }

  /** The sender's memory for the answer. */
  get output(): Uint8Array {
    return (this.out ??= this.makeOutput());
  }

  private makeOutput(): Uint8Array {
    if (this.outputLength === 0) return EMPTY;
    if (this.has(Fact.AnsweredByInput)) return copyOf(this.input.subarray(0, this.outputLength), this.outputLength);
    return this.has(Fact.AnsweredBySystem) ? firstOf(this.system!, this.outputLength) : new Uint8Array(this.outputLength);
  }

  /** What a driver that is not the framework's finds: the system buffer, or the sender's memory. */
  get driverInput(): Uint8Array {
    return this.has(Fact.CopiesInput) ? this.systemBuffer.subarray(0, this.inputLength) : this.input;
  }

  get driverOutput(): Uint8Array {
    return this.has(Fact.AnswersBuffered) && this.outputLength !== 0 ? firstOf(this.systemBuffer, this.outputLength) : this.output;
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
    if (this.has(Fact.InPlace)) return this.inputLength === 0 ? this.output : this.input;
    return this.system ?? this.makeSystem();
  }

  private makeSystem(): Uint8Array {
    const copies = this.has(Fact.CopiesInput);
    const forInput = copies && !this.has(Fact.AnswersBuffered);
    const size = forInput ? this.inputLength : Math.max(this.inputLength, this.outputLength);
    if (copies) this.copied += this.inputLength;
    if (!this.has(Fact.Checked)) return (this.system = copies ? copyOf(this.input, size) : new Uint8Array(size));
    this.system = lend(size);
    if (copies) this.system.set(this.input);
    return this.system;
  }

  /** The IRP goes back; `lent`: drivers have buffers of it. */
  finish(status: number, information: number, lent: boolean): void {
    const { system } = this;
    this.system = null;
    const count = this.has(Fact.AnswersBuffered) && carriesData(status) ? Math.min(information, this.outputLength) : 0;
    if (system !== null) this.finishSystem(system, count, lent || isLent(system));
    else if (count !== 0 && this.has(Fact.CopiesInput)) this.answerInput(count);
    if (lent && !this.has(Fact.BroughtOutput) && this.out !== null && this.system === null) this.out = moved(this.out);
  }

  /** `takes`: drivers have it, and must not. */
  private finishSystem(system: Uint8Array, count: number, takes: boolean): void {
    const checked = takes && this.has(Fact.Checked);
    if (count !== 0 && !this.has(Fact.BroughtOutput)) {
      if (isLent(system)) this.copied += count;
      this.system = checked ? moved(system) : system;
      this.facts |= Fact.AnsweredBySystem;
      return;
    }
    if (count !== 0) {
      this.out?.set(system.subarray(0, count));
      this.copied += count;
    }
    if (checked) takeBack(system);
  }

  /** No driver has looked at the system buffer, in which the input stands. */
  private answerInput(count: number): void {
    const { input, out } = this;
    this.copied += Math.min(count, input.length);
    if (out === null) this.facts |= Fact.AnsweredByInput;
    else out.fill(0, 0, count).set(input.subarray(0, count));
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

/** A copy with room for at least that many bytes. A Buffer's slice() would be none. */
function copyOf(bytes: Uint8Array, room: number): Uint8Array {
  if (room <= bytes.length) return new Uint8Array(bytes);
  const copy = new Uint8Array(room);
  copy.set(bytes);
  return copy;
}
