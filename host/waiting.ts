// Who waits for what: for the report of a run, and for what is said to a driver that waits in a way a JavaScript engine
// cannot serve.

import { FRAME_ROUTINE_OFFSET, WAITING_REQUESTS, WaitReason, WaitingWord } from "../bindings/abi";
import { ProtocolError } from "./errors";
import type { Machine } from "./machine";
import { routineName, threadName } from "./names";

/** A thread that waits. */
export interface WaitingThread {
  /** app, t1, t2, ..., dpc, wi: as in a trace. */
  readonly thread: string;
  /** The driver's routine that called what waits, undefined when the framework itself does. */
  readonly routine: string | undefined;
  /** The DDI it is in. */
  readonly ddi: string | undefined;
  readonly reason: WaitReason;
  /** The name of what it waits for. */
  readonly object: string;
  /** It waits in a critical region: no kernel APC is delivered to it. */
  readonly criticalRegion: boolean;
  /** Who has it: a thread with what it is in, or the requests the driver has yet to finish. */
  readonly holder: string | undefined;
  /** All of it as a sentence. */
  readonly text: string;
}

/** What is waited for, with the name of the object; for a reason that is not here, the object alone. */
const REASONS: Partial<Record<WaitReason, (object: string) => string>> = {
  [WaitReason.None]: () => "for nothing",
  [WaitReason.QueueToStop]: (queue) => `for ${queue} to stop`,
  [WaitReason.QueueToPurge]: (queue) => `for ${queue} to be purged`,
  [WaitReason.QueueToDrain]: (queue) => `for ${queue} to drain`,
  [WaitReason.CallbackLock]: (object) => `for the lock of ${object}`,
  [WaitReason.QueueToEmpty]: (queue) => `for ${queue} to be empty, so that it can go`,
  [WaitReason.QueueToQuiesce]: (queue) => `for the callbacks of ${queue} to return`,
  [WaitReason.RequestsToBeAcknowledged]: (queue) =>
    `for the requests of ${queue} to be completed or acknowledged (EvtIoStop), which potentially prevents hibernation`,
  [WaitReason.DeviceToSettle]: (device) => `for ${device} to be done with the PnP or power IRP before`,
  [WaitReason.SentRequestsToComplete]: (target) => `for the requests sent to ${target} to come back`,
  [WaitReason.SynchronousSend]: (target) => `for what was sent to ${target} to come back`,
  [WaitReason.CallbackToReturn]: () => "for the callback routine to return",
};

/** Every thread that waits, oldest first. */
export function waitingThreads(machine: Machine): WaitingThread[] {
  const threads: WaitingThread[] = [];
  while (machine.exports.waitingThread(threads.length) !== 0) threads.push(describe(machine));
  return threads;
}

function describe(machine: Machine): WaitingThread {
  const word = (which: WaitingWord): number => machine.core.scratch(which) >>> 0;
  const reason: WaitReason = word(WaitingWord.Reason);
  const object = machine.names.name(word(WaitingWord.Object));
  const activation = word(WaitingWord.Activation);
  const thread = threadName(word(WaitingWord.Cookie));
  const [routine, ddi] = [routineOf(machine, activation), machine.waitsIn.get(activation)];
  const criticalRegion = word(WaitingWord.CriticalRegion) !== 0;
  const holder = holderOf(machine);
  const where = [ddi === undefined ? "" : ` in ${ddi}`, routine === undefined ? "" : `, called by ${routine},`].join("");
  const what = (REASONS[reason] ?? ((name: string) => `for ${name}`))(object);
  const text = `${thread} waits${where} ${what}${holder === undefined ? "" : `: ${holder}`}`;
  return { thread, routine, ddi, reason, object, criticalRegion, holder, text };
}

function routineOf(machine: Machine, activation: number): string | undefined {
  return activation === 0 ? undefined : routineName(machine.core.word(activation + FRAME_ROUTINE_OFFSET));
}

function holderOf(machine: Machine): string | undefined {
  const word = (which: WaitingWord): number => machine.core.scratch(which);
  if (word(WaitingWord.Held) !== 0) {
    const routine = routineOf(machine, word(WaitingWord.HolderActivation));
    return `${threadName(word(WaitingWord.HolderCookie))} holds it${routine === undefined ? "" : ` in ${routine}`}`;
  }
  const count = word(WaitingWord.Requests);
  if (count === 0) return undefined;
  const named = Array.from({ length: Math.min(count, WAITING_REQUESTS) }, (_, index) =>
    machine.names.name(machine.core.scratch(WaitingWord.FirstRequest + index)),
  );
  return `the driver has ${named.join(", ")}${count > named.length ? ` and ${count - named.length} more` : ""}`;
}

/** A plain routine waits above the one that may go on. */
export function buried(routine: string, above: string): ProtocolError {
  return new ProtocolError(
    `${routine} may go on, but ${above}, a plain function that waits, lies above it on the JavaScript stack. ` +
      `Write ${above} as a generator (function*) and wait with "yield*".`,
  );
}

/** A plain routine waits, and only what it keeps from running could end the wait. */
export function waitsForEver(routine: string, machine: Machine): ProtocolError {
  const waits = waitingThreads(machine).map(({ text }) => `\n  ${text}`);
  return new ProtocolError(
    `${routine} waits in a DDI and nothing else can run. Only an application or the clock could end the wait, and a plain ` +
      `function keeps both from running: write ${routine} as a generator (function*) and wait with "yield*".${waits.join("")}`,
  );
}

/** A generator routine has not iterated what a DDI gave it. */
export function notIterated(ddi: string, before: string): ProtocolError {
  return new ProtocolError(
    `${ddi} was called in a generator routine without "yield*" (noticed at ${before}). ` +
      `It may run other driver code or wait: write "yield* ${ddi}(...)".`,
  );
}
