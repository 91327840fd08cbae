// Requests that a driver makes, and their use again.
//
// WdfRequestCreate makes a request whose IRP is the framework's (Internal); it gets one when a target is known. Such a
// request is in no queue and cannot be completed, only deleted. WdfRequestReuse gives a request back the state it was
// born with, but for its IRP.
//
// Source: FxRequest::_Create, FxRequest::Reuse, FxRequestBase::ValidateTarget.

import { FindingId } from "../abi/finding";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WDF_REQUEST_TYPE_NO_FORMAT, WdfRequestReuseFlag } from "../abi/target";
import { allocationFails } from "../nt/choice";
import { system, verifierOn } from "../nt/system";
import { releaseMemory } from "./memory-range";
import { commitRequest } from "./object-create";
import { Extension, Request, createRequest, freeRequest, request } from "./request";
import { Sending, SendingFlag, isReceived, prepare, sendingAt, sendingOf } from "./sending";
import { Target, hasEnoughLocations } from "./target";
import { breakPoint } from "./verifier";

/** Makes a request without IRP. 0 when the table is full. */
export function createOwn(): usize {
  const at = createRequest(RequestBits.KernelMode, 0, 0);
  if (at == 0) return 0;
  const r = request(at);
  const s = prepare(r);
  s.flags = SendingFlag.Internal;
  s.status = NtStatus.Success;
  r.set(RequestBits.Presented);
  return at;
}

/** WdfRequestCreate, with the attributes in the scratch area. The handle is the first out value. */
export function createMade(parent: usize): NtStatus {
  const at = allocationFails() ? 0 : createOwn();
  if (at == 0) return NtStatus.InsufficientResources;
  const status = commitRequest(at, parent);
  if (status < 0) freeRequest(request(at));
  else system.out0 = request(at).handle;
  return status;
}

/** FxRequestBase::Dispose of a request the driver has made, after its EvtCleanup: nothing holds it but references. */
export function disposeMade(r: Request): void {
  if (isReceived(r)) return;
  r.place = RequestPlace.Gone;
  releaseContext(prepare(r));
}

/** [V] VerifyDispose */
export function verifyDispose(r: Request): void {
  const at = sendingOf(r);
  if (at != 0 && sendingAt(at).has(SendingFlag.SentToTarget)) breakPoint(FindingId.StillSent, r.handle, 0);
}

/** The end of a request that lasted for one call. */
export function releaseOwn(r: Request): void {
  releaseContext(prepare(r));
  freeRequest(r);
}

/** ValidateTarget: the request's IRP will do for the target, or it gets another. */
export function validateTarget(t: Target, r: Request): NtStatus {
  const s = prepare(r);
  releaseContext(s);
  if (!t.connected) return NtStatus.InvalidDeviceState;
  if (s.has(SendingFlag.Internal)) {
    s.set(SendingFlag.HasIrp);
    return NtStatus.Success;
  }
  return s.has(SendingFlag.HasIrp) && hasEnoughLocations(t, r) ? NtStatus.Success : NtStatus.RequestNotAccepted;
}

/** ContextReleaseAndRestore: what a target's format has referenced is given back. */
export function releaseContext(s: Sending): void {
  const memory = s.memory;
  const input = s.inputMemory;
  s.memory = 0;
  s.inputMemory = 0;
  s.type = WDF_REQUEST_TYPE_NO_FORMAT;
  s.clear(SendingFlag.HasContext);
  if (input != 0) releaseMemory(input);
  if (memory != 0) releaseMemory(memory);
}

/** WdfRequestReuse. */
export function reuse(r: Request, flags: u32, status: NtStatus, newIrp: bool): NtStatus {
  const s = prepare(r);
  if (verifierOn() && s.has(SendingFlag.SentToTarget)) breakPoint(FindingId.StillSent, r.handle, 0);
  s.routine = 0;
  s.context = 0;
  if (s.has(SendingFlag.HasIrp)) releaseContext(s);
  const setsIrp = (flags & (WdfRequestReuseFlag.SetNewIrp as u32)) != 0;
  if (!s.has((SendingFlag.Internal as u32) | SendingFlag.External)) {
    if (setsIrp) return NtStatus.WdfRequestInvalidState;
    s.status = status;
    r.clear((RequestBits.IrpCanceled as u32) | RequestBits.Canceled);
    return NtStatus.Success;
  }
  if (setsIrp) {
    s.clear((SendingFlag.Internal as u32) | SendingFlag.HasIrp);
    s.set(SendingFlag.External);
    s.status = NtStatus.Success;
    if (newIrp) s.set(SendingFlag.HasIrp);
  }
  if (s.has(SendingFlag.Internal) && s.has(SendingFlag.HasIrp)) {
    s.status = status;
    changetype<Extension>(r.extension).information = 0;
    r.clear(RequestBits.IrpCanceled);
  }
  if ((flags & (WdfRequestReuseFlag.MustComplete as u32)) != 0) return refuseMustComplete(r, s);
  r.clear((RequestBits.Canceled as u32) | RequestBits.VerifierOwned);
  return NtStatus.Success;
}

/** MUST_COMPLETE needs an IRP of the driver's, which WdfRequestCreateFromIrp or SET_NEW_IRP gives. */
function refuseMustComplete(r: Request, s: Sending): NtStatus {
  breakPoint(FindingId.ReuseMustComplete, r.handle, 0);
  return s.has(SendingFlag.HasIrp) ? NtStatus.InvalidDeviceRequest : NtStatus.InvalidParameter;
}
