// What is below the framework's devices: the host attaches devices to each other, and drivers that are not the
// framework's to the lowest. None of these is a DDI; the last three are what the I/O manager offers such a driver.

import { ObjectKind, RequestBits, RequestPlace } from "../abi/request";
import { isStopped, system } from "../nt/system";
import { lookup } from "../nt/table";
import { deviceAt } from "../wdf/device";
import { run, settle } from "../wdf/dispatch";
import { completeBelow } from "../wdf/lower";
import { objectAt } from "../wdf/object";
import { extend, request } from "../wdf/request";
import { endShortReturn } from "../wdf/straight";
import { enterSender } from "./input";

/** IoAttachDeviceToDeviceStack: the device `upper` stands on `lower` from now on. 0 when either is no device. */
export function attachDevice(upper: u32, lower: u32): u32 {
  const above = lookup(upper, ObjectKind.Device);
  const below = lookup(lower, ObjectKind.Device);
  if (above == 0 || below == 0) return 0;
  deviceAt(objectAt(above).body).lowerDevice = objectAt(below).body;
  return 1;
}

/** Names the dispatch and cancel routines of the driver below a device. */
export function setLowerDriver(device: u32, dispatch: u32, cancelRoutine: u32): void {
  const entry = lookup(device, ObjectKind.Device);
  if (entry == 0) return;
  const d = deviceAt(objectAt(entry).body);
  d.evtLowerDispatch = dispatch;
  d.evtLowerCancel = cancelRoutine;
}

/** IoSetCancelRoutine. 0 when the IRP is cancelled already: nobody will call the routine then. */
export function setCancelRoutine(irp: u32, on: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  if (at == 0 || request(at).place != (RequestPlace.Below as u32)) return 0;
  if (on != 0 && isCancelled(irp) != 0) return 0;
  extend(request(at)).cancelSet = on;
  return 1;
}

/** Irp->Cancel */
export function isCancelled(irp: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  return at != 0 && request(at).has(RequestBits.IrpCanceled) ? 1 : 0;
}

/** IoCompleteRequest by the driver below. 0 when it does not have that IRP. */
export function completeIrp(irp: u32, status: i32, information: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  if (at == 0 || isStopped() || request(at).place != (RequestPlace.Below as u32)) return 0;
  endShortReturn();
  const outside = system.running == 0;
  if (outside) enterSender();
  const extension = extend(request(at));
  extension.information = information;
  completeBelow(request(at), status);
  if (outside) run();
  else settle(1);
  return 1;
}
