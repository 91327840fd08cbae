// WdfRequestMarkCancelable(Ex), UnmarkCancelable and IsCanceled.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_CANCELLED,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  WdfExecutionLevel,
  WdfIoQueueDispatchType,
  WdfIoQueueFindRequest,
  WdfIoQueuePurge,
  WdfObjectDereference,
  WdfRequestComplete,
  WdfRequestForwardToIoQueue,
  WdfRequestGetInformation,
  WdfRequestIsCanceled,
  WdfRequestMarkCancelable,
  WdfRequestMarkCancelableEx,
  WdfRequestUnmarkCancelable,
  WdfSynchronizationScope,
  type EvtRequestCancel,
  type WDFREQUEST,
} from "../../host/ddi";
import { Rig, type RigOptions, type SentIrp } from "../support/rig";

const { Manual } = WdfIoQueueDispatchType;

/** A rig whose driver has a read. */
function owning(options: RigOptions = {}): { rig: Rig; request: WDFREQUEST; read: SentIrp } {
  const rig = new Rig(options);
  const read = rig.sendRead(1);
  rig.expect("EvtIoRead r1 length=1");
  return { rig, request: rig.request, read };
}

/** The same with the read marked cancelable. */
function marked(options: RigOptions = {}, evtRequestCancel?: EvtRequestCancel) {
  const all = owning(options);
  all.rig.run(() => WdfRequestMarkCancelable(all.request, evtRequestCancel ?? all.rig.evtRequestCancel));
  return all;
}

/** What both ways to mark a request have in common. */
function marks(mark: typeof WdfRequestMarkCancelable | typeof WdfRequestMarkCancelableEx, refusal: string): void {
  it("makes a cancellation by the sender call EvtRequestCancel; the driver then completes the request", () => {
    const { rig, request, read } = owning();
    rig.run(() => mark(request, rig.evtRequestCancel));
    read.cancel();
    rig.complete(STATUS_CANCELLED);
    rig.expect("EvtRequestCancel r1", "done r1 STATUS_CANCELLED 0");
  });

  it("without a callback is the Stop WDF_REQUIRED_PARAMETER_IS_NULL (Q-206)", () => {
    const { rig, request } = owning();
    rig.expectStop(() => mark(request, null as never), WdfViolation.RequiredParameterIsNull);
  });

  it("breaks and changes nothing for a request that is marked already (VF-28)", () => {
    const { rig, request, read } = marked();
    rig.tell(() => mark(request, () => rig.say("second")));
    read.cancel();
    rig.expect(refusal, "EvtRequestCancel r1");
    rig.expectFindings(FindingId.IsCancelable);
  });

  it("breaks and changes nothing for a request the driver has given away (VF-28)", () => {
    const { rig, request, read } = owning();
    const manual = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    rig.run(() => WdfRequestForwardToIoQueue(request, manual));
    rig.tell(() => mark(request, rig.evtRequestCancel));
    read.cancel();
    rig.expect(refusal, "done r1 STATUS_CANCELLED 0");
    rig.expectFindings(FindingId.NotOwned);
  });

  it("breaks and changes nothing for a request without a queue (VF-27)", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (_device, request) => rig.say(rig.returned(mark(request, rig.evtRequestCancel))),
    });
    rig.sendRead(1).cancel();
    rig.expect(refusal);
    rig.expectFindings(FindingId.NoQueue);
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const { rig } = owning();
    const call = () => mark(rig.queue as never, rig.evtRequestCancel);
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
}

describe("WdfRequestMarkCancelable", () => {
  marks(WdfRequestMarkCancelable, "returned");

  it("calls EvtRequestCancel before it returns when the sender has cancelled already (Q-168)", () => {
    const { rig, request, read } = owning();
    read.cancel();
    rig.tell(() => WdfRequestMarkCancelable(request, rig.evtRequestCancel));
    rig.expect("EvtRequestCancel r1", "returned");
  });

  it("inside a handler of the queue leaves that to when the handler has returned (Q-168)", () => {
    const rig: Rig = new Rig({
      queue: {
        evtIoRead: (_queue, request) => {
          rig.say(rig.returned(WdfRequestMarkCancelable(request, rig.evtRequestCancel)));
          rig.say("handler returns");
        },
      },
    });
    rig.sendRead(1, { canceled: true });
    rig.expect("returned", "handler returns", "EvtRequestCancel r1");
  });

  it("calls EvtRequestCancel after a purge, until the purge is complete (Q-114)", () => {
    const { rig, request } = owning();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.tell(() => WdfRequestMarkCancelable(request, rig.evtRequestCancel));
    rig.expect("EvtRequestCancel r1", "returned");
  });
});

