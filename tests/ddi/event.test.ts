// KEVENT, KSEMAPHORE, KMUTEX. Evidence: spec of the kernel, §3 and its corrections B6, B8.

import { describe, expect, it } from "vitest";
import { BugCheck, EventType, FindingId, Irql, NtStatus, ProcessorMode } from "../../bindings/abi";
import {
  KeAreApcsDisabled,
  KeClearEvent,
  KeGetCurrentIrql,
  KeInitializeEvent,
  KeInitializeMutex,
  KeInitializeSemaphore,
  KePulseEvent,
  KeReadStateEvent,
  KeReadStateMutex,
  KeReadStateSemaphore,
  KeReleaseMutex,
  KeReleaseSemaphore,
  KeResetEvent,
  KeSetEvent,
  KeWaitForSingleObject,
  type PKEVENT,
  type PKMUTEX,
  type PKSEMAPHORE,
  type Waitable,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const { NotificationEvent, SynchronizationEvent } = EventType;

/** Looks whether a wait would be satisfied, without waiting. */
const poll = (object: Waitable): number => KeWaitForSingleObject(object, 0, ProcessorMode.KernelMode, false, 0) as number;

/** A thread that waits for ever, and says so when it goes on. */
function waiter(rig: Rig, name: string, object: Waitable): void {
  rig.start(function* () {
    const status = yield* KeWaitForSingleObject(object, 0, ProcessorMode.KernelMode, false);
    rig.say(`${name} ${status}`);
  });
}

function event(rig: Rig, type: EventType, state = false): PKEVENT {
  return rig.run(() => KeInitializeEvent(type, state));
}

describe("KeInitializeEvent", () => {
  it("makes an event in the state given", () => {
    const rig = new Rig();
    expect(rig.run(() => KeReadStateEvent(KeInitializeEvent(NotificationEvent, true)))).toBe(1);
    expect(rig.run(() => KeReadStateEvent(KeInitializeEvent(NotificationEvent, false)))).toBe(0);
  });

  it("initializes the same memory again", () => {
    const rig = new Rig();
    const first = event(rig, NotificationEvent, true);
    const again = rig.run(() => KeInitializeEvent(SynchronizationEvent, false, first));
    expect(again).toBe(first);
    expect(rig.run(() => KeReadStateEvent(first))).toBe(0);
  });
});

describe("KeSetEvent", () => {
  it("K-198 returns the previous state", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent);
    expect(rig.run(() => [KeSetEvent(e), KeSetEvent(e), KeReadStateEvent(e)])).toEqual([0, 1, 1]);
  });

  it("K-197 a notification event releases all waiters and stays set", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent);
    waiter(rig, "a", e);
    waiter(rig, "b", e);
    rig.run(() => KeSetEvent(e));
    rig.expect("a 0", "b 0");
    expect(rig.run(() => KeReadStateEvent(e))).toBe(1);
  });

  it("K-197 K-319 a synchronization event releases exactly one waiter, first come first served, and clears itself", () => {
    const rig = new Rig();
    const e = event(rig, SynchronizationEvent);
    waiter(rig, "a", e);
    waiter(rig, "b", e);
    expect(rig.run(() => KeSetEvent(e))).toBe(0);
    rig.expect("a 0");
    expect(rig.run(() => KeReadStateEvent(e))).toBe(0);
    rig.run(() => KeSetEvent(e));
    rig.expect("b 0");
  });

  it("set twice with no waiter a synchronization event counts once", () => {
    const rig = new Rig();
    const e = event(rig, SynchronizationEvent);
    expect(rig.run(() => [KeSetEvent(e), KeSetEvent(e), poll(e), poll(e)])).toEqual([0, 1, NtStatus.Success, NtStatus.Timeout]);
  });

  it("K-318 with Wait TRUE returns at DISPATCH_LEVEL; the next wait restores the IRQL", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent);
    const levels = rig.run(() => {
      KeSetEvent(e, 0, true);
      const between = KeGetCurrentIrql();
      poll(e);
      return [between, KeGetCurrentIrql()];
    });
    expect(levels).toEqual([Irql.Dispatch, Irql.Passive]);
  });

  it("with Wait TRUE at DISPATCH_LEVEL is a finding", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent);
    rig.run(() => {
      KeSetEvent(e, 0, true);
      poll(e);
    }, Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("of memory that is no event is an access violation", () => {
    const rig = new Rig();
    const { AccessViolation } = NtStatus;
    rig.expectBugCheck(() => KeSetEvent(7 as PKEVENT), BugCheck.SystemThreadExceptionNotHandled, AccessViolation);
    const other = new Rig();
    other.expectBugCheck(() => KeSetEvent(KeInitializeMutex(0) as never), BugCheck.SystemThreadExceptionNotHandled, AccessViolation);
  });
});

