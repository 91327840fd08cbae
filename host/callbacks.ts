// The driver's callbacks, by the numbers under which the core knows them.

import { type RoutineKind, WORD_CALL } from "../bindings/abi";
import type { Core } from "../bindings/core";
import { type AnyRoutine, argumentsOf, isGeneratorFunction, neverCalled, refuseAsync } from "./routines";

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

  /** Calls a routine with the arguments of its documented prototype; object, second and third stand in the window. */
  call(id: number, kind: RoutineKind, core: Core, request: number, a: number): unknown {
    const { words } = core;
    const args = argumentsOf(kind, words[WORD_CALL], request, a, words[WORD_CALL + 1], words[WORD_CALL + 2], core);
    return this.all[id](...args);
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
