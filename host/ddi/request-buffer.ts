// WdfRequestRetrieve*: the bytes of a request. Out-parameters are return values; a failed call gives an empty buffer, or
// null (NULL).
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfrequest/

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import { NOTHING, inputOf, mdlOf, outputOf, userBufferOf } from "../request-memory";
import type { Mdl, UserBuffer } from "../user-memory";
import { ask } from "./call";
import type { WDFREQUEST } from "./types";

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
  return ask("WdfRequestRetrieveInputBuffer", [Request, MinimumRequiredSize], (status) => ({
    status,
    buffer: status < 0 ? NOTHING : inputOf(m, Request),
  }));
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
  return ask("WdfRequestRetrieveOutputBuffer", [Request, MinimumRequiredSize], (status) => ({
    status,
    buffer: status < 0 ? NOTHING : outputOf(m, Request),
  }));
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
