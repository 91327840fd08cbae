// WdfRequest*: what a request says about itself. Out-parameters are return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfrequest/

import { type NtStatus, ParametersWord, type ProcessorMode, SCRATCH_ADDRESS, STRUCTURE_SIZE } from "../../bindings/abi";
import { machine } from "../current";
import { type3Of } from "../request-memory";
import { ask, nothing, yes } from "./call";
import type { WDFFILEOBJECT, WDFREQUEST, WdfRequestParameters } from "./types";

/**
 * Sets the number of bytes transferred, for a WdfRequestComplete to come.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestSetInformation(Request: WDFREQUEST, Information: number): void {
  ask("WdfRequestSetInformation", [Request, Information], nothing);
}

/**
 * The information set so far, 0 at birth.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestGetInformation(Request: WDFREQUEST): number {
  return ask("WdfRequestGetInformation", [Request], (information) => information >>> 0);
}

/**
 * IoStatus.Status: 0 until a lower driver has completed the request.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestGetStatus(Request: WDFREQUEST): NtStatus {
  return ask("WdfRequestGetStatus", [Request], (status) => status);
}

/**
 * Who sent the request: UserMode for an application, KernelMode for a driver.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck a fault, for a request that is complete, without the verifier; with it UserMode and a break
 */
export function WdfRequestGetRequestorMode(Request: WDFREQUEST): ProcessorMode {
  return ask("WdfRequestGetRequestorMode", [Request], (mode) => mode);
}

/**
 * The process the request was sent from; 0 once it is complete.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestGetRequestorProcessId(Request: WDFREQUEST): number {
  return ask("WdfRequestGetRequestorProcessId", [Request], (process) => process);
}

/**
 * Always FALSE: the processes of this machine are 64-bit ones.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck a fault, for a request that is complete
 */
export function WdfRequestIsFrom32BitProcess(Request: WDFREQUEST): boolean {
  return ask("WdfRequestIsFrom32BitProcess", [Request], yes);
}

/**
 * What the sender asks for. All zero for a request that is complete (verifier), and for a structure whose Size is wrong.
 * While the verifier is on the address of a METHOD_NEITHER ioctl's input (type3InputBuffer) is null.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck a fault, for a request that is complete, without the verifier
 */
export function WdfRequestGetParameters(Request: WDFREQUEST, Size: number = STRUCTURE_SIZE): WdfRequestParameters {
  const m = machine();
  return ask("WdfRequestGetParameters", [Request, Size], (type) => {
    const word = (index: ParametersWord): number => m.core.word(SCRATCH_ADDRESS + index * 4) >>> 0;
    return {
      type,
      minorFunction: 0,
      length: word(ParametersWord.Length),
      inputBufferLength: word(ParametersWord.InputLength),
      ioControlCode: word(ParametersWord.IoControlCode),
      type3InputBuffer: word(ParametersWord.Type3InputBuffer) === 0 ? null : type3Of(m, Request),
      deviceOffset: offsetOf(word(ParametersWord.OffsetLow), word(ParametersWord.OffsetHigh)),
      key: word(ParametersWord.Key),
    };
  });
}

/** A signed 64-bit offset as a number; only those beyond 2^53 are rounded. */
function offsetOf(low: number, high: number): number {
  return (high | 0) * 0x100000000 + low;
}

/**
 * The file object the request was sent through, or NULL (0).
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestGetFileObject(Request: WDFREQUEST): WDFFILEOBJECT {
  return ask("WdfRequestGetFileObject", [Request], (file) => file as WDFFILEOBJECT);
}
