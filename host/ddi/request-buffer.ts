// WdfRequestRetrieve*: the bytes of a request. Out-parameters are return values; a failed call gives an empty buffer, or
// null (NULL).
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfrequest/

import { Ddi, type NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import { NOTHING, inputOf, mdlOf, outputOf, userBufferOf } from "../request-memory";
import type { Mdl, UserBuffer } from "../user-memory";
import { ask, beginShort } from "./call";
import type { WDFMEMORY, WDFREQUEST } from "./types";

/** A status, and the buffer when it is a success. */
export interface BufferResult {
  readonly status: NtStatus;
  /**
   * The request's own bytes, not a copy; empty after a failure. Not to be touched after completion: while the verifier is
   * on, the driver's view of them is then empty (its ArrayBuffer is detached).
   */
  readonly buffer: Uint8Array;
}

/** A status, and the MDL when it is a success. */
export interface MdlResult {
  readonly status: NtStatus;
  readonly mdl: Mdl | null;
}

/** A status, and the application's address when it is a success; null (NULL) for an empty buffer. */
export interface UserBufferResult {
  readonly status: NtStatus;
  readonly buffer: UserBuffer | null;
  /** Bytes there are, 0 after a failure. */
  readonly length: number;
}

const NO_ADDRESS = { buffer: null, length: 0 };

/**
 * What the sender passed: the data of a write, the input of a device control. With buffered I/O it is the system's copy of
 * it, with direct I/O the application's own memory.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (no bytes, or fewer than required), STATUS_INVALID_DEVICE_REQUEST (a read, a create,
 * METHOD_NEITHER from an application, a write of a device for neither I/O)
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestRetrieveInputBuffer(Request: WDFREQUEST, MinimumRequiredSize: number): BufferResult {
  const m = machine();
  const found = (status: NtStatus): BufferResult => ({ status, buffer: status < 0 ? NOTHING : inputOf(m, Request) });
  const name = "WdfRequestRetrieveInputBuffer";
  if (!beginShort(m, Ddi[name])) return ask(name, [Request, MinimumRequiredSize], found);
  return found(m.settle(m.exports.WdfRequestRetrieveInputBuffer(Request, MinimumRequiredSize)));
}

/**
 * Where the sender wants the answer: the buffer of a read, the output of a device control. METHOD_BUFFERED has one buffer
 * for input and output: read the input before writing the output.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (no bytes, or fewer than required), STATUS_INVALID_DEVICE_REQUEST (a write, a create,
 * METHOD_NEITHER from an application, a read of a device for neither I/O)
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestRetrieveOutputBuffer(Request: WDFREQUEST, MinimumRequiredSize: number): BufferResult {
  const m = machine();
  const found = (status: NtStatus): BufferResult => ({ status, buffer: status < 0 ? NOTHING : outputOf(m, Request) });
  const name = "WdfRequestRetrieveOutputBuffer";
  if (!beginShort(m, Ddi[name])) return ask(name, [Request, MinimumRequiredSize], found);
  return found(m.settle(m.exports.WdfRequestRetrieveOutputBuffer(Request, MinimumRequiredSize)));
}

/**
 * The MDL of the input buffer: Irp->MdlAddress of a direct write, else one that the framework makes for the system buffer,
 * once per request, as long as the buffer that was asked for first.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (no bytes), STATUS_INVALID_DEVICE_REQUEST (a read, METHOD_NEITHER, neither I/O),
 * STATUS_INVALID_PARAMETER (a create), STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestRetrieveInputWdmMdl(Request: WDFREQUEST): MdlResult {
  const m = machine();
  return ask("WdfRequestRetrieveInputWdmMdl", [Request], (status) => ({ status, mdl: status < 0 ? null : mdlOf(m, Request, true) }));
}

/**
 * The MDL of the output buffer: Irp->MdlAddress of a direct read or a METHOD_IN_DIRECT or METHOD_OUT_DIRECT ioctl, else
 * the one of the system buffer.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (no bytes), STATUS_INVALID_DEVICE_REQUEST (a write, METHOD_NEITHER, neither I/O),
 * STATUS_INVALID_PARAMETER (a create), STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestRetrieveOutputWdmMdl(Request: WDFREQUEST): MdlResult {
  const m = machine();
  return ask("WdfRequestRetrieveOutputWdmMdl", [Request], (status) => ({ status, mdl: status < 0 ? null : mdlOf(m, Request, false) }));
}

/**
 * The application's address of the input: Type3InputBuffer of a METHOD_NEITHER ioctl, the data of a write of a device for
 * neither I/O. In EvtIoInCallerContext only, before WdfDeviceEnqueueRequest; probe and lock it before use.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (fewer bytes than required; none are enough for 0), STATUS_INVALID_DEVICE_REQUEST (any
 * other request; outside EvtIoInCallerContext or above PASSIVE_LEVEL: verifier)
 */
export function WdfRequestRetrieveUnsafeUserInputBuffer(Request: WDFREQUEST, MinimumRequiredLength: number): UserBufferResult {
  const m = machine();
  return ask("WdfRequestRetrieveUnsafeUserInputBuffer", [Request, MinimumRequiredLength], (status) => ({
    status,
    ...(status < 0 ? NO_ADDRESS : userBufferOf(m, Request, true)),
  }));
}

/**
 * The application's address of the output: that of a METHOD_NEITHER ioctl, or of a read of a device for neither I/O. In
 * EvtIoInCallerContext only, before WdfDeviceEnqueueRequest; probe and lock it before use.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (fewer bytes than required; none are enough for 0), STATUS_INVALID_DEVICE_REQUEST (any
 * other request; outside EvtIoInCallerContext or above PASSIVE_LEVEL: verifier)
 */
export function WdfRequestRetrieveUnsafeUserOutputBuffer(Request: WDFREQUEST, MinimumRequiredLength: number): UserBufferResult {
  const m = machine();
  return ask("WdfRequestRetrieveUnsafeUserOutputBuffer", [Request, MinimumRequiredLength], (status) => ({
    status,
    ...(status < 0 ? NO_ADDRESS : userBufferOf(m, Request, false)),
  }));
}

/** A status, and the memory object when it is a success. */
export interface RequestMemoryResult {
  readonly status: NtStatus;
  readonly memory: WDFMEMORY;
}

/**
 * The input buffer as a memory object, the same each time, which may not be written. It goes when the request is completed.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfRequestRetrieveInputBuffer, and STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestRetrieveInputMemory(Request: WDFREQUEST): RequestMemoryResult {
  const m = machine();
  return ask("WdfRequestRetrieveInputMemory", [Request], (status) => memoryResult(m, status, () => inputOf(m, Request)));
}

/**
 * The output buffer as a memory object, the same each time. It goes when the request is completed.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfRequestRetrieveOutputBuffer, and STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestRetrieveOutputMemory(Request: WDFREQUEST): RequestMemoryResult {
  const m = machine();
  return ask("WdfRequestRetrieveOutputMemory", [Request], (status) => memoryResult(m, status, () => outputOf(m, Request)));
}

/** The handle in the first out value, with its bytes. */
function memoryResult(m: Machine, status: NtStatus, bytes: () => Uint8Array): RequestMemoryResult {
  const memory = m.core.outValue(0) as WDFMEMORY;
  if (status < 0) return { status, memory: 0 as WDFMEMORY };
  if (m.names.short(memory) === undefined) {
    m.names.addNumbered(memory, "m");
    m.contents.setBytes(memory, bytes(), false);
  }
  return { status, memory };
}

/**
 * Probes an address of the application and locks what is there, so that the driver may read it anywhere, until the request
 * is completed. In the sender's own thread: in EvtIoInCallerContext.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_USER_BUFFER for no bytes, STATUS_ACCESS_VIOLATION (another thread than the sender's, or an address
 * that is no good), STATUS_INVALID_DEVICE_REQUEST (not owned, above PASSIVE_LEVEL: verifier), STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL for a NULL address; WDF_VERIFIER_FATAL_ERROR when the request is
 * completed while the driver still references the memory
 */
export function WdfRequestProbeAndLockUserBufferForRead(
  Request: WDFREQUEST,
  Buffer: UserBuffer | null,
  Length: number,
): RequestMemoryResult {
  const m = machine();
  const args = [Request, Buffer === null ? 0 : 1, Length];
  return ask("WdfRequestProbeAndLockUserBufferForRead", args, (status) => memoryResult(m, status, () => locked(Buffer, Length)));
}

/**
 * Probes an address of the application and locks what is there, so that the driver may write it anywhere, until the request
 * is completed. In the sender's own thread: in EvtIoInCallerContext.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_USER_BUFFER for no bytes, STATUS_ACCESS_VIOLATION (another thread than the sender's, or an address
 * that is no good), STATUS_INVALID_DEVICE_REQUEST (not owned, above PASSIVE_LEVEL: verifier), STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL for a NULL address; WDF_VERIFIER_FATAL_ERROR when the request is
 * completed while the driver still references the memory
 */
export function WdfRequestProbeAndLockUserBufferForWrite(
  Request: WDFREQUEST,
  Buffer: UserBuffer | null,
  Length: number,
): RequestMemoryResult {
  const m = machine();
  const args = [Request, Buffer === null ? 0 : 1, Length];
  return ask("WdfRequestProbeAndLockUserBufferForWrite", args, (status) => memoryResult(m, status, () => locked(Buffer, Length)));
}

function locked(buffer: UserBuffer | null, length: number): Uint8Array {
  return buffer?.memory.subarray(0, length) ?? NOTHING;
}
