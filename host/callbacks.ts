// The driver's callbacks, by the numbers under which the core knows them.

import { RoutineKind, WORD_CALL } from "../bindings/abi";
import type { Core } from "../bindings/core";
import { type AnyRoutine, argumentsOf, isGeneratorFunction, neverCalled, refuseAsync } from "./routines";

export class Callbacks {
  readonly all: AnyRoutine[] = [neverCalled];
  /** Those that may be called the short way: no generators, and none at all while every call is looked at. */
  readonly plain: (AnyRoutine | null)[] = [neverCalled];
  /** Which driver's code runs, 0 while there is only one, or for nobody's (drivers.ts). */
  running: () => number = () => 0;
  private readonly ids = new Map<AnyRoutine, number>();
  /** The driver that has registered each of them, 0 for nobody. */
  private readonly owners: number[] = [0];
  private looking = false;
  /** The object whose EvtDestroyCallback runs, 0 for none. */
  destroying = 0;

  /** The number of a callback; 0 for none. */
  id(routine: AnyRoutine | null | undefined): number {
    if (routine === null || routine === undefined) return 0;
    const known = this.ids.get(routine);
    if (known !== undefined) return known;
    refuseAsync(routine);
    const id = this.all.push(routine) - 1;
    this.plain.push(this.plainOrNull(routine));
    this.ids.set(routine, id);
    this.owners.push(this.running());
    return id;
  }

  /** The driver that has registered a callback, 0 for nobody. */
  ownerOf(id: number): number {
    return this.owners[id] ?? 0;
  }

  /** A driver is gone: its callbacks are another routine from now on, and unknown when they are registered again. */
  replace(driver: number, replacement: (id: number) => AnyRoutine): void {
    for (let id = 1; id < this.all.length; id++) {
      if (this.owners[id] !== driver) continue;
      this.ids.delete(this.all[id]);
      this.all[id] = replacement(id);
      this.plain[id] = null;
    }
  }

  /** Calls a routine with the arguments of its documented prototype; object, second and third stand in the window. */
  call(id: number, kind: RoutineKind, core: Core, request: number, a: number): unknown {
    const { words } = core;
    const args = argumentsOf(kind, words[WORD_CALL], request, a, words[WORD_CALL + 1], words[WORD_CALL + 2], core);
    if (kind === RoutineKind.ObjectDestroy) return this.destroy(id, words[WORD_CALL]);
    return this.all[id](...args);
  }

  private destroy(id: number, object: number): unknown {
    const outer = this.destroying;
    this.destroying = object;
    try {
      return this.all[id](object);
    } finally {
      this.destroying = outer;
    }
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
