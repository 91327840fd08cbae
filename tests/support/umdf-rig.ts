// A UMDF 1 driver in a System, for tests: a device with what a test puts into it, and a transcript.

import { afterEach, expect } from "vitest";
import { FindingId, WdfRequestType } from "../../bindings/abi";
import type { WDFDEVICE } from "../../bindings/handles";
import { statusName } from "../../host/format";
import type { LowerIrp } from "../../host/lower";
import { System } from "../../host/system";
import * as umdf from "../../host/umdf1";
import { Gates } from "./gates";

/** What a test wants different. */
export interface UmdfOptions {
  /** Before the device is made. */
  init?: (init: umdf.IWDFDeviceInitialize) => void;
  /** The callback object of the device. */
  callbacks?: umdf.DeviceCallbackObject;
  /** The driver below. */
  lower?: (irp: LowerIrp, rig: UmdfRig) => void;
  /** After the device is made, before it is started. */
  device?: (device: umdf.IWDFDevice, rig: UmdfRig) => void;
}

const rigs: UmdfRig[] = [];

afterEach(() => {
  for (const rig of rigs.splice(0)) rig.expectTheEnd();
});

export class UmdfRig {
  readonly system = System.create();
  readonly lines: string[] = [];
  readonly gates = new Gates(this.system);
  device!: umdf.IWDFDevice;
  handle: WDFDEVICE;
  /** What System.addDevice said. */
  readonly status: number;
  private findingsTold = 0;

  constructor(options: UmdfOptions) {
    rigs.push(this);
    const added = this.system.addDevice(
      umdf.umdf1Driver("umdf", {
        OnInitialize: () => umdf.S_OK,
        OnDeviceAdd: (driver, init) => {
          options.init?.(init);
          const { hr, device } = driver.CreateDevice(init, options.callbacks ?? null);
          if (device === null) return hr;
          this.device = device;
          options.device?.(device, this);
          return umdf.S_OK;
        },
        OnDeinitialize: () => {},
      }),
      options.lower && { lower: { dispatch: (irp: LowerIrp) => options.lower!(irp, this) } },
    );
    this.status = added.status;
    this.handle = added.handle;
  }

  say(line: string): void {
    this.system.machine.takeNotifications();
    this.lines.push(line);
  }

  name(object: { readonly handle: number }): string {
    return this.system.names.name(object.handle);
  }

  /** Runs something of the driver in a thread. */
  run<T>(body: () => T): T {
    return this.system.thread(body).result;
  }

  send(type: number, length: number, code = 0): { cancel(): void } {
    const { irps } = this.system;
    const ordinal = irps.next;
    const major = type;
    const input = type === (WdfRequestType.Write as number) ? new Uint8Array(length) : new Uint8Array(code === 0 ? 0 : 3);
    this.system.input(() => {
      const file = type === (WdfRequestType.Create as number) ? this.system.machine.exports.createFile(this.handle) : 0;
      this.system.send(this.handle, { major, file, input, outputLength: length, code }, (status, information) =>
        this.lines.push(`done r${ordinal} ${statusName(status)} ${information}`),
      );
    });
    return { cancel: () => this.system.cancel(ordinal) };
  }

  read(length = 4): { cancel(): void } {
    return this.send(WdfRequestType.Read, length);
  }

  write(length = 4): { cancel(): void } {
    return this.send(WdfRequestType.Write, length);
  }

  control(outputLength = 5, code = 0x222000): { cancel(): void } {
    return this.send(WdfRequestType.DeviceControl, outputLength, code);
  }

  create(): { cancel(): void } {
    return this.send(WdfRequestType.Create, 0);
  }

  expect(...lines: string[]): void {
    expect(this.lines.splice(0)).toEqual(lines);
  }

  expectFindings(...ids: number[]): void {
    const all = this.system.findings.slice(this.findingsTold);
    const fresh = all.filter(({ id }) => id !== FindingId.SynchronousInHandler); // what the gates are made of
    this.findingsTold = this.system.findings.length;
    expect(fresh.map(({ id }) => id)).toEqual(ids);
  }

  expectTheEnd(): void {
    this.expectFindings();
    this.expect();
  }
}
