// WdfRequestRetrieve*Buffer: whether there is such a buffer, and how long it is. The bytes are the host's.
//
//   request   input buffer            output buffer
//   ───────── ─────────────────────── ───────────────────────
//   read      INVALID_DEVICE_REQUEST  Read.Length
//   write     Write.Length            INVALID_DEVICE_REQUEST
//   ioctl     InputBufferLength       OutputBufferLength
//   other     INVALID_DEVICE_REQUEST  INVALID_DEVICE_REQUEST
//
// A length of 0 is BUFFER_TOO_SMALL even when nothing is required. Source: fxrequestapi.cpp, FxRequest::GetMemoryObject.

import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { system } from "../nt/system";
import { extend, request } from "../wdf/request";
import { required } from "./check";

/** The buffer's length in bytes is the first out value. */
export function WdfRequestRetrieveInputBuffer(handle: u32, minimum: u32): i32 {
  system.out0 = 0;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = request(at);
  const major = r.major;
  if (major == (WdfRequestType.Write as u32)) return measure(r.length, minimum);
  if (!isControl(major)) return NtStatus.InvalidDeviceRequest;
  return measure(r.extension == 0 ? 0 : extend(r).inputLength, minimum);
}

/** The buffer's length in bytes is the first out value. */
export function WdfRequestRetrieveOutputBuffer(handle: u32, minimum: u32): i32 {
  system.out0 = 0;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const r = request(at);
  const major = r.major;
  if (major != (WdfRequestType.Read as u32) && !isControl(major)) return NtStatus.InvalidDeviceRequest;
  return measure(r.length, minimum);
}

function isControl(major: u32): bool {
  return major == (WdfRequestType.DeviceControl as u32) || major == (WdfRequestType.DeviceControlInternal as u32);
}

function measure(length: u32, minimum: u32): NtStatus {
  if (length == 0 || length < minimum) return NtStatus.BufferTooSmall;
  system.out0 = length;
  return NtStatus.Success;
}
