// Arrival: how an IRP finds its queue.
//
//   step        what happens                                                                  who may end it here
//   ─────────── ───────────────────────────────────────────────────────────────────────────── ────────────────────────
//   Preprocess  EvtDeviceWdmIrpPreprocess of the major function, if there is one               the callback's own status
//   Dispatch    EvtDeviceWdmIrpDispatch of the major function, if configured                   the callback's own status
//   Route       the routing table; no queue and no EvtIoInCallerContext: a filter sends the    INVALID_DEVICE_REQUEST
//               IRP down, a default queue of a filter without a handler likewise
//   Make        a critical region is entered (IRQL <= APC_LEVEL); the request is made; on a     INSUFFICIENT_RESOURCES,
//               forward-progress queue EvtIoAllocateRequestResources is asked, or a reserved    UNSUCCESSFUL
//               request takes the IRP over, or the IRP is postponed
//   Caller      EvtIoInCallerContext, not for reserved requests
//   Queue       the queue takes it (its loop runs with the arrival in hand)                     INVALID_DEVICE_STATE
//
// A step at which nobody else may run goes on with the next one by itself.
//
// An accepted IRP's sender sees STATUS_PENDING, even when it was completed on the way. Create, cleanup and close take
// another road (file-package.ts).
//
// Source: FxPkgIo::DispatchStep1, DispatchStep2, DispatchToInCallerContextCallback; FxIoQueue::QueueRequest.

import { RoutineKind } from "../abi/event";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfIoForwardProgressAction, WdfRequestType } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { ArrivalStep, enterRegion, leaveArrival } from "./arrival-common";
import { callFrame } from "./calls";
import { complete } from "./completion";
import { Device, DeviceState, deviceAt, routeOf } from "./device";
import { becomeFileIrp } from "./file-package";
import { arrive, examinedAction, policyAction, progressOf, reserveFor } from "./forward-progress";
import { ArrivalFrame, FrameKind } from "./frames";
import { call } from "./invoke";
import { dispatchCallback, dispatchContext, preprocessCallback } from "./irp-callbacks";
import { callLower } from "./lower";
import { giveCallbacks } from "./object-create";
import { Queue, handlerKind, queueAt } from "./queue";
import { isQueued, kindOfMajor } from "./routing";
import { Extension, Request, extend, request } from "./request";

/** Sends an IRP to a device in the running thread. */
export function callArrival(d: Device, irp: Request): ArrivalFrame {
  return callArrivalAt(d, irp, ArrivalStep.Preprocess);
}

/** The same for an IRP that is past some of the steps. */
export function callArrivalAt(d: Device, irp: Request, step: ArrivalStep): ArrivalFrame {
  const f = callFrame<ArrivalFrame>(FrameKind.Arrival);
  f.step = step;
  f.irp = changetype<usize>(irp);
  f.device = changetype<usize>(d);
  f.queue = 0;
  f.status = NtStatus.Pending;
  f.region = 0;
  f.skipsCaller = 0;
  return f;
}

export function stepArrival(frame: Frame): Step {
  const f = changetype<ArrivalFrame>(frame);
  switch (f.step) {
    case ArrivalStep.Preprocess:
      return preprocess(f, deviceAt(f.device), request(f.irp));
    case ArrivalStep.Dispatch:
      return dispatch(f, deviceAt(f.device), request(f.irp));
    case ArrivalStep.Down:
      return sendDown(f, deviceAt(f.device), request(f.irp));
    case ArrivalStep.Answered:
    case ArrivalStep.PassedDown:
      f.status = f.result;
      return leaveArrival(f);
    case ArrivalStep.Route:
      return route(f, deviceAt(f.device), request(f.irp));
    case ArrivalStep.Make:
      return make(f, request(f.irp));
    case ArrivalStep.ResourcesAsked:
      if ((f.result as i32) < 0) return useReserve(f);
      f.step = ArrivalStep.Caller;
      return Step.Again;
    case ArrivalStep.Examined:
      return useReserveIf(f, examinedAction(queueAt(f.queue), f.result));
    case ArrivalStep.Caller:
      return callInCaller(f, deviceAt(f.device), request(f.irp));
    case ArrivalStep.Queue:
      return queueUp(f, request(f.irp));
    default:
      return leaveArrival(f);
  }
}

function preprocess(f: ArrivalFrame, d: Device, r: Request): Step {
  if (d.irpCallbacks == 0) return route(f, d, r);
  f.step = ArrivalStep.Dispatch;
  const callback = preprocessCallback(d, r.major, minorOf(r));
  if (callback == 0) return Step.Again;
  giveIrp(f, r);
  return call(f, RoutineKind.DeviceWdmIrpPreprocess, callback, d.handle, r.handle, 0, 0, 0);
}

function dispatch(f: ArrivalFrame, d: Device, r: Request): Step {
  f.step = ArrivalStep.Route;
  const callback = dispatchCallback(d, r.major);
  if (callback == 0) return Step.Again;
  const code = giveIrp(f, r).ioctlCode;
  const functions = r.major | (minorOf(r) << 8);
  return call(f, RoutineKind.DeviceWdmIrpDispatch, callback, d.handle, r.handle, functions, code, dispatchContext(d, r.major));
}

/** The driver gets the IRP itself, and has it from now on. */
function giveIrp(f: ArrivalFrame, r: Request): Extension {
  f.step = ArrivalStep.Answered;
  const extension = extend(r);
  extension.device = f.device;
  extension.raw = 1;
  extension.stackSet = 0;
  return extension;
}

