// Records a run as a list of typed events, for the writers beside this file.

import { EventKind, RoutineKind } from "../../bindings/abi";
import type { Finding } from "../findings";
import { statusName } from "../format";
import type { Irp } from "../irps";
import { routineName, threadName } from "../names";
import type { Names } from "../naming";
import type { Place, Recorder } from "../recorder";
import { describeSend } from "../report";
import { formatArguments, formatResult } from "./signatures";

/** Where something happened, at which level and at which virtual time (ms). */
export interface TracePlace {
  readonly thread: string;
  /** The number of the processor. */
  readonly processor: number;
  readonly irql: number;
  readonly time: number;
}

/** What happened. */
export type TraceEvent = TracePlace & (
  | { readonly type: "sent"; readonly request: string; readonly text: string }
  | { readonly type: "call"; readonly name: string; readonly text: string }
  | { readonly type: "return"; readonly name: string; readonly text: string }
  | { readonly type: "begin"; readonly name: string; readonly object: string; readonly request: string; readonly text: string }
  | { readonly type: "end"; readonly name: string; readonly text: string }
  | { readonly type: "done"; readonly request: string; readonly text: string }
  | { readonly type: "finding"; readonly text: string }
  | { readonly type: "parked"; readonly text: string }
  | { readonly type: "clock"; readonly text: string }
);

export class TraceRecorder implements Recorder {
  readonly events: TraceEvent[] = [];
  private names!: Names;
  private place!: Place;

  attach(names: Names, place: Place): void {
    this.names = names;
    this.place = place;
  }

  /** The clock has its own place in a trace: no thread moves it. */
  private tick(cookie: number): void {
    const text = cookie === -1 ? "a timer expires" : `the wait of ${threadName(cookie)} times out`;
    this.events.push({ thread: "clock", processor: 0, irql: 0, time: this.place.now(), type: "clock", text });
  }

  // Each kind of event is written down as one literal: an object put together of two costs ten times as much.

  private named(type: "call" | "return" | "end", name: string, text: string): void {
    const { place } = this;
    const thread = threadName(place.cookie());
    const processor = place.processor();
    const irql = place.irql();
    const time = place.now();
    this.events.push({ thread, processor, irql, time, type, name, text });
  }

  private about(type: "sent" | "done", request: string, text: string, irql: number): void {
    const { place } = this;
    const thread = threadName(place.cookie());
    const processor = place.processor();
    const time = place.now();
    this.events.push({ thread, processor, irql, time, type, request, text });
  }

  private told(type: "finding" | "parked", text: string): void {
    const { place } = this;
    const thread = threadName(place.cookie());
    const processor = place.processor();
    const irql = place.irql();
    const time = place.now();
    this.events.push({ thread, processor, irql, time, type, text });
  }

  ddiCalled(name: string, args: readonly number[]): void {
    this.named("call", name, formatArguments(name, args, this.names));
  }

  ddiReturned(name: string, _args: readonly number[], result: unknown): void {
    this.named("return", name, formatResult(name, result, this.names));
  }

  routineStarted(kind: RoutineKind, object: number, request: number, a: number, b: number, c: number): void {
    const { names, place } = this;
    const thread = threadName(place.cookie());
    const processor = place.processor();
    const irql = place.irql();
    const time = place.now();
    const whose = object === 0 ? "" : names.name(object);
    const about = request === 0 ? "" : names.name(request);
    const name = routineName(kind);
    const detail = routineDetail(name, a, b, c);
    const text = spaced(spaced(whose, about), detail);
    this.events.push({ thread, processor, irql, time, type: "begin", name, object: whose, request: about, text });
  }

  routineReturned(kind: RoutineKind, result: unknown): void {
    this.named("end", routineName(kind), resultText(kind, result));
  }

  sent(irp: Irp, device: string): void {
    this.about("sent", `r${irp.ordinal}`, `${describeSend(irp)} ${device}`, this.place.irql());
  }

  completed(irp: Irp, status: number, information: number, irql: number): void {
    this.about("done", `r${irp.ordinal}`, `${statusName(status)} information=${information}`, irql);
  }

  finding(finding: Finding): void {
    this.told("finding", `${finding.kind}: ${finding.message}`);
  }

  notice(kind: EventKind, cookie: number): void {
    if (kind === EventKind.ThreadParked) this.told("parked", threadName(cookie));
    if (kind === EventKind.DeadlineReached) this.tick(cookie);
  }
}

/** What a routine returned: a status, or the BOOLEAN of the routines that have one. */
function resultText(kind: RoutineKind, result: unknown): string {
  if (typeof result === "number") return statusName(result);
  if (kind !== RoutineKind.InterruptIsr && kind !== RoutineKind.InterruptSynchronize) return "";
  return result ? "TRUE" : "FALSE";
}

function spaced(first: string, second: string): string {
  return first === "" || second === "" ? first + second : `${first} ${second}`;
}

function routineDetail(name: string, a: number, b: number, c: number): string {
  switch (name) {
    case "EvtIoRead":
    case "EvtIoWrite":
      return `length=${a >>> 0}`;
    case "EvtIoDeviceControl":
    case "EvtIoInternalDeviceControl":
      return `output=${a >>> 0} input=${b >>> 0} code=0x${(c >>> 0).toString(16)}`;
    case "EvtIoStop":
      return `flags=0x${(a >>> 0).toString(16)}`;
    case "EvtDeviceD0Entry":
      return `previous=${a}`;
    case "EvtDeviceD0Exit":
      return `target=${a}`;
    default:
      return "";
  }
}
