// The virtual clock. It stands still while anything runs; the host moves it (`advanceClock`), one deadline at a time.
//
//   advanceClock(until) ─▶ is a deadline due no later than `until`?
//        │ no: the clock stands at `until`            │ yes: the clock stands at its moment
//        ▼                                            ▼
//      answers 0                     a timer: armed again if periodic, a KTIMER signalled, its DPC queued
//                                    a wait: the thread is woken, `timedOut`
//                                                     │
//                                                     ▼
//                              answers 1: the host runs what is ready, then asks again
//
// Two clocks are one number apart: interrupt time counts from the start of the System, system time from 1601 (UTC).
// Setting the system time moves the deadlines that were given in it.

import { EventKind } from "../abi/event";
import { Deadline, DeadlineKind, arm, disarm, momentOf, nextDeadline, shiftAbsolute } from "./deadline";
import { DeferredCall, insertDpc } from "./deferred";
import { Dispatcher } from "./dispatcher";
import { emit } from "./ring";
import { system } from "./system";
import { Thread, wake } from "./thread";
import { setState } from "./wait";

/** 100 ns units of a millisecond. */
export const MILLISECOND: u64 = 10000;

/** Stands for the thread's cookie in the event of a timer. */
const TIMER: u32 = 0xffffffff;

/** A timer of the kernel or the framework: at its moment the DPC is queued. */
@unmanaged
export class Timer extends Deadline {
  /** The DeferredCall to queue, 0 for none. */
  dpc: usize;
  /** Milliseconds from one expiry to the next; 0 for one that expires once. */
  period: u32;
  /** What a KTIMER's waits are for (a Dispatcher): set once it has expired, until it is set again. 0 for other timers. */
  object: usize;
}

/** The first day of 2024 in 100 ns units since 1601: where every System begins, so that runs are alike. */
const BIRTH: u64 = 133485408000000000;

/** The clock of a new System. */
export function initializeClock(): void {
  system.systemTimeBase = BIRTH;
}

/** The moment that many 100 ns units from now, if `due` is negative; else `due` is system time. Never before now. */
export function momentOfDueTime(due: i64): u64 {
  const now = system.now as i64;
  if (due < 0) return (now - due) as u64;
  const moment = due - (system.systemTimeBase as i64);
  return (moment < now ? now : moment) as u64;
}

/**
 * KeSetTimerEx: `due` is negative for relative, else system time; a moment that has come expires at once. True when the
 * timer was armed before.
 */
export function setTimer(timer: Timer, due: i64, period: u32): bool {
  timer.kind = due < 0 ? DeadlineKind.Timer : DeadlineKind.Absolute;
  timer.period = period;
  if (timer.object != 0) changetype<Dispatcher>(timer.object).state = 0;
  const moment = momentOfDueTime(due);
  if (moment > system.now) return arm(timer, moment);
  const before = disarm(timer);
  expire(timer);
  return before;
}

/** Lets the clock run up to the next deadline, but no further than `until`. True when there was one. */
export function advance(until: u64): bool {
  const at = nextDeadline();
  const limit = max<u64>(until, system.now);
  if (at == 0 || momentOf(changetype<Deadline>(at)) > limit) {
    system.now = limit;
    return false;
  }
  system.now = max<u64>(momentOf(changetype<Deadline>(at)), system.now);
  if ((changetype<Deadline>(at).kind & (DeadlineKind.Wait as u32)) != 0) timeOut(threadOfDeadline(at));
  else expire(changetype<Timer>(at));
  return true;
}

/** The clock stands at that moment, with nothing due before it. */
export function standAt(moment: u64): void {
  system.now = moment;
}

/** Sets the system time. Timers given in it follow. */
export function setSystemTime(time: u64): void {
  const before = system.systemTimeBase;
  system.systemTimeBase = time - system.now;
  shiftAbsolute((system.systemTimeBase - before) as i64);
}

function expire(timer: Timer): void {
  const moment = system.now;
  emit(EventKind.DeadlineReached, 0, TIMER, moment as u32, (moment >> 32) as u32);
  disarm(timer);
  if (timer.period != 0) {
    timer.kind = DeadlineKind.Timer;
    arm(timer, moment + (timer.period as u64) * MILLISECOND);
  }
  if (timer.object != 0) setState(changetype<Dispatcher>(timer.object), 1);
  if (timer.dpc != 0) insertDpc(changetype<DeferredCall>(timer.dpc));
}

function threadOfDeadline(at: usize): Thread {
  return changetype<Thread>(at - offsetof<Thread>("deadlineSlot"));
}

/** The thread's wait is over: it leaves whatever ring it waits on. */
function timeOut(thread: Thread): void {
  const moment = system.now;
  emit(EventKind.DeadlineReached, 0, thread.cookie, moment as u32, (moment >> 32) as u32);
  thread.timedOut = 1;
  if (!thread.isEmpty) {
    thread.unlink();
    thread.reset();
  }
  wake(thread);
}
