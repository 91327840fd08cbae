// The text trace: one line per event, indented by the nesting of its thread. Tests snapshot it.
//
//   app    write r1 5 bytes to echo                       an application sends
//   app    > EvtIoWrite q1 r1 length=5 irql=0             a routine of the driver begins
//   app      -> WdfRequestComplete r1 STATUS_SUCCESS      it calls a DDI
//   app        * r1 STATUS_SUCCESS information=0 irql=0   the request is back with its sender
//   app      <- WdfRequestComplete
//   app    < EvtIoWrite
//   t2@1   > EvtTimerFunc ...                             the same on processor 1
//   clock  10 ms: a timer expires                         virtual time has passed

import type { TraceEvent } from "./record";

/** The text of a recorded run. */
export function textTrace(events: readonly TraceEvent[]): string {
  const depths = new Map<string, number>();
  return events.map((event) => line(event, depths)).join("");
}

function line(event: TraceEvent, depths: Map<string, number>): string {
  const before = depths.get(event.thread) ?? 0;
  const depth = event.type === "return" || event.type === "end" ? Math.max(0, before - 1) : before;
  depths.set(event.thread, event.type === "call" || event.type === "begin" ? depth + 1 : depth);
  return `${place(event).padEnd(6)} ${"  ".repeat(depth)}${text(event)}`.trimEnd().concat("\n");
}

/** The thread, and its processor unless that is the first. */
function place({ thread, processor }: TraceEvent): string {
  return processor === 0 ? thread : `${thread}@${processor}`;
}

function text(event: TraceEvent): string {
  switch (event.type) {
    case "sent":
      return event.text;
    case "call":
      return `-> ${event.name} ${event.text}`;
    case "return":
      return `<- ${event.name} ${event.text}`;
    case "begin":
      return `> ${event.name} ${event.text} irql=${event.irql}`;
    case "end":
      return `< ${event.name} ${event.text}`;
    case "done":
      return `* ${event.request} ${event.text} irql=${event.irql}`;
    case "finding":
      return `! ${event.text}`;
    case "parked":
      return "(waits)";
    case "clock":
      return `${event.time} ms: ${event.text}`;
  }
}
