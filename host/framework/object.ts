// FrameworkObject: what every WDFOBJECT can do, and the general objects a driver makes. Every member names its DDI.

import type { NtStatus, WdfExecutionLevel } from "../../bindings/abi";
import * as wdf from "../ddi/object";
import type { ContextType, Routine, WDFOBJECT, WdfObjectAttributes } from "../ddi/types";
import type { Suspendable } from "../suspension";

/** Whatever has a handle: a device, a queue, a request, another object. */
export interface HasHandle {
  readonly handle: WDFOBJECT;
}

/** What an object is made with. */
export interface ObjectOptions {
  /** What it ends with; the driver, unless it is given. */
  parent?: HasHandle;
  context?: ContextType<unknown>;
  /** Called when it is deleted, after its children's. */
  evtCleanup?: Routine<[], void>;
  /** Called when nobody refers to it any more. Only its contexts may be used. */
  evtDestroy?: Routine<[], void>;
}

/** The attributes of such options. */
export function attributesOf(options: ObjectOptions): WdfObjectAttributes {
  const { parent, context, evtCleanup, evtDestroy } = options;
  const attributes: WdfObjectAttributes = {};
  if (parent !== undefined) attributes.parentObject = parent.handle;
  if (context !== undefined) attributes.contextType = context;
  if (evtCleanup !== undefined) attributes.evtCleanupCallback = () => evtCleanup();
  if (evtDestroy !== undefined) attributes.evtDestroyCallback = () => evtDestroy();
  return attributes;
}

export class FrameworkObject<H extends WDFOBJECT = WDFOBJECT> {
  readonly handle: H;

  constructor(handle: H) {
    this.handle = handle;
  }

  /** @ddi WdfObjectDelete */
  delete(): Suspendable<void> {
    return wdf.WdfObjectDelete(this.handle);
  }

  /** Keeps it until {@link dereference}. @ddi WdfObjectReference */
  reference(): void {
    wdf.WdfObjectReference(this.handle);
  }

  /** @ddi WdfObjectDereference */
  dereference(): Suspendable<void> {
    return wdf.WdfObjectDereference(this.handle);
  }

  /** undefined when it has none of that type. @ddi WdfObjectGetTypedContext */
  context<T>(type: ContextType<T>): T | undefined {
    return wdf.WdfObjectGetTypedContext(this.handle, type);
  }

  /** One more context; the one there is, when it has one of that type. @ddi WdfObjectAllocateContext */
  addContext<T>(type: ContextType<T>): { readonly status: NtStatus; readonly context: T | undefined } {
    return wdf.WdfObjectAllocateContext(this.handle, { contextType: type });
  }
}

/** An object of the driver's own: a place in the tree for what its context holds. */
export class GeneralObject extends FrameworkObject {
  /** @ddi WdfObjectCreate */
  static create(options: ObjectOptions & { executionLevel?: WdfExecutionLevel } = {}): {
    readonly status: NtStatus;
    readonly object: GeneralObject;
  } {
    const attributes = attributesOf(options);
    if (options.executionLevel !== undefined) attributes.executionLevel = options.executionLevel;
    const { status, object } = wdf.WdfObjectCreate(attributes);
    return { status, object: new GeneralObject(object) };
  }
}
