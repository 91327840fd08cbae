// KDPC and KTIMER: the kernel's own objects.

import { describe, expect, it } from "vitest";
import { Irql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

const ms = wdf.WDF_REL_TIMEOUT_IN_MS;

/** A KDPC that says its name, its level and its arguments. */
function makeDpc(rig: Rig, name: string, context?: unknown): wdf.KDPC {
  return rig.run(() =>
    wdf.KeInitializeDpc((_dpc, known, first, second) => {
      rig.say([name, Irql[rig.level], known, first, second].filter((value) => value !== undefined).join(" "));
    }, context),
  );
}

describe("KeInitializeDpc", () => {
  it("gives the routine the context and both arguments, at DISPATCH_LEVEL", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "a", "context");
    rig.tell(() => wdf.KeInsertQueueDpc(dpc, 1, 2));
    rig.expect("a Dispatch context 1 2", "returned true");
  });
});

describe("KeInsertQueueDpc", () => {
  it("on a queued DPC returns FALSE and changes nothing: its arguments are lost (K-208)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "a");
    rig.tell(() => [wdf.KeInsertQueueDpc(dpc, 1, 2), wdf.KeInsertQueueDpc(dpc, 3, 4)].join(), Irql.Dispatch);
    rig.expect("returned true,false", "a Dispatch 1 2");
  });

  it("runs DPCs first in, first out", () => {
    const rig = new Rig();
    const [a, b] = [makeDpc(rig, "a"), makeDpc(rig, "b")];
    rig.run(() => void (wdf.KeInsertQueueDpc(a), wdf.KeInsertQueueDpc(b)), Irql.Dispatch);
    rig.expect("a Dispatch", "b Dispatch");
  });

  it("runs the routine as soon as the level is below DISPATCH_LEVEL: APC_LEVEL is low enough (K-196)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "a");
    rig.run(() => {
      wdf.KeInsertQueueDpc(dpc);
      rig.say("lowering");
      wdf.KeLowerIrql(Irql.Apc);
      rig.say("at APC_LEVEL");
      wdf.KeRaiseIrqlToDpcLevel();
    }, Irql.Dispatch);
    rig.expect("lowering", "a Dispatch", "at APC_LEVEL");
  });
});

describe("KeRemoveQueueDpc", () => {
  it("TRUE means the routine will not run for that insertion (K-214)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "a");
    rig.tell(() => {
      wdf.KeInsertQueueDpc(dpc);
      return [wdf.KeRemoveQueueDpc(dpc), wdf.KeRemoveQueueDpc(dpc)].join();
    }, Irql.Dispatch);
    rig.tell(() => wdf.KeInsertQueueDpc(dpc));
    rig.expect("returned true,false", "a Dispatch", "returned true");
  });
});

describe("KeSetImportanceDpc", () => {
  it("High puts a DPC at the head of the queue, others at the tail (K-210)", () => {
    const rig = new Rig();
    const [a, b, c] = ["a", "b", "c"].map((name) => makeDpc(rig, name));
    rig.run(() => {
      wdf.KeSetImportanceDpc(b, wdf.DpcImportance.High);
      wdf.KeSetImportanceDpc(c, wdf.DpcImportance.MediumHigh);
      for (const dpc of [a, b, c]) wdf.KeInsertQueueDpc(dpc);
    }, Irql.Dispatch);
    rig.expect("b Dispatch", "a Dispatch", "c Dispatch");
  });

  it("Low does not start processing of the queue: the DPC runs with the next, or when nothing else does (K-211)", () => {
    const rig = new Rig();
    const [low, other] = [makeDpc(rig, "low"), makeDpc(rig, "other")];
    rig.run(() => {
      wdf.KeSetImportanceDpc(low, wdf.DpcImportance.Low);
      wdf.KeInsertQueueDpc(low);
      rig.say("queued");
    });
    rig.expect("queued", "low Dispatch");
    rig.run(() => {
      wdf.KeInsertQueueDpc(low);
      rig.say("queued");
      wdf.KeInsertQueueDpc(other);
      rig.say("both");
    });
    rig.expect("queued", "low Dispatch", "other Dispatch", "both");
  });
});

describe("KeSetTargetProcessorDpc", () => {
  it("with a number that no processor has leaves the target alone", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "a");
    rig.run(() => {
      wdf.KeSetTargetProcessorDpc(dpc, 5);
      wdf.KeInsertQueueDpc(dpc);
    });
    rig.expect("a Dispatch");
  });
});

describe("KeFlushQueuedDpcs", () => {
  it("returns when the DPCs that were queued have run, those of low importance too", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "low");
    rig.run(() => {
      wdf.KeSetImportanceDpc(dpc, wdf.DpcImportance.Low);
      wdf.KeInsertQueueDpc(dpc);
      wdf.KeFlushQueuedDpcs();
      rig.say("flushed");
    });
    rig.expect("low Dispatch", "flushed");
  });
});

