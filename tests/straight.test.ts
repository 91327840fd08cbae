// The straight way must leave what the long way leaves: the same events in the same order, the same handles and counts.
//
// The same workloads run twice: once with nobody watching, once with rule findings on, which bar the straight way
// (assembly/nt/system.ts: caution) and change no outcome.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Irql, NtStatus, WORD_SHORT_RETURN, WdfIoQueueDispatchType, WdfRequestType } from "../bindings/abi";
import * as wdf from "../host/ddi";
import type { WDFQUEUE, WDFREQUEST } from "../host/ddi/types";
import { Rig, type SentIrp } from "./support/rig";

/** What a handler does with the next request. */
const HANDLED = [
  "complete",
  "completeWith",
  "keep",
  "forward",
  "forwardBusy",
  "look",
  "state",
  "completeKept",
  "forwardKept",
  "retrieve",
  "raise",
  "sendInside",
  "cancelInside",
  "stopAfter",
] as const;
/** What the test does before or after a request is sent, besides. */
const OUTSIDE = [
  "cancel",
  "cancelOldest",
  "twice",
  "stopStart",
  "stopOther",
  "purgeOther",
  "ready",
  "thread",
  "threadForward",
  "threadRetrieve",
  "threadRequeue",
  "threadRaise",
  "port",
] as const;
type Handled = (typeof HANDLED)[number];
type Outside = (typeof OUTSIDE)[number] | "nothing";

class Workload {
  readonly rig: Rig;
  private readonly other: WDFQUEUE;
  private readonly manual: boolean;
  private readonly sent: SentIrp[] = [];
  private readonly port;
  private next: Handled = "complete";
  private notified = false;

