// What the roads an IRP may take on arrival have in common (arrival.ts, file-package.ts).

import { Irql } from "../abi/irql";
import { Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { currentThread } from "../nt/thread";
import { answer } from "./calls";
import { ArrivalFrame } from "./frames";

export enum ArrivalStep {
  Preprocess = 0,
  Route = 1,
  Make = 2,
  ResourcesAsked = 3,
  Examined = 4,
  Caller = 5,
  Queue = 6,
  Leave = 7,
  /** The preprocess or dispatch callback has returned: its status is the sender's. */
  Answered = 8,
  /** The device below has answered. */
  PassedDown = 10,
  /** On to the device below. */
  Down = 11,
  Dispatch = 19,
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
