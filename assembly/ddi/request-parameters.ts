// WdfRequest*: what a request says about itself.
//
// A completed request has no IRP. Where the framework looks at the IRP without asking first, that is a fault: a Stop
// (requireIrp). [V] The others ask first: a break, and a value that means nothing.
//
// Source: fxrequestapi.cpp, FxRequest::GetParameters, GetInformation, GetRequestorMode, GetStatus, GetFileObject.

import { IoctlMethod } from "../abi/buffer";
import { ParametersWord, STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { ProcessorMode } from "../abi/kernel";
import { ObjectKind, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { setWord } from "../nt/scratch";
import { system, verifierOn } from "../nt/system";
import { Entry } from "../nt/table";
import { APPLICATION_PROCESS } from "../nt/thread";
import { inputLengthOf, isControl, methodOf, requireIrp } from "../wdf/buffers";
import { deviceAt, deviceOf } from "../wdf/device";
import { fileObjectOf } from "../wdf/file";
import { Extension, Request, extend, informationOf, request } from "../wdf/request";
import { isReceived } from "../wdf/sending";
import { breakPoint, verifyNotCompleted, verifyOwned } from "../wdf/verifier";
import { required } from "./check";

export function WdfRequestSetInformation(handle: u32, information: u32): void {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return;
  const r = request(at);
  if (verifyNotCompleted(r) >= 0 && requireIrp(r)) extend(r).information = information;
}

export function WdfRequestGetInformation(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const r = request(at);
  return verifyNotCompleted(r) >= 0 && requireIrp(r) ? informationOf(r) : 0;
}

/** IoStatus.Status: as the sender left it, or as a lower driver has completed the request. */
export function WdfRequestGetStatus(handle: u32): i32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0 || !requireIrp(request(at))) return NtStatus.InvalidHandle;
  const extension = request(at).extension;
  return extension == 0 ? NtStatus.Success : changetype<Extension>(extension).status;
}

/** KPROCESSOR_MODE */
export function WdfRequestGetRequestorMode(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return ProcessorMode.UserMode;
  const r = request(at);
  if (verifyNotCompleted(r) < 0 || !requireIrp(r)) return ProcessorMode.UserMode;
  return r.has(RequestBits.KernelMode) ? ProcessorMode.KernelMode : ProcessorMode.UserMode;
}

/** The process the request was sent from; 0, with a break, when it is over. */
export function WdfRequestGetRequestorProcessId(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const r = request(at);
  if (!hasIrp(r)) return 0;
  const known = r.extension == 0 ? 0 : changetype<Extension>(r.extension).senderProcess;
  return known == 0 ? APPLICATION_PROCESS : known;
}

/** 0: every process of this machine is a 64-bit one. */
export function WdfRequestIsFrom32BitProcess(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at != 0) requireIrp(request(at));
  return 0;
}

/** False, with a break, for a request that is over. */
function hasIrp(r: Request): bool {
  if (r.place != (RequestPlace.Gone as u32)) return true;
  breakPoint(FindingId.ParametersCompleted, r.handle, 0);
  return false;
}

/** WDF_REQUEST_PARAMETERS go to the scratch area (ParametersWord); the result is their Type, the first out value their length. */
export function WdfRequestGetParameters(handle: u32, size: u32): u32 {
  for (let w: u32 = ParametersWord.Type; w <= (ParametersWord.Key as u32); w++) setWord(w, 0);
  system.out0 = 0;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return 0;
  const r = request(at);
  if (size != STRUCTURE_SIZE) {
    breakPoint(FindingId.BadSize, handle, 0);
    return 0;
  }
  if (verifierOn() && !isReceived(r)) {
    breakPoint(FindingId.NoStackLocation, handle, 0);
    return 0;
  }
  if (verifyNotCompleted(r) < 0 || !requireIrp(r)) return 0;
  fill(r);
  return r.major;
}

function fill(r: Request): void {
  setWord(ParametersWord.Type, r.major);
  setWord(ParametersWord.Length, r.length);
  system.out0 = r.length;
  if (r.extension == 0) return;
  const extension = changetype<Extension>(r.extension);
  setWord(ParametersWord.InputLength, extension.inputLength);
  setWord(ParametersWord.IoControlCode, extension.ioctlCode);
  setWord(ParametersWord.Type3InputBuffer, showsType3(r) ? 1 : 0);
  setWord(ParametersWord.OffsetLow, extension.offsetLow);
  setWord(ParametersWord.OffsetHigh, extension.offsetHigh);
  setWord(ParametersWord.Key, extension.key);
}

/** [V] The raw address of a METHOD_NEITHER ioctl's input is kept from the driver. */
function showsType3(r: Request): bool {
  if (!isControl(r.major) || methodOf(r) != (IoctlMethod.Neither as u32) || inputLengthOf(r) == 0) return false;
  return !verifierOn() || r.major != (WdfRequestType.DeviceControl as u32);
}

/** The WDFFILEOBJECT of the request's IRP, or 0. [V] For requests the driver owns. */
export function WdfRequestGetFileObject(handle: u32): u32 {
  const at = required(handle, ObjectKind.Request);
  if (at == 0 || verifyOwned(request(at), FindingId.NotOwned) < 0) return 0;
  if (verifyNotCompleted(request(at)) < 0 || !requireIrp(request(at))) return 0;
  const device = deviceOf(request(at));
  const entry = device == 0 ? 0 : fileObjectOf(deviceAt(device), request(at).file);
  return entry == 0 ? 0 : changetype<Entry>(entry).handle;
}
