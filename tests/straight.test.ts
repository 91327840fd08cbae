// The straight way must leave what the long way leaves: the same events in the same order, the same handles and counts.
//
// The same workloads run twice: once with nobody watching, once with rule findings on, which bar the straight way
// (assembly/nt/system.ts: caution) and change no outcome.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NtStatus, WORD_SHORT_RETURN, WdfIoQueueDispatchType, WdfRequestType } from "../bindings/abi";
import { WdfIoQueueGetState, WdfIoQueueStart, WdfIoQueueStop, WdfRequestComplete, WdfRequestForwardToIoQueue } from "../host/ddi";
import type { WDFQUEUE, WDFREQUEST } from "../host/ddi/types";
import { Rig } from "./support/rig";

/** What a handler does with the next request, and what the test does between requests. */
type Step = "complete" | "keep" | "forward" | "state" | "stopStart" | "completeKept" | "cancel" | "thread" | "twice";

const STEPS: readonly Step[] = ["complete", "complete", "complete", "keep", "forward", "state", "stopStart", "completeKept", "cancel", "thread", "twice"];

class Workload {
  readonly rig: Rig;
  private readonly other: WDFQUEUE;
  private next: Step = "complete";

  constructor(dispatchType: WdfIoQueueDispatchType, barred: boolean) {
    let other = 0 as WDFQUEUE;
    const handler = (_queue: WDFQUEUE, request: WDFREQUEST, length: number): void => this.handle(request, length);
    this.rig = new Rig({
      verifier: false,
      rules: barred,
      queue: { dispatchType, evtIoRead: handler, evtIoWrite: handler },
      more: (_device, rig) => {
        other = rig.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual }).queue;
      },
    });
    this.other = other;
  }

  private handle(request: WDFREQUEST, length: number): void {
    const step = this.next;
    this.rig.say(`${step} ${this.rig.name(request)} ${request} ${length}`);
    if (step === "keep") {
      this.rig.kept.push(request);
      return;
    }
    if (step === "forward") {
      this.rig.say(`forwarded ${WdfRequestForwardToIoQueue(request, this.other) >>> 0}`);
      return;
    }
    WdfRequestComplete(request, NtStatus.Success);
    if (step === "state") this.sayState();
    if (step === "completeKept") this.completeKept();
  }

  private completeKept(): void {
    const kept = this.rig.kept.shift();
    if (kept !== undefined) WdfRequestComplete(kept, NtStatus.Unsuccessful);
  }

  private sayState(): void {
    const { state, queueRequests, driverRequests } = WdfIoQueueGetState(this.rig.queue);
    this.rig.say(`state ${state} ${queueRequests} ${driverRequests}`);
  }

  play(step: Step, length: number): void {
    const { rig } = this;
    this.next = step;
    if (step === "thread") rig.run(() => this.completeKept());
    if (step === "stopStart") {
      rig.run(() => WdfIoQueueStop(rig.queue));
      rig.sendRead(1);
      rig.run(() => WdfIoQueueStart(rig.queue));
    }
    const sent = rig.send(length % 2 === 0 ? { major: WdfRequestType.Read, outputLength: length } : { major: WdfRequestType.Write, input: new Uint8Array(length) });
    if (step === "cancel") sent.cancel();
    if (step === "twice") rig.sendRead(length);
  }

  /** What is left: the lines, the state and how many objects there are. */
  end(): readonly string[] {
    this.rig.run(() => this.sayState());
    return [...this.rig.lines.splice(0), `${this.rig.system.machine.exports.liveObjects()} objects`];
  }
}

describe("the straight way", () => {
  it.each([
    ["sequential", WdfIoQueueDispatchType.Sequential],
    ["parallel", WdfIoQueueDispatchType.Parallel],
  ])("leaves the same events, handles and counts as the long way: %s queue", (_name, dispatchType) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(9)), { maxLength: 40 }), (steps) => {
        const [straight, long] = [false, true].map((barred) => {
          const workload = new Workload(dispatchType, barred);
          for (const [step, length] of steps) workload.play(step, length);
          return workload.end();
        });
        expect(straight).toEqual(long);
      }),
      { seed: 20, numRuns: 150 },
    );
  });

  it("is taken: an ordinary read leaves its return to whoever comes next", () => {
    const workload = new Workload(WdfIoQueueDispatchType.Sequential, false);
    workload.play("complete", 2);
    expect(workload.rig.system.machine.core.words[WORD_SHORT_RETURN]).toBe(1);
    workload.end();
    const barred = new Workload(WdfIoQueueDispatchType.Sequential, true);
    barred.play("complete", 2);
    expect(barred.rig.system.machine.core.words[WORD_SHORT_RETURN]).toBe(0);
    barred.end();
  });
});
