// Counts a run without keeping it: callbacks by name, requests by status.

import type { RoutineKind } from "../../bindings/abi";
import { statusName } from "../format";
import type { Irp } from "../irps";
import { routineName } from "../names";
import type { Recorder } from "../recorder";

export class Statistics implements Recorder {
  /** Requests sent. */
  requests = 0;
  /** How often each routine of the driver was called. */
  readonly callbacks = new Map<string, number>();
  /** How many requests came back with each status. */
  readonly statuses = new Map<string, number>();

  attach(): void {}
  ddiCalled(): void {}
  ddiReturned(): void {}
  routineReturned(): void {}
  finding(): void {}
  notice(): void {}

  routineStarted(kind: RoutineKind): void {
    count(this.callbacks, routineName(kind));
  }

  sent(): void {
    this.requests++;
  }

  completed(_irp: Irp, status: number): void {
    count(this.statuses, statusName(status));
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
