// KSPIN_LOCK, FAST_MUTEX, KGUARDED_MUTEX. Evidence: spec of the kernel, §3 and its corrections A4, B9, B10, B11.

import { describe, expect, it } from "vitest";
import { BugCheck, DriverVerifierViolation, EventType, FindingId, Irql, ProcessorMode } from "../../bindings/abi";
import {
  ExAcquireFastMutex,
  ExAcquireFastMutexUnsafe,
  ExInitializeFastMutex,
  ExReleaseFastMutex,
  ExReleaseFastMutexUnsafe,
  ExTryToAcquireFastMutex,
  KeAcquireGuardedMutex,
  KeAcquireGuardedMutexUnsafe,
  KeAcquireSpinLock,
  KeAcquireSpinLockAtDpcLevel,
  KeAreAllApcsDisabled,
  KeAreApcsDisabled,
  KeEnterGuardedRegion,
  KeGetCurrentIrql,
  KeInitializeEvent,
  KeInitializeGuardedMutex,
  KeInitializeSpinLock,
  KeLeaveGuardedRegion,
  KeLowerIrql,
  KeRaiseIrql,
  KeReleaseGuardedMutex,
  KeReleaseGuardedMutexUnsafe,
  KeReleaseSpinLock,
  KeReleaseSpinLockFromDpcLevel,
  KeSetEvent,
  KeTestSpinLock,
  KeTryToAcquireGuardedMutex,
  KeTryToAcquireSpinLockAtDpcLevel,
  KeWaitForSingleObject,
} from "../../host/ddi";
import type { Suspendable } from "../../host/suspension";
import { Rig } from "../support/rig";

const FREE = { driverVerifier: false };
const V = DriverVerifierViolation;
const CODE = BugCheck.DriverVerifierDetectedViolation;

/** Two threads: the first holds the lock while it waits for an event, the second wants it. */
function contend(rig: Rig, acquire: () => Suspendable<void>, release: () => Suspendable<void>): void {
  const event = rig.run(() => KeInitializeEvent(EventType.SynchronizationEvent, false));
  const body = function* (name: string): Generator<undefined, void, unknown> {
    yield* acquire();
    rig.say(`${name} holds it at ${KeGetCurrentIrql()}`);
    yield* KeWaitForSingleObject(event, 0, ProcessorMode.KernelMode, false);
    yield* release();
    rig.say(`${name} is at ${KeGetCurrentIrql()}`);
  };
  for (const name of ["a", "b", "c"]) rig.start(() => body(name));
  for (let n = 0; n < 3; n++) rig.run(() => KeSetEvent(event));
}

describe("KeInitializeSpinLock", () => {
  it("makes a free lock", () => {
    expect(new Rig().run(() => KeTestSpinLock(KeInitializeSpinLock()))).toBe(true);
  });
});

