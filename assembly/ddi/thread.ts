// Threads that drivers make (wdf/system-thread.ts).

import { KernelType } from "../abi/kernel";
import { NtStatus } from "../abi/status";
import { allocationFails } from "../nt/choice";
import { system } from "../nt/system";
import { currentThread } from "../nt/thread";
import { createSystemThread } from "../wdf/system-thread";
import { settle } from "../wdf/dispatch";
import { dispatcherOf } from "../wdf/kernel-object";
import { endShortReturn } from "../wdf/straight";
import { Dispatcher } from "../nt/dispatcher";

/** The routine will run with that context. The handle is the first out value. */
export function PsCreateSystemThread(routine: u32, context: u32): i32 {
  endShortReturn();
  system.out0 = 0;
  if (routine == 0) return NtStatus.InvalidParameter;
  if (allocationFails()) return NtStatus.InsufficientResources;
  const handle = createSystemThread(routine, context);
  if (handle == 0) return NtStatus.InsufficientResources;
  system.out0 = handle;
  return settle(NtStatus.Success);
}

/** The status the running thread will have ended with; its routine has to return then. */
export function PsTerminateSystemThread(status: i32): i32 {
  if (currentThread().object == 0) return NtStatus.InvalidParameter;
  currentThread().exitStatus = status;
  return NtStatus.Success;
}

/** The object of a thread's handle, the first out value, which KeWaitForSingleObject takes. */
export function ObReferenceObjectByHandle(handle: u32): i32 {
  endShortReturn();
  system.out0 = 0;
  const at = dispatcherOf(handle);
  if (at == 0) return NtStatus.InvalidHandle;
  if (changetype<Dispatcher>(at).type != (KernelType.Thread as u32)) return NtStatus.ObjectTypeMismatch;
  system.out0 = handle;
  return NtStatus.Success;
}
