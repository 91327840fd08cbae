// Threads, interrupts, DPCs, timers, locks and events on several processors, with the counts that must agree at the end.
//
//   a DPC runs at DISPATCH_LEVEL, once for each insertion that succeeded
//   a spin lock has one holder at a time
//   a timer expires at the moment it was set for, and no earlier one is still armed then
//   a thread ends at the level it began at
//   interrupts: machine-interrupts.ts

import { expect } from "vitest";
import { DpcImportance, EventType, Irql, NtStatus } from "../../bindings/abi";
import type { KDPC, KTIMER, PKEVENT, PKSPIN_LOCK, WDFDEVICE } from "../../bindings/handles";
import * as wdf from "../../host/ddi";
import { type InterruptOp, LINES, MachineInterrupts } from "./machine-interrupts";
import { Rig } from "./rig";

/** One thing a thread does. */
export type Op =
  | readonly ["lock" | "dpc" | "cancel" | "remove", number]
  | readonly ["timer", number, number]
  | readonly ["wait" | "delay" | "raise", number]
  | readonly ["signal" | "yield"]
  | InterruptOp;

/** What a run is: it can be written down, and comes again the same. */
export interface Workload {
  readonly processors: number;
  readonly threads: readonly (readonly Op[])[];
  readonly random?: number;
  readonly tape?: string;
}

const COUNT = 3;
const MS = 10_000;

export class MachineWorld {
  readonly rig: Rig;
  readonly log: string[] = [];
  private locks: PKSPIN_LOCK[] = [];
  private readonly holders = new Map<number, string>();
  private dpcs: KDPC[] = [];
  private timers: KTIMER[] = [];
  private event = 0 as PKEVENT;
  /** Insertions that succeeded, less those taken back; and runs. */
  private readonly inserted = [0, 0, 0];
  private readonly ran = [0, 0, 0];
  /** When each armed timer is due, in 100 ns. */
  private readonly due = new Map<number, number>();
  private ended = 0;
  private interrupts!: MachineInterrupts;

  constructor({ processors, random, tape }: Workload) {
    const more = (device: WDFDEVICE, rig: Rig): void => {
      this.interrupts = new MachineInterrupts(rig, this.log);
      this.interrupts.create(device);
    };
    const choices = { ...(random === undefined ? {} : { random }), ...(tape === undefined ? {} : { tape }) };
    this.rig = new Rig({ processors, queue: null, interruptLines: LINES, more, ...choices });
    this.rig.run(() => this.prepare(processors));
  }

  private prepare(processors: number): void {
    this.event = wdf.KeInitializeEvent(EventType.SynchronizationEvent, false);
    for (let n = 0; n < COUNT; n++) {
      this.locks.push(wdf.KeInitializeSpinLock());
      const dpc = wdf.KeInitializeDpc(this.dpcRoutine(n));
      wdf.KeSetTargetProcessorDpc(dpc, n % processors);
      wdf.KeSetImportanceDpc(dpc, [DpcImportance.Medium, DpcImportance.High, DpcImportance.Low][n]);
      this.dpcs.push(dpc);
      this.timers.push(wdf.KeInitializeTimer());
    }
  }

  private dpcRoutine(n: number) {
    return (): Generator<undefined, void, unknown> => this.runDpc(n);
  }

  private *runDpc(n: number): Generator<undefined, void, unknown> {
    expect(wdf.KeGetCurrentIrql(), "level of a DPC").toBe(Irql.Dispatch);
    this.ran[n]++;
    this.log.push(`dpc${n}@${wdf.KeGetCurrentProcessorNumberEx()}`);
    yield* wdf.KeAcquireSpinLockAtDpcLevel(this.locks[n]);
    yield* this.hold(n, `dpc${n}`);
    wdf.KeReleaseSpinLockFromDpcLevel(this.locks[n]);
    yield* wdf.KeSetEvent(this.event);
    expect(wdf.KeGetCurrentIrql(), "level of a DPC at its end").toBe(Irql.Dispatch);
  }

  /** What the holder of a lock does: nobody else may be in here. */
  private *hold(n: number, who: string): Generator<undefined, void, unknown> {
    expect(this.holders.get(n), `holder of lock ${n} when ${who} gets it`).toBeUndefined();
    this.holders.set(n, who);
    yield;
    expect(wdf.KeGetCurrentIrql(), "level of the holder of a spin lock").toBe(Irql.Dispatch);
    expect(this.holders.get(n)).toBe(who);
    this.holders.delete(n);
  }

