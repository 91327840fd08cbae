// WdfIoQueueDrain, Purge and StopAndPurge, with their synchronous forms.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, WdfViolation } from "../../bindings/abi";
import {
  STATUS_CANCELLED,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  WdfIoQueueDrainSynchronously,
  WdfIoQueuePurge,
  WdfIoQueuePurgeSynchronously,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfIoQueueStopAndPurge,
  WdfIoQueueStopAndPurgeSynchronously,
  WdfRequestMarkCancelable,
  WdfRequestRequeue,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { Sequential, Manual } = WdfIoQueueDispatchType;
type Operation = typeof WdfIoQueueStop;
type Synchronous = typeof WdfIoQueueDrainSynchronously;

/** A sequential rig of which the driver has one read, and that many more wait. */
function busy(waiting: number, options: RigOptions = {}): Rig {
  const rig = new Rig({ ...options, queue: { dispatchType: Sequential, ...options.queue } });
  for (let i = 1; i <= 1 + waiting; i++) rig.sendRead(i);
  rig.expect("EvtIoRead r1 length=1");
  return rig;
}

/** A manual rig whose queue holds a request the driver has seen. */
function requeued(): Rig {
  const rig = new Rig({ queue: { dispatchType: Manual, keep: ["CanceledOnQueue"] } });
  rig.sendRead(1);
  rig.run(() => WdfRequestRequeue(WdfIoQueueRetrieveNextRequest(rig.queue).request));
  return rig;
}

/** What holds for every operation that takes a completion callback. */
function takesOneCallback(operation: Operation): void {
  it("with a callback, while another of its kind waits for one, is the Stop WDF_QUEUE_FATAL_ERROR (Q-111)", () => {
    const rig = busy(0);
    rig.run(() => operation(rig.queue, rig.state("first")));
    rig.expectStop(() => operation(rig.queue, rig.state("second")), WdfViolation.QueueFatalError, rig.queue);
  });

  it("without a callback never conflicts (Q-111)", () => {
    const rig = busy(0);
    rig.run(() => operation(rig.queue, rig.state("first")));
    rig.tell(() => operation(rig.queue));
    rig.complete();
    rig.expect("returned", "done r1 STATUS_SUCCESS 0", "first q1");
  });
}

/** What holds for every synchronous operation; `done` are the lines of what it does on the way. */
function waits(operation: Synchronous, done: readonly string[], after: string): void {
  const start = (rig: Rig): void => {
    rig.start(function* () {
      yield* operation(rig.queue);
      rig.say("returned");
    });
  };

  it("returns when the driver has completed all it owned", () => {
    const rig = busy(1);
    start(rig);
    rig.expect(...done);
    rig.complete();
    if (rig.kept.length > 0) rig.complete();
    expect(rig.lines.pop()).toBe("returned");
    expect(rig.stateOf()).toBe(after);
    rig.lines.length = 0;
  });

  it("above PASSIVE_LEVEL is a verifier break and does nothing (Q-116)", () => {
    const rig = busy(1);
    const before = rig.stateOf();
    rig.tell(() => operation(rig.queue), Irql.Apc);
    rig.expect("returned");
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
    expect(rig.stateOf()).toBe(before);
  });

  it("in a request handler is a rule finding (Q-046)", () => {
    const rig: Rig = new Rig({
      queue: {
        *evtIoRead(queue) {
          yield* operation(queue);
          rig.say("never");
        },
      },
    });
    rig.sendRead(1);
    rig.expectFindings(FindingId.SynchronousInHandler);
  });
}

describe("WdfIoQueueDrain", () => {
  it("stops accepting; what is queued is delivered as ever (Q-103)", () => {
    const rig = busy(1);
    rig.tell(() => WdfIoQueueDrain(rig.queue));
    expect(rig.stateOf()).toBe("dispatch queued=1 driver=1");
    rig.complete();
    rig.expect("returned", "done r1 STATUS_SUCCESS 0", "EvtIoRead r2 length=2");
  });

  it("fails what arrives later with STATUS_INVALID_DEVICE_STATE (Q-109)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueDrain(rig.queue));
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INVALID_DEVICE_STATE 0");
  });

  it("calls back with the context when neither queue nor driver has anything left (Q-103)", () => {
    const rig = busy(1);
    rig.run(() => WdfIoQueueDrain(rig.queue, rig.state("drained"), 9));
    rig.complete();
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtIoRead r2 length=2", "done r2 STATUS_SUCCESS 0", "drained q1 context=9");
  });

  it("of an empty queue calls back before it returns", () => {
    const rig = new Rig();
    rig.tell(() => WdfIoQueueDrain(rig.queue, rig.state("drained")));
    rig.expect("drained q1", "returned");
  });

  it("lets a request be put back, which delays the callback (Q-115)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.run(() => WdfIoQueueDrain(rig.queue, rig.state("drained")));
    rig.tell(() => WdfRequestRequeue(request));
    rig.expect("returned STATUS_SUCCESS");
    expect(rig.stateOf()).toBe("dispatch drvnoreq queued=1 driver=0");
  });

  it("never completes while the queue is stopped with requests in it", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    rig.tell(() => WdfIoQueueDrain(rig.queue, rig.state("drained")));
    rig.expect("returned");
  });

  takesOneCallback(WdfIoQueueDrain);

  it("and a purge share one callback slot (Q-111)", () => {
    const rig = busy(0);
    rig.run(() => WdfIoQueueDrain(rig.queue, rig.state("drained")));
    rig.expectStop(() => WdfIoQueuePurge(rig.queue, rig.state("purged")), WdfViolation.QueueFatalError, rig.queue);
  });
});

