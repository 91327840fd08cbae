// A tiny world for tests: one device with one queue whose handlers keep what they get, and a transcript.
//
//   const rig = new Rig({ queue: { dispatchType: WdfIoQueueDispatchType.Sequential } });
//   rig.sendRead(4);
//   rig.expect("EvtIoRead r1 length=4");
//   rig.tell(() => WdfRequestComplete(rig.request, NtStatus.Success));
//   rig.expect("done r1 STATUS_SUCCESS 0", "returned");
//
// Lines and findings a test does not expect fail it when it ends.

import { afterEach, expect } from "vitest";
import { BugCheck, Irql, WdfIoQueueState, WdfRequestType } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { callMachine, callWith, same } from "../../host/ddi/call";
import type { EvtIoQueueState, EvtRequestCancel, WdfIoQueueConfig } from "../../host/ddi/types";
import type { PFILE_OBJECT, WDFDEVICE, WDFFILEOBJECT, WDFQUEUE, WDFREQUEST } from "../../bindings/handles";
import { BugCheckError } from "../../host/errors";
import { statusName } from "../../host/format";
import type { InterruptLine, InterruptLineOptions } from "../../host/hardware/interrupt-line";
import { SYSTEM_OPTIONS, type SystemOptions } from "../../host/options";
import type { DevicePlace } from "../../host/pnp";
import { type SendRequest, sendIrp } from "../../host/sending";
import { System } from "../../host/system";
import type { SystemThread } from "../../host/threads";
import { type Keeper, keepers } from "./keepers";

/** A queue of a rig: what WDF_IO_QUEUE_CONFIG_INIT leaves open, and the handlers that keep what they get. */
export interface QueueOptions extends Partial<WdfIoQueueConfig> {
  /** Read and Write unless the queue is manual. */
  keep?: readonly Keeper[];
}

/** What a test wants different from the ordinary rig. */
export interface RigOptions extends SystemOptions {
  /** WDF_FILEOBJECT_CONFIG; null for a device without file objects. What WDF_FILEOBJECT_CONFIG_INIT makes unless given. */
  files?: wdf.WdfFileObjectConfig | null;
  fileAttributes?: wdf.WdfObjectAttributes;
  exclusive?: boolean;
  /** The default queue; its handlers keep requests unless they are given here. null: there is none. */
  queue?: QueueOptions | null;
  attributes?: wdf.WdfObjectAttributes;
  deviceAttributes?: wdf.WdfObjectAttributes;
  evtIoInCallerContext?: wdf.EvtIoInCallerContext;
  filter?: boolean;
  ioType?: wdf.WdfDeviceIoType;
  requestContext?: wdf.ContextType<unknown>;
  requestAttributes?: wdf.WdfObjectAttributes;
  power?: wdf.WdfPnpPowerEventCallbacks;
  /** Lines of the interrupts that `more` makes. */
  interruptLines?: readonly InterruptLineOptions[];
  /** Where the device stands: on another one, or on a driver that is not the framework's. */
  place?: DevicePlace;
  /** Does more before the device is made. */
  init?: (init: wdf.WdfDeviceInit, rig: Rig) => void;
  /** Does more before the device is started. */
  more?: (device: WDFDEVICE, rig: Rig) => void;
}

/** An IRP as a test sends it. */
export type IrpRequest = Omit<SendRequest, "file"> & { file?: number };

/** Who sends it: the routine that runs, else a system thread. */
export interface Sender {
  irql?: Irql;
  kernelMode?: boolean;
  paging?: boolean;
  /** The IRP's minor function. */
  minor?: number;
  /** Cancelled before it is sent. */
  canceled?: boolean;
}

/** An IRP a test has sent. */
export class SentIrp {
  status: number | undefined;
  information = 0;
  output: Uint8Array = new Uint8Array(0);
  /** What IoCallDriver returned to a system thread. */
  returned: number | undefined;
  readonly ordinal: number;
  private readonly rig: Rig;

  constructor(rig: Rig, ordinal: number) {
    this.rig = rig;
    this.ordinal = ordinal;
  }

  /** IoCancelIrp */
  cancel(): void {
    this.rig.system.cancel(this.ordinal);
  }

