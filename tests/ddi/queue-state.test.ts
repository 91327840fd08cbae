// WdfIoQueueStart, Stop and StopSynchronously. Drain and the purges are in queue-purge.test.ts.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_CANCELLED,
  STATUS_SUCCESS,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  WdfIoQueuePurge,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfIoQueueStopSynchronously,
  WdfRequestComplete,
  WdfRequestMarkCancelable,
  WdfSynchronizationScope,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { Sequential } = WdfIoQueueDispatchType;

/** A rig whose queue is stopped, with that many reads waiting. */
function stopped(waiting: number, options: RigOptions = {}): Rig {
  const rig = new Rig(options);
  rig.run(() => WdfIoQueueStop(rig.queue));
  for (let i = 1; i <= waiting; i++) rig.sendRead(i);
  rig.expectNothingElse();
  return rig;
}

describe("WdfIoQueueStart", () => {
  it("makes the queue accept and dispatch (Q-108)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.tell(() => WdfIoQueueStart(rig.queue));
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
    rig.sendRead(1);
    rig.expect("returned", "EvtIoRead r1 length=1");
  });

  it.each([
    ["a drain", WdfIoQueueDrain],
    ["a purge", WdfIoQueuePurge],
  ])("lets requests in again after %s", (_what, close) => {
    const rig = new Rig();
    rig.run(() => close(rig.queue));
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.sendRead(2);
    rig.expect("done r1 STATUS_INVALID_DEVICE_STATE 0", "EvtIoRead r2 length=2");
  });

  it("presents what has gathered, oldest first, before it returns (Q-064, Q-108)", () => {
    const rig = stopped(2);
    rig.tell(() => WdfIoQueueStart(rig.queue));
    rig.expect("EvtIoRead r1 length=1", "EvtIoRead r2 length=2", "returned");
  });

  it("presents at the level of its caller", () => {
    const rig: Rig = new Rig({
      queue: {
        evtIoRead: (_queue, request) => {
          rig.say(`EvtIoRead at ${Irql[rig.level]}`);
          rig.kept.push(request);
        },
      },
    });
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStart(rig.queue), Irql.Dispatch);
    rig.expect("EvtIoRead at Dispatch");
  });

  it("cannot make a queue accept once the device is being removed (Q-128)", () => {
    const rig = new Rig();
    rig.stopQueues("purge managed");
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INVALID_DEVICE_STATE 0");
  });

  it("does not discard a stop callback: it comes when the driver next owns nothing (Q-113)", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue, rig.state("stopped")));
    rig.tell(() => WdfIoQueueStart(rig.queue));
    rig.expect("EvtIoRead r1 length=1", "returned");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "stopped q1");
  });

  it("never calls EvtIoResume (Q-157)", () => {
    const rig = new Rig({ queue: { keep: ["Read", "Resume"] } });
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.expect("EvtIoRead r1 length=1");
  });

  it.each([
    ["before it returns", WdfSynchronizationScope.None, ["EvtIoRead r2 length=2", "returned"]],
    ["after the handler under a synchronization scope", WdfSynchronizationScope.Queue, ["returned", "EvtIoRead r2 length=2"]],
  ])("inside a handler of the queue presents %s (Q-065)", (_when, synchronizationScope, lines) => {
    const evtIoWrite = (): void => rig.say(rig.returned(WdfIoQueueStart(rig.queue)));
    const rig: Rig = new Rig({ attributes: { synchronizationScope }, queue: { evtIoWrite } });
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendWrite(1);
    rig.sendRead(2);
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.expect(...lines);
  });

  it("of a handle that is no queue is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfIoQueueStart(rig.device as never), WdfViolation.InvalidHandle, rig.device, ObjectKind.Queue);
  });
});

