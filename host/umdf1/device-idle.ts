// IWDFDevice2 about idling: a device that leaves D0 while the system works. Only the power policy owner has a say, which a UMDF 1
// driver is when it has asked for that (IWDFDeviceInitialize::SetPowerPolicyOwnership).

import {
  type DevicePowerState,
  NtStatus,
  WdfPowerPolicyIdleTimeoutType,
  type WdfPowerPolicyS0IdleCapabilities,
  WdfTriState,
} from "../../bindings/abi";
import * as wdf from "../ddi/index";
import type { WDFDEVICE } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { awaited, immediate, inSteps } from "./awaited";
import { DeviceLimits } from "./device-limits";
import { E_INVALIDARG, type HRESULT, HRESULT_FROM_NT, hresultOf } from "./hresult";

export abstract class IdlingDevice extends DeviceLimits {
  abstract handle: WDFDEVICE;
  /** The driver owns the device's power policy. */
  abstract readonly ownsPowerPolicy: boolean;

  /** IWDFDevice2::AssignS0IdleSettings. The timeout is in milliseconds, 0 for five seconds. */
  AssignS0IdleSettings(
    IdleCaps: WdfPowerPolicyS0IdleCapabilities,
    DxState: DevicePowerState,
    IdleTimeout: number,
    UserControlOfIdleSettings: number,
    Enabled: WdfTriState,
  ): Suspendable<HRESULT> {
    return this.asOwner("AssignS0IdleSettings", () =>
      wdf.WdfDeviceAssignS0IdleSettings(this.handle, {
        idleCaps: IdleCaps,
        dxState: DxState,
        idleTimeout: IdleTimeout,
        userControlOfIdleSettings: UserControlOfIdleSettings,
        enabled: Enabled,
        powerUpIdleDeviceOnSystemWake: WdfTriState.UseDefault,
        idleTimeoutType: WdfPowerPolicyIdleTimeoutType.DriverManaged,
      }),
    );
  }

  /** IWDFDevice2::StopIdle: keeps the device in D0, or brings it there, until {@link ResumeIdle} is called as often. */
  StopIdle(WaitForD0: boolean): Suspendable<HRESULT> {
    return this.asOwner("StopIdle", () => wdf.WdfDeviceStopIdle(this.handle, WaitForD0));
  }

  /** IWDFDevice2::ResumeIdle */
  ResumeIdle(): void {
    wdf.WdfDeviceResumeIdle(this.handle);
  }

  private asOwner(name: string, call: () => Suspendable<NtStatus>): Suspendable<HRESULT> {
    if (!this.ownsPowerPolicy) return immediate(name, HRESULT_FROM_NT(NtStatus.InvalidDeviceRequest));
    return inSteps(name, function* () {
      const status = yield* awaited(call());
      return status === NtStatus.InvalidParameter ? E_INVALIDARG : hresultOf(status);
    });
  }
}
