// Irp: an IRP that a preprocess or dispatch callback is given, as an object. Every member names the DDI it stands for.

import { type NtStatus, WdfDispatchIrpToIoQueueFlags } from "../../bindings/abi";
import * as wdf from "../ddi/irp";
import type { PIRP } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { Device } from "./device";
import type { Queue } from "./queue";

/** An IRP before it is a request. The callback hands it on, completes it, or keeps it and returns STATUS_PENDING. */
export class Irp {
  readonly handle: PIRP;
  readonly device: Device;
  /** What a dispatch callback is told of it; a preprocess callback is told nothing. */
  readonly about: { readonly major: number; readonly minor: number; readonly code: number } | undefined;
  readonly #context: number;

  /** `context`: the dispatch context of a dispatch callback, 0 for a preprocess callback. */
  constructor(handle: PIRP, device: Device, context: number, about?: Irp["about"]) {
    this.handle = handle;
    this.device = device;
    this.about = about;
    this.#context = context;
  }

  /**
   * Lets the framework do what it would have done without the callback, which returns what this returns.
   *
   * @ddi WdfDeviceWdmDispatchIrp, WdfDeviceWdmDispatchPreprocessedIrp, IoSkipCurrentIrpStackLocation
   */
  handBack(): Suspendable<NtStatus> {
    if (this.#context !== 0) return wdf.WdfDeviceWdmDispatchIrp(this.device.handle, this.handle, this.#context);
    wdf.IoSkipCurrentIrpStackLocation(this.handle);
    return wdf.WdfDeviceWdmDispatchPreprocessedIrp(this.device.handle, this.handle);
  }

  /**
   * Puts the IRP into a queue of the driver's choice; `inCallerContext` asks for EvtIoInCallerContext first. The callback
   * returns what this returns.
   *
   * @ddi WdfDeviceWdmDispatchIrpToIoQueue, IoSkipCurrentIrpStackLocation
   */
  dispatchTo(queue: Queue, options?: { readonly inCallerContext?: boolean }): Suspendable<NtStatus> {
    const { None, InvokeInCallerContextCallback, PreprocessedIrp } = WdfDispatchIrpToIoQueueFlags;
    const preprocessed = this.#context === 0;
    if (preprocessed) wdf.IoSkipCurrentIrpStackLocation(this.handle);
    const flags = (options?.inCallerContext ? InvokeInCallerContextCallback : None) | (preprocessed ? PreprocessedIrp : None);
    return wdf.WdfDeviceWdmDispatchIrpToIoQueue(this.device.handle, this.handle, queue.handle, flags);
  }

  /** Sends the IRP back; the callback returns the same status. @ddi IoCompleteRequest */
  complete(status: NtStatus, options?: { readonly information?: number }): Suspendable<void> {
    return wdf.IoCompleteRequest(this.handle, status, options?.information);
  }
}