  /** The IRP is back. */
  done(status: number, information: number, irp: { readonly output: Uint8Array }): void {
    this.status = status;
    this.information = information;
    this.output = irp.output.subarray(0, information);
    this.rig.lines.push(`done r${this.ordinal} ${statusName(status)} ${information}`);
  }
}

const rigs: Rig[] = [];

afterEach(() => {
  for (const rig of rigs.splice(0)) rig.expectTheEnd();
});

/** The options of the System among those of a rig. */
function systemOptions(options: RigOptions): SystemOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(SYSTEM_OPTIONS, name)));
}

export class Rig {
  readonly system: System;
  readonly lines: string[] = [];
  /** Requests the handlers have kept, oldest first. */
  readonly kept: WDFREQUEST[] = [];
  /** File objects the test has opened. */
  readonly files: WDFFILEOBJECT[] = [];
  private readonly wdmFiles = new Map<number, PFILE_OBJECT>();
  /** The lines it was asked for. */
  readonly interruptLines: InterruptLine[] = [];
  device!: WDFDEVICE;
  queue!: WDFQUEUE;
  private findingsTold = 0;

  constructor(options: RigOptions = {}) {
    rigs.push(this);
    this.system = System.create(systemOptions(options));
    this.interruptLines.push(...(options.interruptLines ?? []).map((line) => this.system.interruptLine(line)));
    this.system.addDevice({
      name: "rig",
      evtDriverDeviceAdd: (_driver, init) => {
        if (options.filter) wdf.WdfFdoInitSetFilter(init);
        if (options.files !== null) {
          wdf.WdfDeviceInitSetFileObjectConfig(init, options.files ?? wdf.WDF_FILEOBJECT_CONFIG_INIT(), options.fileAttributes);
        }
        if (options.exclusive) wdf.WdfDeviceInitSetExclusive(init, true);
        if (options.ioType !== undefined) wdf.WdfDeviceInitSetIoType(init, options.ioType);
        if (options.evtIoInCallerContext) wdf.WdfDeviceInitSetIoInCallerContextCallback(init, options.evtIoInCallerContext);
        if (options.requestAttributes) wdf.WdfDeviceInitSetRequestAttributes(init, options.requestAttributes);
        if (options.requestContext) wdf.WdfDeviceInitSetRequestAttributes(init, { contextType: options.requestContext });
        if (options.power) wdf.WdfDeviceInitSetPnpPowerEventCallbacks(init, options.power);
        options.init?.(init, this);
        this.device = wdf.WdfDeviceCreate(init, options.deviceAttributes).device;
        if (options.queue !== null) this.queue = this.makeQueue({ defaultQueue: true, ...options.queue }, options.attributes);
        options.more?.(this.device, this);
      },
    }, { interruptLines: this.interruptLines, ...options.place });
  }

  /** WdfIoQueueCreate with handlers that keep requests, unless it is manual. */
  createQueue({ keep, ...config }: QueueOptions, attributes?: wdf.WdfObjectAttributes): { status: number; queue: WDFQUEUE } {
    const dispatchType = config.dispatchType ?? wdf.WdfIoQueueDispatchType.Parallel;
    const ordinary: Keeper[] = dispatchType === wdf.WdfIoQueueDispatchType.Manual ? [] : ["Read", "Write"];
    const settled = { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(dispatchType), ...keepers(this, keep ?? ordinary), ...config };
    return wdf.WdfIoQueueCreate(this.device, settled, attributes);
  }

  /** The same for a queue that nothing is wrong with. */
  makeQueue(options: QueueOptions, attributes?: wdf.WdfObjectAttributes): WDFQUEUE {
    const { status, queue } = this.createQueue(options, attributes);
    if (status < 0) throw new Error(`the rig's queue: ${statusName(status)}`);
    return queue;
  }

  /** Adds a line to the transcript, after what the core has reported so far. */
  say(line: string): void {
    this.system.machine.takeNotifications();
    this.lines.push(line);
  }

  name(handle: number): string {
    return this.system.names.name(handle);
  }

  /** The newest request a handler has kept. */
  get request(): WDFREQUEST {
    return this.kept[this.kept.length - 1];
  }

  /** KeGetCurrentIrql */
  get level(): number {
    return this.system.machine.exports.currentLevel();
  }

