// IWDFFile, IWDFFile2, IWDFFile3: an open file of the device. It lives from its create to OnCloseFile, and has a context of its own.

import { WdfFileObjectGetFileName } from "../ddi/index";
import type { WDFDEVICE, WDFFILEOBJECT } from "../ddi/types";
import type { Device } from "./device";
import { type HRESULT, S_OK } from "./hresult";
import { WdfObject } from "./object";

type FileName = { readonly hr: HRESULT; readonly fileName: string };

export class UmdfFile extends WdfObject {
  protected readonly interfaces = ["IWDFFile", "IWDFFile2", "IWDFFile3"];
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

  /** IWDFFile::RetrieveFileName: what was opened beyond the device's own name, with the backslash it begins with. */
  RetrieveFileName(): FileName {
    return { hr: S_OK, fileName: WdfFileObjectGetFileName(this.handle) ?? "" };
  }

  /** IWDFFile2::RetrieveCountedFileName: the same; strings here have a length. */
  RetrieveCountedFileName(): FileName {
    return this.RetrieveFileName();
  }

  /** IWDFFile2::GetRelatedFileObject: NULL. Applications here open files by their whole name. */
  GetRelatedFileObject(): UmdfFile | null {
    return null;
  }

  /** IWDFFile3::GetInitiatorProcessId: 0, as nobody opens files here on behalf of somebody else. */
  GetInitiatorProcessId(): number {
    return 0;
  }
}