  constructor(dispatchType: WdfIoQueueDispatchType, barred: boolean) {
    let other = 0 as WDFQUEUE;
    const handler = (_queue: WDFQUEUE, request: WDFREQUEST, length = 0): void => this.handle(request, length);
    const handlers = dispatchType === WdfIoQueueDispatchType.Manual ? {} : { evtIoRead: handler, evtIoWrite: handler, evtIoDeviceControl: handler };
    this.rig = new Rig({
      verifier: false,
      rules: barred,
      queue: { dispatchType, ...handlers },
      more: (_device, rig) => {
        other = rig.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual }).queue;
      },
    });
    this.other = other;
    this.manual = dispatchType === WdfIoQueueDispatchType.Manual;
    this.port = this.rig.system.port(this.rig.device, (handle, status, information) => {
      this.rig.lines.push(`port ${handle} ${status} ${information}`);
    });
  }

  private handle(request: WDFREQUEST, length: number): void {
    const { rig } = this;
    const step = this.next;
    this.next = "complete";
    rig.say(`${step} ${request} ${length} level ${rig.level}`);
    switch (step) {
      case "keep":
        rig.kept.push(request);
        return;
      case "forward":
        this.forward(request);
        return;
      case "forwardBusy":
        wdf.WdfIoQueueDrain(this.other);
        this.forward(request);
        wdf.WdfIoQueueStart(this.other);
        return;
      case "completeWith":
        wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, Math.min(length, 1));
        return;
      case "look":
        rig.say(`queue ${wdf.WdfRequestGetIoQueue(request)} ${wdf.WdfRequestGetParameters(request).length}`);
        break;
      case "cancelInside":
        rig.kept.push(request);
        if (this.sent.length > 0) this.cancelInside(this.sent.shift()!);
        return;
      case "sendInside":
        rig.sendRead(3, {});
        break;
      default:
    }
    wdf.WdfRequestComplete(request, NtStatus.Success);
    this.afterwards(step);
  }

  /** The request has been completed, the handler has not returned. */
  private afterwards(step: Handled): void {
    if (step === "state") this.sayState(this.rig.queue);
    if (step === "completeKept") this.completeKept();
    if (step === "forwardKept") this.forwardKept();
    if (step === "retrieve") this.retrieve();
    if (step === "raise") this.rig.system.machine.exports.setLevel(Irql.Dispatch);
    if (step === "stopAfter" && this.rig.kept.length === 0) {
      wdf.WdfIoQueueStop(this.rig.queue, this.rig.state("stopped"), 5);
      wdf.WdfIoQueueStart(this.rig.queue);
    }
  }

  private cancelInside(sent: SentIrp): void {
    if (sent.status === undefined) this.rig.cancelInside(sent);
  }

  private completeKept(): void {
    const kept = this.rig.kept.shift();
    if (kept !== undefined) wdf.WdfRequestComplete(kept, NtStatus.Unsuccessful);
  }

  private forwardKept(): void {
    const kept = this.rig.kept.shift();
    if (kept !== undefined) this.forward(kept);
  }

  private forward(request: WDFREQUEST): void {
    const status = wdf.WdfRequestForwardToIoQueue(request, this.other);
    this.rig.say(`forwarded ${status >>> 0}`);
    if (status < 0) wdf.WdfRequestComplete(request, status);
  }

  private retrieve(): void {
    const { status, request } = wdf.WdfIoQueueRetrieveNextRequest(this.other);
    this.rig.say(`retrieved ${status >>> 0} ${request}`);
    if (request !== 0) wdf.WdfRequestCompleteWithInformation(request, NtStatus.Success, 1);
  }

  private requeue(): void {
    const { status, request } = wdf.WdfIoQueueRetrieveNextRequest(this.manual ? this.rig.queue : this.other);
    this.rig.say(`retrieved ${status >>> 0} ${request}`);
    if (request !== 0) this.rig.say(`requeued ${wdf.WdfRequestRequeue(request) >>> 0}`);
  }

  private sayState(queue: WDFQUEUE): void {
    this.rig.say(this.rig.stateInside(queue));
  }

  /** Before the request. */
  private prepare(step: Outside): void {
    const { rig, other } = this;
    if (step === "thread") rig.run(() => this.completeKept());
    if (step === "threadForward") rig.run(() => this.forwardKept());
    if (step === "threadRetrieve") rig.run(() => this.retrieve());
    if (step === "threadRequeue") rig.run(() => this.requeue());
    if (step === "threadRaise") rig.run(() => void rig.system.machine.exports.setLevel(Irql.Dispatch));
    if (step === "ready") this.notify();
    if (step === "stopOther") rig.run(() => wdf.WdfIoQueueStop(other));
    if (step === "purgeOther") rig.run(() => wdf.WdfIoQueuePurge(other));
    if (step === "cancelOldest") this.sent.shift()?.cancel();
    if (step === "stopStart") {
      rig.run(() => wdf.WdfIoQueueStop(rig.queue));
      rig.sendRead(1);
      rig.run(() => wdf.WdfIoQueueStart(rig.queue));
    }
  }

  /** From now on a callback says when the other queue is no longer empty. */
  private notify(): void {
    if (this.notified) return;
    this.notified = true;
    this.rig.run(() => void wdf.WdfIoQueueReadyNotify(this.other, this.rig.state("ready"), 1));
  }

  play(handled: Handled, outside: Outside, length: number): void {
    const { rig } = this;
    this.next = handled;
    this.prepare(outside);
    const sent = this.send(length);
    this.sent.push(sent);
    if (outside === "cancel") sent.cancel();
    if (outside === "twice") rig.sendRead(length);
    if (outside === "port") this.usePort(length);
    if (outside === "stopOther" || outside === "purgeOther") rig.run(() => wdf.WdfIoQueueStart(this.other));
    const { exports } = rig.system.machine;
    rig.lines.push(`${exports.liveObjects()} objects, broken ${exports.checkInvariants()}`);
  }

  private send(length: number): SentIrp {
    if (length % 3 === 0) return this.rig.sendRead(length);
    return length % 3 === 1 ? this.rig.sendWrite(length) : this.rig.sendControl(length, length - 1);
  }

  private usePort(length: number): void {
    const handle = this.port.send(WdfRequestType.Read, length);
    this.rig.lines.push(`sent ${handle}`);
    if (length > 4) this.port.cancel(handle);
  }

  /** What is left: the lines, the states and how many objects there are. */
  end(): readonly string[] {
    this.rig.run(() => {
      this.sayState(this.rig.queue);
      this.sayState(this.other);
      this.rig.say(`level ${this.rig.level}`);
    });
    return [...this.rig.lines.splice(0), `${this.rig.system.machine.exports.liveObjects()} objects`];
  }
}

const STEP = fc.tuple(
  fc.constantFrom("complete" as const, ...HANDLED),
  fc.constantFrom("nothing" as const, "nothing" as const, "threadRetrieve" as const, ...OUTSIDE),
  fc.nat(9),
);

describe("the straight way", () => {
  it.each([
    ["sequential", WdfIoQueueDispatchType.Sequential],
    ["parallel", WdfIoQueueDispatchType.Parallel],
    ["manual", WdfIoQueueDispatchType.Manual],
  ])("leaves the same events, handles and counts as the long way: %s queue", (_name, dispatchType) => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 30 }), (steps) => {
        const [straight, long] = [false, true].map((barred) => {
          const workload = new Workload(dispatchType, barred);
          for (const [handled, outside, length] of steps) workload.play(handled, outside, length);
          return workload.end();
        });
        expect(straight).toEqual(long);
      }),
      { seed: 20, numRuns: 150 },
    );
  });

  it("is taken: an ordinary read leaves its return to whoever comes next", () => {
    const workload = new Workload(WdfIoQueueDispatchType.Sequential, false);
    workload.play("completeWith", "nothing", 3);
    expect(workload.rig.system.machine.core.words[WORD_SHORT_RETURN]).toBe(1);
    workload.end();
    const barred = new Workload(WdfIoQueueDispatchType.Sequential, true);
    barred.play("completeWith", "nothing", 3);
    expect(barred.rig.system.machine.core.words[WORD_SHORT_RETURN]).toBe(0);
    barred.end();
  });
});
