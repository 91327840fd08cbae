// The same trace for a timeline viewer (ui.perfetto.dev, chrome://tracing): Trace Event Format, as JSON.
//
//   process "processor n"   a track per thread: routines and DDIs as slices
//   process "queues"        a track per queue: the handlers it runs
//   process "requests"      a track per request: from its sending to its completion
//   flow arrows             from the sending of a request through each routine that sees it to its completion
//
// Virtual time stands still while drivers run, so that events of one moment follow each other a microsecond apart.

import type { TraceEvent } from "./record";

/** One entry of the Trace Event Format. */
export interface TraceEntry {
  readonly name: string;
  readonly ph: "B" | "E" | "X" | "i" | "s" | "t" | "f" | "M";
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly [key: string]: unknown;
}

/** The process of processor 0; those of the others follow. */
const PROCESSORS = 1;
const QUEUES = 100;
const REQUESTS = 101;

/** The recorded run as a JSON object of the Trace Event Format. */
export function perfettoTrace(events: readonly TraceEvent[]): { readonly traceEvents: readonly TraceEntry[] } {
  return { traceEvents: new Writer().write(events) };
}

class Writer {
  private readonly entries: TraceEntry[] = [];
  private readonly tracks = new Map<string, number>();
  /** Begin of each request's life, and what its track is called. */
  private readonly births = new Map<string, number>();
  private readonly open = new Map<string, TraceEvent[]>();
  /** Where on the axis the next event can be, in microseconds. */
  private free = 0;

  write(events: readonly TraceEvent[]): TraceEntry[] {
    const processors = new Set(events.map(({ processor }) => processor)).add(0);
    for (const number of [...processors].sort((a, b) => a - b)) this.name(PROCESSORS + number, `processor ${number}`);
    this.name(QUEUES, "queues");
    this.name(REQUESTS, "requests");
    for (const event of events) {
      const at = Math.max(this.free, Math.round(event.time * 1000));
      this.free = at + 1;
      this.add(event, at);
    }
    for (const [request, from] of this.births) this.life(request, from, this.free, "pending");
    return this.entries;
  }

  private name(pid: number, name: string): void {
    this.entries.push({ name: "process_name", ph: "M", ts: 0, pid, tid: 0, args: { name } });
  }

  /** The number of a track, which is named when it is first used. */
  private track(pid: number, name: string): number {
    const key = `${pid} ${name}`;
    let tid = this.tracks.get(key);
    if (tid === undefined) {
      tid = this.tracks.size + 1;
      this.tracks.set(key, tid);
      this.entries.push({ name: "thread_name", ph: "M", ts: 0, pid, tid, args: { name } });
    }
    return tid;
  }

  private add(event: TraceEvent, ts: number): void {
    const pid = PROCESSORS + event.processor;
    const place = { ts, pid, tid: this.track(pid, event.thread) };
    switch (event.type) {
      case "sent":
        this.births.set(event.request, ts);
        this.entries.push({ name: event.text, ph: "X", dur: 1, ...place });
        this.flow(event.request, "s", place);
        break;
      case "call":
      case "begin":
        this.entries.push({ name: event.name, ph: "B", ...place, args: { detail: event.text, irql: event.irql } });
        this.begin(event, ts, place);
        break;
      case "return":
      case "end":
        this.entries.push({ name: event.name, ph: "E", ...place });
        this.end(event, ts);
        break;
      case "done":
        this.flow(event.request, "f", place);
        this.life(event.request, this.births.get(event.request) ?? ts, ts, event.text);
        this.births.delete(event.request);
        break;
      default:
        this.entries.push({ name: event.text, ph: "i", s: "t", ...place });
    }
  }

  private begin(event: TraceEvent, ts: number, place: { ts: number; pid: number; tid: number }): void {
    if (event.type !== "begin") return;
    const stack = this.open.get(event.thread) ?? [];
    stack.push(event);
    this.open.set(event.thread, stack);
    if (event.request !== "") this.flow(event.request, "t", place);
    if (!/^q\d/.test(event.object)) return;
    const tid = this.track(QUEUES, event.object);
    this.entries.push({ name: `${event.name} ${event.request}`.trim(), ph: "B", ts, pid: QUEUES, tid });
  }

  private end(event: TraceEvent, ts: number): void {
    if (event.type !== "end") return;
    const begun = this.open.get(event.thread)?.pop();
    if (begun?.type !== "begin" || !/^q\d/.test(begun.object)) return;
    this.entries.push({ name: begun.name, ph: "E", ts, pid: QUEUES, tid: this.track(QUEUES, begun.object) });
  }

  private flow(request: string, ph: "s" | "t" | "f", place: { ts: number; pid: number; tid: number }): void {
    const id = Number(request.slice(1));
    this.entries.push({ name: "request", cat: "request", ph, id, ...place, ...(ph === "f" ? { bp: "e" } : {}) });
  }

  private life(request: string, from: number, to: number, outcome: string): void {
    const tid = this.track(REQUESTS, request);
    this.entries.push({ name: request, ph: "X", ts: from, dur: Math.max(1, to - from), pid: REQUESTS, tid, args: { outcome } });
  }
}
