// IWDFMemory: bytes, most often those of a request.

import { NtStatus } from "../../bindings/abi";
import { WdfMemoryAssignBuffer, WdfObjectDelete } from "../ddi/index";
import type { WDFDEVICE, WDFMEMORY } from "../ddi/types";
import { ProtocolError } from "../errors";
import type { Suspendable } from "../suspension";
import { awaited, inSteps } from "./awaited";
import { type HRESULT, HRESULT_FROM_NT, HRESULT_FROM_WIN32, ERROR_INVALID_OPERATION, S_OK, hresultOf } from "./hresult";
import { WdfObject } from "./object";

/** WDFMEMORY_OFFSET: where to begin, and how many bytes at most (0: all there are). */
export interface WDFMEMORY_OFFSET {
  readonly BufferOffset: number;
  readonly BufferLength: number;
}

/** How a memory object came to be. */
interface Origin {
  /** Its handle, made when it is first needed. */
  readonly handle: () => WDFMEMORY;
  /** Told of the last Release. */
  readonly released?: () => void;
  /** The driver made it, and may delete it. */
  readonly own?: boolean;
  /** Around a buffer of the driver's, which can be changed. */
  readonly preallocated?: boolean;
}

export class UmdfMemory extends WdfObject {
  protected readonly interfaces = ["IWDFMemory"];
  private bytes: Uint8Array;
  private readonly origin: Origin;
  private held = true;

  constructor(bytes: Uint8Array, origin: Origin) {
    super();
    this.bytes = bytes;
    this.origin = origin;
  }

  get handle(): WDFMEMORY {
    return this.origin.handle();
  }

  protected get lockOwner(): WDFDEVICE {
    throw new ProtocolError("a memory object has no lock: lock a device or a queue");
  }

  /** IUnknown::Release: the count afterwards. A request's memory has to be released before the request is completed. */
  override Release(): number {
    const left = super.Release();
    if (left === 0 && this.held) this.origin.released?.();
    if (left === 0) this.held = false;
    return left;
  }

  /** IWDFObject::DeleteWdfObject: of memory the driver made. */
  override DeleteWdfObject(): Suspendable<HRESULT> {
    if (!this.origin.own) return super.DeleteWdfObject();
    return inSteps("DeleteWdfObject", function* (this: UmdfMemory) {
      yield* awaited(WdfObjectDelete(this.handle));
      return S_OK;
    }.bind(this));
  }

  /** IWDFMemory::GetDataBuffer: the bytes themselves. */
  GetDataBuffer(): Uint8Array {
    return this.bytes;
  }

  /** IWDFMemory::GetSize */
  GetSize(): number {
    return this.bytes.length;
  }

  /** IWDFMemory::CopyFromMemory: as many bytes as source and destination have. */
  CopyFromMemory(
    Source: UmdfMemory,
    SourceOffset: WDFMEMORY_OFFSET | null = null,
    DestinationOffset: WDFMEMORY_OFFSET | null = null,
  ): HRESULT {
    const from = part(Source.bytes, SourceOffset);
    const to = part(this.bytes, DestinationOffset);
    if (from === null || to === null) return HRESULT_FROM_NT(NtStatus.InvalidBufferSize);
    if (to.length < from.length) return HRESULT_FROM_NT(NtStatus.BufferTooSmall);
    to.set(from);
    return S_OK;
  }

  /** IWDFMemory::CopyFromBuffer */
  CopyFromBuffer(DestOffset: number, SourceBuffer: Uint8Array, NumOfBytesToCopyFrom = SourceBuffer.length): HRESULT {
    if (NumOfBytesToCopyFrom > SourceBuffer.length || DestOffset + NumOfBytesToCopyFrom > this.bytes.length) {
      return HRESULT_FROM_NT(NtStatus.InvalidBufferSize);
    }
    this.bytes.set(SourceBuffer.subarray(0, NumOfBytesToCopyFrom), DestOffset);
    return S_OK;
  }

  /** IWDFMemory::CopyToBuffer */
  CopyToBuffer(SourceOffset: number, TargetBuffer: Uint8Array, NumOfBytesToCopyTo = TargetBuffer.length): HRESULT {
    if (NumOfBytesToCopyTo > TargetBuffer.length || SourceOffset + NumOfBytesToCopyTo > this.bytes.length) {
      return HRESULT_FROM_NT(NtStatus.BufferTooSmall);
    }
    TargetBuffer.set(this.bytes.subarray(SourceOffset, SourceOffset + NumOfBytesToCopyTo));
    return S_OK;
  }

  /** IWDFMemory::SetBuffer: another buffer, for memory made by IWDFDriver::CreatePreallocatedWdfMemory only. */
  SetBuffer(Buffer: Uint8Array): HRESULT {
    if (!this.origin.preallocated) return HRESULT_FROM_WIN32(ERROR_INVALID_OPERATION);
    const status = WdfMemoryAssignBuffer(this.handle, Buffer);
    if (status >= 0) this.bytes = Buffer;
    return hresultOf(status);
  }
}

/** The part of a buffer an offset stands for, null for one beyond its end. */
function part(bytes: Uint8Array, offset: WDFMEMORY_OFFSET | null): Uint8Array | null {
  if (offset === null) return bytes;
  const { BufferOffset: from, BufferLength: asked } = offset;
  const length = asked === 0 ? bytes.length - from : asked;
  return length < 0 || from + length > bytes.length ? null : bytes.subarray(from, from + length);
}
