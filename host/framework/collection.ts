// Collection and FrameworkString: WDFCOLLECTION and WDFSTRING as objects. Every member names its DDI.

import type { NtStatus } from "../../bindings/abi";
import * as wdf from "../ddi/collection";
import { WdfStringCreate, WdfStringGetUnicodeString } from "../ddi/string";
import type { WDFCOLLECTION, WDFOBJECT, WDFSTRING } from "../ddi/types";
import type { Suspendable } from "../suspension";
import { FrameworkObject, type HasHandle, type ObjectOptions, attributesOf } from "./object";

/** An ordered list of objects, each kept by a reference. */
export class Collection extends FrameworkObject<WDFCOLLECTION> {
  /** @ddi WdfCollectionCreate */
  static create(options: ObjectOptions = {}): { readonly status: NtStatus; readonly object: Collection } {
    const { status, collection } = wdf.WdfCollectionCreate(attributesOf(options));
    return { status, object: new Collection(collection) };
  }

  /** @ddi WdfCollectionGetCount */
  get count(): number {
    return wdf.WdfCollectionGetCount(this.handle);
  }

  /** @ddi WdfCollectionAdd */
  add(object: HasHandle): NtStatus {
    return wdf.WdfCollectionAdd(this.handle, object.handle);
  }

  /** @ddi WdfCollectionRemove */
  remove(object: HasHandle): Suspendable<void> {
    return wdf.WdfCollectionRemove(this.handle, object.handle);
  }

  /** @ddi WdfCollectionRemoveItem */
  removeAt(index: number): Suspendable<void> {
    return wdf.WdfCollectionRemoveItem(this.handle, index);
  }

  /** null beyond the last. @ddi WdfCollectionGetItem */
  at(index: number): FrameworkObject | null {
    return objectOrNull(wdf.WdfCollectionGetItem(this.handle, index));
  }

  /** null when it is empty. @ddi WdfCollectionGetFirstItem */
  get first(): FrameworkObject | null {
    return objectOrNull(wdf.WdfCollectionGetFirstItem(this.handle));
  }

  /** null when it is empty. @ddi WdfCollectionGetLastItem */
  get last(): FrameworkObject | null {
    return objectOrNull(wdf.WdfCollectionGetLastItem(this.handle));
  }
}

function objectOrNull(handle: WDFOBJECT): FrameworkObject | null {
  return handle === 0 ? null : new FrameworkObject(handle);
}

export class FrameworkString extends FrameworkObject<WDFSTRING> {
  /** @ddi WdfStringCreate */
  static create(options: ObjectOptions & { text?: string } = {}): { readonly status: NtStatus; readonly object: FrameworkString } {
    const { status, string } = WdfStringCreate(options.text, attributesOf(options));
    return { status, object: new FrameworkString(string) };
  }

  /** @ddi WdfStringGetUnicodeString */
  get text(): string {
    return WdfStringGetUnicodeString(this.handle);
  }
}
