// What of UMDF 1 is not there says so: E_NOTIMPL, and a finding that names the method.

import { describe, expect, it } from "vitest";
import { FindingId, WdfIoQueueDispatchType, WdfTriState } from "../../bindings/abi";
import { E_NOTIMPL, type HRESULT, WDF_PNP_CAPABILITY } from "../../host/umdf1";
import { DeviceLimits } from "../../host/umdf1/device-limits";
import { UmdfRig } from "../support/umdf-rig";

const METHODS = Object.getOwnPropertyNames(DeviceLimits.prototype).filter((name) => name !== "constructor");

describe("IWDFDevice", () => {
  it.each(METHODS)("%s is not there yet", (name) => {
    const rig = new UmdfRig({ device: () => {} });
    const answer = rig.run(() => (rig.device as unknown as Record<string, () => unknown>)[name]()) as HRESULT | { hr: HRESULT } | undefined;
    if (answer !== undefined) expect(typeof answer === "object" ? answer.hr : answer).toBe(E_NOTIMPL);
    expect(rig.system.findings.at(-1)!.message).toMatch(new RegExp(`^UMDF 1: this method is not there yet.*::${name}\\)$`));
    rig.expectFindings(FindingId.Umdf1NotImplemented);
  });

  it("GetDefaultIoQueue is NULL until there is one", () => {
    const rig = new UmdfRig({
      device: (device) => {
        expect(device.GetDefaultIoQueue()).toBeNull();
        device.CreateIoQueue({ OnRead: () => {} }, true, WdfIoQueueDispatchType.Parallel, false, false);
      },
    });
    expect(rig.run(() => rig.device.GetDefaultIoQueue()!.GetDevice())).toBe(rig.device);
  });
});

describe("IWDFDeviceInitialize", () => {
  it("keeps PnP capabilities, and says what it cannot tell", () => {
    const rig = new UmdfRig({
      init: (init) => {
        expect(init.GetPnpCapability(WDF_PNP_CAPABILITY.WdfPnpCapRemovable)).toBe(WdfTriState.UseDefault);
        init.SetPnpCapability(WDF_PNP_CAPABILITY.WdfPnpCapRemovable, WdfTriState.True);
        expect(init.GetPnpCapability(WDF_PNP_CAPABILITY.WdfPnpCapRemovable)).toBe(WdfTriState.True);
        init.SetPowerPolicyOwnership(true);
        expect([init.RetrieveDeviceInstanceId().hr, init.RetrieveDevicePropertyStore().hr]).toEqual([E_NOTIMPL, E_NOTIMPL]);
      },
    });
    rig.expectFindings(FindingId.Umdf1NotImplemented, FindingId.Umdf1NotImplemented);
  });
});
