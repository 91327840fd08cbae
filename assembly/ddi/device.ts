// WdfDevice*.

import { FindingId } from "../abi/finding";
import { RoutineKind } from "../abi/event";
import { MAJOR_FUNCTION_COUNT } from "../abi/layout";
import { ObjectKind, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { Device, DeviceState, deviceAt, routeOf, setRoute } from "../wdf/device";
import { AttributesRule, validateAttributes } from "../wdf/attributes";
import { createDevice, createDriver } from "../wdf/device-create";
import { settle } from "../wdf/dispatch";
import { passesThrough } from "../wdf/arrival";
import { enqueueFromCaller } from "../wdf/movement";
import { forbidDelete, objectAt } from "../wdf/object";
import { Queue, handlerKind, queueAt } from "../wdf/queue";
import { Extension, Request, request } from "../wdf/request";
import { kindOfMajor } from "../wdf/routing";
import { breakPoint, verifyInCaller, verifyOwned } from "../wdf/verifier";
import { forgetDown } from "../wdf/target-send";
import { required, requiredPointer } from "./check";
import { requiredQueue } from "./queue";

export function WdfDriverCreate(): u32 {
  return createDriver();
}

/** The structures stand in the scratch area; the handle is the first out value. */
export function WdfDeviceCreate(driver: u32): i32 {
  const entry = required(driver, ObjectKind.Driver);
  if (entry == 0) return NtStatus.InvalidHandle;
  return createDevice(entry);
}

/** The callback is kept by the host until the device is made. */
export function WdfDeviceInitSetIoInCallerContextCallback(callback: u32): void {
  requiredPointer(callback);
}

/** The attributes stand in the scratch area. 0 when they are bad: a break, and nothing changes. */
export function WdfDeviceInitSetRequestAttributes(): u32 {
  if (validateAttributes(AttributesRule.ParentNotAllowed) >= 0) return 1;
  breakPoint(FindingId.RequestAttributesInvalid, 0, 0);
  return 0;
}

/** The names of devices are the host's. */
export function WdfDeviceCreateSymbolicLink(device: u32): i32 {
  if (requiredDevice(device) == 0) return NtStatus.InvalidHandle;
  return allocationFails() ? NtStatus.InsufficientResources : NtStatus.Success;
}

/** The device of a handle; 0 after a Stop. */
export function requiredDevice(handle: u32): usize {
  const entry = required(handle, ObjectKind.Device);
  return entry == 0 ? 0 : objectAt(entry).body;
}

export function WdfDeviceGetDefaultQueue(device: u32): u32 {
  const at = requiredDevice(device);
  if (at == 0) return 0;
  const queue = deviceAt(at).defaultQueue;
  return queue == 0 ? 0 : queueAt(queue).handle;
}

export function WdfDeviceConfigureRequestDispatching(device: u32, queue: u32, type: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  if (type != (WdfRequestType.Create as u32) && kindOfMajor(type) == (RoutineKind.IoDefault as u32)) {
    return NtStatus.InvalidParameter;
  }
  const body = requiredQueue(queue);
  if (body == 0) return NtStatus.InvalidHandle;
  const d = deviceAt(at);
  const q = queueAt(body);
  if (q.device != at) return NtStatus.InvalidDeviceRequest;
  if (d.state != (DeviceState.Init as u32)) return NtStatus.InvalidDeviceState;
  return type == (WdfRequestType.Create as u32) ? routeCreates(d, q) : routeType(d, q, type);
}

function routeType(d: Device, q: Queue, major: u32): NtStatus {
  if (!q.isManual && handlerKind(q, kindOfMajor(major)) == (RoutineKind.None as u32)) {
    return refuse(FindingId.DispatchingNoHandler, q, NtStatus.InvalidDeviceRequest);
  }
  if (changetype<usize>(q) == d.defaultQueue) {
    return refuse(FindingId.DispatchingDefaultQueue, q, NtStatus.InvalidDeviceRequest);
  }
  const taken = routeOf(d, major);
  if (taken != 0 && taken != d.defaultQueue) return refuse(FindingId.DispatchingTaken, q, NtStatus.WdfBusy);
  setRoute(d, major, q);
  forbidDelete(q.handle);
  return NtStatus.Success;
}

function routeCreates(d: Device, q: Queue): NtStatus {
  if (!q.isManual && q.evtIoDefault == 0) {
    return refuse(FindingId.DispatchingNoHandler, q, NtStatus.InvalidDeviceRequest);
  }
  if (d.createQueue != 0) return refuse(FindingId.DispatchingTaken, q, NtStatus.InvalidParameter);
  d.createQueue = changetype<usize>(q);
  return NtStatus.Success;
}

/**
 * Sends a type of request to a queue of the device, or with 0 to none, at any time and without the checks of
 * WdfDeviceConfigureRequestDispatching: UMDF 1 has none of them, and lets a driver change its mind.
 */
export function routeRequests(device: u32, queue: u32, type: u32): void {
  const at = requiredDevice(device);
  const body = queue == 0 || at == 0 ? 0 : requiredQueue(queue);
  if (at == 0 || (queue != 0 && body == 0)) return;
  if (type == (WdfRequestType.Create as u32)) deviceAt(at).createQueue = body;
  else if (type < MAJOR_FUNCTION_COUNT) setRoute(deviceAt(at), type, changetype<Queue>(body));
}

function refuse(what: FindingId, q: Queue, status: NtStatus): NtStatus {
  breakPoint(what, q.handle, 0);
  return status;
}

/** Puts a request that EvtIoInCallerContext has seen into the queue that is meant for it. */
export function WdfDeviceEnqueueRequest(device: u32, handle: u32): i32 {
  const at = requiredDevice(device);
  if (at == 0) return NtStatus.InvalidHandle;
  const entry = required(handle, ObjectKind.Request);
  if (entry == 0) return NtStatus.InvalidHandle;
  const r = request(entry);
  let status = verifyInCaller(r);
  if (status >= 0) status = verifyOwned(r, FindingId.NotInCallerContext);
  if (status < 0) return status;
  if (r.place != (RequestPlace.Caller as u32)) return NtStatus.InvalidDeviceRequest;
  return settle(enqueue(deviceAt(at), r));
}

function enqueue(d: Device, r: Request): NtStatus {
  const chosen = changetype<Extension>(r.extension).chosenQueue;
  const queue = chosen != 0 ? chosen : routeOf(d, r.major);
  if (queue != 0) {
    if (!passesThrough(d, r, queueAt(queue))) return enqueueFromCaller(r, queueAt(queue));
  } else if (d.filter == 0) {
    breakPoint(FindingId.EnqueueNoQueue, r.handle, d.handle);
    return NtStatus.InvalidDeviceRequest;
  }
  forgetDown(d, r);
  return NtStatus.Success;
}
