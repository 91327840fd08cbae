// Timer, Dpc and WorkItem: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { STATUS_SUCCESS, STATUS_WDF_OBJECT_ATTRIBUTES_INVALID } from "../../host/ddi";
import { ProtocolError } from "../../host/errors";
import { Device } from "../../host/framework/device";
import { Dpc, Timer, WorkItem } from "../../host/framework/later";
import { queueOf } from "../../host/framework/wrappers";
import { member, suspendable } from "../support/members";
import { Rig } from "../support/rig";

/** Makes one of each before the test, and gives it to the member. */
function oneOf<T>(make: (rig: Rig) => T) {
  let object!: T;
  return { before: (rig: Rig): void => void (object = make(rig)), get: (): T => object };
}

const device = (rig: Rig): Device => new Device(rig.device);
const timer = oneOf((rig) => device(rig).createTimer({ evtTimerFunc: () => {} }).timer);
const dpc = oneOf((rig) => device(rig).createDpc({ evtDpcFunc: () => {} }).dpc);
const item = oneOf((rig) => device(rig).createWorkItem({ evtWorkItem: () => {} }).workItem);

member("Device.createTimer", {
  calls: ["WdfTimerCreate()", "WdfTimerGetParentObject(timer1)"],
  act: (rig) => {
    const { status, timer: one } = device(rig).createTimer({ evtTimerFunc: () => {} });
    return [status, one.parentHandle === rig.device];
  },
  result: [STATUS_SUCCESS, true],
});

member("Device.createTimer with another parent, and an execution level", {
  calls: ["WdfTimerCreate()"],
  act: (rig) => {
    const parent = queueOf(rig.queue);
    return device(rig).createTimer({ evtTimerFunc: () => {}, parent, executionLevel: 0 as never }).status;
  },
  result: STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
});

member("Device.createDpc", {
  calls: ["WdfDpcCreate()", "WdfDpcGetParentObject(dpc1)"],
  act: (rig) => {
    const { status, dpc: one } = device(rig).createDpc({ evtDpcFunc: () => {}, parent: queueOf(rig.queue) });
    return [status, one.parentHandle === rig.queue];
  },
  result: [STATUS_SUCCESS, true],
});

member("Device.createWorkItem", {
  calls: ["WdfWorkItemCreate()", "WdfWorkItemGetParentObject(workitem1)"],
  act: (rig) => {
    const { status, workItem } = device(rig).createWorkItem({ evtWorkItem: () => {} });
    return [status, workItem.parentHandle === rig.device];
  },
  result: [STATUS_SUCCESS, true],
});

const truth = <T>(value: T): T & Iterable<undefined, unknown> => value as T & Iterable<undefined, unknown>;

suspendable("Timer.start", {
  before: timer.before,
  calls: ["WdfTimerStart(timer1, -20000, -1)"],
  act: () => truth(timer.get().start(2)),
  result: false,
});

describe("Timer.start", () => {
  it.each([-100_000, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s, which is no number of milliseconds", (ms) => {
    const rig = new Rig();
    const made = rig.run(() => device(rig).createTimer({ evtTimerFunc: () => {} }).timer);
    expect(() => rig.run(() => made.start(ms))).toThrow(new ProtocolError(
      `Timer.start takes milliseconds from 0, not ${ms}; a due time of the kernel's goes to WdfTimerStart`,
    ));
  });
});

suspendable("Timer.stop", {
  before: timer.before,
  calls: ["WdfTimerStop(timer1, 1)"],
  act: () => truth(timer.get().stop({ wait: true })),
  result: false,
});

member("Timer.delete", { before: timer.before, calls: ["WdfObjectDelete(timer1)"], act: () => timer.get().delete() });

suspendable("Dpc.enqueue", {
  before: dpc.before,
  calls: ["WdfDpcEnqueue(dpc1)"],
  act: () => truth(dpc.get().enqueue()),
  result: true,
});

suspendable("Dpc.cancel", {
  before: dpc.before,
  calls: ["WdfDpcCancel(dpc1, 0)"],
  act: () => truth(dpc.get().cancel()),
  result: false,
});

member("Dpc.delete", { before: dpc.before, calls: ["WdfObjectDelete(dpc1)"], act: () => dpc.get().delete() });

member("WorkItem.enqueue", {
  before: item.before,
  calls: ["WdfWorkItemEnqueue(workitem1)"],
  act: () => item.get().enqueue(),
});

member("WorkItem.flush", {
  before: item.before,
  calls: ["WdfWorkItemFlush(workitem1)"],
  act: () => item.get().flush(),
});

member("WorkItem.delete", { before: item.before, calls: ["WdfObjectDelete(workitem1)"], act: () => item.get().delete() });

describe("callbacks", () => {
  it("get the object that was made", () => {
    const rig = new Rig();
    const seen: unknown[] = [];
    const made = rig.run(() => ({
      timer: device(rig).createTimer({ evtTimerFunc: (one) => void seen.push(one) }).timer,
      dpc: device(rig).createDpc({ evtDpcFunc: (one) => void seen.push(one) }).dpc,
      workItem: device(rig).createWorkItem({ evtWorkItem: (one) => void seen.push(one) }).workItem,
    }));
    expect([made.timer, made.dpc, made.workItem].map((one) => one.constructor)).toEqual([Timer, Dpc, WorkItem]);
    rig.run(() => {
      made.timer.start(1);
      made.workItem.enqueue();
      made.dpc.enqueue();
    });
    rig.system.advance(1);
    expect(seen).toEqual([made.dpc, made.workItem, made.timer]);
  });
});
