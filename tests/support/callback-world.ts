// Callback objects under random tapes: threads that create, open, register, notify, unregister and dereference, and beside them a
// naive model in which each of these is done at the moment it happens. What the model does not allow is an error.
//
//   object     alive while it is permanent, or has references: pointers, registrations, notifications under way
//   name       of a permanent object only
//   routine    registered ─▶ leaving (ExUnregisterCallback has begun) ─▶ gone (it has returned)
//   walk       a notification: calls each routine once, in the order of registration, none that was leaving when its turn came

import { expect } from "vitest";
import { NtStatus } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import type { SystemOptions } from "../../host/options";
import { System } from "../../host/system";

export type CallbackOp = "create" | "open" | "register" | "notify" | "unregister" | "dereference";

/** What a thread does: `a` and `b` choose among what there is. */
export interface CallbackStep {
  readonly op: CallbackOp;
  readonly a: number;
  readonly b: number;
}

interface ModelObject {
  readonly handle: wdf.PCALLBACK_OBJECT;
  readonly name: string;
  readonly permanent: boolean;
  readonly multiple: boolean;
  readonly routines: ModelRoutine[];
  references: number;
}

interface ModelRoutine {
  readonly object: ModelObject;
  readonly number: number;
  readonly registration: wdf.PCALLBACK_REGISTRATION;
  /** How many things had happened when it was registered. */
  readonly since: number;
  running: number;
  leaving: boolean;
  gone: boolean;
}

interface Walk {
  readonly object: ModelObject;
  /** The number of the routine that was called last, and when it had returned. */
  last: number;
  passed: number;
}

type Body = Generator<undefined, void, unknown>;
const NAMES = ["\\Callback\\One", "\\Callback\\Two"];

export class CallbackWorld {
  readonly system: System;
  readonly log: string[] = [];
  private readonly objects: ModelObject[] = [];
  /** References that no thread uses at the moment. */
  private readonly pointers: ModelObject[] = [];
  private readonly registered: ModelRoutine[] = [];
  private readonly walks = new Map<number, Walk>();
  private findings = 0;
  private routines = 0;
  private notifications = 0;
  private readonly before: number;

  constructor(options: SystemOptions) {
    this.system = System.create(options);
    // The system's own objects are made when somebody asks for the first one.
    this.system.thread(() => wdf.ExCreateCallback(wdf.InitializeObjectAttributes("\\Callback\\None", 0), false, false));
    this.before = this.system.machine.exports.liveObjects();
  }

  /** Runs the scripts as threads that begin at once; then everything is given back. */
  play(scripts: readonly (readonly CallbackStep[])[]): void {
    const threads: { readonly done: boolean }[] = [];
    const { system } = this;
    system.atOnce(() => {
      for (const script of scripts) threads.push(system.thread(() => this.script(script)));
    });
    expect(threads.every(({ done }) => done), "every thread has ended").toBe(true);
    this.checkLive();
    while (this.registered.length > 0) system.thread(() => this.unregister(0));
    while (this.pointers.length > 0) system.thread(() => this.dereference(0));
    this.checkLive();
    expect(system.findings).toHaveLength(this.findings);
  }

  private *script(steps: readonly CallbackStep[]): Body {
    for (const { op, a, b } of steps) {
      yield* this[op](a, b);
      yield; // Another processor, or another thread, may go on here.
    }
  }

  private say(line: string): void {
    this.log.push(line);
  }

  /** Objects the model has alive, beside what was there before: the registrations are objects too. */
  private checkLive(): void {
    const objects = this.objects.filter((object) => this.lives(object)).length;
    expect(this.system.machine.exports.liveObjects() - this.before, "live objects").toBe(objects + this.registered.length);
  }

  private lives({ permanent, references }: ModelObject): boolean {
    return permanent || references > 0;
  }

  private *create(a: number, b: number): Body {
    this.createOrOpen(NAMES[a % 2], true, b % 2 === 0, b % 3 !== 0);
  }

  private *open(a: number): Body {
    this.createOrOpen(NAMES[a % 2], false, false, false);
  }

  private createOrOpen(name: string, create: boolean, permanent: boolean, multiple: boolean): void {
    const attributes = wdf.InitializeObjectAttributes(name, permanent ? wdf.OBJ_PERMANENT : 0);
    const { status, callbackObject } = wdf.ExCreateCallback(attributes, create, multiple);
    this.say(`create ${name} ${status}`);
    const known = this.objects.find((object) => object.permanent && object.name === name);
    if (known === undefined) this.expectNameLost(name);
    if (known === undefined && !create) {
      expect(status).toBe(NtStatus.ObjectNameNotFound);
      return;
    }
    expect(status).toBe(NtStatus.Success);
    if (known !== undefined) expect(callbackObject).toBe(known.handle);
    const object = known ?? { handle: callbackObject, name, permanent, multiple, routines: [], references: 0 };
    if (known === undefined) this.objects.push(object);
    object.references++;
    this.pointers.push(object);
  }

