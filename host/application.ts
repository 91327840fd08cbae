// The application side: a file handle with reads, writes and device controls as promises.
//
// A promise resolves when the IRP is back, with its status, whatever that is; it rejects only when the System stops
// (BugCheckError) or the file is used after its end (StaleHandleError). An AbortSignal cancels the IRP as CancelIoEx
// does: the result then says STATUS_CANCELLED, if the driver let it.

import { NtStatus, WdfRequestType } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import { StaleHandleError } from "./errors";
import { statusName } from "./format";
import type { Irp } from "./irps";
import { toBase64 } from "./base64";
import type { InputName } from "./log";
import type { SendRequest } from "./sending";
import type { System } from "./system";

/** How an I/O operation ended. */
export interface IoResult {
  /** NTSTATUS of the IRP. */
  readonly status: NtStatus;
  /** Bytes transferred, as the driver said. */
  readonly information: number;
  /** What was read: as many bytes as `information` says, none after an error. */
  readonly data: Uint8Array;
}

export interface IoOptions {
  /** Cancels the operation. */
  signal?: AbortSignal;
}

/** Options of reads and writes. */
export interface TransferOptions extends IoOptions {
  /** Where in the device it begins, in bytes: Offset of an OVERLAPPED. */
  offset?: number;
}

const NOTHING = new Uint8Array(0);

export class ApplicationFile {
  /** What the open ended with. Below 0 the file cannot be used. */
  readonly status: NtStatus;
  readonly name: string;
  private readonly system: System;
  private readonly device: WDFDEVICE;
  private readonly handle: number;
  /** The number of the file in the input log: files count when their creates are completed. */
  readonly number: number;
  private readonly pending = new Set<Irp>();
  private closed = false;

  private constructor(system: System, name: string, status: NtStatus, device: WDFDEVICE, handle: number) {
    this.system = system;
    this.name = name;
    this.status = status;
    this.device = device;
    this.handle = handle;
    this.number = system.nextFile++;
  }

  /** No device has that name. */
  static notFound(system: System, name: string): ApplicationFile {
    return new ApplicationFile(system, name, NtStatus.ObjectNameNotFound, 0 as WDFDEVICE, 0);
  }

  /** Sends a create to the device. */
  static open(system: System, device: WDFDEVICE, name: string): Promise<ApplicationFile> {
    return settled(system, (resolve) => {
      const handle = system.machine.exports.createFile(device);
      system.names.addFile(handle);
      system.send(device, { major: WdfRequestType.Create, file: handle }, (status) => {
        resolve(new ApplicationFile(system, name, status, device, handle));
      });
    });
  }

  /**
   * ReadFile: reads up to that many bytes, or as many as the buffer holds. With a buffer of its own, `data` is a part of it;
   * it is the driver's until the promise resolves.
   */
  read(into: number | Uint8Array, options: TransferOptions = {}): Promise<IoResult> {
    const outputLength = typeof into === "number" ? into : into.length;
    const output = typeof into === "number" ? undefined : into;
    this.log("read", outputLength, ...offsetOf(options));
    return this.transfer({ major: WdfRequestType.Read, file: this.handle, outputLength, output, offset: options.offset }, options);
  }

  /** WriteFile: writes all of the bytes. A device for direct I/O reads them until the promise resolves. */
  write(data: Uint8Array, options: TransferOptions = {}): Promise<IoResult> {
    this.log("write", toBase64(data), ...offsetOf(options));
    return this.transfer({ major: WdfRequestType.Write, file: this.handle, input: data, offset: options.offset }, options);
  }

  /**
   * DeviceIoControl: as many bytes as `output` says, or holds, may come back. With METHOD_IN_DIRECT a driver reads what
   * stands in the buffer.
   */
  deviceIoControl(
    code: number,
    input: Uint8Array = NOTHING,
    output: number | Uint8Array = 0,
    options: IoOptions = {},
  ): Promise<IoResult> {
    const brought = typeof output === "number" ? undefined : output;
    const outputLength = typeof output === "number" ? output : output.length;
    this.log("deviceIoControl", code, toBase64(input), outputLength, ...(brought === undefined ? [] : [toBase64(brought)]));
    const request = { major: WdfRequestType.DeviceControl, file: this.handle, input, output: brought, outputLength, code };
    return this.transfer(request, options);
  }

  private log(op: InputName, ...args: (string | number)[]): void {
    this.system.log?.add(this.system.machine.core, op, this.number, ...args);
  }

  private transfer(request: SendRequest, { signal }: IoOptions): Promise<IoResult> {
    const unusable = this.unusable();
    if (unusable !== null) return Promise.reject(unusable);
    return settled(this.system, (resolve) => {
      let sent: Irp | undefined;
      const abort = (): void => this.cancelOne(sent);
      const handle = this.system.send(this.device, request, (status, information, irp) => {
        if (sent !== undefined) this.pending.delete(sent);
        signal?.removeEventListener("abort", abort);
        const none = information === 0 || (status < 0 && status >= WARNINGS_END);
        const data = none ? NOTHING : irp.output.subarray(0, information);
        resolve({ status, information, data });
      });
      sent = this.system.irps.get(handle);
      if (sent !== undefined) this.pending.add(sent);
      if (handle === 0 || signal === undefined) return;
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    });
  }

  /** CancelIo: cancels everything this file has under way. */
  cancel(): void {
    // oxlint-disable-next-line unicorn/no-useless-spread -- what is cancelled takes itself out
    for (const irp of [...this.pending]) this.cancelOne(irp);
  }

  private cancelOne(irp: Irp | undefined): void {
    if (irp !== undefined && this.system.machine.dead === null) this.system.cancelIrp(irp);
  }

  /** CloseHandle: cleanup, which cancels what waits in queues for this file, then close. */
  close(): Promise<void> {
    const unusable = this.unusable();
    if (unusable !== null) return Promise.reject(unusable);
    const { system, device, handle } = this;
    this.log("close");
    this.closed = true;
    return settled(system, (resolve) => {
      system.send(device, { major: WdfRequestType.Cleanup, file: handle }, () => {
        system.send(device, { major: WdfRequestType.Close, file: handle }, () => resolve());
      });
    });
  }

  private unusable(): Error | null {
    if (this.closed) return new StaleHandleError(`${this.name} was used after close()`);
    if (this.status >= 0) return null;
    return new StaleHandleError(`${this.name} could not be opened: ${statusName(this.status)}`);
  }
}

/** The offset for the input log, when there is one. */
function offsetOf({ offset }: TransferOptions): number[] {
  return offset === undefined ? [] : [offset];
}

/** Warning statuses (0x8...) still carry data; error statuses (0xC...) do not. */
const WARNINGS_END = 0xc0000000 | 0;

/** A promise whose action is an input of the System; it rejects when the System dies first. */
function settled<T>(system: System, action: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = system.onFailure(reject);
    try {
      system.input(() =>
        action((value) => {
          system.afterwards(() => {
            forget();
            resolve(value);
          });
        }),
      );
    } catch (error) {
      forget();
      reject(error as Error);
    }
  });
}