describe("KeInitializeTimer", () => {
  it("makes a notification timer that is not signaled", () => {
    const rig = new Rig();
    rig.tell(() => wdf.KeReadStateTimer(wdf.KeInitializeTimer()));
    rig.expect("returned false");
  });
});

describe("KeInitializeTimerEx", () => {
  it("knows notification and synchronization timers", () => {
    const rig = new Rig();
    const make = (type: wdf.TimerType): number => rig.run(() => wdf.KeInitializeTimerEx(type));
    expect(make(wdf.TimerType.Notification)).not.toBe(make(wdf.TimerType.Synchronization));
  });
});

describe("KeReadStateTimer", () => {
  it("is TRUE from the expiry until the timer is set again", () => {
    const rig = new Rig();
    const timer = rig.run(() => wdf.KeInitializeTimer());
    rig.run(() => wdf.KeSetTimer(timer, ms(1)));
    rig.system.advance(1);
    rig.tell(() => wdf.KeReadStateTimer(timer));
    rig.tell(() => [wdf.KeSetTimer(timer, ms(1)), wdf.KeReadStateTimer(timer)].join());
    rig.expect("returned true", "returned false,false");
  });
});

describe("KeSetTimer", () => {
  it("signals the timer and queues its DPC at the due time", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "dpc");
    const timer = rig.run(() => wdf.KeInitializeTimer());
    rig.tell(() => wdf.KeSetTimer(timer, ms(10), dpc));
    rig.system.advance(9);
    rig.tell(() => wdf.KeReadStateTimer(timer));
    rig.system.advance(1);
    rig.tell(() => wdf.KeReadStateTimer(timer));
    rig.expect("returned false", "returned false", "dpc Dispatch", "returned true");
  });

  it("TRUE on a timer that is armed; the earlier setting is forgotten, and the signal cleared", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "dpc");
    const timer = rig.run(() => wdf.KeInitializeTimerEx(wdf.TimerType.Notification));
    rig.run(() => wdf.KeSetTimer(timer, ms(10), dpc));
    rig.tell(() => wdf.KeSetTimer(timer, ms(30)));
    rig.system.advance(100);
    rig.tell(() => [wdf.KeReadStateTimer(timer), wdf.KeSetTimer(timer, ms(1)), wdf.KeReadStateTimer(timer)].join());
    rig.expect("returned true", "returned true,false,false");
  });
});

describe("KeSetTimerEx", () => {
  it("with a period expires again and again", () => {
    const rig = new Rig();
    const timer = rig.run(() => wdf.KeInitializeTimer());
    const dpc = rig.run(() => wdf.KeInitializeDpc(() => rig.say(`at ${rig.system.now}`)));
    rig.run(() => wdf.KeSetTimerEx(timer, ms(5), 10, dpc));
    rig.system.advance(30);
    rig.expect("at 5", "at 15", "at 25");
    rig.tell(() => wdf.KeCancelTimer(timer));
    rig.expect("returned true");
  });
});

describe("KeSetCoalescableTimer", () => {
  it("expires first within [due, due + tolerance]: here at the due time (K-226)", () => {
    const rig = new Rig();
    const timer = rig.run(() => wdf.KeInitializeTimer());
    const dpc = rig.run(() => wdf.KeInitializeDpc(() => rig.say(`at ${rig.system.now}`)));
    rig.run(() => wdf.KeSetCoalescableTimer(timer, ms(5), 0, 100, dpc));
    rig.system.advance(200);
    rig.expect("at 5");
  });
});

describe("KeCancelTimer", () => {
  it("returns FALSE when a one-shot timer has expired even if its DPC has not run (K-225); it stays signaled (K-317)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, "dpc");
    const timer = rig.run(() => wdf.KeInitializeTimer());
    rig.tell(() => {
      wdf.KeSetTimer(timer, 0, dpc);
      return [wdf.KeCancelTimer(timer), wdf.KeReadStateTimer(timer)].join();
    }, Irql.Dispatch);
    rig.expect("returned false,true", "dpc Dispatch");
  });
});

const BIRTH = 133_485_408_000_000_000n;

describe("KeQueryInterruptTime", () => {
  it("counts units of 100 ns from the start, whatever the system time is set to", () => {
    const rig = new Rig();
    rig.system.advance(7);
    rig.system.setSystemTime(new Date("2030-01-01T00:00:00Z"));
    expect(rig.run(() => wdf.KeQueryInterruptTime())).toBe(70_000);
  });
});

describe("KeQuerySystemTime", () => {
  it("counts units of 100 ns from 1601, and can be set", () => {
    const rig = new Rig();
    rig.system.advance(7);
    expect(rig.run(() => wdf.KeQuerySystemTime())).toBe(BIRTH + 70_000n);
    rig.system.setSystemTime(new Date("2024-01-02T00:00:00Z"));
    expect(rig.run(() => wdf.KeQuerySystemTime())).toBe(BIRTH + 864_000_000_000n);
  });
});
