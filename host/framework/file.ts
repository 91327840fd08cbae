// File: a WDFFILEOBJECT as an object. Every member names the DDI it stands for.

import * as wdf from "../ddi/file";
import { WdfObjectDereference, WdfObjectGetTypedContext, WdfObjectReference } from "../ddi/object";
import type { ContextType, WDFFILEOBJECT } from "../ddi/types";
import type { Suspendable } from "../suspension";
import type { Device } from "./device";
import { deviceOf } from "./wrappers";

export class File {
  readonly handle: WDFFILEOBJECT;

  constructor(handle: WDFFILEOBJECT) {
    this.handle = handle;
  }

  /** What was opened beyond the device's own name. @ddi WdfFileObjectGetFileName */
  get fileName(): string | null {
    return wdf.WdfFileObjectGetFileName(this.handle);
  }

  /** FO_... flags. @ddi WdfFileObjectGetFlags */
  get flags(): number {
    return wdf.WdfFileObjectGetFlags(this.handle);
  }

  /** @ddi WdfFileObjectGetDevice */
  get device(): Device {
    return deviceOf(wdf.WdfFileObjectGetDevice(this.handle));
  }

  /** The process that has opened it. @ddi WdfFileObjectGetInitiatorProcessId */
  get initiatorProcessId(): number {
    return wdf.WdfFileObjectGetInitiatorProcessId(this.handle);
  }

  /** @ddi WdfObjectGetTypedContext */
  context<T>(type: ContextType<T>): T | undefined {
    return WdfObjectGetTypedContext(this.handle, type);
  }

  /** @ddi WdfObjectReference */
  reference(): void {
    WdfObjectReference(this.handle);
  }

  /** @ddi WdfObjectDereference */
  dereference(): Suspendable<void> {
    return WdfObjectDereference(this.handle);
  }
}
