// KeWaitForSingleObject and its like. Evidence: spec of the kernel, §3 and its correction B7.

import { describe, expect, it } from "vitest";
import { BugCheck, DriverVerifierViolation, EventType, FindingId, Irql, NtStatus, ProcessorMode, WaitType } from "../../bindings/abi";
import {
  type KTIMER,
  KeCancelTimer,
  KeDelayExecutionThread,
  KeInitializeDpc,
  KeInitializeEvent,
  KeInitializeMutex,
  KeInitializeTimerEx,
  KeInsertQueueDpc,
  KeReadStateEvent,
  KeReadStateTimer,
  KeReleaseMutex,
  KeSetEvent,
  KeSetTimer,
  KeSetTimerEx,
  KeWaitForMultipleObjects,
  KeWaitForSingleObject,
  type PKEVENT,
  type TimeoutValue,
  TimerType,
  WDF_TIMER_CONFIG_INIT,
  WdfTimerCreate,
  type Waitable,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const { KernelMode } = ProcessorMode;
const { WaitAll, WaitAny } = WaitType;
const { WaitTooHigh, WaitAtDispatch, WaitAtDispatchWithTimeout } = DriverVerifierViolation;
const CODE = BugCheck.DriverVerifierDetectedViolation;
const FREE = { driverVerifier: false };
/** 50 milliseconds from now. */
const SOON = -500_000;

const single = (object: Waitable, timeout?: TimeoutValue): number => KeWaitForSingleObject(object, 0, KernelMode, false, timeout) as number;
const several = (objects: readonly Waitable[], type: WaitType, timeout?: TimeoutValue, blocks?: unknown[]): number =>
  KeWaitForMultipleObjects(objects, type, 0, KernelMode, false, timeout, blocks) as number;

function events(rig: Rig, count: number): PKEVENT[] {
  return rig.run(() => Array.from({ length: count }, () => KeInitializeEvent(EventType.SynchronizationEvent, false)));
}

/** A thread that waits for several objects and says what came. */
function waiter(rig: Rig, objects: readonly Waitable[], type: WaitType, timeout?: TimeoutValue): void {
  rig.start(function* () {
    const status = yield* KeWaitForMultipleObjects(objects, type, 0, KernelMode, false, timeout);
    rig.say(`status ${status}`);
  });
}

describe("KeWaitForSingleObject", () => {
  it("with timeout 0 does not wait", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    expect(rig.run(() => [single(e, 0), KeSetEvent(e), single(e, 0)])).toEqual([NtStatus.Timeout, 0, NtStatus.Success]);
  });

  it("times out when the clock reaches the moment", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    rig.start(function* () {
      rig.say(`status ${yield* KeWaitForSingleObject(e, 0, KernelMode, true, SOON)}`);
    });
    rig.system.advance(49);
    rig.expectNothingElse();
    rig.system.advance(1);
    rig.expect(`status ${NtStatus.Timeout}`);
    expect(rig.run(() => [KeSetEvent(e), KeReadStateEvent(e)])).toEqual([0, 1]);
  });

  it("takes bigints, and moments of system time", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    expect(rig.run(() => single(e, 1n))).toBe(NtStatus.Timeout);
  });

  it("ends as soon as the object is set", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    rig.start(function* () {
      rig.say(`status ${yield* KeWaitForSingleObject(e, 0, KernelMode, false, SOON)}`);
    });
    rig.run(() => KeSetEvent(e));
    rig.expect("status 0");
    rig.system.advance(100);
    rig.expectNothingElse();
  });

  it("K-192 for ever at DISPATCH_LEVEL stops with 0xC4 / 0x121", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    expect(() => rig.run(() => single(e), Irql.Dispatch)).toThrow("WAIT_AT_DISPATCH");
    rig.expectFindings(FindingId.IrqlTooHigh);
    expect(WaitAtDispatch).toBe(0x121);
  });

  it("K-192 with a timeout at DISPATCH_LEVEL stops with 0xC4 / 0x122", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    expect(() => rig.run(() => single(e, SOON), Irql.Dispatch)).toThrow("WAIT_AT_DISPATCH_WITH_TIMEOUT");
    rig.expectFindings(FindingId.IrqlTooHigh);
    expect(WaitAtDispatchWithTimeout).toBe(0x122);
  });

  it("above DISPATCH_LEVEL stops with 0xC4 / 0x120, even with timeout 0", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    expect(() => rig.run(() => single(e, 0), 5)).toThrow("WAIT_TOO_HIGH");
    rig.expectFindings(FindingId.IrqlTooHigh);
    expect([WaitTooHigh, CODE]).toEqual([0x120, 0xc4]);
  });

  it("K-193 with timeout 0 at DISPATCH_LEVEL is legal and returns STATUS_SUCCESS or STATUS_TIMEOUT", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    expect(rig.run(() => [single(e, 0), KeSetEvent(e), single(e, 0)], Irql.Dispatch)).toEqual([NtStatus.Timeout, 0, NtStatus.Success]);
  });

  it("K-192 at DISPATCH_LEVEL without Driver Verifier stops with 0xA when it would have to wait", () => {
    const rig = new Rig(FREE);
    const [e] = events(rig, 1);
    expect(() => rig.run(() => single(e), Irql.Dispatch)).toThrow("Stop 0xa");
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("K-216 in a DPC without Driver Verifier stops with 0xB8 when it would have to wait", () => {
    const inDpc = (wait: (e: PKEVENT) => unknown): void => {
      const rig = new Rig(FREE);
      const [e] = events(rig, 1);
      rig.expectBugCheck(() => KeInsertQueueDpc(KeInitializeDpc(() => void wait(e))), BugCheck.AttemptedSwitchFromDpc, 0, 0, 0, 0);
      rig.expectFindings(FindingId.IrqlTooHigh);
    };
    inDpc((e) => single(e));
    inDpc((e) => single(e, SOON));
    inDpc((e) => several([e], WaitAny));
    inDpc((e) => several([e], WaitAll, SOON));
    inDpc(() => KeDelayExecutionThread(KernelMode, false, SOON));
  });

  it("in a DPC with Driver Verifier stops with 0xC4 / 0x121 or 0x122, as elsewhere at DISPATCH_LEVEL", () => {
    for (const [timeout, violation] of [[undefined, WaitAtDispatch], [SOON, WaitAtDispatchWithTimeout]] as const) {
      const rig = new Rig();
      const [e] = events(rig, 1);
      rig.expectBugCheck(() => KeInsertQueueDpc(KeInitializeDpc(() => void single(e, timeout))), CODE, violation);
      rig.expectFindings(FindingId.IrqlTooHigh);
    }
  });

  it("in a DPC takes an object that is set, or looks with timeout 0", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    const seen: number[] = [];
    rig.run(() => KeInsertQueueDpc(KeInitializeDpc(() => void seen.push(single(e, 0), KeSetEvent(e), single(e, 0)))));
    expect(seen).toEqual([NtStatus.Timeout, 0, NtStatus.Success]);
  });

  it("at DISPATCH_LEVEL without Driver Verifier takes an object that is set", () => {
    const rig = new Rig(FREE);
    const [e] = events(rig, 1);
    expect(rig.run(() => [KeSetEvent(e), single(e)], Irql.Dispatch)).toEqual([0, 0]);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});

/** A waiter for one timer that says when it goes on. */
function timerWaiter(rig: Rig, name: string, timer: KTIMER, timeout?: TimeoutValue): void {
  rig.start(function* () {
    const status = yield* KeWaitForSingleObject(timer, 0, KernelMode, false, timeout);
    rig.say(`${name}: ${status} at ${rig.system.now}`);
  });
}

function timerOf(rig: Rig, type: TimerType): KTIMER {
  return rig.run(() => KeInitializeTimerEx(type));
}

describe("KeWaitForSingleObject of a KTIMER", () => {
  it("a notification timer releases all who wait when it expires, and stays signalled until it is set again", () => {
    const rig = new Rig();
    const t = timerOf(rig, TimerType.Notification);
    timerWaiter(rig, "a", t);
    timerWaiter(rig, "b", t);
    rig.run(() => KeSetTimer(t, SOON));
    rig.system.advance(49);
    rig.expectNothingElse();
    rig.system.advance(1);
    rig.expect("a: 0 at 50", "b: 0 at 50");
    expect(rig.run(() => [single(t), single(t), KeReadStateTimer(t)])).toEqual([0, 0, true]);
    expect(rig.run(() => [KeSetTimer(t, SOON), single(t, 0), KeReadStateTimer(t)])).toEqual([false, NtStatus.Timeout, false]);
  });

  it("a synchronization timer releases one, the oldest, and is not signalled afterwards", () => {
    const rig = new Rig();
    const t = timerOf(rig, TimerType.Synchronization);
    timerWaiter(rig, "a", t);
    timerWaiter(rig, "b", t);
    rig.run(() => KeSetTimer(t, SOON));
    rig.system.advance(60);
    rig.expect("a: 0 at 50");
    expect(rig.run(() => KeReadStateTimer(t))).toBe(false);
    rig.run(() => KeSetTimer(t, SOON));
    rig.system.advance(60);
    rig.expect("b: 0 at 110");
    rig.run(() => KeSetTimer(t, SOON));
    rig.system.advance(60);
    expect(rig.run(() => [KeReadStateTimer(t), single(t), KeReadStateTimer(t)])).toEqual([true, 0, false]);
  });

  it("a periodic synchronization timer releases one waiter for each expiry", () => {
    const rig = new Rig();
    const t = timerOf(rig, TimerType.Synchronization);
    rig.start(function* () {
      for (let n = 0; n < 3; n++) {
        yield* KeWaitForSingleObject(t, 0, KernelMode, false);
        rig.say(`at ${rig.system.now}`);
      }
      KeCancelTimer(t);
    });
    rig.run(() => KeSetTimerEx(t, SOON, 20));
    rig.system.advance(500);
    rig.expect("at 50", "at 70", "at 90");
  });

  it("a cancelled timer satisfies nobody: the wait ends when its own time is up", () => {
    const rig = new Rig();
    const t = timerOf(rig, TimerType.Notification);
    rig.run(() => KeSetTimer(t, SOON));
    timerWaiter(rig, "a", t, 2 * SOON);
    expect(rig.run(() => KeCancelTimer(t))).toBe(true);
    rig.system.advance(200);
    rig.expect(`a: ${NtStatus.Timeout} at 100`);
  });

  it("that nobody sets is in the report, by name", () => {
    const rig = new Rig();
    const t = timerOf(rig, TimerType.Notification);
    timerWaiter(rig, "a", t);
    expect(rig.system.report().waitingThreads).toEqual([`t4 waits in KeWaitForSingleObject, called by a system thread, for ${rig.name(t)}`]);
  });

  it("a WDFTIMER is no dispatcher object", () => {
    const rig = new Rig();
    const make = (): unknown => {
      const config = WDF_TIMER_CONFIG_INIT(() => {});
      return single(WdfTimerCreate(config, { parentObject: rig.device }).timer as unknown as KTIMER);
    };
    rig.expectBugCheck(make, BugCheck.SystemThreadExceptionNotHandled, NtStatus.AccessViolation);
  });
});

describe("KeWaitForMultipleObjects", () => {
  it("takes timers among events: WaitAny answers the index of the timer, WaitAll takes a synchronization timer with the event", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    const t = timerOf(rig, TimerType.Synchronization);
    waiter(rig, [e, t], WaitAny);
    rig.run(() => KeSetTimer(t, SOON));
    rig.system.advance(50);
    rig.expect("status 1");
    waiter(rig, [e, t], WaitAll);
    rig.run(() => KeSetTimer(t, SOON));
    rig.system.advance(50);
    expect(rig.run(() => KeReadStateTimer(t))).toBe(true);
    rig.run(() => KeSetEvent(e));
    rig.expect("status 0");
    expect(rig.run(() => [KeReadStateTimer(t), KeReadStateEvent(e)])).toEqual([false, 0]);
  });

  it("K-322 WaitAny returns the lowest signalled index and leaves the others signalled", () => {
    const rig = new Rig();
    const all = events(rig, 3);
    const seen = rig.run(() => {
      KeSetEvent(all[2]);
      KeSetEvent(all[1]);
      return [several(all, WaitAny, 0), ...all.map((e) => KeReadStateEvent(e))];
    });
    expect(seen).toEqual([1, 0, 0, 1]);
  });

  it("WaitAny waits until one is set", () => {
    const rig = new Rig();
    const all = events(rig, 3);
    waiter(rig, all, WaitAny);
    rig.run(() => KeSetEvent(all[2]));
    rig.expect("status 2");
    expect(rig.run(() => [KeSetEvent(all[0]), KeReadStateEvent(all[0])])).toEqual([0, 1]);
  });

  it("WaitAll waits until all are set at once, and takes all", () => {
    const rig = new Rig();
    const all = events(rig, 2);
    waiter(rig, all, WaitAll);
    rig.run(() => KeSetEvent(all[1]));
    rig.expectNothingElse();
    rig.run(() => KeSetEvent(all[0]));
    rig.expect("status 0");
    expect(rig.run(() => all.map((e) => KeReadStateEvent(e)))).toEqual([0, 0]);
  });

  it("K-323 a WaitAll that times out consumes nothing", () => {
    const rig = new Rig();
    const all = events(rig, 2);
    rig.run(() => KeSetEvent(all[0]));
    waiter(rig, all, WaitAll, SOON);
    rig.system.advance(50);
    rig.expect(`status ${NtStatus.Timeout}`);
    expect(rig.run(() => all.map((e) => KeReadStateEvent(e)))).toEqual([1, 0]);
  });

  it("a mutex among the objects is the thread's afterwards", () => {
    const rig = new Rig();
    const seen = rig.run(() => {
      const mutex = KeInitializeMutex(0);
      return [several([mutex, KeInitializeEvent(EventType.NotificationEvent, true)], WaitAll, 0), KeReleaseMutex(mutex)];
    });
    expect(seen).toEqual([0, 0]);
  });

  it("more than three without an array of wait blocks, or more than 64, stop with MAXIMUM_WAIT_OBJECTS_EXCEEDED", () => {
    const wait = (count: number, blocks?: unknown[]) => {
      const rig = new Rig();
      const all = events(rig, count);
      return (): number => rig.run(() => several(all, WaitAny, 0, blocks));
    };
    expect(wait(4)).toThrow("Stop 0xc MAXIMUM_WAIT_OBJECTS_EXCEEDED");
    expect(wait(65, [])).toThrow("Stop 0xc MAXIMUM_WAIT_OBJECTS_EXCEEDED");
    expect(wait(3)()).toBe(NtStatus.Timeout);
    expect(wait(64, [])()).toBe(NtStatus.Timeout);
  });

  it("for ever at DISPATCH_LEVEL stops with 0xC4 / 0x121", () => {
    const rig = new Rig();
    const all = events(rig, 2);
    expect(() => rig.run(() => several(all, WaitAny), Irql.Dispatch)).toThrow("WAIT_AT_DISPATCH");
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});

describe("KeDelayExecutionThread", () => {
  it("waits for the interval", () => {
    const rig = new Rig();
    rig.start(function* () {
      const status = yield* KeDelayExecutionThread(KernelMode, false, SOON);
      rig.say(`status ${status} at ${rig.system.now}`);
    });
    rig.expectNothingElse();
    rig.system.advance(60);
    rig.expect("status 0 at 50");
  });

  it("of 0 lets others go first", () => {
    const rig = new Rig();
    const [e] = events(rig, 1);
    rig.start(function* () {
      yield* KeWaitForSingleObject(e, 0, KernelMode, false);
      rig.say("waited");
    });
    rig.start(function* () {
      yield* KeSetEvent(e);
      yield* KeDelayExecutionThread(KernelMode, false, 0);
      rig.say("delayed");
    });
    rig.expect("waited", "delayed");
  });

  it("at DISPATCH_LEVEL stops with 0xC4 / 0x122", () => {
    const rig = new Rig();
    expect(() => rig.run(() => KeDelayExecutionThread(KernelMode, false, SOON), Irql.Dispatch)).toThrow("WAIT_AT_DISPATCH_WITH_TIMEOUT");
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});
