// Callback objects: how one driver has routines of others called.
//
//   creator   InitializeObjectAttributes ─▶ ExCreateCallback(TRUE)  ─▶ ExNotifyCallback … ─▶ ObDereferenceObject
//   others    InitializeObjectAttributes ─▶ ExCreateCallback(FALSE) ─▶ ExRegisterCallback … ─▶ ExUnregisterCallback
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import type { NtStatus } from "../../bindings/abi";
import type { Handle } from "../../bindings/handles";
import { machine } from "../current";
import { ask, call, nothing } from "../ddi/call";
import type { Routine } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { executiveOf } from "./executive";
import { type ObjectAttributes, writeObjectAttributes } from "./object-attributes";

/** PCALLBACK_OBJECT */
export type PCALLBACK_OBJECT = Handle<"PCALLBACK_OBJECT">;
/** What ExRegisterCallback returns. */
export type PCALLBACK_REGISTRATION = Handle<"PCALLBACK_REGISTRATION">;

/**
 * CALLBACK_FUNCTION. `CallbackContext` is what the routine was registered with, the arguments are what the notifier gave; here
 * they may be any values. Runs in the notifier's thread at the notifier's IRQL, <= DISPATCH_LEVEL.
 */
export type CallbackFunction<Context = unknown, Argument1 = unknown, Argument2 = unknown> = Routine<
  [CallbackContext: Context, Argument1: Argument1, Argument2: Argument2],
  void
>;

/**
 * Opens a callback object by its name, or makes it when `Create` is TRUE and there is none. The pointer carries a reference:
 * drop it with ObDereferenceObject.
 *
 * Without OBJ_PERMANENT a new object loses its name before this function returns, so that others cannot open it.
 *
 * @irql <= APC_LEVEL; Driver Verifier asks for PASSIVE_LEVEL
 * @returns STATUS_UNSUCCESSFUL (no name), STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_NOT_FOUND,
 * STATUS_OBJECT_PATH_SYNTAX_BAD (no leading backslash), STATUS_OBJECT_NAME_INVALID (an empty component),
 * STATUS_OBJECT_TYPE_MISMATCH, STATUS_OBJECT_NAME_COLLISION (of another type, without OBJ_OPENIF), STATUS_INVALID_PARAMETER
 * (OBJ_OPENLINK), STATUS_INVALID_HANDLE (a root directory), STATUS_INSUFFICIENT_RESOURCES
 * @bugcheck DRIVER_VERIFIER_DETECTED_VIOLATION / 0x20008 at DISPATCH_LEVEL and above, with Driver Verifier
 */
export function ExCreateCallback(
  ObjectAttributes: ObjectAttributes,
  Create: boolean,
  AllowMultipleCallbacks: boolean,
): { readonly status: NtStatus; readonly callbackObject: PCALLBACK_OBJECT } {
  const m = machine();
  writeObjectAttributes(m, ObjectAttributes);
  return ask("ExCreateCallback", [Create ? 1 : 0, AllowMultipleCallbacks ? 1 : 0], (status) => {
    const callbackObject = m.core.outValue(0) as PCALLBACK_OBJECT;
    if (status >= 0 && m.names.short(callbackObject) === undefined) m.names.add(callbackObject, ObjectAttributes.objectName!);
    return { status, callbackObject };
  });
}

/**
 * Adds a routine to those that a notification calls, as the last one. The registration holds a reference on the object.
 *
 * A context the routine touches at DISPATCH_LEVEL must be in nonpaged pool: every ordinary value is.
 *
 * @irql <= APC_LEVEL
 * @returns NULL (0) when the object takes one routine only and has one, or memory is short
 * @bugcheck PAGE_FAULT_IN_NONPAGED_AREA for an object that is gone
 */
export function ExRegisterCallback<Context, Argument1 = unknown, Argument2 = unknown>(
  CallbackObject: PCALLBACK_OBJECT,
  CallbackFunction: CallbackFunction<Context, Argument1, Argument2>,
  CallbackContext: Context,
): PCALLBACK_REGISTRATION {
  const m = machine();
  const executive = executiveOf(m);
  const routine = CallbackFunction === null ? 0 : m.callback(executive.adapterOf(CallbackFunction));
  return ask("ExRegisterCallback", [CallbackObject, routine], (registration) => {
    if (registration !== 0) m.names.add(registration, executive.register(registration, CallbackContext));
    return registration as PCALLBACK_REGISTRATION;
  });
}

/**
 * Takes a routine off its object's list, and drops the registration's reference. Waits while the routine runs in another
 * thread; from inside the routine itself it waits for ever (a finding says so). Afterwards the routine is not called again.
 *
 * @irql <= APC_LEVEL
 * @bugcheck ATTEMPTED_SWITCH_FROM_DPC when it would have to wait at DISPATCH_LEVEL; PAGE_FAULT_IN_NONPAGED_AREA for a
 * registration that is gone
 */
export function ExUnregisterCallback(CallbackRegistration: PCALLBACK_REGISTRATION): Suspendable<void> {
  const executive = executiveOf(machine());
  return call("ExUnregisterCallback", [CallbackRegistration], () => executive.unregister(CallbackRegistration));
}

/**
 * Calls the routines of an object one by one in the order in which they were registered, in this thread, at this IRQL. NULL (0)
 * and an object without routines are nothing to do.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck PAGE_FAULT_IN_NONPAGED_AREA for an object that is gone
 */
export function ExNotifyCallback(CallbackObject: PCALLBACK_OBJECT, Argument1: unknown, Argument2: unknown): Suspendable<void> {
  const executive = executiveOf(machine());
  const values = executive.keep(Argument1, Argument2);
  return call("ExNotifyCallback", [CallbackObject, values], () => executive.forget(values));
}

/**
 * Adds a reference to an executive object.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck PAGE_FAULT_IN_NONPAGED_AREA for an object that is gone
 */
export function ObReferenceObject(Object: PCALLBACK_OBJECT): void {
  ask("ObReferenceObject", [Object], nothing);
}

/**
 * Drops a reference. A temporary object ends with its last one.
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck REFERENCE_BY_POINTER for a reference nobody has taken
 */
export function ObDereferenceObject(Object: PCALLBACK_OBJECT): void {
  ask("ObDereferenceObject", [Object], nothing);
}
