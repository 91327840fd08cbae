// A naive model of requests in a stack of drivers: plain arrays and plain recursion, written from the specification
// (kernel.md 2.9, 2.10; queue.md for queues), not from the core. Whoever waits in the drivers goes on at once here: of what
// comes of a request that is the same.

import { IoctlMethod, NtStatus } from "../../bindings/abi";
import {
  type End, type Flow, type FlowWorkload, STATUSES, TICK, type TargetOperation, type Visit, answerOf, carriesData, endOf, holdOf, inputOf,
  isSynchronous,  passing, piecesOf, timeoutOf,
} from "./flow-plan";
import { type Back, Leg, ModelFloor, ModelIrp, type ModelQueue, type Outcome, type Trip } from "./flow-records";

const NOTHING = new Uint8Array(0);

export class FlowModel {
  readonly outcomes: (Outcome | null)[] = [];
  /** What each driver that completed a request found in its input, by the request's number. */
  readonly seen: string[][] = [];
  /** What drivers keep, oldest first. */
  readonly held: Leg[] = [];
  readonly floors: ModelFloor[];
  now = 0;
  /** The queue of the top device that is being purged, and those that will be. */
  private purging: ModelQueue | undefined;
  private purges: ModelQueue[] = [];
  private readonly irps: ModelIrp[] = [];
  private readonly workload: FlowWorkload;

  constructor(workload: FlowWorkload) {
    this.workload = workload;
    this.floors = workload.floors.map(({ sequential }) => new ModelFloor(sequential));
  }

  // ── What comes from outside ──

  send(flow: Flow): void {
    const id = this.irps.length;
    const output = new Uint8Array(flow.kind === "write" ? 0 : flow.output);
    const input = inputOf(id, flow.kind === "read" ? 0 : flow.input);
    const neither = flow.kind === "control" && flow.method === IoctlMethod.Neither;
    const irp = new ModelIrp(id, flow, input, output, neither, (status, information) => {
      if (this.outcomes[id] !== null) throw new Error(`the model completes request ${id} twice`);
      const data = carriesData(status) ? [...output.subarray(0, information)] : [];
      this.outcomes[id] = { status, information, data: flow.kind === "write" ? [] : data };
    });
    this.irps.push(irp);
    this.outcomes.push(null);
    this.seen.push([]);
    this.arrive(irp, 0);
  }

  cancel(id: number): void {
    this.cancelIrp(this.irps[id]);
  }

  /** The driver goes on with what it keeps. */
  release(at: number): void {
    const [leg] = this.held.splice(at, 1);
    leg.marked = false;
    this.goOn(leg);
  }

  /** The driver takes the oldest request out of its manual queue. True when there was one. */
  retrieve(level: number): boolean {
    const { manual } = this.floors[level];
    const leg = manual.line.shift();
    if (leg === undefined) return false;
    manual.count++;
    leg.place = "owned";
    if (this.visitOf(leg).manual === "requeue" && !leg.putBack) {
      leg.putBack = true;
      manual.count--;
      leg.place = "manual";
      manual.line.unshift(leg);
    } else this.goOn(leg);
    return true;
  }

  /** What is out: of it a driver may cancel one. */
  get trips(): readonly Trip[] {
    return this.floors.flatMap(({ trips }) => trips);
  }

  cancelSent(trip: Trip): void {
    if (trip.place === "pended") this.returned(trip, NtStatus.Cancelled, 0, true);
    else this.cancelIrp(trip.irp);
  }

  target(level: number, operation: TargetOperation): void {
    const floor = this.floors[level];
    if (operation === "start") return this.startTarget(floor);
    const purges = operation.startsWith("purge");
    floor.target = purges ? "purged" : "stopped";
    const out = floor.trips.filter(({ place }) => place === "out");
    const pended = floor.trips.filter(({ place }) => place === "pended");
    floor.awaited = operation.endsWith("wait") || operation === "stop and cancel" ? new Set(out) : null;
    if (purges) for (const trip of pended) this.returned(trip, NtStatus.WdfDeviceRemovedNotSent, 0);
    if (purges || operation === "stop and cancel") for (const trip of out) if (floor.trips.includes(trip)) this.cancelIrp(trip.irp);
    if (floor.awaited?.size === 0) floor.awaited = null;
  }

  private startTarget(floor: ModelFloor): void {
    floor.target = "started";
    for (const trip of floor.trips.filter(({ place }) => place === "pended")) {
      trip.place = "out";
      if (!trip.synchronous) trip.due = 0;
      if (trip.irp.cancelled) this.returned(trip, NtStatus.Cancelled, 0);
      else this.arrive(trip.irp, trip.leg.level + 1);
    }
  }

  advance(ticks: number): void {
    const end = this.now + ticks * TICK;
    const next = (): Trip | undefined => this.trips.filter(({ due }) => due > 0 && due <= end).sort((a, b) => a.due - b.due)[0];
    for (let trip = next(); trip !== undefined; trip = next()) {
      this.now = trip.due;
      trip.due = 0;
      trip.timedOut = true;
      this.cancelSent(trip);
    }
    this.now = end;
  }

