// IWDFIoTarget: requests sent to the next driver below, and IRequestCallbackRequestCompletion.

import { describe, expect, it } from "vitest";
import { WdfIoQueueDispatchType, WdfIoTargetState } from "../../bindings/abi";
import type { LowerIrp } from "../../host/lower";
import { HRESULT_FROM_NT, type IRequestCallbackRequestCompletion, NtStatus, type QueueCallbackObject, S_OK } from "../../host/umdf1";
import { UmdfRig, type UmdfOptions } from "../support/umdf-rig";

const { Parallel } = WdfIoQueueDispatchType;

/** A rig that sends each read down, as a generator method, and whose OnCompletion is given. */
function filterRig(completion: (rig: UmdfRig) => IRequestCallbackRequestCompletion, lower: UmdfOptions["lower"], constraint?: 0): UmdfRig {
  return new UmdfRig({
    ...(lower && { lower }),
    init: (init) => constraint !== undefined && init.SetLockingConstraint(constraint),
    device: (device, rig) => {
      const queue: QueueCallbackObject = {
        *OnRead(_queue, request) {
          request.FormatUsingCurrentType();
          request.SetCompletionCallback(completion(rig), "ctx");
          const hr = yield* request.Send(device.GetDefaultIoTarget()!, 0);
          rig.say(`sent ${hr}`);
        },
      };
      device.CreateIoQueue(queue, true, Parallel, false, false);
    },
  });
}

const passOn = (rig: UmdfRig): IRequestCallbackRequestCompletion => ({
  OnCompletion: (request, target, params, context) => {
    const hr = params.GetCompletionStatus();
    rig.say(`OnCompletion ${rig.name(request)} ${target.GetState() === WdfIoTargetState.Started} ${hr} ${params.GetInformation()} ${String(context)}`);
    return request.CompleteWithInformation(hr, params.GetInformation());
  },
});

describe("IWDFIoTarget", () => {
  it("gets a request by Send; OnCompletion gets request, target, parameters and context when it is back", () => {
    const below: LowerIrp[] = [];
    const rig = filterRig(passOn, (irp) => (irp.pend(), void below.push(irp)));
    rig.read(4);
    rig.expect("sent 0");
    below[0].complete(NtStatus.Success, 3);
    rig.expect("OnCompletion r1 true 0 3 ctx", "done r1 STATUS_SUCCESS 3");
  });

  it("that completes at once calls OnCompletion within Send: it is never serialised (K-285)", () => {
    const rig = filterRig(passOn, (irp) => irp.complete(NtStatus.Success, 4));
    rig.read(4);
    rig.expect("OnCompletion r1 true 0 4 ctx", "done r1 STATUS_SUCCESS 4", "sent 0");
  });

  it("that fails a request says so in the completion parameters", () => {
    const rig = filterRig(passOn, (irp) => irp.complete(NtStatus.DeviceNotReady, 0));
    rig.read(4);
    rig.expect(`OnCompletion r1 true ${HRESULT_FROM_NT(NtStatus.DeviceNotReady)} 0 ctx`, "done r1 STATUS_DEVICE_NOT_READY 0", "sent 0");
  });

  it("is asked to give a request up by CancelSentRequest", () => {
    const rig = filterRig(passOn, (irp) => void irp.pend(() => irp.complete(NtStatus.Cancelled)));
    const read = rig.read(4);
    read.cancel();
    rig.expect("sent 0", `OnCompletion r1 true ${HRESULT_FROM_NT(NtStatus.Cancelled)} 0 ctx`, "done r1 STATUS_CANCELLED 0");
  });

  it("may be stopped and started", () => {
    const rig = filterRig(passOn, (irp) => irp.complete(NtStatus.Success, 4));
    const target = rig.run(() => rig.device.GetDefaultIoTarget())!;
    expect(target.QueryInterface("IWDFIoTargetStateManagement")).toBe(target);
    rig.run(() => target.Stop(1));
    expect(rig.run(() => target.GetState())).toBe(WdfIoTargetState.Stopped);
    expect(rig.run(() => target.Start())).toBe(S_OK);
    rig.read(4);
    rig.expect("OnCompletion r1 true 0 4 ctx", "done r1 STATUS_SUCCESS 4", "sent 0");
  });

  it("is the next driver below: what goes on there is not the framework's lock", () => {
    const rig = filterRig(passOn, (irp) => irp.complete(NtStatus.Success, 1), 0);
    rig.read(4);
    rig.expect("OnCompletion r1 true 0 1 ctx", "done r1 STATUS_SUCCESS 1", "sent 0");
  });
});