  /** EvtRequestCancel that says so and leaves the request alone. */
  readonly evtRequestCancel: EvtRequestCancel = (request) => this.say(`EvtRequestCancel ${this.name(request)}`);

  /** EvtIoQueueState that says `what`. */
  state(what: string): EvtIoQueueState {
    return (queue, context) => this.say(`${what} ${this.name(queue)}${context === 0 ? "" : ` context=${context}`}`);
  }

  /** Runs DDIs in a system thread at PASSIVE_LEVEL, or another level. */
  run<T>(body: () => T, irql: number = Irql.Passive): T {
    return this.system.thread(() => {
      const before = this.system.machine.exports.setLevel(irql);
      const result = body();
      this.system.machine.exports.setLevel(before);
      return result;
    }).result;
  }

  /** The same, and says what came back, after all that happened on the way. */
  tell(body: () => unknown, irql: number = Irql.Passive): void {
    this.run(() => {
      const result = body();
      this.say(this.returned(result));
    }, irql);
  }

  /** Runs a thread that may wait. */
  start<T>(body: () => Generator<undefined, T, unknown>): SystemThread<T> {
    return this.system.thread(body);
  }

  /** What a DDI returned, in words. */
  returned(result: unknown): string {
    if (result === undefined) return "returned";
    if (typeof result === "number") return `returned ${statusName(result)}`;
    if (typeof result !== "object" || result === null || !("status" in result)) return `returned ${String(result)}`;
    const { status, request } = result as { status: number; request?: number };
    return `returned ${statusName(status)}${request ? ` ${this.name(request)}` : ""}`;
  }

  /** Completes the request a handler has kept longest, in a thread of its own. */
  complete(status: number = wdf.NtStatus.Success, information = 0): void {
    const request = this.kept.shift()!;
    this.run(() => wdf.WdfRequestCompleteWithInformation(request, status, information));
  }

  /** Sends an IRP: from an application, or with a sender from the routine that runs or a system thread. */
  send(request: IrpRequest, sender?: Sender): SentIrp {
    const sent = new SentIrp(this, this.system.irps.next);
    const file = this.wdmFiles.get(request.file ?? 0) ?? request.file ?? 0;
    if (sender !== undefined) this.sendFrom(sender, { ...request, file }, sent);
    else this.system.input(() => this.system.send(this.device, { ...request, file }, (...result) => sent.done(...result)));
    return sent;
  }

  private sendFrom(sender: Sender, request: IrpRequest, sent: SentIrp): void {
    const { machine } = this.system;
    const flags = (sender.kernelMode ? 1 : 0) | (sender.paging ? 2 : 0) | (sender.canceled ? 4 : 0) | ((sender.minor ?? 0) << 8);
    const send = (): number =>
      sendIrp(machine, this.device, { file: 0, ...request, flags }, (...result) => sent.done(...result))?.handle ?? 0;
    const call = (): number => callWith(machine, "IoCallDriver", send);
    sent.returned = machine.activation === 0 ? this.run(call, sender.irql) : call();
  }

  /** IoCancelIrp from inside a routine. */
  cancelInside(sent: SentIrp): void {
    const { machine, irps } = this.system;
    callWith(machine, "IoCancelIrp", () => machine.exports.cancel(irps.byOrdinal(sent.ordinal)!.handle));
  }

  sendRead(length: number, sender?: Sender): SentIrp {
    return this.send({ major: WdfRequestType.Read, outputLength: length }, sender);
  }

  sendWrite(length: number, sender?: Sender): SentIrp {
    return this.send({ major: WdfRequestType.Write, input: new Uint8Array(length) }, sender);
  }

  /** A device control: METHOD_BUFFERED unless the code says otherwise. */
  sendControl(outputLength: number, inputLength: number, code = 0x222000, sender?: Sender): SentIrp {
    return this.send({ major: WdfRequestType.DeviceControl, outputLength, input: new Uint8Array(inputLength), code }, sender);
  }

  /** A FILE_OBJECT of the device, for a create that is to be sent. */
  newFile(): PFILE_OBJECT {
    const file = this.system.machine.exports.createFile(this.device, 0) as PFILE_OBJECT;
    this.system.names.addFile(file);
    return file;
  }

