// WdfRequestRetrieve*Buffer: whether there is such a buffer, and how long it is. The bytes are the host's.
//
//   request   input buffer                    output buffer
//   ───────── ─────────────────────────────── ───────────────────────────────
//   read      INVALID_DEVICE_REQUEST          Read.Length
//   write     Write.Length                    INVALID_DEVICE_REQUEST
//   ioctl     InputBufferLength               OutputBufferLength
//   other     INVALID_DEVICE_REQUEST, break   INVALID_DEVICE_REQUEST, break
//
// Reads and writes of a device for neither I/O (WdfDeviceInitSetIoType): INVALID_DEVICE_REQUEST with a break [V].
//
// A length of 0 is BUFFER_TOO_SMALL even when nothing is required. An application's ioctl of METHOD_NEITHER has buffers
// in the application's memory only: INVALID_DEVICE_REQUEST. A request that is over is INTERNAL_ERROR with a break [V].
//
// Source: fxrequestapi.cpp, FxRequest::GetMemoryObject, GetDeviceControlOutputMemoryObject.

import { FindingId } from "../abi/finding";
import { ObjectKind, RequestBits } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfDeviceIoType, WdfRequestType } from "../abi/wdf";
import { system, verifierOn } from "../nt/system";
import { deviceAt } from "../wdf/device";
import { queueAt } from "../wdf/queue";
import { Request, extend, request } from "../wdf/request";
import { breakPoint, verifyNotCompleted } from "../wdf/verifier";
import { required } from "./check";

/** The buffer's length in bytes is the first out value. */
export function WdfRequestRetrieveInputBuffer(handle: u32, minimum: u32): i32 {
  system.out0 = 0;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = request(at);
  const major = r.major;
  if (major == (WdfRequestType.Read as u32)) return NtStatus.InvalidDeviceRequest;
  const status = verifyNotCompleted(r);
  if (status < 0) return status;
  if (major == (WdfRequestType.Write as u32)) return measureTransfer(r, minimum);
  return isControl(major) ? measureControl(r, inputLengthOf(r), minimum) : noBuffer(r);
}

/** The buffer's length in bytes is the first out value. */
export function WdfRequestRetrieveOutputBuffer(handle: u32, minimum: u32): i32 {
  system.out0 = 0;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = request(at);
  const major = r.major;
  if (major == (WdfRequestType.Write as u32)) return NtStatus.InvalidDeviceRequest;
  const status = verifyNotCompleted(r);
  if (status < 0) return status;
  if (major == (WdfRequestType.Read as u32)) return measureTransfer(r, minimum);
  return isControl(major) ? measureControl(r, r.length, minimum) : noBuffer(r);
}

function isControl(major: u32): bool {
  return major == (WdfRequestType.DeviceControl as u32) || major == (WdfRequestType.DeviceControlInternal as u32);
}

function inputLengthOf(r: Request): u32 {
  return r.extension == 0 ? 0 : extend(r).inputLength;
}

/** The lowest two bits of an ioctl code say where its buffers are. */
const METHOD_MASK: u32 = 3;
const METHOD_NEITHER: u32 = 3;

function measureControl(r: Request, length: u32, minimum: u32): NtStatus {
  const method = r.extension == 0 ? 0 : extend(r).ioctlCode & METHOD_MASK;
  const fromApplication = r.major == (WdfRequestType.DeviceControl as u32) && !r.has(RequestBits.KernelMode);
  if (length != 0 && method == METHOD_NEITHER && fromApplication) return NtStatus.InvalidDeviceRequest;
  return measure(length, minimum);
}

/** [V] An application's read or write of a device for neither I/O has its buffer in the application's memory only. */
function measureTransfer(r: Request, minimum: u32): NtStatus {
  const status = measure(r.length, minimum);
  if (status < 0 || !verifierOn() || r.has(RequestBits.KernelMode) || r.queue == 0) return status;
  return deviceAt(queueAt(r.queue).device).ioType == (WdfDeviceIoType.Neither as u32) ? noBuffer(r) : status;
}

function measure(length: u32, minimum: u32): NtStatus {
  if (length == 0 || length < minimum) return NtStatus.BufferTooSmall;
  system.out0 = length;
  return NtStatus.Success;
}

function noBuffer(r: Request): NtStatus {
  breakPoint(FindingId.NoBuffer, r.handle, 0);
  return NtStatus.InvalidDeviceRequest;
}
