// What a queue that WdfIoQueueCreate has made does with its requests: which handler, when, at which level.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, WdfRequestType } from "../../bindings/abi";
import {
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_PENDING,
  STATUS_SUCCESS,
  WdfExecutionLevel,
  WdfIoQueueDispatchType,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfObjectReleaseLock,
  WdfRequestComplete,
  WdfRequestForwardToIoQueue,
  WdfSynchronizationScope,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;

describe("WdfIoQueueCreate: handlers", () => {
  it("EvtIoRead and EvtIoWrite are told how many bytes (Q-037)", () => {
    const rig = new Rig();
    rig.sendRead(4);
    rig.sendWrite(5);
    rig.expect("EvtIoRead r1 length=4", "EvtIoWrite r2 length=5");
  });

  it("the device control handlers are told the output length before the input length, then the code (Q-039)", () => {
    const rig = new Rig({ queue: { keep: ["DeviceControl", "InternalDeviceControl"] } });
    rig.sendControl(20, 10, 0x222004);
    rig.send({ major: WdfRequestType.DeviceControlInternal, outputLength: 7, input: new Uint8Array(6), code: 5 });
    rig.expect("EvtIoDeviceControl r1 out=20 in=10 code=0x222004", "EvtIoInternalDeviceControl r2 out=7 in=6 code=0x5");
  });

  it("EvtIoDefault gets what has no handler of its own, and nothing else (Q-038, Q-040)", () => {
    const rig = new Rig({ queue: { keep: ["Default", "Write"] } });
    rig.sendRead(1);
    rig.sendWrite(1);
    rig.sendControl(1, 1);
    rig.expect("EvtIoDefault r1", "EvtIoWrite r2 length=1", "EvtIoDefault r3");
  });

  it("what no handler is meant for is completed with STATUS_INVALID_DEVICE_REQUEST, and the next is presented (Q-040)", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential, keep: ["Read"] } });
    rig.sendWrite(1);
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0", "EvtIoRead r2 length=1");
  });

  it("a request is the driver's until it disposes of it, when the handler has long returned (Q-042)", () => {
    const rig = new Rig();
    const read = rig.sendRead(1);
    expect(read.status).toBeUndefined();
    rig.complete(STATUS_SUCCESS, 1);
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 1");
  });

  it("the sender sees STATUS_PENDING even when the handler has completed the request (Q-036)", () => {
    const rig = new Rig({ queue: { evtIoRead: (_queue, request) => WdfRequestComplete(request, STATUS_SUCCESS) } });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_PENDING);
    rig.expect("done r1 STATUS_SUCCESS 0");
  });
});

describe("WdfIoQueueCreate: dispatch types", () => {
  it("sequential: one driver-owned request at a time, in order of arrival (Q-049, Q-054)", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    for (let i = 1; i <= 3; i++) rig.sendRead(i);
    rig.expect("EvtIoRead r1 length=1");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtIoRead r2 length=2");
    rig.complete();
    rig.expect("done r2 STATUS_SUCCESS 0", "EvtIoRead r3 length=3");
  });

  it("sequential: a retrieved request counts as well (Q-049)", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    for (let i = 1; i <= 3; i++) rig.sendRead(i);
    rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
  });

  it("sequential: forwarding the request makes room for the next one (Q-051)", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    const manual = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    rig.sendRead(1);
    rig.sendRead(2);
    rig.tell(() => WdfRequestForwardToIoQueue(rig.kept[0], manual));
    rig.expect("EvtIoRead r1 length=1", "EvtIoRead r2 length=2", "returned STATUS_SUCCESS");
  });

  it("parallel: as they come, without limit", () => {
    const rig = new Rig({ queue: { dispatchType: Parallel } });
    for (let i = 1; i <= 3; i++) rig.sendRead(i);
    rig.expect("EvtIoRead r1 length=1", "EvtIoRead r2 length=2", "EvtIoRead r3 length=3");
  });

  it("parallel: never more than NumberOfPresentedRequests at a time, then in order (Q-052)", () => {
    const rig = new Rig({ queue: { dispatchType: Parallel, numberOfPresentedRequests: 2 } });
    for (let i = 1; i <= 4; i++) rig.sendRead(i);
    rig.expect("EvtIoRead r1 length=1", "EvtIoRead r2 length=2");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtIoRead r3 length=3");
  });

  it("parallel: with NumberOfPresentedRequests 0 nothing is ever presented (Q-011)", () => {
    const rig = new Rig({ queue: { dispatchType: Parallel, numberOfPresentedRequests: 0 } });
    rig.sendRead(1);
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq queued=1 driver=0");
  });

  it("manual: the driver takes what it wants, no handler is called (Q-053)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual, keep: ["Stop"] } });
    rig.sendRead(1);
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq queued=1 driver=0");
  });

  it("completing inside a handler presents the next request when the handler has returned (Q-062)", () => {
    const rig: Rig = new Rig({
      queue: {
        dispatchType: Sequential,
        evtIoRead: (_queue, request, length) => {
          rig.say(`> ${length}`);
          WdfRequestComplete(request, STATUS_SUCCESS);
          rig.say(`< ${length}`);
        },
      },
    });
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    rig.sendRead(2);
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.expect("> 1", "done r1 STATUS_SUCCESS 0", "< 1", "> 2", "done r2 STATUS_SUCCESS 0", "< 2");
  });
});

