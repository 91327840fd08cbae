// What is said when the power watchdog ends the System: DRIVER_POWER_STATE_FAILURE (0x9F).
//
//   parameter  what
//   ────────── ────────────────────────────────────────────────────────────────────────────────────────────────
//   1          3: a device has been in a power transition for too long
//   2          WDFDEVICE: the device
//   3          WDFQUEUE: the queue the transition waits for; 0 when none of its queues holds the device up
//   4          WDFREQUEST: the oldest request EvtIoStop has no answer for; 0 when a callback of the queue still runs
//
// (On Windows 2 is the PDO, 3 a triage structure, 4 the power IRP.) The report says since when, what the device waits for,
// whose it is, and how the driver could have let go of it. The core's half is assembly/wdf/power-watchdog.ts.

import { BugCheck, WINDOW_OUT, WINDOW_STOP, WORD_CLOCK, WatchdogFacts } from "../bindings/abi";
import type { Core } from "../bindings/core";
import type { Irps } from "./irps";
import { routineName } from "./names";
import type { Names } from "./naming";
import { describeIrp } from "./report";

const UNITS_PER_SECOND = 10_000_000;

/** Words of the report; "" for any other Stop. */
export function powerReport(core: Core, names: Names, irps: Irps): string {
  const [code, , device, queue, request] = [0, 4, 8, 12, 16].map((offset) => core.word(WINDOW_STOP + offset));
  if (code !== BugCheck.DriverPowerStateFailure) return "";
  const words = [`${names.name(device)} has been in a power transition for too long: ${since(core)}.`];
  if (request !== 0) words.push(...requestReport(core, names, irps, queue, request));
  else if (queue !== 0) words.push(`A callback of ${names.name(queue)} still runs: the queue cannot stop before it returns.`);
  else words.push("None of its queues holds it up: one of the device's own power callbacks waits.");
  words.push(consequence(core.word(WINDOW_OUT)));
  return words.join(" ");
}

/** Since when, and how long that is: the watchdog begins with the transition. */
function since(core: Core): string {
  const now = ((core.words[WORD_CLOCK] >>> 0) + (core.words[WORD_CLOCK + 1] >>> 0) * 2 ** 32) / UNITS_PER_SECOND;
  const seconds = core.exports.powerWatchdog();
  return `since ${Number((now - seconds).toFixed(7))} s of virtual time, for ${seconds} s`;
}

function consequence(facts: number): string {
  return (facts & WatchdogFacts.SystemSleeps) === 0
    ? "Meanwhile the device could not change its power state."
    : "Meanwhile the system could neither sleep nor hibernate.";
}

function requestReport(core: Core, names: Names, irps: Irps, queue: number, request: number): string[] {
  const facts = core.word(WINDOW_OUT);
  const count = core.word(WINDOW_OUT + 8);
  const irp = irps.get(request);
  const q = names.name(queue);
  const what = irp === undefined ? names.name(request) : describeIrp(irp);
  const others = count > 1 ? ` (and ${count - 1} more)` : "";
  const sent = (facts & WatchdogFacts.Sent) === 0 ? "" : ", and which it has sent on to an I/O target";
  return [
    `Queue ${q} waits for ${what}${others}, which the driver owns since ${handedOver(core, facts)}${sent}.`,
    lastSeen(facts, names.name(request)),
    `The driver could have completed the request${cancelSent(facts)}, or moved it to a queue that is not power-managed; in ` +
      `EvtIoStop it could have called WdfRequestStopAcknowledge with TRUE, to have it back in ${q} until the device is in D0 again, ` +
      `or with FALSE, to keep it and promise not to touch the hardware.`,
  ];
}

/** A request that is out has to come back first. */
function cancelSent(facts: number): string {
  return (facts & WatchdogFacts.Sent) === 0 ? "" : ", which WdfRequestCancelSentRequest asks the target for";
}

function handedOver(core: Core, facts: number): string {
  if ((facts & WatchdogFacts.Presented) === 0) return "it was retrieved";
  return `${routineName(core.word(WINDOW_OUT + 4))} was called with it`;
}

function lastSeen(facts: number, request: string): string {
  const cancelable = (facts & WatchdogFacts.Cancelable) === 0 ? "" : " It is marked cancelable: unmark it before completing it.";
  if ((facts & WatchdogFacts.HasEvtIoStop) === 0) return `The queue has no EvtIoStop: nobody asked the driver for ${request}.${cancelable}`;
  if ((facts & WatchdogFacts.AcknowledgedLate) !== 0) {
    return `It was acknowledged after EvtIoStop had returned, when the queue does not look any more: call it in EvtIoStop.${cancelable}`;
  }
  return `EvtIoStop was the last callback to see ${request}, and returned without an answer.${cancelable}`;
}
