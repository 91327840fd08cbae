// What a driver has of memory that is not its own: addresses of an application, and MDLs.

import { type BufferKind, type MdlKind, NtStatus } from "../bindings/abi";
import type { Irp } from "./irps";
import type { CoreExports } from "../bindings/core";

/** STATUS_ACCESS_VIOLATION raised in driver code (SEH). Not caught, it stops the System, with this as the cause. */
export class AccessViolation extends Error {
  override readonly name = "AccessViolation";
  readonly status = NtStatus.AccessViolation;
}

/** PMDL: memory of a request that stays where it is, for drivers that hand MDLs to others. */
export class Mdl {
  /** The framework's own for the system buffer, or Irp->MdlAddress. */
  readonly kind: MdlKind;
  /** MmGetMdlByteCount */
  readonly byteCount: number;
  private readonly irp: Irp;
  private readonly memory: Uint8Array;

  constructor(irp: Irp, kind: MdlKind, memory: Uint8Array) {
    this.irp = irp;
    this.kind = kind;
    this.memory = memory;
    this.byteCount = memory.length;
  }

  /** MmGetSystemAddressForMdlSafe. Throws {@link AccessViolation} once the request is complete. */
  get bytes(): Uint8Array {
    if (!this.irp.isPending) throw new AccessViolation("the MDL of a completed request was used");
    return this.memory;
  }
}

/** An address in the memory of the application that sent a request, as the unsafe functions and Type3InputBuffer give it. */
export class UserBuffer {
  readonly kind: BufferKind;
  readonly length: number;
  /** The application's bytes, for the functions that probe and lock them; drivers use {@link bytes}. */
  readonly memory: Uint8Array;
  readonly irp: Irp;
  private readonly exports: CoreExports;
  private readonly process: number;

  constructor(exports: CoreExports, process: number, irp: Irp, kind: BufferKind, memory: Uint8Array) {
    this.exports = exports;
    this.process = process;
    this.irp = irp;
    this.kind = kind;
    this.memory = memory;
    this.length = memory.length;
  }

  /**
   * The bytes there, for a driver that does what it should not: touch them without WdfRequestProbeAndLockUserBuffer....
   * Throws {@link AccessViolation} in another process than the sender's, for an address that is no good, and once the
   * request is complete. A driver that does not catch it (__try, __except) stops the System.
   */
  get bytes(): Uint8Array {
    if (this.irp.buffers.isBad) throw new AccessViolation("the application's address is no good");
    if (!this.irp.isPending) throw new AccessViolation("an address of a completed request was used: the application may have freed it");
    if (!this.isReachable) throw new AccessViolation("an application's address was used in another process: its memory is not there");
    return this.memory;
  }

  /** True in the process of the sender. */
  get isReachable(): boolean {
    return this.exports.currentProcess() === this.process;
  }

  /** The address that many bytes further, of a part of the buffer. */
  subarray(begin: number, end?: number): UserBuffer {
    return new UserBuffer(this.exports, this.process, this.irp, this.kind, this.memory.subarray(begin, end));
  }
}
