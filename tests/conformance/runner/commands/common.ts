// How commands print the DDIs they call.

import { hex8, statusName } from "../../../../host/format";
import type { Suspendable } from "../../../../host/suspension";
import type { Rig } from "../rig";

/** `0xc0000010 STATUS_INVALID_DEVICE_REQUEST` */
export function told(status: number): string {
  return `${hex8(status)} ${statusName(status)}`;
}

/** Prints `-> HEAD`, runs the DDI one level deeper, prints `<- TAIL`; `tail` may depend on the result. */
export function* ddi<T>(
  rig: Rig,
  head: string,
  run: () => Suspendable<T> | T,
  tail: (result: T) => string,
  /** What the kernel was called for, if the DDI succeeds. */
  kernel?: string,
): Generator<undefined, T, unknown> {
  rig.say(`-> ${head}`);
  rig.nest(1);
  const started = run();
  const result = isSuspension(started) ? ((yield* started) as T) : (started as T);
  rig.machine.takeNotifications();
  if (kernel !== undefined && Number(result) >= 0) rig.say(kernel);
  rig.nest(-1);
  rig.say(`<- ${tail(result)}`);
  return result;
}

/** Runs a DDI in which nothing can happen, and prints it in one line. */
export function oneLine<T>(rig: Rig, run: () => T, line: (result: T) => string): T {
  const result = run();
  rig.machine.takeNotifications();
  rig.say(line(result));
  return result;
}

function isSuspension(value: unknown): value is Generator<undefined, unknown, unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
