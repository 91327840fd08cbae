// Stops: the end of the System, as KeBugCheckEx is the end of Windows.
//
// The first Stop wins. The record stands in the host's window, memory stays as it is (so the failure can be looked at
// and replayed). The handle table is closed, so that every later DDI finds no object and returns without effect.

import { BugCheck, DriverVerifierViolation, RequestFatalError, WdfViolation } from "../abi/bugcheck";
import { Attention } from "../abi/layout";
import { attend, system } from "./system";

/** KeBugCheckEx */
export function bugCheck(code: BugCheck, p1: u32, p2: u32, p3: u32, p4: u32): void {
  if (system.stopCode != 0) return;
  system.stopCode = code as u32;
  system.stopP1 = p1;
  system.stopP2 = p2;
  system.stopP3 = p3;
  system.stopP4 = p4;
  system.tableClosed = system.tableHigh;
  system.tableHigh = 0;
  attend(Attention.Stopped);
}

/** WDF_VIOLATION, the framework's own Stop. */
export function violation(what: WdfViolation, p2: u32, p3: u32): void {
  bugCheck(BugCheck.WdfViolation, what as u32, p2, p3, 0);
}

/** WDF_VIOLATION with WDF_REQUEST_FATAL_ERROR. */
export function requestFatal(what: RequestFatalError, p3: u32): void {
  violation(WdfViolation.RequestFatalError, what as u32, p3);
}

/** DRIVER_VERIFIER_DETECTED_VIOLATION */
export function driverVerifierStop(what: DriverVerifierViolation, p2: u32, p3: u32, p4: u32): void {
  bugCheck(BugCheck.DriverVerifierDetectedViolation, what as u32, p2, p3, p4);
}

/** A thread has stacked more activations than a kernel stack could hold. */
export function kernelStackUsedUp(): void {
  bugCheck(BugCheck.UnexpectedKernelModeTrap, 8, 0, 0, 0);
}
