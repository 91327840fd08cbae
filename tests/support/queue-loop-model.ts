// The inside of the queue model: its records, its loop, and what runs in the loop. See queue-model.ts.

import { FindingId, NtStatus, WdfIoQueueState } from "../../bindings/abi";

export type Kind = "sequential" | "parallel" | "manual";
/** What a handler does with a request. */
export type Habit = "keep" | "complete" | "mark" | "forward";

export interface QueueSetup {
  readonly name: string;
  readonly kind: Kind;
  readonly limit: number;
  readonly habit: Habit;
  /** The queue's EvtIoCanceledOnQueue: none, keeps, or completes. */
  readonly canceledOnQueue: "none" | "keep" | "complete";
  readonly ready: boolean;
}

export class ModelQueue {
  accept = true;
  dispatch = true;
  cancelDispatched = false;
  queued: ModelRequest[] = [];
  driverCount = 0;
  marked: ModelRequest[] = [];
  cancelDue: ModelRequest[] = [];
  onQueueDue: ModelRequest[] = [];
  idle = false;
  purge = false;
  /** The slot is that of a thread in the synchronous form, which says so when it goes on. */
  readonly waits = { idle: false, purge: false };
  /** The driver's requests, in the order in which it got them. */
  owned: ModelRequest[] = [];
  /** False while the device is out of D0. */
  powered = true;
  latch = false;
  dispatching = 0;
  readonly setup: QueueSetup;

  constructor(setup: QueueSetup) {
    this.setup = setup;
  }

  get state(): number {
    const { AcceptRequests, DispatchRequests, NoRequests, DriverNoRequests, PnpHeld } = WdfIoQueueState;
    return (
      (this.powered ? 0 : PnpHeld) |
      (this.accept ? AcceptRequests : 0) |
      (this.dispatch ? DispatchRequests : 0) |
      (this.queued.length === 0 ? NoRequests : 0) |
      (this.driverCount === 0 ? DriverNoRequests : 0)
    );
  }
}

export interface ModelRequest {
  readonly name: string;
  readonly length: number;
  readonly file: number;
  /** Zero-length transfers are completed for the driver; ioctls never are. */
  readonly transfer: boolean;
  place: "transit" | "queued" | "owned" | "gone";
  queue: ModelQueue | null;
  presented: boolean;
  irpCancelled: boolean;
  cancelled: boolean;
  /** What its EvtRequestCancel does. */
  onCancel: "keep" | "complete";
  completions: number;
  references: number;
  /** What the verifier remembers. */
  owned: boolean;
  cancelable: boolean;
  cancelCalled: boolean;
  tag: boolean;
}

export class QueueLoop {
  readonly lines: string[] = [];
  readonly findings: number[] = [];
  readonly requests: ModelRequest[] = [];
  readonly queues: ModelQueue[];
  /** The framework's verifier is on. */
  readonly verifier: boolean;
  /** What threads say that go on when the step is over. */
  protected readonly woken: string[] = [];
  /** Where each queue's "forward" habit leads: the last queue. */
  private readonly target: ModelQueue;

  constructor(setups: readonly QueueSetup[], verifier = true) {
    this.verifier = verifier;
    this.queues = setups.map((setup) => new ModelQueue(setup));
    this.target = this.queues[this.queues.length - 1];
  }

  // ── DDIs that handlers call, too ──

  complete(r: ModelRequest, status: NtStatus): void {
    if (!r.owned) return void this.findings.push(FindingId.CompleteNotOwned);
    r.owned = false;
    if (this.verifier && r.cancelable && !r.cancelCalled) this.findings.push(FindingId.CompleteCancelable);
    this.finish(r, status);
  }

  forward(r: ModelRequest, to: ModelQueue): NtStatus {
    const status = this.movable(r);
    if (status < 0) return status;
    const from = r.queue!;
    if (from === to) return this.refuse(FindingId.ForwardToSameQueue);
    remove(from.owned, r);
    if (!to.accept) {
      from.owned.push(r);
      return NtStatus.WdfBusy;
    }
    r.owned = false;
    this.arrive(to, r, false);
    this.loop(to);
    from.driverCount--;
    this.guarded(from);
    return NtStatus.Success;
  }

  mark(r: ModelRequest, onCancel: "keep" | "complete", ex: boolean): NtStatus {
    const status = this.movable(r);
    if (status < 0) return status;
    const q = r.queue!;
    const late = q.cancelDispatched || r.irpCancelled;
    if (late && ex) return NtStatus.Cancelled;
    r.cancelable = true;
    r.onCancel = onCancel;
    if (late) this.cancelForDriver(q, r);
    else q.marked.push(r);
    return NtStatus.Success;
  }

  // ── How it works inside ──

  protected movable(r: ModelRequest): NtStatus {
    if (r.queue === null) return this.refuse(FindingId.NoQueue);
    if (!r.owned) return this.refuse(FindingId.NotOwned);
    return r.cancelable ? this.refuse(FindingId.IsCancelable) : NtStatus.Success;
  }

  protected refuse(finding: FindingId): NtStatus {
    this.findings.push(finding);
    return NtStatus.InvalidDeviceRequest;
  }

  protected own(q: ModelQueue, r: ModelRequest): void {
    r.place = "owned";
    r.queue = q;
    q.driverCount++;
    q.owned.push(r);
  }

