// What IWDFDriver::CreateWdfObject makes: an object of the driver's own, below another one, with a context and a cleanup.

import * as wdf from "../ddi/index";
import type { WDFDEVICE, WDFOBJECT } from "../ddi/types";
import { ProtocolError } from "../errors";
import type { Suspendable } from "../suspension";
import { awaited, inSteps } from "./awaited";
import { type HRESULT, S_OK } from "./hresult";
import { WdfObject } from "./object";

export class GeneralObject extends WdfObject {
  protected readonly interfaces: readonly string[] = [];
  handle = 0 as WDFOBJECT;

  protected get lockOwner(): WDFDEVICE {
    throw new ProtocolError("this object has no lock: lock a device or a queue");
  }

  /** IWDFObject::DeleteWdfObject: the driver made it, so it may. */
  override DeleteWdfObject(): Suspendable<HRESULT> {
    return inSteps("DeleteWdfObject", function* (this: GeneralObject) {
      yield* awaited(wdf.WdfObjectDelete(this.handle));
      return S_OK;
    }.bind(this));
  }
}
