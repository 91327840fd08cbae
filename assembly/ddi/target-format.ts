// WdfIoTargetFormatRequestFor*, WdfIoTargetSend*Synchronously: what a request asks of its target.

import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { FormatWord, SendOptionsWord } from "../abi/target";
import { WdfRequestType } from "../abi/wdf";
import { allocationFails } from "../nt/choice";
import { word } from "../nt/scratch";
import { system } from "../nt/system";
import { settle } from "../wdf/dispatch";
import { createOwn, releaseOwn } from "../wdf/request-create";
import { request } from "../wdf/request";
import { targetAt } from "../wdf/target";
import { format, validateMemory } from "../wdf/target-format";
import { sendSync } from "../wdf/target-sync";
import { required } from "./check";
import { validateOptions } from "./request-send";
import { isPassive } from "./check";
import { requiredTarget } from "./target";

export function WdfIoTargetFormatRequestForRead(target: u32, handle: u32): i32 {
  return formatFor(target, handle, WdfRequestType.Read);
}

export function WdfIoTargetFormatRequestForWrite(target: u32, handle: u32): i32 {
  return formatFor(target, handle, WdfRequestType.Write);
}

export function WdfIoTargetFormatRequestForIoctl(target: u32, handle: u32): i32 {
  return formatFor(target, handle, WdfRequestType.DeviceControl);
}

export function WdfIoTargetFormatRequestForInternalIoctl(target: u32, handle: u32): i32 {
  return formatFor(target, handle, WdfRequestType.DeviceControlInternal);
}

/** The buffers stand in the scratch area (FormatWord). */
function formatFor(target: u32, handle: u32, major: u32): NtStatus {
  const to = requiredTarget(target);
  if (to == 0) return NtStatus.InvalidHandle;
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  if (!requiredMemory()) return NtStatus.InvalidHandle;
  const status = validateMemory();
  return status < 0 ? status : settle(format(targetAt(to), request(at), major, true));
}

/** False, after a Stop, when a buffer is neither NULL nor a WDFMEMORY. */
function requiredMemory(): bool {
  const memory = word(FormatWord.Memory);
  const input = word(FormatWord.InputMemory);
  if (memory != 0 && required(memory, ObjectKind.Memory) == 0) return false;
  return input == 0 || required(input, ObjectKind.Memory) != 0;
}

export function WdfIoTargetSendReadSynchronously(target: u32, handle: u32): i32 {
  return sendNow(target, handle, WdfRequestType.Read);
}

export function WdfIoTargetSendWriteSynchronously(target: u32, handle: u32): i32 {
  return sendNow(target, handle, WdfRequestType.Write);
}

export function WdfIoTargetSendIoctlSynchronously(target: u32, handle: u32): i32 {
  return sendNow(target, handle, WdfRequestType.DeviceControl);
}

export function WdfIoTargetSendInternalIoctlSynchronously(target: u32, handle: u32): i32 {
  return sendNow(target, handle, WdfRequestType.DeviceControlInternal);
}

/** The status of the request; the information is the first out value. A request of its own is made for handle 0. */
function sendNow(target: u32, handle: u32, major: u32): NtStatus {
  system.out0 = 0;
  const to = requiredTarget(target);
  if (to == 0) return NtStatus.InvalidHandle;
  let at: usize = 0;
  if (handle != 0) {
    at = required(handle, ObjectKind.Request);
    if (at == 0) return NtStatus.InvalidHandle;
  }
  if (!isPassive(target)) return NtStatus.InvalidDeviceRequest;
  if (!requiredMemory()) return NtStatus.InvalidHandle;
  let status = validateOptions();
  if (status >= 0) status = validateMemory();
  if (status < 0) return status;
  if (at == 0) at = allocationFails() ? 0 : createOwn();
  if (at == 0) return NtStatus.InsufficientResources;
  const t = targetAt(to);
  const r = request(at);
  const flags = word(SendOptionsWord.Present) != 0 ? word(SendOptionsWord.Flags) : 0;
  status = format(t, r, major, false);
  if (status < 0) {
    if (handle == 0) releaseOwn(r);
    return settle(status);
  }
  sendSync(t, r, flags, true, handle == 0);
  return settle(status);
}
