// In-stack queued spin locks. Evidence: spec of the kernel, §3.

import { describe, expect, it } from "vitest";
import { BugCheck, DriverVerifierViolation, FindingId, Irql } from "../../bindings/abi";
import {
  KeAcquireInStackQueuedSpinLock,
  KeAcquireInStackQueuedSpinLockAtDpcLevel,
  KeAcquireSpinLock,
  KeGetCurrentIrql,
  KeInitializeSpinLock,
  KeLowerIrql,
  KeRaiseIrql,
  KeReleaseInStackQueuedSpinLock,
  KeReleaseInStackQueuedSpinLockFromDpcLevel,
  KeTestSpinLock,
  type KLOCK_QUEUE_HANDLE,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const FREE = { driverVerifier: false, rules: false, queue: null };
const CODE = BugCheck.DriverVerifierDetectedViolation;

describe("KeAcquireInStackQueuedSpinLock", () => {
  it("raises to DISPATCH_LEVEL and keeps the level before in the queue handle", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      KeRaiseIrql(Irql.Apc);
      const handle = KeAcquireInStackQueuedSpinLock(lock);
      const held = [handle.OldIrql, handle.Lock === lock, KeGetCurrentIrql(), KeTestSpinLock(lock)];
      KeReleaseInStackQueuedSpinLock(handle);
      const after = [KeGetCurrentIrql(), KeTestSpinLock(lock)];
      KeLowerIrql(Irql.Passive);
      return [...held, ...after];
    });
    expect(seen).toEqual([Irql.Apc, true, Irql.Dispatch, false, Irql.Apc, true]);
  });

  it("of a lock the thread holds is the Stop SPIN_LOCK_ALREADY_OWNED, whichever function it was taken with", () => {
    new Rig().expectBugCheck(() => {
      const lock = KeInitializeSpinLock();
      KeAcquireSpinLock(lock);
      KeAcquireInStackQueuedSpinLock(lock);
    }, BugCheck.SpinLockAlreadyOwned);
  });

  it("above DISPATCH_LEVEL stops with 0xC4 / 0x42 (Driver Verifier)", () => {
    const rig = new Rig();
    const acquire = (): unknown => KeRaiseIrql(5) === 0 && KeAcquireInStackQueuedSpinLock(KeInitializeSpinLock());
    rig.expectBugCheck(acquire, CODE, DriverVerifierViolation.AcquireSpinLockTooHigh, 5);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("serves processors in the order in which they came", () => {
    const orders = new Set<string>();
    for (let random = 0; random < 300; random++) {
      const rig = new Rig({ ...FREE, processors: 4, random });
      const lock = rig.run(() => KeInitializeSpinLock());
      const came: string[] = [];
      const served: string[] = [];
      rig.system.atOnce(() => {
        for (const name of ["a", "b", "c"]) {
          rig.system.thread<void>(function* () {
            came.push(name);
            const handle = yield* KeAcquireInStackQueuedSpinLock(lock);
            served.push(name);
            yield;
            yield* KeReleaseInStackQueuedSpinLock(handle);
          });
        }
      });
      expect(served).toEqual(came);
      orders.add(served.join(""));
    }
    expect(orders.size).toBeGreaterThan(2);
  });
});

describe("KeReleaseInStackQueuedSpinLock", () => {
  it("a second time is the Stop SPIN_LOCK_NOT_OWNED (Driver Verifier)", () => {
    new Rig().expectBugCheck(() => {
      const handle = KeAcquireInStackQueuedSpinLock(KeInitializeSpinLock());
      KeReleaseInStackQueuedSpinLock(handle);
      KeRaiseIrql(Irql.Dispatch);
      KeReleaseInStackQueuedSpinLock(handle);
    }, BugCheck.SpinLockNotOwned);
  });
});

describe("KeAcquireInStackQueuedSpinLockAtDpcLevel", () => {
  it("leaves the level alone", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      const handle = KeAcquireInStackQueuedSpinLockAtDpcLevel(lock);
      const held = [handle.OldIrql, KeGetCurrentIrql(), KeTestSpinLock(lock)];
      KeReleaseInStackQueuedSpinLockFromDpcLevel(handle);
      return [...held, KeGetCurrentIrql(), KeTestSpinLock(lock)];
    }, Irql.Dispatch);
    expect(seen).toEqual([Irql.Dispatch, Irql.Dispatch, false, Irql.Dispatch, true]);
  });

  it("below DISPATCH_LEVEL stops with 0xC4 / 0x40 (Driver Verifier)", () => {
    const rig = new Rig();
    const acquire = (): unknown => KeAcquireInStackQueuedSpinLockAtDpcLevel(KeInitializeSpinLock());
    rig.expectBugCheck(acquire, CODE, DriverVerifierViolation.AcquireAtDpcTooLow, 0);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});

describe("KeReleaseInStackQueuedSpinLockFromDpcLevel", () => {
  it("below DISPATCH_LEVEL stops with 0xC4 / 0x41 (Driver Verifier)", () => {
    const rig = new Rig();
    const handle = (lock: KLOCK_QUEUE_HANDLE["Lock"]): KLOCK_QUEUE_HANDLE => ({ Lock: lock, OldIrql: 0 });
    const release = (): void => KeReleaseInStackQueuedSpinLockFromDpcLevel(handle(KeInitializeSpinLock()));
    rig.expectBugCheck(release, CODE, DriverVerifierViolation.ReleaseFromDpcTooLow, 0);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});
