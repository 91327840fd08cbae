// EvtIoStop for requests that the driver has sent on: to the driver below, and to be forgotten (seed 003).

import { describe, expect, it } from "vitest";
import { NtStatus, WdfIoQueueDispatchType, WdfRequestSendOption, WdfRequestStopAction, WdfRequestType, WdfTriState } from "../bindings/abi";
import * as wdf from "../host/ddi";
import type { RigOptions } from "./support/rig";
import { Rig } from "./support/rig";
import { type Below, TargetRig } from "./support/target-rig";

const { SendAndForget } = WdfRequestSendOption;
const managed = { powerManaged: WdfTriState.True };

/** A driver that keeps reads; `stop` is its EvtIoStop. */
function stopRig(stop: (rig: TargetRig, request: wdf.WDFREQUEST) => void, lower: Below = {}, more: RigOptions = {}): TargetRig {
  const rig: TargetRig = new TargetRig({
    lower,
    ...more,
    queue: {
      ...managed,
      evtIoStop: (_queue, request, flags) => {
        rig.say(`EvtIoStop ${rig.name(request)}${(flags & WdfRequestStopAction.Suspend) === 0 ? "" : " suspend"}`);
        stop(rig, request);
      },
      evtIoResume: (_queue, request) => rig.say(`EvtIoResume ${rig.name(request)}`),
      ...more.queue,
    },
    power: {
      evtDeviceD0Exit: () => (rig.say("D0Exit"), NtStatus.Success),
      evtDeviceReleaseHardware: () => (rig.say("Release"), NtStatus.Success),
    },
  });
  return rig;
}

/** It completes what comes back with what it came back with. */
function completesWhenBack(rig: TargetRig, request = rig.request): void {
  rig.run(() => {
    wdf.WdfRequestFormatRequestUsingCurrentType(request);
    wdf.WdfRequestSetCompletionRoutine(request, (sent, _target, { ioStatus }) => {
      rig.say(`back ${rig.name(sent)}`);
      wdf.WdfRequestComplete(sent, ioStatus.status);
    });
    wdf.WdfRequestSend(request, rig.target);
  });
}

describe("WdfRequestStopAcknowledge(FALSE) for a request sent to the driver below (Q-144)", () => {
  it("the device powers down with it outstanding; its completion routine completes it in low power", () => {
    const rig = stopRig((_rig, request) => wdf.WdfRequestStopAcknowledge(request, false));
    rig.receive();
    completesWhenBack(rig);
    rig.lines.length = 0;
    const power = rig.system.power(rig.device);
    expect(power.sleep().done).toBe(true);
    rig.expect("EvtIoStop r1 suspend", "D0Exit");
    rig.answer(NtStatus.Success);
    rig.expect("back r1", "done r1 STATUS_SUCCESS 0");
    power.wake();
    rig.expectNothingElse();
  });

  it("one that is still out in D0 is the driver's again: EvtIoResume", () => {
    const rig = stopRig((_rig, request) => wdf.WdfRequestStopAcknowledge(request, false));
    rig.receive();
    completesWhenBack(rig);
    rig.system.power(rig.device).sleep();
    rig.lines.length = 0;
    rig.system.power(rig.device).wake();
    rig.expect("EvtIoResume r1");
    rig.answer();
    rig.expect("back r1", "done r1 STATUS_SUCCESS 0");
  });

  it("the driver below stops its requests on the set-power IRP: its own EvtIoStop takes the request back until it wakes", () => {
    const lower: Rig = new Rig({
      queue: {
        ...managed,
        evtIoStop: (_queue, request) => {
          lower.say("below: EvtIoStop");
          lower.kept.pop();
          wdf.WdfRequestStopAcknowledge(request, true);
        },
      },
    });
    const upper = lower.system.addDevice(
      {
        name: "upper",
        evtDriverDeviceAdd(_driver, init) {
          const { device } = wdf.WdfDeviceCreate(init);
          return wdf.WdfIoQueueCreate(device, {
            ...wdf.WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Parallel),
            ...managed,
            defaultQueue: true,
            evtIoRead(_queue, request) {
              wdf.WdfRequestFormatRequestUsingCurrentType(request);
              wdf.WdfRequestSetCompletionRoutine(request, (sent, _target, { ioStatus }) => {
                lower.say("above: back");
                wdf.WdfRequestComplete(sent, ioStatus.status);
              });
              wdf.WdfRequestSend(request, wdf.WdfDeviceGetIoTarget(device));
            },
            evtIoStop(_queue, request) {
              lower.say("above: EvtIoStop");
              wdf.WdfRequestStopAcknowledge(request, false);
            },
          }).status;
        },
      },
      { above: lower.device },
    ).handle;
    const { system } = lower;
    system.input(() =>
      system.send(upper, { major: WdfRequestType.Read, outputLength: 4, file: 0 }, (status) => lower.lines.push(`done ${status}`)),
    );
    lower.lines.length = 0;
    expect(system.power(upper).sleep().done).toBe(true);
    expect(system.power(lower.device).sleep().done).toBe(true);
    lower.expect("above: EvtIoStop", "below: EvtIoStop");
    system.power(lower.device).wake();
    expect(lower.kept).toHaveLength(1);
    lower.complete();
    expect(lower.lines.splice(0).slice(-2)).toEqual(["above: back", "done 0"]);
    system.power(upper).wake();
  });
});

