// The framework verifier's questions about a request, and how their answers are reported.
//
// A break is recorded always; whether it would have stopped in a debugger (FxVerifierDbgBreakOnError follows the
// verifier switch) goes with it. Checks marked [V] in the rules are made only while the verifier is on: each function
// here says nothing and answers "fine" when it is off.
//
// Source: fxrequest.cpp (VerifyRequestIs...), fxverifier.h.

import { EventKind, RoutineKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { Switch } from "../abi/layout";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Frame } from "../nt/frame";
import { emit } from "../nt/ring";
import { isOn, system, verifierOn } from "../nt/system";
import { Request } from "./request";

/** FxVerifierDbgBreakPoint: recorded, and the caller goes on. */
export function breakPoint(what: FindingId, first: u32, second: u32): void {
  emit(EventKind.Finding, verifierOn() ? 1 : 0, what, first, second);
}

/** A rule of ours was broken; the outcome does not change. */
export function ruleFinding(what: FindingId, first: u32, second: u32): void {
  if (isOn(Switch.Rules)) emit(EventKind.Finding, 0, what, first, second);
}

/**
 * The routine that runs is EvtDeviceSurpriseRemoval, which is not synchronized with the way out of D0: it may not complete or
 * cancel requests, nor stop, purge or drain queues (EvtSurpriseRemoveNoRequestComplete, NoCancelFromEvtSurpriseRemove,
 * EvtSurpriseRemoveNoSuspendQueue). Asked only while there is one (system.surprising).
 */
export function ruleSurpriseRemoval(object: u32): void {
  if (system.running == 0) return;
  const routine = changetype<Frame>(system.running).routine;
  if (routine == (RoutineKind.DeviceSurpriseRemoval as u32)) ruleFinding(FindingId.TooEarlyInSurpriseRemoval, object, 0);
}

/** [V] VerifyRequestIsDriverOwned */
export function verifyOwned(r: Request, what: FindingId): NtStatus {
  if (!verifierOn() || r.has(RequestBits.VerifierOwned)) return NtStatus.Success;
  breakPoint(what, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** [V] VerifyRequestIsNotCancelable */
export function verifyNotCancelable(r: Request): NtStatus {
  if (!verifierOn() || !r.has(RequestBits.VerifierCancelable)) return NtStatus.Success;
  breakPoint(FindingId.IsCancelable, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** [V] VerifyRequestIsCancelable */
export function verifyCancelable(r: Request): NtStatus {
  if (!verifierOn() || r.has(RequestBits.VerifierCancelable)) return NtStatus.Success;
  breakPoint(FindingId.NotCancelable, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** [V] VerifyRequestIsNotCompleted */
export function verifyNotCompleted(r: Request): NtStatus {
  if (!verifierOn() || r.place != (RequestPlace.Gone as u32)) return NtStatus.Success;
  breakPoint(FindingId.ParametersCompleted, r.handle, 0);
  return NtStatus.InternalError;
}

/** [V] Owned and not cancelable: what Forward and Requeue ask for. */
export function verifyMovable(r: Request): NtStatus {
  const status = verifyOwned(r, FindingId.NotOwned);
  return status < 0 ? status : verifyNotCancelable(r);
}

/** [V] VerifyRequestIsInCallerContext */
export function verifyInCaller(r: Request): NtStatus {
  if (!verifierOn() || r.has(RequestBits.VerifierInCaller)) return NtStatus.Success;
  breakPoint(FindingId.NotInCallerContext, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** [V] VerifyRequestIsTagRequest */
export function verifyTag(r: Request): NtStatus {
  if (!verifierOn() || r.place == (RequestPlace.Gone as u32)) return NtStatus.Success;
  if (r.has((RequestBits.VerifierTag as u32) | RequestBits.VerifierOwned)) return NtStatus.Success;
  breakPoint(FindingId.BadTag, r.handle, 0);
  return NtStatus.InvalidParameter;
}

/** [V] VerifyStopAcknowledge */
export function verifyStopAcknowledge(r: Request, requeue: bool): NtStatus {
  if (!verifierOn()) return NtStatus.Success;
  if (!r.has(RequestBits.VerifierInStop)) {
    breakPoint(FindingId.NotInEvtIoStop, r.handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  if (!requeue || r.place == (RequestPlace.Gone as u32)) return NtStatus.Success;
  return verifyMovable(r);
}
