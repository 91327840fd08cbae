// IWDFRemoteTarget: a target the driver opens by name, which is a device of another stack.
//
//   CreateRemoteTarget ─▶ closed ─OpenFileByName─▶ open ─Close─▶ closed
//                                                   │ CloseForQueryRemove      ▲
//                                                   ▼                          │
//                                              closed for a while ─Reopen─▶ open

import { NtStatus, WdfIoTargetOpenType } from "../../bindings/abi";
import * as wdf from "../ddi/index";
import type { Suspendable } from "../suspension";
import { awaited, inSteps } from "./awaited";
import { type HRESULT, S_OK, hresultOf } from "./hresult";
import { IoTarget } from "./target";

export class RemoteTarget extends IoTarget {
  protected override readonly interfaces = ["IWDFRemoteTarget", "IWDFIoTarget", "IWDFIoTargetStateManagement"];
  protected override readonly wantsFile = false;
  /** What it was opened as. */
  private name = "";

  /** IWDFRemoteTarget::OpenFileByName. The access asked for is granted: nobody is refused anything here. */
  OpenFileByName(pszFileName: string, _DesiredAccess: number): Suspendable<HRESULT> {
    return inSteps("OpenFileByName", function* (this: RemoteTarget) {
      const hr = hresultOf(yield* awaited(this.open(WdfIoTargetOpenType.ByName, pszFileName)));
      if (hr >= 0) this.name = pszFileName;
      return hr;
    }.bind(this));
  }

  private open(type: WdfIoTargetOpenType, targetDeviceName: string): Suspendable<NtStatus> {
    return wdf.WdfIoTargetOpen(this.handle, { type, targetDeviceName });
  }

  /** IWDFRemoteTarget::Close: what waits in it fails, what is out is cancelled and waited for. */
  Close(): Suspendable<void> {
    return wdf.WdfIoTargetClose(this.handle);
  }

  /** IWDFRemoteTarget::CloseForQueryRemove: the same until {@link Reopen}. */
  CloseForQueryRemove(): Suspendable<HRESULT> {
    return inSteps("CloseForQueryRemove", function* (this: RemoteTarget) {
      yield* awaited(wdf.WdfIoTargetCloseForQueryRemove(this.handle));
      return S_OK;
    }.bind(this));
  }

  /** IWDFRemoteTarget::Reopen: what it was opened as before. */
  Reopen(): Suspendable<HRESULT> {
    return inSteps("Reopen", function* (this: RemoteTarget) {
      return hresultOf(yield* awaited(this.open(WdfIoTargetOpenType.Reopen, this.name)));
    }.bind(this));
  }

  /** IWDFObject::DeleteWdfObject: the driver made it, so it may. */
  override DeleteWdfObject(): Suspendable<HRESULT> {
    return inSteps("DeleteWdfObject", function* (this: RemoteTarget) {
      yield* awaited(wdf.WdfObjectDelete(this.handle));
      return S_OK;
    }.bind(this));
  }
}