describe("WdfRequestCancelSentRequest in EvtIoStop (Q-145)", () => {
  it("only asks: the transition waits until the request is back and completed", () => {
    const rig = stopRig((_rig, request) => void wdf.WdfRequestCancelSentRequest(request));
    rig.receive();
    completesWhenBack(rig);
    rig.lines.length = 0;
    const sleep = rig.system.power(rig.device).sleep();
    rig.expect("EvtIoStop r1 suspend");
    expect(sleep.done).toBe(false);
    rig.answer(NtStatus.Cancelled);
    rig.expect("back r1", "done r1 STATUS_CANCELLED 0", "D0Exit");
    expect(sleep.done).toBe(true);
  });

  it("the completion may come within the call", () => {
    const rig = stopRig(
      (self, request) => {
        wdf.WdfRequestCancelSentRequest(request);
        self.say("EvtIoStop returns");
      },
      { cancelable: true },
    );
    rig.receive();
    completesWhenBack(rig);
    rig.lines.length = 0;
    expect(rig.system.power(rig.device).sleep().done).toBe(true);
    rig.expect("EvtIoStop r1 suspend", "below: cancelled", "back r1", "done r1 STATUS_CANCELLED 0", "EvtIoStop returns", "D0Exit");
  });

  it("the same on removal", () => {
    const rig = stopRig((_rig, request) => void wdf.WdfRequestCancelSentRequest(request), { cancelable: true });
    rig.receive();
    completesWhenBack(rig);
    rig.lines.length = 0;
    expect(rig.system.power(rig.device).remove().done).toBe(true);
    rig.expect("EvtIoStop r1 suspend", "below: cancelled", "back r1", "done r1 STATUS_CANCELLED 0", "D0Exit", "Release");
  });
});

describe("WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET (Q-146)", () => {
  const forget = (rig: TargetRig, request: wdf.WDFREQUEST): void => {
    wdf.WdfRequestFormatRequestUsingCurrentType(request);
    wdf.WdfRequestSend(request, rig.target, { flags: SendAndForget });
  };

  it("in the request's handler: there is no EvtIoStop, and the device does not wait for it", () => {
    const rig = stopRig(() => {}, {}, { queue: { evtIoRead: (_queue, request) => forget(rig, request) } });
    rig.sendRead(4);
    rig.lines.length = 0;
    expect(rig.system.power(rig.device).sleep().done).toBe(true);
    rig.expect("D0Exit");
    rig.answer();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("from another thread: EvtIoStop may be called, if it comes before the request is sent", () => {
    const rig = stopRig(() => {});
    rig.receive();
    rig.lines.length = 0;
    const sleep = rig.system.power(rig.device).sleep();
    rig.expect("EvtIoStop r1 suspend");
    expect(sleep.done).toBe(false);
    rig.run(() => forget(rig, rig.request));
    rig.expect("below: read 4", "D0Exit");
    expect(sleep.done).toBe(true);
    rig.answer();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });
});
