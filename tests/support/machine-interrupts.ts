// Two interrupts of a machine's device, on an edge line and a level line, with what must hold of them.
//
//   an ISR runs at its DIRQL, and begins on a processor that is below that
//   the ISR, EvtInterruptSynchronize and the holder of the interrupt's lock exclude each other
//   each insertion of the interrupt's DPC that succeeded makes one run of it, at DISPATCH_LEVEL
//   a line that was raised is serviced

import { expect } from "vitest";
import { Irql } from "../../bindings/abi";
import type { WDFDEVICE, WDFINTERRUPT } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import { callWith } from "../../host/ddi/call";
import type { InterruptLineOptions } from "../../host/hardware/interrupt-line";
import type { Rig } from "./rig";

/** What a thread does with interrupt number n. */
export type InterruptOp = readonly ["line" | "sync" | "ilock", number];

/** The lines a rig is to have. */
export const LINES: readonly Required<InterruptLineOptions>[] = [
  { irql: 5, mode: "edge" },
  { irql: 8, mode: "level" },
];

type Steps = Generator<undefined, void, unknown>;

export class MachineInterrupts {
  private readonly rig: Rig;
  private readonly log: string[];
  private readonly interrupts: WDFINTERRUPT[] = [];
  private readonly holders = new Map<number, string>();
  /** By processor, the level a thread has raised it to. */
  private readonly levels = new Map<number, number>();
  private readonly queued = [0, 0];
  private readonly ran = [0, 0];
  /** Raised, and no ISR has begun since. */
  private readonly waiting = [false, false];
  private readonly asserted = [false, false];

  constructor(rig: Rig, log: string[]) {
    this.rig = rig;
    this.log = log;
  }

  /** Makes them, in EvtDriverDeviceAdd. */
  create(device: WDFDEVICE): void {
    LINES.forEach((_, n) => {
      const isr = (): Generator<undefined, boolean, unknown> => this.isr(n);
      const dpc = (): Steps => this.dpc(n);
      this.interrupts.push(wdf.WdfInterruptCreate(device, wdf.WDF_INTERRUPT_CONFIG_INIT(isr, dpc)).interrupt);
    });
  }

  private *isr(n: number): Generator<undefined, boolean, unknown> {
    const processor = wdf.KeGetCurrentProcessorNumberEx();
    this.log.push(`isr${n}@${processor}`);
    expect(wdf.KeGetCurrentIrql(), "level of an ISR").toBe(LINES[n].irql);
    expect(this.levels.get(processor) ?? 0, `level of processor ${processor} when ISR ${n} comes in`).toBeLessThan(LINES[n].irql);
    this.waiting[n] = false;
    const mine = LINES[n].mode === "edge" || this.asserted[n];
    this.asserted[n] = false;
    if (LINES[n].mode === "level") this.set(n, false);
    yield* this.hold(n, "isr");
    if (yield* wdf.WdfInterruptQueueDpcForIsr(this.interrupts[n])) this.queued[n]++;
    return mine;
  }

  private *dpc(n: number): Steps {
    expect(wdf.KeGetCurrentIrql(), "level of an interrupt's DPC").toBe(Irql.Dispatch);
    this.ran[n]++;
    this.log.push(`idpc${n}@${wdf.KeGetCurrentProcessorNumberEx()}`);
    yield;
  }

  /** Under the lock of the interrupt: nobody else may be. */
  private *hold(n: number, who: string): Steps {
    expect(this.holders.get(n), `holder of interrupt lock ${n} when ${who} gets it`).toBeUndefined();
    this.holders.set(n, who);
    yield;
    expect(wdf.KeGetCurrentIrql(), "level of the holder of an interrupt's lock").toBe(LINES[n].irql);
    expect(this.holders.get(n)).toBe(who);
    this.holders.delete(n);
  }

  private set(n: number, raised: boolean): void {
    this.rig.system.machine.exports.setInterruptLine(this.rig.interruptLines[n].address, raised ? 1 : 0);
  }

  *perform(name: string, [what, n]: InterruptOp): Steps {
    const interrupt = this.interrupts[n];
    if (what === "line") {
      this.waiting[n] = true;
      this.asserted[n] = true;
      yield* callWith(this.rig.system.machine, "raise", () => (this.set(n, true), 0));
    } else if (what === "ilock") {
      yield* wdf.WdfInterruptAcquireLock(interrupt);
      yield* this.hold(n, name);
      yield* wdf.WdfInterruptReleaseLock(interrupt);
    } else {
      expect(yield* wdf.WdfInterruptSynchronize(interrupt, () => this.synchronized(n, name), 0)).toBe(true);
    }
  }

  private *synchronized(n: number, name: string): Generator<undefined, boolean, unknown> {
    yield* this.hold(n, `sync of ${name}`);
    return true;
  }

  /** A thread has the processor at that level while it goes on here. */
  *at(level: number): Steps {
    const before = wdf.KeRaiseIrql(level);
    const processor = wdf.KeGetCurrentProcessorNumberEx();
    const stays = level >= Irql.Dispatch;
    if (stays) this.levels.set(processor, level);
    yield;
    if (stays) expect(wdf.KeGetCurrentProcessorNumberEx(), "processor of a thread at raised level").toBe(processor);
    expect(wdf.KeGetCurrentIrql(), "level a thread has raised to").toBe(level);
    if (stays) this.levels.delete(processor);
    yield* wdf.KeLowerIrql(before);
  }

  /** Nothing goes on any more. */
  finish(): void {
    expect(this.waiting, "lines that nobody has serviced").toEqual([false, false]);
    expect(this.ran, "runs of each interrupt's DPC").toEqual(this.queued);
    expect(this.holders.size).toBe(0);
  }
}
