// Who records a run: a trace, or statistics. An Observer that is also told of what reaches and leaves the System.

import type { EventKind } from "../bindings/abi";
import type { Finding } from "./findings";
import type { Irp } from "./irps";
import type { Names } from "./naming";
import type { Observer } from "./observer";

/** Where the run stands. */
export interface Place {
  /** The running thread. */
  cookie(): number;
  irql(): number;
  /** Virtual time, in ms. */
  now(): number;
  /** The number of the current processor. */
  processor(): number;
}

export interface Recorder extends Observer {
  /** Comes first: where names are to be had, and where the run stands. */
  attach(names: Names, place: Place): void;
  /** An application has sent an IRP to a device. */
  sent(irp: Irp, device: string): void;
  /** An IRP went back to its sender, at that IRQL. */
  completed(irp: Irp, status: number, information: number, irql: number): void;
  finding(finding: Finding): void;
  /** Any other notification of the core. */
  notice(kind: EventKind, a: number, b: number, c: number): void;
}
