// WdfTimer*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdftimer/

import { CONFIG_WORD, type NtStatus, STRUCTURE_SIZE } from "../../bindings/abi";
import { machine } from "../current";
import type { Suspendable } from "../suspension";
import { writeAttributes } from "./attributes";
import { ask, call, same, yes } from "./call";
import { type DueTime, dueWords } from "./due-time";
import type { EvtTimerFunc, WDFOBJECT, WDFTIMER, WdfObjectAttributes, WdfTimerConfig } from "./types";

/** TolerableDelayUnlimited: the timer never wakes the system up. */
export const TolerableDelayUnlimited = 0xffffffff;

/** WDF_TIMER_CONFIG_INIT: expires once, serialized with the parent's callbacks if those are synchronized. */
export function WDF_TIMER_CONFIG_INIT(evtTimerFunc?: EvtTimerFunc): WdfTimerConfig {
  return { evtTimerFunc, automaticSerialization: true };
}

/** WDF_TIMER_CONFIG_INIT_PERIODIC: milliseconds from one expiry to the next. */
export function WDF_TIMER_CONFIG_INIT_PERIODIC(evtTimerFunc: EvtTimerFunc | undefined, period: number): WdfTimerConfig {
  return { evtTimerFunc, period, automaticSerialization: true };
}

/**
 * Makes a timer. EvtTimerFunc runs in a DPC; with the execution level Passive in the attributes, in a work item. The parent
 * is a device or something below one; with AutomaticSerialization its callback lock is held meanwhile.
 * Virtual time is exact: a tolerable delay, high resolution and no-wake are accepted and change nothing.
 *
 * @irql <= DISPATCH_LEVEL
 * @returns STATUS_WDF_PARENT_NOT_SPECIFIED, STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_PARAMETER for a period above MAXLONG or
 *   high resolution with a tolerable delay, STATUS_NOT_SUPPORTED for a periodic passive timer, STATUS_INVALID_DEVICE_REQUEST for
 *   a parent without device, STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfTimerCreate(
  Config: WdfTimerConfig,
  Attributes: WdfObjectAttributes | undefined,
): { readonly status: NtStatus; readonly timer: WDFTIMER } {
  const m = machine();
  writeAttributes(m, Attributes);
  m.core.writeScratch(CONFIG_WORD, [
    Config.size ?? STRUCTURE_SIZE,
    m.callback(Config.evtTimerFunc),
    Config.period ?? 0,
    (Config.automaticSerialization ?? true) ? 1 : 0,
    Config.tolerableDelay ?? 0,
    Config.useHighResolutionTimer ? 1 : 0,
  ]);
  return ask("WdfTimerCreate", [], (status) => {
    const timer = (status < 0 ? 0 : m.core.outValue(0)) as WDFTIMER;
    if (timer !== 0) m.names.addNumbered(timer, "timer");
    return { status, timer };
  });
}

/**
 * Arms the timer, also one that is armed (true): it expires at the new time only. The due time is in units of 100 ns: negative
 * from now (WDF_REL_TIMEOUT_IN_MS), else system time; one that has passed expires at once. A periodic timer expires again
 * and again from then on. While another thread stops the timer and waits, the start is dropped (false).
 *
 * @irql <= DISPATCH_LEVEL
 * @bugcheck 0x1E / STATUS_INVALID_PARAMETER for a high-resolution timer with a due time that is not relative
 */
export function WdfTimerStart(Timer: WDFTIMER, DueTime: DueTime): Suspendable<boolean> {
  return call("WdfTimerStart", [Timer, ...dueWords(DueTime)], yes);
}

/**
 * Disarms the timer: true when it was armed, or when a start was dropped meanwhile. An expiry whose EvtTimerFunc has not run
 * yet stays; with Wait, that is waited for.
 *
 * @irql <= DISPATCH_LEVEL; Wait TRUE: PASSIVE_LEVEL, and not in EvtTimerFunc, which would wait for itself
 */
export function WdfTimerStop(Timer: WDFTIMER, Wait: boolean): Suspendable<boolean> {
  return call("WdfTimerStop", [Timer, Wait ? 1 : 0], yes);
}

/**
 * The parent given to WdfTimerCreate.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function WdfTimerGetParentObject(Timer: WDFTIMER): WDFOBJECT {
  return ask("WdfTimerGetParentObject", [Timer], same) as WDFOBJECT;
}