describe("WdfIoQueueDrainSynchronously", () => {
  waits(WdfIoQueueDrainSynchronously, [], "dispatch noreq drvnoreq queued=0 driver=0");

  it("delivers what is queued first", () => {
    const rig = busy(1);
    rig.start(function* () {
      yield* WdfIoQueueDrainSynchronously(rig.queue);
      rig.say("returned");
    });
    rig.complete();
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtIoRead r2 length=2", "done r2 STATUS_SUCCESS 0", "returned");
  });
});

describe("WdfIoQueuePurge", () => {
  it("stops accepting and cancels what is queued, oldest first, before it returns (Q-104)", () => {
    const rig = busy(2);
    rig.tell(() => WdfIoQueuePurge(rig.queue));
    rig.expect("done r2 STATUS_CANCELLED 0", "done r3 STATUS_CANCELLED 0", "returned");
    expect(rig.stateOf()).toBe("dispatch noreq queued=0 driver=1");
  });

  it("fails what arrives later with STATUS_INVALID_DEVICE_STATE (Q-109)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INVALID_DEVICE_STATE 0");
  });

  it("gives a queued request the driver has seen to EvtIoCanceledOnQueue instead (Q-104)", () => {
    const rig = requeued();
    rig.tell(() => WdfIoQueuePurge(rig.queue));
    rig.expect("EvtIoCanceledOnQueue r1", "returned");
    rig.complete(STATUS_CANCELLED);
    rig.expect("done r1 STATUS_CANCELLED 0");
  });

  it("calls EvtRequestCancel of what is marked cancelable, in the order of the marks, after the queued ones (Q-104)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.sendRead(2);
    const [first, second] = rig.kept;
    rig.run(() => WdfRequestMarkCancelable(second, rig.evtRequestCancel));
    rig.run(() => WdfRequestMarkCancelable(first, rig.evtRequestCancel));
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(3);
    rig.lines.length = 0;
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.expect("done r3 STATUS_CANCELLED 0", "EvtRequestCancel r2", "EvtRequestCancel r1");
  });

  it("calls back with the context when the driver has completed the rest (Q-104)", () => {
    const rig = busy(1);
    rig.run(() => WdfIoQueuePurge(rig.queue, rig.state("purged"), 3));
    rig.expect("done r2 STATUS_CANCELLED 0");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "purged q1 context=3");
  });

  it("of an empty queue calls back before it returns", () => {
    const rig = new Rig();
    rig.tell(() => WdfIoQueuePurge(rig.queue, rig.state("purged")));
    rig.expect("purged q1", "returned");
  });

  it("cancels what the driver puts back or marks until it is complete or the queue is started (Q-114)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    for (let i = 1; i <= 2; i++) rig.sendRead(i);
    const [first, second] = [1, 2].map(() => rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue)).request);
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.tell(() => WdfRequestRequeue(first));
    rig.tell(() => WdfRequestMarkCancelable(second, rig.evtRequestCancel));
    rig.expect("done r1 STATUS_CANCELLED 0", "returned STATUS_SUCCESS", "EvtRequestCancel r2", "returned");
  });

  it("does so no more once the queue is started (Q-114)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.tell(() => WdfRequestRequeue(request));
    rig.expect("returned STATUS_SUCCESS");
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq queued=1 driver=0");
  });

  takesOneCallback(WdfIoQueuePurge);
});

