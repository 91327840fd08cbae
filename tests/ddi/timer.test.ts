// WDFTIMER.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, Irql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

const { Passive } = wdf.WdfExecutionLevel;
const ms = wdf.WDF_REL_TIMEOUT_IN_MS;

interface TimerOptions extends Partial<wdf.WdfTimerConfig> {
  attributes?: wdf.WdfObjectAttributes;
}

/** A timer of the device that says when it expires, at which level. */
function makeTimer(rig: Rig, { attributes, ...config }: TimerOptions = {}): wdf.WDFTIMER {
  const says = (): void => rig.say(`EvtTimerFunc at ${rig.system.now} ms, ${Irql[rig.level]}`);
  const { status, timer } = rig.run(() =>
    wdf.WdfTimerCreate({ ...wdf.WDF_TIMER_CONFIG_INIT(says), ...config }, { parentObject: rig.device, ...attributes }),
  );
  expect(status).toBe(wdf.STATUS_SUCCESS);
  return timer;
}

describe("WdfTimerCreate", () => {
  const create = (rig: Rig, config: Partial<wdf.WdfTimerConfig>, attributes?: wdf.WdfObjectAttributes): number =>
    rig.run(() => wdf.WdfTimerCreate({ ...wdf.WDF_TIMER_CONFIG_INIT(() => {}), ...config }, attributes)).status;

  it("needs a parent: STATUS_WDF_PARENT_NOT_SPECIFIED (K-014)", () => {
    const rig = new Rig();
    expect(create(rig, {}, undefined)).toBe(wdf.STATUS_WDF_PARENT_NOT_SPECIFIED);
    expect(create(rig, {}, {})).toBe(wdf.STATUS_WDF_PARENT_NOT_SPECIFIED);
  });

  it("needs a parent below a device: STATUS_INVALID_DEVICE_REQUEST (K-015)", () => {
    const rig = new Rig();
    const object = rig.run(() => wdf.WdfObjectCreate()).object;
    expect(create(rig, {}, { parentObject: object })).toBe(wdf.STATUS_INVALID_DEVICE_REQUEST);
  });

  it.each([
    ["a structure that was never initialized", { size: 0 }, wdf.STATUS_INFO_LENGTH_MISMATCH],
    ["a period above MAXLONG", { period: 0x80000000 }, wdf.STATUS_INVALID_PARAMETER],
    ["high resolution with a tolerable delay (K-218)", { tolerableDelay: 1, useHighResolutionTimer: true }, wdf.STATUS_INVALID_PARAMETER],
    ["a tolerable delay", { tolerableDelay: 10 }, wdf.STATUS_SUCCESS],
    ["a timer that never wakes the system", { tolerableDelay: wdf.TolerableDelayUnlimited }, wdf.STATUS_SUCCESS],
    ["high resolution", { useHighResolutionTimer: true }, wdf.STATUS_SUCCESS],
    ["no callback", { evtTimerFunc: undefined }, wdf.STATUS_SUCCESS],
  ])("answers for %s", (_what, config, status) => {
    const rig = new Rig();
    expect(create(rig, config, { parentObject: rig.device })).toBe(status);
  });

  it("refuses a periodic timer with passive level: STATUS_NOT_SUPPORTED (K-217)", () => {
    const rig = new Rig();
    expect(create(rig, { period: 10 }, { parentObject: rig.device, executionLevel: Passive })).toBe(wdf.STATUS_NOT_SUPPORTED);
  });

  it("serializes unless told otherwise, which takes a parent of the same level (K-059, timer_passive_autoser_passive_device)", () => {
    const rig = new Rig({
      deviceAttributes: { executionLevel: Passive, synchronizationScope: wdf.WdfSynchronizationScope.Device },
    });
    expect(create(rig, {}, { parentObject: rig.device })).toBe(wdf.STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
    rig.expectFindings(FindingId.SerializationLevel);
    expect(create(rig, { automaticSerialization: false }, { parentObject: rig.device })).toBe(wdf.STATUS_SUCCESS);
  });

  it("fails with STATUS_INSUFFICIENT_RESOURCES when memory is short", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    expect(create(rig, {}, { parentObject: rig.device })).toBe(wdf.STATUS_INSUFFICIENT_RESOURCES);
  });
});

