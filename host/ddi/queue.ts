// WdfIoQueue*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfio/

import {
  CONFIG_WORD,
  type NtStatus,
  STRUCTURE_SIZE,
  WORD_ATTENTION,
  WdfIoQueueDispatchType,
  WdfIoQueueState,
  WdfTriState,
} from "../../bindings/abi";
import { machine } from "../current";
import { refuseMisspelled } from "../misspelled";
import { Mode } from "../mode";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, checkIrql, nothing } from "./call";
import { IO_QUEUE_CONFIG } from "./known";
import type {
  EvtIoQueueState,
  WDFDEVICE,
  WDFFILEOBJECT,
  WDFQUEUE,
  WDFREQUEST,
  WdfIoQueueConfig,
  WdfIoQueueForwardProgressPolicy,
  WdfObjectAttributes,
} from "./types";

/** A status, and a request when it is a success. */
export interface RequestResult {
  readonly status: NtStatus;
  /** 0 unless the status is STATUS_SUCCESS. */
  readonly request: WDFREQUEST;
}

/** WDF_IO_QUEUE_CONFIG_INIT: parallel queues may present without limit. */
export function WDF_IO_QUEUE_CONFIG_INIT(dispatchType: WdfIoQueueDispatchType): WdfIoQueueConfig {
  return {
    dispatchType,
    powerManaged: WdfTriState.UseDefault,
    numberOfPresentedRequests: dispatchType === WdfIoQueueDispatchType.Parallel ? 0xffffffff : 0,
  };
}

/** WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE */
export function WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(dispatchType: WdfIoQueueDispatchType): WdfIoQueueConfig {
  return { ...WDF_IO_QUEUE_CONFIG_INIT(dispatchType), defaultQueue: true };
}

/** WDF_IO_QUEUE_IDLE: nothing queued, nothing owned by the driver. */
export function WDF_IO_QUEUE_IDLE(state: number): boolean {
  return (state & WdfIoQueueState.NoRequests) !== 0 && (state & WdfIoQueueState.DriverNoRequests) !== 0;
}

/** WDF_IO_QUEUE_READY: accepts, dispatches and is not held by PnP or power. */
export function WDF_IO_QUEUE_READY(state: number): boolean {
  const wanted = WdfIoQueueState.DispatchRequests | WdfIoQueueState.AcceptRequests;
  return (state & (wanted | WdfIoQueueState.PnpHeld)) === wanted;
}

/** WDF_IO_QUEUE_STOPPED: accepts, does not dispatch, and the driver owns nothing. */
export function WDF_IO_QUEUE_STOPPED(state: number): boolean {
  const wanted = WdfIoQueueState.AcceptRequests | WdfIoQueueState.DriverNoRequests;
  return (state & (wanted | WdfIoQueueState.DispatchRequests)) === wanted;
}

/** WDF_IO_QUEUE_DRAINED: does not accept, dispatches, and nothing is left. */
export function WDF_IO_QUEUE_DRAINED(state: number): boolean {
  return (state & WdfIoQueueState.DispatchRequests) !== 0 && WDF_IO_QUEUE_PURGED(state);
}

/** WDF_IO_QUEUE_PURGED: does not accept, and nothing is left. */
export function WDF_IO_QUEUE_PURGED(state: number): boolean {
  return (state & WdfIoQueueState.AcceptRequests) === 0 && WDF_IO_QUEUE_IDLE(state);
}

