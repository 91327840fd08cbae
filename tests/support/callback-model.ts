// A naive model of callback objects: lists, counts and walks as plain data, written from spec and documentation.
//
// A walk is one notification under way. It stands at a routine that waits at a gate, or it is over. One thread goes on at a
// time: a walk that was let go on runs until it waits again or ends, then those who unregister, in the order of their waking.

import { NtStatus } from "../../bindings/abi";

export interface ModelRoutine {
  readonly name: string;
  readonly object: ModelObject;
  /** Waits at a gate in each call. */
  readonly slow: boolean;
  busy: number;
  leaving: boolean;
}

export interface ModelObject {
  readonly number: number;
  readonly permanent: boolean;
  readonly multiple: boolean;
  /** References the driver holds. */
  pointers: number;
  readonly routines: ModelRoutine[];
  walks: number;
}

interface Walk {
  readonly name: string;
  readonly object: ModelObject;
  at: ModelRoutine | undefined;
}

export class CallbackModel {
  readonly lines: string[] = [];
  readonly objects: ModelObject[] = [];
  /** Registered, or on their way out. */
  readonly routines: ModelRoutine[] = [];
  /** Walks that wait, oldest first. */
  readonly waiting: Walk[] = [];
  /** Names that can be found. */
  private readonly named = new Map<string, ModelObject>();
  /** Names of temporary objects. */
  private readonly lost: { readonly name: string; readonly object: ModelObject }[] = [];
  findings = 0;
  private made = 0;

  /** ExCreateCallback: what it answers, and the object's number. */
  create(name: string, permanent: boolean, multiple: boolean, create: boolean): [NtStatus, number] {
    const known = this.named.get(name);
    if (known !== undefined) {
      known.pointers++;
      return [NtStatus.Success, known.number];
    }
    if (this.lost.some((one) => one.name === name && this.lives(one.object))) this.findings++;
    if (!create) return [NtStatus.ObjectNameNotFound, 0];
    const object: ModelObject = { number: ++this.made, permanent, multiple, pointers: 1, routines: [], walks: 0 };
    this.objects.push(object);
    if (permanent) this.named.set(name, object);
    else this.lost.push({ name, object });
    return [NtStatus.Success, object.number];
  }

  lives(object: ModelObject): boolean {
    return object.permanent || object.pointers + object.routines.length + object.walks > 0;
  }

  /** Objects a driver may name: it holds a pointer. */
  get held(): ModelObject[] {
    return this.objects.filter(({ pointers }) => pointers > 0);
  }

  /** ExRegisterCallback; undefined for NULL. */
  register(object: ModelObject, name: string, slow: boolean): ModelRoutine | undefined {
    if (!object.multiple && object.routines.length > 0) return undefined;
    const routine = { name, object, slow, busy: 0, leaving: false };
    object.routines.push(routine);
    this.routines.push(routine);
    return routine;
  }

  /** ExNotifyCallback in a thread of that name. */
  notify(object: ModelObject, name: string): void {
    object.walks++;
    this.go({ name, object, at: undefined }, 0);
  }

  /** Lets the walk that waits there go on. */
  open(index: number): void {
    const [walk] = this.waiting.splice(index, 1);
    const routine = walk.at!;
    this.lines.push(`end ${routine.name} for ${walk.name}`);
    const woken = this.returned(routine);
    this.go(walk, walk.object.routines.indexOf(routine) + 1);
    if (woken) this.unregistered(routine);
  }

  private go(walk: Walk, from: number): void {
    const woken: ModelRoutine[] = [];
    for (let at = from; at < walk.object.routines.length; at++) {
      const routine = walk.object.routines[at];
      if (routine.leaving) continue;
      routine.busy++;
      this.lines.push(`begin ${routine.name} for ${walk.name}`);
      if (routine.slow) {
        walk.at = routine;
        this.waiting.push(walk);
        return;
      }
      this.lines.push(`end ${routine.name} for ${walk.name}`);
      if (this.returned(routine)) woken.push(routine);
    }
    this.lines.push(`notified ${walk.name}`);
    walk.object.walks--;
    for (const routine of woken) this.unregistered(routine);
  }

  /** True when somebody waited for this. */
  private returned(routine: ModelRoutine): boolean {
    routine.busy--;
    return routine.busy === 0 && routine.leaving;
  }

  /** ExUnregisterCallback in a thread of its own. */
  unregister(routine: ModelRoutine): void {
    routine.leaving = true;
    if (routine.busy === 0) this.unregistered(routine);
  }

  private unregistered(routine: ModelRoutine): void {
    this.lines.push(`unregistered ${routine.name}`);
    routine.object.routines.splice(routine.object.routines.indexOf(routine), 1);
    this.routines.splice(this.routines.indexOf(routine), 1);
  }
}
