// IWDFDeviceInitialize: what a device will be like, until IWDFDriver::CreateDevice makes it.

import { WdfTriState } from "../../bindings/abi";
import { WdfFdoInitSetFilter, type WdfDeviceInit } from "../ddi/index";
import type { HRESULT } from "./hresult";
import { notImplemented } from "./not-implemented";
import { WDF_CALLBACK_CONSTRAINT, type WDF_PNP_CAPABILITY } from "./wudfddi";

export class DeviceInitialize {
  /** The same as the framework knows it. */
  readonly init: WdfDeviceInit;
  constraint = WDF_CALLBACK_CONSTRAINT.WdfDeviceLevel;
  private autoForward = WdfTriState.UseDefault;
  private filter = false;
  /** The driver is the power policy owner; by default it is not. */
  ownsPowerPolicy = false;
  private readonly capabilities = new Map<WDF_PNP_CAPABILITY, WdfTriState>();

  constructor(init: WdfDeviceInit) {
    this.init = init;
  }

  /** IWDFDeviceInitialize::SetLockingConstraint. By default the callbacks of a device run one at a time. */
  SetLockingConstraint(LockType: WDF_CALLBACK_CONSTRAINT): void {
    this.constraint = LockType;
  }

  /** IWDFDeviceInitialize::SetFilter: what the driver has no callback for goes to the next driver. */
  SetFilter(): void {
    this.filter = true;
    WdfFdoInitSetFilter(this.init);
  }

  /** IWDFDeviceInitialize::AutoForwardCreateCleanupClose. By default a filter forwards them, another driver does not. */
  AutoForwardCreateCleanupClose(State: WdfTriState): void {
    this.autoForward = State;
  }

  /** IWDFDeviceInitialize::SetPnpCapability: what the PnP manager is told of the device. Nobody here asks. */
  SetPnpCapability(Capability: WDF_PNP_CAPABILITY, Value: WdfTriState): void {
    this.capabilities.set(Capability, Value);
  }

  /** IWDFDeviceInitialize::GetPnpCapability */
  GetPnpCapability(Capability: WDF_PNP_CAPABILITY): WdfTriState {
    return this.capabilities.get(Capability) ?? WdfTriState.UseDefault;
  }

  /** IWDFDeviceInitialize::SetPowerPolicyOwnership. By default another driver of the stack is the owner. */
  SetPowerPolicyOwnership(fTrue: boolean): void {
    this.ownsPowerPolicy = fTrue;
  }

  RetrieveDeviceInstanceId(): { readonly hr: HRESULT; readonly instanceId: string } {
    return { hr: notImplemented("IWDFDeviceInitialize::RetrieveDeviceInstanceId"), instanceId: "" };
  }

  RetrieveDevicePropertyStore(): { readonly hr: HRESULT; readonly store: null } {
    return { hr: notImplemented("IWDFDeviceInitialize::RetrieveDevicePropertyStore"), store: null };
  }

  /** True when creates do not come to the driver. */
  get forwardsCreates(): boolean {
    return this.autoForward === WdfTriState.UseDefault ? this.filter : this.autoForward === WdfTriState.True;
  }
}
