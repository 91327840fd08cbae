// What is said when the power watchdog ends the System (0x9F): what the device waits for, and how the driver could have
// let go of it. The core's half is assembly/wdf/power-watchdog.ts.

import { BugCheck, WINDOW_OUT, WINDOW_STOP, WatchdogFacts } from "../bindings/abi";
import type { Core } from "../bindings/core";
import type { Irps } from "./irps";
import { routineName } from "./names";
import type { Names } from "./naming";
import { describeIrp } from "./report";

/** Words of the report; "" for any other Stop. */
export function powerReport(core: Core, names: Names, irps: Irps): string {
  const [code, , device, queue, request] = [0, 4, 8, 12, 16].map((offset) => core.word(WINDOW_STOP + offset));
  if (code !== BugCheck.DriverPowerStateFailure) return "";
  const who = `${names.name(device)} has been in a power transition for too long`;
  if (request !== 0) return `${who}. ${requestReport(core, names, irps, queue, request)}`;
  if (queue !== 0) return `${who}. A callback of ${names.name(queue)} still runs: the queue cannot stop before it returns.`;
  return `${who}. None of its queues holds it up: one of the device's own power callbacks waits.`;
}

function requestReport(core: Core, names: Names, irps: Irps, queue: number, request: number): string {
  const facts = core.word(WINDOW_OUT);
  const count = core.word(WINDOW_OUT + 8);
  const irp = irps.get(request);
  const q = names.name(queue);
  const what = irp === undefined ? names.name(request) : describeIrp(irp);
  const others = count > 1 ? ` (and ${count - 1} more)` : "";
  return [
    `Queue ${q} waits for ${what}${others}, which the driver owns since ${handedOver(core, facts)}.`,
    lastSeen(facts, names.name(request)),
    `The driver could have completed the request, or moved it to a queue that is not power-managed; in EvtIoStop it could ` +
      `have called WdfRequestStopAcknowledge with TRUE, to have it back in ${q} until the device is in D0 again, or with FALSE, ` +
      `to keep it and promise not to touch the hardware.`,
  ].join(" ");
}

function handedOver(core: Core, facts: number): string {
  if ((facts & WatchdogFacts.Presented) === 0) return "it was retrieved";
  return `${routineName(core.word(WINDOW_OUT + 4))} was called with it`;
}

function lastSeen(facts: number, request: string): string {
  const cancelable = (facts & WatchdogFacts.Cancelable) === 0 ? "" : " It is marked cancelable: unmark it before completing it.";
  if ((facts & WatchdogFacts.HasEvtIoStop) === 0) return `The queue has no EvtIoStop: nobody asked the driver for ${request}.${cancelable}`;
  return `EvtIoStop was the last callback to see ${request}, and returned without an answer.${cancelable}`;
}
