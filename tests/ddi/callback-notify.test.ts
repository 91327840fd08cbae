// Executive callback objects: registering, notifying, unregistering.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, Irql } from "../../bindings/abi";
import {
  ExCreateCallback,
  ExNotifyCallback,
  ExRegisterCallback,
  ExUnregisterCallback,
  InitializeObjectAttributes,
  NtStatus,
  OBJ_PERMANENT,
  WdfIoQueueStopSynchronously,
  WdfRequestComplete,
  type WDFREQUEST,
  type CallbackFunction,
  type PCALLBACK_OBJECT,
  type PCALLBACK_REGISTRATION,
  pagedPool,
} from "../../host/ddi";
import { ProtocolError } from "../../host/errors";
import { Gates } from "../support/gates";
import { Rig } from "../support/rig";

/** A rig with a callback object. */
class CallbackRig extends Rig {
  readonly object: PCALLBACK_OBJECT;

  constructor(multiple = true) {
    super();
    const attributes = InitializeObjectAttributes("\\Callback\\Battery", OBJ_PERMANENT);
    this.object = this.run(() => ExCreateCallback(attributes, true, multiple).callbackObject);
  }

  register<T = unknown>(routine: CallbackFunction<T>, context?: T): PCALLBACK_REGISTRATION {
    return this.run(() => ExRegisterCallback(this.object, routine, context as T));
  }

  /** Registers a routine that says its name and arguments. */
  speaker(name: string): PCALLBACK_REGISTRATION {
    return this.register((context, a, b) => this.say([name, context, a, b].map(String).join(" ")), "ctx");
  }

  notify(a: unknown = 1, b: unknown = 2, irql: number = Irql.Passive): void {
    this.run(() => ExNotifyCallback(this.object, a, b), irql);
  }

  unregister(registration: PCALLBACK_REGISTRATION): void {
    this.run(() => ExUnregisterCallback(registration));
  }
}

/** A rig whose read handler notifies, and whose routine completes the read. */
class NotifyingRig extends Rig {
  constructor() {
    super({
      queue: {
        evtIoRead: (_queue, request) => {
          this.say("read begins");
          const { callbackObject } = ExCreateCallback(InitializeObjectAttributes("\\Callback\\Read", OBJ_PERMANENT), true, true);
          const complete: CallbackFunction<WDFREQUEST> = (read) => {
            this.say("routine begins");
            WdfRequestComplete(read, NtStatus.Success);
            this.say("routine ends");
          };
          ExRegisterCallback(callbackObject, complete, request);
          ExNotifyCallback(callbackObject, 0, 0);
          this.say("read ends");
        },
      },
    });
  }
}

