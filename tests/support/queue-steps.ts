// The steps of the property test: each is done to the model and to the real thing, and both must answer the same.

import fc from "fast-check";
import { NtStatus } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import type { ModelQueue, ModelRequest } from "./queue-loop-model";
import type { QueueModel } from "./queue-model";
import type { QueueWorld } from "./queue-world";

const OPS = [
  "send", "cancel", "complete", "forward", "requeue", "mark", "markEx", "unmark", "isCanceled", "start", "stop", "stopAndPurge",
  "drain", "purge", "retrieve", "retrieveByFile", "retrieveFound", "find", "dereference",
  "stopSync", "stopAndPurgeSync", "drainSync", "purgeSync", "toD3", "toD0",
] as const;
type Op = (typeof OPS)[number];

/** What is done; `request` and `queue` count around what there is. */
export interface QueueStep {
  readonly op: Op;
  readonly request: number;
  readonly queue: number;
  /** A length, a file, whether a callback is given: as the step needs it. */
  readonly detail: number;
}

const anyStep: fc.Arbitrary<QueueStep> = fc.record({
  op: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Op>("send") },
    { weight: 3, arbitrary: fc.constantFrom<Op>("complete", "start") },
    { weight: 16, arbitrary: fc.constantFrom<Op>(...OPS) },
  ),
  request: fc.nat(15),
  queue: fc.nat(2),
  detail: fc.nat(5),
});
export const queueSteps = fc.array(anyStep, { minLength: 1, maxLength: 60, size: "max" });

/** What both did: a status and, of a retrieval, a request. */
type Answers = readonly [model: unknown, world: unknown];
const NOTHING: Answers = [0, 0];

/** Model and real thing, in step. */
export class Pair {
  readonly model: QueueModel;
  readonly world: QueueWorld;

  constructor(model: QueueModel, world: QueueWorld) {
    this.model = model;
    this.world = world;
  }

  do(step: QueueStep): Answers {
    const answers = this.both(step);
    this.model.settle();
    return answers;
  }

  private both(step: QueueStep): Answers {
    const index = step.queue % this.model.queues.length;
    if (step.op === "toD3" || step.op === "toD0") return this.toDevice(step.op === "toD3");
    const queueAnswers = this.toQueue(step, index, this.model.queues[index]);
    if (queueAnswers !== null) return queueAnswers;
    const { requests } = this.model;
    if (requests.length === 0) return NOTHING;
    // Counted from the newest: what still lives is more likely.
    const at = requests.length - 1 - (step.request % requests.length);
    return this.toRequest(step, at, requests[at], index);
  }

  private toQueue({ op, detail }: QueueStep, index: number, q: ModelQueue): Answers | null {
    const { model, world } = this;
    const handle = world.queues[index];
    const callback = (slot: "idle" | "purge") => (detail % 2 === 1 && !q[slot] ? () => world.say(`${slot} ${q.setup.name}`) : undefined);
    const idle = callback("idle");
    const purge = callback("purge");
    const done = (_: unknown, run: () => unknown): Answers => [0, (world.run(run), 0)];
    switch (op) {
      case "send":
        world.send(index, detail === 5 ? 0 : 8, detail % 3);
        return [model.send(q, detail === 5 ? 0 : 8, world.files[detail % 3] ?? 0, index < 2), undefined];
      case "start":
        return done(model.start(q), () => wdf.WdfIoQueueStart(handle));
      case "stop":
        return done(model.stop(q, false, idle !== undefined), () => wdf.WdfIoQueueStop(handle, idle, 0));
      case "stopAndPurge":
        return done(model.stop(q, true, idle !== undefined), () => wdf.WdfIoQueueStopAndPurge(handle, idle, 0));
      case "drain":
        return done(model.drain(q, false, purge !== undefined), () => wdf.WdfIoQueueDrain(handle, purge, 0));
      case "purge":
        return done(model.drain(q, true, purge !== undefined), () => wdf.WdfIoQueuePurge(handle, purge, 0));
      case "stopSync":
        return this.waiting(q, "idle", () => model.stop(q, false, true), () => wdf.WdfIoQueueStopSynchronously(handle));
      case "stopAndPurgeSync":
        return this.waiting(q, "idle", () => model.stop(q, true, true), () => wdf.WdfIoQueueStopAndPurgeSynchronously(handle));
      case "drainSync":
        return this.waiting(q, "purge", () => model.drain(q, false, true), () => wdf.WdfIoQueueDrainSynchronously(handle));
      case "purgeSync":
        return this.waiting(q, "purge", () => model.drain(q, true, true), () => wdf.WdfIoQueuePurgeSynchronously(handle));
      case "retrieve":
        return [model.retrieve(q, 0, null), world.run(() => this.told(wdf.WdfIoQueueRetrieveNextRequest(handle)))];
      case "retrieveByFile": {
        const file = world.files[detail % 2];
        return [model.retrieve(q, file, null), world.run(() => this.told(wdf.WdfIoQueueRetrieveRequestByFileObject(handle, file)))];
      }
      default:
        return null;
    }
  }

  /** A synchronous call, if nobody awaits the slot: a second one is a Stop. */
  private waiting(q: ModelQueue, slot: "idle" | "purge", change: () => void, call: () => Generator<undefined, void, unknown>): Answers {
    if (q[slot]) return NOTHING;
    q.waits[slot] = true;
    change();
    const line = `${slot} ${q.setup.name} goes on`;
    this.model.goesOnFirst(line);
    this.world.wait(call, line);
    return NOTHING;
  }