describe("WdfRequestMarkCancelableEx", () => {
  marks(WdfRequestMarkCancelableEx, "returned STATUS_INVALID_DEVICE_REQUEST");

  it("says STATUS_SUCCESS for a request it has marked", () => {
    const { rig, request } = owning();
    expect(rig.run(() => WdfRequestMarkCancelableEx(request, rig.evtRequestCancel))).toBe(STATUS_SUCCESS);
  });

  it("says STATUS_CANCELLED when the sender has cancelled already; the callback is not called (Q-167)", () => {
    const { rig, request, read } = owning();
    read.cancel();
    rig.tell(() => WdfRequestMarkCancelableEx(request, rig.evtRequestCancel));
    rig.complete(STATUS_CANCELLED);
    rig.expect("returned STATUS_CANCELLED", "done r1 STATUS_CANCELLED 0");
  });

  it("says STATUS_CANCELLED after a purge, until the purge is complete (Q-114)", () => {
    const { rig, request } = owning();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.tell(() => WdfRequestMarkCancelableEx(request, rig.evtRequestCancel));
    rig.expect("returned STATUS_CANCELLED");
  });

  it("inside EvtRequestCancel breaks and refuses (A-4)", () => {
    const { rig, read } = marked({}, (request) => {
      const result: unknown = WdfRequestMarkCancelableEx(request, () => {});
      rig.say(rig.returned(result));
    });
    read.cancel();
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.IsCancelable);
  });
});

describe("EvtRequestCancel", () => {
  it("may complete the request itself; the handle is good until the callback has returned (Q-175)", () => {
    const { rig, read } = marked({}, (request) => {
      WdfRequestComplete(request, STATUS_CANCELLED);
      rig.say(`still there, ${WdfRequestGetInformation(request)}`);
    });
    read.cancel();
    rig.expect("done r1 STATUS_CANCELLED 0", "still there, 0");
    rig.expectFindings(FindingId.ParametersCompleted);
  });

  it("waits while a handler of the queue runs, on a parallel queue as well (Q-173)", () => {
    const { rig, read } = marked({
      queue: {
        keep: ["Read"],
        evtIoWrite: () => {
          rig.cancelInside(read);
          rig.say("handler returns");
        },
      },
    });
    rig.sendWrite(1);
    rig.expect("handler returns", "EvtRequestCancel r1");
  });

  it("runs under the synchronization lock of the queue (Q-172)", () => {
    const attributes = { synchronizationScope: WdfSynchronizationScope.Queue };
    const { rig, read } = marked({ attributes }, () => rig.say(`at ${Irql[rig.level]}`));
    read.cancel();
    rig.expect("at Dispatch");
  });

  it("runs at PASSIVE_LEVEL for a passive queue, whoever cancels (Q-172)", () => {
    const attributes = { executionLevel: WdfExecutionLevel.Passive };
    const { rig, read } = marked({ attributes }, () => rig.say(`at ${Irql[rig.level]}`));
    rig.tell(() => rig.cancelInside(read), Irql.Dispatch);
    rig.expect("returned", "at Passive");
  });
});

