// The driver's callbacks, by the numbers under which the core knows them.
//
//   id     for good: the same function has the same number           what configurations name
//   of     the number of one object: its next routine takes it over  a request's cancel and completion routine
//   once   until the routine has been called                         a routine named for one call
//
// The last two are for routines that are often closures made on the spot: numbers would run out of memory, not of 32 bits.

import { HANDLE_INDEX_MASK, RoutineKind, WORD_CALL } from "../bindings/abi";
import type { Core } from "../bindings/core";
import { type AnyRoutine, argumentsOf, isGeneratorFunction, neverCalled, refuseAsync } from "./routines";

/** Routines of which an object has one. */
type OwnedKind = RoutineKind.RequestCancel | RoutineKind.RequestCompletion;

const never = (): number => 0;

export class Callbacks {
  readonly all: AnyRoutine[] = [neverCalled];
  /** Those that may be called the short way: no generators, and none at all while every call is looked at. */
  readonly plain: (AnyRoutine | null)[] = [neverCalled];
  /** Which driver's code runs, 0 while there is only one, or for nobody's (drivers.ts). */
  running: () => number = () => 0;
  private readonly ids = new Map<AnyRoutine, number>();
  /** The driver that has registered each of them, 0 for nobody. */
  private readonly owners: number[] = [0];
  /** By table index of the object and kind of the routine. */
  private readonly owned = new Map<number, number>();
  /** Numbers of routines that are called once, and those that are free again. */
  private readonly single = new Set<number>();
  private readonly free: number[] = [];
  private looking = false;
  /** The object whose EvtDestroyCallback runs, 0 for none. */
  destroying = 0;

  /** The number of a callback; 0 for none. */
  id(routine: AnyRoutine | null | undefined): number {
    if (routine === null || routine === undefined) return 0;
    const known = this.ids.get(routine);
    if (known !== undefined) return known;
    const id = this.add(routine);
    this.ids.set(routine, id);
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

  /**
   * The number of a routine that one live object has: its next routine of that kind takes the place, unless the object is
   * `bound` to the one it has.
   */
  of(owner: number, kind: OwnedKind, routine: AnyRoutine | null | undefined, bound: (owner: number) => number = never): number {
    if (routine === null || routine === undefined) return 0;
    const key = (owner & HANDLE_INDEX_MASK) * 2 + (kind === RoutineKind.RequestCancel ? 0 : 1);
    let id = this.owned.get(key);
    if (id === undefined) this.owned.set(key, (id = this.add(routine)));
    else if (this.all[id] !== routine && bound(owner) === 0) this.put(id, routine);
    return id;
  }

  /** The number of a routine that is called once at most. It is free again when that is done, or `release` says it will not be. */
  once(routine: AnyRoutine): number {
    const reused = this.free.pop();
    if (reused !== undefined) this.put(reused, routine);
    const id = reused ?? this.add(routine);
    this.single.add(id);
    return id;
  }

  /** A routine of `once` is called now, or will never be. */
  release(id: number): void {
    if (!this.single.delete(id)) return;
    this.put(id, neverCalled);
    this.free.push(id);
  }

  private add(routine: AnyRoutine): number {
    refuseAsync(routine);
    this.plain.push(this.plainOrNull(routine));
    this.owners.push(this.running());
    return this.all.push(routine) - 1;
  }

  private put(id: number, routine: AnyRoutine): void {
    refuseAsync(routine);
    this.all[id] = routine;
    this.plain[id] = this.plainOrNull(routine);
    this.owners[id] = this.running();
  }

  /** Calls a routine with the arguments of its documented prototype; object, second and third stand in the window. */
  call(id: number, kind: RoutineKind, core: Core, request: number, a: number): unknown {
    const { words } = core;
    const args = argumentsOf(kind, words[WORD_CALL], request, a, words[WORD_CALL + 1], words[WORD_CALL + 2], core);
    return this.take(id, kind, words[WORD_CALL])(...args);
  }

  /** The routine of that number, which is called now; of an object's end, it leaves a note of the object while it runs. */
  take(id: number, kind: RoutineKind, object: number): AnyRoutine {
    const routine = this.all[id];
    if (this.single.size !== 0) this.release(id);
    return kind === RoutineKind.ObjectDestroy ? () => this.destroy(routine, object) : routine;
  }

  private destroy(routine: AnyRoutine, object: number): unknown {
    const outer = this.destroying;
    this.destroying = object;
    try {
      return routine(object);
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
