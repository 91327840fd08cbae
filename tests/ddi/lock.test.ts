// WDFSPINLOCK and WDFWAITLOCK. Evidence: spec of the kernel, §3; the lock scenarios of tests/conformance.

import { describe, expect, it } from "vitest";
import { BugCheck, DriverVerifierViolation, FindingId, Irql, NtStatus } from "../../bindings/abi";
import {
  KeAreApcsDisabled,
  KeGetCurrentIrql,
  KeRaiseIrql,
  NT_SUCCESS,
  WdfExecutionLevel,
  WdfObjectDelete,
  WdfSpinLockAcquire,
  WdfSpinLockCreate,
  WdfSpinLockRelease,
  WdfSynchronizationScope,
  WdfWaitLockAcquire,
  WdfWaitLockCreate,
  WdfWaitLockRelease,
  type WDFSPINLOCK,
  type WDFWAITLOCK,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const FREE = { driverVerifier: false };
/** 50 milliseconds from now. */
const SOON = -500_000;

function spinLock(rig: Rig): WDFSPINLOCK {
  return rig.run(() => WdfSpinLockCreate({ parentObject: rig.device }).lock);
}

function waitLock(options: RigOptions = {}): { rig: Rig; lock: WDFWAITLOCK } {
  const rig = new Rig(options);
  return { rig, lock: rig.run(() => WdfWaitLockCreate({ parentObject: rig.device }).lock) };
}

describe("WdfSpinLockCreate", () => {
  it("K-018 the default parent is the driver", () => {
    const rig = new Rig();
    expect(rig.run(() => WdfSpinLockCreate().status)).toBe(NtStatus.Success);
  });

  it("K-011 scope Device fails with STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID", () => {
    const rig = new Rig();
    const { status } = rig.run(() => WdfSpinLockCreate({ synchronizationScope: WdfSynchronizationScope.Device }));
    expect(status).toBe(NtStatus.WdfSynchronizationScopeInvalid);
  });

  it("an execution level fails with STATUS_WDF_EXECUTION_LEVEL_INVALID", () => {
    const rig = new Rig();
    const { status } = rig.run(() => WdfSpinLockCreate({ executionLevel: WdfExecutionLevel.Passive }));
    expect(status).toBe(NtStatus.WdfExecutionLevelInvalid);
  });

  it("without memory fails with STATUS_INSUFFICIENT_RESOURCES", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    expect(rig.run(() => [WdfSpinLockCreate().status, WdfWaitLockCreate().status])).toEqual(Array(2).fill(NtStatus.InsufficientResources));
  });
});

