// IRPs before they are requests: WdfDeviceInitAssignWdmIrpPreprocessCallback, WdfDeviceConfigureWdmIrpDispatchCallback, and
// what their callbacks do with the IRP they are given.
//
// A callback has the IRP until it completes it (IoCompleteRequest) or hands it on (one of the three WdfDeviceWdmDispatch...),
// and returns what that returned; or it returns STATUS_PENDING and does it later.

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import { ProtocolError } from "../errors";
import type { Suspendable } from "../suspension";
import { ask, call, nothing } from "./call";
import type { WdfDeviceInit } from "./device";
import type { EvtDeviceWdmIrpDispatch, EvtDeviceWdmIrpPreprocess, PIRP, WDFDEVICE, WDFDRIVER, WDFQUEUE } from "./types";

/** IRP_MJ_POWER, IRP_MJ_SYSTEM_CONTROL, IRP_MJ_PNP: no callback of a driver sees these here. */
const UNSEEN = new Set([0x16, 0x17, 0x1b]);

/**
 * Registers the callback that sees each IRP of a major function before the framework does: of the minor functions listed, or
 * of all. A second callback for the same major function takes the place of the first.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_PARAMETER (no such major function), STATUS_INVALID_DEVICE_REQUEST (minor functions were listed
 * before), STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a callback
 */
export function WdfDeviceInitAssignWdmIrpPreprocessCallback(
  DeviceInit: WdfDeviceInit,
  EvtDeviceWdmIrpPreprocess: EvtDeviceWdmIrpPreprocess,
  MajorFunction: number,
  MinorFunctions: readonly number[] = [],
): NtStatus {
  const known = DeviceInit.preprocess.get(MajorFunction);
  const before = known?.minors ?? [];
  const args = [machine().callback(EvtDeviceWdmIrpPreprocess), MajorFunction, before.length, MinorFunctions.length];
  return ask("WdfDeviceInitAssignWdmIrpPreprocessCallback", args, (status) => {
    if (status < 0) return status;
    if (UNSEEN.has(MajorFunction)) throw notSeen(MajorFunction);
    const minors = MinorFunctions.length > 0 ? [...MinorFunctions] : before;
    DeviceInit.preprocess.set(MajorFunction, { callback: EvtDeviceWdmIrpPreprocess, minors });
    return status;
  });
}

function notSeen(major: number): ProtocolError {
  const code = `0x${major.toString(16)}`;
  return new ProtocolError(`PnP, power and WMI IRPs (major function ${code}) do not pass preprocess callbacks here: this is not built`);
}

/**
 * Registers the callback that decides for each IRP of a major function (read, write, device control, internal device control)
 * what becomes of it, before the device has started.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INVALID_PARAMETER (another major function, or one that has a callback), STATUS_INVALID_DEVICE_STATE (started),
 * STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a callback
 */
export function WdfDeviceConfigureWdmIrpDispatchCallback(
  Device: WDFDEVICE,
  Driver: WDFDRIVER | undefined,
  MajorFunction: number,
  EvtDeviceWdmIrpDispatch: EvtDeviceWdmIrpDispatch,
  DriverContext = 0,
): NtStatus {
  const args = [Device, Driver ?? 0, MajorFunction, machine().callback(EvtDeviceWdmIrpDispatch), DriverContext];
  return ask("WdfDeviceConfigureWdmIrpDispatchCallback", args, (status) => status);
}

/**
 * Gives an IRP back from a dispatch callback: the framework does with it what it would have done without the callback. What
 * this returns is what the callback has to return.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns what the sender is to see; STATUS_INVALID_PARAMETER, and the IRP is completed with it, for an unknown context
 */
export function WdfDeviceWdmDispatchIrp(Device: WDFDEVICE, Irp: PIRP, DispatchContext: number): Suspendable<NtStatus> {
  return call("WdfDeviceWdmDispatchIrp", [Device, Irp, DispatchContext], (status) => status);
}

/**
 * Gives an IRP back from a preprocess callback, which has set up the next stack location (IoSkipCurrentIrpStackLocation or
 * IoCopyCurrentIrpStackLocationToNext). What this returns is what the callback has to return.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns what the sender is to see
 */
export function WdfDeviceWdmDispatchPreprocessedIrp(Device: WDFDEVICE, Irp: PIRP): Suspendable<NtStatus> {
  return call("WdfDeviceWdmDispatchPreprocessedIrp", [Device, Irp], (status) => status);
}

/**
 * Puts an IRP into a queue of the device, or of its parent, from a dispatch or preprocess callback. EvtIoInCallerContext is
 * called only when the flags ask for it. What this returns is what the callback has to return.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns what the sender is to see; with the verifier STATUS_INVALID_PARAMETER (flags, major function, queue without a
 * handler or of another device) or STATUS_INVALID_DEVICE_REQUEST (parent's queue, not allowed), and the IRP is completed with it
 */
export function WdfDeviceWdmDispatchIrpToIoQueue(Device: WDFDEVICE, Irp: PIRP, Queue: WDFQUEUE, Flags: number): Suspendable<NtStatus> {
  return call("WdfDeviceWdmDispatchIrpToIoQueue", [Device, Irp, Queue, Flags], (status) => status);
}

/**
 * Sends an IRP back that a preprocess or dispatch callback was given. `Status` and `Information` are what Windows takes from
 * the IRP's IoStatus.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck MULTIPLE_IRP_COMPLETE_REQUESTS for an IRP that the driver does not have
 */
export function IoCompleteRequest(Irp: PIRP, Status: NtStatus, Information = 0): Suspendable<void> {
  return call("IoCompleteRequest", [Irp, Status, Information], nothing);
}

/**
 * Lets the next driver use this stack location, as a preprocess callback has to before it gives the IRP back.
 *
 * @irql any
 */
export function IoSkipCurrentIrpStackLocation(Irp: PIRP): void {
  ask("IoSkipCurrentIrpStackLocation", [Irp], nothing);
}

/**
 * Gives the next driver a copy of this stack location. Completion routines of the copy are not built.
 *
 * @irql any
 */
export function IoCopyCurrentIrpStackLocationToNext(Irp: PIRP): void {
  ask("IoCopyCurrentIrpStackLocationToNext", [Irp], nothing);
}