  /** A file that has been opened; as `file` of an IRP it stands for its FILE_OBJECT. */
  openFile(): WDFFILEOBJECT {
    const { machine } = this.system;
    const wdm = this.newFile();
    const open = (): WDFFILEOBJECT => {
      callWith(machine, "IoCallDriver", () => machine.exports.sendIrp(this.device, WdfRequestType.Create, 0, wdm, 0, 0, 0));
      return wdf.WdfDeviceGetFileObject(this.device, wdm);
    };
    const file = machine.activation === 0 ? this.run(open) : open();
    this.wdmFiles.set(file, wdm);
    this.files.push(file);
    return file;
  }

  /** Sends a create, cleanup or close. */
  sendFile(major: WdfRequestType, file: PFILE_OBJECT, sender?: Sender): SentIrp {
    return this.send({ major, file }, sender);
  }

  /** The device leaves D0 or is removed: its queues do what they do then. The thread may be left waiting. */
  stopQueues(why: "hold" | "purge managed" | "purge others" = "hold"): SystemThread<void> {
    const action = { hold: 0, "purge managed": 1, "purge others": 2 }[why];
    return this.powerThread("stopProcessingForPower", [this.device, action]);
  }

  /** The device is back in D0. */
  resumeQueues(): SystemThread<void> {
    return this.powerThread("resumeProcessingForPower", [this.device]);
  }

  private powerThread(name: string, args: readonly number[]): SystemThread<void> {
    const { machine } = this.system;
    return this.system.thread<void>(function* () {
      yield* callMachine(machine, name, args, same);
    });
  }

  /** Fault injection: allocations fail while it is on. */
  set lowMemory(on: boolean) {
    this.system.machine.exports.setLowMemory(on ? 1 : 0);
  }

  /** WdfIoQueueGetState in words, from a thread of its own. */
  stateOf(queue: WDFQUEUE = this.queue): string {
    return this.run(() => this.stateInside(queue));
  }

  /** The same inside a routine. */
  stateInside(queue: WDFQUEUE): string {
    const { state, queueRequests, driverRequests } = wdf.WdfIoQueueGetState(queue);
    const flags: [number, string][] = [
      [WdfIoQueueState.AcceptRequests, "accept "],
      [WdfIoQueueState.DispatchRequests, "dispatch "],
      [WdfIoQueueState.NoRequests, "noreq "],
      [WdfIoQueueState.DriverNoRequests, "drvnoreq "],
      [WdfIoQueueState.PnpHeld, "held "],
    ];
    const words = flags.map(([flag, word]) => ((state & flag) !== 0 ? word : ""));
    return `${words.join("")}queued=${queueRequests} driver=${driverRequests}`;
  }

  /** These lines have come, and no other, since the last look. */
  expect(...lines: string[]): void {
    expect(this.lines.splice(0)).toEqual(lines);
  }

  expectNothingElse(): void {
    this.expect();
  }

  /** These findings have come since the last look. */
  expectFindings(...ids: number[]): void {
    const fresh = this.system.findings.slice(this.findingsTold);
    this.findingsTold = this.system.findings.length;
    expect(fresh.map(({ id, message }) => [id, message])).toEqual(ids.map((id) => [id, expect.any(String)]));
  }

  expectNoFindings(): void {
    this.expectFindings();
  }

  /** What has come so far is not the matter of this test. */
  forget(): void {
    this.lines.length = 0;
    this.findingsTold = this.system.findings.length;
  }

  /** The body ends the System with the Stop WDF_VIOLATION and these first parameters. */
  expectStop(body: () => unknown, ...parameters: number[]): void {
    this.expectBugCheck(body, BugCheck.WdfViolation, ...parameters);
  }

  /** The body ends the System with that Stop and these first parameters. */
  expectBugCheck(body: () => unknown, code: BugCheck, ...parameters: number[]): void {
    let stop: BugCheckError | undefined;
    try {
      this.run(body);
    } catch (error) {
      if (!(error instanceof BugCheckError)) throw error;
      stop = error;
    }
    expect({ code: stop?.code, parameters: stop?.parameters.slice(0, parameters.length) }).toEqual({ code, parameters });
  }

  /** The end of a test: everything has been looked at. */
  expectTheEnd(): void {
    this.expectNoFindings();
    this.expectNothingElse();
  }
}
