// The buffers of a request: whether there is one, where it is, how long.
//
//   request              input buffer             output buffer         unsafe (EvtIoInCallerContext)
//   ──────────────────── ──────────────────────── ───────────────────── ─────────────────────────────
//   read    buffered     INVALID_DEVICE_REQUEST   System, Read.Length   INVALID_DEVICE_REQUEST
//           direct       INVALID_DEVICE_REQUEST   Mdl                   INVALID_DEVICE_REQUEST
//           neither      INVALID_DEVICE_REQUEST   NULL, but [V] below   User       (from kernel mode: User)
//   write   as a read, with input and output exchanged
//   ioctl   BUFFERED     System, InputLength      System, OutputLength  INVALID_DEVICE_REQUEST
//           IN_, OUT_    System, InputLength      Mdl, OutputLength     INVALID_DEVICE_REQUEST
//           NEITHER      INVALID_DEVICE_REQUEST   likewise              Type3, User
//           NEITHER, from kernel mode or internal: Type3, User
//   other   INVALID_DEVICE_REQUEST with a break   likewise              INVALID_DEVICE_REQUEST
//
// [V] A user's read or write of a device for neither I/O: a break, INVALID_DEVICE_REQUEST. A length of 0 is
// BUFFER_TOO_SMALL even when nothing is required, except for the unsafe buffers. The bytes are the host's.
//
// What a function here finds it leaves in the out values: length, then BufferKind or MdlKind.
//
// Source: FxRequest::GetMemoryObject, GetDeviceControlOutputMemoryObject, GetMdl, GetDeviceControlOutputMdl;
// WdfRequestRetrieveUnsafeUserInputBuffer, ...OutputBuffer (fxrequestapi.cpp).

import { BufferKind, IOCTL_METHOD_MASK, IoctlMethod, MdlKind } from "../abi/buffer";
import { FindingId } from "../abi/finding";
import { RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfDeviceIoType, WdfRequestType } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { bugCheck } from "../nt/stop";
import { system, verifierOn } from "../nt/system";
import { deviceAt, deviceOf } from "./device";
import { Request, extend } from "./request";
import { unhandledException } from "./invoke";
import { breakPoint, ruleFinding } from "./verifier";

/** STATUS_ACCESS_VIOLATION as a parameter of a Stop. */
const ACCESS_VIOLATION: u32 = 0xc0000005;

/**
 * False after a Stop: the request is over, its IRP is gone, and the framework would follow a NULL pointer. Windows does
 * so before it looks whether the request was completed.
 */
export function requireIrp(r: Request): bool {
  if (r.place != (RequestPlace.Gone as u32)) return true;
  ruleFinding(FindingId.UsedAfterCompletion, r.handle, 0);
  bugCheck(unhandledException(false), ACCESS_VIOLATION, 0, 0, 0);
  return false;
}

export function isControl(major: u32): bool {
  return major == (WdfRequestType.DeviceControl as u32) || major == (WdfRequestType.DeviceControlInternal as u32);
}

export function inputLengthOf(r: Request): u32 {
  return r.extension == 0 ? 0 : extend(r).inputLength;
}

export function methodOf(r: Request): u32 {
  return r.extension == 0 ? (IoctlMethod.Buffered as u32) : extend(r).ioctlCode & IOCTL_METHOD_MASK;
}

/** WdfDeviceIoType of the request's device. */
export function ioTypeOf(r: Request): u32 {
  const device = deviceOf(r);
  return device == 0 ? (WdfDeviceIoType.Buffered as u32) : deviceAt(device).ioType;
}

/** The input of a write or device control; a read has none. */
export function findInput(r: Request): NtStatus {
  const major = r.major;
  if (major == (WdfRequestType.Read as u32)) return NtStatus.InvalidDeviceRequest;
  return isControl(major) ? findControlInput(r) : findTransfer(r);
}

/** The output of a read or device control. */
export function findOutput(r: Request): NtStatus {
  const major = r.major;
  if (major == (WdfRequestType.Write as u32)) return NtStatus.InvalidDeviceRequest;
  return isControl(major) ? findControlOutput(r) : findTransfer(r);
}

function found(length: u32, kind: u32): NtStatus {
  system.out0 = length;
  system.out1 = kind;
  return NtStatus.Success;
}

