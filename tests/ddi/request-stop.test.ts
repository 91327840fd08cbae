// WdfRequestStopAcknowledge, with the EvtIoStop and EvtIoResume it is about.

import { describe, expect, it } from "vitest";
import { FindingId, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  STATUS_CANCELLED,
  STATUS_SUCCESS,
  WdfDeviceConfigureRequestDispatching,
  WdfIoQueueDispatchType,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueStopSynchronously,
  WdfRequestComplete,
  WdfRequestMarkCancelable,
  WdfRequestRequeue,
  WdfRequestStopAcknowledge,
  WdfRequestStopAction,
  WdfRequestUnmarkCancelable,
  WdfTriState,
  type EvtIoStop,
  type WDFQUEUE,
  type WDFREQUEST,
} from "../../host/ddi";
import { Rig, type QueueOptions } from "../support/rig";

const { Sequential, Manual } = WdfIoQueueDispatchType;
const { Suspend, Purge, RequestCancelable } = WdfRequestStopAction;

/** A rig whose driver has that many reads, told of EvtIoStop and answering as given. */
function owning(count: number, answer: (request: WDFREQUEST, flags: number) => void, options: QueueOptions = {}): Rig {
  const evtIoStop: EvtIoStop = (_queue, request, flags) => {
    rig.say(`EvtIoStop ${rig.name(request)} flags=0x${flags.toString(16)}`);
    answer(request, flags);
  };
  const rig: Rig = new Rig({ queue: { keep: ["Read", "Resume"], evtIoStop, ...options } });
  for (let i = 1; i <= count; i++) rig.sendRead(i);
  rig.lines.length = 0;
  return rig;
}

const requeue = (request: WDFREQUEST): void => WdfRequestStopAcknowledge(request, true);
const keep = (request: WDFREQUEST): void => WdfRequestStopAcknowledge(request, false);