describe("KeResetEvent", () => {
  it("resets and returns the previous state", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent, true);
    expect(rig.run(() => [KeResetEvent(e), KeResetEvent(e), poll(e)])).toEqual([1, 0, NtStatus.Timeout]);
  });
});

describe("KeClearEvent", () => {
  it("resets", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent, true);
    rig.run(() => KeClearEvent(e));
    expect(rig.run(() => KeReadStateEvent(e))).toBe(0);
  });
});

describe("KePulseEvent", () => {
  it("K-320 releases all of a notification event, ends with state 0 and returns the previous state", () => {
    const rig = new Rig();
    const e = event(rig, NotificationEvent);
    waiter(rig, "a", e);
    waiter(rig, "b", e);
    expect(rig.run(() => KePulseEvent(e))).toBe(0);
    rig.expect("a 0", "b 0");
    expect(rig.run(() => [KeReadStateEvent(e), KeSetEvent(e), KePulseEvent(e), KeReadStateEvent(e)])).toEqual([0, 0, 1, 0]);
  });

  it("K-320 releases the oldest of a synchronization event", () => {
    const rig = new Rig();
    const e = event(rig, SynchronizationEvent);
    waiter(rig, "a", e);
    waiter(rig, "b", e);
    rig.run(() => KePulseEvent(e));
    rig.expect("a 0");
  });
});

describe("KeReadStateEvent", () => {
  it("is 0 while the event is not set", () => {
    const rig = new Rig();
    const e = event(rig, SynchronizationEvent);
    expect(rig.run(() => [KeReadStateEvent(e), KeSetEvent(e), KeReadStateEvent(e)])).toEqual([0, 0, 1]);
  });
});

describe("KeInitializeSemaphore", () => {
  it("as many waits are satisfied as the count says", () => {
    const rig = new Rig();
    const s = rig.run(() => KeInitializeSemaphore(2, 5));
    expect(rig.run(() => [poll(s), poll(s), poll(s)])).toEqual([0, 0, NtStatus.Timeout]);
  });
});

describe("KeReleaseSemaphore", () => {
  it("adds the adjustment, returns the previous count and releases as many waiters", () => {
    const rig = new Rig();
    const s = rig.run(() => KeInitializeSemaphore(0, 5));
    for (const name of ["a", "b", "c"]) waiter(rig, name, s);
    expect(rig.run(() => KeReleaseSemaphore(s, 0, 2))).toBe(0);
    rig.expect("a 0", "b 0");
    rig.run(() => KeReleaseSemaphore(s, 0, 2));
    rig.expect("c 0");
    expect(rig.run(() => KeReadStateSemaphore(s))).toBe(1);
  });

  it("K-199 above the limit raises STATUS_SEMAPHORE_LIMIT_EXCEEDED and leaves the count", () => {
    const rig = new Rig();
    const s = rig.run(() => KeInitializeSemaphore(3, 4));
    const raised = NtStatus.SemaphoreLimitExceeded;
    rig.expectBugCheck(() => KeReleaseSemaphore(s, 0, 2), BugCheck.SystemThreadExceptionNotHandled, raised);
  });

  it("up to the limit is legal", () => {
    const rig = new Rig();
    const s = rig.run(() => KeInitializeSemaphore(3, 4));
    expect(rig.run(() => [KeReleaseSemaphore(s, 0, 1), KeReadStateSemaphore(s)])).toEqual([3, 4]);
  });

  it("with Wait TRUE returns at DISPATCH_LEVEL", () => {
    const rig = new Rig();
    const s: PKSEMAPHORE = rig.run(() => KeInitializeSemaphore(0, 4));
    const level = rig.run(() => {
      KeReleaseSemaphore(s, 0, 1, true);
      const between = KeGetCurrentIrql();
      poll(s);
      return between;
    });
    expect(level).toBe(Irql.Dispatch);
  });
});

