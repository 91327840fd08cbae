// EvtIoStop and requests that the driver has sent on.

import { describe, expect, it } from "vitest";
import * as wdf from "../../host/ddi";
import { NtStatus } from "../../host/ddi";
import { TargetRig } from "../support/target-rig";

const { SendAndForget } = wdf.WdfRequestSendOption;

interface Parts {
  stop?: (rig: TargetRig, request: wdf.WDFREQUEST) => void;
  cancelable?: boolean;
  /** What the handler does with a read; it keeps it unless this is given. */
  read?: (rig: TargetRig, request: wdf.WDFREQUEST) => void;
}

/** A rig whose queue is told of EvtIoStop. */
function stoppable({ stop, cancelable = false, read }: Parts): TargetRig {
  const rig: TargetRig = new TargetRig({
    lower: { cancelable },
    power: {
      evtDeviceD0Exit: () => {
        rig.say("D0Exit");
        return NtStatus.Success;
      },
    },
    queue: {
      evtIoStop: (_queue, request, flags) => {
        rig.say(`EvtIoStop ${rig.name(request)} flags=0x${flags.toString(16)}`);
        stop?.(rig, request);
      },
      evtIoResume: (_queue, request) => rig.say(`EvtIoResume ${rig.name(request)}`),
      evtIoRead: (_queue, request) => {
        rig.kept.push(request);
        read?.(rig, request);
      },
    },
  });
  return rig;
}

function forget(rig: TargetRig, request: wdf.WDFREQUEST): void {
  wdf.WdfRequestFormatRequestUsingCurrentType(request);
  wdf.WdfRequestSend(request, rig.target, { flags: SendAndForget });
}

describe("EvtIoStop of a request that was sent on", () => {
  it("may answer StopAcknowledge(FALSE): the device powers down, and it is completed in low power (Q-144)", () => {
    const rig = stoppable({ stop: (_rig, request) => wdf.WdfRequestStopAcknowledge(request, false) });
    rig.sendRead(4);
    rig.sendOn();
    rig.expect("below: read 4");
    expect(rig.system.power(rig.device).sleep().done).toBe(true);
    rig.expect("EvtIoStop r1 flags=0x1", "D0Exit");
    rig.answer(NtStatus.Success, 4);
    rig.complete(NtStatus.Success, 4);
    rig.expect("back r1 STATUS_SUCCESS 4", "done r1 STATUS_SUCCESS 4");
  });

  it("may cancel it below: that only asks, and the transition waits for the completion (Q-145)", () => {
    const rig = stoppable({ stop: (_rig, request) => void wdf.WdfRequestCancelSentRequest(request) });
    rig.sendRead(4);
    rig.sendOn();
    const stopped = rig.stopQueues();
    rig.expect("below: read 4", "EvtIoStop r1 flags=0x1");
    expect(stopped.done).toBe(false);
    rig.answer(NtStatus.Cancelled);
    rig.expect("back r1 STATUS_CANCELLED 0");
    expect(stopped.done).toBe(false);
    rig.complete(NtStatus.Cancelled);
    expect(stopped.done).toBe(true);
    rig.expect("done r1 STATUS_CANCELLED 0");
  });

  it("is over when the completion comes within WdfRequestCancelSentRequest (Q-145)", () => {
    const rig = stoppable({
      cancelable: true,
      stop: (self, request) => {
        wdf.WdfRequestSetCompletionRoutine(request, (back) => {
          self.say("back");
          return wdf.WdfRequestComplete(back, NtStatus.Cancelled);
        });
        void wdf.WdfRequestCancelSentRequest(request);
        self.say("EvtIoStop ends");
      },
    });
    rig.sendRead(4);
    rig.sendOn();
    expect(rig.stopQueues().done).toBe(true);
    const stop = ["below: read 4", "EvtIoStop r1 flags=0x1", "below: cancelled"];
    rig.expect(...stop, "back", "done r1 STATUS_CANCELLED 0", "EvtIoStop ends");
  });

  it("is not called for one that was sent and forgotten in its handler (Q-146)", () => {
    const rig = stoppable({ read: forget });
    rig.sendRead(4);
    rig.expect("below: read 4");
    expect(rig.stopQueues().done).toBe(true);
    rig.expectNothingElse();
    rig.answer(NtStatus.Success, 4);
    rig.expect("done r1 STATUS_SUCCESS 4");
  });

  it("may be called for one that another thread is about to send and forget (Q-146)", () => {
    const rig = stoppable({ stop: (self, request) => forget(self, request) });
    rig.sendRead(4);
    expect(rig.stopQueues().done).toBe(true);
    rig.expect("EvtIoStop r1 flags=0x1", "below: read 4");
    rig.answer(NtStatus.Success, 4);
    rig.expect("done r1 STATUS_SUCCESS 4");
  });
});
