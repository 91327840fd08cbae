// KDPC and KTIMER: Ke*Dpc*, Ke*Timer*. A WDFDPC's KDPC (WdfDpcWdmGetDpc) is taken as well.

import { KernelType } from "../abi/kernel";
import { ObjectKind } from "../abi/request";
import { TimerType } from "../abi/wdm";
import { setTimer } from "../nt/clock";
import { disarm } from "../nt/deadline";
import { requestDpcs, withdrawCall } from "../nt/deferred";
import { Dispatcher } from "../nt/dispatcher";
import { system } from "../nt/system";
import { settle } from "../wdf/dispatch";
import { callFlushDpcs } from "../wdf/dpc-flush";
import { createKdpc, dpcAt, enqueueDpc, setImportance, setTarget } from "../wdf/dpc";
import { objectAt } from "../wdf/object";
import { createKtimer, timerAt } from "../wdf/timer";
import { endShortReturn } from "../wdf/straight";
import { required } from "./check";

function requiredDpc(handle: u32): usize {
  const entry = required(handle, ObjectKind.Dpc);
  return entry == 0 ? 0 : objectAt(entry).body;
}

function requiredTimer(handle: u32): usize {
  const entry = required(handle, ObjectKind.Timer);
  return entry == 0 ? 0 : objectAt(entry).body;
}

/** Its handle, 0 when the table is full. */
export function KeInitializeDpc(callback: u32): u32 {
  endShortReturn();
  return createKdpc(callback);
}

/** 1 when it was not queued before. */
export function KeInsertQueueDpc(handle: u32): u32 {
  const at = requiredDpc(handle);
  return at == 0 ? 0 : settle(enqueueDpc(dpcAt(at)) ? 1 : 0);
}

/** 1 when it was queued and is no more. */
export function KeRemoveQueueDpc(handle: u32): u32 {
  const at = requiredDpc(handle);
  if (at == 0 || dpcAt(at).call.isEmpty) return 0;
  withdrawCall(dpcAt(at).call);
  return 1;
}

/** For insertions from now on. */
export function KeSetImportanceDpc(handle: u32, importance: u32): void {
  const at = requiredDpc(handle);
  if (at != 0) setImportance(dpcAt(at), importance);
}

/** For insertions from now on. A number no processor has changes nothing. */
export function KeSetTargetProcessorDpc(handle: u32, number: u32): void {
  const at = requiredDpc(handle);
  if (at != 0 && number < system.processorCount) setTarget(dpcAt(at), number);
}

/** Waits until what is queued has run. */
export function KeFlushQueuedDpcs(): void {
  endShortReturn();
  requestDpcs();
  callFlushDpcs();
  settle(0);
}

/** A TimerType. Its handle, 0 when the table is full. */
export function KeInitializeTimerEx(type: u32): u32 {
  endShortReturn();
  return createKtimer(type == (TimerType.Notification as u32) ? KernelType.NotificationTimer : KernelType.SynchronizationTimer);
}

/** A notification timer. Its handle, 0 when the table is full. */
export function KeInitializeTimer(): u32 {
  return KeInitializeTimerEx(TimerType.Notification);
}

/** `due` in 100 ns units; `dpc` may be 0. 1 when it was armed before. */
export function KeSetTimerEx(handle: u32, low: u32, high: u32, period: u32, dpc: u32): u32 {
  const at = requiredTimer(handle);
  const body: usize = dpc == 0 ? 0 : requiredDpc(dpc);
  if (at == 0 || (dpc != 0 && body == 0)) return 0;
  const timer = timerAt(at).timer;
  timer.dpc = body == 0 ? 0 : changetype<usize>(dpcAt(body).call);
  const due = ((high as u64) << 32) | (low as u64);
  return settle(setTimer(timer, due as i64, period) ? 1 : 0);
}

export function KeSetTimer(handle: u32, low: u32, high: u32, dpc: u32): u32 {
  return KeSetTimerEx(handle, low, high, 0, dpc);
}

/** Virtual time is exact: the tolerable delay changes nothing. */
export function KeSetCoalescableTimer(handle: u32, low: u32, high: u32, period: u32, _tolerance: u32, dpc: u32): u32 {
  return KeSetTimerEx(handle, low, high, period, dpc);
}

/** 1 when it was armed. Its signal state stays as it is. */
export function KeCancelTimer(handle: u32): u32 {
  const at = requiredTimer(handle);
  return at != 0 && disarm(timerAt(at).timer) ? 1 : 0;
}

/** 1 when it is signalled: it has expired since it was last set, and no wait has taken that (synchronization timer). */
export function KeReadStateTimer(handle: u32): u32 {
  const at = requiredTimer(handle);
  const object: usize = at == 0 ? 0 : timerAt(at).timer.object;
  return object != 0 && changetype<Dispatcher>(object).state > 0 ? 1 : 0;
}

/** The virtual time since the start, in 100 ns units: out values 0 and 1, low and high. */
export function KeQueryInterruptTime(): u32 {
  system.out0 = system.now as u32;
  system.out1 = (system.now >> 32) as u32;
  return 0;
}

/** The system time, in 100 ns units since 1601: out values 0 and 1, low and high. */
export function KeQuerySystemTime(): u32 {
  const time = system.now + system.systemTimeBase;
  system.out0 = time as u32;
  system.out1 = (time >> 32) as u32;
  return 0;
}
