// Who records a run: a trace, or statistics. An Observer that is also told of what reaches and leaves the System.

import type { EventKind } from "../bindings/abi";
import type { Finding } from "./findings";
import type { Irp } from "./irps";
import type { Names } from "./naming";
import type { Observer } from "./observer";

export interface Recorder extends Observer {
  /** Comes first: where names, the running thread, its level and the time (ms) are to be had. */
  attach(names: Names, threadCookie: () => number, irql: () => number, now: () => number): void;
  /** An application has sent an IRP to a device. */
  sent(irp: Irp, device: string): void;
  /** An IRP went back to its sender, at that IRQL. */
  completed(irp: Irp, status: number, information: number, irql: number): void;
  finding(finding: Finding): void;
  /** Any other notification of the core. */
  notice(kind: EventKind, a: number, b: number, c: number): void;
}
