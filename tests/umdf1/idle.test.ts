// IWDFDevice2: idling. The framework's part is shown by tests/ddi/device-idle.test.ts.

import { describe, expect, it } from "vitest";
import { DevicePowerState, WdfIoQueueDispatchType, WdfPowerPolicyS0IdleCapabilities } from "../../bindings/abi";
import { E_INVALIDARG, HRESULT_FROM_NT, type IWDFIoRequest, NtStatus, S_OK, WdfTriState } from "../../host/umdf1";
import { UmdfRig } from "../support/umdf-rig";

const { CannotWakeFromS0 } = WdfPowerPolicyS0IdleCapabilities;
const SECOND = 1000;

/** A device that says when it enters and leaves D0, and completes reads. */
function idling(owner: boolean): UmdfRig {
  const made: { rig?: UmdfRig } = {};
  const say = (line: string): number => (made.rig?.say(line), S_OK);
  made.rig = new UmdfRig({
    init: (init) => init.SetPowerPolicyOwnership(owner),
    callbacks: {
      OnD0Entry: () => say("OnD0Entry"),
      OnD0Exit: () => say("OnD0Exit"),
      OnSurpriseRemoval: () => {},
      OnQueryRemove: () => S_OK,
      OnQueryStop: () => S_OK,
    },
    device: (device) => {
      const OnRead = (_queue: unknown, request: IWDFIoRequest): void => void request.Complete(S_OK);
      device.CreateIoQueue({ OnRead }, true, WdfIoQueueDispatchType.Parallel, true, false);
    },
  });
  return made.rig;
}

const assign = (rig: UmdfRig, timeout = SECOND): unknown =>
  rig.run(() => rig.device.AssignS0IdleSettings(CannotWakeFromS0, DevicePowerState.D3, timeout, 1, WdfTriState.True));

describe("IWDFDevice2::AssignS0IdleSettings", () => {
  it("lets the device leave D0 after its timeout; a read brings it back", () => {
    const rig = idling(true);
    expect(assign(rig)).toBe(S_OK);
    rig.system.advance(SECOND);
    rig.expect("OnD0Exit");
    rig.read();
    rig.expect("OnD0Entry", "done r1 STATUS_SUCCESS 0");
  });

  it("is for the power policy owner: HRESULT_FROM_NT(STATUS_INVALID_DEVICE_REQUEST) for any other driver", () => {
    const rig = idling(false);
    expect(assign(rig)).toBe(HRESULT_FROM_NT(NtStatus.InvalidDeviceRequest));
    expect(rig.run(() => rig.device.StopIdle(false))).toBe(HRESULT_FROM_NT(NtStatus.InvalidDeviceRequest));
  });

  it("of a state that is none is E_INVALIDARG", () => {
    const rig = idling(true);
    expect(rig.run(() => rig.device.AssignS0IdleSettings(CannotWakeFromS0, 99 as DevicePowerState, 0, 1, WdfTriState.True))).toBe(E_INVALIDARG);
  });
});

describe("IWDFDevice2::StopIdle and ResumeIdle", () => {
  it("keep the device in D0 between them", () => {
    const rig = idling(true);
    assign(rig);
    expect(rig.run(() => rig.device.StopIdle(false))).toBe(S_OK);
    rig.system.advance(10 * SECOND);
    rig.expect();
    rig.run(() => rig.device.ResumeIdle());
    rig.system.advance(SECOND);
    rig.expect("OnD0Exit");
  });
});
