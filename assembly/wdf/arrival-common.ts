// What the roads an IRP may take on arrival have in common (arrival.ts, file-package.ts).

import { EventKind } from "../abi/event";
import { Irql } from "../abi/irql";
import { Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { emit } from "../nt/ring";
import { currentThread } from "../nt/thread";
import { answer } from "./calls";
import { Device } from "./device";
import { ArrivalFrame } from "./frames";
import { Request } from "./request";

/** The IRP passes this device by. Nothing below takes it: a bus driver fails what it does not know. */
export function sentDown(d: Device, r: Request): void {
  emit(EventKind.SentDown, 0, r.handle, d.handle, r.major);
}

/** A critical region, where the level allows for one, until {@link leaveArrival}. */
export function enterRegion(f: ArrivalFrame): void {
  if (currentIrql() > (Irql.Apc as u32)) return;
  f.region = 1;
  currentThread().kernelApcDisable--;
}

/** The arrival has ended: its status is what IoCallDriver returns. */
export function leaveArrival(f: ArrivalFrame): Step {
  if (f.region != 0) currentThread().kernelApcDisable++;
  answer(f, f.status);
  return Step.Done;
}
