// A port: reads and writes without bytes, for whoever has many of them - load generators, benchmarks, hosts that keep
// the bytes elsewhere. One callback for all, no promise and no buffer for each.

import type { WdfRequestType } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import { type Lane, laneOf } from "./lane";
import type { Machine } from "./machine";
import type { Turns } from "./turns";

/** Told of every IRP of a port that is back: its handle, the NTSTATUS, the bytes transferred. */
export type PortCallback = (handle: number, status: number, information: number) => void;

export class Port {
  readonly done: PortCallback;
  readonly device: WDFDEVICE;
  /** How the host's tables call it. */
  readonly number: number;
  private readonly machine: Machine;
  private readonly turns: Turns;
  private lane: Lane;

  constructor(machine: Machine, turns: Turns, device: WDFDEVICE, done: PortCallback) {
    this.machine = machine;
    this.turns = turns;
    this.device = device;
    this.done = done;
    this.number = machine.irps.addPort(this);
    this.lane = laneOf(this, machine, turns);
  }

  /**
   * Sends a read or write of `length` bytes and runs what it makes ready. The IRP's handle, good until it is back; 0 when
   * the System is full. From within a callback it waits its turn: the answer is then 0 too, and `done` tells the handle.
   */
  send(type: WdfRequestType.Read | WdfRequestType.Write, length: number): number {
    return this.lane.send(type, length);
  }

  /** IoCancelIrp for one of its IRPs; nothing happens when it is back already. */
  cancel(handle: number): void {
    this.lane.cancel(handle);
  }

  /** Memory has grown: there is a new view of it. */
  renew(): void {
    this.lane = laneOf(this, this.machine, this.turns);
  }
}
