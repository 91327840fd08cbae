// A port: reads and writes without bytes, for whoever has many of them - load generators, benchmarks, hosts that keep
// the bytes elsewhere. One callback for all, no promise and no buffer for each.

import type { WdfRequestType } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import type { System } from "./system";

/** Told of every IRP of a port that is back: its handle, the NTSTATUS, the bytes transferred. */
export type PortCallback = (handle: number, status: number, information: number) => void;

export class Port {
  readonly done: PortCallback;
  private readonly system: System;
  private readonly device: WDFDEVICE;

  constructor(system: System, device: WDFDEVICE, done: PortCallback) {
    this.system = system;
    this.device = device;
    this.done = done;
  }

  /**
   * Sends a read or write of `length` bytes and runs what it makes ready. The IRP's handle, good until it is back; 0 when
   * the System is full. From within a callback it waits its turn: the answer is then 0 too, and `done` tells the handle.
   */
  send(type: WdfRequestType.Read | WdfRequestType.Write, length: number): number {
    return this.system.sendThrough(this, this.device, type, length);
  }

  /** IoCancelIrp for one of its IRPs; nothing happens when it is back already. */
  cancel(handle: number): void {
    this.system.cancelThrough(handle);
  }
}
