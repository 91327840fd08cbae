// What a scenario has made so far, by name, and the script's own notes about it.

import type { PFILE_OBJECT, WDFDEVICE, WDFDRIVER, WDFIOTARGET, WDFMEMORY, WDFQUEUE, WDFREQUEST } from "../../../bindings/handles";
import type { UserBufferResult } from "../../../host/ddi/request-buffer";
import { WdfDeviceGetIoTarget } from "../../../host/ddi/target";

/** A scenario asks for something that is not built yet. */
export class Unsupported extends Error {}

/** What the script knows of a request. */
export interface RequestNote {
  readonly name: string;
  handle: WDFREQUEST;
  /** The driver has it, as far as the script can tell. */
  owned: boolean;
  /** The script has marked it cancelable. */
  marked: boolean;
  /** The script has sent it, and it has not come back. */
  sent: boolean;
  /** The driver has made it. */
  readonly made: boolean;
  /** The script has deleted it. */
  gone: boolean;
}

export interface QueueNote {
  readonly name: string;
  readonly handle: WDFQUEUE;
}

export class World {
  verifier = false;
  lowMemory = false;
  /** References `stopiff` has taken. */
  idleReferences = 0;
  /** Interrupts the script has made: as many resources the device is started with. */
  interrupts = 0;
  pumping = true;
  /** PnP and power IRPs that have not come back, and whether `iffpnp` has sent the system to sleep. */
  pnpOutstanding = 0;
  asleep = false;
  driver = 0 as WDFDRIVER;
  device = 0 as WDFDEVICE;
  readonly queues = new Map<string, QueueNote>();
  readonly requests = new Map<string, RequestNote>();
  /** IRPs that have not gone back to their senders, by handle, in order of creation. */
  readonly live = new Map<number, string>();
  /** FILE_OBJECTs by name, and the names of WDFFILEOBJECTs. */
  readonly files = new Map<string, PFILE_OBJECT>();
  private readonly fileObjects = new Map<number, string>();
  readonly targetNames = new Map<number, string>();
  /** The address last retrieved from each request. */
  readonly userBuffers = new Map<string, UserBufferResult>();
  private readonly locks = new Map<string, number>();
  /** Names of what has object callbacks. */
  readonly watched = new Set<string>();
  /** Objects without a table of their own, by name. */
  readonly objects = new Map<string, number>();
  private readonly objectNames = new Map<number, string>();
  private readonly queueNames = new Map<number, string>();
  private readonly requestNames = new Map<number, string>();
  private readonly actions = new Map<string, string[]>();
  private readonly answers = new Map<string, number>();

  addQueue(name: string, handle: WDFQUEUE): void {
    this.queues.set(name, { name, handle });
    this.queueNames.set(handle, name);
  }

  /** The queue of a name, or the one a callback is about (`@`). */
  queue(name: string): QueueNote {
    const queue = this.queues.get(name);
    if (queue === undefined) throw new Error(`queue ${name} does not exist`);
    return queue;
  }

  addRequest(name: string, handle: WDFREQUEST): RequestNote {
    const note = this.note(name, handle, false);
    this.live.set(handle, name);
    return note;
  }

  /** A request the driver has made. */
  addMade(name: string, handle: WDFREQUEST): RequestNote {
    return this.note(name, handle, true);
  }

  private note(name: string, handle: WDFREQUEST, made: boolean): RequestNote {
    const note: RequestNote = { name, handle, owned: false, marked: false, sent: false, made, gone: false };
    this.requests.set(name, note);
    this.requestNames.set(handle, name);
    return note;
  }

  /** A request was sent on: below it has the name it has above; one the framework made for a call is just an IRP. */
  sentAs(leg: number, request: number): void {
    this.requestNames.set(leg, this.requestNames.get(request) ?? "irp");
  }

  /** A request is back from its target. */
  back(handle: number): string {
    const name = this.requestName(handle);
    const note = this.requests.get(name);
    if (note !== undefined) {
      note.sent = false;
      note.owned = true;
    }
    return name;
  }

  target(name: string): WDFIOTARGET {
    const target = this.objects.get(name);
    if (target === undefined) throw new Unsupported(`target ${name}`);
    return target as WDFIOTARGET;
  }

  memory(name: string | undefined): WDFMEMORY | undefined {
    return name === undefined ? undefined : (this.handle(name) as WDFMEMORY);
  }

  memoryName(handle: number): string {
    return handle === 0 ? "NULL" : this.nameOf(handle);
  }

  request(name: string): RequestNote {
    const request = this.requests.get(name);
    if (request === undefined) throw new Error(`request ${name} does not exist`);
    return request;
  }

