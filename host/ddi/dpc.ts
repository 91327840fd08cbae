// WdfDpc*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfdpc/

import { CONFIG_WORD, type NtStatus, STRUCTURE_SIZE } from "../../bindings/abi";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, same, yes } from "./call";
import type { EvtDpcFunc, KDPC, WDFDPC, WDFOBJECT, WdfDpcConfig, WdfObjectAttributes } from "./types";

/** WDF_DPC_CONFIG_INIT: serialized with the parent's callbacks, if those are synchronized. */
export function WDF_DPC_CONFIG_INIT(evtDpcFunc?: EvtDpcFunc): WdfDpcConfig {
  return { evtDpcFunc, automaticSerialization: true };
}

/**
 * Makes a DPC: EvtDpcFunc runs at DISPATCH_LEVEL, on the driver's demand. The parent, in the attributes, is a device or
 * something below one; with AutomaticSerialization its callback lock is held while EvtDpcFunc runs.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_WDF_PARENT_NOT_SPECIFIED, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_DEVICE_REQUEST for a parent without
 *   device, STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL for serialization with a passive parent, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfDpcCreate(
  Config: WdfDpcConfig,
  Attributes: WdfObjectAttributes | undefined,
): { readonly status: NtStatus; readonly dpc: WDFDPC } {
  const m = machine();
  writeAttributes(m, Attributes);
  m.core.writeScratch(CONFIG_WORD, [
    Config.size ?? STRUCTURE_SIZE,
    m.callback(Config.evtDpcFunc),
    (Config.automaticSerialization ?? true) ? 1 : 0,
  ]);
  return ask("WdfDpcCreate", [], (status) => {
    const dpc = (status < 0 ? 0 : m.core.outValue(0)) as WDFDPC;
    if (dpc !== 0) m.names.addNumbered(dpc, "dpc");
    return { status, dpc };
  });
}

/**
 * Queues the DPC on the current processor; it runs as soon as the level is below DISPATCH_LEVEL. It is off the queue before
 * EvtDpcFunc runs, which may queue it again. False, and nothing done, when it is queued already.
 *
 * @irql any
 */
export function WdfDpcEnqueue(Dpc: WDFDPC): Suspendable<boolean> {
  return call("WdfDpcEnqueue", [Dpc], yes);
}

/**
 * Takes the DPC off the queue again: true when it was there. With Wait, one that was not is waited for, should it run.
 *
 * @irql any; Wait TRUE: PASSIVE_LEVEL
 */
export function WdfDpcCancel(Dpc: WDFDPC, Wait: boolean): Suspendable<boolean> {
  return call("WdfDpcCancel", [Dpc, Wait ? 1 : 0], yes);
}

/**
 * The parent given to WdfDpcCreate.
 *
 * @irql any
 */
export function WdfDpcGetParentObject(Dpc: WDFDPC): WDFOBJECT {
  return ask("WdfDpcGetParentObject", [Dpc], same) as WDFOBJECT;
}

/**
 * The KDPC inside, for the kernel's own functions. It lives as long as the WDFDPC.
 *
 * @irql any
 */
export function WdfDpcWdmGetDpc(Dpc: WDFDPC): KDPC {
  return ask("WdfDpcWdmGetDpc", [Dpc], same) as KDPC;
}