/**
 * Creates an I/O queue and sets up its handlers.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_WDF_NO_CALLBACK (not manual, no handler), STATUS_INVALID_PARAMETER (dispatch type, presented requests,
 * handlers of a manual queue, scope against level), STATUS_INVALID_DEVICE_STATE (default queue of a started device),
 * STATUS_UNSUCCESSFUL (second default queue), STATUS_INFO_LENGTH_MISMATCH, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
 * STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfIoQueueCreate(
  Device: WDFDEVICE,
  Config: WdfIoQueueConfig,
  QueueAttributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly queue: WDFQUEUE } {
  const m = machine();
  refuseMisspelled("WdfIoQueueCreate", Config, IO_QUEUE_CONFIG);
  writeAttributes(m, QueueAttributes);
  m.core.writeScratch(CONFIG_WORD, [
    Config.size ?? STRUCTURE_SIZE,
    Config.dispatchType,
    Config.powerManaged ?? WdfTriState.UseDefault,
    Config.allowZeroLengthRequests ? 1 : 0,
    Config.defaultQueue ? 1 : 0,
    m.callback(Config.evtIoDefault),
    m.callback(Config.evtIoRead),
    m.callback(Config.evtIoWrite),
    m.callback(Config.evtIoDeviceControl),
    m.callback(Config.evtIoInternalDeviceControl),
    m.callback(Config.evtIoStop),
    m.callback(Config.evtIoResume),
    m.callback(Config.evtIoCanceledOnQueue),
    Config.numberOfPresentedRequests ?? defaultPresented(Config),
    1,
  ]);
  return ask("WdfIoQueueCreate", [Device], (status) => {
    const queue = m.core.outValue(0) as WDFQUEUE;
    if (status >= 0) {
      m.names.addQueue(queue);
      m.origins.note(queue);
    }
    return { status, queue };
  });
}

function defaultPresented(config: WdfIoQueueConfig): number {
  return config.dispatchType === WdfIoQueueDispatchType.Parallel ? 0xffffffff : 0;
}

/**
 * The state of a queue (WdfIoQueueState flags), how many requests wait in it and how many of it the driver owns.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfIoQueueGetState(Queue: WDFQUEUE): { state: number; queueRequests: number; driverRequests: number } {
  const m = machine();
  return ask("WdfIoQueueGetState", [Queue], (state) => ({
    state,
    queueRequests: m.core.outValue(0),
    driverRequests: m.core.outValue(1),
  }));
}

/**
 * The device a queue belongs to.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfIoQueueGetDevice(Queue: WDFQUEUE): WDFDEVICE {
  return ask("WdfIoQueueGetDevice", [Queue], (device) => device as WDFDEVICE);
}

/**
 * Accept and dispatch again. Handlers may run before it returns.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfIoQueueStart(Queue: WDFQUEUE): Suspendable<void> {
  return call("WdfIoQueueStart", [Queue], nothing);
}

/**
 * Accept, but dispatch no more. `StopComplete` is called when the driver owns nothing of the queue.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_QUEUE_FATAL_ERROR when a stop with a callback is under way already
 */
export function WdfIoQueueStop(Queue: WDFQUEUE, StopComplete?: EvtIoQueueState | null, Context = 0): Suspendable<void> {
  return call("WdfIoQueueStop", [Queue, machine().callback(StopComplete), Context], nothing);
}

/**
 * Stops and waits until the driver owns nothing of the queue. Never from a request handler.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfIoQueueStopSynchronously(Queue: WDFQUEUE): Suspendable<void> {
  return call("WdfIoQueueStopSynchronously", [Queue], nothing);
}

/**
 * Stops, and cancels what is queued now and what the driver has marked cancelable. Later arrivals are kept.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_QUEUE_FATAL_ERROR when a stop with a callback is under way already
 */
export function WdfIoQueueStopAndPurge(Queue: WDFQUEUE, StopAndPurgeComplete?: EvtIoQueueState | null, Context = 0): Suspendable<void> {
  return call("WdfIoQueueStopAndPurge", [Queue, machine().callback(StopAndPurgeComplete), Context], nothing);
}

/**
 * Stops and purges, and waits until the driver owns nothing of the queue. Never from a request handler.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfIoQueueStopAndPurgeSynchronously(Queue: WDFQUEUE): Suspendable<void> {
  return call("WdfIoQueueStopAndPurgeSynchronously", [Queue], nothing);
}

/**
 * Accept no more, deliver the rest. `DrainComplete` is called when nothing is left.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_QUEUE_FATAL_ERROR when a drain or purge with a callback is under way already
 */
export function WdfIoQueueDrain(Queue: WDFQUEUE, DrainComplete?: EvtIoQueueState | null, Context = 0): Suspendable<void> {
  return call("WdfIoQueueDrain", [Queue, machine().callback(DrainComplete), Context], nothing);
}

/**
 * Drains and waits until nothing is left. Never from a request handler.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfIoQueueDrainSynchronously(Queue: WDFQUEUE): Suspendable<void> {
  return call("WdfIoQueueDrainSynchronously", [Queue], nothing);
}

/**
 * Accept no more, cancel what is queued and what the driver has marked cancelable, wait for the rest.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_QUEUE_FATAL_ERROR when a drain or purge with a callback is under way already
 */
export function WdfIoQueuePurge(Queue: WDFQUEUE, PurgeComplete?: EvtIoQueueState | null, Context = 0): Suspendable<void> {
  return call("WdfIoQueuePurge", [Queue, machine().callback(PurgeComplete), Context], nothing);
}

