// IWDFMemory: bytes, most often those of a request.

import { NtStatus } from "../../bindings/abi";
import { type HRESULT, HRESULT_FROM_NT, HRESULT_FROM_WIN32, ERROR_INVALID_OPERATION, S_OK } from "./hresult";

/** WDFMEMORY_OFFSET: where to begin, and how many bytes at most (0: all there are). */
export interface WDFMEMORY_OFFSET {
  readonly BufferOffset: number;
  readonly BufferLength: number;
}

export class UmdfMemory {
  private bytes: Uint8Array;
  private references = 1;
  /** Told of the last Release. */
  private readonly released: () => void;
  /** Made by the driver around a buffer of its own. */
  private readonly preallocated: boolean;

  constructor(bytes: Uint8Array, released: () => void = () => {}, preallocated = false) {
    this.bytes = bytes;
    this.released = released;
    this.preallocated = preallocated;
  }

  /** IUnknown::AddRef: the count afterwards. */
  AddRef(): number {
    return ++this.references;
  }

  /** IUnknown::Release: the count afterwards. A request's memory has to be released before the request is completed. */
  Release(): number {
    if (this.references > 0 && --this.references === 0) this.released();
    return this.references;
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
    if (!this.preallocated) return HRESULT_FROM_WIN32(ERROR_INVALID_OPERATION);
    this.bytes = Buffer;
    return S_OK;
  }
}

/** The part of a buffer an offset stands for, null for one beyond its end. */
function part(bytes: Uint8Array, offset: WDFMEMORY_OFFSET | null): Uint8Array | null {
  if (offset === null) return bytes;
  const { BufferOffset: from, BufferLength: asked } = offset;
  const length = asked === 0 ? bytes.length - from : asked;
  return length < 0 || from + length > bytes.length ? null : bytes.subarray(from, from + length);
}
