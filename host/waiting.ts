// What is said to a driver that waits in a way a JavaScript engine cannot serve.

import { ProtocolError } from "./errors";

/** A plain routine waits above the one that may go on. */
export function buried(routine: string, above: string): ProtocolError {
  return new ProtocolError(
    `${routine} may go on, but ${above}, a plain function that waits, lies above it on the JavaScript stack. ` +
      `Write ${above} as a generator (function*) and wait with "yield*".`,
  );
}

/** A plain routine waits, and only what it keeps from running could end the wait. */
export function waitsForEver(routine: string): ProtocolError {
  return new ProtocolError(
    `${routine} waits in a DDI and nothing else can run. Only an application or the clock could end the wait, and a plain ` +
      `function keeps both from running: write ${routine} as a generator (function*) and wait with "yield*".`,
  );
}

/** A generator routine has not iterated what a DDI gave it. */
export function notIterated(ddi: string, before: string): ProtocolError {
  return new ProtocolError(
    `${ddi} was called in a generator routine without "yield*" (noticed at ${before}). ` +
      `It may run other driver code or wait: write "yield* ${ddi}(...)".`,
  );
}
