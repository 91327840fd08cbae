// WdfInterrupt*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfinterrupt/

import { CONFIG_WORD, type NtStatus, STRUCTURE_SIZE, WdfTriState } from "../../bindings/abi";
import type { PKINTERRUPT } from "../../bindings/handles";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, nothing, yes } from "./call";
import type { Routine, WDFDEVICE, WDFINTERRUPT, WDFSPINLOCK, WDFWAITLOCK, WdfObjectAttributes } from "./types";

/** EVT_WDF_INTERRUPT_ISR. At the interrupt's level, under its lock. TRUE: it was the device's interrupt. */
export type EvtInterruptIsr = Routine<[Interrupt: WDFINTERRUPT, MessageID: number], boolean>;
/** EVT_WDF_INTERRUPT_DPC. DISPATCH_LEVEL. */
export type EvtInterruptDpc = Routine<[Interrupt: WDFINTERRUPT, AssociatedObject: WDFDEVICE], void>;
/** EVT_WDF_INTERRUPT_WORKITEM. PASSIVE_LEVEL. */
export type EvtInterruptWorkItem = EvtInterruptDpc;
/** EVT_WDF_INTERRUPT_ENABLE, _DISABLE. At the interrupt's level, under its lock. */
export type EvtInterruptEnable = Routine<[Interrupt: WDFINTERRUPT, AssociatedDevice: WDFDEVICE], NtStatus>;
/** EVT_WDF_INTERRUPT_SYNCHRONIZE. At the interrupt's level, under its lock. */
export type EvtInterruptSynchronize<Context> = Routine<[Interrupt: WDFINTERRUPT, Context: Context], boolean>;

/** WDF_INTERRUPT_CONFIG */
export interface WdfInterruptConfig {
  evtInterruptIsr: EvtInterruptIsr | undefined;
  evtInterruptDpc?: EvtInterruptDpc | undefined;
  evtInterruptWorkItem?: EvtInterruptWorkItem | undefined;
  evtInterruptEnable?: EvtInterruptEnable | undefined;
  evtInterruptDisable?: EvtInterruptEnable | undefined;
  automaticSerialization?: boolean;
  passiveHandling?: boolean;
  spinLock?: WDFSPINLOCK | undefined;
  waitLock?: WDFWAITLOCK | undefined;
  shareVector?: WdfTriState;
  reportInactiveOnPowerDown?: WdfTriState;
  canWakeDevice?: boolean;
  /** In EvtDevicePrepareHardware only: stands for the resource's descriptors. */
  interruptRaw?: number;
  interruptTranslated?: number;
  /** 0 for a structure that was never initialized; leave it out otherwise. */
  size?: number;
}

/** WDF_INTERRUPT_INFO */
export interface WdfInterruptInfo {
  readonly vector: number;
  readonly irql: number;
  /** LevelSensitive, or Latched for an edge line. */
  readonly mode: "LevelSensitive" | "Latched";
  readonly messageNumber: number;
  readonly messageSignaled: boolean;
}

/** WDF_INTERRUPT_CONFIG_INIT */
export function WDF_INTERRUPT_CONFIG_INIT(EvtInterruptIsr: EvtInterruptIsr, EvtInterruptDpc?: EvtInterruptDpc): WdfInterruptConfig {
  return {
    evtInterruptIsr: EvtInterruptIsr,
    evtInterruptDpc: EvtInterruptDpc,
    shareVector: WdfTriState.UseDefault,
    reportInactiveOnPowerDown: WdfTriState.UseDefault,
  };
}

/**
 * Makes an interrupt of the device, in EvtDriverDeviceAdd (or, with resources, in EvtDevicePrepareHardware). The framework
 * connects it when the device has entered D0. It cannot be deleted.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER (no ISR, both DPC and work item, a lock of the wrong kind, a
 * parent that is neither the device nor one of its queues, canWakeDevice), STATUS_INVALID_DEVICE_STATE (started),
 * STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL, STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfInterruptCreate(
  Device: WDFDEVICE,
  Configuration: WdfInterruptConfig,
  Attributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly interrupt: WDFINTERRUPT } {
  const m = machine();
  const bit = (value: unknown): number => (value ? 1 : 0);
  writeAttributes(m, Attributes);
  m.core.writeScratch(CONFIG_WORD, [
    Configuration.size ?? STRUCTURE_SIZE,
    m.callback(Configuration.evtInterruptIsr),
    m.callback(Configuration.evtInterruptDpc),
    m.callback(Configuration.evtInterruptWorkItem),
    m.callback(Configuration.evtInterruptEnable),
    m.callback(Configuration.evtInterruptDisable),
    bit(Configuration.automaticSerialization),
    bit(Configuration.passiveHandling),
    Configuration.spinLock ?? 0,
    Configuration.waitLock ?? 0,
    Configuration.shareVector ?? WdfTriState.UseDefault,
    Configuration.reportInactiveOnPowerDown ?? WdfTriState.UseDefault,
    bit(Configuration.canWakeDevice),
    bit(Configuration.interruptRaw),
    bit(Configuration.interruptTranslated),
  ]);
  return ask("WdfInterruptCreate", [Device], (status) => {
    const interrupt = m.core.outValue(0) as WDFINTERRUPT;
    if (status >= 0) m.names.addNumbered(interrupt, "interrupt");
    return { status, interrupt };
  });
}

/**
 * Queues EvtInterruptDpc. FALSE when it is queued already.
 *
 * @irql <= DIRQL
 */
