// WdfRequestRetrieve*: the buffers of a request, what they are and how long. The table is in wdf/buffers.ts; the bytes
// are the host's.
//
// The direction is looked at first, with the IRP's major function: a request that is over has no IRP, and the framework
// faults there (Stop), verifier or not.
//
// Source: fxrequestapi.cpp.

import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { ObjectKind, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { currentIrql } from "../nt/processor";
import { system, verifierOn } from "../nt/system";
import {
  findInput,
  findInputMdl,
  findOutput,
  findOutputMdl,
  findUnsafeInput,
  findUnsafeOutput,
  requireIrp,
} from "../wdf/buffers";
import { MemoryFlag } from "../wdf/memory";
import { Request, request } from "../wdf/request";
import { inputMemoryOf, outputMemoryOf, probeAndLock } from "../wdf/request-memory";
import { breakPoint, verifyInCaller, verifyOwned } from "../wdf/verifier";
import { required, requiredPointer } from "./check";

/** The request of a handle that still has its IRP; 0 after a Stop. The out values are NULL. */
function requiredIrp(handle: u32): usize {
  forget();
  const at = required(handle, ObjectKind.Request);
  return at != 0 && requireIrp(request(at)) ? at : 0;
}

function forget(): void {
  system.out0 = 0;
  system.out1 = 0;
}

/** Out values: the buffer's length in bytes, BufferKind. */
export function WdfRequestRetrieveInputBuffer(handle: u32, minimum: u32): i32 {
  const at = requiredIrp(handle);
  return at == 0 ? NtStatus.InvalidHandle : longEnough(findInput(request(at)), minimum);
}

/** Out values: the buffer's length in bytes, BufferKind. */
export function WdfRequestRetrieveOutputBuffer(handle: u32, minimum: u32): i32 {
  const at = requiredIrp(handle);
  return at == 0 ? NtStatus.InvalidHandle : longEnough(findOutput(request(at)), minimum);
}

function longEnough(status: NtStatus, minimum: u32): NtStatus {
  if (status < 0 || system.out0 >= minimum) return status;
  forget();
  return NtStatus.BufferTooSmall;
}

/** Out values: the MDL's length in bytes, MdlKind. */
export function WdfRequestRetrieveInputWdmMdl(handle: u32): i32 {
  const at = requiredIrp(handle);
  return at == 0 ? NtStatus.InvalidHandle : findInputMdl(request(at));
}

/** Out values: the MDL's length in bytes, MdlKind. */
export function WdfRequestRetrieveOutputWdmMdl(handle: u32): i32 {
  const at = requiredIrp(handle);
  return at == 0 ? NtStatus.InvalidHandle : findOutputMdl(request(at));
}

/** Out values: the buffer's length in bytes, BufferKind. */
export function WdfRequestRetrieveUnsafeUserInputBuffer(handle: u32, minimum: u32): i32 {
  forget();
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const status = verifyUnsafe(request(at));
  if (status < 0) return status;
  return requireIrp(request(at)) ? findUnsafeInput(request(at), minimum) : NtStatus.InvalidHandle;
}

/** Out values: the buffer's length in bytes, BufferKind. */
export function WdfRequestRetrieveUnsafeUserOutputBuffer(handle: u32, minimum: u32): i32 {
  forget();
  const at = required(handle, ObjectKind.Request);
  if (at == 0) return NtStatus.InvalidHandle;
  const status = verifyUnsafe(request(at));
  if (status < 0) return status;
  return requireIrp(request(at)) ? findUnsafeOutput(request(at), minimum) : NtStatus.InvalidHandle;
}

/** [V] At PASSIVE_LEVEL, in EvtIoInCallerContext, before WdfDeviceEnqueueRequest. */
function verifyUnsafe(r: Request): NtStatus {
  if (verifierOn() && currentIrql() > (Irql.Passive as u32)) {
    breakPoint(FindingId.NotPassive, r.handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  return verifyInCaller(r);
}

/** Out values: the memory's handle, BufferKind, length. */
export function WdfRequestRetrieveInputMemory(handle: u32): i32 {
  const at = requiredIrp(handle);
  if (at == 0) return NtStatus.InvalidHandle;
  const status = findInput(request(at));
  return status < 0 ? status : give(inputMemoryOf(request(at), system.out0));
}

/** Out values: the memory's handle, BufferKind, length. */
export function WdfRequestRetrieveOutputMemory(handle: u32): i32 {
  const at = requiredIrp(handle);
  if (at == 0) return NtStatus.InvalidHandle;
  const status = findOutput(request(at));
  return status < 0 ? status : give(outputMemoryOf(request(at), system.out0));
}

function give(memory: u32): NtStatus {
  system.out2 = system.out0;
  system.out0 = memory;
  return memory == 0 ? NtStatus.InsufficientResources : NtStatus.Success;
}

/** `buffer`: whether the caller gave an address. The memory's handle is the first out value. */
export function WdfRequestProbeAndLockUserBufferForRead(handle: u32, buffer: u32, length: u32): i32 {
  return lock(handle, buffer, length, MemoryFlag.ReadOnly);
}

/** `buffer`: whether the caller gave an address. The memory's handle is the first out value. */
export function WdfRequestProbeAndLockUserBufferForWrite(handle: u32, buffer: u32, length: u32): i32 {
  return lock(handle, buffer, length, MemoryFlag.None);
}

/** [V] At PASSIVE_LEVEL, for requests the driver owns. */
function lock(handle: u32, buffer: u32, length: u32, flags: u32): NtStatus {
  system.out0 = 0;
  const at = required(handle, ObjectKind.Request);
  if (at == 0 || !requiredPointer(buffer)) return NtStatus.InvalidHandle;
  const r = request(at);
  if (verifierOn() && currentIrql() > (Irql.Passive as u32)) {
    breakPoint(FindingId.NotPassive, handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  const status = verifyOwned(r, FindingId.NotOwned);
  if (status < 0) return status;
  if (length != 0 && r.place == (RequestPlace.Gone as u32)) {
    breakPoint(FindingId.ParametersCompleted, handle, 0);
    return NtStatus.InvalidDeviceRequest;
  }
  return probeAndLock(r, length, flags);
}
