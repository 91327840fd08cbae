// Who has a request to himself while EvtIoStop runs: seed 003's paragraphs on exclusive access.

import { describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import { NtStatus, type WDFQUEUE, type WDFREQUEST, WdfIoQueueDispatchType } from "../host/ddi";
import { Gates } from "./support/gates";
import { Rig } from "./support/rig";

/** A rig whose EvtIoStop is given; `lock` is a queue whose callback lock serves the driver as a lock of its own. */
class StopRig extends Rig {
  readonly lock: WDFQUEUE;
  readonly gates: Gates;
  /** The request the driver works on, as its threads see it. */
  shared: WDFREQUEST | null = null;

  constructor(evtIoStop: (rig: StopRig, request: WDFREQUEST) => Generator<undefined, void, unknown>) {
    super({
      queue: {
        evtIoRead: (_queue, request) => void (this.shared = request),
        evtIoStop: (_queue, request) => evtIoStop(this, request),
      },
    });
    const manual = { dispatchType: WdfIoQueueDispatchType.Manual };
    this.lock = this.run(() => this.makeQueue(manual, { executionLevel: wdf.WdfExecutionLevel.Passive }));
    this.gates = new Gates(this.system);
  }

  /** Takes the request out of the shared context, under the lock: null when somebody was faster. */
  *take(): Generator<undefined, WDFREQUEST | null, unknown> {
    yield* wdf.WdfObjectAcquireLock(this.lock);
    const mine = this.shared;
    this.shared = null;
    wdf.WdfObjectReleaseLock(this.lock);
    return mine;
  }

  /** A thread of the driver that completes the request, if it is still there. */
  completer(): void {
    this.start(function* (this: StopRig) {
      const mine = yield* this.take();
      this.say(mine === null ? "the thread is too late" : "the thread completes");
      if (mine !== null) yield* wdf.WdfRequestComplete(mine, NtStatus.Success);
    }.bind(this));
  }
}

describe("EvtIoStop", () => {
  it("does not give exclusive access: another thread may complete the request meanwhile, and the handle stays valid (K-246, Q-159)", () => {
    const rig: StopRig = new StopRig(function* (self, request) {
      self.say("EvtIoStop");
      yield* self.gates.pass(0);
      wdf.WdfObjectReference(request);
      yield* wdf.WdfObjectDereference(request);
      self.say("EvtIoStop still has the handle");
    });
    const gate = rig.gates.add();
    rig.sendRead(1);
    const sleep = rig.system.power(rig.device).sleep();
    rig.run(() => wdf.WdfRequestComplete(rig.shared!, NtStatus.Success));
    expect(sleep.done).toBe(false);
    rig.gates.open(gate);
    rig.expect("EvtIoStop", "done r2 STATUS_SUCCESS 0", "EvtIoStop still has the handle");
    expect(sleep.done).toBe(true);
  });

  it("has the request to itself once it has taken it out of a shared context under the driver's lock (K-246)", () => {
    const rig: StopRig = new StopRig(function* (self) {
      const mine = yield* self.take();
      self.say(mine === null ? "EvtIoStop is too late" : "EvtIoStop requeues");
      yield* self.gates.pass(0);
      if (mine !== null) wdf.WdfRequestStopAcknowledge(mine, true);
    });
    const gate = rig.gates.add();
    rig.sendRead(1);
    rig.system.power(rig.device).sleep();
    rig.completer();
    rig.expect("EvtIoStop requeues", "the thread is too late");
    rig.gates.open(gate);
    rig.system.power(rig.device).wake();
    rig.completer();
    rig.expect("the thread completes", "done r2 STATUS_SUCCESS 0");
  });

  it("finds nothing to do when a thread was faster, and the device leaves D0 as soon as that thread has completed (K-246)", () => {
    const rig: StopRig = new StopRig(function* (self) {
      const mine = yield* self.take();
      self.say(mine === null ? "EvtIoStop is too late" : "EvtIoStop requeues");
    });
    rig.sendRead(1);
    const mine = rig.run(() => rig.shared!);
    rig.shared = null;
    const sleep = rig.system.power(rig.device).sleep();
    rig.expect("EvtIoStop is too late");
    expect(sleep.done).toBe(false);
    rig.run(() => wdf.WdfRequestComplete(mine, NtStatus.Success));
    rig.expect("done r1 STATUS_SUCCESS 0");
    expect(sleep.done).toBe(true);
  });
});
