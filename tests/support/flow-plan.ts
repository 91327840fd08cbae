// What becomes of a request on its way through a stack of drivers, as data: what the property test of flows chooses, and
// what its model (flow-model.ts) and its drivers (flow-world.ts) both follow.

import { IoctlMethod, NtStatus } from "../../bindings/abi";

/** What a driver does with a request in the end. */
export type End =
  | { readonly do: "complete"; readonly status: "success" | "warning" | "failure"; readonly quarters: number }
  | { readonly do: "send"; readonly how: "routine" | "forget" | "sync"; readonly timeout: number }
  | { readonly do: "own"; readonly how: "routine" | "sync"; readonly pieces: number; readonly timeout: number };

/** What one driver does with a request: forwards it to its second queue, to its manual one, keeps it, and then the end. */
export interface Visit {
  readonly second: boolean;
  /** Retrieved once; put back once and retrieved twice. */
  readonly manual: "no" | "once" | "requeue";
  readonly hold: "no" | "plain" | "cancelable";
  readonly end: End;
}

/** An application's request, and what each driver does with it, the top one first. */
export interface Flow {
  readonly kind: "read" | "write" | "control";
  readonly method: IoctlMethod;
  readonly input: number;
  readonly output: number;
  /** The sender brings memory for the answer. */
  readonly brings: boolean;
  readonly visits: readonly Visit[];
}

/** One device of the stack. */
export interface Floor {
  readonly sequential: boolean;
  readonly allowZeroLength: boolean;
}

export type TargetOperation = "stop and leave" | "stop and cancel" | "stop and wait" | "purge" | "purge and wait" | "start";

export type FlowStep =
  | { readonly do: "send"; readonly flow: Flow }
  | { readonly do: "cancel" | "release"; readonly of: number }
  | { readonly do: "retrieve"; readonly level: number }
  | { readonly do: "cancel sent"; readonly of: number }
  | { readonly do: "target"; readonly level: number; readonly operation: TargetOperation }
  | { readonly do: "advance"; readonly ticks: number }
  | { readonly do: "remove" };

/** All of a run. */
export interface FlowWorkload {
  readonly floors: readonly Floor[];
  readonly direct: boolean;
  readonly verifier: boolean;
  /** Drivers may wait: their routines are generators. */
  readonly waits: boolean;
  readonly steps: readonly FlowStep[];
}

/** A tick of the workload's clock in milliseconds. Timeouts end between ticks, those of each level at a moment of its own. */
export const TICK = 16;

/** A request's timeout in milliseconds, 0 for none. One of a synchronous send would not begin while a driver below waits. */
export function timeoutOf(workload: FlowWorkload, flow: Flow, level: number): number {
  const end = endOf(workload, flow, level);
  if (end.do === "complete" || end.timeout === 0) return 0;
  const waitsBelow = workload.floors.some((_, below) => below > level && isSynchronous(endOf(workload, flow, below)));
  return isSynchronous(end) && waitsBelow ? 0 : end.timeout * TICK + level + 1;
}

export function isSynchronous(end: End): boolean {
  return end.do !== "complete" && end.how === "sync";
}

export const STATUSES = { success: NtStatus.Success, warning: NtStatus.BufferOverflow, failure: NtStatus.Unsuccessful };

const NOTHING_BELOW: End = { do: "complete", status: "success", quarters: 4 };

/** What a driver does in the end: the lowest one has nobody to send to, and who may not wait does not. */
export function endOf(workload: FlowWorkload, { visits }: Flow, level: number): End {
  const { end } = visits[level];
  if (end.do === "complete") return end;
  if (level === workload.floors.length - 1) return NOTHING_BELOW;
  if (end.how !== "sync") return end;
  if (!mayWait(workload, level)) return { ...end, how: "routine" };
  return end.do === "own" ? { ...end, pieces: 1 } : end; // what wakes later than what it woke would come in another order
}

/** How a driver keeps a request. No EvtRequestCancel runs while a handler of its queue waits (DispatchInternalEvents). */
export function holdOf({ waits }: FlowWorkload, { hold, manual }: Visit): Visit["hold"] {
  return hold === "cancelable" && waits && manual === "no" ? "plain" : hold;
}

/** A driver that waits holds up whoever starts a target above it, with all that waits there. */
function mayWait({ waits, steps }: FlowWorkload, level: number): boolean {
  return waits && !steps.some((step) => step.do === "target" && step.level < level);
}

/** The bytes an application sends with its request. */
export function inputOf(id: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (id * 29 + i * 3 + 1) & 0xff);
}

/** What a driver that completes a request puts into the answer. */
export function answerOf(id: number, level: number, input: Uint8Array, length: number): Uint8Array {
  const byte = (i: number): number => (input.length === 0 ? id * 7 + level * 13 + i : input[i % input.length] ^ (level + 1));
  return Uint8Array.from({ length }, (_, i) => byte(i) & 0xff);
}

/** What a driver does to each byte of an answer that comes back through it. */
export function passing(level: number, byte: number): number {
  return byte ^ (0x11 * (level + 1));
}

/** True when the sender gets bytes with that status. */
export function carriesData(status: number): boolean {
  return status >= 0 || status >>> 0 < 0xc0000000;
}

/** The lengths of the transfers that a driver makes of one. */
export function piecesOf(length: number, pieces: number): number[] {
  const size = Math.ceil(length / pieces);
  const lengths: number[] = [];
  for (let left = length; left > 0; left -= size) lengths.push(Math.min(size, left));
  return lengths.length === 0 ? [0] : lengths;
}
