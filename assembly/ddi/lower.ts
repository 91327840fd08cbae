// What is below the framework's devices: the host attaches devices to each other, and drivers that are not the
// framework's to the lowest. None of these is a DDI; the last three are what the I/O manager offers such a driver.

import { ObjectKind, RequestBits, RequestPlace } from "../abi/request";
import { isStopped, system } from "../nt/system";
import { lookup } from "../nt/table";
import { currentThread } from "../nt/thread";
import { completeIrp } from "../wdf/completion";
import { deviceAt } from "../wdf/device";
import { run, settle } from "../wdf/dispatch";
import { beginHeld, endHeld } from "../wdf/held-input";
import { objectAt } from "../wdf/object";
import { extend, informationOf, request } from "../wdf/request";
import { freeProcessor } from "../wdf/schedule";
import { SendingFlag, sendingAt, sendingOf } from "../wdf/sending";
import { endShortReturn } from "../wdf/straight";
import { enterSender, holdingThread } from "./input";

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
export function completeBelow(irp: u32, status: i32, information: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  if (at == 0 || isStopped() || request(at).place != (RequestPlace.Below as u32)) return 0;
  endShortReturn();
  const outside = system.running == 0;
  const hung = outside && !freeProcessor();
  const before: usize = hung ? beginHeld(holdingThread()) : 0;
  if (outside && !hung) enterSender();
  const extension = extend(request(at));
  extension.information = information;
  completeIrp(request(at), status);
  if (hung) endHeld(currentThread(), before);
  else if (outside) run();
  else settle(1);
  return 1;
}

/**
 * Where the bytes of a request that was sent on are: 1 with the buffer of a transfer (or the output of a device control)
 * and its offset in the first out values, the input of a device control in the third; 0 when it has its sender's bytes.
 */
export function sentBuffers(request_: u32): u32 {
  const at = lookup(request_, ObjectKind.Request);
  const found = at == 0 ? 0 : sendingOf(request(at));
  if (found == 0 || !sendingAt(found).has(SendingFlag.HasContext)) return 0;
  const s = sendingAt(found);
  system.out0 = s.memory;
  system.out1 = s.memoryOffset;
  system.out2 = s.inputMemory;
  return 1;
}

/** Major function, lengths and code of an IRP, as WdfRequestGetParameters tells them; the byte offset besides. */
export function irpParameters(irp: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  if (at == 0) return 0;
  const r = request(at);
  const extension = extend(r);
  system.out0 = r.length;
  system.out1 = extension.inputLength;
  system.out2 = extension.ioctlCode;
  return r.major;
}

/** Low word of the byte offset of an IRP. */
export function irpOffset(irp: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  return at == 0 ? 0 : extend(request(at)).offsetLow;
}

/** IoStatus.Information of an IRP. */
export function irpInformation(irp: u32): u32 {
  const at = lookup(irp, ObjectKind.Request);
  return at == 0 ? 0 : informationOf(request(at));
}
