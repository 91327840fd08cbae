// A tiny world for tests: one device with one queue whose handlers keep what they get, and a transcript.
//
//   const rig = new Rig({ dispatchType: WdfIoQueueDispatchType.Sequential });
//   const read = rig.sendRead(4);
//   rig.expect("EvtIoRead r1 length=4");
//   rig.expectNothingElse();

import { afterEach, expect } from "vitest";
import { WdfRequestType } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import type { WDFDEVICE, WDFQUEUE, WDFREQUEST, WdfIoQueueConfig } from "../../host/ddi/types";
import type { Finding } from "../../host/findings";
import { statusName } from "../../host/format";
import type { SystemOptions } from "../../host/options";
import { System } from "../../host/system";

/** What a test wants different from the ordinary rig. */
export interface RigOptions extends SystemOptions {
  /** The default queue; its handlers keep requests unless they are given here. */
  queue?: Partial<WdfIoQueueConfig>;
  attributes?: wdf.WdfObjectAttributes;
  deviceAttributes?: wdf.WdfObjectAttributes;
  evtIoInCallerContext?: wdf.EvtIoInCallerContext;
  filter?: boolean;
  /** Makes more queues before the device is started. */
  more?: (device: WDFDEVICE, rig: Rig) => void;
}

/** An IRP a test has sent. */
export class SentIrp {
  status: number | undefined;
  information = 0;
  output: Uint8Array = new Uint8Array(0);
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
}

const rigs: Rig[] = [];

afterEach(() => {
  for (const rig of rigs.splice(0)) rig.expectNoFindings();
});

export class Rig {
  readonly system: System;
  readonly lines: string[] = [];
  /** Requests the handlers have kept, oldest first. */
  readonly kept: WDFREQUEST[] = [];
  device!: WDFDEVICE;
  queue!: WDFQUEUE;
  private findingsTold = 0;

  constructor(options: RigOptions = {}) {
    rigs.push(this);
    this.system = System.create(options);
    this.system.addDevice({
      name: "rig",
      evtDriverDeviceAdd: (_driver, init) => {
        if (options.filter) wdf.WdfFdoInitSetFilter(init);
        if (options.evtIoInCallerContext) wdf.WdfDeviceInitSetIoInCallerContextCallback(init, options.evtIoInCallerContext);
        this.device = wdf.WdfDeviceCreate(init, options.deviceAttributes).device;
        const made = this.createQueue({ defaultQueue: true, ...options.queue }, options.attributes);
        if (made.status < 0) throw new Error(`the rig's queue: ${statusName(made.status)}`);
        this.queue = made.queue;
        options.more?.(this.device, this);
      },
    });
  }

  /** WdfIoQueueCreate with handlers that keep requests, unless it is manual. */
  createQueue(config: Partial<WdfIoQueueConfig>, attributes?: wdf.WdfObjectAttributes): { status: number; queue: WDFQUEUE } {
    const dispatchType = config.dispatchType ?? wdf.WdfIoQueueDispatchType.Parallel;
    const manual = dispatchType === wdf.WdfIoQueueDispatchType.Manual;
    const handlers = manual ? {} : this.keepers();
    return wdf.WdfIoQueueCreate(this.device, { ...wdf.WDF_IO_QUEUE_CONFIG_INIT(dispatchType), ...handlers, ...config }, attributes);
  }

  private keepers(): Partial<WdfIoQueueConfig> {
    const keep = (name: string) => (_queue: WDFQUEUE, request: WDFREQUEST, length: number) => {
      this.say(`${name} ${this.name(request)} length=${length}`);
      this.kept.push(request);
    };
    return { evtIoRead: keep("EvtIoRead"), evtIoWrite: keep("EvtIoWrite") };
  }

  say(line: string): void {
    this.lines.push(line);
  }

  name(handle: number): string {
    return this.system.names.name(handle);
  }

  /** The newest request a handler has kept. */
  get request(): WDFREQUEST {
    return this.kept[this.kept.length - 1];
  }

  /** Runs DDIs in a system thread at PASSIVE_LEVEL, or another level. */
  run<T>(body: () => T, irql = 0): T {
    return this.system.thread(() => {
      const before = this.system.machine.exports.setLevel(irql);
      const result = body();
      this.system.machine.exports.setLevel(before);
      return result;
    }).result;
  }

  send(request: { major: number; input?: Uint8Array; outputLength?: number; code?: number; file?: number }): SentIrp {
    const sent = new SentIrp(this, this.system.irps.next);
    this.system.input(() => {
      this.system.send(this.device, { file: 0, ...request }, (status, information, irp) => {
        sent.status = status;
        sent.information = information;
        sent.output = irp.output.subarray(0, information);
        this.say(`done r${sent.ordinal} ${statusName(status)} ${information}`);
      });
    });
    return sent;
  }

  sendRead(length: number): SentIrp {
    return this.send({ major: WdfRequestType.Read, outputLength: length });
  }

  sendWrite(length: number): SentIrp {
    return this.send({ major: WdfRequestType.Write, input: new Uint8Array(length) });
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
    expect(fresh.map((finding: Finding) => finding.id)).toEqual(ids);
  }

  expectNoFindings(): void {
    this.expectFindings();
  }
}
