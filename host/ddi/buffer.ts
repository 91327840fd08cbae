// WdfRequestRetrieve*Buffer: the bytes of a request. Out-parameters are return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfrequest/

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import type { Irp } from "../irps";
import type { Machine } from "../machine";
import { ask } from "./call";
import type { WDFREQUEST } from "./types";

/** A status, and the buffer when it is a success. */
export interface BufferResult {
  readonly status: NtStatus;
  /** The request's own bytes, not a copy; empty after a failure. Not to be touched after completion. */
  readonly buffer: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** The host's half of a request's IRP; one that came without bytes gets zeroed ones now. */
function irpOf(m: Machine, request: WDFREQUEST): Irp | undefined {
  const irp = m.irps.get(request);
  if (irp !== undefined || !m.irps.isPort(request)) return irp;
  const major = m.exports.WdfRequestGetParameters(request);
  return m.irps.lend(request, major, m.core.outValue(0));
}

/**
 * What the sender passed: the data of a write, the input of a device control.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (no bytes, or fewer than required), STATUS_INVALID_DEVICE_REQUEST (a read, a create,
 * METHOD_NEITHER from an application), STATUS_INTERNAL_ERROR (completed; verifier)
 */
export function WdfRequestRetrieveInputBuffer(Request: WDFREQUEST, MinimumRequiredSize: number): BufferResult {
  const m = machine();
  return ask("WdfRequestRetrieveInputBuffer", [Request, MinimumRequiredSize], (status) => ({
    status,
    buffer: status < 0 ? NOTHING : (irpOf(m, Request)?.input ?? NOTHING),
  }));
}

/**
 * Where the sender wants the answer: the buffer of a read, the output of a device control. The buffered method has one
 * buffer for input and output: read the input before writing the output.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_BUFFER_TOO_SMALL (no bytes, or fewer than required), STATUS_INVALID_DEVICE_REQUEST (a write, a create,
 * METHOD_NEITHER from an application), STATUS_INTERNAL_ERROR (completed; verifier)
 */
export function WdfRequestRetrieveOutputBuffer(Request: WDFREQUEST, MinimumRequiredSize: number): BufferResult {
  const m = machine();
  return ask("WdfRequestRetrieveOutputBuffer", [Request, MinimumRequiredSize], (status) => ({
    status,
    buffer: status < 0 ? NOTHING : (irpOf(m, Request)?.output ?? NOTHING),
  }));
}