  /** A finding if an object of that name lives that has lost it. Whose last registration leaves may be gone already. */
  private expectNameLost(name: string): void {
    const lost = this.objects.filter((object) => !object.permanent && object.name === name && this.lives(object));
    const certain = lost.some(({ references, routines }) => references > routines.filter(({ leaving }) => leaving).length);
    this.system.machine.takeNotifications();
    const more = this.system.findings.length - this.findings;
    expect(more === 0 || (more === 1 && lost.length > 0), "CallbackNameLost").toBe(true);
    if (certain) expect(more, "CallbackNameLost").toBe(1);
    this.findings += more;
  }

  /** A reference for as long as the thread uses it. */
  private borrow(a: number): ModelObject | undefined {
    return this.pointers.splice(a % Math.max(1, this.pointers.length), 1)[0];
  }

  private *dereference(a: number): Body {
    const object = this.borrow(a);
    if (object === undefined) return;
    this.say(`dereference ${object.name}`);
    object.references--;
    wdf.ObDereferenceObject(object.handle);
  }

  private *register(a: number, b: number): Body {
    const object = this.borrow(a);
    if (object === undefined) return;
    const number = this.routines++;
    const registration = wdf.ExRegisterCallback(object.handle, this.routine(number, b % 4), null);
    this.say(`register ${number} ${registration === 0 ? "NULL" : ""}`);
    const [stays, one] = [object.routines.some(({ leaving }) => !leaving), object.routines.length > 0];
    // One that leaves may be off the list already, although its thread does not know yet.
    if (stays || !one || object.multiple) expect(registration === 0, "NULL of a single-callback object").toBe(stays && !object.multiple);
    this.pointers.push(object);
    if (registration === 0) return;
    const routine = { object, number, registration, since: this.log.length, running: 0, leaving: false, gone: false };
    object.references++;
    object.routines.push(routine);
    this.registered.push(routine);
  }

  /** A routine that others may overtake so many times. */
  private routine(number: number, yields: number): wdf.CallbackFunction<null, number> {
    return (_context, notification) => this.body(number, yields, this.walks.get(notification)!);
  }

  private *body(number: number, yields: number, walk: Walk): Body {
    const routine = this.called(number, walk);
    for (let left = yields; left > 0; left--) yield;
    this.returned(routine, walk);
  }

  private called(number: number, walk: Walk): ModelRoutine {
    this.say(`called ${number}`);
    const routine = walk.object.routines.find((one) => one.number === number);
    expect(routine, `routine ${number} is registered and not gone`).toBeDefined();
    expect(number, "in the order of registration, once").toBeGreaterThan(walk.last);
    const passedOver = walk.object.routines.filter((one) => one.number > walk.last && one.number < number && !one.leaving);
    expect(passedOver, "none is passed over that stays").toEqual([]);
    walk.last = number;
    routine!.running++;
    return routine!;
  }

  private returned(routine: ModelRoutine, walk: Walk): void {
    this.say(`returned ${routine.number}`);
    expect(routine.gone, `routine ${routine.number} runs after its ExUnregisterCallback returned`).toBe(false);
    routine.running--;
    walk.passed = this.log.length;
  }

  private *notify(a: number): Body {
    const object = this.borrow(a);
    if (object === undefined) return;
    const notification = this.notifications++;
    const walk: Walk = { object, last: -1, passed: this.log.length };
    this.walks.set(notification, walk);
    object.references++;
    this.say(`notify ${notification}`);
    yield* wdf.ExNotifyCallback(object.handle, notification, null);
    this.say(`notified ${notification}`);
    const missed = object.routines.filter(({ number, leaving, since }) => number > walk.last && !leaving && since <= walk.passed);
    expect(missed, "every routine that stays was called").toEqual([]);
    object.references--;
    this.pointers.push(object);
  }

  private *unregister(a: number): Body {
    const [routine] = this.registered.splice(a % Math.max(1, this.registered.length), 1);
    if (routine === undefined) return;
    this.say(`unregister ${routine.number}`);
    routine.leaving = true;
    yield* wdf.ExUnregisterCallback(routine.registration);
    this.say(`unregistered ${routine.number}`);
    expect(routine.running, `routine ${routine.number} has returned`).toBe(0);
    routine.gone = true;
    const { object } = routine;
    object.routines.splice(object.routines.indexOf(routine), 1);
    object.references--;
  }
}
