// WdfRequest*: requests a driver makes, sends, cancels and uses again.

import { RequestFatalError } from "../abi/bugcheck";
import { STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { FormatWord, ReuseWord, SendOptionsWord, WdfRequestReuseFlag, WdfRequestSendOption } from "../abi/target";
import { word } from "../nt/scratch";
import { requestFatal } from "../nt/stop";
import { isStopped, system } from "../nt/system";
import { lookup } from "../nt/table";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { settle } from "../wdf/dispatch";
import { deviceAt, deviceOf } from "../wdf/device";
import { callingDriver } from "../wdf/driver";
import { createMade, reuse, validateTarget } from "../wdf/request-create";
import { Request, request } from "../wdf/request";
import { Sending, SendingFlag, copyLocation, isReceived, prepare, sendingAt, sendingOf } from "../wdf/sending";
import { stackSizeOf, targetAt } from "../wdf/target";
import { cancelSent } from "../wdf/target-cancel";
import { writeParams } from "../wdf/target-return";
import { forget, sendOn } from "../wdf/target-send";
import { sendSync } from "../wdf/target-sync";
import { breakPoint, ruleSurpriseRemoval } from "../wdf/verifier";
import { required } from "./check";
import { requiredTarget } from "./target";

/** The handle is the first out value. */
export function WdfRequestCreate(target: u32): i32 {
  system.out0 = 0;
  const to = target == 0 ? 0 : requiredTarget(target);
  if (target != 0 && to == 0) return NtStatus.InvalidHandle;
  const status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  if (to != 0 && !targetAt(to).connected) return NtStatus.InvalidDeviceState;
  const parent = parentOr(callingDriver());
  if (parent == 0) return NtStatus.InvalidHandle;
  const made = createMade(parent);
  if (made >= 0 && to != 0) validateTarget(targetAt(to), request(lookup(system.out0, ObjectKind.Request)));
  return made;
}

/** The parameters stand in the scratch area. */
export function WdfRequestReuse(handle: u32): i32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  if (word(ReuseWord.Size) != STRUCTURE_SIZE) return NtStatus.InvalidParameter;
  const flags = word(ReuseWord.Flags);
  const known = (WdfRequestReuseFlag.SetNewIrp as u32) | WdfRequestReuseFlag.MustComplete;
  if ((flags & ~known) != 0) return NtStatus.InvalidParameter;
  return settle(reuse(request(at), flags, word(ReuseWord.Status), word(ReuseWord.NewIrp) != 0));
}

export function WdfRequestChangeTarget(handle: u32, target: u32): i32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const to = requiredTarget(target);
  if (to == 0) return NtStatus.InvalidHandle;
  return settle(validateTarget(targetAt(to), request(at)));
}

/** 1 when the target has taken the request. The options stand in the scratch area. */
export function WdfRequestSend(handle: u32, target: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const r = request(at);
  const flags = word(SendOptionsWord.Present) != 0 ? word(SendOptionsWord.Flags) : 0;
  if (validateOptions() < 0) return refuse(r, NtStatus.InvalidParameter, FindingId.SendOptionsInvalid);
  const to = requiredTarget(target);
  if (to == 0) return 0;
  const t = targetAt(to);
  const s = prepare(r);
  if ((flags & (WdfRequestSendOption.Synchronous as u32)) != 0) {
    sendSync(t, r, flags, false, false);
    return settle(1);
  }
  if ((flags & (WdfRequestSendOption.SendAndForget as u32)) != 0) return sendAndForget(at, to, s);
  if (s.routine == 0 && isReceived(r)) return refuse(r, NtStatus.InvalidDeviceRequest, FindingId.SendNoRoutine);
  return settle(sendOn(t, r, s, flags) ? 1 : 0);
}

/** FxValidateRequestOptions */
export function validateOptions(): NtStatus {
  if (word(SendOptionsWord.Present) == 0) return NtStatus.Success;
  if (word(SendOptionsWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  const flags = word(SendOptionsWord.Flags);
  if (flags > 15) return NtStatus.InvalidParameter;
  const forgets = (flags & (WdfRequestSendOption.SendAndForget as u32)) != 0;
  return forgets && flags != (WdfRequestSendOption.SendAndForget as u32) ? NtStatus.InvalidParameter : NtStatus.Success;
}

function sendAndForget(at: usize, to: usize, s: Sending): u32 {
  const r = request(at);
  if (!isReceived(r)) {
    s.status = NtStatus.InvalidDeviceState;
    return 0;
  }
  if (s.has(SendingFlag.HasContext)) return refuse(r, NtStatus.InvalidDeviceRequest, FindingId.ForgetFormatted);
  forget(targetAt(to), r, s, 1);
  return settle(1);
}

function refuse(r: Request, status: NtStatus, why: FindingId): u32 {
  prepare(r).status = status;
  breakPoint(why, r.handle, 0);
  return 0;
}

/** 1 when whoever has the request was asked to give it up. */
export function WdfRequestCancelSentRequest(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  if (system.surprising != 0) ruleSurpriseRemoval(handle);
  return cancelSent(request(at)) ? settle(0) : 0;
}

export function WdfRequestSetCompletionRoutine(handle: u32, callback: u32, context: u32): void {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return;
  const s = prepare(request(at));
  s.routine = callback;
  s.context = context;
}

export function WdfRequestFormatRequestUsingCurrentType(handle: u32): void {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return;
  const s = requiredLocation(request(at));
  if (s == 0) return;
  copyLocation(request(at), sendingAt(s));
  sendingAt(s).set((SendingFlag.NextFormatted as u32) | SendingFlag.Formatted);
}

/** The stack location stands in the scratch area (FormatWord). */
export function WdfRequestWdmFormatUsingStackLocation(handle: u32): void {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return;
  const found = requiredLocation(request(at));
  if (found == 0) return;
  const s = sendingAt(found);
  s.major = word(FormatWord.Major);
  s.code = word(FormatWord.Code);
  s.length = word(FormatWord.BufferLength);
  s.inputLength = word(FormatWord.InputBufferLength);
  s.offsetLow = word(FormatWord.DeviceOffsetLow);
  s.offsetHigh = word(FormatWord.DeviceOffsetHigh);
  s.set((SendingFlag.NextFormatted as u32) | SendingFlag.Formatted);
}

/** The sending part of a request with an IRP that has a next stack location; 0 after a Stop. */
function requiredLocation(r: Request): usize {
  const s = prepare(r);
  const device = deviceOf(r);
  if (!s.has(SendingFlag.HasIrp)) requestFatal(RequestFatalError.NullIrp, r.handle);
  else if (device != 0 && stackSizeOf(deviceAt(device)) < 2) requestFatal(RequestFatalError.NoMoreStackLocations, r.handle);
  return isStopped() ? 0 : changetype<usize>(s);
}

/** 1 with the parameters in the scratch area (CompletionWord), 0 when there are none. */
export function WdfRequestGetCompletionParams(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const found = sendingOf(request(at));
  if (found != 0 && sendingAt(found).has(SendingFlag.HasContext)) {
    const s = sendingAt(found);
    writeParams(s, true, s.resultStatus, s.resultInformation);
    return 1;
  }
  breakPoint(FindingId.NoCompletionParams, handle, 0);
  return 0;
}
