// WdfWorkItem*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfworkitem/

import { CONFIG_WORD, type NtStatus, STRUCTURE_SIZE } from "../../bindings/abi";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, nothing, same } from "./call";
import type { EvtWorkItem, WDFOBJECT, WDFWORKITEM, WdfObjectAttributes, WdfWorkItemConfig } from "./types";

/** WDF_WORKITEM_CONFIG_INIT: serialized with the parent's callbacks, if those are synchronized. */
export function WDF_WORKITEM_CONFIG_INIT(evtWorkItemFunc: EvtWorkItem): WdfWorkItemConfig {
  return { evtWorkItemFunc, automaticSerialization: true };
}

/**
 * Makes a work item: EvtWorkItem runs at PASSIVE_LEVEL in a system thread, on the driver's demand. The parent, in the
 * attributes, is a device or something below one; with AutomaticSerialization its callback lock is held meanwhile, which
 * takes a passive-level parent.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_WDF_PARENT_NOT_SPECIFIED, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER without callback,
 *   STATUS_INVALID_DEVICE_REQUEST for a parent without device, STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL for serialization with a
 *   dispatch-level parent, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfWorkItemCreate(
  Config: WdfWorkItemConfig,
  Attributes: WdfObjectAttributes | undefined,
): { readonly status: NtStatus; readonly workItem: WDFWORKITEM } {
  const m = machine();
  writeAttributes(m, Attributes);
  m.core.writeScratch(CONFIG_WORD, [
    Config.size ?? STRUCTURE_SIZE,
    m.callback(Config.evtWorkItemFunc),
    (Config.automaticSerialization ?? true) ? 1 : 0,
  ]);
  return ask("WdfWorkItemCreate", [], (status) => {
    const workItem = (status < 0 ? 0 : m.core.outValue(0)) as WDFWORKITEM;
    if (workItem !== 0) m.names.addNumbered(workItem, "workitem");
    return { status, workItem };
  });
}

/**
 * Queues the work item; when it is queued already, nothing happens. It counts as queued until its callback begins, so
 * the callback may queue it again: the two may then run at the same time, unless they are serialized.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfWorkItemEnqueue(WorkItem: WDFWORKITEM): void {
  ask("WdfWorkItemEnqueue", [WorkItem], nothing);
}

/**
 * Waits until the work item is neither queued nor running. In its own callback this is a verifier break and waits for nothing.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfWorkItemFlush(WorkItem: WDFWORKITEM): Suspendable<void> {
  return call("WdfWorkItemFlush", [WorkItem], nothing);
}

/**
 * The parent given to WdfWorkItemCreate.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfWorkItemGetParentObject(WorkItem: WDFWORKITEM): WDFOBJECT {
  return ask("WdfWorkItemGetParentObject", [WorkItem], same) as WDFOBJECT;
}
