// KDPCs of the driver's own, and those inside WDFDPCs (WdfDpcWdmGetDpc).
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/

import { DpcImportance } from "../../bindings/abi";
import { machine } from "../current";
import { ask, call, nothing, same, yes } from "../ddi/call";
import type { KDPC, KdeferredRoutine } from "../ddi/types";
import { ProtocolError } from "../errors";
import type { Suspendable } from "../suspension";

/** SystemArgument1 and 2 of the insertion that is queued, or was last. They are the host's, like all that drivers keep. */
const systemArguments = new WeakMap<object, Map<number, readonly [unknown, unknown]>>();

function argumentsByDpc(): Map<number, readonly [unknown, unknown]> {
  const m = machine();
  let known = systemArguments.get(m);
  if (known === undefined) systemArguments.set(m, (known = new Map()));
  return known;
}

/**
 * Makes a KDPC, of medium importance, for the processor that queues it. DeferredRoutine gets the DPC, the context, and the
 * two arguments of the insertion. (In C, the caller provides the memory; here it is the answer.)
 *
 * @irql any
 */
export function KeInitializeDpc(DeferredRoutine: KdeferredRoutine, DeferredContext?: unknown): KDPC {
  const all = argumentsByDpc();
  const routine = (dpc: KDPC): unknown => DeferredRoutine(dpc, DeferredContext, ...(all.get(dpc) ?? [undefined, undefined]));
  const dpc = ask("KeInitializeDpc", [machine().callback(routine)], same) as KDPC;
  if (dpc === 0) throw new ProtocolError("no room for another KDPC: make the System with more objects");
  machine().names.addNumbered(dpc, "kdpc");
  return dpc;
}

/**
 * Queues a DPC with two arguments for its routine. False, and nothing changed, when it is queued already. It is off the
 * queue before its routine runs.
 *
 * @irql any
 */
export function KeInsertQueueDpc(Dpc: KDPC, SystemArgument1?: unknown, SystemArgument2?: unknown): Suspendable<boolean> {
  const all = argumentsByDpc();
  const before = all.get(Dpc);
  all.set(Dpc, [SystemArgument1, SystemArgument2]);
  return call("KeInsertQueueDpc", [Dpc], (inserted) => {
    if (inserted === 0 && before !== undefined) all.set(Dpc, before);
    return yes(inserted);
  });
}

/**
 * Takes a DPC off the queue: true when it was there, and its routine will not run for that insertion.
 *
 * @irql any
 */
export function KeRemoveQueueDpc(Dpc: KDPC): boolean {
  return ask("KeRemoveQueueDpc", [Dpc], yes);
}

/**
 * Says where insertions from now on go: High first, the others last; Low does not make the queue run.
 *
 * @irql any
 */
export function KeSetImportanceDpc(Dpc: KDPC, Importance: DpcImportance): void {
  ask("KeSetImportanceDpc", [Dpc, Importance], nothing);
}

/**
 * Says which processor insertions from now on are for. A number that no processor has changes nothing.
 *
 * @irql any
 */
export function KeSetTargetProcessorDpc(Dpc: KDPC, Number: number): void {
  ask("KeSetTargetProcessorDpc", [Dpc, Number], nothing);
}

/**
 * Waits until the DPCs that are queued, on all processors, have run.
 *
 * @irql PASSIVE_LEVEL
 */
export function KeFlushQueuedDpcs(): Suspendable<void> {
  return call("KeFlushQueuedDpcs", [], nothing);
}
