// A port: reads and writes without bytes, for whoever has many of them - load generators, benchmarks, hosts that keep
// the bytes elsewhere. One callback for all, no promise and no buffer for each.

import { NtStatus, RoutineKind, WORD_DIRECT, WdfRequestType } from "../bindings/abi";
import type { WDFDEVICE } from "./ddi/types";
import type { Machine } from "./machine";
import type { Turns } from "./turns";

/** Told of every IRP of a port that is back: its handle, the NTSTATUS, the bytes transferred. */
export type PortCallback = (handle: number, status: number, information: number) => void;

/** RoutineKind.IoRead and IoWrite follow from the major function by subtraction. */
const KIND_OF_MAJOR = WdfRequestType.Read - RoutineKind.IoRead;

export class Port {
  readonly done: PortCallback;
  private readonly machine: Machine;
  private readonly turns: Turns;
  private readonly device: WDFDEVICE;
  private readonly number: number;

  constructor(machine: Machine, turns: Turns, device: WDFDEVICE, done: PortCallback) {
    this.machine = machine;
    this.turns = turns;
    this.device = device;
    this.done = done;
    this.number = machine.irps.addPort(this);
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
      return this.sendNow(type, length);
    } catch (error) {
      throw turns.over(error);
    } finally {
      turns.end(before);
    }
  }

  private sendNow(type: number, length: number): number {
    const { machine } = this;
    const handle = machine.exports.sendTransferDirect(this.device, type, length, 0);
    if (handle === 0) {
      this.done(0, NtStatus.InsufficientResources, 0);
    } else {
      machine.irps.sentThrough(this.number, handle);
      const { words } = machine.core;
      if (words[WORD_DIRECT] !== 0) machine.startDirect(words, type - KIND_OF_MAJOR, handle, length);
    }
    machine.pump(0);
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