describe("KeReadStateSemaphore", () => {
  it("is the count", () => {
    const rig = new Rig();
    expect(rig.run(() => KeReadStateSemaphore(KeInitializeSemaphore(3, 4)))).toBe(3);
  });
});

describe("KeInitializeMutex", () => {
  it("makes a free mutex; the level means nothing", () => {
    const rig = new Rig();
    expect(rig.run(() => KeReadStateMutex(KeInitializeMutex(17)))).toBe(1);
  });
});

/** Writes the state of the mutex that was acquired twice, as 2^31 acquisitions would leave it. */
function useUp(rig: Rig, mutex: number): void {
  const { words } = rig.system.machine.core;
  const mutexType = 4; // KernelType.Mutex
  const at = words.findIndex((word, i) => word === mutex && words[i + 3] === mutexType && words[i + 4] === -1);
  expect(at).toBeGreaterThan(0);
  words[at + 4] = -(2 ** 31);
}

describe("KeWaitForSingleObject of a mutex", () => {
  it("K-326 acquiring a mutex more than 2^31 times raises STATUS_MUTANT_LIMIT_EXCEEDED and changes nothing", () => {
    const rig = new Rig();
    const states: number[] = [];
    const acquire = (mutex: PKMUTEX): number => KeWaitForSingleObject(mutex, 0, ProcessorMode.KernelMode, false) as number;
    let mutex!: PKMUTEX;
    const body = (): void => {
      mutex = KeInitializeMutex(0);
      acquire(mutex);
      acquire(mutex);
      useUp(rig, mutex);
      states.push(KeReadStateMutex(mutex));
      acquire(mutex);
    };
    rig.expectBugCheck(body, BugCheck.SystemThreadExceptionNotHandled, NtStatus.MutantLimitExceeded);
    expect(states).toEqual([-(2 ** 31)]);
  });
});

describe("KeReleaseMutex", () => {
  it("K-201 K-325 a mutex acquired n times is signalled after n releases, which return -(n-1) up to 0", () => {
    const rig = new Rig();
    const m = rig.run(() => KeInitializeMutex(0));
    const seen = rig.run(() => {
      const taken = [poll(m), poll(m), poll(m), KeReadStateMutex(m)];
      return [...taken, KeReleaseMutex(m), KeReleaseMutex(m), KeReadStateMutex(m), KeReleaseMutex(m), KeReadStateMutex(m)];
    });
    expect(seen).toEqual([0, 0, 0, -2, -2, -1, 0, 0, 1]);
  });

  it("K-202 K-324 the owner is in a critical region, once, however often it acquired", () => {
    const rig = new Rig();
    const m = rig.run(() => KeInitializeMutex(0));
    const disabled = rig.run(() => {
      poll(m);
      poll(m);
      KeReleaseMutex(m);
      const inside = KeAreApcsDisabled();
      KeReleaseMutex(m);
      return [inside, KeAreApcsDisabled()];
    });
    expect(disabled).toEqual([true, false]);
  });

  it("hands the mutex to the thread that has waited longest", () => {
    const rig = new Rig();
    const m: PKMUTEX = rig.run(() => KeInitializeMutex(0));
    const own = function* (name: string): Generator<undefined, void, unknown> {
      yield* KeWaitForSingleObject(m, 0, ProcessorMode.KernelMode, false);
      rig.say(`${name} owns`);
      yield* KeReleaseMutex(m);
    };
    rig.start(function* () {
      yield* KeWaitForSingleObject(m, 0, ProcessorMode.KernelMode, false);
      rig.start(() => own("b"));
      rig.start(() => own("c"));
      yield* KeReleaseMutex(m);
    });
    rig.expect("b owns", "c owns");
  });

  it("K-200 by a thread that is not the owner raises STATUS_MUTANT_NOT_OWNED", () => {
    const rig = new Rig();
    const release = (): number => KeReleaseMutex(KeInitializeMutex(0)) as number;
    rig.expectBugCheck(release, BugCheck.SystemThreadExceptionNotHandled, NtStatus.MutantNotOwned);
  });
});

describe("KeReadStateMutex", () => {
  it("is 1 while free and 0 while owned", () => {
    const rig = new Rig();
    const m = rig.run(() => KeInitializeMutex(0));
    expect(rig.run(() => [KeReadStateMutex(m), poll(m), KeReadStateMutex(m), KeReleaseMutex(m)])).toEqual([1, 0, 0, 0]);
  });
});
