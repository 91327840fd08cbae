// Waits of the framework that last long: the verifier breaks after each full minute, and the wait goes on.
//
//   parked (parkWatched) ─▶ warnAt = now + 60 s ─▶ the clock passes it ─▶ break, warnAt + 60 s ─▶ ...
//                             │ woken
//                             ▼
//                          warnAt = 0
//
// A warning is no deadline: nothing is due because of it, and a clock that only goes from deadline to deadline does not stop for
// it. Where the host lets time pass anyway, the break comes at its minute, before whatever is due at the same moment.
//
// So wait the synchronous queue calls and the deletion of a queue. The framework does the same while it waits for requests on
// the way out of D0; here the power watchdog (power-watchdog.ts) speaks of those.
//
// Source: globals.cpp, FX_DRIVER_GLOBALS::WaitForSignal; who calls it: fxioqueue.cpp.

import { WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { MILLISECOND, standAt } from "../nt/clock";
import { Deadline, momentOf, nextDeadline } from "../nt/deadline";
import { system, verifierOn } from "../nt/system";
import { Thread, currentThread, park } from "../nt/thread";
import { breakPoint } from "./verifier";

const MINUTE: u64 = 60000 * MILLISECOND;

/** Breaks for the wait that is the first to have lasted another minute by then. False when there is none. */
export function warnOfLongWait(until: u64): bool {
  if (system.longWaits == 0) return false;
  const at = nextDeadline();
  const due = at == 0 ? u64.MAX_VALUE : momentOf(changetype<Deadline>(at));
  const first = longest();
  if (first == 0 || changetype<Thread>(first).warnAt > min<u64>(until, due)) return false;
  const thread = changetype<Thread>(first);
  standAt(thread.warnAt);
  thread.warnAt += MINUTE;
  breakPoint(FindingId.WaitTooLong, thread.waitObject, 0);
  return true;
}

/** Parks the running thread for one of these waits. Only the verifier breaks. */
export function parkWatched(reason: WaitReason, object: u32): void {
  park(reason, object);
  if (!verifierOn()) return;
  currentThread().warnAt = system.now + MINUTE;
  system.longWaits++;
}

/** The thread whose warning comes next, the oldest of several; 0 for none. */
function longest(): usize {
  let found: usize = 0;
  for (let at = system.oldestThread; at != 0; at = changetype<Thread>(at).younger) {
    const moment = changetype<Thread>(at).warnAt;
    if (moment != 0 && (found == 0 || moment < changetype<Thread>(found).warnAt)) found = at;
  }
  return found;
}
