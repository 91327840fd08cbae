// WDFWORKITEM.

import { describe, expect, it } from "vitest";
import { FindingId, Irql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

const { Passive } = wdf.WdfExecutionLevel;
const { Device } = wdf.WdfSynchronizationScope;

function makeItem(rig: Rig, evtWorkItem?: wdf.EvtWorkItem, attributes?: wdf.WdfObjectAttributes): wdf.WDFWORKITEM {
  const says = (): void => rig.say(`EvtWorkItem ${Irql[rig.level]}`);
  const { status, workItem } = rig.run(() =>
    wdf.WdfWorkItemCreate(wdf.WDF_WORKITEM_CONFIG_INIT(evtWorkItem ?? says), { parentObject: rig.device, ...attributes }),
  );
  expect(status).toBe(wdf.STATUS_SUCCESS);
  return workItem;
}

describe("WdfWorkItemCreate", () => {
  const create = (rig: Rig, config: Partial<wdf.WdfWorkItemConfig>, attributes?: wdf.WdfObjectAttributes): number =>
    rig.run(() => wdf.WdfWorkItemCreate({ ...wdf.WDF_WORKITEM_CONFIG_INIT(() => {}), ...config }, attributes)).status;

  it("needs a parent: STATUS_WDF_PARENT_NOT_SPECIFIED (K-014)", () => {
    const rig = new Rig();
    expect(create(rig, {}, undefined)).toBe(wdf.STATUS_WDF_PARENT_NOT_SPECIFIED);
    expect(create(rig, {}, {})).toBe(wdf.STATUS_WDF_PARENT_NOT_SPECIFIED);
  });

  it("wants a config that was initialized, with a callback (workitem_nofunc)", () => {
    const rig = new Rig();
    expect(create(rig, { size: 0 }, { parentObject: rig.device })).toBe(wdf.STATUS_INFO_LENGTH_MISMATCH);
    expect(create(rig, { evtWorkItemFunc: undefined as never }, { parentObject: rig.device })).toBe(wdf.STATUS_INVALID_PARAMETER);
  });

  it("refuses to serialize with a dispatch-level parent: STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL (K-057)", () => {
    const rig = new Rig({ deviceAttributes: { synchronizationScope: Device } });
    expect(create(rig, {}, { parentObject: rig.device })).toBe(wdf.STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
    rig.expectFindings(FindingId.SerializationLevel);
    expect(create(rig, { automaticSerialization: false }, { parentObject: rig.device })).toBe(wdf.STATUS_SUCCESS);
  });
});

describe("WdfWorkItemEnqueue", () => {
  it("runs the callback at PASSIVE_LEVEL in a system thread (K-230)", () => {
    const rig = new Rig();
    const item = makeItem(rig);
    rig.tell(() => wdf.WdfWorkItemEnqueue(item), Irql.Dispatch);
    rig.expect("returned", "EvtWorkItem Passive");
  });

  it("of a queued work item does nothing: it runs once (K-227)", () => {
    const rig = new Rig();
    const item = makeItem(rig);
    rig.run(() => {
      wdf.WdfWorkItemEnqueue(item);
      wdf.WdfWorkItemEnqueue(item);
    });
    rig.expect("EvtWorkItem Passive");
  });

  it("in its own callback makes it run again, at the same time if the first one waits (K-228)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.lines.length = 0;
    let runs = 0;
    const item: wdf.WDFWORKITEM = makeItem(rig, function* () {
      const run = ++runs;
      rig.say(`begin ${run}`);
      if (run === 1) {
        wdf.WdfWorkItemEnqueue(item);
        yield* wdf.WdfIoQueueStopSynchronously(rig.queue);
      }
      rig.say(`end ${run}`);
    });
    rig.run(() => wdf.WdfWorkItemEnqueue(item));
    rig.expect("begin 1", "begin 2", "end 2");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "end 1");
  });

  it("of one that is serialized with a device runs it under the device's lock (workitem_autoser_passive_device)", () => {
    const rig = new Rig({ deviceAttributes: { executionLevel: Passive, synchronizationScope: Device } });
    const item: wdf.WDFWORKITEM = makeItem(rig, () => wdf.WdfObjectAcquireLock(rig.device) as never);
    rig.expectStop(() => wdf.WdfWorkItemEnqueue(item));
  });

  it("in the work item's own EvtCleanup breaks", () => {
    const rig = new Rig();
    const item: wdf.WDFWORKITEM = makeItem(rig, undefined, { evtCleanupCallback: () => wdf.WdfWorkItemEnqueue(item) });
    rig.run(() => wdf.WdfObjectDelete(item));
    rig.expectFindings(FindingId.WorkItemDeleted);
  });
});

describe("WdfWorkItemFlush", () => {
  it("returns when the work item is neither queued nor running", () => {
    const rig = new Rig();
    const item = makeItem(rig);
    rig.start(function* () {
      wdf.WdfWorkItemEnqueue(item);
      yield* wdf.WdfWorkItemFlush(item);
      rig.say("flushed");
      yield* wdf.WdfWorkItemFlush(item);
      rig.say("nothing to flush");
    });
    rig.expect("EvtWorkItem Passive", "flushed", "nothing to flush");
  });

  it("in its own callback breaks and returns at once (K-229)", () => {
    const rig = new Rig();
    const item: wdf.WDFWORKITEM = makeItem(rig, () => {
      wdf.WdfWorkItemFlush(item);
      rig.say("returned");
    });
    rig.run(() => wdf.WdfWorkItemEnqueue(item));
    rig.expect("returned");
    rig.expectFindings(FindingId.WorkItemFlushInCallback);
  });

  it("above PASSIVE_LEVEL breaks and does nothing (workitem_flush_at_dispatch)", () => {
    const rig = new Rig();
    const item = makeItem(rig);
    rig.tell(() => wdf.WdfWorkItemFlush(item), Irql.Dispatch);
    rig.expect("returned");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });
});

describe("WdfWorkItemGetParentObject", () => {
  it("is the parent given to WdfWorkItemCreate", () => {
    const rig = new Rig();
    const item = makeItem(rig, undefined, { parentObject: rig.queue });
    expect(rig.run(() => wdf.WdfWorkItemGetParentObject(item))).toBe(rig.queue);
  });
});

describe("WdfObjectDelete of a work item", () => {
  it("in its own callback does not wait for it; the object is destroyed when that returns (K-231)", () => {
    const rig = new Rig();
    const item: wdf.WDFWORKITEM = makeItem(
      rig,
      () => {
        wdf.WdfObjectDelete(item);
        rig.say("deleted");
      },
      { evtCleanupCallback: () => rig.say("EvtCleanup"), evtDestroyCallback: () => rig.say("EvtDestroy") },
    );
    rig.run(() => wdf.WdfWorkItemEnqueue(item));
    rig.expect("EvtCleanup", "deleted", "EvtDestroy");
  });

  it("waits for a callback that is due", () => {
    const rig = new Rig();
    const item = makeItem(rig, undefined, { evtCleanupCallback: () => rig.say("EvtCleanup") });
    rig.start(function* () {
      wdf.WdfWorkItemEnqueue(item);
      yield* wdf.WdfObjectDelete(item);
      rig.say("deleted");
    });
    rig.expect("EvtWorkItem Passive", "EvtCleanup", "deleted");
  });
});
