// Who wants to know what goes on: traces, the conformance runner, statistics.

import type { EventKind, RoutineKind } from "../bindings/abi";

/** Handles the notifications of the core that are not routines. */
export interface EventSink {
  event(kind: EventKind, detail: number, a: number, b: number, c: number): void;
}

export interface Observer {
  /** A DDI (or an input made from inside a routine) is called. */
  ddiCalled(name: string, args: readonly number[]): void;
  /** It has returned to the routine that called it. */
  ddiReturned(name: string, args: readonly number[], result: unknown): void;
  /** A routine of the driver begins. */
  routineStarted(kind: RoutineKind, object: number, request: number, a: number, b: number, c: number): void;
  /** It has returned. */
  routineReturned(kind: RoutineKind, result: unknown): void;
}
