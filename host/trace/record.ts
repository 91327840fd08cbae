// Records a run as a list of typed events, for the writers beside this file.

import { EventKind, type RoutineKind } from "../../bindings/abi";
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

type WithoutPlace<T> = T extends unknown ? Omit<T, keyof TracePlace> : never;

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

  private add(event: WithoutPlace<TraceEvent>, irql = this.place.irql()): void {
    const { place } = this;
    const where: TracePlace = { thread: threadName(place.cookie()), processor: place.processor(), irql, time: place.now() };
    this.events.push({ ...where, ...event } as TraceEvent);
  }

  ddiCalled(name: string, args: readonly number[]): void {
    this.add({ type: "call", name, text: formatArguments(name, args, this.names) });
  }

  ddiReturned(name: string, _args: readonly number[], result: unknown): void {
    this.add({ type: "return", name, text: formatResult(name, result, this.names) });
  }

  routineStarted(kind: RoutineKind, object: number, request: number, a: number, b: number, c: number): void {
    const about = [object, request].filter((handle) => handle !== 0).map((handle) => this.names.name(handle));
    this.add({
      type: "begin",
      name: routineName(kind),
      object: object === 0 ? "" : this.names.name(object),
      request: request === 0 ? "" : this.names.name(request),
      text: [...about, ...routineDetail(kind, a, b, c)].join(" "),
    });
  }

  routineReturned(kind: RoutineKind, result: unknown): void {
    this.add({ type: "end", name: routineName(kind), text: typeof result === "number" ? statusName(result) : "" });
  }

  sent(irp: Irp, device: string): void {
    this.add({ type: "sent", request: `r${irp.ordinal}`, text: `${describeSend(irp)} ${device}` });
  }

  completed(irp: Irp, status: number, information: number, irql: number): void {
    this.add({ type: "done", request: `r${irp.ordinal}`, text: `${statusName(status)} information=${information}` }, irql);
  }

  finding(finding: Finding): void {
    this.add({ type: "finding", text: `${finding.kind}: ${finding.message}` });
  }

  notice(kind: EventKind, cookie: number): void {
    if (kind === EventKind.ThreadParked) this.add({ type: "parked", text: threadName(cookie) });
    if (kind === EventKind.DeadlineReached) this.tick(cookie);
  }
}

function routineDetail(kind: RoutineKind, a: number, b: number, c: number): string[] {
  switch (routineName(kind)) {
    case "EvtIoRead":
    case "EvtIoWrite":
      return [`length=${a >>> 0}`];
    case "EvtIoDeviceControl":
    case "EvtIoInternalDeviceControl":
      return [`output=${a >>> 0}`, `input=${b >>> 0}`, `code=0x${(c >>> 0).toString(16)}`];
    case "EvtIoStop":
      return [`flags=0x${(a >>> 0).toString(16)}`];
    case "EvtDeviceD0Entry":
      return [`previous=${a}`];
    case "EvtDeviceD0Exit":
      return [`target=${a}`];
    default:
      return [];
  }
}