describe("ExRegisterCallback", () => {
  it("on a single-callback object with one registration returns NULL (K-296)", () => {
    const rig = new CallbackRig(false);
    expect(rig.speaker("first")).not.toBe(0);
    expect(rig.speaker("second")).toBe(0);
    rig.notify();
    rig.expect("first ctx 1 2");
  });

  it("on a single-callback object works again after the first is unregistered (K-297)", () => {
    const rig = new CallbackRig(false);
    rig.unregister(rig.speaker("first"));
    expect(rig.speaker("second")).not.toBe(0);
    rig.notify();
    rig.expect("second ctx 1 2");
  });

  it("calls nothing by itself", () => {
    const rig = new CallbackRig();
    rig.speaker("first");
    rig.expectNothingElse();
  });

  it("of the same routine twice has it called twice, with the context of each (K-303)", () => {
    const rig = new CallbackRig();
    const routine = (context: unknown): void => rig.say(String(context));
    rig.register(routine, "one");
    rig.register(routine, "two");
    rig.notify();
    rig.expect("one", "two");
  });

  it("returns NULL when memory is short", () => {
    const rig = new CallbackRig();
    rig.lowMemory = true;
    expect(rig.speaker("first")).toBe(0);
  });

  it("is for IRQL <= APC_LEVEL: above is a finding", () => {
    const rig = new CallbackRig();
    rig.run(() => ExRegisterCallback(rig.object, () => {}, 0), Irql.Apc);
    rig.run(() => ExRegisterCallback(rig.object, () => {}, 0), Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("of an object that is none is a page fault", () => {
    const rig = new CallbackRig();
    rig.expectBugCheck(() => ExRegisterCallback(rig.device as never, () => {}, 0), BugCheck.PageFaultInNonpagedArea, rig.device);
  });

  it("refuses an async function, saying what to write instead", () => {
    const rig = new CallbackRig();
    expect(() => rig.register((async () => {}) as never)).toThrow(ProtocolError);
  });
});

describe("ExNotifyCallback", () => {
  it("calls routines in registration order with (context, argument 1, argument 2) (K-298)", () => {
    const rig = new CallbackRig();
    for (const name of ["first", "second", "third"]) rig.speaker(name);
    rig.notify("a", "b");
    rig.expect("first ctx a b", "second ctx a b", "third ctx a b");
  });

  it("passes context and arguments on as they are, whatever they are", () => {
    const rig = new CallbackRig();
    const [context, a, b] = [{ battery: 1 }, () => 7, Symbol("two")];
    const got: unknown[] = [];
    rig.register((...args) => void got.push(...args), context);
    rig.notify(a, b);
    expect(got).toEqual([context, a, b]);
    expect(got[0]).toBe(context);
  });

  it.each([Irql.Passive, Irql.Apc, Irql.Dispatch])("calls at the IRQL of the notifier (K-299, %i)", (irql) => {
    const rig = new CallbackRig();
    rig.register(() => rig.say(Irql[rig.level]));
    rig.notify(0, 0, irql);
    rig.expect(Irql[irql]);
  });

  it("calls in the notifier's thread, inside the call", () => {
    const rig = new CallbackRig();
    rig.speaker("first");
    rig.run(() => {
      rig.say("before");
      ExNotifyCallback(rig.object, 1, 2);
      rig.say("after");
    });
    rig.expect("before", "first ctx 1 2", "after");
  });

  it("at DISPATCH_LEVEL with a context in paged pool that the routine touches stops with 0xD1 (K-300)", () => {
    const rig = new CallbackRig();
    const context = pagedPool({ charge: 5 });
    rig.register<{ charge: number }>((battery) => void battery.charge++, context);
    rig.notify();
    rig.expectBugCheck(
      () => {
        rig.system.machine.exports.setLevel(Irql.Dispatch);
        ExNotifyCallback(rig.object, 0, 0);
      },
      BugCheck.DriverIrqlNotLessOrEqual,
      0,
      Irql.Dispatch,
      0,
    );
  });

  it("at DISPATCH_LEVEL with a nonpaged context is fine (K-300)", () => {
    const rig = new CallbackRig();
    const context = { charge: 5 };
    rig.register<{ charge: number }>((battery) => void battery.charge++, context);
    rig.notify(0, 0, Irql.Dispatch);
    expect(context.charge).toBe(6);
  });

  it("above DISPATCH_LEVEL is a finding (K-301)", () => {
    const rig = new CallbackRig();
    rig.speaker("first");
    rig.notify(1, 2, Irql.DeviceMax);
    rig.expect("first ctx 1 2");
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("with no registrations does nothing, and of NULL neither (K-302)", () => {
    const rig = new CallbackRig();
    rig.notify();
    rig.run(() => ExNotifyCallback(0 as PCALLBACK_OBJECT, 1, 2));
    rig.expectNothingElse();
  });

  it("calls a routine that is registered while it runs, as the last one", () => {
    const rig = new CallbackRig();
    let more = true;
    rig.register(() => {
      rig.say("first");
      if (more) ExRegisterCallback(rig.object, () => rig.say("new"), 0);
      more = false;
    });
    rig.speaker("second");
    rig.notify();
    rig.expect("first", "second ctx 1 2", "new");
  });

  it("may be called from a routine, which is then entered again", () => {
    const rig = new CallbackRig();
    rig.register((_context, depth) => {
      rig.say(`in ${String(depth)}`);
      if (Number(depth) < 2) ExNotifyCallback(rig.object, Number(depth) + 1, 0);
      rig.say(`out ${String(depth)}`);
    });
    rig.notify(0);
    rig.expect("in 0", "in 1", "in 2", "out 2", "out 1", "out 0");
  });

  it("runs in several threads at once", () => {
    const rig = new CallbackRig();
    const gates = new Gates(rig.system);
    const [first, second] = [gates.add(), gates.add()];
    rig.register(function* (_context, gate) {
      rig.say(`in ${String(gate)}`);
      yield* gates.pass(gate as number);
      rig.say(`out ${String(gate)}`);
    });
    for (const gate of [first, second]) {
      rig.start(function* () {
        yield* ExNotifyCallback(rig.object, gate, 0);
      });
    }
    rig.expect("in 0", "in 1");
    gates.open(second);
    rig.expect("out 1");
    gates.open(first);
    rig.expect("out 0");
  });

  it("has a finding for a routine that returns at another IRQL", () => {
    const rig = new CallbackRig();
    rig.register(() => void rig.system.machine.exports.setLevel(Irql.Dispatch));
    rig.notify();
    rig.expectFindings(FindingId.CallbackIrqlChanged);
  });

  it("of one of the system's own objects is a finding (K-313)", () => {
    const rig = new CallbackRig();
    const attributes = InitializeObjectAttributes("\\Callback\\PowerState", 0);
    rig.run(() => ExNotifyCallback(ExCreateCallback(attributes, false, false).callbackObject, 3, 0));
    rig.expectFindings(FindingId.CallbackNotifiedSystem);
  });

  it("at DISPATCH_LEVEL runs routines that use queues there, and not the synchronous queue functions (Q-215)", () => {
    const rig = new CallbackRig();
    rig.sendRead(4);
    rig.expect("EvtIoRead r1 length=4");
    rig.register(() => WdfRequestComplete(rig.request, NtStatus.Success));
    rig.notify(0, 0, Irql.Dispatch);
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.register(() => void WdfIoQueueStopSynchronously(rig.queue));
    rig.sendRead(4);
    rig.expect("EvtIoRead r2 length=4");
    rig.notify(0, 0, Irql.Dispatch);
    rig.expect("done r2 STATUS_SUCCESS 0");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });

  it("in a request handler runs the routines inside the handler, and what they do nests there (Q-216)", () => {
    const rig: NotifyingRig = new NotifyingRig();
    rig.sendRead(4);
    rig.expect("read begins", "routine begins", "done r1 STATUS_SUCCESS 0", "routine ends", "read ends");
  });

  it.each([
    [Irql.Passive, BugCheck.SystemThreadExceptionNotHandled],
    [Irql.Dispatch, BugCheck.DriverIrqlNotLessOrEqual],
  ])("of an object with a NULL routine stops (IRQL %i)", (irql, code) => {
    const rig = new CallbackRig();
    rig.register(null as never);
    rig.expectBugCheck(() => {
      rig.system.machine.exports.setLevel(irql);
      ExNotifyCallback(rig.object, 0, 0);
    }, code);
  });

  it("has to be iterated in a generator routine", () => {
    const rig = new CallbackRig();
    rig.speaker("first");
    expect(() =>
      rig.start(function* () {
        ExNotifyCallback(rig.object, 1, 2);
        ExNotifyCallback(rig.object, 1, 2);
      }),
    ).toThrow(/ExNotifyCallback was called in a generator routine without "yield\*"/);
    rig.lines.length = 0;
  });
});

describe("ExUnregisterCallback", () => {
  it("removes the routine from the list and drops its reference on the object (K-304)", () => {
    const rig = new CallbackRig();
    const objects = rig.system.machine.exports.liveObjects();
    const first = rig.speaker("first");
    rig.speaker("second");
    rig.unregister(first);
    rig.notify();
    rig.expect("second ctx 1 2");
    expect(rig.system.machine.exports.liveObjects()).toBe(objects + 1);
  });

  it("waits for a running call of that routine in another thread (K-305), and after it returns the routine is never called again (K-306)", () => {
    const rig = new CallbackRig();
    const gates = new Gates(rig.system);
    const gate = gates.add();
    const first = rig.register(function* () {
      rig.say("begin");
      yield* gates.pass(gate);
      rig.say("end");
    });
    rig.speaker("second");
    rig.start(function* () {
      yield* ExNotifyCallback(rig.object, 1, 2);
      rig.say("notified");
    });
    rig.start(function* () {
      yield* ExUnregisterCallback(first);
      rig.say("unregistered");
    });
    rig.expect("begin");
    gates.open(gate);
    rig.expect("end", "second ctx 1 2", "notified", "unregistered");
    rig.notify();
    rig.expect("second ctx 1 2");
  });

  it("waits for all running calls of the routine", () => {
    const rig = new CallbackRig();
    const gates = new Gates(rig.system);
    const routine = rig.register(function* (_context, gate) {
      yield* gates.pass(gate as number);
      rig.say("end");
    });
    for (const gate of [gates.add(), gates.add()]) {
      rig.start(function* () {
        yield* ExNotifyCallback(rig.object, gate, 0);
      });
    }
    rig.start(function* () {
      yield* ExUnregisterCallback(routine);
      rig.say("unregistered");
    });
    gates.open(0);
    rig.expect("end");
    gates.open(1);
    rig.expect("end", "unregistered");
  });

  it("of another routine than the one that runs does not wait, and the notification under way passes it over (K-309)", () => {
    const rig = new CallbackRig();
    const gates = new Gates(rig.system);
    const gate = gates.add();
    rig.register(function* () {
      yield* gates.pass(gate);
      rig.say("first");
    });
    const second = rig.speaker("second");
    rig.speaker("third");
    rig.start(function* () {
      yield* ExNotifyCallback(rig.object, 1, 2);
    });
    rig.tell(() => ExUnregisterCallback(second));
    rig.expect("returned");
    gates.open(gate);
    rig.expect("first", "third ctx 1 2");
  });

  it("of a routine that waits to go passes it over in later notifications", () => {
    const rig = new CallbackRig();
    const gates = new Gates(rig.system);
    const gate = gates.add();
    const first = rig.register(function* () {
      rig.say("first");
      yield* gates.pass(gate);
    });
    rig.start(function* () {
      yield* ExNotifyCallback(rig.object, 1, 2);
    });
    rig.start(function* () {
      yield* ExUnregisterCallback(first);
    });
    rig.expect("first");
    rig.notify();
    rig.expectNothingElse();
    gates.open(gate);
  });

  it("from inside its own routine waits for itself: a deadlock, and reported as one (K-307)", () => {
    const rig = new CallbackRig();
    const own: PCALLBACK_REGISTRATION = rig.register(function* () {
      rig.say("unregistering");
      yield* ExUnregisterCallback(own);
      rig.say("never");
    });
    const notifier = rig.start(function* () {
      yield* ExNotifyCallback(rig.object, 1, 2);
    });
    rig.expect("unregistering");
    rig.expectFindings(FindingId.CallbackWaitsForItself);
    expect(rig.system.findings[0].message).toMatch(/^deadlock: .*Callback.Battery, callback1/);
    expect(notifier.done).toBe(false);
  });

  it("from inside its own plain routine can never go on, and says so (K-307)", () => {
    const rig = new CallbackRig();
    const own: PCALLBACK_REGISTRATION = rig.register(() => ExUnregisterCallback(own));
    expect(() => rig.notify()).toThrow(/CallbackFunction waits in a DDI and nothing else can run/);
    rig.expectFindings(FindingId.CallbackWaitsForItself);
  });

  it("at DISPATCH_LEVEL is a finding (K-308)", () => {
    const rig = new CallbackRig();
    const registration = rig.speaker("first");
    rig.run(() => ExUnregisterCallback(registration), Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh);
    rig.notify();
    rig.expectNothingElse();
  });

  it("at DISPATCH_LEVEL of a routine that runs cannot wait: ATTEMPTED_SWITCH_FROM_DPC", () => {
    const rig = new CallbackRig();
    const own: PCALLBACK_REGISTRATION = rig.register(() => {
      rig.system.machine.exports.setLevel(Irql.Dispatch);
      return ExUnregisterCallback(own);
    });
    rig.expectBugCheck(() => ExNotifyCallback(rig.object, 1, 2), BugCheck.AttemptedSwitchFromDpc);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.CallbackWaitsForItself);
  });

  it("twice is a page fault", () => {
    const rig = new CallbackRig();
    const registration = rig.speaker("first");
    rig.unregister(registration);
    rig.expectBugCheck(() => ExUnregisterCallback(registration), BugCheck.PageFaultInNonpagedArea, registration);
  });
});

describe("pagedPool", () => {
  it("is read and written below DISPATCH_LEVEL as any object", () => {
    const rig = new CallbackRig();
    const paged = pagedPool({ charge: 5 });
    rig.run(() => void (paged.charge += 1), Irql.Apc);
    expect(rig.run(() => paged.charge)).toBe(6);
  });

  it.each([
    ["read", 0],
    ["write", 1],
  ])("stops at a %s at DISPATCH_LEVEL: the address, the level, %i", (how, parameter) => {
    const rig = new CallbackRig();
    const paged = pagedPool({ charge: 5 });
    const touch = (): void => {
      rig.system.machine.exports.setLevel(Irql.Dispatch);
      if (how === "read") void paged.charge;
      else paged.charge = 6;
    };
    rig.expectBugCheck(touch, BugCheck.DriverIrqlNotLessOrEqual, 0, Irql.Dispatch, parameter);
  });
});
