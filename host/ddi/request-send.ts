// WdfRequest*: requests a driver makes, formats, sends, cancels and uses again.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfrequest/

import { CONFIG_WORD, FormatWord, type NtStatus, RoutineKind, STRUCTURE_SIZE } from "../../bindings/abi";
import { machine } from "../current";
import { completionParams } from "../routines";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { writeSendOptions } from "./send-options";
import { ask, call, nothing, yes } from "./call";
import type {
  EvtRequestCompletionRoutine,
  StackLocation,
  WdfRequestCompletionParams,
  WdfRequestReuseParams,
  WdfRequestSendOptions,
} from "./target-types";
import type { WDFIOTARGET, WDFREQUEST, WdfObjectAttributes } from "./types";

const HIGH = 2 ** 32;

/**
 * Makes a request that the driver can send. It cannot be completed: delete it. With a target it can be sent there at once;
 * without one a target has to format it first.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_STATE for a target that is not open, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfRequestCreate(
  RequestAttributes: WdfObjectAttributes | undefined,
  IoTarget?: WDFIOTARGET,
): { readonly status: NtStatus; readonly request: WDFREQUEST } {
  const m = machine();
  writeAttributes(m, RequestAttributes);
  return ask("WdfRequestCreate", [IoTarget ?? 0], (status) => {
    const request = m.core.outValue(0) as WDFREQUEST;
    if (status >= 0) m.names.addNumbered(request, "d");
    return { status, request };
  });
}

/**
 * Makes a request ready to be formatted and sent again: its completion routine and what an earlier format holds are gone.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_PARAMETER (size, flags), STATUS_WDF_REQUEST_INVALID_STATE (a new IRP for a received request)
 */
export function WdfRequestReuse(Request: WDFREQUEST, ReuseParams: WdfRequestReuseParams): Suspendable<NtStatus> {
  const { size, flags, status, newIrp } = ReuseParams;
  machine().core.writeScratch(CONFIG_WORD, [size ?? STRUCTURE_SIZE, flags ?? 0, status, newIrp === true ? 1 : 0]);
  return call("WdfRequestReuse", [Request], (result) => result);
}

/**
 * Asks whether a request can be sent to another target, and makes a driver-created one fit for it.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_STATE (target not open), STATUS_REQUEST_NOT_ACCEPTED (too few stack locations)
 */
export function WdfRequestChangeTarget(Request: WDFREQUEST, IoTarget: WDFIOTARGET): Suspendable<NtStatus> {
  return call("WdfRequestChangeTarget", [Request, IoTarget], (status) => status);
}

/**
 * Sends a request to a target. True: the target has it, and the completion routine is called when it is back (perhaps
 * before this returns); a synchronous send is back already. False: it was not sent, and WdfRequestGetStatus says why.
 *
 * @irql <= DISPATCH_LEVEL; PASSIVE_LEVEL for a synchronous send
 * @bugcheck WDF_VIOLATION / WDF_REQUEST_FATAL_ERROR / REQUEST_ALREADY_SENT for a request that is out
 */
export function WdfRequestSend(Request: WDFREQUEST, Target: WDFIOTARGET, Options?: WdfRequestSendOptions): Suspendable<boolean> {
  writeSendOptions(machine(), Options);
  return call("WdfRequestSend", [Request, Target], yes);
}

/**
 * Asks whoever has a sent request to give it up. The completion routine is called all the same, with whatever status the
 * request comes back with. False: there was nobody to ask. The request cannot be sent again before WdfRequestReuse.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestCancelSentRequest(Request: WDFREQUEST): Suspendable<boolean> {
  return call("WdfRequestCancelSentRequest", [Request], yes);
}

/**
 * Names the routine that is called once when the request is back from its target; none takes it away.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestSetCompletionRoutine(
  Request: WDFREQUEST,
  CompletionRoutine: EvtRequestCompletionRoutine | null,
  CompletionContext = 0,
): void {
  const routine = machine().callbacks.of(Request, RoutineKind.RequestCompletion, CompletionRoutine);
  ask("WdfRequestSetCompletionRoutine", [Request, routine, CompletionContext], nothing);
}

/**
 * The device below gets what this driver got: IoCopyCurrentIrpStackLocationToNext.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUEST_FATAL_ERROR: NULL_IRP for a request without IRP, NO_MORE_STACK_LOCATIONS for a bus
 * driver's device, below which there is nothing
 */
export function WdfRequestFormatRequestUsingCurrentType(Request: WDFREQUEST): void {
  ask("WdfRequestFormatRequestUsingCurrentType", [Request], nothing);
}

/**
 * The device below gets this stack location.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck as WdfRequestFormatRequestUsingCurrentType
 */
export function WdfRequestWdmFormatUsingStackLocation(Request: WDFREQUEST, Stack: StackLocation): void {
  const offset = Stack.byteOffset ?? 0;
  const words = Array.from({ length: FormatWord.InputBufferLength - FormatWord.Major + 1 }, () => 0);
  const put = (word: FormatWord, value: number): void => void (words[word - FormatWord.Major] = value);
  put(FormatWord.Major, Stack.majorFunction);
  put(FormatWord.Code, Stack.ioControlCode ?? 0);
  put(FormatWord.BufferLength, Stack.length ?? 0);
  put(FormatWord.InputBufferLength, Stack.inputBufferLength ?? 0);
  put(FormatWord.DeviceOffsetLow, offset % HIGH | 0);
  put(FormatWord.DeviceOffsetHigh, Math.floor(offset / HIGH) | 0);
  machine().core.writeScratch(FormatWord.Major, words);
  ask("WdfRequestWdmFormatUsingStackLocation", [Request], nothing);
}

/**
 * What a request came back with, undefined when no target has formatted it (verifier break).
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfRequestGetCompletionParams(Request: WDFREQUEST): WdfRequestCompletionParams | undefined {
  const m = machine();
  return ask("WdfRequestGetCompletionParams", [Request], (found) => (found === 0 ? undefined : completionParams(m.core)));
}

