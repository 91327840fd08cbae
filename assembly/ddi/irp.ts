// IRPs in the hands of a driver: the callbacks that see them before they are requests, and what such a callback may do.
//
// Source: fxdeviceapi.cpp, fxdeviceapikm.cpp, fxdeviceinitapi.cpp.

import { FindingId } from "../abi/finding";
import { DISPATCH_CONTEXT, IN_DISPATCH_CALLBACK, MAJOR_FUNCTION_COUNT } from "../abi/layout";
import { BugCheck } from "../abi/bugcheck";
import { RoutineKind } from "../abi/event";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfDispatchIrpToIoQueueFlags } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { bugCheck } from "../nt/stop";
import { verifierOn } from "../nt/system";
import { lookup } from "../nt/table";
import { callArrivalAt } from "../wdf/arrival";
import { ArrivalStep } from "../wdf/arrival-common";
import { completeIrp } from "../wdf/completion";
import { Device, DeviceState, deviceAt } from "../wdf/device";
import { settle } from "../wdf/dispatch";
import { addPreprocessMinor, dispatchCallback, dispatchSlot, makeIrpCallbacks } from "../wdf/irp-callbacks";
import { setDispatchCallback, setPreprocessCallback } from "../wdf/irp-callbacks";
import { Queue, handlerKind, queueAt } from "../wdf/queue";
import { Extension, Request, extend, request } from "../wdf/request";
import { isQueued, kindOfMajor } from "../wdf/routing";
import { breakPoint, ruleFinding } from "../wdf/verifier";
import { required, requiredPointer } from "./check";
import { requiredDevice } from "./device";
import { requiredQueue } from "./queue";

/** The table is the host's until the device is made; `minors`: how many minor functions were named, before and now. */
export function WdfDeviceInitAssignWdmIrpPreprocessCallback(callback: u32, major: u32, minorsBefore: u32, minors: u32): i32 {
  if (!requiredPointer(callback)) return NtStatus.InvalidParameter;
  if (major >= MAJOR_FUNCTION_COUNT) return NtStatus.InvalidParameter;
  if (allocationFails()) return NtStatus.InsufficientResources;
  return minors != 0 && minorsBefore != 0 ? NtStatus.InvalidDeviceRequest : NtStatus.Success;
}

/** What was assigned before the device was made. 0 when memory is short. */
export function assignPreprocess(device: u32, major: u32, callback: u32): u32 {
  const at = requiredDevice(device);
  if (at == 0 || !makeIrpCallbacks(deviceAt(at))) return 0;
  setPreprocessCallback(deviceAt(at), major, callback);
  return 1;
}

/** One of the minor functions it is for. */
export function assignPreprocessMinor(device: u32, major: u32, minor: u32): void {
  const at = requiredDevice(device);
  if (at != 0 && deviceAt(at).irpCallbacks != 0) addPreprocessMinor(deviceAt(at), major, minor);
}

export function WdfDeviceConfigureWdmIrpDispatchCallback(device: u32, driver: u32, major: u32, callback: u32, context: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const slot = dispatchSlot(major);
  if (slot > 3) return NtStatus.InvalidParameter;
  if (driver != 0 && required(driver, ObjectKind.Driver) == 0) return NtStatus.InvalidHandle;
  if (!requiredPointer(callback)) return NtStatus.InvalidParameter;
  const d = deviceAt(at);
  if (d.state != (DeviceState.Init as u32)) return NtStatus.InvalidDeviceState;
  if (dispatchCallback(d, major) != 0) return NtStatus.InvalidParameter;
  if (allocationFails() || !makeIrpCallbacks(d)) return NtStatus.InsufficientResources;
  setDispatchCallback(d, slot, callback, context);
  return NtStatus.Success;
}

/** From a dispatch callback: what would have happened without it. From a preprocess callback: for class extensions. */
export function WdfDeviceWdmDispatchIrp(device: u32, irp: u32, context: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = requiredIrp(irp);
  if (r == 0 || !requiredPointer(context)) return NtStatus.InvalidHandle;
  const known = (context | IN_DISPATCH_CALLBACK) == (DISPATCH_CONTEXT as u32);
  if ((context & IN_DISPATCH_CALLBACK) == 0) {
    if (verifierOn()) breakPoint(FindingId.DispatchNotExtension, irp, device);
    if (!known && verifierOn()) breakPoint(FindingId.DispatchContextInvalid, irp, device);
    return handOn(deviceAt(at), request(r), ArrivalStep.Dispatch);
  }
  if (!known && verifierOn()) return refuse(FindingId.DispatchContextInvalid, request(r), device, NtStatus.InvalidParameter);
  return handOn(deviceAt(at), request(r), ArrivalStep.Route);
}

