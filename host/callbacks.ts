// The driver's callbacks, by the numbers under which the core knows them.

import { type AnyRoutine, isGeneratorFunction, neverCalled, refuseAsync } from "./routines";

export class Callbacks {
  readonly all: AnyRoutine[] = [neverCalled];
  /** Those that may be called the short way: no generators, and none at all while every call is looked at. */
  readonly plain: (AnyRoutine | null)[] = [neverCalled];
  private readonly ids = new Map<AnyRoutine, number>();
  private looking = false;

  /** The number of a callback; 0 for none. */
  id(routine: AnyRoutine | null | undefined): number {
    if (routine === null || routine === undefined) return 0;
    const known = this.ids.get(routine);
    if (known !== undefined) return known;
    refuseAsync(routine);
    const id = this.all.push(routine) - 1;
    this.plain.push(this.plainOrNull(routine));
    this.ids.set(routine, id);
    return id;
  }

  /** Whether somebody looks at every call from now on. */
  look(on: boolean): void {
    this.looking = on;
    for (let id = 1; id < this.all.length; id++) this.plain[id] = this.plainOrNull(this.all[id]);
  }

  private plainOrNull(routine: AnyRoutine): AnyRoutine | null {
    return this.looking || isGeneratorFunction(routine) ? null : routine;
  }
}