describe("KeAcquireSpinLock", () => {
  it("raises to DISPATCH_LEVEL and answers the level before", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      const before = KeAcquireSpinLock(lock);
      const held = [KeGetCurrentIrql(), KeTestSpinLock(lock), KeAreApcsDisabled()];
      KeReleaseSpinLock(lock, before);
      return [before, ...held, KeGetCurrentIrql(), KeTestSpinLock(lock)];
    });
    expect(seen).toEqual([Irql.Passive, Irql.Dispatch, false, false, Irql.Passive, true]);
  });

  it("K-190 above DISPATCH_LEVEL stops with 0xC4 / 0x42 (Driver Verifier)", () => {
    const rig = new Rig();
    const acquire = (): unknown => KeRaiseIrql(5) === 0 && KeAcquireSpinLock(KeInitializeSpinLock());
    rig.expectBugCheck(acquire, CODE, V.AcquireSpinLockTooHigh, 5);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("above DISPATCH_LEVEL without Driver Verifier the level falls to DISPATCH_LEVEL while held", () => {
    const rig = new Rig(FREE);
    const seen = rig.run(() => {
      const lock = KeInitializeSpinLock();
      KeRaiseIrql(5);
      const before = KeAcquireSpinLock(lock);
      const held = KeGetCurrentIrql();
      KeReleaseSpinLock(lock, before);
      const after = KeGetCurrentIrql();
      KeLowerIrql(0);
      return [before, held, after];
    });
    expect(seen).toEqual([5, Irql.Dispatch, 5]);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("K-181 of a lock the thread holds is the Stop SPIN_LOCK_ALREADY_OWNED", () => {
    for (const options of [{}, { ...FREE, checkedBuild: true }]) {
      const twice = (): void => {
        const lock = KeInitializeSpinLock();
        KeAcquireSpinLock(lock);
        KeAcquireSpinLock(lock);
      };
      new Rig(options).expectBugCheck(twice, BugCheck.SpinLockAlreadyOwned);
    }
  });

  it("of a lock another thread holds spins, at DISPATCH_LEVEL, until it is given up", () => {
    const rig = new Rig({ ...FREE, rules: false, processors: 2 });
    const lock = rig.run(() => KeInitializeSpinLock());
    rig.start(function* () {
      yield* KeAcquireSpinLock(lock);
    });
    rig.start(function* () {
      const before = yield* KeAcquireSpinLock(lock);
      rig.say(`b holds it at ${KeGetCurrentIrql()}, was at ${before}`);
      yield* KeReleaseSpinLock(lock, before);
    });
    rig.expectNothingElse();
    rig.run(() => KeReleaseSpinLock(lock, Irql.Passive));
    rig.expect("b holds it at 2, was at 0");
  });
});

describe("KeReleaseSpinLock", () => {
  it("K-189 not at DISPATCH_LEVEL stops with 0xC4 / 0x32 (Driver Verifier)", () => {
    const rig = new Rig();
    rig.expectBugCheck(() => KeReleaseSpinLock(KeInitializeSpinLock(), 0), CODE, V.ReleaseSpinLockNotAtDispatch, 0);
    rig.expectFindings(FindingId.IrqlTooLow);
  });

  it("of a lock the thread does not hold is the Stop SPIN_LOCK_NOT_OWNED (Driver Verifier)", () => {
    const release = (): void => {
      KeRaiseIrql(2);
      KeReleaseSpinLock(KeInitializeSpinLock(), 0);
    };
    new Rig().expectBugCheck(release, BugCheck.SpinLockNotOwned);
  });

  it("below DISPATCH_LEVEL works without Driver Verifier; the level afterwards is the argument", () => {
    const rig = new Rig(FREE);
    const seen = rig.run(() => {
      const lock = KeInitializeSpinLock();
      KeAcquireSpinLock(lock);
      KeLowerIrql(0);
      KeReleaseSpinLock(lock, 0);
      return [KeGetCurrentIrql(), KeTestSpinLock(lock)];
    });
    expect(seen).toEqual([0, true]);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});

describe("KeAcquireSpinLockAtDpcLevel", () => {
  it("takes the lock and leaves the level alone", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      KeRaiseIrql(3);
      KeAcquireSpinLockAtDpcLevel(lock);
      const held = [KeGetCurrentIrql(), KeTestSpinLock(lock)];
      KeReleaseSpinLockFromDpcLevel(lock);
      KeLowerIrql(0);
      return held;
    });
    expect(seen).toEqual([3, false]);
  });

  it("K-191 below DISPATCH_LEVEL stops with 0xC4 / 0x40 (Driver Verifier)", () => {
    const rig = new Rig();
    rig.expectBugCheck(() => KeAcquireSpinLockAtDpcLevel(KeInitializeSpinLock()), CODE, V.AcquireAtDpcTooLow, 0);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});

describe("KeReleaseSpinLockFromDpcLevel", () => {
  it("after a raising acquire frees the lock; the level stays at DISPATCH_LEVEL", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      KeAcquireSpinLock(lock);
      KeReleaseSpinLockFromDpcLevel(lock);
      const after = [KeGetCurrentIrql(), KeTestSpinLock(lock)];
      KeLowerIrql(0);
      return after;
    });
    expect(seen).toEqual([Irql.Dispatch, true]);
  });

  it("below DISPATCH_LEVEL stops with 0xC4 / 0x41 (Driver Verifier)", () => {
    const rig = new Rig();
    rig.expectBugCheck(() => KeReleaseSpinLockFromDpcLevel(KeInitializeSpinLock()), CODE, V.ReleaseFromDpcTooLow, 0);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});

describe("KeTryToAcquireSpinLockAtDpcLevel", () => {
  it("K-328 on a held lock returns FALSE without changing IRQL", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      KeRaiseIrql(2);
      const tried = [KeTryToAcquireSpinLockAtDpcLevel(lock), KeTryToAcquireSpinLockAtDpcLevel(lock), KeGetCurrentIrql()];
      KeReleaseSpinLockFromDpcLevel(lock);
      KeLowerIrql(0);
      return tried;
    });
    expect(seen).toEqual([true, false, Irql.Dispatch]);
  });
});