describe("WdfIoQueueCreate: AllowZeroLengthRequests", () => {
  it("FALSE: reads and writes of no bytes succeed without the driver (Q-057)", () => {
    const rig = new Rig();
    rig.sendRead(0);
    rig.sendWrite(0);
    rig.expect("done r1 STATUS_SUCCESS 0", "done r2 STATUS_SUCCESS 0");
  });

  it("FALSE: what has no handler fails first (Q-058)", () => {
    const rig = new Rig({ queue: { keep: ["Write"] } });
    expect(rig.sendRead(0).status).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it("FALSE: device controls without any bytes are presented all the same (Q-059)", () => {
    const rig = new Rig({ queue: { keep: ["DeviceControl"] } });
    rig.sendControl(0, 0);
    rig.expect("EvtIoDeviceControl r1 out=0 in=0 code=0x222000");
  });

  it("TRUE: everything is presented (Q-059)", () => {
    const rig = new Rig({ queue: { allowZeroLengthRequests: true } });
    rig.sendRead(0);
    rig.sendWrite(0);
    rig.expect("EvtIoRead r1 length=0", "EvtIoWrite r2 length=0");
  });
});

/** A rig whose EvtIoRead says at which level it runs. */
function levelRig(options: RigOptions): Rig {
  const rig: Rig = new Rig({
    ...options,
    queue: {
      ...options.queue,
      evtIoRead: (_queue, request) => {
        rig.say(`EvtIoRead at ${Irql[rig.level]}`);
        rig.kept.push(request);
      },
    },
  });
  return rig;
}

describe("WdfIoQueueCreate: execution level and synchronization scope", () => {
  const { Passive, Dispatch } = WdfExecutionLevel;
  const scope = WdfSynchronizationScope;

  it("by default a handler runs at its sender's level (Q-020, Q-047)", () => {
    const rig = levelRig({});
    rig.sendRead(1, { irql: Irql.Passive });
    rig.sendRead(1, { irql: Irql.Dispatch });
    rig.expect("EvtIoRead at Passive", "EvtIoRead at Dispatch");
  });

  it("the passive execution level: a handler runs at PASSIVE_LEVEL, in a work item if it has to (Q-048)", () => {
    const rig = levelRig({ attributes: { executionLevel: Passive } });
    rig.run(() => rig.say("sent"));
    expect(rig.sendRead(1, { irql: Irql.Dispatch }).returned).toBe(STATUS_PENDING);
    expect(rig.sendRead(1, { irql: Irql.Apc }).returned).toBe(STATUS_PENDING);
    rig.expect("sent", "EvtIoRead at Passive", "EvtIoRead at Passive");
  });

  it.each([scope.Queue, scope.Device])("scope %i: a handler runs at DISPATCH_LEVEL exactly (Q-047)", (synchronizationScope) => {
    const rig = levelRig({ attributes: { synchronizationScope } });
    rig.sendRead(1, { irql: Irql.Passive });
    rig.expect("EvtIoRead at Dispatch");
  });

  it("a scope at the passive level does not raise the level (Q-047)", () => {
    const rig = levelRig({ attributes: { synchronizationScope: scope.Queue, executionLevel: Passive } });
    rig.sendRead(1);
    rig.expect("EvtIoRead at Passive");
  });

  it("a queue inherits both from its device (Q-020)", () => {
    const rig = levelRig({ deviceAttributes: { synchronizationScope: scope.Queue, executionLevel: Passive } });
    rig.sendRead(1, { irql: Irql.Dispatch });
    rig.expect("EvtIoRead at Passive");
  });

  it("a queue may say otherwise", () => {
    const attributes = { synchronizationScope: scope.None, executionLevel: Dispatch };
    const rig = levelRig({ deviceAttributes: { synchronizationScope: scope.Queue }, attributes });
    rig.sendRead(1);
    rig.expect("EvtIoRead at Passive");
  });

  it("scope Device: a handler that forwards to another queue of the scope returns before that one's runs (Q-066, A-7)", () => {
    const rig: Rig = new Rig({
      deviceAttributes: { synchronizationScope: scope.Device },
      queue: {
        evtIoRead: (_queue, request) => {
          rig.say(rig.returned(WdfRequestForwardToIoQueue(request, other)));
        },
      },
    });
    const other = rig.run(() => rig.makeQueue({}));
    rig.sendRead(1);
    rig.expect("returned STATUS_SUCCESS", "EvtIoRead q2 r1 length=1");
  });

  it("scope Queue: another queue's handler runs inside the forward (Q-066)", () => {
    const rig: Rig = new Rig({
      deviceAttributes: { synchronizationScope: scope.Queue },
      queue: {
        evtIoRead: (_queue, request) => {
          rig.say(rig.returned(WdfRequestForwardToIoQueue(request, other)));
        },
      },
    });
    const other = rig.run(() => rig.makeQueue({}));
    rig.sendRead(1);
    rig.expect("EvtIoRead q2 r1 length=1", "returned STATUS_SUCCESS");
  });

  it("a handler that gives its queue's lock away is found out when it returns (VF-09)", () => {
    const rig: Rig = new Rig({
      attributes: { synchronizationScope: scope.Queue },
      queue: { evtIoRead: () => WdfObjectReleaseLock(rig.queue) },
    });
    rig.sendRead(1);
    rig.expectFindings(FindingId.LockNotHeld, FindingId.LockReleasedNotOwned);
  });

  it("a handler that returns at another level ends the System (Q-071)", () => {
    const rig: Rig = new Rig({
      queue: {
        evtIoRead: () => {
          rig.system.machine.exports.setLevel(Irql.Dispatch);
        },
      },
    });
    rig.expectStop(() => rig.sendRead(1), 0xe, Irql.Passive, Irql.Dispatch);
  });
});
