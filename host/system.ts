// A System: one simulated machine with its drivers, devices and applications.
//
//   System ─┬─ machine      the pump between core and drivers, with names, contexts and the bytes of IRPs
//           ├─ turns        one input at a time
//           ├─ threads      system threads the host has started
//           ├─ clock        virtual time
//           ├─ pnp          drivers, their devices, PnP and power IRPs
//           ├─ callbacks    what the system tells drivers through its own callback objects
//           ├─ findings     broken rules so far
//           └─ log          every input, if asked for, so that the run can be replayed

import { EventKind, NtStatus, type PnpIrp, THREAD_COOKIE_OFFSET, WINDOW_THREAD, FindingId } from "../bindings/abi";
import { Core } from "../bindings/core";
import { type Choices, choicesOf } from "./choices";
import { memoryDigest } from "../bindings/digest";
import { compileCore } from "../bindings/load";
import { ApplicationFile, type OpenOptions } from "./application";
import { ProtocolError } from "./errors";
import { Clock, type RunSettings } from "./clock";
import type { WDFDEVICE } from "./ddi/types";
import { type DriverModule, checkDriver } from "./driver";
import { SystemCallbacks } from "./executive/system-callbacks";
import { type Finding, describeFinding } from "./findings";
import { type InterruptLine, type InterruptLineOptions, InterruptLines } from "./hardware/interrupt-line";
import type { Irp, IrpCallback } from "./irps";
import { normalGuid } from "./interfaces";
import { InputLog } from "./log";
import { leaksOf } from "./leaks";
import { Machine } from "./machine";
import type { EventSink } from "./observer";
import { backAbove, sentOn } from "./sent";
import { type SystemOptions, coreOptions, watchdogSeconds } from "./options";
import { type AddedDevice, type DevicePlace, Pnp } from "./pnp";
import { DevicePower } from "./power";
import { Port, type PortCallback } from "./port";
import type { Recorder } from "./recorder";
import { Registry } from "./registry";
import { type Report, reportOf } from "./report";
import { type SendRequest, sendIrp } from "./sending";
import { SystemRegistry } from "./system-registry";
import { type SystemThread, Threads } from "./threads";
import { Turns } from "./turns";
import { waitingThreads } from "./waiting";