describe("WdfIoQueuePurgeSynchronously", () => {
  waits(WdfIoQueuePurgeSynchronously, ["done r2 STATUS_CANCELLED 0"], "dispatch noreq drvnoreq queued=0 driver=0");
});

describe("WdfIoQueueStopAndPurge", () => {
  it("keeps accepting, stops dispatching and cancels what is queued, oldest first (Q-107)", () => {
    const rig = busy(2);
    rig.tell(() => WdfIoQueueStopAndPurge(rig.queue));
    rig.expect("done r2 STATUS_CANCELLED 0", "done r3 STATUS_CANCELLED 0", "returned");
    expect(rig.stateOf()).toBe("accept noreq queued=0 driver=1");
  });

  it("keeps what arrives later, until the queue is started (Q-107)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueStopAndPurge(rig.queue));
    rig.sendRead(1);
    rig.tell(() => WdfIoQueueStart(rig.queue));
    rig.expect("EvtIoRead r1 length=1", "returned");
  });

  it("keeps what arrives while it is at it (Q-107)", () => {
    const evtIoCanceledOnQueue = (): void => {
      rig.sendRead(3, {});
      rig.say("sent");
    };
    const rig: Rig = new Rig({ queue: { dispatchType: Manual, evtIoCanceledOnQueue } });
    for (let i = 1; i <= 2; i++) rig.sendRead(i);
    rig.run(() => WdfRequestRequeue(WdfIoQueueRetrieveNextRequest(rig.queue).request));
    rig.run(() => WdfIoQueueStopAndPurge(rig.queue));
    rig.expect("sent", "done r2 STATUS_CANCELLED 0");
    expect(rig.stateOf()).toBe("accept queued=1 driver=1");
  });

  it("calls EvtRequestCancel of what is marked cancelable", () => {
    const rig = busy(0);
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    rig.tell(() => WdfIoQueueStopAndPurge(rig.queue));
    rig.expect("EvtRequestCancel r1", "returned");
  });

  it("calls back with the context when the driver owns nothing", () => {
    const rig = busy(0);
    rig.run(() => WdfIoQueueStopAndPurge(rig.queue, rig.state("stopped"), 4));
    rig.expectNothingElse();
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "stopped q1 context=4");
  });

  it("calls back after the first request it cancels when the driver owns nothing at the call (C-3)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    for (let i = 1; i <= 2; i++) rig.sendRead(i);
    rig.run(() => WdfIoQueueStopAndPurge(rig.queue, rig.state("stopped")));
    rig.expect("done r1 STATUS_CANCELLED 0", "stopped q1", "done r2 STATUS_CANCELLED 0");
  });

  takesOneCallback(WdfIoQueueStopAndPurge);
});

describe("WdfIoQueueStopAndPurgeSynchronously", () => {
  waits(WdfIoQueueStopAndPurgeSynchronously, ["done r2 STATUS_CANCELLED 0"], "accept noreq drvnoreq queued=0 driver=0");

  it("returns at once when the driver owns nothing", () => {
    const rig = new Rig();
    rig.tell(() => WdfIoQueueStopAndPurgeSynchronously(rig.queue));
    rig.expect("returned");
  });
});
