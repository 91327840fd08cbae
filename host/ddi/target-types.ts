// The structures and callback types of I/O targets and of requests that are sent to them.

import type { NtStatus, WdfIoTargetOpenType } from "../../bindings/abi";
import type { Routine, WDFDEVICE, WDFIOTARGET, WDFREQUEST } from "./types";

/** WDFMEMORY_OFFSET: a range of a memory object. Length 0: to its end. */
export interface WdfMemoryOffset {
  readonly bufferOffset: number;
  readonly bufferLength: number;
}

/** WDF_REQUEST_COMPLETION_PARAMS */
export interface WdfRequestCompletionParams {
  /** WdfRequestType, 0xff (NoFormat) for a request that no target has formatted. */
  readonly type: number;
  readonly ioStatus: { readonly status: NtStatus; readonly information: number };
  /** Read and write: bytes transferred, the memory and where in it. Device control: bytes of the output. */
  readonly parameters: {
    readonly length: number;
    readonly buffer: number;
    readonly offset: number;
    readonly ioControlCode: number;
    readonly inputBuffer: number;
    readonly inputOffset: number;
  };
}

/** EVT_WDF_REQUEST_COMPLETION_ROUTINE. IRQL <= DISPATCH_LEVEL, no lock held; the driver owns the request again. */
export type EvtRequestCompletionRoutine = Routine<
  [Request: WDFREQUEST, Target: WDFIOTARGET, Params: WdfRequestCompletionParams, Context: number],
  void
>;

/** WDF_REQUEST_SEND_OPTIONS */
export interface WdfRequestSendOptions {
  /** WdfRequestSendOption flags */
  readonly flags: number;
  /** In units of 100 ns: negative from now, positive absolute, 0 for none. Counts with the flag Timeout. */
  readonly timeout?: number;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  readonly size?: number;
}

/** WDF_REQUEST_REUSE_PARAMS */
export interface WdfRequestReuseParams {
  /** WdfRequestReuseFlag flags */
  readonly flags?: number;
  readonly status: NtStatus;
  /** With the flag SetNewIrp: whether there is a new IRP; without one the request has none. */
  readonly newIrp?: boolean;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  readonly size?: number;
}

/** WDF_IO_TARGET_OPEN_PARAMS */
export interface WdfIoTargetOpenParams {
  readonly type: WdfIoTargetOpenType;
  /** UseExistingDevice: a device of this System. */
  readonly targetDeviceObject?: WDFDEVICE;
  /** UseExistingDevice: instead, the driver below that device, which is not the framework's. */
  readonly below?: WDFDEVICE;
  /** ByName: a symbolic link of a device, or one of its interfaces. */
  readonly targetDeviceName?: string;
  /**
   * ByName: the device is to be removed; a failure is a veto. PASSIVE_LEVEL. Without it the target is closed for the time of
   * the query-remove.
   */
  readonly evtIoTargetQueryRemove?: Routine<[IoTarget: WDFIOTARGET], NtStatus> | undefined;
  /** ByName: the device stays after all. PASSIVE_LEVEL. Without it the target is opened again. */
  readonly evtIoTargetRemoveCanceled?: Routine<[IoTarget: WDFIOTARGET], void> | undefined;
  /** ByName: the device is gone. PASSIVE_LEVEL. Without it the target is closed. */
  readonly evtIoTargetRemoveComplete?: Routine<[IoTarget: WDFIOTARGET], void> | undefined;
}

/** The next stack location, as WdfRequestWdmFormatUsingStackLocation takes it. */
export interface StackLocation {
  readonly majorFunction: number;
  readonly length?: number;
  readonly inputBufferLength?: number;
  readonly ioControlCode?: number;
  readonly byteOffset?: number;
}