describe("KeTestSpinLock", () => {
  it("is TRUE while nobody holds the lock", () => {
    const seen = new Rig().run(() => {
      const lock = KeInitializeSpinLock();
      const free = KeTestSpinLock(lock);
      const before = KeAcquireSpinLock(lock);
      const held = KeTestSpinLock(lock);
      KeReleaseSpinLock(lock, before);
      return [free, held];
    });
    expect(seen).toEqual([true, false]);
  });
});

describe("ExInitializeFastMutex", () => {
  it("makes a free mutex", () => {
    const rig = new Rig();
    expect(rig.run(() => ExTryToAcquireFastMutex(ExInitializeFastMutex()) && (KeLowerIrql(0), true))).toBe(true);
  });
});

describe("ExAcquireFastMutex", () => {
  it("K-203 K-315 leaves the thread at APC_LEVEL, in no region", () => {
    const seen = new Rig().run(() => {
      const mutex = ExInitializeFastMutex();
      ExAcquireFastMutex(mutex);
      const held = [KeGetCurrentIrql(), KeAreApcsDisabled(), KeAreAllApcsDisabled()];
      ExReleaseFastMutex(mutex);
      return [...held, KeGetCurrentIrql()];
    });
    expect(seen).toEqual([Irql.Apc, false, true, Irql.Passive]);
  });

  it("waiters take it in the order in which they came", () => {
    const rig = new Rig();
    const mutex = rig.run(() => ExInitializeFastMutex());
    contend(rig, () => ExAcquireFastMutex(mutex), () => ExReleaseFastMutex(mutex));
    rig.expect("a holds it at 1", "a is at 0", "b holds it at 1", "b is at 0", "c holds it at 1", "c is at 0");
  });

  it("above APC_LEVEL stops with 0xC4 / 0x33 (Driver Verifier)", () => {
    const rig = new Rig();
    const acquire = (): unknown => KeRaiseIrql(2) === 0 && ExAcquireFastMutex(ExInitializeFastMutex());
    rig.expectBugCheck(acquire, CODE, V.AcquireFastMutexTooHigh, 2);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("above APC_LEVEL without Driver Verifier the level falls to APC_LEVEL; the release puts it back", () => {
    const rig = new Rig(FREE);
    const seen = rig.run(() => {
      const mutex = ExInitializeFastMutex();
      KeRaiseIrql(2);
      ExAcquireFastMutex(mutex);
      const held = KeGetCurrentIrql();
      ExReleaseFastMutex(mutex);
      const after = KeGetCurrentIrql();
      KeLowerIrql(0);
      return [held, after];
    });
    expect(seen).toEqual([Irql.Apc, Irql.Dispatch]);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});

describe("ExTryToAcquireFastMutex", () => {
  it("K-327 by the owner returns FALSE and leaves IRQL at APC_LEVEL", () => {
    const seen = new Rig().run(() => {
      const mutex = ExInitializeFastMutex();
      const tried = [ExTryToAcquireFastMutex(mutex), ExTryToAcquireFastMutex(mutex), KeGetCurrentIrql()];
      ExReleaseFastMutex(mutex);
      return tried;
    });
    expect(seen).toEqual([true, false, Irql.Apc]);
  });
});

describe("ExReleaseFastMutex", () => {
  it("not at APC_LEVEL stops with 0xC4 / 0x34 (Driver Verifier)", () => {
    const rig = new Rig();
    rig.expectBugCheck(() => ExReleaseFastMutex(ExInitializeFastMutex()), CODE, V.ReleaseFastMutexNotAtApc, 0);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});

describe("ExAcquireFastMutexUnsafe", () => {
  it("leaves the level alone", () => {
    const seen = new Rig().run(() => {
      const mutex = ExInitializeFastMutex();
      ExAcquireFastMutexUnsafe(mutex);
      const held = KeGetCurrentIrql();
      ExReleaseFastMutexUnsafe(mutex);
      return held;
    });
    expect(seen).toBe(Irql.Passive);
  });
});

describe("ExReleaseFastMutexUnsafe", () => {
  it("after a normal acquire stays at APC_LEVEL", () => {
    const seen = new Rig().run(() => {
      const mutex = ExInitializeFastMutex();
      ExAcquireFastMutex(mutex);
      ExReleaseFastMutexUnsafe(mutex);
      const after = KeGetCurrentIrql();
      KeLowerIrql(0);
      return after;
    });
    expect(seen).toBe(Irql.Apc);
  });
});

describe("KeInitializeGuardedMutex", () => {
  it("makes a free mutex", () => {
    const seen = new Rig().run(() => {
      const mutex = KeInitializeGuardedMutex();
      const free = KeTryToAcquireGuardedMutex(mutex);
      KeReleaseGuardedMutex(mutex);
      return free;
    });
    expect(seen).toBe(true);
  });
});

describe("KeAcquireGuardedMutex", () => {
  it("K-315 enters a guarded region, the level unchanged", () => {
    const seen = new Rig().run(() => {
      const mutex = KeInitializeGuardedMutex();
      KeAcquireGuardedMutex(mutex);
      const held = [KeGetCurrentIrql(), KeAreApcsDisabled(), KeAreAllApcsDisabled()];
      KeReleaseGuardedMutex(mutex);
      return [...held, KeAreApcsDisabled()];
    });
    expect(seen).toEqual([Irql.Passive, true, true, false]);
  });

  it("waiters take it in the order in which they came", () => {
    const rig = new Rig();
    const mutex = rig.run(() => KeInitializeGuardedMutex());
    contend(rig, () => KeAcquireGuardedMutex(mutex), () => KeReleaseGuardedMutex(mutex));
    rig.expect("a holds it at 0", "a is at 0", "b holds it at 0", "b is at 0", "c holds it at 0", "c is at 0");
  });
});

describe("KeTryToAcquireGuardedMutex", () => {
  it("on a held mutex, also by the owner, is FALSE and the regions are as before", () => {
    const seen = new Rig().run(() => {
      const mutex = KeInitializeGuardedMutex();
      const tried = [KeTryToAcquireGuardedMutex(mutex), KeTryToAcquireGuardedMutex(mutex)];
      KeReleaseGuardedMutex(mutex);
      return [...tried, KeAreApcsDisabled()];
    });
    expect(seen).toEqual([true, false, false]);
  });
});

describe("KeReleaseGuardedMutex", () => {
  it("after an unsafe acquire leaves the count at +1, which disables APCs until the next region", () => {
    const seen = new Rig().run(() => {
      const mutex = KeInitializeGuardedMutex();
      KeAcquireGuardedMutexUnsafe(mutex);
      KeReleaseGuardedMutex(mutex);
      const after = KeAreApcsDisabled();
      KeEnterGuardedRegion();
      return [after, KeAreApcsDisabled()];
    });
    expect(seen).toEqual([true, false]);
  });
});

describe("KeAcquireGuardedMutexUnsafe", () => {
  it("enters no region", () => {
    const seen = new Rig().run(() => {
      const mutex = KeInitializeGuardedMutex();
      KeAcquireGuardedMutexUnsafe(mutex);
      const held = KeAreApcsDisabled();
      KeReleaseGuardedMutexUnsafe(mutex);
      return held;
    });
    expect(seen).toBe(false);
  });
});

describe("KeReleaseGuardedMutexUnsafe", () => {
  it("after a normal acquire leaves the guarded region entered", () => {
    const seen = new Rig().run(() => {
      const mutex = KeInitializeGuardedMutex();
      KeAcquireGuardedMutex(mutex);
      KeReleaseGuardedMutexUnsafe(mutex);
      const after = KeAreAllApcsDisabled();
      KeLeaveGuardedRegion();
      return after;
    });
    expect(seen).toBe(true);
  });
});
