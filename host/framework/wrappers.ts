// Between handles and objects: one object for a handle while it lives, and callbacks that take objects.
//
// A wrapped callback is as plain or as much a generator as what it wraps: a plain function that gives back a generator
// is run as one.

import { HANDLE_INDEX_MASK, type NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import type { EvtRequestCompletionRoutine } from "../ddi/target-types";
import type * as types from "../ddi/types";
import { ProtocolError } from "../errors";
import type { Device } from "./device";
import type { File } from "./file";
import { Irp } from "./irp";
import type { Queue, QueueConfig, QueueStateRoutine } from "./queue";
import type { CompletionRoutine, Request } from "./request";
import type { IoTarget } from "./target";

// oxlint-disable-next-line typescript/no-explicit-any -- what a callback gives back is handed on as it is
type Any = any;

/** The last object of each table index; another handle at the same index is another object. */
class Cache<Handle extends number, T extends { readonly handle: Handle }> {
  /** Makes the object of a handle. Objects name each other, so this is set where all their classes are known: device.ts. */
  make!: (handle: Handle) => T;
  private readonly byIndex: (T | undefined)[] = [];

  get(handle: Handle): T {
    const index = handle & HANDLE_INDEX_MASK;
    const known = this.byIndex[index];
    if (known !== undefined && known.handle === handle) return known;
    const made = this.make(handle);
    this.byIndex[index] = made;
    return made;
  }
}

// Handles of two Systems may be equal: an object holds nothing but its handle, so sharing it does no harm.
export const requests = new Cache<types.WDFREQUEST, Request>();
export const queues = new Cache<types.WDFQUEUE, Queue>();
export const targets = new Cache<types.WDFIOTARGET, IoTarget>();
export const devices = new Cache<types.WDFDEVICE, Device>();
export const files = new Cache<types.WDFFILEOBJECT, File>();

export function requestOf(handle: types.WDFREQUEST): Request {
  return requests.get(handle);
}

export function queueOf(handle: types.WDFQUEUE): Queue {
  return queues.get(handle);
}

export function deviceOf(handle: types.WDFDEVICE): Device {
  return devices.get(handle);
}

export function targetOf(handle: types.WDFIOTARGET): IoTarget {
  return targets.get(handle);
}

export function fileOf(handle: types.WDFFILEOBJECT): File {
  return files.get(handle);
}

type HandlerName = Extract<keyof QueueConfig, `evt${string}`>;

/** The handlers of a queue configuration, taking handles. */
export function wrapHandlers(config: QueueConfig): Pick<Required<types.WdfIoQueueConfig>, HandlerName> {
  const wrap = (routine: Any): Any =>
    routine &&
    ((q: types.WDFQUEUE, r: types.WDFREQUEST, a: number, b: number, c: number): Any => routine(queueOf(q), requestOf(r), a, b, c));
  return {
    evtIoDefault: wrap(config.evtIoDefault),
    evtIoRead: wrap(config.evtIoRead),
    evtIoWrite: wrap(config.evtIoWrite),
    evtIoDeviceControl: wrap(config.evtIoDeviceControl),
    evtIoInternalDeviceControl: wrap(config.evtIoInternalDeviceControl),
    evtIoStop: wrap(config.evtIoStop),
    evtIoResume: wrap(config.evtIoResume),
    evtIoCanceledOnQueue: wrap(config.evtIoCanceledOnQueue),
  };
}

/** One wrapper for each callback, so that the machine knows it again. */
const known = new WeakMap<object, Any>();

function once<Routine extends object>(routine: Routine, wrap: () => Any): Any {
  let wrapper = known.get(routine);
  if (wrapper === undefined) known.set(routine, (wrapper = wrap()));
  return wrapper;
}

export function cancelWrapper(routine: types.Routine<[request: Request], void>): types.EvtRequestCancel {
  return once(routine, () => (r: types.WDFREQUEST): Any => routine(requestOf(r)));
}

// Completion routines are often made for one request. The core knows one for all of them, and the routine itself is kept
// with the request, so that it goes when the request goes.

const COMPLETION: types.ContextType<CompletionRoutine> = { name: "EvtRequestCompletionRoutine", create: missing };

function missing(): never {
  throw new ProtocolError("a request has no completion routine that Request.onCompletion was given");
}

const completions = new Map<number, EvtRequestCompletionRoutine>();

/** One for each driver, as a routine belongs to the driver that registers it. */
function completionOfAll(driver: number): EvtRequestCompletionRoutine {
  let routine = completions.get(driver);
  if (routine !== undefined) return routine;
  routine = (r, t, p, c): Any => machine().contexts.of(r, COMPLETION)(requestOf(r), targetOf(t), p, c);
  completions.set(driver, routine);
  return routine;
}

export function completionWrapper(request: types.WDFREQUEST, routine: CompletionRoutine | null): EvtRequestCompletionRoutine | null {
  if (routine === null) return null;
  const m = machine();
  m.contexts.keep(request, COMPLETION, routine);
  return completionOfAll(m.callbacks.running());
}

export function stateWrapper(routine: QueueStateRoutine | null | undefined): types.EvtIoQueueState | undefined {
  return routine ? once(routine, () => (q: types.WDFQUEUE): Any => routine(queueOf(q))) : undefined;
}

export function inCallerWrapper(routine: types.Routine<[device: Device, request: Request], void>): types.EvtIoInCallerContext {
  return once(routine, () => (d: types.WDFDEVICE, r: types.WDFREQUEST): Any => routine(deviceOf(d), requestOf(r)));
}

export function preprocessWrapper(routine: types.Routine<[irp: Irp], NtStatus>): types.EvtDeviceWdmIrpPreprocess {
  return once(routine, () => (d: types.WDFDEVICE, irp: types.PIRP): Any => routine(new Irp(irp, deviceOf(d), 0)));
}

export function dispatchWrapper(routine: types.Routine<[irp: Irp], NtStatus>): types.EvtDeviceWdmIrpDispatch {
  return once(
    routine,
    () =>
      (d: types.WDFDEVICE, major: number, minor: number, code: number, _: number, irp: types.PIRP, context: number): Any =>
        routine(new Irp(irp, deviceOf(d), context, { major, minor, code })),
  );
}

/** Callbacks about a device: the object, then whatever else there is. */
export function deviceWrapper(routine: Any): Any {
  return routine && once(routine, () => (d: types.WDFDEVICE, ...rest: number[]): Any => routine(deviceOf(d), ...rest));
}

/** Callbacks about the removal of the device that a remote target leads to. */
export function targetWrapper<T>(
  routine: types.Routine<[target: IoTarget], T> | undefined,
): types.Routine<[target: types.WDFIOTARGET], T> | undefined {
  return routine && once(routine, () => (t: types.WDFIOTARGET): Any => routine(targetOf(t)));
}

/** EvtDeviceFileCreate; a device that has no file objects gives null. */
export function fileCreateWrapper(
  routine: types.Routine<[device: Device, request: Request, file: File | null], void>,
): types.EvtDeviceFileCreate {
  return once(routine, () => (d: types.WDFDEVICE, r: types.WDFREQUEST, f: types.WDFFILEOBJECT): Any =>
    routine(deviceOf(d), requestOf(r), f === 0 ? null : fileOf(f)),
  );
}

/** EvtFileCleanup, EvtFileClose. */
export function fileWrapper(routine: types.Routine<[file: File | null], void> | undefined): types.EvtFileClose | undefined {
  return routine && once(routine, () => (f: types.WDFFILEOBJECT): Any => routine(f === 0 ? null : fileOf(f)));
}
