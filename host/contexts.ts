// Object contexts: what the driver keeps with an object. They live on the host, keyed by handle and type.

import type { ContextType } from "./ddi/types";

export class Contexts {
  private readonly types = new Map<number, Set<ContextType<unknown>>>();
  private readonly values = new Map<number, Map<ContextType<unknown>, unknown>>();
  /** The context every request of a device is born with. */
  private readonly requestTypes = new Set<ContextType<unknown>>();

  /** An object was made with a context, a device also with one for its requests. */
  declare(object: number, type: ContextType<unknown> | undefined, requestType?: ContextType<unknown>): void {
    if (type !== undefined) this.types.set(object, new Set([type]));
    if (requestType !== undefined) this.requestTypes.add(requestType);
  }

  /** The context, made when it is first asked for; undefined when the object has none of that type. */
  get<T>(object: number, type: ContextType<T>): T | undefined {
    const known = this.values.get(object);
    const value = known?.get(type);
    if (value !== undefined) return value as T;
    if (!this.types.get(object)?.has(type) && !this.requestTypes.has(type)) return undefined;
    const made = type.create();
    if (known === undefined) this.values.set(object, new Map([[type, made]]));
    else known.set(type, made);
    return made;
  }

  /** The object is gone. */
  drop(object: number): void {
    if (this.values.size !== 0) this.values.delete(object);
    if (this.types.size !== 0) this.types.delete(object);
  }
}