  /** The IRP goes to its sender; then the queue moves. */
  protected finish(r: ModelRequest, status: NtStatus): void {
    const q = r.queue!;
    const owned = r.place === "owned";
    this.lines.push(`done ${r.name} ${status >>> 0}`);
    r.completions++;
    Object.assign(r, { place: "gone", queue: null, owned: false });
    if (!owned) return;
    remove(q.marked, r);
    remove(q.owned, r);
    q.driverCount--;
    this.guarded(q);
  }

  protected arrive(q: ModelQueue, r: ModelRequest, first: boolean): void {
    if (r.irpCancelled || (first && q.cancelDispatched)) return this.cancelUndelivered(q, r);
    this.enqueue(q, r, first);
  }

  protected enqueue(q: ModelQueue, r: ModelRequest, first: boolean): void {
    r.place = "queued";
    r.queue = q;
    if (first) q.queued.unshift(r);
    else q.queued.push(r);
    if (q.queued.length === 1) q.latch = true;
  }

  protected cancelUndelivered(q: ModelQueue, r: ModelRequest): void {
    Object.assign(r, { queue: q, cancelled: true, cancelable: false, place: "transit" });
    if (q.setup.canceledOnQueue !== "none" && r.presented) {
      this.own(q, r);
      r.owned = true;
      q.onQueueDue.push(r);
    } else {
      this.finish(r, NtStatus.Cancelled);
    }
    this.guarded(q);
  }

  protected cancelForDriver(q: ModelQueue, r: ModelRequest): void {
    r.cancelled = true;
    q.cancelDue.push(r);
    this.guarded(q);
  }

  protected cancelMarked(q: ModelQueue): void {
    while (q.marked.length > 0) this.cancelForDriver(q, q.marked.shift()!);
  }

  protected guarded(q: ModelQueue): void {
    if (q.dispatching === 0) this.loop(q);
  }

  protected loop(q: ModelQueue, fresh?: ModelRequest): void {
    let inHand = fresh;
    q.dispatching++;
    for (;;) {
      const outcome = this.turn(q, inHand);
      if (outcome !== "taken" && inHand !== undefined) {
        this.enqueue(q, inHand, false);
        inHand = undefined;
        continue;
      }
      if (outcome === "taken") inHand = undefined;
      else if (outcome === "leave") break;
      else outcome();
    }
    q.dispatching--;
  }

  /** One iteration: what to do, "leave", or "taken" when the new arrival went to its handler. */
  private turn(q: ModelQueue, inHand: ModelRequest | undefined): (() => void) | "leave" | "taken" {
    const total = q.queued.length + q.driverCount + (inHand === undefined ? 0 : 1);
    const last = q.dispatching === 1;
    if (q.cancelDue.length > 0) return () => this.deliverCancel(q.cancelDue.shift()!);
    if (q.onQueueDue.length > 0) return () => this.deliverOnQueue(q, q.onQueueDue.shift()!);
    if (q.idle && last && q.driverCount === 0) return () => this.tell(q, "idle");
    if (q.purge && last && total === 0) return () => this.tell(q, "purge");
    if (!q.powered || !q.dispatch) return "leave";
    if (q.setup.kind === "manual") return q.setup.ready && q.latch && inHand === undefined ? () => this.tellReady(q) : "leave";
    if (q.driverCount >= q.setup.limit) return "leave";
    if (q.queued.length > 0) return () => this.present(q, q.queued.shift()!);
    if (inHand === undefined) return "leave";
    this.present(q, inHand);
    return "taken";
  }

  private tell(q: ModelQueue, slot: "idle" | "purge"): void {
    q[slot] = false;
    q.cancelDispatched = false;
    if (q.waits[slot]) this.woken.push(`${slot} ${q.setup.name} goes on`);
    else this.lines.push(`${slot} ${q.setup.name}`);
    q.waits[slot] = false;
  }

  private tellReady(q: ModelQueue): void {
    q.latch = false;
    this.lines.push(`ready ${q.setup.name}`);
  }

  private present(q: ModelQueue, r: ModelRequest): void {
    this.own(q, r);
    r.owned = true;
    if (r.transfer && r.length === 0) return this.finish(r, NtStatus.Success);
    r.presented = true;
    this.lines.push(`handler ${q.setup.name} ${r.name}`);
    if (q.setup.habit === "complete") this.complete(r, NtStatus.Success);
    if (q.setup.habit === "mark") this.mark(r, "complete", false);
    if (q.setup.habit === "forward") this.forward(r, this.target);
  }

  private deliverCancel(r: ModelRequest): void {
    r.cancelCalled = true;
    this.lines.push(`cancel ${r.name}`);
    if (r.onCancel === "complete") this.complete(r, NtStatus.Cancelled);
  }

  private deliverOnQueue(q: ModelQueue, r: ModelRequest): void {
    r.cancelCalled = true;
    this.lines.push(`canceledOnQueue ${q.setup.name} ${r.name}`);
    if (q.setup.canceledOnQueue === "complete") this.complete(r, NtStatus.Cancelled);
  }
}

/** Takes an item out of a list; false when it is not in it. */
export function remove<T>(list: T[], item: T): boolean {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}