function minorOf(r: Request): u32 {
  return r.extension == 0 ? 0 : changetype<Extension>(r.extension).minor;
}

function route(f: ArrivalFrame, d: Device, r: Request): Step {
  if (d.state == (DeviceState.Removed as u32)) return sendDown(f, d, r);
  if (!isQueued(r.major)) return routeFileIrp(f, d, r);
  const queue = f.queue != 0 ? f.queue : routeOf(d, r.major);
  f.queue = queue;
  if (d.evtIoInCallerContext != 0) return make(f, r);
  if (queue == 0) return d.filter != 0 ? sendDown(f, d, r) : fail(f, r, NtStatus.InvalidDeviceRequest);
  return passesThrough(d, r, queueAt(queue)) ? sendDown(f, d, r) : make(f, r);
}

/** True when a filter's default queue has no handler for the type: the IRP is none of the driver's business. */
export function passesThrough(d: Device, r: Request, q: Queue): bool {
  if (d.filter == 0 || changetype<usize>(q) != d.defaultQueue || q.isManual) return false;
  return handlerKind(q, kindOfMajor(r.major)) == (RoutineKind.None as u32);
}

/** What is about a file object, or about nothing the framework's queues take. */
function routeFileIrp(f: ArrivalFrame, d: Device, r: Request): Step {
  switch (r.major) {
    case WdfRequestType.Create as u32:
    case WdfRequestType.Cleanup as u32:
    case WdfRequestType.Close as u32:
      return becomeFileIrp(f);
    case WdfRequestType.Shutdown as u32:
      return fail(f, r, NtStatus.Success);
    default:
      return d.filter != 0 ? sendDown(f, d, r) : fail(f, r, NtStatus.InvalidDeviceRequest);
  }
}

/** The IRP is answered before there is a request the driver could know. */
function fail(f: ArrivalFrame, r: Request, status: NtStatus): Step {
  f.step = ArrivalStep.Leave;
  f.status = status;
  complete(r, status);
  return Step.Again;
}

function sendDown(f: ArrivalFrame, d: Device, r: Request): Step {
  f.step = ArrivalStep.PassedDown;
  passDown(d, r);
  return Step.Again;
}

/** The IRP passes this device by, and goes to the one below: it stays the same request. */
export function passDown(d: Device, r: Request): void {
  if (d.lowerDevice != 0) callArrival(deviceAt(d.lowerDevice), r);
  else callLower(d, r);
}

function make(f: ArrivalFrame, r: Request): Step {
  enterRegion(f);
  const guarded = f.queue != 0 && queueAt(f.queue).progress != 0 && progressOf(queueAt(f.queue)).complete != 0;
  if (allocationFails()) {
    return guarded ? useReserve(f) : fail(f, r, NtStatus.InsufficientResources);
  }
  f.step = ArrivalStep.Caller;
  giveCallbacks(deviceAt(f.device), r);
  if (!guarded) return callInCaller(f, deviceAt(f.device), r);
  const q = queueAt(f.queue);
  const callback = progressOf(q).evtAllocateRequestResources;
  if (callback == 0) return Step.Again;
  f.step = ArrivalStep.ResourcesAsked;
  r.set(RequestBits.Presented);
  return call(f, RoutineKind.IoAllocateRequestResources, callback, q.handle, r.handle, 0, 0, 0);
}

/** No ordinary request: the policy decides. */
function useReserve(f: ArrivalFrame): Step {
  const r = request(f.irp);
  const q = queueAt(f.queue);
  const action = policyAction(progressOf(q), r);
  r.clear(RequestBits.Presented);
  if (action != 0) return useReserveIf(f, action);
  f.step = ArrivalStep.Examined;
  return call(f, RoutineKind.IoWdmIrpForForwardProgress, progressOf(q).evtExamine, q.handle, r.handle, 0, 0, 0);
}

function useReserveIf(f: ArrivalFrame, action: u32): Step {
  const r = request(f.irp);
  if (action == (WdfIoForwardProgressAction.FailRequest as u32)) return fail(f, r, NtStatus.Unsuccessful);
  f.step = ArrivalStep.Leave;
  if (r.has(RequestBits.IrpCanceled)) f.status = NtStatus.Cancelled;
  const reserved = reserveFor(queueAt(f.queue), r);
  if (reserved == 0) return Step.Again;
  f.status = NtStatus.Pending;
  f.irp = reserved;
  f.step = ArrivalStep.Queue;
  return Step.Again;
}

function callInCaller(f: ArrivalFrame, d: Device, r: Request): Step {
  if (d.evtIoInCallerContext == 0 || f.skipsCaller != 0) return queueUp(f, r);
  f.step = ArrivalStep.Leave;
  const extension = extend(r);
  extension.chosenQueue = f.queue;
  extension.device = f.device;
  r.place = RequestPlace.Caller;
  r.set((RequestBits.Presented as u32) | system.ownedMark);
  if (system.ownedMark != 0) r.set(RequestBits.VerifierInCaller);
  return call(f, RoutineKind.IoInCallerContext, d.evtIoInCallerContext, d.handle, r.handle, 0, 0, 0);
}

function queueUp(f: ArrivalFrame, r: Request): Step {
  f.step = ArrivalStep.Leave;
  f.status = arrive(queueAt(f.queue), r);
  return Step.Again;
}
