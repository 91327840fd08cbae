// KTIMERs, and the two clocks.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import { TimerType } from "../../bindings/abi";
import { machine } from "../current";
import { ask, call, same, yes } from "../ddi/call";
import { type DueTime, dueWords } from "../ddi/due-time";
import type { KDPC, KTIMER } from "../ddi/types";
import { ProtocolError } from "../errors";
import type { Suspendable } from "../suspension";

const HIGH = 2 ** 32;

function made(timer: number): KTIMER {
  if (timer === 0) throw new ProtocolError("no room for another KTIMER: make the System with more objects");
  machine().names.addNumbered(timer, "ktimer");
  return timer as KTIMER;
}

/**
 * Makes a notification timer: not signaled, and not armed. (In C, the caller provides the memory; here it is the answer.)
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeInitializeTimer(): KTIMER {
  return made(ask("KeInitializeTimer", [], same));
}

/**
 * Makes a notification or synchronization timer: not signaled, and not armed.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeInitializeTimerEx(Type: TimerType): KTIMER {
  return made(ask("KeInitializeTimerEx", [Type], same));
}

/**
 * Arms a timer, also one that is armed (true): the earlier setting is forgotten. At the due time, in units of 100 ns (negative
 * from now, else system time), it is signaled and its DPC is queued.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeSetTimer(Timer: KTIMER, DueTime: DueTime, Dpc?: KDPC): Suspendable<boolean> {
  return call("KeSetTimer", [Timer, ...dueWords(DueTime), Dpc ?? 0], yes);
}

/**
 * The same, and again every Period milliseconds from then on, unless that is 0.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeSetTimerEx(Timer: KTIMER, DueTime: DueTime, Period: number, Dpc?: KDPC): Suspendable<boolean> {
  return call("KeSetTimerEx", [Timer, ...dueWords(DueTime), Period, Dpc ?? 0], yes);
}

/**
 * The same, with leave to expire up to TolerableDelay milliseconds late. Virtual time is exact: it never does.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeSetCoalescableTimer(
  Timer: KTIMER,
  DueTime: DueTime,
  Period: number,
  TolerableDelay: number,
  Dpc?: KDPC,
): Suspendable<boolean> {
  return call("KeSetCoalescableTimer", [Timer, ...dueWords(DueTime), Period, TolerableDelay, Dpc ?? 0], yes);
}

/**
 * Disarms a timer: true when it was armed. A DPC that is queued already still runs; a timer that has expired stays signaled.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeCancelTimer(Timer: KTIMER): boolean {
  return ask("KeCancelTimer", [Timer], yes);
}

/**
 * True when the timer has expired since it was last set.
 *
 * @irql <= DISPATCH_LEVEL
 */
export function KeReadStateTimer(Timer: KTIMER): boolean {
  return ask("KeReadStateTimer", [Timer], yes);
}

/**
 * The virtual time since the start of the System, in units of 100 ns.
 *
 * @irql any
 */
export function KeQueryInterruptTime(): number {
  return ask("KeQueryInterruptTime", [], () => {
    const { core } = machine();
    return core.outValue(0) + core.outValue(1) * HIGH;
  });
}

/**
 * The system time, in units of 100 ns since 1601 (UTC). Every System begins on the first of January 2024.
 *
 * @irql any
 */
export function KeQuerySystemTime(): bigint {
  return ask("KeQuerySystemTime", [], () => {
    const { core } = machine();
    return (BigInt(core.outValue(1)) << 32n) | BigInt(core.outValue(0));
  });
}
