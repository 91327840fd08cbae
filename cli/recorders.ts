// Two recorders as one.

import type { EventKind, Finding, IrpUnderWay as Irp, Names, Place, Recorder, RoutineKind } from "../host/index";

export class Both implements Recorder {
  private readonly first: Recorder;
  private readonly second: Recorder;

  constructor(first: Recorder, second: Recorder) {
    this.first = first;
    this.second = second;
  }

  attach(names: Names, place: Place): void {
    this.first.attach(names, place);
    this.second.attach(names, place);
  }

  ddiCalled(name: string, args: readonly number[]): void {
    this.first.ddiCalled(name, args);
    this.second.ddiCalled(name, args);
  }

  ddiReturned(name: string, args: readonly number[], result: unknown): void {
    this.first.ddiReturned(name, args, result);
    this.second.ddiReturned(name, args, result);
  }

  routineStarted(kind: RoutineKind, object: number, request: number, a: number, b: number, c: number): void {
    this.first.routineStarted(kind, object, request, a, b, c);
    this.second.routineStarted(kind, object, request, a, b, c);
  }

  routineReturned(kind: RoutineKind, result: unknown): void {
    this.first.routineReturned(kind, result);
    this.second.routineReturned(kind, result);
  }

  sent(irp: Irp, device: string): void {
    this.first.sent(irp, device);
    this.second.sent(irp, device);
  }

  completed(irp: Irp, status: number, information: number, irql: number): void {
    this.first.completed(irp, status, information, irql);
    this.second.completed(irp, status, information, irql);
  }

  finding(finding: Finding): void {
    this.first.finding(finding);
    this.second.finding(finding);
  }

  notice(kind: EventKind, a: number, b: number, c: number): void {
    this.first.notice(kind, a, b, c);
    this.second.notice(kind, a, b, c);
  }
}
