// A System: one simulated machine with its drivers, devices and applications.
//
//   System ─┬─ machine      the pump between core and drivers, with names, contexts and the bytes of IRPs
//           ├─ findings     broken rules so far
//           └─ log          every input, if asked for, so that the run can be replayed
//
// An input made while the pump runs waits until the pump is done. Promises of applications resolve in the order of the
// events, after the pump has returned: a Stop that follows a completion rejects them, so that nobody misses it.

import { EventKind, NtStatus, PnpIrp, THREAD_COOKIE_OFFSET, WINDOW_THREAD, WdfRequestType, type FindingId } from "../bindings/abi";
import { Core } from "../bindings/core";
import { memoryDigest } from "../bindings/digest";
import { compileCore } from "../bindings/load";
import { ApplicationFile } from "./application";
import { enter } from "./current";
import { callMachine } from "./ddi/call";
import { WdfDeviceInit, WdfDriverCreate } from "./ddi/device";
import type { WDFDEVICE, WDFDRIVER } from "./ddi/types";
import { type DriverModule, checkDriver } from "./driver";
import { ProtocolError, StaleHandleError } from "./errors";
import { type Finding, describeFinding } from "./findings";
import type { Irp, IrpCallback } from "./irps";
import { InputLog } from "./log";
import { type EventSink, Machine } from "./machine";
import { type SystemOptions, coreOptions } from "./options";
import { DevicePower } from "./power";
import { Port, type PortCallback } from "./port";
import type { Recorder } from "./recorder";
import { type Report, reportOf } from "./report";
import { SystemThread, keepResult } from "./threads";

/** A device the System has added. */
export interface AddedDevice {
  /** What EvtDriverDeviceAdd returned. Below 0 there is no device. */
  readonly status: NtStatus;
  readonly handle: WDFDEVICE;
  readonly driver: DriverModule;
}

/** What an application asks for. */
export interface SendRequest {
  readonly major: number;
  /** Handle of the file object, 0 for none. */
  readonly file: number;
  readonly input?: Uint8Array | undefined;
  /** Bytes asked for. */
  readonly outputLength?: number;
  readonly code?: number;
}

export class System implements EventSink {
  readonly machine: Machine;
  /** The input log, if the System was made with `record: true`. */
  readonly log: InputLog | null;
  /** Rules broken so far, in order. */
  readonly findings: Finding[] = [];
  /** The number the next file opened will have. */
  nextFile = 1;

  private readonly drivers = new Map<DriverModule, WDFDRIVER>();
  private readonly waiting: (() => void)[] = [];
  /** What each device's last PnP or power IRP was completed with. */
  private readonly pnpResults = new Map<number, NtStatus>();
  private readonly deliveries: (() => void)[] = [];
  private readonly threads = new Map<number, SystemThread<unknown>>();
  private readonly listeners = new Set<(error: Error) => void>();
  private recorderInUse: Recorder | null = null;
  private pumping = false;
  private nextCookie = 1;
  private disposed = false;