/**
 * Purges and waits until nothing is left. Never from a request handler.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfIoQueuePurgeSynchronously(Queue: WDFQUEUE): Suspendable<void> {
  return call("WdfIoQueuePurgeSynchronously", [Queue], nothing);
}

/**
 * Takes the next request out of a manual or sequential queue. The driver owns it.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_NO_MORE_ENTRIES, STATUS_WDF_PAUSED (stopped or powered off), STATUS_INVALID_DEVICE_STATE (parallel)
 */
export function WdfIoQueueRetrieveNextRequest(Queue: WDFQUEUE): Suspendable<RequestResult> {
  const m = machine();
  if (m.mode !== Mode.Plain) return retrieve("WdfIoQueueRetrieveNextRequest", [Queue]);
  if (m.core.rules) checkIrql(m, "WdfIoQueueRetrieveNextRequest");
  const status = m.exports.WdfIoQueueRetrieveNextRequest(Queue);
  const settled = m.core.words[WORD_ATTENTION] === 0 ? status : m.settle(status, "WdfIoQueueRetrieveNextRequest");
  return { status: settled, request: m.core.outValue(0) as WDFREQUEST } as Suspendable<RequestResult>;
}

/**
 * Takes the next request of a file object out of a manual or sequential queue.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns as WdfIoQueueRetrieveNextRequest
 */
export function WdfIoQueueRetrieveRequestByFileObject(Queue: WDFQUEUE, FileObject: WDFFILEOBJECT): Suspendable<RequestResult> {
  return retrieve("WdfIoQueueRetrieveRequestByFileObject", [Queue, FileObject]);
}

/**
 * Takes a request that WdfIoQueueFindRequest has found. Its reference is still due.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_NOT_FOUND when it is not in the queue any more; else as WdfIoQueueRetrieveNextRequest
 */
export function WdfIoQueueRetrieveFoundRequest(Queue: WDFQUEUE, FoundRequest: WDFREQUEST): Suspendable<RequestResult> {
  return retrieve("WdfIoQueueRetrieveFoundRequest", [Queue, FoundRequest]);
}

function retrieve(name: string, args: readonly number[]): Suspendable<RequestResult> {
  const m = machine();
  return call(name, args, (status) => ({ status, request: m.core.outValue(0) as WDFREQUEST }));
}

/**
 * Looks for the next request after `FoundRequest` (or from the head), optionally of a file object, without taking it.
 * A request that is found carries a reference: drop it with WdfObjectDereference.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_NO_MORE_ENTRIES, STATUS_NOT_FOUND (`FoundRequest` has left the queue), STATUS_INVALID_DEVICE_REQUEST (not manual)
 */
export function WdfIoQueueFindRequest(
  Queue: WDFQUEUE,
  FoundRequest: WDFREQUEST | null = null,
  FileObject: WDFFILEOBJECT | null = null,
): RequestResult {
  const m = machine();
  return ask("WdfIoQueueFindRequest", [Queue, FoundRequest ?? 0, FileObject ?? 0], (status) => ({
    status,
    request: m.core.outValue(0) as WDFREQUEST,
  }));
}

/**
 * Asks to be told when a manual queue gets its first request; NULL withdraws, once the queue is stopped.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST (not manual; registered already; nothing to withdraw; not stopped)
 */
export function WdfIoQueueReadyNotify(Queue: WDFQUEUE, QueueReady: EvtIoQueueState | null, Context = 0): Suspendable<NtStatus> {
  return call("WdfIoQueueReadyNotify", [Queue, machine().callback(QueueReady), Context], (status) => status);
}

/**
 * Keeps requests in reserve for when no memory is to be had.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_PARAMETER (assigned before; no requests; examine without callback), STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_INSUFFICIENT_RESOURCES, or what EvtIoAllocateResourcesForReservedRequest returned
 */
export function WdfIoQueueAssignForwardProgressPolicy(Queue: WDFQUEUE, Policy: WdfIoQueueForwardProgressPolicy): Suspendable<NtStatus> {
  const m = machine();
  m.core.writeScratch(CONFIG_WORD, [
    Policy.size ?? STRUCTURE_SIZE,
    Policy.forwardProgressReservedPolicy,
    Policy.totalForwardProgressRequests,
    m.callback(Policy.evtIoAllocateRequestResources),
    m.callback(Policy.evtIoAllocateResourcesForReservedRequest),
    m.callback(Policy.evtIoWdmIrpForForwardProgress),
  ]);
  return call("WdfIoQueueAssignForwardProgressPolicy", [Queue], (status) => status);
}