describe("WdfTimerStart", () => {
  it("calls EvtTimerFunc at DISPATCH_LEVEL when the time has come", () => {
    const rig = new Rig();
    const timer = makeTimer(rig);
    rig.tell(() => wdf.WdfTimerStart(timer, ms(100)));
    rig.system.advance(99);
    rig.expect("returned false");
    rig.system.advance(1);
    rig.expect("EvtTimerFunc at 100 ms, Dispatch");
    rig.system.advance(1000);
  });

  it("on a running timer returns TRUE and restarts the due time (K-219)", () => {
    const rig = new Rig();
    const timer = makeTimer(rig);
    rig.run(() => wdf.WdfTimerStart(timer, ms(100)));
    rig.system.advance(60);
    rig.tell(() => wdf.WdfTimerStart(timer, ms(100)));
    rig.system.advance(200);
    rig.expect("returned true", "EvtTimerFunc at 160 ms, Dispatch");
  });

  it("starts a periodic timer: a first expiry at the due time, then one each period", () => {
    const rig = new Rig();
    const timer = makeTimer(rig, { period: 30 });
    rig.run(() => wdf.WdfTimerStart(timer, ms(5)));
    rig.system.advance(70);
    rig.expect(...[5, 35, 65].map((at) => `EvtTimerFunc at ${at} ms, Dispatch`));
  });

  it("expires at once when the due time has passed (K-224)", () => {
    const rig = new Rig();
    const timer = makeTimer(rig);
    rig.tell(() => wdf.WdfTimerStart(timer, 1));
    rig.expect("EvtTimerFunc at 0 ms, Dispatch", "returned false");
  });

  it("with a positive due time follows changes of the system time, with a negative one it does not (K-223)", () => {
    const rig = new Rig();
    const absolute = makeTimer(rig);
    const relative = makeTimer(rig);
    rig.run(() => {
      wdf.WdfTimerStart(absolute, wdf.KeQuerySystemTime() + 500_000n);
      wdf.WdfTimerStart(relative, ms(50));
    });
    rig.system.setSystemTime(new Date(Date.UTC(2024, 0, 1) + 30));
    rig.system.advance(100);
    rig.expect("EvtTimerFunc at 20 ms, Dispatch", "EvtTimerFunc at 50 ms, Dispatch");
  });

  it("of a passive-level timer calls EvtTimerFunc at PASSIVE_LEVEL, in a work item", () => {
    const rig = new Rig();
    const timer = makeTimer(rig, { attributes: { executionLevel: Passive } });
    rig.run(() => wdf.WdfTimerStart(timer, ms(10)));
    rig.system.advance(10);
    rig.expect("EvtTimerFunc at 10 ms, Passive");
  });

  it("is dropped while another thread's WdfTimerStop waits for the callback, and that stop returns TRUE (K-220, K-222)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.lines.length = 0;
    const timer: wdf.WDFTIMER = makeTimer(rig, {
      attributes: { executionLevel: Passive },
      evtTimerFunc: function* () {
        yield* wdf.WdfIoQueueStopSynchronously(rig.queue);
        rig.say(`in EvtTimerFunc ${rig.returned(yield* wdf.WdfTimerStart(timer, ms(1)))}`);
      },
    });
    rig.run(() => wdf.WdfTimerStart(timer, ms(1)));
    rig.system.advance(1);
    rig.start(function* () {
      rig.say(`stop ${rig.returned(yield* wdf.WdfTimerStop(timer, true))}`);
    });
    rig.tell(() => wdf.WdfTimerStart(timer, ms(5)));
    rig.expect("returned false");
    rig.complete();
    rig.system.advance(100);
    rig.expect("done r1 STATUS_SUCCESS 0", "in EvtTimerFunc returned false", "stop returned true");
  });

  it("with high resolution needs a relative due time: else the Stop 0x1E", () => {
    const rig = new Rig();
    const timer = makeTimer(rig, { useHighResolutionTimer: true });
    rig.expectBugCheck(() => wdf.WdfTimerStart(timer, 5), BugCheck.KmodeExceptionNotHandled, wdf.STATUS_INVALID_PARAMETER);
  });

  it("in the timer's own EvtCleanup breaks and returns FALSE (timer_cleanup_stops)", () => {
    const rig = new Rig();
    const timer: wdf.WDFTIMER = makeTimer(rig, {
      attributes: { evtCleanupCallback: () => rig.say(rig.returned(wdf.WdfTimerStart(timer, ms(1)))) },
    });
    rig.run(() => wdf.WdfObjectDelete(timer));
    rig.expect("returned false");
    rig.expectFindings(FindingId.TimerDeleted);
  });
});

