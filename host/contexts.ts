// Object contexts: what the driver keeps with an object. Which object has which is the core's to know; the values live
// here, made when they are first asked for.

import type { ContextType } from "./ddi/types";

export class Contexts {
  /** The number by which the core knows a context type. */
  private readonly ids = new Map<ContextType<unknown>, number>();
  private readonly values = new Map<number, Map<ContextType<unknown>, unknown>>();
  /** Whose a context is, for contexts that are objects. */
  private readonly owners = new WeakMap<object, number>();

  /** The number of a context type, 0 for none. */
  idOf(type: ContextType<unknown> | undefined): number {
    if (type === undefined) return 0;
    const known = this.ids.get(type);
    if (known !== undefined) return known;
    this.ids.set(type, this.ids.size + 1);
    return this.ids.size;
  }

  /** The context, if it was asked for before. */
  known<T>(object: number, type: ContextType<T>): T | undefined {
    return this.values.get(object)?.get(type) as T | undefined;
  }

  /** The context of a type that the object has. */
  of<T>(object: number, type: ContextType<T>): T {
    const mine = this.values.get(object) ?? new Map<ContextType<unknown>, unknown>();
    this.values.set(object, mine);
    if (mine.has(type)) return mine.get(type) as T;
    const made = type.create();
    mine.set(type, made);
    if (typeof made === "object" && made !== null) this.owners.set(made, object);
    return made;
  }

  /** Keeps something with an object that the core knows nothing of. */
  keep<T>(object: number, type: ContextType<T>, value: T): void {
    const mine = this.values.get(object);
    if (mine === undefined) this.values.set(object, new Map([[type, value]]));
    else mine.set(type, value);
  }

  /** The object a context belongs to, 0 for what is none. */
  ownerOf(context: object): number {
    return this.owners.get(context) ?? 0;
  }

  /** True while nobody has a context. */
  get areNone(): boolean {
    return this.values.size === 0;
  }

  /** The object is gone. */
  drop(object: number): void {
    if (this.values.size !== 0) this.values.delete(object);
  }
}
