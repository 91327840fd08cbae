// WdfIoTargetFormatRequestFor*, WdfIoTargetSend*Synchronously: what a request asks of its target.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfiotarget/

import { FormatWord, type NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import { sentBytes } from "../sent";
import type { Suspendable } from "../suspension";
import { call } from "./call";
import { writeSendOptions } from "./send-options";
import type { WdfMemoryOffset, WdfRequestSendOptions } from "./target-types";
import type { WDFIOTARGET, WDFMEMORY, WDFREQUEST } from "./types";

/** The buffers of a request, as WDFMEMORYs with ranges. */
interface FormatMemory {
  readonly memory?: WDFMEMORY | undefined;
  readonly offset?: WdfMemoryOffset | undefined;
  readonly input?: WDFMEMORY | undefined;
  readonly inputOffset?: WdfMemoryOffset | undefined;
  readonly code?: number;
  readonly deviceOffset?: number | undefined;
  /** Buffers that are no WDFMEMORY. */
  readonly bytes?: Uint8Array | undefined;
  readonly inputBytes?: Uint8Array | undefined;
}

const HIGH = 2 ** 32;

/** Writes the structure of a format into the scratch area. */
function writeFormat(m: Machine, format: FormatMemory, lent = 0, lentInput = 0): void {
  const { memory, offset, input, inputOffset } = format;
  const deviceOffset = format.deviceOffset ?? 0;
  m.core.writeScratch(FormatWord.Major, [
    0,
    format.code ?? 0,
    memory ?? 0,
    offset === undefined ? 0 : 1,
    offset?.bufferOffset ?? 0,
    offset?.bufferLength ?? 0,
    input ?? 0,
    inputOffset === undefined ? 0 : 1,
    inputOffset?.bufferOffset ?? 0,
    inputOffset?.bufferLength ?? 0,
    deviceOffset % HIGH | 0,
    Math.floor(deviceOffset / HIGH) | 0,
    format.bytes?.length ?? 0,
    format.inputBytes?.length ?? 0,
    lent,
    lentInput,
  ]);
}

function formatting(name: string, target: WDFIOTARGET, request: WDFREQUEST, format: FormatMemory): Suspendable<NtStatus> {
  writeFormat(machine(), format);
  return call(name, [target, request], (status) => status);
}

/**
 * Formats a request as a read into a memory object, which the request then keeps alive until it is used again, formatted
 * again, completed or deleted.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_STATE (target not open), STATUS_INTEGER_OVERFLOW (range beyond the memory),
 * STATUS_REQUEST_NOT_ACCEPTED (too few stack locations)
 */
export function WdfIoTargetFormatRequestForRead(
  IoTarget: WDFIOTARGET,
  Request: WDFREQUEST,
  OutputBuffer?: WDFMEMORY,
  OutputBufferOffset?: WdfMemoryOffset,
  DeviceOffset?: number,
): Suspendable<NtStatus> {
  const format = { memory: OutputBuffer, offset: OutputBufferOffset, deviceOffset: DeviceOffset };
  return formatting("WdfIoTargetFormatRequestForRead", IoTarget, Request, format);
}

/**
 * Formats a request as a write from a memory object.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfIoTargetFormatRequestForRead
 */
export function WdfIoTargetFormatRequestForWrite(
  IoTarget: WDFIOTARGET,
  Request: WDFREQUEST,
  InputBuffer?: WDFMEMORY,
  InputBufferOffset?: WdfMemoryOffset,
  DeviceOffset?: number,
): Suspendable<NtStatus> {
  const format = { memory: InputBuffer, offset: InputBufferOffset, deviceOffset: DeviceOffset };
  return formatting("WdfIoTargetFormatRequestForWrite", IoTarget, Request, format);
}

/**
 * Formats a request as a device control.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfIoTargetFormatRequestForRead
 */
export function WdfIoTargetFormatRequestForIoctl(
  IoTarget: WDFIOTARGET,
  Request: WDFREQUEST,
  IoctlCode: number,
  InputBuffer?: WDFMEMORY,
  InputBufferOffset?: WdfMemoryOffset,
  OutputBuffer?: WDFMEMORY,
  OutputBufferOffset?: WdfMemoryOffset,
): Suspendable<NtStatus> {
  const format = { code: IoctlCode, input: InputBuffer, inputOffset: InputBufferOffset, memory: OutputBuffer, offset: OutputBufferOffset };
  return formatting("WdfIoTargetFormatRequestForIoctl", IoTarget, Request, format);
}

/**
 * Formats a request as an internal device control, which only drivers send.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfIoTargetFormatRequestForRead
 */
export function WdfIoTargetFormatRequestForInternalIoctl(
  IoTarget: WDFIOTARGET,
  Request: WDFREQUEST,
  IoctlCode: number,
  InputBuffer?: WDFMEMORY,
  InputBufferOffset?: WdfMemoryOffset,
  OutputBuffer?: WDFMEMORY,
  OutputBufferOffset?: WdfMemoryOffset,
): Suspendable<NtStatus> {
  const format = { code: IoctlCode, input: InputBuffer, inputOffset: InputBufferOffset, memory: OutputBuffer, offset: OutputBufferOffset };
  return formatting("WdfIoTargetFormatRequestForInternalIoctl", IoTarget, Request, format);
}

/** What a synchronous send came to; the bytes count after a failure as well. */
export interface SyncResult {
  readonly status: NtStatus;
  readonly bytesReturned: number;
}

/** WDF_MEMORY_DESCRIPTOR: a memory object, or plain bytes. */
export type WdfMemoryDescriptor =
  | { readonly memory: WDFMEMORY; readonly offset?: WdfMemoryOffset }
  | { readonly buffer: Uint8Array };

function described(buffer: WdfMemoryDescriptor | undefined): FormatMemory {
  if (buffer === undefined) return {};
  return "buffer" in buffer ? { bytes: buffer.buffer } : { memory: buffer.memory, offset: buffer.offset };
}

/** Sends and waits. Bytes that are no WDFMEMORY are lent to whoever is below for that time. */
function sending(
  name: string,
  target: WDFIOTARGET,
  request: WDFREQUEST | undefined,
  format: FormatMemory,
  options: WdfRequestSendOptions | undefined,
): Suspendable<SyncResult> {
  const m = machine();
  const lent = sentBytes(m).lend(format.bytes);
  const lentInput = sentBytes(m).lend(format.inputBytes);
  writeFormat(m, format, lent, lentInput);
  writeSendOptions(m, options);
  return call(name, [target, request ?? 0], (status) => {
    sentBytes(m).takeBack(lent, lentInput);
    return { status, bytesReturned: m.core.outValue(0) };
  });
}

/**
 * Sends a read and waits for it. Without a request the framework makes one for the call.
 *
 * @irql PASSIVE_LEVEL
 * @returns the request's status; STATUS_INVALID_DEVICE_REQUEST (above PASSIVE_LEVEL; verifier), STATUS_INVALID_DEVICE_STATE
 * (target not accepting), STATUS_IO_TIMEOUT
 */
export function WdfIoTargetSendReadSynchronously(
  IoTarget: WDFIOTARGET,
  Request?: WDFREQUEST,
  OutputBuffer?: WdfMemoryDescriptor,
  DeviceOffset?: number,
  RequestOptions?: WdfRequestSendOptions,
): Suspendable<SyncResult> {
  const format = { ...described(OutputBuffer), deviceOffset: DeviceOffset };
  return sending("WdfIoTargetSendReadSynchronously", IoTarget, Request, format, RequestOptions);
}

/**
 * Sends a write and waits for it.
 *
 * @irql PASSIVE_LEVEL
 * @returns as WdfIoTargetSendReadSynchronously
 */
export function WdfIoTargetSendWriteSynchronously(
  IoTarget: WDFIOTARGET,
  Request?: WDFREQUEST,
  InputBuffer?: WdfMemoryDescriptor,
  DeviceOffset?: number,
  RequestOptions?: WdfRequestSendOptions,
): Suspendable<SyncResult> {
  const format = { ...described(InputBuffer), deviceOffset: DeviceOffset };
  return sending("WdfIoTargetSendWriteSynchronously", IoTarget, Request, format, RequestOptions);
}

function control(
  name: string,
  target: WDFIOTARGET,
  request: WDFREQUEST | undefined,
  code: number,
  input: WdfMemoryDescriptor | undefined,
  output: WdfMemoryDescriptor | undefined,
  options: WdfRequestSendOptions | undefined,
): Suspendable<SyncResult> {
  const from = described(input);
  const format = { ...described(output), code, input: from.memory, inputOffset: from.offset, inputBytes: from.bytes };
  return sending(name, target, request, format, options);
}

/**
 * Sends a device control and waits for it.
 *
 * @irql PASSIVE_LEVEL
 * @returns as WdfIoTargetSendReadSynchronously
 */
export function WdfIoTargetSendIoctlSynchronously(
  IoTarget: WDFIOTARGET,
  Request: WDFREQUEST | undefined,
  IoctlCode: number,
  InputBuffer?: WdfMemoryDescriptor,
  OutputBuffer?: WdfMemoryDescriptor,
  RequestOptions?: WdfRequestSendOptions,
): Suspendable<SyncResult> {
  return control("WdfIoTargetSendIoctlSynchronously", IoTarget, Request, IoctlCode, InputBuffer, OutputBuffer, RequestOptions);
}

/**
 * Sends an internal device control and waits for it.
 *
 * @irql PASSIVE_LEVEL
 * @returns as WdfIoTargetSendReadSynchronously
 */
export function WdfIoTargetSendInternalIoctlSynchronously(
  IoTarget: WDFIOTARGET,
  Request: WDFREQUEST | undefined,
  IoctlCode: number,
  InputBuffer?: WdfMemoryDescriptor,
  OutputBuffer?: WdfMemoryDescriptor,
  RequestOptions?: WdfRequestSendOptions,
): Suspendable<SyncResult> {
  return control("WdfIoTargetSendInternalIoctlSynchronously", IoTarget, Request, IoctlCode, InputBuffer, OutputBuffer, RequestOptions);
}