describe("WdfRequestUnmarkCancelable", () => {
  it("says STATUS_SUCCESS and takes the mark back: a cancellation calls nobody (Q-169)", () => {
    const { rig, request, read } = marked();
    expect(rig.run(() => WdfRequestUnmarkCancelable(request))).toBe(STATUS_SUCCESS);
    read.cancel();
    rig.expectNothingElse();
  });

  it("lets the request be marked again", () => {
    const { rig, request, read } = marked();
    rig.run(() => WdfRequestUnmarkCancelable(request));
    rig.tell(() => WdfRequestMarkCancelableEx(request, rig.evtRequestCancel));
    read.cancel();
    rig.expect("returned STATUS_SUCCESS", "EvtRequestCancel r1");
  });

  it("says STATUS_CANCELLED once EvtRequestCancel has been called (Q-170)", () => {
    const { rig, request, read } = marked();
    read.cancel();
    rig.tell(() => WdfRequestUnmarkCancelable(request));
    rig.expect("EvtRequestCancel r1", "returned STATUS_CANCELLED");
  });

  it("says STATUS_CANCELLED inside EvtRequestCancel, each time (Q-170, A-4)", () => {
    const { rig, read } = marked({}, (request) => {
      for (let i = 0; i < 2; i++) rig.say(rig.returned(WdfRequestUnmarkCancelable(request)));
    });
    read.cancel();
    rig.expect("returned STATUS_CANCELLED", "returned STATUS_CANCELLED");
  });

  it("says STATUS_CANCELLED when EvtRequestCancel is due but has not been called (Q-169)", () => {
    const { rig, request, read } = marked({
      queue: {
        keep: ["Read"],
        evtIoWrite: () => {
          rig.cancelInside(read);
          rig.say(rig.returned(WdfRequestUnmarkCancelable(request)));
        },
      },
    });
    rig.sendWrite(1);
    rig.expect("returned STATUS_CANCELLED", "EvtRequestCancel r1");
  });

  it("breaks and says STATUS_INVALID_DEVICE_REQUEST for a request that is not marked (Q-171)", () => {
    const { rig, request } = owning();
    expect(rig.run(() => WdfRequestUnmarkCancelable(request))).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(FindingId.NotCancelable);
  });

  it("says STATUS_CANCELLED for such a request when no verifier looks (Q-171)", () => {
    const { rig, request } = owning({ verifier: false });
    expect(rig.run(() => WdfRequestUnmarkCancelable(request))).toBe(STATUS_CANCELLED);
  });

  it("breaks and refuses a request the driver has given away (VF-29)", () => {
    const { rig, request } = owning();
    const manual = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    rig.run(() => WdfRequestForwardToIoQueue(request, manual));
    expect(rig.run(() => WdfRequestUnmarkCancelable(request))).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(FindingId.NotOwned);
  });

  it("breaks and refuses a request without a queue (VF-27)", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (_device, request) => rig.say(rig.returned(WdfRequestUnmarkCancelable(request))),
    });
    rig.sendRead(1);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NoQueue);
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const { rig } = owning();
    const call = () => WdfRequestUnmarkCancelable(rig.queue as never);
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
});

describe("WdfRequestIsCanceled", () => {
  it("is FALSE until the sender cancels, TRUE from then on (Q-174)", () => {
    const { rig, request, read } = owning();
    rig.tell(() => WdfRequestIsCanceled(request));
    read.cancel();
    rig.tell(() => WdfRequestIsCanceled(request));
    rig.expect("returned false", "returned true");
  });

  it("is FALSE after a purge that found no mark (C-2)", () => {
    const { rig, request } = owning();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    expect(rig.run(() => WdfRequestIsCanceled(request))).toBe(false);
  });

  it("breaks and is FALSE for a request that is marked cancelable (Q-174)", () => {
    const { rig, request } = marked();
    expect(rig.run(() => WdfRequestIsCanceled(request))).toBe(false);
    rig.expectFindings(FindingId.IsCancelable);
  });

  it("breaks and is FALSE inside EvtRequestCancel (A-4)", () => {
    const { rig, read } = marked({}, (request) => rig.say(`canceled ${WdfRequestIsCanceled(request)}`));
    read.cancel();
    rig.expect("canceled false");
    rig.expectFindings(FindingId.IsCancelable);
  });

  it("breaks and is FALSE for a request the driver does not own (VF-30)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    const { request } = rig.run(() => WdfIoQueueFindRequest(rig.queue));
    expect(rig.run(() => WdfRequestIsCanceled(request))).toBe(false);
    rig.expectFindings(FindingId.NotOwned);
    rig.run(() => WdfObjectDereference(request));
  });

  it("of a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const { rig } = owning();
    rig.expectStop(() => WdfRequestIsCanceled(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Request);
  });
});