  /** The top device goes: its queues are purged one after the other, each when the driver has nothing more of the last. */
  remove(): void {
    const { arrivals, second, manual } = this.floors[0];
    this.purges = [arrivals, second, manual];
    this.settle();
  }

  /** False once a manual queue is purged. */
  accepts(level: number): boolean {
    return this.floors[level].manual.accepts;
  }

  /** The step is over: threads go on. */
  settle(): void {
    if ((this.purging?.count ?? 0) > 0) return;
    const queue = this.purges.shift();
    this.purging = queue;
    if (queue === undefined) return;
    queue.accepts = false;
    for (let leg = queue.line.shift(); leg !== undefined; leg = queue.line.shift()) this.end(leg, NtStatus.Cancelled, 0);
    for (const leg of this.held.filter((one) => one.marked && one.queue === queue)) this.cancelMarked(leg);
    this.settle();
  }

  // ── Queues ──

  private arrive(irp: ModelIrp, level: number): void {
    const { arrivals } = this.floors[level];
    const leg = new Leg(irp, level, arrivals);
    irp.chain.push(leg);
    if (arrivals.line.length === 0 && arrivals.count < arrivals.limit) this.present(leg);
    else if (irp.cancelled) this.end(leg, NtStatus.Cancelled, 0);
    else arrivals.line.push(leg);
  }

  private present(leg: Leg): void {
    const { irp, level } = leg;
    leg.queue.count++;
    leg.place = "owned";
    const length = irp.flow.kind === "write" ? irp.input.length : irp.output.length;
    if (irp.flow.kind !== "control" && length === 0 && !this.workload.floors[level].allowZeroLength) this.end(leg, NtStatus.Success, 0);
    else this.goOn(leg);
  }

  private forward(leg: Leg, to: ModelQueue): void {
    const from = leg.queue;
    if (!to.accepts) return this.end(leg, NtStatus.WdfBusy, 0);
    leg.queue = to;
    leg.place = "manual";
    if (leg.irp.cancelled) this.end(leg, NtStatus.Cancelled, 0);
    else if (to.limit === 0) to.line.push(leg);
    else this.present(leg);
    this.leave(from);
  }

  /** The driver has one less of a queue. */
  private leave(queue: ModelQueue): void {
    queue.count--;
    while (queue.count < queue.limit && queue.line.length > 0) this.present(queue.line.shift()!);
  }

  // ── Drivers ──

  private visitOf({ irp, level }: Leg): Visit {
    return irp.flow.visits[level];
  }

  private goOn(leg: Leg): void {
    const visit = this.visitOf(leg);
    const floor = this.floors[leg.level];
    if (leg.stage++ === 0) {
      if (visit.second) return this.forward(leg, floor.second);
      leg.stage++;
    }
    if (leg.stage === 2) {
      leg.stage++;
      if (visit.manual !== "no") return this.forward(leg, floor.manual);
    }
    if (leg.stage === 3) {
      leg.stage++;
      const hold = holdOf(this.workload, visit);
      if (hold !== "no") return this.hold(leg, hold === "cancelable");
    }
    this.finish(leg, endOf(this.workload, leg.irp.flow, leg.level));
  }

  private hold(leg: Leg, cancelable: boolean): void {
    if (cancelable && leg.irp.cancelled) return this.end(leg, NtStatus.Cancelled, 0);
    leg.marked = cancelable;
    this.held.push(leg);
  }

  private finish(leg: Leg, end: End): void {
    if (end.do === "complete") this.completeWithBytes(leg, STATUSES[end.status], end.quarters);
    else if (end.do === "own") this.sendOwn(leg, end);
    else if (end.how === "forget") this.forget(leg);
    else this.sendOn(leg, leg.irp, end, (status, information) => this.passBack(leg, status, information), () => {});
  }

  /** Whether a driver gets at the bytes. */
  private reaches({ irp, level }: Leg): boolean {
    return !irp.neither || level === 0;
  }

  private completeWithBytes(leg: Leg, status: number, quarters: number): void {
    const { irp, level } = leg;
    const reaches = this.reaches(leg);
    const input = reaches ? irp.input : NOTHING;
    const whole = irp.flow.kind === "write" ? input : irp.output;
    const length = reaches ? Math.floor((whole.length * quarters) / 4) : 0;
    this.seen[irp.id].push(`${level}: ${input.join(" ")}`);
    if (irp.flow.kind !== "write") irp.output.set(answerOf(irp.id, level, input, length));
    this.end(leg, status, length);
  }

