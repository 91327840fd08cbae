// IWDFFile: an open file of the device.

import type { WDFDEVICE, WDFFILEOBJECT } from "../ddi/types";
import type { Device } from "./device";
import { type HRESULT, S_OK } from "./hresult";
import { WdfObject } from "./object";

export class UmdfFile extends WdfObject {
  protected readonly interfaces = ["IWDFFile", "IWDFFile2"];
  readonly handle: WDFFILEOBJECT;
  private readonly device: Device;

  constructor(device: Device, handle: WDFFILEOBJECT) {
    super();
    this.device = device;
    this.handle = handle;
  }

  protected get lockOwner(): WDFDEVICE {
    return this.device.handle;
  }

  /** IWDFFile::GetDevice */
  GetDevice(): Device {
    return this.device;
  }

  /** IWDFFile::RetrieveFileName: what was opened beyond the device's name. Applications here open devices by their name alone. */
  RetrieveFileName(): { readonly hr: HRESULT; readonly fileName: string } {
    return { hr: S_OK, fileName: "" };
  }
}