describe("WdfIoQueueStop", () => {
  it("keeps accepting and stops dispatching; what the driver has stays the driver's (Q-097)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.tell(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(2);
    expect(rig.stateOf()).toBe("accept queued=1 driver=1");
    rig.expect("EvtIoRead r1 length=1", "returned");
  });

  it("lets requests in again after a drain (Q-098)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueDrain(rig.queue));
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    expect(rig.stateOf()).toBe("accept drvnoreq queued=1 driver=0");
  });

  it("calls back with the context, before it returns, when the driver owns nothing, whatever is queued (Q-099, Q-100)", () => {
    const rig = stopped(1);
    rig.tell(() => WdfIoQueueStop(rig.queue, rig.state("stopped"), 7));
    rig.expect("stopped q1 context=7", "returned");
  });

  it("calls back when the last request the driver owns is completed (Q-099)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.sendRead(2);
    rig.run(() => WdfIoQueueStop(rig.queue, rig.state("stopped")));
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "EvtIoRead r2 length=2", "done r1 STATUS_SUCCESS 0");
    rig.complete();
    rig.expect("done r2 STATUS_SUCCESS 0", "stopped q1");
  });

  it("inside a handler calls back when the handler has returned (Q-101)", () => {
    const rig: Rig = new Rig({
      queue: {
        evtIoRead: (queue, request) => {
          WdfIoQueueStop(queue, rig.state("stopped"));
          WdfRequestComplete(request, STATUS_SUCCESS);
          rig.say("handler returns");
        },
      },
    });
    rig.sendRead(1);
    rig.expect("done r1 STATUS_SUCCESS 0", "handler returns", "stopped q1");
  });

  it("calls back without the synchronization lock, at the level of its caller (Q-102)", () => {
    const rig = new Rig({ attributes: { synchronizationScope: WdfSynchronizationScope.Queue } });
    const told = (): void => rig.say(`stopped at ${Irql[rig.level]}`);
    rig.run(() => WdfIoQueueStop(rig.queue, told));
    rig.run(() => WdfIoQueueStop(rig.queue, told), Irql.Dispatch);
    rig.expect("stopped at Passive", "stopped at Dispatch");
  });

  it("may be called again inside its callback", () => {
    const rig = new Rig();
    rig.tell(() => WdfIoQueueStop(rig.queue, (queue) => void WdfIoQueueStop(queue, rig.state("stopped again"))));
    rig.expect("stopped again q1", "returned");
  });

  it("with a callback, while another waits for its callback, is the Stop WDF_QUEUE_FATAL_ERROR (Q-111)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue, rig.state("stopped")));
    rig.expect("EvtIoRead r1 length=1");
    rig.expectStop(() => WdfIoQueueStop(rig.queue, rig.state("stopped")), WdfViolation.QueueFatalError, rig.queue);
  });

  it("without a callback never conflicts (Q-111)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue, rig.state("stopped")));
    rig.tell(() => WdfIoQueueStop(rig.queue));
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "returned", "done r1 STATUS_SUCCESS 0", "stopped q1");
  });

  it("may wait for its callback together with a drain or purge (Q-112)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue, rig.state("stopped")));
    rig.run(() => WdfIoQueuePurge(rig.queue, rig.state("purged")));
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0", "stopped q1", "purged q1");
  });

  it("does not keep cancel callbacks from being called (Q-118)", () => {
    const rig = new Rig();
    const read = rig.sendRead(1);
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    rig.run(() => WdfIoQueueStop(rig.queue));
    read.cancel();
    rig.complete(STATUS_CANCELLED);
    rig.expect("EvtIoRead r1 length=1", "EvtRequestCancel r1", "done r1 STATUS_CANCELLED 0");
  });

  it("never calls EvtIoStop (Q-157)", () => {
    const rig = new Rig({ queue: { keep: ["Read", "Stop"] } });
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.expect("EvtIoRead r1 length=1");
  });
});

describe("WdfIoQueueStopSynchronously", () => {
  it("returns at once when the driver owns nothing, and keeps what is queued", () => {
    const rig = stopped(1);
    rig.tell(() => WdfIoQueueStopSynchronously(rig.queue));
    rig.expect("returned");
    expect(rig.stateOf()).toBe("accept drvnoreq queued=1 driver=0");
  });

  it("returns when the driver has completed all it owned", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.sendRead(2);
    rig.start(function* () {
      yield* WdfIoQueueStopSynchronously(rig.queue);
      rig.say("returned");
    });
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "EvtIoRead r2 length=2", "done r1 STATUS_SUCCESS 0");
    rig.complete();
    rig.expect("done r2 STATUS_SUCCESS 0", "returned");
  });

  it("above PASSIVE_LEVEL is a verifier break and does nothing (Q-116)", () => {
    const rig = new Rig();
    rig.tell(() => WdfIoQueueStopSynchronously(rig.queue), Irql.Dispatch);
    rig.expect("returned");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
  });

  it("above PASSIVE_LEVEL stops the queue when no verifier looks", () => {
    const rig = new Rig({ verifier: false });
    rig.tell(() => WdfIoQueueStopSynchronously(rig.queue), Irql.Dispatch);
    rig.expect("returned");
    rig.expectFindings(FindingId.IrqlTooHigh);
    expect(rig.stateOf()).toBe("accept noreq drvnoreq queued=0 driver=0");
  });

  it("in a request handler is a rule finding, and waits for its own handler (Q-046)", () => {
    const rig: Rig = new Rig({
      queue: {
        *evtIoRead(queue) {
          rig.say("stopping");
          yield* WdfIoQueueStopSynchronously(queue);
          rig.say("never");
        },
      },
    });
    rig.sendRead(1);
    rig.expect("stopping");
    rig.expectFindings(FindingId.SynchronousInHandler);
  });

  it("while a stop waits for its callback is the Stop WDF_QUEUE_FATAL_ERROR (Q-111)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStop(rig.queue, rig.state("stopped")));
    rig.expect("EvtIoRead r1 length=1");
    rig.expectStop(() => WdfIoQueueStopSynchronously(rig.queue), WdfViolation.QueueFatalError, rig.queue);
  });
});