function findTransfer(r: Request): NtStatus {
  const major = r.major;
  if (major != (WdfRequestType.Read as u32) && major != (WdfRequestType.Write as u32)) {
    breakPoint(FindingId.NoBuffer, r.handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  const ioType = ioTypeOf(r);
  const foreign = ioType == (WdfDeviceIoType.Neither as u32) && !r.has(RequestBits.KernelMode);
  const hidden = foreign && verifierOn();
  if (hidden) breakPoint(FindingId.NeitherBuffer, r.handle, 0);
  if (r.length == 0) return NtStatus.BufferTooSmall;
  if (hidden) return NtStatus.InvalidDeviceRequest;
  return found(r.length, foreign ? BufferKind.None : kindOfIoType(ioType));
}

function kindOfIoType(ioType: u32): u32 {
  switch (ioType) {
    case WdfDeviceIoType.Direct as u32:
      return BufferKind.Mdl;
    case WdfDeviceIoType.Neither as u32:
      return BufferKind.User;
    default:
      return BufferKind.System;
  }
}

/** True for a METHOD_NEITHER ioctl whose addresses nobody vouches for. */
function isUserNeither(r: Request): bool {
  if (methodOf(r) != (IoctlMethod.Neither as u32) || r.has(RequestBits.KernelMode)) return false;
  return r.major == (WdfRequestType.DeviceControl as u32);
}

function findControlInput(r: Request): NtStatus {
  const length = inputLengthOf(r);
  if (length == 0) return NtStatus.BufferTooSmall;
  if (isUserNeither(r)) return NtStatus.InvalidDeviceRequest;
  return found(length, methodOf(r) == (IoctlMethod.Neither as u32) ? BufferKind.Type3 : BufferKind.System);
}

function findControlOutput(r: Request): NtStatus {
  if (r.length == 0) return NtStatus.BufferTooSmall;
  if (isUserNeither(r)) return NtStatus.InvalidDeviceRequest;
  return found(r.length, outputKind(methodOf(r)));
}

function outputKind(method: u32): u32 {
  switch (method) {
    case IoctlMethod.Buffered as u32:
      return BufferKind.System;
    case IoctlMethod.Neither as u32:
      return BufferKind.User;
    default:
      return BufferKind.Mdl;
  }
}

/** WdfRequestRetrieveInputWdmMdl, past its checks. */
export function findInputMdl(r: Request): NtStatus {
  const major = r.major;
  if (major == (WdfRequestType.Read as u32)) return NtStatus.InvalidDeviceRequest;
  if (!isControl(major)) return findTransferMdl(r);
  if (methodOf(r) == (IoctlMethod.Neither as u32)) return NtStatus.InvalidDeviceRequest;
  return frameworkMdl(r, inputLengthOf(r));
}

/** WdfRequestRetrieveOutputWdmMdl, past its checks. */
export function findOutputMdl(r: Request): NtStatus {
  const major = r.major;
  if (major == (WdfRequestType.Write as u32)) return NtStatus.InvalidDeviceRequest;
  if (!isControl(major)) return findTransferMdl(r);
  const method = methodOf(r);
  if (method == (IoctlMethod.Neither as u32)) return NtStatus.InvalidDeviceRequest;
  return method == (IoctlMethod.Buffered as u32) ? frameworkMdl(r, r.length) : senderMdl(r);
}

function findTransferMdl(r: Request): NtStatus {
  const ioType = ioTypeOf(r);
  if (ioType == (WdfDeviceIoType.Direct as u32)) return senderMdl(r);
  if (ioType == (WdfDeviceIoType.Neither as u32)) {
    breakPoint(FindingId.NeitherBuffer, r.handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  const major = r.major;
  const transfers = major == (WdfRequestType.Read as u32) || major == (WdfRequestType.Write as u32);
  return transfers ? frameworkMdl(r, r.length) : NtStatus.InvalidParameter;
}

/** Irp->MdlAddress; a sender makes none for an empty buffer. */
function senderMdl(r: Request): NtStatus {
  return r.length == 0 ? NtStatus.BufferTooSmall : found(r.length, MdlKind.Irp);
}

/** One MDL per request is made for its system buffer, of the length first asked for; later calls get the same. */
function frameworkMdl(r: Request, length: u32): NtStatus {
  if (length == 0) return NtStatus.BufferTooSmall;
  const extension = extend(r);
  if (extension.mdlLength == 0) {
    if (allocationFails()) return NtStatus.InsufficientResources;
    extension.mdlLength = length;
  }
  return found(extension.mdlLength, MdlKind.Framework);
}

/** WdfRequestRetrieveUnsafeUserInputBuffer, past its checks. */
export function findUnsafeInput(r: Request, minimum: u32): NtStatus {
  const major = r.major;
  if (major == (WdfRequestType.Read as u32)) return NtStatus.InvalidDeviceRequest;
  if (major == (WdfRequestType.DeviceControlInternal as u32)) return NtStatus.InvalidDeviceRequest;
  if (isNeitherControl(r)) return address(inputLengthOf(r), minimum, BufferKind.Type3);
  if (major == (WdfRequestType.Write as u32) && ioTypeOf(r) == (WdfDeviceIoType.Neither as u32)) {
    return address(r.length, minimum, BufferKind.User);
  }
  breakPoint(FindingId.NotUnsafeInput, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}

/** WdfRequestRetrieveUnsafeUserOutputBuffer, past its checks. Of the two only the other one breaks. */
export function findUnsafeOutput(r: Request, minimum: u32): NtStatus {
  const major = r.major;
  if (isNeitherControl(r)) return address(r.length, minimum, BufferKind.User);
  if (major == (WdfRequestType.Read as u32) && ioTypeOf(r) == (WdfDeviceIoType.Neither as u32)) {
    return address(r.length, minimum, BufferKind.User);
  }
  return NtStatus.InvalidDeviceRequest;
}

function isNeitherControl(r: Request): bool {
  return r.major == (WdfRequestType.DeviceControl as u32) && methodOf(r) == (IoctlMethod.Neither as u32);
}

/** An empty buffer has the address NULL. */
function address(length: u32, minimum: u32, kind: BufferKind): NtStatus {
  if (length < minimum) return NtStatus.BufferTooSmall;
  return found(length, length == 0 ? BufferKind.None : kind);
}
