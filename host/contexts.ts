// Object contexts: what the driver keeps with an object. They live on the host, keyed by handle and type.

import type { ContextType } from "./ddi/types";

export class Contexts {
  /** What objects were made with. */
  private readonly types = new Map<number, ContextType<unknown>>();
  /** The context every request of a device is born with, by the device. */
  private readonly requestTypes = new Map<number, ContextType<unknown>>();
  private readonly values = new Map<number, Map<ContextType<unknown>, unknown>>();
  /** True while no object has been made with a context. */
  areUnused = true;

  /** An object was made with a context, a device also with one for its requests. */
  declare(object: number, type: ContextType<unknown> | undefined, requestType?: ContextType<unknown>): void {
    if (type === undefined && requestType === undefined) return;
    this.areUnused = false;
    if (type !== undefined) this.types.set(object, type);
    if (requestType !== undefined) this.requestTypes.set(object, requestType);
  }

  /** The context, if it was asked for before. */
  known<T>(object: number, type: ContextType<T>): T | undefined {
    return this.values.get(object)?.get(type) as T | undefined;
  }

  /**
   * A context that was not asked for before; undefined when the object has none of that type. `device`: the device of a
   * request, 0 for other objects.
   */
  make<T>(object: number, type: ContextType<T>, device: number): T | undefined {
    if ((device === 0 ? this.types.get(object) : this.requestTypes.get(device)) !== type) return undefined;
    const made = type.create();
    this.values.set(object, new Map([[type as ContextType<unknown>, made]]));
    return made;
  }

  /** The object is gone. */
  drop(object: number): void {
    if (this.areUnused) return;
    this.values.delete(object);
    this.types.delete(object);
    this.requestTypes.delete(object);
  }
}