describe("timers", () => {
  it("expire in due order, ties in order of arming; after each, everything ready runs", () => {
    const rig = new Rig();
    const named = (name: string): wdf.WDFTIMER =>
      makeTimer(rig, {
        evtTimerFunc: () => {
          rig.say(`${name} at ${rig.system.now}`);
          wdf.WdfWorkItemEnqueue(item);
        },
      });
    const item = rig.run(() =>
      wdf.WdfWorkItemCreate(wdf.WDF_WORKITEM_CONFIG_INIT(() => rig.say("work")), { parentObject: rig.device }),
    ).workItem;
    const [a, b, c] = ["a", "b", "c"].map(named);
    rig.run(() => {
      wdf.WdfTimerStart(a, ms(20));
      wdf.WdfTimerStart(b, ms(10));
      wdf.WdfTimerStart(c, ms(20));
      wdf.WdfTimerStart(a, ms(20));
    });
    rig.system.advance(20);
    rig.expect("b at 10", "work", "c at 20", "work", "a at 20", "work");
  });

  it("run under the lock of the queue they are serialized with", () => {
    const rig = new Rig({ attributes: { synchronizationScope: wdf.WdfSynchronizationScope.Queue } });
    const timer = makeTimer(rig, { attributes: { parentObject: rig.queue } });
    rig.run(() => {
      wdf.WdfObjectAcquireLock(rig.queue);
      wdf.WdfTimerStart(timer, -0);
      rig.say("holding");
      wdf.WdfObjectReleaseLock(rig.queue);
    });
    rig.expect("holding", "EvtTimerFunc at 0 ms, Dispatch");
  });
});

describe("WdfTimerStop", () => {
  it("returns TRUE for a timer that is armed, which then does not expire", () => {
    const rig = new Rig();
    const timer = makeTimer(rig);
    rig.run(() => wdf.WdfTimerStart(timer, ms(10)));
    rig.tell(() => wdf.WdfTimerStop(timer, false));
    rig.tell(() => wdf.WdfTimerStop(timer, false));
    rig.system.advance(100);
    rig.expect("returned true", "returned false");
  });

  it("returns TRUE for a periodic timer, whenever it last expired", () => {
    const rig = new Rig();
    const timer = makeTimer(rig, { period: 10, evtTimerFunc: () => {} });
    rig.run(() => wdf.WdfTimerStart(timer, ms(10)));
    rig.system.advance(35);
    rig.tell(() => wdf.WdfTimerStop(timer, true));
    rig.expect("returned true");
  });

  it("with Wait in the timer's own callback breaks and returns FALSE (K-221)", () => {
    const rig = new Rig();
    const timer: wdf.WDFTIMER = makeTimer(rig, {
      attributes: { executionLevel: Passive },
      evtTimerFunc: () => rig.say(rig.returned(wdf.WdfTimerStop(timer, true))),
    });
    rig.run(() => wdf.WdfTimerStart(timer, ms(1)));
    rig.system.advance(1);
    rig.expect("returned false");
    rig.expectFindings(FindingId.TimerStopInCallback);
  });

  it("with Wait above PASSIVE_LEVEL breaks and returns FALSE (timer_stop_wait_at_dispatch)", () => {
    const rig = new Rig();
    const timer = makeTimer(rig);
    rig.run(() => wdf.WdfTimerStart(timer, ms(1)));
    rig.tell(() => wdf.WdfTimerStop(timer, true), Irql.Dispatch);
    rig.expect("returned false");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });
});

describe("WdfTimerGetParentObject", () => {
  it("is the parent given to WdfTimerCreate", () => {
    const rig = new Rig();
    const timer = makeTimer(rig, { attributes: { parentObject: rig.queue } });
    expect(rig.run(() => wdf.WdfTimerGetParentObject(timer))).toBe(rig.queue);
  });
});

describe("WdfObjectDelete of a timer", () => {
  it("disarms it, and frees its handle", () => {
    const rig = new Rig();
    const timer = makeTimer(rig);
    rig.run(() => wdf.WdfTimerStart(timer, ms(10)));
    rig.run(() => wdf.WdfObjectDelete(timer));
    rig.system.advance(100);
    rig.expectStop(() => wdf.WdfTimerStart(timer, ms(1)));
  });

  it("at DISPATCH_LEVEL returns before EvtCleanup, which runs at PASSIVE_LEVEL later (K-030)", () => {
    const rig = new Rig();
    const timer: wdf.WDFTIMER = makeTimer(rig, {
      attributes: { evtCleanupCallback: () => rig.say(`EvtCleanup ${Irql[rig.level]}`) },
      evtTimerFunc: () => {
        wdf.WdfObjectDelete(timer);
        rig.say("deleted");
      },
    });
    rig.run(() => wdf.WdfTimerStart(timer, ms(1)));
    rig.system.advance(1);
    rig.expect("deleted", "EvtCleanup Passive");
  });

  it("keeps its parent until then (K-042)", () => {
    const rig = new Rig();
    const object = rig.run(() => wdf.WdfObjectCreate({ parentObject: rig.device, evtDestroyCallback: () => rig.say("EvtDestroy") })).object;
    const timer = makeTimer(rig, { attributes: { parentObject: object } });
    rig.run(() => wdf.WdfObjectDelete(object));
    rig.expect("EvtDestroy");
    rig.expectStop(() => wdf.WdfTimerStop(timer, false));
  });
});