  private timerRoutine(n: number) {
    return (): void => {
      const now = Number(wdf.KeQueryInterruptTime());
      this.log.push(`timer${n} ${now / MS}`);
      expect(now, `moment of timer ${n}`).toBe(this.due.get(n));
      for (const [other, due] of this.due) expect(due, `timer ${other}, when timer ${n} expires`).toBeGreaterThanOrEqual(now);
      this.due.delete(n);
    };
  }

  /** Starts all threads at once. */
  start(threads: readonly (readonly Op[])[]): void {
    this.rig.system.atOnce(() => {
      threads.forEach((ops, index) => this.rig.system.thread<void>(() => this.body(`t${index}`, ops)));
    });
  }

  private *body(name: string, ops: readonly Op[]): Generator<undefined, void, unknown> {
    for (const op of ops) {
      this.log.push(`${name} ${op.join(" ")} @${wdf.KeGetCurrentProcessorNumberEx()}`);
      yield* this.perform(name, op);
      expect(wdf.KeGetCurrentIrql(), `level of ${name} after ${op.join(" ")}`).toBe(Irql.Passive);
    }
    this.ended++;
  }

  private *perform(name: string, op: Op): Generator<undefined, void, unknown> {
    switch (op[0]) {
      case "lock": {
        const before = yield* wdf.KeAcquireSpinLock(this.locks[op[1]]);
        yield* this.hold(op[1], name);
        return yield* wdf.KeReleaseSpinLock(this.locks[op[1]], before);
      }
      case "dpc":
        if (yield* wdf.KeInsertQueueDpc(this.dpcs[op[1]])) this.inserted[op[1]]++;
        return;
      case "remove":
        if (wdf.KeRemoveQueueDpc(this.dpcs[op[1]])) this.inserted[op[1]]--;
        return;
      case "timer":
        return yield* this.setTimer(op[1], op[2]);
      case "cancel":
        if (wdf.KeCancelTimer(this.timers[op[1]])) this.due.delete(op[1]);
        return;
      case "wait": {
        const status = yield* wdf.KeWaitForSingleObject(this.event, 0, 0, false, -op[1] * MS);
        expect([NtStatus.Success, NtStatus.Timeout]).toContain(status);
        return;
      }
      case "delay": {
        const before = Number(wdf.KeQueryInterruptTime());
        yield* wdf.KeDelayExecutionThread(0, false, -op[1] * MS);
        expect(Number(wdf.KeQueryInterruptTime()) - before, "time a delay takes").toBeGreaterThanOrEqual(op[1] * MS);
        return;
      }
      case "signal":
        yield* wdf.KeSetEvent(this.event);
        return;
      case "raise":
        return yield* this.interrupts.at(op[1]);
      case "yield":
        return void (yield);
      default:
        yield* this.interrupts.perform(name, op);
    }
  }

  private *setTimer(n: number, ms: number): Generator<undefined, void, unknown> {
    const level = wdf.KeRaiseIrql(Irql.Dispatch); // so that nothing comes between the call and the note
    const dpc = wdf.KeInitializeDpc(this.timerRoutine(n));
    this.due.set(n, Number(wdf.KeQueryInterruptTime()) + ms * MS);
    yield* wdf.KeSetTimer(this.timers[n], -ms * MS, dpc);
    yield* wdf.KeLowerIrql(level);
  }

  /** Time passes until nothing is due any more; then everything must agree. */
  finish(threads: number): void {
    for (let round = 0; round < 100 && this.ended < threads; round++) {
      this.rig.system.advance(10);
      this.rig.run(() => void wdf.KeSetEvent(this.event));
    }
    this.rig.system.advance(1000);
    expect(this.ended, "threads that have ended").toBe(threads);
    expect(this.ran, "runs of each DPC").toEqual(this.inserted);
    this.interrupts.finish();
    expect([...this.due], "timers that never expired").toEqual([]);
    expect(this.holders.size).toBe(0);
    expect(this.rig.system.machine.exports.checkInvariants()).toBe(0);
    expect(this.rig.system.findings).toEqual([]);
  }
}