export function WdfInterruptQueueDpcForIsr(Interrupt: WDFINTERRUPT): Suspendable<boolean> {
  return call("WdfInterruptQueueDpcForIsr", [Interrupt], yes);
}

/**
 * Queues EvtInterruptWorkItem. FALSE when it is queued already.
 *
 * @irql <= DIRQL
 */
export function WdfInterruptQueueWorkItemForIsr(Interrupt: WDFINTERRUPT): Suspendable<boolean> {
  return call("WdfInterruptQueueWorkItemForIsr", [Interrupt], yes);
}

/**
 * Calls the callback as the ISR is called: at the interrupt's level, under its lock. What it returns is returned.
 *
 * @irql <= DISPATCH_LEVEL; passive-level interrupt: PASSIVE_LEVEL, else FALSE (verifier)
 */
export function WdfInterruptSynchronize<Context>(
  Interrupt: WDFINTERRUPT,
  Callback: EvtInterruptSynchronize<Context>,
  Context: Context,
): Suspendable<boolean> {
  const { callbacks } = machine();
  let called = false;
  const callback = callbacks.once(() => {
    called = true;
    return Callback(Interrupt, Context);
  });
  return call("WdfInterruptSynchronize", [Interrupt, callback], (result) => {
    if (!called) callbacks.release(callback);
    return yes(result);
  });
}

/**
 * Raises to the interrupt's level and takes its lock; waits for the lock of a passive-level interrupt.
 *
 * @irql <= DIRQL; leaves at DIRQL; passive-level interrupt: PASSIVE_LEVEL, else nothing happens (verifier)
 */
export function WdfInterruptAcquireLock(Interrupt: WDFINTERRUPT): Suspendable<void> {
  return call("WdfInterruptAcquireLock", [Interrupt], nothing);
}

/**
 * Gives the interrupt's lock up and puts the level of the acquire back.
 *
 * @irql <= DIRQL; DIRQL; passive-level interrupt: PASSIVE_LEVEL
 */
export function WdfInterruptReleaseLock(Interrupt: WDFINTERRUPT): Suspendable<void> {
  return call("WdfInterruptReleaseLock", [Interrupt], nothing);
}

/**
 * Takes the lock of a passive-level interrupt if it is free.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfInterruptTryToAcquireLock(Interrupt: WDFINTERRUPT): boolean {
  return ask("WdfInterruptTryToAcquireLock", [Interrupt], yes);
}

/**
 * Connects an interrupt that WdfInterruptDisable has disconnected, and calls EvtInterruptEnable.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfInterruptEnable(Interrupt: WDFINTERRUPT): Suspendable<void> {
  return call("WdfInterruptEnable", [Interrupt], nothing);
}

/**
 * Calls EvtInterruptDisable and disconnects the interrupt, whatever the device does, until WdfInterruptEnable.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfInterruptDisable(Interrupt: WDFINTERRUPT): Suspendable<void> {
  return call("WdfInterruptDisable", [Interrupt], nothing);
}

/**
 * The resources of an interrupt; the vector is 0 before the device is started.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfInterruptGetInfo(Interrupt: WDFINTERRUPT): WdfInterruptInfo {
  const { core } = machine();
  return ask("WdfInterruptGetInfo", [Interrupt], (vector) => ({
    vector,
    irql: core.outValue(0),
    mode: core.outValue(2) === 0 ? "Latched" : "LevelSensitive",
    messageNumber: core.outValue(1),
    messageSignaled: false,
  }));
}

/**
 * The interrupt object of the kernel, for KeSynchronizeExecution and its like; NULL (0) while the interrupt is not connected.
 *
 * @irql <= DIRQL
 */
export function WdfInterruptWdmGetInterrupt(Interrupt: WDFINTERRUPT): PKINTERRUPT {
  return ask("WdfInterruptWdmGetInterrupt", [Interrupt], (interrupt) => interrupt as PKINTERRUPT);
}

/**
 * The device of an interrupt.
 *
 * @irql <= DIRQL
 */
export function WdfInterruptGetDevice(Interrupt: WDFINTERRUPT): WDFDEVICE {
  return ask("WdfInterruptGetDevice", [Interrupt], (device) => device as WDFDEVICE);
}
