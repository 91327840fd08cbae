// A port: reads and writes without bytes, for whoever has many of them - load generators, benchmarks, hosts that keep
// the bytes elsewhere. One callback for all, no promise and no buffer for each.

import type { WdfRequestType } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import type { Machine } from "./machine";
import type { Turns } from "./turns";

/** Told of every IRP of a port that is back: its handle, the NTSTATUS, the bytes transferred. */
export type PortCallback = (handle: number, status: number, information: number) => void;

export class Port {
  readonly done: PortCallback;
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly device: WDFDEVICE;

  constructor(machine: Machine, turns: Turns, device: WDFDEVICE, done: PortCallback) {
    this.machine = machine;
    this.turns = turns;
    this.device = device;
    this.done = done;
  }

  /**
   * Sends a read or write of `length` bytes and runs what it makes ready. The IRP's handle, good until it is back; 0 when
   * the System is full. From within a callback it waits its turn: the answer is then 0 too, and `done` tells the handle.
   */
  send(type: WdfRequestType.Read | WdfRequestType.Write, length: number): number {
    const { turns } = this;
    if (!turns.areFree) {
      turns.input(() => void this.sendNow(type, length));
      return 0;
    }
    const before = turns.begin();
    try {
      const handle = this.sendNow(type, length);
      this.machine.pump(0);
      return handle;
    } catch (error) {
      throw turns.over(error);
    } finally {
      turns.end(before);
    }
  }

  private sendNow(type: number, length: number): number {
    const handle = this.machine.exports.sendTransfer(this.device, type, length, 0);
    if (handle === 0) this.done(0, this.machine.names.refusal(this.device), 0);
    else this.machine.irps.addPort(handle, this);
    return handle;
  }

  /** IoCancelIrp for one of its IRPs; nothing happens when it is back already. */
  cancel(handle: number): void {
    const { turns } = this;
    if (!turns.areFree) {
      turns.input(() => void this.machine.exports.cancel(handle));
      return;
    }
    const before = turns.begin();
    try {
      this.machine.exports.cancel(handle);
      this.machine.pump(0);
    } catch (error) {
      throw turns.over(error);
    } finally {
      turns.end(before);
    }
  }
}