/** The name under which Node asks an object what to show of it. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

export class System implements EventSink {
  readonly machine: Machine;
  /** The input log, if the System was made with `record: true`. */
  readonly log: InputLog | null;
  /** The choices of the run, if the System was made with a `tape` or with `random`. */
  readonly choices: Choices | null;
  /** Rules broken so far, in order. */
  readonly findings: Finding[] = [];
  /** What the system tells drivers: \\Callback\\SetSystemTime, \\Callback\\PowerState, \\Callback\\ProcessorAdd. */
  readonly callbacks: SystemCallbacks;
  /** The registry: parameters of drivers and devices. */
  readonly registry: SystemRegistry;
  /** The number the next file opened will have. */
  nextFile = 1;

  private readonly turns: Turns;
  private readonly threads: Threads;
  /** The interrupt lines made so far. */
  readonly lines: InterruptLines;
  private readonly pnp: Pnp;
  private readonly clock: Clock;
  private recorderInUse: Recorder | null = null;

  private constructor(options: SystemOptions) {
    this.machine = new Machine(Core.create(compileCore(), coreOptions(options)), this);
    this.machine.exports.setPowerWatchdog(watchdogSeconds(options));
    this.machine.contents.registry = new Registry(options.registry);
    this.machine.contents.tags.track(options.trackReferences ?? false);
    this.names.requestOrdinal = (handle) => this.irps.ordinalOf(handle);
    this.irps.checked = options.verifier ?? true;
    this.log = options.record ? new InputLog(options) : null;
    this.choices = choicesOf(this.machine.core, options);
    if (this.choices !== null) this.machine.startChoosing();
    this.turns = new Turns(this.machine);
    if (this.log !== null) this.log.whenItEnters = (write) => this.turns.note(write);
    this.threads = new Threads(this.machine, this.turns);
    this.registry = new SystemRegistry(this.machine, this.turns, this.log);
    this.callbacks = new SystemCallbacks(this.machine, this.threads, this.log);
    this.lines = new InterruptLines(this.machine, this.turns, this.log);
    this.pnp = new Pnp(this.machine, this.turns, this.threads, this.callbacks, this.log);
    this.clock = new Clock(this.machine, this.turns, this.log);
  }

  /** Makes a System. */
  static create(options: SystemOptions = {}): System {
    return new System(options);
  }

  get names() {
    return this.machine.names;
  }

  get irps() {
    return this.machine.irps;
  }

  /** Loads a driver (once) and gives it a device: EvtDriverDeviceAdd, then the start. */
  addDevice(module: DriverModule, place: DevicePlace = {}): AddedDevice {
    return this.pnp.addDevice(module, place);
  }

  /**
   * Unloads a driver whose devices have all been removed: EvtDriverUnload, then its objects end. Whatever calls one of its
   * routines afterwards is the Stop DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS (0xCE).
   */
  unload(module: DriverModule): SystemThread<void> {
    return this.pnp.unload(checkDriver(module, "the argument of unload"));
  }

  /**
   * The driver is the function driver of children that bus drivers tell of with one of these device, hardware or compatible ids:
   * it gets EvtDriverDeviceAdd for each of them, those that are there already included.
   */
  addDriver(module: DriverModule, ids: readonly string[]): void {
    this.pnp.addDriver(module, ids);
  }

  /** Makes an interrupt line, which devices are connected to when they are added. */
  interruptLine(options: InterruptLineOptions = {}): InterruptLine {
    return this.lines.create(options);
  }

  /** What the PnP manager and the power manager do to a device. */
  power(device: WDFDEVICE | { readonly handle: WDFDEVICE }): DevicePower {
    const handle = typeof device === "object" ? device?.handle : device;
    if (typeof handle !== "number") throw new ProtocolError("System.power takes a device: what addDevice gives, a Device, or its handle");
    return new DevicePower(this, handle);
  }

  /** {@link DevicePower.idleAfter} */
  setIdleTimeout(device: WDFDEVICE, ms: number): SystemThread<NtStatus> {
    return this.pnp.setIdleTimeout(device, ms);
  }

  /** {@link DevicePower.signalWake} */
  signalWake(device: WDFDEVICE): SystemThread<NtStatus> {
    return this.pnp.signalWake(device);
  }

  /** Sends a PnP or power IRP from a system thread: a {@link PnpIrp}. */
  sendPnp(device: WDFDEVICE, irp: PnpIrp): SystemThread<NtStatus> {
    return this.pnp.send(device, irp);
  }

  /**
   * Opens a device by one of its symbolic links: `\\.\Echo`, or just `Echo`; `\\.\Echo\x` opens it with the file name
   * `\x`. A file that is not there says so in its `status`. `{ interface: GUID }` opens the first device with an enabled
   * interface of that class.
   */
  open(what: string | { readonly interface: string }, options: OpenOptions = {}): Promise<ApplicationFile> {
    const name = typeof what === "string" ? what : (this.interfaces(what.interface)[0] ?? what.interface);
    this.log?.add(this.machine.core, "open", name, ...(options.flags === undefined ? [] : [options.flags]));
    const found = this.names.find(name);
    if (found === undefined) return Promise.resolve(ApplicationFile.notFound(this, name));
    return ApplicationFile.open(this, found.device as WDFDEVICE, name, found.rest, options);
  }

  /** The names of all enabled device interfaces of a class, to be opened with `open`. */
  interfaces(guid: string): string[] {
    return this.names.interfaces.enabled(normalGuid(guid));
  }

  /**
   * Runs a function as a system thread at PASSIVE_LEVEL: the place from which tests and tools call DDIs. A generator
   * function may wait with `yield*`.
   */
  thread<T>(body: () => T | Generator<undefined, T, unknown>): SystemThread<T> {
    this.log?.add(this.machine.core, "thread");
    return this.threads.start(body);
  }

  /**
   * Makes the inputs of `body` come at once: operations of applications, threads, PnP IRPs, time that passes. None begins
   * before all are made; in which order they go on, and where one preempts the other, is a choice (`tape`, `random`).
   */
  atOnce(body: () => void): void {
    this.log?.add(this.machine.core, "hold");
    this.turns.atOnce(() => {
      body();
      this.log?.add(this.machine.core, "release");
    });
  }

  /**
   * Sends an IRP from an application, inside an input. `done` is called when it is back, or at once when there is no room.
   * The bytes it passes may be changed when the input is over, or in `done`.
   */
  send(device: WDFDEVICE, request: SendRequest, done: IrpCallback): number {
    const irp = sendIrp(this.machine, device, request, done);
    if (irp === null) return 0;
    this.recorderInUse?.sent(irp, this.names.name(device));
    return irp.handle;
  }

  /**
   * A port to a device: reads and writes without bytes, at the least cost. They are neither in the input log nor in a
   * trace as IRPs of an application.
   */
  port(device: WDFDEVICE, done: PortCallback): Port {
    return new Port(this.machine, this.turns, device, done);
  }

  /** IoCancelIrp for the request of that number, if it is still under way. */
  cancel(ordinal: number): void {
    const irp = this.irps.byOrdinal(ordinal);
    if (irp !== undefined) this.cancelIrp(irp);
    else this.log?.add(this.machine.core, "cancel", ordinal);
  }

  /** IoCancelIrp, if the IRP is still under way when its turn comes. */
  cancelIrp(irp: Irp): void {
    this.log?.add(this.machine.core, "cancel", irp.ordinal);
    this.input(() => {
      if (this.irps.get(irp.handle) === irp) this.machine.exports.cancel(irp.handle);
    });
  }

  /** Virtual time since the start, in milliseconds. */
  get now(): number {
    return this.clock.now;
  }

  /** Lets virtual time pass: timers expire and waits time out in due order, and after each everything ready runs. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /**
   * Sets the system time, as an administrator does: timers that were given a system time follow, and
   * \\Callback\\SetSystemTime is notified.
   */
  setSystemTime(time: Date | number): void {
    this.clock.setSystemTime(time, () => this.callbacks.timeWasSet());
  }

  /**
   * Runs until nothing is ready and applications have had their turn; with `autoAdvance` the clock then goes to the next
   * deadline, and so on: until nothing is due, or `until`.
   */
  run(settings: RunSettings = {}): Promise<void> {
    return this.clock.run(settings);
  }

  /** Runs an input and everything it makes ready; while the pump runs it waits its turn. */
  input(action: () => void): void {
    this.turns.input(action);
  }

  /** A notification of the core. */
  event(kind: EventKind, detail: number, a: number, b: number, c: number): void {
    switch (kind) {
      case EventKind.RequestCompleted:
        this.completed(a, b, c, detail);
        break;
      case EventKind.Finding:
        this.found(a, b, c);
        break;
      case EventKind.PnpCompleted:
        this.pnp.completed(a, b, c);
        this.recorderInUse?.notice(kind, a, b, c);
        break;
      case EventKind.ThreadEnded:
        this.threads.ended(a);
        break;
      case EventKind.ObjectFreed:
        this.abandoned(a);
        this.machine.forget(a);
        break;
      case EventKind.FileObjectMade:
        this.names.addFileObject(a, b);
        break;
      case EventKind.IrpTakenOver:
        if (c === 0) this.machine.contexts.drop(a);
        this.irps.rename(a, b);
        break;
      case EventKind.IrpSent:
        sentOn(this.machine, a, b);
        this.recorderInUse?.notice(kind, a, b, c);
        break;
      case EventKind.IrpReturned:
        this.recorderInUse?.notice(kind, a, b, c);
        backAbove(this.machine, a, b, c);
        break;
      default:
        this.recorderInUse?.notice(kind, a, b, c);
    }
  }

  /** `detail`: the level, and above it whether the request outlives its IRP. */
  private completed(handle: number, status: number, information: number, detail: number): void {
    const outlives = detail >>> 8 !== 0;
    if (!outlives) this.irpGone(handle);
    const port = this.irps.takePort(handle);
    if (port !== null) {
      port.done(handle, status, information >>> 0);
      return;
    }
    const irp = this.irps.get(handle);
    if (irp === undefined) return;
    this.recorderInUse?.completed(irp, status, information >>> 0, detail & 0xff);
    this.irps.finish(irp, status, information >>> 0);
    irp.done(status, information >>> 0, irp);
  }

  private found(id: FindingId, first: number, second: number): void {
    const finding = describeFinding(id, first, second, (handle) => this.names.name(handle));
    this.findings.push(finding);
    this.recorderInUse?.finding(finding);
  }

  /** An IRP has ended, and with it its request. */
  private irpGone(handle: number): void {
    this.machine.contexts.drop(handle);
    this.abandoned(handle);
    this.machine.contents.tags.drop(handle);
  }

  /** An object is gone: the references on it that are tracked should be too. */
  private abandoned(object: number): void {
    const { contents, names } = this.machine;
    if (!contents.tags.on) return;
    for (const held of contents.tags.heldOf(object)) this.found(FindingId.TagAbandoned, object, names.text(held));
  }

  /** Does something when the pump has nothing left to do; never, if the System dies first. */
  afterwards(deliver: () => void): void {
    this.turns.afterwards(deliver);
  }

  /** Asks to be told when the System dies; the answer withdraws. */
  onFailure(listener: (error: Error) => void): () => void {
    return this.turns.onFailure(listener);
  }

  /** Who records what happens, or null. */
  get recorder(): Recorder | null {
    return this.recorderInUse;
  }

  set recorder(recorder: Recorder | null) {
    const { core, exports } = this.machine;
    recorder?.attach(this.names, {
      cookie: () => core.word(core.word(WINDOW_THREAD) + THREAD_COOKIE_OFFSET),
      irql: () => exports.currentLevel(),
      now: () => this.clock.now,
      processor: () => exports.KeGetCurrentProcessorNumberEx(),
    });
    this.recorderInUse = recorder;
    this.machine.observer = recorder;
  }

  /** A digest of the core's memory: the same for two runs from one input log. */
  digest(): string {
    return memoryDigest(this.machine.core);
  }

  /** What is left over: requests that never came back, threads that wait, findings, leaked objects. */
  report(): Report {
    const waiting = this.machine.dead === null ? waitingThreads(this.machine) : [];
    return reportOf(this.irps.pending(), waiting, this.findings, leaksOf(this.machine));
  }

  /** What a console shows of it. */
  [INSPECT](): string {
    const parts = [`${this.now} ms`, `${this.irps.pending().length} requests pending`, `${this.findings.length} findings`];
    return `System { ${[...parts, ...(this.machine.dead === null ? [] : ["over"])].join(", ")} }`;
  }

  /** Ends the System. Promises that are still open reject. */
  [Symbol.dispose](): void {
    this.turns.dispose();
  }
}
