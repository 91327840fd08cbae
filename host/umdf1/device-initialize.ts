// IWDFDeviceInitialize: what a device will be like, until IWDFDriver::CreateDevice makes it.

import { WdfTriState } from "../../bindings/abi";
import { WdfFdoInitSetFilter, type WdfDeviceInit } from "../ddi/index";
import { WDF_CALLBACK_CONSTRAINT } from "./wudfddi";

export class DeviceInitialize {
  /** The same as the framework knows it. */
  readonly init: WdfDeviceInit;
  constraint = WDF_CALLBACK_CONSTRAINT.WdfDeviceLevel;
  private autoForward = WdfTriState.UseDefault;
  private filter = false;

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

  /** True when creates do not come to the driver. */
  get forwardsCreates(): boolean {
    return this.autoForward === WdfTriState.UseDefault ? this.filter : this.autoForward === WdfTriState.True;
  }
}
