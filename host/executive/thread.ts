// Threads that drivers make. Out-parameters are return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import type { NtStatus } from "../../bindings/abi";
import type { PKTHREAD } from "../../bindings/handles";
import { machine } from "../current";
import { ask, call } from "../ddi/call";
import type { Routine } from "../ddi/types";
import type { Suspendable } from "../suspension";

/**
 * Makes a system thread that will run the routine at PASSIVE_LEVEL. It ends when the routine returns; waiting for its object
 * (ObReferenceObjectByHandle) is waiting for that.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INSUFFICIENT_RESOURCES
 */
export function PsCreateSystemThread<Context>(
  StartRoutine: Routine<[StartContext: Context], void>,
  StartContext: Context,
): Suspendable<{ readonly status: NtStatus; readonly threadHandle: PKTHREAD }> {
  const m = machine();
  const body = m.callbacks.once(() => StartRoutine(StartContext));
  return call("PsCreateSystemThread", [body, 0], (status) => {
    const threadHandle = m.core.outValue(0) as PKTHREAD;
    if (status >= 0) m.names.add(threadHandle, "thread");
    else m.callbacks.release(body);
    return { status, threadHandle };
  });
}

/**
 * Says with which status the running thread ends. On Windows it does not return: return from the routine right after it.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_PARAMETER in a thread that PsCreateSystemThread has not made
 */
export function PsTerminateSystemThread(ExitStatus: NtStatus): NtStatus {
  return ask("PsTerminateSystemThread", [ExitStatus], (status) => status);
}

/**
 * The object of a thread's handle, for KeWaitForSingleObject.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH for a handle of something else
 */
export function ObReferenceObjectByHandle(Handle: PKTHREAD): { readonly status: NtStatus; readonly object: PKTHREAD } {
  const m = machine();
  return ask("ObReferenceObjectByHandle", [Handle], (status) => ({ status, object: m.core.outValue(0) as PKTHREAD }));
}
