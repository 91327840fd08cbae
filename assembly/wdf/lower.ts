// A driver below that is not the framework's: a plain WDM driver, or the model of a device in a test.
//
//   IRP ─▶ LowerDispatch(device, irp, major) ─▶ returns NTSTATUS, with the IRP completed, or kept (place Below)
//                                                    completeBelow(irp, status, information) whenever it likes
//                                                    setCancelRoutine(irp, on)               LowerCancel(device, irp)
//
// A device without such a driver answers as a bus driver does that knows no requests: it can be opened and closed, and all
// else is STATUS_INVALID_DEVICE_REQUEST.

import { EventKind, RoutineKind } from "../abi/event";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { answer, callFrame } from "./calls";
import { completeIrp } from "./completion";
import { Device, DeviceState, deviceAt } from "./device";
import { FrameKind } from "./frames";
import { call } from "./invoke";
import { Request, extend, request } from "./request";
import { LowerFrame } from "./target-frames";

/** IoCallDriver to what is below a device that stands lowest of the framework's. */
export function callLower(d: Device, irp: Request): void {
  const f = callFrame<LowerFrame>(FrameKind.LowerCall);
  f.device = changetype<usize>(d);
  f.irp = irp.handle;
  f.address = changetype<usize>(irp);
  f.cancels = 0;
  const extension = extend(irp);
  extension.device = changetype<usize>(d);
  extension.cancelSet = 0;
  irp.place = RequestPlace.Below;
  irp.set(RequestBits.Attached);
}

/** The cancel routine of the driver below. */
function callLowerCancel(d: Device, irp: Request): void {
  const f = callFrame<LowerFrame>(FrameKind.LowerCall);
  f.device = changetype<usize>(d);
  f.irp = irp.handle;
  f.cancels = 1;
}

enum LowerStep {
  Begin = 0,
  Returned = 1,
}

export function stepLower(frame: Frame): Step {
  const f = changetype<LowerFrame>(frame);
  const d = deviceAt(f.device);
  if (f.step == (LowerStep.Returned as u32)) {
    if (f.cancels == 0) answer(f, f.result);
    return Step.Done;
  }
  f.step = LowerStep.Returned;
  if (f.cancels != 0) return call(f, RoutineKind.LowerCancel, d.evtLowerCancel, d.handle, f.irp, 0, 0, 0);
  const irp = request(f.address);
  if (d.evtLowerDispatch != 0) return call(f, RoutineKind.LowerDispatch, d.evtLowerDispatch, d.handle, f.irp, irp.major, 0, 0);
  emit(EventKind.SentDown, 0, f.irp, d.handle, irp.major);
  f.result = opens(d, irp.major) ? NtStatus.Success : NtStatus.InvalidDeviceRequest;
  completeIrp(irp, f.result);
  return Step.Again;
}

/** A bus driver's device can be opened and closed, as long as it is there. */
function opens(d: Device, major: u32): bool {
  if (d.state == (DeviceState.Removed as u32)) return false;
  const closes = major == (WdfRequestType.Cleanup as u32) || major == (WdfRequestType.Close as u32);
  return closes || major == (WdfRequestType.Create as u32);
}

/** IoCancelIrp of an IRP the driver below has. True when it has set a cancel routine. */
export function cancelBelow(irp: Request): bool {
  const extension = extend(irp);
  if (extension.cancelSet == 0) return false;
  extension.cancelSet = 0;
  callLowerCancel(deviceAt(extension.device), irp);
  return true;
}
