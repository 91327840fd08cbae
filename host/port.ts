// A port: reads and writes without bytes, for whoever has many of them - load generators, benchmarks, hosts that keep
// the bytes elsewhere. One callback for all, no promise and no buffer for each.
//
// `send` and `cancel` do by hand what Turns.input does for other inputs, and `send` what Machine.pump does with a routine
// event: each call that is left out is a tenth of what a request costs.

import { RoutineKind, WORD_CALL, WORD_DIRECT, WORD_RUNNING, WORD_SHORT_RETURN, WdfRequestType } from "../bindings/abi";
import { enter, leave } from "./current";
import type { WDFDEVICE } from "./ddi/types";
import type { Machine } from "./machine";
import { Busy, Mode } from "./mode";
import type { Turns } from "./turns";

function kindOf(type: number): RoutineKind {
  return type === WdfRequestType.Read ? RoutineKind.IoRead : RoutineKind.IoWrite;
}

/** Told of every IRP of a port that is back: its handle, the NTSTATUS, the bytes transferred. */
export type PortCallback = (handle: number, status: number, information: number) => void;

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
    const { machine } = this;
    if (machine.busy !== Busy.No) {
      this.turns.input(() => void this.sendNow(type, length));
      return 0;
    }
    machine.busy = Busy.Pumping;
    const before = enter(machine);
    try {
      return this.sendNow(type, length);
    } catch (error) {
      throw this.turns.over(error);
    } finally {
      leave(before);
      if (machine.busy === Busy.Pumping) machine.busy = Busy.No;
      else this.turns.goOn();
    }
  }

  private sendNow(type: number, length: number): number {
    const { machine } = this;
    const handle = machine.exports.sendTransferDirect(this.device, type, length, 0);
    if (handle === 0) {
      this.done(0, machine.names.refusal(this.device), 0);
    } else {
      machine.irps.sentThrough(this.number, handle);
      const callback = machine.core.words[WORD_DIRECT];
      if (callback !== 0) this.present(machine, type, callback, handle, length);
    }
    machine.drain();
    return handle;
  }

  /** Calls the handler of a transfer that has been sent. */
  private present(machine: Machine, type: number, callback: number, request: number, length: number): void {
    const { words } = machine.core;
    const routine = machine.plain[callback];
    if (routine === null) {
      machine.startDirect(kindOf(type), request, length);
      return;
    }
    const activation = words[WORD_RUNNING];
    machine.activation = activation;
    machine.mode = Mode.Plain;
    let result: unknown;
    try {
      result = routine(words[WORD_CALL], request, length);
    } catch (error) {
      machine.threw(activation, error);
    }
    machine.activation = 0;
    machine.mode = Mode.Outside;
    const now = machine.core.words;
    if (result === undefined && now[WORD_SHORT_RETURN] !== 0) now[WORD_RUNNING] = 0;
    else machine.returnedValue(activation, kindOf(type), result);
  }

  /** IoCancelIrp for one of its IRPs; nothing happens when it is back already. */
  cancel(handle: number): void {
    const { machine } = this;
    if (machine.busy !== Busy.No) {
      this.turns.input(() => void machine.exports.cancel(handle));
      return;
    }
    machine.busy = Busy.Pumping;
    const before = enter(machine);
    try {
      machine.exports.cancel(handle);
      machine.drain();
    } catch (error) {
      throw this.turns.over(error);
    } finally {
      leave(before);
      if (machine.busy === Busy.Pumping) machine.busy = Busy.No;
      else this.turns.goOn();
    }
  }
}
