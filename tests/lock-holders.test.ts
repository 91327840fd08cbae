// The report of a deadlock names who holds the lock, whatever kind of lock it is.

import { describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import type { Suspendable } from "../host/suspension";
import { Rig } from "./support/rig";

type Acquire = () => Suspendable<unknown>;

/** How each kind of lock is made and taken. */
const LOCKS: Readonly<Record<string, () => Acquire>> = {
  KeAcquireSpinLockAtDpcLevel: () => taking(wdf.KeInitializeSpinLock(), wdf.KeAcquireSpinLockAtDpcLevel),
  KeAcquireInStackQueuedSpinLock: () => taking(wdf.KeInitializeSpinLock(), wdf.KeAcquireInStackQueuedSpinLock),
  WdfSpinLockAcquire: () => taking(wdf.WdfSpinLockCreate().lock, wdf.WdfSpinLockAcquire),
  WdfWaitLockAcquire: () => taking(wdf.WdfWaitLockCreate().lock, (lock) => wdf.WdfWaitLockAcquire(lock)),
  ExAcquireFastMutex: () => taking(wdf.ExInitializeFastMutex(), wdf.ExAcquireFastMutex),
  KeAcquireGuardedMutex: () => taking(wdf.KeInitializeGuardedMutex(), wdf.KeAcquireGuardedMutex),
  KeWaitForSingleObject: () => taking(wdf.KeInitializeMutex(0), (mutex) => wdf.KeWaitForSingleObject(mutex, 0, 0, false)),
};

function taking<Lock>(lock: Lock, acquire: (lock: Lock) => Suspendable<unknown>): Acquire {
  return () => acquire(lock);
}

describe("System.report", () => {
  it.each(Object.keys(LOCKS))("names the thread that holds what another waits for in %s", (ddi) => {
    const rig = new Rig({ processors: 2, driverVerifier: false, rules: false });
    const acquire = rig.run(LOCKS[ddi]);
    const never = rig.run(() => wdf.KeInitializeEvent(0, false));
    rig.start(function* () {
      yield* acquire();
      if (wdf.KeGetCurrentIrql() < wdf.Irql.Dispatch) yield* wdf.KeWaitForSingleObject(never, 0, 0, false);
    });
    rig.start(function* () {
      yield* acquire();
    });
    const held = rig.system.report().waitingThreads.filter((text) => text.includes("holds it"));
    expect(held).toEqual([expect.stringMatching(new RegExp(`^t\\d+ waits in ${ddi}, called by a system thread, for \\w+: \\S+ holds it`))]);
  });
});
