// The real thing beside the queue model: one device, the queues of the setup, and a transcript in the model's words.

import { NtStatus, WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import type { EvtRequestCancel, WdfIoQueueConfig } from "../../host/ddi/types";
import type { PFILE_OBJECT, WDFDEVICE, WDFFILEOBJECT, WDFQUEUE, WDFREQUEST } from "../../bindings/handles";
import { callMachine, same } from "../../host/ddi/call";
import { System } from "../../host/system";
import type { QueueSetup } from "./queue-loop-model";

const TYPES = {
  sequential: WdfIoQueueDispatchType.Sequential,
  parallel: WdfIoQueueDispatchType.Parallel,
  manual: WdfIoQueueDispatchType.Manual,
};
/** The type of request that is sent to each queue. */
const MAJORS = [WdfRequestType.Read, WdfRequestType.Write, WdfRequestType.DeviceControl];

export class QueueWorld {
  readonly system: System;
  readonly lines: string[] = [];
  readonly queues: WDFQUEUE[] = [];
  readonly handles: WDFREQUEST[] = [];
  readonly files: WDFFILEOBJECT[] = [];
  readonly wdmFiles: PFILE_OBJECT[] = [];
  private device!: WDFDEVICE;
  private readonly setups: readonly QueueSetup[];

  /** Whether EvtIoStop puts a request back. */
  requeues: (name: string) => boolean = () => false;

  constructor(setups: readonly QueueSetup[], verifier = true) {
    this.system = System.create({ verifier });
    this.setups = setups;
    this.system.addDevice({
      name: "world",
      evtDriverDeviceAdd: (_driver, init) => {
        wdf.WdfDeviceInitSetFileObjectConfig(init, wdf.WDF_FILEOBJECT_CONFIG_INIT());
        this.device = wdf.WdfDeviceCreate(init).device;
        setups.forEach((setup, index) => this.createQueue(setup, index));
      },
    });
    this.system.input(() => {
      for (let i = 0; i < 2; i++) this.wdmFiles.push(this.openOne());
    });
    this.run(() => this.files.push(...this.wdmFiles.map((file) => wdf.WdfDeviceGetFileObject(this.device, file))));
    setups.forEach(({ ready, name }, index) => {
      if (ready) this.run(() => wdf.WdfIoQueueReadyNotify(this.queues[index], () => this.say(`ready ${name}`), 0));
    });
  }

  private openOne(): PFILE_OBJECT {
    const { exports } = this.system.machine;
    const file = exports.createFile(this.device, 0) as PFILE_OBJECT;
    exports.sendIrp(this.device, WdfRequestType.Create, 0, file, 0, 0, 0);
    return file;
  }

  private createQueue(setup: QueueSetup, index: number): void {
    const config = { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(TYPES[setup.kind]), ...this.routines(setup), defaultQueue: index === 0 };
    if (setup.kind === "parallel") config.numberOfPresentedRequests = setup.limit;
    const { queue } = wdf.WdfIoQueueCreate(this.device, config);
    this.queues.push(queue);
    if (index > 0) wdf.WdfDeviceConfigureRequestDispatching(this.device, queue, MAJORS[index]);
  }

  private routines({ name, habit, kind, canceledOnQueue }: QueueSetup): Partial<WdfIoQueueConfig> {
    const evtIoDefault = (_queue: WDFQUEUE, request: WDFREQUEST): void => {
      this.say(`handler ${name} ${this.name(request)}`);
      if (habit === "complete") wdf.WdfRequestComplete(request, NtStatus.Success);
      if (habit === "mark") wdf.WdfRequestMarkCancelable(request, this.canceller("complete"));
      if (habit === "forward") void wdf.WdfRequestForwardToIoQueue(request, this.queues[this.queues.length - 1]);
    };
    const evtIoCanceledOnQueue = (_queue: WDFQUEUE, request: WDFREQUEST): void => {
      this.say(`canceledOnQueue ${name} ${this.name(request)}`);
      if (canceledOnQueue === "complete") wdf.WdfRequestComplete(request, NtStatus.Cancelled);
    };
    const power: Partial<WdfIoQueueConfig> = {
      evtIoStop: (_queue, request, flags) => {
        const cancelable = (flags & wdf.WdfRequestStopAction.RequestCancelable) !== 0;
        this.say(`stop ${name} ${this.name(request)}${cancelable ? " cancelable" : ""}`);
        wdf.WdfRequestStopAcknowledge(request, this.requeues(this.name(request)));
      },
      evtIoResume: (_queue, request) => this.say(`resume ${name} ${this.name(request)}`),
    };
    return { ...power, ...(kind === "manual" ? {} : { evtIoDefault }), ...(canceledOnQueue === "none" ? {} : { evtIoCanceledOnQueue }) };
  }

  /** An EvtRequestCancel that tells of itself and keeps or completes the request. */
  canceller(what: "keep" | "complete"): EvtRequestCancel {
    return (request) => {
      this.say(`cancel ${this.name(request)}`);
      if (what === "complete") wdf.WdfRequestComplete(request, NtStatus.Cancelled);
    };
  }

  /** After what the core has reported so far. */
  say(line: string): void {
    this.system.machine.takeNotifications();
    this.lines.push(line);
  }

  name(handle: number): string {
    return handle === 0 ? "" : `r${this.system.irps.get(handle)?.ordinal ?? "?"}`;
  }

  /** Runs DDIs in a system thread. */
  run<T>(body: () => T): T {
    return this.system.thread(body).result;
  }

  /** Runs a DDI that may wait, in a thread of its own, which says so when it goes on. */
  wait(body: () => Generator<undefined, unknown, unknown>, line: string): void {
    const say = (): void => this.say(line);
    this.system.thread(function* () {
      yield* body();
      say();
    });
  }

  /** Leaves D0, or is back in it. */
  power(name: "stopProcessingForPower" | "resumeProcessingForPower"): void {
    const { machine } = this.system;
    const args = name === "stopProcessingForPower" ? [this.device, 0] : [this.device];
    this.system.thread<void>(function* () {
      yield* callMachine(machine, name, args, same);
    });
  }

  /** Sends a request that goes to that queue. */
  send(queue: number, length: number, file: number): void {
    const ordinal = this.system.irps.next;
    const major = MAJORS[queue];
    const input = major === WdfRequestType.Read ? undefined : new Uint8Array(length);
    this.system.input(() => {
      const done = (status: number): void => void this.lines.push(`done r${ordinal} ${status >>> 0}`);
      const request = { major, file: this.wdmFiles[file] ?? 0, input, outputLength: length };
      this.handles.push(this.system.send(this.device, request, done) as WDFREQUEST);
    });
  }

  /** State and counts of each queue. */
  states(): number[][] {
    const { exports, core } = this.system.machine;
    return this.queues.map((queue) => [exports.WdfIoQueueGetState(queue), core.outValue(0), core.outValue(1)]);
  }

  violation(): number {
    return this.system.machine.exports.checkInvariants();
  }

  setupOf(queue: number): QueueSetup {
    return this.setups[queue];
  }
}