  /** The device leaves D0, unless a request is being cancelled, for which that would wait; or it comes back. */
  private toDevice(down: boolean): Answers {
    const { model, world } = this;
    if (down && model.requests.some(({ place, cancelled }) => place === "owned" && cancelled)) return NOTHING;
    if (down && !model.queues[0].powered) return NOTHING;
    world.requeues = (name) => model.requests.some((r) => r.name === name && put.has(r));
    const put = new Set(model.requests.filter((r) => r.place === "owned" && model.requeuedByStop(r)));
    if (down) model.hold();
    else model.resume();
    world.power(down ? "stopProcessingForPower" : "resumeProcessingForPower");
    return NOTHING;
  }

  private toRequest({ op, detail }: QueueStep, at: number, r: ModelRequest, queue: number): Answers {
    const { model, world } = this;
    const handle = world.handles[at];
    // Nobody looks without the verifier: what it would refuse tears Windows' lists.
    const wrong = !r.owned || (r.cancelable && op !== "complete") || (op === "forward" && r.queue === model.queues[queue]);
    if (!model.verifier && ["complete", "forward", "requeue", "mark", "markEx"].includes(op) && wrong) return NOTHING;
    if (op === "cancel") return [model.cancel(r), (world.system.cancel(at + 1), undefined)];
    if (op === "complete") {
      const done = world.run(() => void wdf.WdfRequestComplete(handle, NtStatus.Unsuccessful));
      return [model.complete(r, NtStatus.Unsuccessful), done];
    }
    if (op === "find" && detail < 3) return this.find(queue, null, detail);
    // A handle that is stale is a Stop everywhere else.
    if (r.place === "gone" && r.references === 0) return NOTHING;
    switch (op) {
      case "forward":
        return [model.forward(r, model.queues[queue]), world.run(() => wdf.WdfRequestForwardToIoQueue(handle, world.queues[queue]))];
      case "requeue":
        // The framework leaves a request that is requeued to the wrong queue to nobody.
        if (r.owned && !r.cancelable && r.queue!.setup.kind !== "manual") return NOTHING;
        return [model.requeue(r), world.run(() => wdf.WdfRequestRequeue(handle))];
      case "mark":
      case "markEx":
        return this.mark(r, at, detail % 2 === 0 ? "keep" : "complete", op === "markEx");
      case "unmark":
        return [model.unmark(r), world.run(() => wdf.WdfRequestUnmarkCancelable(handle))];
      case "isCanceled":
        return [model.isCanceled(r), world.run(() => wdf.WdfRequestIsCanceled(handle))];
      case "find":
        return this.find(queue, r, detail % 3);
      case "retrieveFound":
        return this.retrieveFound(queue, r, handle);
      case "dereference":
        return this.dereference(r, at);
      default:
        throw new Error(`no step is called ${op}`);
    }
  }

  private mark(r: ModelRequest, at: number, onCancel: "keep" | "complete", ex: boolean): Answers {
    const { model, world } = this;
    const callback = world.canceller(onCancel);
    const status = model.mark(r, onCancel, ex);
    if (ex) return [status, world.run(() => wdf.WdfRequestMarkCancelableEx(world.handles[at], callback))];
    world.run(() => wdf.WdfRequestMarkCancelable(world.handles[at], callback));
    return NOTHING;
  }

  private find(queue: number, tag: ModelRequest | null, file: number): Answers {
    const { model, world } = this;
    const handle = tag === null ? undefined : world.handles[model.requests.indexOf(tag)];
    const expected = model.find(model.queues[queue], tag, world.files[file] ?? 0);
    return [expected, world.run(() => this.told(wdf.WdfIoQueueFindRequest(world.queues[queue], handle, world.files[file])))];
  }

  private retrieveFound(queue: number, r: ModelRequest, handle: wdf.WDFREQUEST): Answers {
    const { model, world } = this;
    const q = model.queues[queue];
    if (!model.verifier && q.setup.kind !== "manual") return NOTHING;
    // A found request that waits in another queue is a Stop.
    if (q.setup.kind === "manual" && q.dispatch && r.place === "queued" && r.queue !== q) return NOTHING;
    return [model.retrieve(q, 0, r), world.run(() => this.told(wdf.WdfIoQueueRetrieveFoundRequest(world.queues[queue], handle)))];
  }

  private dereference(r: ModelRequest, at: number): Answers {
    if (r.references === 0) return NOTHING;
    r.references--;
    this.world.run(() => wdf.WdfObjectDereference(this.world.handles[at]));
    return NOTHING;
  }

  private told({ status, request }: { status: number; request: number }): [number, string] {
    return [status, this.world.name(request)];
  }

  /** Purges every queue and disposes of all the driver has; each step is for `check` to look at. */
  finish(check: (step: QueueStep) => void): void {
    const step = (op: Op, at: number, queue: number): void => check({ op, request: this.model.requests.length - 1 - at, queue, detail: 0 });
    step("toD0", 0, 0);
    this.model.queues.forEach((_, queue) => step("purge", 0, queue));
    this.model.requests.forEach((r, at) => {
      if (r.place === "owned") step("unmark", at, 0);
      if (r.place === "owned") step("complete", at, 0);
      while (r.references > 0) step("dereference", at, 0);
    });
  }
}
