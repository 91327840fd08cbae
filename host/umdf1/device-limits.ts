// Members of IWDFDevice and IWDFDevice2 that are not there yet. Each answers E_NOTIMPL, and a finding names it.
//
//   files of the driver's own                CreateWdfFile
//   device interfaces                        CreateDeviceInterface, AssignDeviceInterfaceState
//   names, property stores, events           RetrieveDeviceInstanceId, RetrieveDeviceName, RetrieveDevicePropertyStore, PostEvent
//   the driver's say in its PnP state        SetPnpState, GetPnpState, CommitPnpState
//   remote interfaces                        CreateRemoteInterface, RegisterRemoteInterfaceNotification
//   waking the system                        AssignSxWakeSettings

import type { HRESULT } from "./hresult";
import { notImplemented } from "./not-implemented";
import { WdfObject } from "./object";

export abstract class DeviceLimits extends WdfObject {
  CreateWdfFile(_pcwszFileName: string | null): { readonly hr: HRESULT; readonly file: null } {
    return { hr: notImplemented("IWDFDevice::CreateWdfFile"), file: null };
  }

  CreateDeviceInterface(_pDeviceInterfaceGuid: string, _pReferenceString: string | null): HRESULT {
    return notImplemented("IWDFDevice::CreateDeviceInterface");
  }

  AssignDeviceInterfaceState(_pDeviceInterfaceGuid: string, _pReferenceString: string | null, _Enable: boolean): HRESULT {
    return notImplemented("IWDFDevice::AssignDeviceInterfaceState");
  }

  RetrieveDeviceInstanceId(): { readonly hr: HRESULT; readonly instanceId: string } {
    return { hr: notImplemented("IWDFDevice::RetrieveDeviceInstanceId"), instanceId: "" };
  }

  RetrieveDeviceName(): { readonly hr: HRESULT; readonly deviceName: string } {
    return { hr: notImplemented("IWDFDevice::RetrieveDeviceName"), deviceName: "" };
  }

  RetrieveDevicePropertyStore(): { readonly hr: HRESULT; readonly store: null } {
    return { hr: notImplemented("IWDFDevice::RetrieveDevicePropertyStore"), store: null };
  }

  PostEvent(_EventGuid: string, _EventType: number, _pbData: Uint8Array): HRESULT {
    return notImplemented("IWDFDevice::PostEvent");
  }

  SetPnpState(_State: number, _Value: number): void {
    notImplemented("IWDFDevice::SetPnpState");
  }

  GetPnpState(_State: number): { readonly hr: HRESULT; readonly value: number } {
    return { hr: notImplemented("IWDFDevice::GetPnpState"), value: 0 };
  }

  CommitPnpState(): HRESULT {
    return notImplemented("IWDFDevice::CommitPnpState");
  }

  CreateRemoteInterface(): { readonly hr: HRESULT; readonly remoteInterface: null } {
    return { hr: notImplemented("IWDFDevice2::CreateRemoteInterface"), remoteInterface: null };
  }

  RegisterRemoteInterfaceNotification(_pDeviceInterfaceGuid: string, _IncludeExistingInterfaces: boolean): HRESULT {
    return notImplemented("IWDFDevice2::RegisterRemoteInterfaceNotification");
  }

  AssignSxWakeSettings(): HRESULT {
    return notImplemented("IWDFDevice2::AssignSxWakeSettings");
  }
}