  /** What came back from below is looked at, changed, and completed. */
  private passBack(leg: Leg, status: number, information: number): void {
    const { output } = leg.irp;
    this.seen[leg.irp.id].push(`${leg.level}: back${leg.irp.cancelled ? " cancelled" : ""}`);
    const count = this.reaches(leg) && carriesData(status) ? Math.min(information, output.length) : 0;
    for (let i = 0; i < count; i++) output[i] = passing(leg.level, output[i]);
    this.end(leg, status, information);
  }

  private sendOwn(leg: Leg, end: Extract<End, { do: "own" }>): void {
    const { irp } = leg;
    const { kind } = irp.flow;
    const write = kind === "write";
    const reached = this.reaches(leg) ? irp : { input: NOTHING, output: NOTHING };
    const whole = write ? reached.input : reached.output;
    const lengths = kind === "control" ? [whole.length] : piecesOf(whole.length, end.pieces);
    let done = 0;
    const next = (): void => {
      const part = whole.slice(done, done + lengths[0]);
      const input = write ? part : reached.input;
      const own = new ModelIrp(irp.id, irp.flow, input, write ? NOTHING : part, false, () => {});
      const size = lengths.shift()!;
      this.sendOn(leg, own, end, (status, information) => {
        if (!write && carriesData(status)) whole.set(part.subarray(0, information), done);
        done += information;
        if (status === (NtStatus.Success as number) && information === size && lengths.length > 0) next();
        else this.end(leg, status, done);
      }, () => done);
    };
    next();
  }

  /** The driver completes its request, or whoever has it does. */
  private end(leg: Leg, status: number, information: number): void {
    const { irp, queue, place } = leg;
    if (leg.place === "gone") throw new Error("the model ends a request twice");
    leg.place = "gone";
    irp.chain.splice(irp.chain.indexOf(leg), 1);
    const above = irp.chain.at(-1);
    if (above === undefined) irp.sender(told(status), information);
    else this.returned(above.trip!, told(status), information);
    if (place === "owned") this.leave(queue);
  }

  // ── Targets ──

  private sendOn(leg: Leg, irp: ModelIrp, end: End, back: Back, done: () => number | void): void {
    const floor = this.floors[leg.level];
    const refuse = (status: number): void => this.end(leg, status, done() ?? 0);
    if (floor.target === "purged") return refuse(NtStatus.InvalidDeviceState);
    if (floor.target === "stopped" && irp.cancelled) return refuse(NtStatus.Cancelled);
    const timeout = timeoutOf(this.workload, leg.irp.flow, leg.level);
    const place = floor.target === "stopped" ? "pended" : "out";
    const due = timeout === 0 ? 0 : this.now + timeout;
    const trip: Trip = { leg, irp, place, due, synchronous: isSynchronous(end), timedOut: false, back };
    leg.trip = trip;
    floor.trips.push(trip);
    if (irp !== leg.irp) irp.sender = (status, information) => this.returned(trip, status, information);
    if (trip.place === "out") this.arrive(irp, leg.level + 1);
  }

  private forget(leg: Leg): void {
    const { irp, queue } = leg;
    leg.place = "gone";
    irp.chain.splice(irp.chain.indexOf(leg), 1);
    this.arrive(irp, leg.level + 1);
    this.leave(queue);
  }

  /** What was sent is back. */
  private returned(trip: Trip, status: number, information: number, cancels = false): void {
    const floor = this.floors[trip.leg.level];
    if (cancels) trip.irp.cancelled = true;
    floor.trips.splice(floor.trips.indexOf(trip), 1);
    floor.awaited?.delete(trip);
    if (floor.awaited?.size === 0) floor.awaited = null;
    trip.back(trip.timedOut && status === (NtStatus.Cancelled as number) ? NtStatus.IoTimeout : status, information);
  }

  // ── Cancellation ──

  private cancelIrp(irp: ModelIrp): void {
    const leg = irp.chain.at(-1);
    if (leg === undefined && !this.trips.some((trip) => trip.irp === irp)) return; // it is back already
    irp.cancelled = true;
    const pended = this.trips.find((trip) => trip.irp === irp && trip.place === "pended");
    if (pended !== undefined) return this.returned(pended, NtStatus.Cancelled, 0);
    if (leg === undefined) return;
    if (leg.place === "line" || leg.place === "manual") {
      const { line } = leg.queue;
      line.splice(line.indexOf(leg), 1);
      this.end(leg, NtStatus.Cancelled, 0);
    } else if (leg.marked) this.cancelMarked(leg);
  }

  private cancelMarked(leg: Leg): void {
    leg.marked = false;
    this.held.splice(this.held.indexOf(leg), 1);
    this.end(leg, NtStatus.Cancelled, 0);
  }
}

/** What whoever is above sees: statuses of the framework are its own business. */
function told(status: number): number {
  if (status === (NtStatus.WdfBusy as number) || status === (NtStatus.WdfPaused as number)) return NtStatus.DeviceBusy;
  return (status & 0x0fff0000) === 0x00200000 ? NtStatus.InvalidDeviceRequest : status;
}