describe("WdfSpinLockAcquire", () => {
  it("K-179 leaves the thread at DISPATCH_LEVEL; release restores the level saved at acquire", () => {
    const rig = new Rig();
    const lock = spinLock(rig);
    const levels = (): number[] => {
      WdfSpinLockAcquire(lock);
      const held = KeGetCurrentIrql();
      WdfSpinLockRelease(lock);
      return [held, KeGetCurrentIrql()];
    };
    expect(rig.run(levels)).toEqual([Irql.Dispatch, Irql.Passive]);
    expect(rig.run(levels, Irql.Dispatch)).toEqual([Irql.Dispatch, Irql.Dispatch]);
  });

  it("K-181 by the thread that holds it is the Stop SPIN_LOCK_ALREADY_OWNED with Driver Verifier", () => {
    const rig = new Rig();
    const lock = spinLock(rig);
    rig.expectBugCheck(() => void [WdfSpinLockAcquire(lock), WdfSpinLockAcquire(lock)], BugCheck.SpinLockAlreadyOwned, lock);
  });

  it("K-181 by the thread that holds it spins for ever without Driver Verifier", () => {
    const rig = new Rig(FREE);
    const lock = spinLock(rig);
    const thread = rig.start(function* () {
      yield* WdfSpinLockAcquire(lock);
      yield* WdfSpinLockAcquire(lock);
    });
    expect(thread.done).toBe(false);
  });

  it("above DISPATCH_LEVEL is the Stop 0xC4 / 0x42 with Driver Verifier", () => {
    const rig = new Rig();
    const lock = spinLock(rig);
    const code = BugCheck.DriverVerifierDetectedViolation;
    rig.expectBugCheck(() => KeRaiseIrql(5) === 0 && WdfSpinLockAcquire(lock), code, DriverVerifierViolation.AcquireSpinLockTooHigh, 5);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("K-205 a callback that returns with the lock held is the Stop WDF_VIOLATION / IRQL_MISMATCH", () => {
    const lock = { handle: 0 as WDFSPINLOCK };
    const rig = new Rig({ queue: { evtIoRead: () => WdfSpinLockAcquire(lock.handle) } });
    lock.handle = spinLock(rig);
    rig.expectStop(() => rig.sendRead(1, {}), 0xe, Irql.Passive, Irql.Dispatch);
  });
});

describe("WdfSpinLockRelease", () => {
  it("K-180 by a thread that does not own it stops with 0x10D / 0xB, P3 1", () => {
    const rig = new Rig();
    const lock = spinLock(rig);
    rig.expectStop(() => KeRaiseIrql(2) === 0 && WdfSpinLockRelease(lock), 0xb, lock, 1);
  });

  it("by a thread that does not own it drops to a stale level without the verifier", () => {
    const rig = new Rig({ verifier: false, driverVerifier: false });
    const lock = spinLock(rig);
    const level = rig.run(() => {
      KeRaiseIrql(2);
      WdfSpinLockRelease(lock);
      return KeGetCurrentIrql();
    });
    expect(level).toBe(Irql.Passive);
  });

  it("locks may be released in another order than they were acquired: the levels are those of each lock", () => {
    const rig = new Rig();
    const [s, t] = [spinLock(rig), spinLock(rig)];
    const levels = rig.run(() => {
      WdfSpinLockAcquire(s);
      WdfSpinLockAcquire(t);
      WdfSpinLockRelease(s);
      const between = KeGetCurrentIrql();
      WdfSpinLockRelease(t);
      const after = KeGetCurrentIrql();
      rig.system.machine.exports.setLevel(Irql.Passive);
      return [between, after];
    });
    expect(levels).toEqual([Irql.Passive, Irql.Dispatch]);
    rig.expectFindings(FindingId.IrqlTooLow);
  });
});

describe("WdfWaitLockCreate", () => {
  it("makes a lock that can be deleted", () => {
    const { rig, lock } = waitLock();
    rig.run(() => WdfObjectDelete(lock));
    rig.expectStop(() => WdfWaitLockAcquire(lock), 0x5, lock);
  });
});

describe("WdfWaitLockAcquire", () => {
  it("K-185 holding a wait lock keeps the thread in a critical region and does not change IRQL", () => {
    const { rig, lock } = waitLock();
    const seen = rig.run(() => {
      const status = WdfWaitLockAcquire(lock);
      const held = [KeAreApcsDisabled(), KeGetCurrentIrql()];
      WdfWaitLockRelease(lock);
      return [status, ...held, KeAreApcsDisabled()];
    });
    expect(seen).toEqual([NtStatus.Success, true, Irql.Passive, false]);
  });

  it("K-183 with timeout 0 on a held lock gives STATUS_TIMEOUT at once, legal at DISPATCH_LEVEL", () => {
    const { rig, lock } = waitLock();
    const look = (): unknown => WdfWaitLockAcquire(lock, 0);
    rig.run(() => {
      expect(look()).toBe(NtStatus.Success);
      expect(look()).toBe(NtStatus.Timeout);
      WdfWaitLockRelease(lock);
      expect(KeAreApcsDisabled()).toBe(false);
    }, Irql.Dispatch);
  });

  it("K-186 STATUS_TIMEOUT passes NT_SUCCESS", () => {
    expect(NT_SUCCESS(NtStatus.Timeout)).toBe(true);
  });

  it.each([undefined, SOON])("K-184 with timeout %s above PASSIVE_LEVEL gives STATUS_INVALID_DEVICE_REQUEST (verifier)", (timeout) => {
    const { rig, lock } = waitLock();
    rig.run(() => expect(WdfWaitLockAcquire(lock, timeout)).toBe(NtStatus.InvalidDeviceRequest), Irql.Apc);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });

  it("K-184 at DISPATCH_LEVEL without the verifier is the kernel's business", () => {
    const { rig, lock } = waitLock({ verifier: false });
    expect(() => rig.run(() => WdfWaitLockAcquire(lock), Irql.Dispatch)).toThrow("WAIT_AT_DISPATCH");
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("waits for its turn, or until its time is up", () => {
    const { rig, lock } = waitLock();
    const hold = function* (name: string, timeout?: number): Generator<undefined, void, unknown> {
      const status = yield* WdfWaitLockAcquire(lock, timeout);
      rig.say(`${name} ${status} at ${rig.system.now}`);
      if (status !== NtStatus.Success) return;
      yield* WdfWaitLockRelease(lock);
    };
    rig.start(function* () {
      yield* WdfWaitLockAcquire(lock);
      rig.start(() => hold("b"));
      rig.start(() => hold("c", SOON));
      yield* WdfWaitLockRelease(lock);
    });
    rig.expect("b 0 at 0", "c 0 at 0");
    rig.start(function* () {
      yield* WdfWaitLockAcquire(lock);
      yield* WdfWaitLockAcquire(lock, SOON);
      rig.say("gave up");
      yield* WdfWaitLockRelease(lock);
    });
    rig.start(() => hold("d", 2 * SOON));
    rig.system.advance(50);
    rig.expect("gave up", "d 0 at 50");
  });

  it("by its owner, for ever, is a deadlock", () => {
    const { rig, lock } = waitLock();
    const thread = rig.start(function* () {
      yield* WdfWaitLockAcquire(lock);
      yield* WdfWaitLockAcquire(lock);
    });
    expect(thread.done).toBe(false);
  });

  it("K-206 a callback that returns with the lock held is the Stop WDF_VIOLATION / CRITICAL_REGION_MISMATCH", () => {
    const held = { lock: 0 as WDFWAITLOCK };
    const rig = new Rig({ queue: { evtIoRead: () => void WdfWaitLockAcquire(held.lock) } });
    held.lock = rig.run(() => WdfWaitLockCreate().lock);
    rig.expectStop(() => rig.sendRead(1, {}), 0xf);
  });
});

describe("WdfWaitLockRelease", () => {
  it("by another thread frees the lock, but leaves a critical region that was not entered: a finding", () => {
    const { rig, lock } = waitLock(FREE);
    rig.start(function* () {
      yield* WdfWaitLockAcquire(lock);
      yield* WdfWaitLockAcquire(lock);
    });
    rig.run(() => {
      WdfWaitLockRelease(lock);
      expect(KeAreApcsDisabled()).toBe(true);
    });
    rig.expectFindings(FindingId.WaitLockNotHeld, FindingId.ThreadEndedUnbalanced, FindingId.ThreadEndedUnbalanced);
  });
});