  private constructor(options: SystemOptions) {
    this.machine = new Machine(Core.create(compileCore(), coreOptions(options)), this);
    this.names.requestOrdinal = (handle) => this.irps.get(handle)?.ordinal;
    this.log = options.record ? new InputLog(options) : null;
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
  addDevice(module: DriverModule): AddedDevice {
    const driver = checkDriver(module, "the argument of addDevice");
    this.log?.add(this.machine.core, "addDevice", driver.name);
    let init: WdfDeviceInit | undefined;
    const added = this.inThread(() => {
      init = new WdfDeviceInit(this.load(driver));
      return driver.evtDriverDeviceAdd(init.driver, init);
    });
    if (!added.done) throw new ProtocolError(`evtDriverDeviceAdd of ${driver.name} waits for something nobody can give it`);
    const status = Number(added.result ?? NtStatus.Success);
    const handle = init?.device ?? (0 as WDFDEVICE);
    if (status >= 0 && handle !== 0) this.startPnp(handle, PnpIrp.StartDevice);
    return { status, handle, driver };
  }

  /** What the PnP manager and the power manager do to a device. */
  power(device: WDFDEVICE): DevicePower {
    return new DevicePower(this, device);
  }

  /** Sends a PnP or power IRP from a system thread: a {@link PnpIrp}. */
  sendPnp(device: WDFDEVICE, irp: PnpIrp): SystemThread<NtStatus> {
    this.log?.add(this.machine.core, "pnp", device, irp);
    return this.startPnp(device, irp);
  }

  private startPnp(device: WDFDEVICE, irp: PnpIrp): SystemThread<NtStatus> {
    const { machine, pnpResults } = this;
    return this.inThread(function* (): Generator<undefined, NtStatus, unknown> {
      const status = yield* callMachine(machine, "sendPnp", [device, irp], (result): NtStatus => result);
      return pnpResults.get(device) ?? status;
    });
  }

  /** The driver object of a module, made when it is first needed. */
  private load(module: DriverModule): WDFDRIVER {
    const known = this.drivers.get(module);
    if (known !== undefined) return known;
    const driver = WdfDriverCreate(module.name);
    this.drivers.set(module, driver);
    return driver;
  }

  /** Opens a device by one of its symbolic links: `\\.\Echo`, or just `Echo`. A file that is not there says so in its `status`. */
  open(name: string): Promise<ApplicationFile> {
    this.log?.add(this.machine.core, "open", name);
    const device = this.names.find(name);
    if (device === undefined) return Promise.resolve(ApplicationFile.notFound(this, name));
    return ApplicationFile.open(this, device as WDFDEVICE, name);
  }

  /**
   * Runs a function as a system thread at PASSIVE_LEVEL: the place from which tests and tools call DDIs. A generator
   * function may wait with `yield*`.
   */
  thread<T>(body: () => T | Generator<undefined, T, unknown>): SystemThread<T> {
    this.log?.add(this.machine.core, "thread");
    return this.inThread(body);
  }

  private inThread<T>(body: () => T | Generator<undefined, T, unknown>): SystemThread<T> {
    const thread = new SystemThread<T>();
    const cookie = this.nextCookie++;
    this.threads.set(cookie, thread as SystemThread<unknown>);
    this.input(() => {
      this.machine.exports.startThread(cookie, this.machine.callback(() => keepResult(thread, body)), SYSTEM_PROCESS);
    });
    return thread;
  }

  /** Sends an IRP from an application, inside an input. `done` is called when it is back, or at once when there is no room. */
  send(device: WDFDEVICE, request: SendRequest, done: IrpCallback): number {
    const { exports } = this.machine;
    const { major, file, input } = request;
    const outputLength = request.outputLength ?? 0;
    const length = major === WdfRequestType.Write ? (input?.length ?? 0) : outputLength;
    const handle =
      major === WdfRequestType.Read || major === WdfRequestType.Write
        ? exports.sendTransfer(device, major, length, file)
        : exports.sendIrp(device, major, length, file, 0, input?.length ?? 0, request.code ?? 0);
    if (handle === 0) {
      done(NtStatus.InsufficientResources, 0, NO_IRP);
      return 0;
    }
    const irp = this.irps.add(handle, major, length, input, outputLength, done);
    this.recorderInUse?.sent(irp, this.names.name(device));
    return handle;
  }

  /**
   * A port to a device: reads and writes without bytes, at the least cost. They are neither in the input log nor in a
   * trace as IRPs of an application.
   */
  port(device: WDFDEVICE, done: PortCallback): Port {
    return new Port(this, device, done);
  }

  /** Sends for a port. */
  sendThrough(port: Port, device: WDFDEVICE, type: number, length: number): number {
    if (this.pumping || this.machine.dead !== null || this.disposed) {
      this.input(() => void this.sendNow(port, device, type, length));
      return 0;
    }
    const before = this.enterPump();
    try {
      const handle = this.sendNow(port, device, type, length);
      this.machine.pump(0);
      return handle;
    } catch (error) {
      throw this.over(error);
    } finally {
      this.leavePump(before);
    }
  }

  /** Cancels for a port. */
  cancelThrough(handle: number): void {
    if (this.pumping || this.machine.dead !== null || this.disposed) {
      this.input(() => void this.machine.exports.cancel(handle));
      return;
    }
    const before = this.enterPump();
    try {
      this.machine.exports.cancel(handle);
      this.machine.pump(0);
    } catch (error) {
      throw this.over(error);
    } finally {
      this.leavePump(before);
    }
  }

  private enterPump(): Machine | null {
    this.pumping = true;
    return enter(this.machine);
  }

  private leavePump(before: Machine | null): void {
    enter(before);
    this.pumping = false;
    if (this.waiting.length !== 0 || this.deliveries.length !== 0) this.input(() => {});
  }

  /** The System is over: everybody is told, and the error is what to throw. */
  private over(error: unknown): Error {
    const dead = this.machine.die(this.machine.core.explain(error) as Error);
    this.fail(dead);
    return dead;
  }

  private sendNow(port: Port, device: WDFDEVICE, type: number, length: number): number {
    const handle = this.machine.exports.sendTransfer(device, type, length, 0);
    if (handle === 0) port.done(0, NtStatus.InsufficientResources, 0);
    else this.irps.addPort(handle, port);
    return handle;
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

  /** Runs an input and everything it makes ready; while the pump runs it waits its turn. */
  input(action: () => void): void {
    this.requireAlive();
    this.waiting.push(action);
    if (this.pumping) return;
    this.pumping = true;
    const before = enter(this.machine);
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
        next();
        this.machine.pump(0);
      }
      if (this.deliveries.length !== 0) for (const deliver of this.deliveries.splice(0)) deliver();
    } catch (error) {
      throw this.over(error);
    } finally {
      enter(before);
      this.pumping = false;
    }
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
        this.pnpResults.set(a, c);
        this.recorderInUse?.notice(kind, a, b, c);
        break;
      case EventKind.ThreadEnded:
        this.threads.delete(a);
        break;
      case EventKind.ObjectFreed:
        this.machine.contexts.drop(a);
        this.names.drop(a);
        break;
      case EventKind.IrpTakenOver:
        this.machine.contexts.drop(a);
        this.irps.rename(a, b);
        break;
      default:
        this.recorderInUse?.notice(kind, a, b, c);
    }
  }

  /** `detail`: the level, and above it whether the request outlives its IRP. */
  private completed(handle: number, status: number, information: number, detail: number): void {
    const outlives = detail >>> 8 !== 0;
    if (!outlives) this.machine.contexts.drop(handle);
    const port = this.irps.takePort(handle);
    if (port !== undefined) {
      port.done(handle, status, information >>> 0);
      return;
    }
    const irp = this.irps.get(handle);
    if (irp === undefined) return;
    this.recorderInUse?.completed(irp, status, information >>> 0, detail & 0xff);
    this.irps.take(handle);
    irp.done(status, information >>> 0, irp);
  }

  private found(id: FindingId, first: number, second: number): void {
    const finding = describeFinding(id, first, second, (handle) => this.names.name(handle));
    this.findings.push(finding);
    this.recorderInUse?.finding(finding);
  }

  /** The System is over: whoever waits is told. */
  private fail(error: Error): void {
    for (const thread of this.threads.values()) thread.fail(error);
    // oxlint-disable-next-line unicorn/no-useless-spread -- a listener may take itself out
    for (const listener of [...this.listeners]) listener(error);
    this.threads.clear();
    this.listeners.clear();
    this.waiting.length = 0;
    this.deliveries.length = 0;
  }

  /** Does something when the pump has nothing left to do; never, if the System dies first. */
  afterwards(deliver: () => void): void {
    if (this.pumping) this.deliveries.push(deliver);
    else deliver();
  }

  /** Asks to be told when the System dies; the answer withdraws. */
  onFailure(listener: (error: Error) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Throws when the System has stopped or was disposed of. */
  private requireAlive(): void {
    if (this.disposed) throw new StaleHandleError("this System was disposed of");
    if (this.machine.dead !== null) throw this.machine.dead;
  }

  /** Who records what happens, or null. */
  get recorder(): Recorder | null {
    return this.recorderInUse;
  }

  set recorder(recorder: Recorder | null) {
    const { core, exports } = this.machine;
    recorder?.attach(
      this.names,
      () => core.word(core.word(WINDOW_THREAD) + THREAD_COOKIE_OFFSET),
      () => exports.currentLevel(),
    );
    this.recorderInUse = recorder;
    this.machine.observer = recorder;
  }

  /** A digest of the core's memory: the same for two runs from one input log. */
  digest(): string {
    return memoryDigest(this.machine.core);
  }

  /** What is left over: requests that never came back, and findings. */
  report(): Report {
    return reportOf(this.irps.pending(), this.findings);
  }

  /** Ends the System. Promises that are still open reject. */
  [Symbol.dispose](): void {
    this.disposed = true;
    this.fail(new StaleHandleError("this System was disposed of"));
  }
}

/** The process of system threads. */
const SYSTEM_PROCESS = 4;
const NO_IRP = { output: new Uint8Array(0) };
