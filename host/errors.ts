// What the product throws. There are four kinds and no fifth: a Stop, a handle used after its end, a misuse of this
// API, and a bug of ours. Everything a driver or an application can expect is an NTSTATUS, returned. (AccessViolation of
// user-memory.ts is an exception inside the simulated machine: for driver code to catch, or else a Stop.)

import { BugCheck, DriverVerifierViolation, WdfViolation } from "../bindings/abi";
import { hex } from "./format";

export { InternalError } from "../bindings/core";

/**
 * The simulated system has stopped (KeBugCheckEx). The System is over; every later call throws the same error.
 *
 * `code` and `parameters` are Windows' own. When a driver routine threw, `cause` is what it threw.
 */
export class BugCheckError extends Error {
  override readonly name = "BugCheckError";
  readonly code: number;
  readonly parameters: readonly [number, number, number, number];

  constructor(code: number, parameters: readonly [number, number, number, number], detail: string, cause?: unknown) {
    super(describe(code, parameters, detail), cause === undefined ? undefined : { cause });
    this.code = code;
    this.parameters = parameters;
  }
}

function describe(code: number, parameters: readonly number[], detail: string): string {
  const name = BugCheck[code] === undefined ? "" : ` ${constantName(BugCheck[code])}`;
  const what = `Stop 0x${code.toString(16)}${name}${subcode(code, parameters[0])}`;
  return `${what} (${parameters.map(hex).join(", ")})${detail ? `: ${detail}` : ""}`;
}

/** What the first parameter of a Stop with many causes stands for. */
function subcode(code: number, parameter: number): string {
  if (code === BugCheck.WdfViolation) return ` / ${constantName(WdfViolation[parameter] ?? "unknown")}`;
  const member = code === BugCheck.DriverVerifierDetectedViolation ? DriverVerifierViolation[parameter] : undefined;
  return member === undefined ? "" : ` / ${constantName(member)}`;
}

/** IrqlNotLessOrEqual -> IRQL_NOT_LESS_OR_EQUAL */
function constantName(member: string): string {
  return member.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase();
}

/** An application's or inspector's object was used after its end (a closed file, a removed device). */
export class StaleHandleError extends Error {
  override readonly name = "StaleHandleError";
}

/** This API was used in a way it cannot serve. The message says what to do instead. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