describe("WdfRequestStopAcknowledge", () => {
  it("TRUE: the driver has the request no longer; its handler gets it again in D0, without EvtIoResume (Q-142)", () => {
    const rig = owning(1, requeue);
    expect(rig.stopQueues().done).toBe(true);
    rig.expect(`EvtIoStop r1 flags=0x${Suspend}`);
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq held queued=1 driver=0");
    rig.resumeQueues();
    rig.expect("EvtIoRead r1 length=1");
  });

  it("TRUE: the request is first in line again (Q-142)", () => {
    const rig = owning(2, requeue, { dispatchType: Sequential });
    rig.stopQueues();
    rig.resumeQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoRead r1 length=1");
    expect(rig.stateOf()).toBe("accept dispatch queued=1 driver=1");
  });

  it("TRUE: a manual queue has it for the driver to retrieve", () => {
    const rig = owning(1, requeue, { dispatchType: Manual, keep: [] });
    rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.stopQueues();
    rig.resumeQueues();
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("EvtIoStop r1 flags=0x1", "returned STATUS_SUCCESS r1");
  });

  it("TRUE: several of one transition come back in reverse order (Q-147)", () => {
    const rig = owning(2, requeue);
    rig.stopQueues();
    rig.resumeQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoStop r2 flags=0x1", "EvtIoRead r2 length=2", "EvtIoRead r1 length=1");
  });

  it("TRUE: a request whose sender has cancelled it is completed instead", () => {
    const rig = new Rig({ queue: { keep: ["Read", "Resume"], evtIoStop: (_queue, request) => requeue(request) } });
    rig.sendRead(1).cancel();
    rig.stopQueues();
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_CANCELLED 0");
  });

  it("FALSE: the driver keeps the request; EvtIoResume is called for it in D0 (Q-143)", () => {
    const rig = owning(1, keep);
    expect(rig.stopQueues().done).toBe(true);
    expect(rig.stateOf()).toBe("accept dispatch noreq held queued=0 driver=1");
    rig.resumeQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoResume r1");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("counts as it was called last (Q-150)", () => {
    const rig = owning(1, (request) => {
      requeue(request);
      keep(request);
    });
    rig.stopQueues();
    rig.resumeQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoResume r1");
  });

  it("takes effect when every request of the queue has been told about (Q-148)", () => {
    const rig = owning(2, (request) => {
      requeue(request);
      rig.say(rig.stateInside(rig.queue));
    });
    rig.stopQueues();
    const state = "accept dispatch noreq held queued=0 driver=2";
    rig.expect("EvtIoStop r1 flags=0x1", state, "EvtIoStop r2 flags=0x1", state);
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq held queued=2 driver=0");
  });

  it("outside EvtIoStop breaks and is ignored (Q-149)", () => {
    const rig = owning(1, keep);
    rig.tell(() => WdfRequestStopAcknowledge(rig.request, true));
    rig.expect("returned");
    rig.expectFindings(FindingId.NotInEvtIoStop);
    rig.stopQueues();
    rig.resumeQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoResume r1");
  });

  it("after EvtIoStop is noted, but does not end the wait by itself (Q-149)", () => {
    const rig = owning(2, () => {});
    const stop = rig.stopQueues();
    rig.run(() => keep(rig.kept[1]));
    expect(stop.done).toBe(false);
    rig.complete();
    expect(stop.done).toBe(true);
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoStop r2 flags=0x1", "done r1 STATUS_SUCCESS 0");
  });

  it("TRUE breaks and is ignored for a request that is marked cancelable (Q-138)", () => {
    const rig = owning(1, requeue);
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    const stop = rig.stopQueues();
    rig.expect(`EvtIoStop r1 flags=0x${(Suspend | RequestCancelable).toString(16)}`);
    rig.expectFindings(FindingId.IsCancelable);
    expect(stop.done).toBe(false);
  });

  it("FALSE is fine for a request that is marked cancelable (Q-143)", () => {
    const rig = owning(1, keep);
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    expect(rig.stopQueues().done).toBe(true);
    rig.expect("EvtIoStop r1 flags=0x10000001");
  });

  it("TRUE while the device is being removed cancels the request (Q-156)", () => {
    const rig = owning(1, requeue);
    expect(rig.stopQueues("purge managed").done).toBe(true);
    rig.expect(`EvtIoStop r1 flags=0x${Purge}`, "done r1 STATUS_CANCELLED 0");
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = owning(0, keep);
    rig.expectStop(() => requeue(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
});

describe("EvtIoStop", () => {
  it("is called for each request the driver owns, not for those that wait (Q-134, Q-135)", () => {
    const rig = owning(3, keep, { numberOfPresentedRequests: 2 });
    rig.stopQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "EvtIoStop r2 flags=0x1");
  });

  it("may complete the request, unmarked first if it was marked (Q-138, Q-141)", () => {
    const rig = owning(1, (request, flags) => {
      if ((flags & RequestCancelable) !== 0) rig.say(rig.returned(WdfRequestUnmarkCancelable(request)));
      WdfRequestComplete(request, STATUS_CANCELLED);
    });
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    expect(rig.stopQueues().done).toBe(true);
    rig.expect("EvtIoStop r1 flags=0x10000001", "returned STATUS_SUCCESS", "done r1 STATUS_CANCELLED 0");
  });

  it("that does nothing makes the device wait until the request is completed (Q-140)", () => {
    const rig = owning(1, () => {});
    const stop = rig.stopQueues();
    expect(stop.done).toBe(false);
    rig.complete();
    expect(stop.done).toBe(true);
    rig.expect("EvtIoStop r1 flags=0x1", "done r1 STATUS_SUCCESS 0");
  });

  it("that is not registered does the same (Q-140)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    const stop = rig.stopQueues();
    expect(stop.done).toBe(false);
    rig.complete();
    expect(stop.done).toBe(true);
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0");
  });

  it("of a queue that is not power-managed is called at removal only (Q-153)", () => {
    const rig = owning(1, keep, { powerManaged: WdfTriState.False });
    rig.stopQueues();
    rig.expectNothingElse();
    rig.stopQueues("purge others");
    rig.expect("EvtIoStop r1 flags=0x2");
  });

  it("is not called for what EvtRequestCancel has been called for (Q-135)", () => {
    const rig = new Rig({ queue: { keep: ["Read", "Stop"] } });
    const read = rig.sendRead(1);
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    read.cancel();
    const stop = rig.stopQueues();
    rig.complete(STATUS_CANCELLED);
    expect(stop.done).toBe(true);
    rig.expect("EvtIoRead r1 length=1", "EvtRequestCancel r1", "done r1 STATUS_CANCELLED 0");
  });

  it("at removal comes after EvtRequestCancel, and not for the same request (Q-154)", () => {
    const rig = owning(2, keep);
    const [first] = rig.kept;
    rig.run(() => WdfRequestMarkCancelable(first, (request) => {
      rig.say("EvtRequestCancel r1");
      void WdfRequestComplete(request, STATUS_SUCCESS);
    }));
    rig.stopQueues("purge managed");
    rig.expect("EvtRequestCancel r1", "done r1 STATUS_SUCCESS 0", "EvtIoStop r2 flags=0x2");
  });
});

describe("EvtIoStop and the transition", () => {
  it("is told Suspend when the device leaves D0, and Purge, again, when it is removed (Q-136, Q-155)", () => {
    const rig = owning(1, keep);
    rig.stopQueues();
    rig.expect(`EvtIoStop r1 flags=0x${Suspend}`);
    rig.stopQueues("purge managed");
    rig.expect(`EvtIoStop r1 flags=0x${Purge}`);
  });

  it("comes queue by queue in the order of their creation, each after the answers of the one before (Q-132, Q-125)", () => {
    const two = (_device: unknown, self: Rig): void => {
      const queue = self.makeQueue({ keep: ["Write", "Stop"], evtIoStop: (_queue, request) => stop(self, "second", request) });
      WdfDeviceConfigureRequestDispatching(self.device, queue, WdfRequestType.Write);
    };
    const stop = (self: Rig, which: string, request: WDFREQUEST): void => {
      self.say(`EvtIoStop of the ${which} queue`);
      if (which === "second") keep(request);
    };
    const rig: Rig = new Rig({ queue: { keep: ["Read"], evtIoStop: (_queue, request) => stop(rig, "first", request) }, more: two });
    rig.sendWrite(1);
    rig.sendRead(1);
    rig.lines.length = 0;
    const stopped = rig.stopQueues();
    rig.expect("EvtIoStop of the first queue");
    rig.run(() => WdfRequestComplete(rig.kept[1], STATUS_SUCCESS));
    rig.expect("done r2 STATUS_SUCCESS 0", "EvtIoStop of the second queue");
    expect(stopped.done).toBe(true);
  });

  it("holds EvtRequestCancel back until all requests have been told about (Q-152)", () => {
    const rig = owning(2, (request) => {
      if (request === rig.kept[0]) rig.cancelInside(read);
      keep(request);
    });
    const read = rig.sendRead(3);
    rig.run(() => WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel));
    const stopped = rig.stopQueues();
    const stops = ["EvtIoStop r1 flags=0x1", "EvtIoStop r2 flags=0x1"];
    rig.expect("EvtIoRead r3 length=3", ...stops, "EvtRequestCancel r3");
    rig.run(() => WdfRequestComplete(rig.kept[2], STATUS_CANCELLED));
    expect(stopped.done).toBe(true);
    rig.expect("done r3 STATUS_CANCELLED 0");
  });

  it("holds EvtIoCanceledOnQueue back as well (Q-152)", () => {
    const rig = owning(0, (request) => {
      rig.cancelInside(second);
      rig.say("cancelled r2");
      keep(request);
    }, { dispatchType: Manual, keep: ["CanceledOnQueue"] });
    rig.sendRead(1);
    const second = rig.sendRead(2);
    rig.run(() => {
      WdfIoQueueRetrieveNextRequest(rig.queue);
      void WdfRequestRequeue(WdfIoQueueRetrieveNextRequest(rig.queue).request);
    });
    rig.stopQueues();
    rig.expect("EvtIoStop r1 flags=0x1", "cancelled r2", "EvtIoCanceledOnQueue r2");
  });

  it("does not keep another thread from the request, whose handle stays valid during the call (Q-159)", () => {
    let other: WDFQUEUE;
    const rig: Rig = new Rig({
      queue: {
        *evtIoStop(queue, request) {
          rig.say("EvtIoStop begins");
          yield* WdfIoQueueStopSynchronously(other);
          WdfRequestStopAcknowledge(request, false);
          rig.say(`EvtIoStop of ${rig.name(queue)} ends`);
        },
      },
      more: (_device, self) => {
        other = self.makeQueue({ keep: ["Write"], powerManaged: WdfTriState.False });
        WdfDeviceConfigureRequestDispatching(self.device, other, WdfRequestType.Write);
      },
    });
    rig.sendRead(1);
    rig.sendWrite(1);
    const stopped = rig.stopQueues();
    rig.expect("EvtIoRead r1 length=1", "EvtIoWrite q2 r2 length=1", "EvtIoStop begins");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.complete();
    rig.expect("done r2 STATUS_SUCCESS 0", "EvtIoStop of q1 ends");
    expect(stopped.done).toBe(true);
  });
});

describe("EvtIoResume", () => {
  it("is called for every request the driver still has, before anything is presented (Q-127)", () => {
    const rig = owning(2, keep);
    rig.stopQueues();
    rig.lines.length = 0;
    rig.sendRead(3);
    rig.resumeQueues();
    rig.expect("EvtIoResume r1", "EvtIoResume r2", "EvtIoRead r3 length=3");
  });
});
