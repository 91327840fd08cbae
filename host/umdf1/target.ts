// IWDFIoTarget and IWDFIoTargetStateManagement: the device's default target, which is the next driver below.
//
// Remote targets, files and requests of the driver's own are not there.

import type { WdfIoTargetSentIoAction, WdfIoTargetState } from "../../bindings/abi";
import * as wdf from "../ddi/index";
import type { WDFDEVICE, WDFIOTARGET } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { awaited, inSteps } from "./awaited";
import type { Device } from "./device";
import { type HRESULT, hresultOf } from "./hresult";
import { WdfObject } from "./object";

export class IoTarget extends WdfObject {
  protected readonly interfaces = ["IWDFIoTarget", "IWDFIoTargetStateManagement"];
  readonly handle: WDFIOTARGET;
  private readonly device: Device;

  constructor(device: Device, handle: WDFIOTARGET) {
    super();
    this.device = device;
    this.handle = handle;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.device.handle;
  }

  /** IWDFIoTarget::GetTargetFile: the default target is no file. */
  GetTargetFile(): null {
    return null;
  }

  /** IWDFIoTargetStateManagement::GetState */
  GetState(): WdfIoTargetState {
    return wdf.WdfIoTargetGetState(this.handle);
  }

  /** IWDFIoTargetStateManagement::Start */
  Start(): Suspendable<HRESULT> {
    return inSteps("Start", function* (this: IoTarget) {
      return hresultOf(yield* awaited(wdf.WdfIoTargetStart(this.handle)));
    }.bind(this));
  }

  /** IWDFIoTargetStateManagement::Stop: what becomes of the requests that are out is the action. */
  Stop(Action: WdfIoTargetSentIoAction): Suspendable<void> {
    return wdf.WdfIoTargetStop(this.handle, Action);
  }
}
