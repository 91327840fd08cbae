// WDFDPC.

import { describe, expect, it } from "vitest";
import { FindingId, Irql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig } from "../support/rig";

const { Passive } = wdf.WdfExecutionLevel;
const { Device, Queue } = wdf.WdfSynchronizationScope;

function makeDpc(rig: Rig, evtDpcFunc?: wdf.EvtDpcFunc, attributes?: wdf.WdfObjectAttributes): wdf.WDFDPC {
  const says = (): void => rig.say(`EvtDpcFunc ${Irql[rig.level]}`);
  const { status, dpc } = rig.run(() =>
    wdf.WdfDpcCreate(wdf.WDF_DPC_CONFIG_INIT(evtDpcFunc ?? says), { parentObject: rig.device, ...attributes }),
  );
  expect(status).toBe(wdf.STATUS_SUCCESS);
  return dpc;
}

describe("WdfDpcCreate", () => {
  const create = (rig: Rig, config: wdf.WdfDpcConfig, attributes?: wdf.WdfObjectAttributes): number =>
    rig.run(() => wdf.WdfDpcCreate(config, attributes)).status;

  it("needs a parent: STATUS_WDF_PARENT_NOT_SPECIFIED (K-014)", () => {
    const rig = new Rig();
    expect(create(rig, wdf.WDF_DPC_CONFIG_INIT(), undefined)).toBe(wdf.STATUS_WDF_PARENT_NOT_SPECIFIED);
    expect(create(rig, wdf.WDF_DPC_CONFIG_INIT(), {})).toBe(wdf.STATUS_WDF_PARENT_NOT_SPECIFIED);
  });

  it("wants a config that was initialized, and an attribute it knows", () => {
    const rig = new Rig();
    const parentObject = rig.device;
    expect(create(rig, { size: 0 }, { parentObject })).toBe(wdf.STATUS_INFO_LENGTH_MISMATCH);
    expect(create(rig, {}, { parentObject, executionLevel: Passive })).toBe(wdf.STATUS_WDF_EXECUTION_LEVEL_INVALID);
  });

  it("serializes unless told otherwise, which takes a dispatch-level parent (K-059, dpc_autoser_passive)", () => {
    const rig = new Rig({ deviceAttributes: { executionLevel: Passive, synchronizationScope: Device } });
    const parentObject = rig.device;
    expect(create(rig, wdf.WDF_DPC_CONFIG_INIT(() => {}), { parentObject })).toBe(wdf.STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
    rig.expectFindings(FindingId.SerializationLevel);
    expect(create(rig, { automaticSerialization: false }, { parentObject })).toBe(wdf.STATUS_SUCCESS);
  });
});

describe("AutomaticSerialization", () => {
  it("K-058 with parent scope None takes no lock and succeeds: the callbacks run while a handler does", () => {
    const rig = new Rig({ deviceAttributes: { synchronizationScope: wdf.WdfSynchronizationScope.None }, queue: { evtIoRead: handler } });
    const dpc = makeDpc(rig);
    const timer = rig.run(() => wdf.WdfTimerCreate(wdf.WDF_TIMER_CONFIG_INIT(() => rig.say("EvtTimerFunc")), { parentObject: rig.device }));
    const config = wdf.WDF_WORKITEM_CONFIG_INIT(() => rig.say("EvtWorkItem"));
    const item = rig.run(() => wdf.WdfWorkItemCreate(config, { parentObject: rig.device }));
    expect([timer.status, item.status]).toEqual([0, 0]);
    function* handler(_: wdf.WDFQUEUE, request: wdf.WDFREQUEST): Generator<undefined, void, unknown> {
      rig.say("> EvtIoRead");
      yield* wdf.WdfDpcEnqueue(dpc);
      yield* wdf.WdfTimerStart(timer.timer, 0);
      wdf.WdfWorkItemEnqueue(item.workItem);
      yield* wdf.KeDelayExecutionThread(0, false, wdf.WDF_REL_TIMEOUT_IN_MS(1));
      rig.say("< EvtIoRead");
      yield* wdf.WdfRequestComplete(request, 0);
    }
    rig.sendRead(1);
    rig.system.advance(1);
    rig.expect("> EvtIoRead", "EvtDpcFunc Dispatch", "EvtTimerFunc", "EvtWorkItem", "< EvtIoRead", "done r1 STATUS_SUCCESS 0");
  });
});

describe("WdfDpcEnqueue", () => {
  it("at PASSIVE_LEVEL runs EvtDpcFunc at DISPATCH_LEVEL before it returns", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.tell(() => wdf.WdfDpcEnqueue(dpc));
    rig.expect("EvtDpcFunc Dispatch", "returned true");
  });

  it("at DISPATCH_LEVEL leaves it until the level is lowered, in the middle of KeLowerIrql (K-196)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.run(() => {
      const before = wdf.KeRaiseIrqlToDpcLevel();
      wdf.WdfDpcEnqueue(dpc);
      rig.say("lowering");
      wdf.KeLowerIrql(before);
      rig.say("lowered");
    });
    rig.expect("lowering", "EvtDpcFunc Dispatch", "lowered");
  });

  it("of a queued DPC returns FALSE and changes nothing (K-208)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.tell(() => [wdf.WdfDpcEnqueue(dpc), wdf.WdfDpcEnqueue(dpc)].join(), Irql.Dispatch);
    rig.expect("returned true,false", "EvtDpcFunc Dispatch");
  });

  it("may be called in EvtDpcFunc: the DPC is off the queue before that runs (K-209)", () => {
    const rig = new Rig();
    let left = 3;
    const dpc: wdf.WDFDPC = makeDpc(rig, () => {
      rig.say(`EvtDpcFunc ${left}`);
      if (--left > 0) wdf.WdfDpcEnqueue(dpc);
    });
    rig.tell(() => wdf.WdfDpcEnqueue(dpc));
    rig.expect("EvtDpcFunc 3", "EvtDpcFunc 2", "EvtDpcFunc 1", "returned true");
  });

  it("of a DPC that is serialized with a queue runs it when the queue's lock is free (dpc_autoser_device)", () => {
    const rig = new Rig({ attributes: { synchronizationScope: Queue } });
    const dpc = makeDpc(rig, undefined, { parentObject: rig.queue });
    rig.run(() => {
      wdf.WdfObjectAcquireLock(rig.queue);
      wdf.WdfDpcEnqueue(dpc);
      rig.say("holding");
      wdf.WdfObjectReleaseLock(rig.queue);
    });
    rig.expect("holding", "EvtDpcFunc Dispatch");
  });

  it("lets a handler leave its request to the DPC (dpc_parent_queue)", () => {
    const rig: Rig = new Rig({ queue: { evtIoRead: (_queue, request) => void (rig.kept.push(request), wdf.WdfDpcEnqueue(dpc)) } });
    const dpc = makeDpc(rig, () => wdf.WdfRequestComplete(rig.kept[0], wdf.STATUS_SUCCESS));
    rig.sendRead(1);
    rig.expect("done r1 STATUS_SUCCESS 0");
  });
});

