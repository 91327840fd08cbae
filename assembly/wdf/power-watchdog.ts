// The power watchdog: a device that does not get through a power transition ends the System, as on Windows.
//
//   a transition begins ─▶ a timer of system.powerWatchdog seconds ─▶ it expires: DRIVER_POWER_STATE_FAILURE (0x9F)
//        │                                                              3, device, queue, request
//        ▼ it ends: the timer is disarmed
//
// Watched are the ways out of D0 and into it because of the system's power or of idleness, not start and removal. What
// the device waits for is looked up then: first a queue that waits for the answer to EvtIoStop, with the oldest request
// that has none; else a queue of which a callback still runs; else it is a power callback itself that waits, and queue
// and request are 0. The three out values say more of it, for the report: WatchdogFacts, the RoutineKind of the handler that
// was called with the request, and how many requests there are. It began as long ago as the watchdog waits.

import { BugCheck } from "../abi/bugcheck";
import { RequestBits } from "../abi/request";
import { WatchdogFacts } from "../abi/event";
import { MILLISECOND, setTimer } from "../nt/clock";
import { disarm } from "../nt/deadline";
import { Frame, Step } from "../nt/frame";
import { bugCheck } from "../nt/stop";
import { system } from "../nt/system";
import { Device, deviceAt } from "./device";
import { FrameKind, QueueFrame } from "./frames";
import { Queue, QueuePower, handlerKind, queueAt } from "./queue";
import { Request } from "./request";
import { kindOfMajor } from "./routing";
import { isSent } from "./sending";

/** Makes the records of a new device. */
export function initializeWatchdog(d: Device): void {
  d.watchdogDpc.reset();
  d.watchdogDpc.tag = FrameKind.PowerWatchdog;
  d.watchdogDpc.target = changetype<usize>(d);
  d.watchdog.dpc = changetype<usize>(d.watchdogDpc);
}

/** A power transition begins. */
export function startWatchdog(d: Device): void {
  if (system.powerWatchdog != 0) setTimer(d.watchdog, -((system.powerWatchdog as i64) * 1000 * (MILLISECOND as i64)), 0);
}

/** It has ended. */
export function stopWatchdog(d: Device): void {
  if (d.watchdog.slot != 0) disarm(d.watchdog);
}

/** The DPC of the timer. */
export function stepWatchdog(frame: Frame): Step {
  const d = deviceAt(changetype<QueueFrame>(frame).queue);
  if (d.changing == 0) return Step.Done;
  system.out0 = d.sleeping != 0 ? (WatchdogFacts.SystemSleeps as u32) : 0;
  system.out1 = 0;
  system.out2 = 0;
  let busy: u32 = 0;
  for (let at = d.firstQueue; at != 0; at = queueAt(at).nextQueue) {
    const q = queueAt(at);
    if (!q.powerNotified.isEmpty) {
      blame(d, q, unanswered(q));
      return Step.Done;
    }
    if (busy == 0 && q.power == (QueuePower.StartingTransition as u32) && q.powerIdle == 0) busy = q.handle;
  }
  bugCheck(BugCheck.DriverPowerStateFailure, BLOCKED_TOO_LONG, d.handle, busy, 0);
  return Step.Done;
}

/** Parameter 1: a device object has been blocking an IRP for too long. */
const BLOCKED_TOO_LONG: u32 = 3;

/** The oldest request without an answer, or the oldest of all if every one was acknowledged too late. */
function unanswered(q: Queue): Request {
  for (let node = q.powerNotified.next; node != q.powerNotified; node = node.next) {
    const r = changetype<Request>(node);
    if (!r.has(ACKNOWLEDGED)) return r;
  }
  return changetype<Request>(q.powerNotified.next);
}

const ACKNOWLEDGED: u32 = (RequestBits.StopAcknowledged as u32) | RequestBits.StopRequeue;

function blame(d: Device, q: Queue, r: Request): void {
  let facts = system.out0;
  if (isSent(r)) facts |= WatchdogFacts.Sent as u32;
  if (r.has(ACKNOWLEDGED)) facts |= WatchdogFacts.AcknowledgedLate as u32;
  if (q.evtIoStop != 0) facts |= WatchdogFacts.HasEvtIoStop as u32;
  if (r.has(RequestBits.Presented)) facts |= WatchdogFacts.Presented as u32;
  if (r.has(RequestBits.Cancelable)) facts |= WatchdogFacts.Cancelable as u32;
  system.out0 = facts;
  system.out1 = handlerKind(q, kindOfMajor(r.major));
  for (let node = q.powerNotified.next; node != q.powerNotified; node = node.next) system.out2++;
  bugCheck(BugCheck.DriverPowerStateFailure, BLOCKED_TOO_LONG, d.handle, q.handle, r.handle);
}