export function WdfDeviceWdmDispatchPreprocessedIrp(device: u32, irp: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = requiredIrp(irp);
  if (r == 0) return NtStatus.InvalidHandle;
  takeStackLocation(request(r));
  return handOn(deviceAt(at), request(r), ArrivalStep.Dispatch);
}

export function WdfDeviceWdmDispatchIrpToIoQueue(device: u32, irp: u32, queue: u32, flags: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const body = requiredQueue(queue);
  if (body == 0) return NtStatus.InvalidHandle;
  const entry = requiredIrp(irp);
  if (entry == 0) return NtStatus.InvalidHandle;
  const r = request(entry);
  const q = queueAt(body);
  let d = deviceAt(at);
  if ((flags & WdfDispatchIrpToIoQueueFlags.PreprocessedIrp) != 0) takeStackLocation(r);
  const status = verifierOn() ? verifyToQueue(d, r, q, flags) : NtStatus.Success;
  if (status < 0) return refuse(FindingId.DispatchToQueueInvalid, r, queue, status);
  if (q.device == d.parentDevice) d = deviceAt(q.device);
  const f = callArrivalAt(d, taken(r), ArrivalStep.Make);
  f.queue = body;
  f.skipsCaller = (flags & WdfDispatchIrpToIoQueueFlags.InvokeInCallerContextCallback) == 0 ? 1 : 0;
  return settle(NtStatus.Pending);
}

/** VerifyWdfDeviceWdmDispatchIrpToIoQueue */
function verifyToQueue(d: Device, r: Request, q: Queue, flags: u32): NtStatus {
  const known = (WdfDispatchIrpToIoQueueFlags.PreprocessedIrp as u32) | WdfDispatchIrpToIoQueueFlags.InvokeInCallerContextCallback;
  if ((flags & ~known) != 0 || !isQueued(r.major)) return NtStatus.InvalidParameter;
  const handled = q.isManual || handlerKind(q, kindOfMajor(r.major)) != (RoutineKind.None as u32);
  if (!handled) return NtStatus.InvalidParameter;
  if (q.device == d.parentDevice) return d.forwardsToParent != 0 ? NtStatus.Success : NtStatus.InvalidDeviceRequest;
  return q.device == changetype<usize>(d) ? NtStatus.Success : NtStatus.InvalidParameter;
}

/** A break, and the IRP goes back with the status. */
function refuse(what: FindingId, r: Request, other: u32, status: NtStatus): NtStatus {
  breakPoint(what, r.handle, other);
  extend(r).information = 0;
  completeIrp(taken(r), status);
  return status;
}

/** The framework goes on with the IRP: what its dispatch routine returns is the caller's result. */
function handOn(d: Device, r: Request, step: ArrivalStep): NtStatus {
  callArrivalAt(d, taken(r), step);
  return settle(NtStatus.Pending);
}

/** The driver has the IRP no more. */
function taken(r: Request): Request {
  extend(r).raw = 0;
  return r;
}

/** IoSetNextIrpStackLocation: the callback has to have set the next location up. */
function takeStackLocation(r: Request): void {
  const extension = extend(r);
  if (extension.stackSet == 0) ruleFinding(FindingId.StackLocationNotSet, r.handle, 0);
  extension.stackSet = 0;
}

/** An IRP that a callback has been given and not handed on: else the Stop of one that is used after its end. */
function requiredIrp(irp: u32): usize {
  if (!requiredPointer(irp)) return 0;
  const entry = rawIrp(irp);
  if (entry == 0) bugCheck(BugCheck.MultipleIrpCompleteRequests, irp, 0, 0, 0);
  return entry;
}

function rawIrp(irp: u32): usize {
  const entry = lookup(irp, ObjectKind.Request);
  if (entry == 0 || request(entry).extension == 0) return 0;
  return changetype<Extension>(request(entry).extension).raw == 0 ? 0 : entry;
}

/** Sends an IRP back that a preprocess or dispatch callback was given. */
export function IoCompleteRequest(irp: u32, status: i32, information: u32): void {
  const entry = requiredIrp(irp);
  if (entry == 0) return;
  extend(request(entry)).information = information;
  completeIrp(taken(request(entry)), status as NtStatus);
  settle(0);
}

/** Both make the next stack location the same as this one; here nobody sees the difference. */
export function IoSkipCurrentIrpStackLocation(irp: u32): void {
  const entry = requiredIrp(irp);
  if (entry != 0) extend(request(entry)).stackSet = 1;
}

export function IoCopyCurrentIrpStackLocationToNext(irp: u32): void {
  IoSkipCurrentIrpStackLocation(irp);
}