describe("WdfDpcCancel", () => {
  it("returns TRUE for a DPC that was queued, which then does not run; FALSE otherwise (K-214)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.tell(() => {
      wdf.WdfDpcEnqueue(dpc);
      return [wdf.WdfDpcCancel(dpc, false), wdf.WdfDpcCancel(dpc, false)].join();
    }, Irql.Dispatch);
    rig.expect("returned true,false");
  });

  it("with Wait at PASSIVE_LEVEL waits for one that runs", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.tell(() => wdf.WdfDpcCancel(dpc, true));
    rig.expect("returned false");
  });

  it("with Wait above PASSIVE_LEVEL breaks and returns FALSE (K-215)", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.tell(() => {
      wdf.WdfDpcEnqueue(dpc);
      return wdf.WdfDpcCancel(dpc, true);
    }, Irql.Dispatch);
    rig.expect("returned false", "EvtDpcFunc Dispatch");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });
});

describe("WdfDpcGetParentObject", () => {
  it("is the parent given to WdfDpcCreate", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig, undefined, { parentObject: rig.queue });
    expect(rig.run(() => wdf.WdfDpcGetParentObject(dpc))).toBe(rig.queue);
  });
});

describe("WdfDpcWdmGetDpc", () => {
  it("is a KDPC that runs EvtDpcFunc", () => {
    const rig = new Rig();
    const dpc = makeDpc(rig);
    rig.tell(() => wdf.KeInsertQueueDpc(wdf.WdfDpcWdmGetDpc(dpc)));
    rig.expect("EvtDpcFunc Dispatch", "returned true");
  });
});