  /** The driver has been handed a request: its name means this one from now on. */
  own(handle: number): string {
    const name = this.requestName(handle);
    const note = this.request(name);
    note.handle = handle as WDFREQUEST;
    note.owned = true;
    return name;
  }

  /** A reserved request stands for an IRP from now on. */
  takeOver(irp: number, request: number): void {
    const name = this.requestName(irp);
    this.request(name).handle = request as WDFREQUEST;
    this.requestNames.set(request, name);
    const all = [...this.live];
    this.live.clear();
    for (const [handle, other] of all) this.live.set(handle === irp ? request : handle, other);
  }

  /** The number of one more locked memory of a request. */
  countLock(request: string): number {
    const count = (this.locks.get(request) ?? 0) + 1;
    this.locks.set(request, count);
    return count;
  }

  file(name: string): PFILE_OBJECT {
    const file = this.files.get(name);
    if (file === undefined) throw new Error(`file ${name} does not exist`);
    return file;
  }

  /** A WDFFILEOBJECT stands for a file of the script. */
  addFileObject(handle: number, file: number): void {
    for (const [name, known] of this.files) if (known === file) this.fileObjects.set(handle, name);
  }

  fileName(handle: number): string {
    return handle === 0 ? "NULL" : (this.fileObjects.get(handle) ?? "?");
  }

  /** The WDFFILEOBJECT of a file of the script; undefined when it has none. */
  fileObject(name: string): number | undefined {
    let newest: number | undefined;
    for (const [handle, known] of this.fileObjects) if (known === name) newest = handle;
    return newest;
  }

  /** Anything else that has a name. */
  addObject(name: string, handle: number): void {
    this.objects.set(name, handle);
    this.objectNames.set(handle, name);
  }

  /** The device's own I/O target, which the script calls `tgt`. */
  get defaultTarget(): WDFIOTARGET {
    const target = WdfDeviceGetIoTarget(this.device);
    this.targetNames.set(target, "tgt");
    return target;
  }

  /** The handle of whatever has that name: `dev`, `drv`, `tgt`, `null`, a queue, a request, a file, or what `new` made. */
  handle(name: string): number {
    if (name === "dev") return this.device;
    if (name === "drv") return this.driver;
    if (name === "tgt") return this.defaultTarget;
    if (name === "null") return 0;
    const known = this.objects.get(name) ?? this.queues.get(name)?.handle ?? this.requests.get(name)?.handle;
    const handle = known ?? this.fileObject(name);
    if (handle === undefined) throw new Unsupported(`name ${name}`);
    return handle;
  }

  /** The name of a handle. */
  nameOf(handle: number): string {
    if (handle === this.device) return "dev";
    const object = this.objectNames.get(handle) ?? this.fileObjects.get(handle) ?? this.targetNames.get(handle);
    return object ?? this.queueNames.get(handle) ?? this.requestNames.get(handle) ?? "?";
  }

  /** The device, if it has no callbacks, and the queues that have none. */
  unwatched(): number[] {
    const queues = [...this.queues.values()].filter(({ name }) => !this.watched.has(name));
    return [...(this.watched.has("dev") ? [] : [this.device]), ...queues.map(({ handle }) => handle)];
  }

  queueName(handle: number): string {
    return this.queueNames.get(handle) ?? "?";
  }

  requestName(handle: number): string {
    return this.requestNames.get(handle) ?? "?";
  }

  /** `on OWNER EVENT ACTION; ACTION`: what a callback is to do. */
  setActions(owner: string, event: string, actions: string[]): void {
    this.actions.set(`${owner} ${event}`, actions);
  }

  /** The actions of the first owner that has any for the event. */
  actionsFor(event: string, ...owners: string[]): string[] {
    for (const owner of owners) {
      const actions = this.actions.get(`${owner} ${event}`);
      if (actions !== undefined) return actions;
    }
    return [];
  }

  /** True when the script has said what to do, if only to do nothing. */
  hasActions(event: string, ...owners: string[]): boolean {
    return owners.some((owner) => this.actions.has(`${owner} ${event}`));
  }

  /** `on QUEUE examine 1`: what a callback returns. */
  setAnswer(owner: string, event: string, value: number): void {
    this.answers.set(`${owner} ${event}`, value);
  }

  answerFor(owner: string, event: string, otherwise: number): number {
    return this.answers.get(`${owner} ${event}`) ?? otherwise;
  }

  /** The sender has it back. */
  requestDone(handle: number): void {
    this.live.delete(handle);
    const note = this.requests.get(this.requestName(handle));
    if (note !== undefined && note.handle === handle) note.owned = false;
  }
}
