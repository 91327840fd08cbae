// Without the verifier a driver may move a request that it has marked cancelable. The mark does not travel.

import { describe, expect, it } from "vitest";
import {
  type WDFQUEUE,
  WdfIoQueueDispatchType,
  WdfIoQueuePurge,
  WdfIoQueueRetrieveNextRequest,
  WdfRequestForwardToIoQueue,
  WdfRequestMarkCancelable,
  WdfRequestRequeue,
} from "../host/ddi";
import { Rig } from "./support/rig";

/** A default queue whose requests are kept, and a manual one. */
function rigWithManual(): { rig: Rig; manual: WDFQUEUE; good: () => number } {
  let manual!: WDFQUEUE;
  const more = (_device: unknown, rig: Rig): void => void ({ queue: manual } = rig.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual }));
  const rig = new Rig({ verifier: false, rules: false, more });
  return { rig, manual, good: () => rig.system.machine.exports.checkInvariants() };
}

describe("a marked request that is moved without the verifier", () => {
  it("is cancelled where it waits, and its old queue forgets it", () => {
    const { rig, manual, good } = rigWithManual();
    const read = rig.sendRead(1);
    rig.run(() => WdfRequestMarkCancelable(rig.request, () => rig.say("EvtRequestCancel")));
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, manual));
    expect(good()).toBe(0);
    read.cancel();
    expect(good()).toBe(0);
    rig.sendRead(2);
    rig.run(() => WdfRequestMarkCancelable(rig.request, () => rig.say("EvtRequestCancel")));
    rig.run(() => WdfIoQueuePurge(rig.queue));
    expect(good()).toBe(0);
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_CANCELLED 0", "EvtIoRead r2 length=2", "EvtRequestCancel");
  });

  it("is not called back by a purge of its old queue", () => {
    const { rig, manual, good } = rigWithManual();
    rig.sendRead(1);
    rig.run(() => WdfRequestMarkCancelable(rig.request, () => rig.say("EvtRequestCancel")));
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, manual));
    rig.run(() => WdfIoQueuePurge(rig.queue));
    rig.expect("EvtIoRead r1 length=1");
    expect(good()).toBe(0);
  });

  it("loses its mark by being requeued, too", () => {
    const { rig, manual, good } = rigWithManual();
    const read = rig.sendRead(1);
    rig.run(() => WdfRequestForwardToIoQueue(rig.request, manual));
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(manual));
    rig.run(() => WdfRequestMarkCancelable(request, () => rig.say("EvtRequestCancel")));
    rig.run(() => WdfRequestRequeue(request));
    expect(good()).toBe(0);
    read.cancel();
    expect(good()).toBe(0);
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_CANCELLED 0");
  });
});
