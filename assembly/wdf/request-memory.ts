// The WDFMEMORYs of a request: its input, its output, and memory of its sender that was probed and locked.
//
//   memory    made by                                        of            may be written
//   ───────── ────────────────────────────────────────────── ───────────── ──────────────────────────────
//   input     WdfRequestRetrieveInputMemory, once            inputMemory   METHOD_BUFFERED and METHOD_NEITHER only
//   output    WdfRequestRetrieveOutputMemory, once           outputMemory  yes, but for METHOD_IN_DIRECT
//   locked    WdfRequestProbeAndLockUserBufferForRead        an address    no
//             ...ForWrite                                    an address    yes
//
// They are children of the request and go when it is completed, before its sender knows. One that the driver still
// references then would lose its bytes under its feet: the Stop WDF_VERIFIER_FATAL_ERROR.
//
// Source: FxRequest::ProbeAndLockForRead, ...ForWrite (fxrequestkm.cpp), VerifyProbeAndLock, CompleteInternal;
// fxrequestmemory.cpp. The input and output memory of the framework are parts of the request itself.

import { IoctlMethod } from "../abi/buffer";
import { WdfViolation } from "../abi/bugcheck";
import { ObjectKind, RequestBits } from "../abi/request";
import { NtStatus } from "../abi/status";
import { allocationFails } from "../nt/choice";
import { violation } from "../nt/stop";
import { system, verifierOn } from "../nt/system";
import { lookup } from "../nt/table";
import { APPLICATION_PROCESS, Thread, currentThread } from "../nt/thread";
import { isControl, methodOf } from "./buffers";
import { MemoryFlag, createMemory, freeMemory, memoryAt } from "./memory";
import { createObject, kindOf, objectAt } from "./object";
import { Extension, Request, extend, request } from "./request";

/** The memory of the input that was found last (buffers.ts); its handle, 0 when memory is short. */
export function inputMemoryOf(r: Request, length: u32): u32 {
  const extension = extend(r);
  if (lookup(extension.inputMemory, ObjectKind.Memory) == 0) extension.inputMemory = make(r, length, inputFlags(r));
  return extension.inputMemory;
}

/** The memory of the output that was found last; its handle, 0 when memory is short. */
export function outputMemoryOf(r: Request, length: u32): u32 {
  const extension = extend(r);
  if (lookup(extension.outputMemory, ObjectKind.Memory) == 0) extension.outputMemory = make(r, length, outputFlags(r));
  return extension.outputMemory;
}

/** True for memory that is a part of its request: it takes no contexts. */
export function isPartOfRequest(entry: usize): bool {
  if (kindOf(entry) != (ObjectKind.Memory as u32)) return false;
  const owner = memoryAt(objectAt(entry).body).locks;
  if (owner == 0) return false;
  const extension = extend(request(owner));
  const handle = objectAt(entry).handle;
  return handle == extension.inputMemory || handle == extension.outputMemory;
}

/** The data of a write, and the copied input of a direct ioctl; that of METHOD_BUFFERED is the output as well. */
function inputFlags(r: Request): u32 {
  if (!isControl(r.major)) return MemoryFlag.ReadOnly;
  const method = methodOf(r);
  const direct = method == (IoctlMethod.InDirect as u32) || method == (IoctlMethod.OutDirect as u32);
  return direct ? MemoryFlag.ReadOnly : MemoryFlag.None;
}

/** METHOD_IN_DIRECT: what the sender has in its output memory is for the driver to read. */
function outputFlags(r: Request): u32 {
  return isControl(r.major) && methodOf(r) == (IoctlMethod.InDirect as u32) ? MemoryFlag.ReadOnly : MemoryFlag.None;
}

function make(r: Request, length: u32, flags: u32): u32 {
  const body = createMemory(length, flags);
  if (body == 0) return 0;
  memoryAt(body).locks = changetype<usize>(r);
  const handle = createObject(ObjectKind.Memory, body, changetype<usize>(r), 0, 0);
  if (handle == 0) freeMemory(memoryAt(body));
  else extend(r).lockedMemories++;
  return handle;
}

/** MmProbeAndLockPages of an address in the sender's process. The memory's handle is the first out value. */
export function probeAndLock(r: Request, length: u32, flags: u32): NtStatus {
  system.out0 = 0;
  if (length == 0) return NtStatus.InvalidUserBuffer;
  if (!mayReach(r)) return NtStatus.AccessViolation;
  if (allocationFails()) return NtStatus.InsufficientResources;
  if (r.has(RequestBits.BadBuffer)) return NtStatus.AccessViolation;
  const handle = make(r, length, flags);
  if (handle == 0) return NtStatus.InsufficientResources;
  system.out0 = handle;
  return NtStatus.Success;
}

/** [V] The thread that sent it, for a user's request; without the verifier its process will do. */
function mayReach(r: Request): bool {
  if (r.has(RequestBits.KernelMode)) return true;
  const extension = extend(r);
  const thread = currentThread();
  if (!verifierOn()) return thread.processId == (extension.senderProcess == 0 ? APPLICATION_PROCESS : extension.senderProcess);
  const sender = extension.sender == 0 ? changetype<Thread>(system.appThread).serial : extension.sender;
  return thread.serial == sender;
}

/** A memory object of a request is gone. */
export function unlock(locked: Extension): void {
  locked.lockedMemories--;
}

/** False after a Stop: the driver still has memory of a request that goes back. */
export function verifyUnlocked(r: Request): bool {
  if (r.extension == 0) return true;
  const count = changetype<Extension>(r.extension).lockedMemories;
  if (count == 0) return true;
  violation(WdfViolation.VerifierFatalError, r.handle, count);
  return false;
}
