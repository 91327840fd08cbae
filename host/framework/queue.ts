// Queue: a WDFQUEUE as an object. Every member names the DDI it stands for.

import type { NtStatus, WdfIoQueueDispatchType, WdfTriState } from "../../bindings/abi";
import { WdfObjectAcquireLock, WdfObjectDelete, WdfObjectGetTypedContext, WdfObjectReleaseLock } from "../ddi/object";
import * as wdf from "../ddi/queue";
import type { ContextType, Routine, WDFQUEUE, WdfIoQueueForwardProgressPolicy } from "../ddi/types";
import { mapped, type Suspendable } from "../suspension";
import type { Device } from "./device";
import type { File } from "./file";
import type { Request } from "./request";
import { deviceOf, requestOf, stateWrapper } from "./wrappers";

/** WDF_IO_QUEUE_CONFIG with objects for handles. What is left out is as WDF_IO_QUEUE_CONFIG_INIT sets it. */
export interface QueueConfig {
  dispatchType: WdfIoQueueDispatchType;
  defaultQueue?: boolean;
  powerManaged?: WdfTriState;
  allowZeroLengthRequests?: boolean;
  numberOfPresentedRequests?: number;
  evtIoDefault?: Routine<[queue: Queue, request: Request], void>;
  evtIoRead?: Routine<[queue: Queue, request: Request, length: number], void>;
  evtIoWrite?: Routine<[queue: Queue, request: Request, length: number], void>;
  evtIoDeviceControl?: Routine<[queue: Queue, request: Request, outputLength: number, inputLength: number, code: number], void>;
  evtIoInternalDeviceControl?: Routine<[queue: Queue, request: Request, outputLength: number, inputLength: number, code: number], void>;
  evtIoStop?: Routine<[queue: Queue, request: Request, actionFlags: number], void>;
  evtIoResume?: Routine<[queue: Queue, request: Request], void>;
  evtIoCanceledOnQueue?: Routine<[queue: Queue, request: Request], void>;
}

/** EVT_WDF_IO_QUEUE_STATE with an object for the handle. */
export type QueueStateRoutine = Routine<[queue: Queue], void>;

/** A status, and a request when it is a success. */
export interface RetrieveResult {
  readonly status: NtStatus;
  readonly request: Request | null;
}

/** The state of a queue: WdfIoQueueState flags and counts. */
export interface QueueState {
  readonly state: number;
  readonly queueRequests: number;
  readonly driverRequests: number;
}

export class Queue {
  readonly handle: WDFQUEUE;

  constructor(handle: WDFQUEUE) {
    this.handle = handle;
  }

  /** @ddi WdfIoQueueGetState */
  get state(): QueueState {
    return wdf.WdfIoQueueGetState(this.handle);
  }

  /** @ddi WdfIoQueueGetDevice */
  get device(): Device {
    return deviceOf(wdf.WdfIoQueueGetDevice(this.handle));
  }

  /** @ddi WdfIoQueueStart */
  start(): Suspendable<void> {
    return wdf.WdfIoQueueStart(this.handle);
  }

  /** @ddi WdfIoQueueStop */
  stop(stopComplete?: QueueStateRoutine): Suspendable<void> {
    return wdf.WdfIoQueueStop(this.handle, stateWrapper(stopComplete));
  }

  /** @ddi WdfIoQueueStopSynchronously */
  stopSynchronously(): Suspendable<void> {
    return wdf.WdfIoQueueStopSynchronously(this.handle);
  }

  /** @ddi WdfIoQueueStopAndPurge */
  stopAndPurge(stopAndPurgeComplete?: QueueStateRoutine): Suspendable<void> {
    return wdf.WdfIoQueueStopAndPurge(this.handle, stateWrapper(stopAndPurgeComplete));
  }

  /** @ddi WdfIoQueueStopAndPurgeSynchronously */
  stopAndPurgeSynchronously(): Suspendable<void> {
    return wdf.WdfIoQueueStopAndPurgeSynchronously(this.handle);
  }

  /** @ddi WdfIoQueueDrain */
  drain(drainComplete?: QueueStateRoutine): Suspendable<void> {
    return wdf.WdfIoQueueDrain(this.handle, stateWrapper(drainComplete));
  }

  /** @ddi WdfIoQueueDrainSynchronously */
  drainSynchronously(): Suspendable<void> {
    return wdf.WdfIoQueueDrainSynchronously(this.handle);
  }

  /** @ddi WdfIoQueuePurge */
  purge(purgeComplete?: QueueStateRoutine): Suspendable<void> {
    return wdf.WdfIoQueuePurge(this.handle, stateWrapper(purgeComplete));
  }

  /** @ddi WdfIoQueuePurgeSynchronously */
  purgeSynchronously(): Suspendable<void> {
    return wdf.WdfIoQueuePurgeSynchronously(this.handle);
  }

  /** @ddi WdfIoQueueRetrieveNextRequest */
  retrieveNext(): Suspendable<RetrieveResult> {
    return mapped(wdf.WdfIoQueueRetrieveNextRequest(this.handle), wrapResult);
  }

  /** @ddi WdfIoQueueRetrieveRequestByFileObject */
  retrieveByFileObject(file: File): Suspendable<RetrieveResult> {
    return mapped(wdf.WdfIoQueueRetrieveRequestByFileObject(this.handle, file.handle), wrapResult);
  }

  /** @ddi WdfIoQueueRetrieveFoundRequest */
  retrieveFound(found: Request): Suspendable<RetrieveResult> {
    return mapped(wdf.WdfIoQueueRetrieveFoundRequest(this.handle, found.handle), wrapResult);
  }

  /** The request found carries a reference: `request.dereference()`. @ddi WdfIoQueueFindRequest */
  find(options: { after?: Request; file?: File } = {}): RetrieveResult {
    return wrapResult(wdf.WdfIoQueueFindRequest(this.handle, options.after?.handle ?? null, options.file?.handle ?? null));
  }

  /** null withdraws. @ddi WdfIoQueueReadyNotify */
  readyNotify(queueReady: QueueStateRoutine | null): Suspendable<NtStatus> {
    return wdf.WdfIoQueueReadyNotify(this.handle, stateWrapper(queueReady) ?? null);
  }

  /** @ddi WdfIoQueueAssignForwardProgressPolicy */
  assignForwardProgressPolicy(policy: WdfIoQueueForwardProgressPolicy): Suspendable<NtStatus> {
    return wdf.WdfIoQueueAssignForwardProgressPolicy(this.handle, policy);
  }

  /** @ddi WdfObjectAcquireLock */
  acquireLock(): Suspendable<void> {
    return WdfObjectAcquireLock(this.handle);
  }

  /** @ddi WdfObjectReleaseLock */
  releaseLock(): void {
    WdfObjectReleaseLock(this.handle);
  }

  /** @ddi WdfObjectDelete */
  delete(): Suspendable<void> {
    return WdfObjectDelete(this.handle);
  }

  /** @ddi WdfObjectGetTypedContext */
  context<T>(type: ContextType<T>): T | undefined {
    return WdfObjectGetTypedContext(this.handle, type);
  }
}

function wrapResult({ status, request }: wdf.RequestResult): RetrieveResult {
  return { status, request: status < 0 ? null : requestOf(request) };
}
