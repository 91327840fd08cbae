// A naive model of the queue rules: plain arrays and plain recursion, written from the specification, not from the core.
//
// Each operation appends to `lines` what the driver and the senders get to see, in order, and answers what the DDI does.

import { FindingId, NtStatus } from "../../bindings/abi";
import { type ModelQueue, type ModelRequest, QueueLoop, remove } from "./queue-loop-model";

export class QueueModel extends QueueLoop {
  // ── What comes from outside ──

  send(q: ModelQueue, length: number, file: number, transfer: boolean): void {
    const r: ModelRequest = {
      name: `r${this.requests.length + 1}`, length, file, transfer, place: "transit", queue: q, presented: false, irpCancelled: false,
      cancelled: false, onCancel: "keep", completions: 0, references: 0, owned: false, cancelable: false, cancelCalled: false, tag: false,
    };
    this.requests.push(r);
    if (q.accept) this.loop(q, r);
    else this.finish(r, NtStatus.InvalidDeviceState);
  }

  cancel(r: ModelRequest): void {
    if (r.place === "gone") return;
    r.irpCancelled = true;
    const q = r.queue!;
    if (r.place === "queued") {
      remove(q.queued, r);
      this.cancelUndelivered(q, r);
    } else if (remove(q.marked, r)) {
      this.cancelForDriver(q, r);
    }
  }

  /** A thread whose wait is over before it began goes on before those it has woken. */
  goesOnFirst(line: string): void {
    const at = this.woken.indexOf(line);
    if (at > 0) this.woken.unshift(...this.woken.splice(at, 1));
  }

  /** The step is over: threads that were woken in it go on. */
  settle(): void {
    this.lines.push(...this.woken.splice(0));
  }

  // ── What the device's power does to the queues ──

  /** Leaves D0: EvtIoStop for all the driver has, queue by queue; it keeps some and puts the others back. */
  hold(): void {
    for (const q of this.queues) {
      if (!q.powered) continue;
      const told = [...q.owned];
      for (const r of told) this.lines.push(`stop ${q.setup.name} ${r.name}${r.cancelable ? " cancelable" : ""}`);
      q.powered = false;
      for (const r of told.filter((one) => this.requeuedByStop(one))) {
        r.owned = false;
        remove(q.owned, r);
        q.driverCount--;
        this.enqueue(q, r, true);
      }
      this.loop(q);
    }
  }

  /** What EvtIoStop of the driver does with a request: every other one is put back, if it may be. */
  requeuedByStop(r: ModelRequest): boolean {
    return Number(r.name.slice(1)) % 2 === 0 && !r.cancelable && !r.irpCancelled && !r.queue!.cancelDispatched;
  }

  /** Back in D0: EvtIoResume for all the driver has in queues that were off, then all queues go on (also those that were on). */
  resume(): void {
    const off = this.queues.filter(({ powered }) => !powered);
    for (const q of off) {
      for (const r of q.owned.filter(({ cancelled }) => !cancelled)) this.lines.push(`resume ${q.setup.name} ${r.name}`);
      q.powered = true;
    }
    for (const q of this.queues) {
      if (q.queued.length > 0) q.latch = true;
      this.loop(q);
    }
  }

  // ── DDIs about a request ──

  requeue(r: ModelRequest): NtStatus {
    const status = this.movable(r);
    if (status < 0) return status;
    const q = r.queue!;
    r.owned = false;
    remove(q.owned, r);
    q.driverCount--;
    this.arrive(q, r, true);
    this.loop(q);
    return NtStatus.Success;
  }

  unmark(r: ModelRequest): NtStatus {
    if (r.queue === null) return this.refuse(FindingId.NoQueue);
    if (this.verifier && !r.owned) return this.refuse(FindingId.NotOwned);
    if (this.verifier && !r.cancelable) return this.refuse(FindingId.NotCancelable);
    if (!remove(r.queue.marked, r)) return NtStatus.Cancelled;
    r.cancelable = false;
    return NtStatus.Success;
  }

  isCanceled(r: ModelRequest): boolean {
    if (this.verifier && !r.owned) return this.refuse(FindingId.NotOwned) > 0;
    if (this.verifier && r.cancelable) return this.refuse(FindingId.IsCancelable) > 0;
    return r.irpCancelled || r.cancelled;
  }

  // ── DDIs about a queue ──

  start(q: ModelQueue): void {
    Object.assign(q, { accept: true, dispatch: true, cancelDispatched: false });
    if (q.queued.length > 0) q.latch = true;
    this.loop(q);
  }

  stop(q: ModelQueue, cancels: boolean, callback: boolean): void {
    q.idle ||= callback;
    q.accept = true;
    q.dispatch = false;
    if (cancels) {
      q.cancelDispatched = true;
      for (const r of q.queued) r.cancelled = true;
      while (q.queued[0]?.cancelled) this.cancelUndelivered(q, q.queued.shift()!);
      this.cancelMarked(q);
    }
    this.loop(q);
  }

  drain(q: ModelQueue, cancels: boolean, callback: boolean): void {
    q.purge ||= callback;
    q.accept = false;
    if (cancels) {
      q.cancelDispatched = true;
      while (q.queued.length > 0) this.cancelUndelivered(q, q.queued.shift()!);
      this.cancelMarked(q);
    }
    this.loop(q);
  }

  /** The next request, of a file if that is not 0, or the one that was found. */
  retrieve(q: ModelQueue, file: number, tag: ModelRequest | null): [NtStatus, string] {
    if (tag !== null && q.setup.kind !== "manual") return [this.refuse(FindingId.RetrieveFoundNotManual), ""];
    if (this.verifier && q.setup.kind === "sequential" && q.driverCount === 0) this.findings.push(FindingId.RetrieveNothingOwned);
    if (q.setup.kind === "parallel") return [NtStatus.InvalidDeviceState, ""];
    if (!q.dispatch || !q.powered) return [NtStatus.WdfPaused, ""];
    for (;;) {
      const r = q.queued.find((one) => (tag === null || one === tag) && (file === 0 || one.file === file));
      if (r === undefined) return [tag === null ? NtStatus.NoMoreEntries : NtStatus.NotFound, ""];
      remove(q.queued, r);
      if (r.transfer && r.length === 0) {
        this.finish(r, NtStatus.Success);
        continue;
      }
      this.own(q, r);
      Object.assign(r, { presented: true, tag: false, owned: true });
      return [NtStatus.Success, r.name];
    }
  }

  find(q: ModelQueue, tag: ModelRequest | null, file: number): [NtStatus, string] {
    if (q.setup.kind !== "manual") return [this.refuse(FindingId.FindNotManual), ""];
    if (this.verifier && tag !== null && tag.place !== "gone" && !tag.tag && !tag.owned) {
      this.findings.push(FindingId.BadTag);
      return [NtStatus.InvalidParameter, ""];
    }
    if (tag !== null && !q.queued.includes(tag)) return [NtStatus.NotFound, ""];
    const after = tag === null ? q.queued : q.queued.slice(q.queued.indexOf(tag) + 1);
    const r = after.find((one) => file === 0 || one.file === file);
    if (r === undefined) {
      if (tag === null && file === 0 && q.queued.length > 0) {
        throw new Error("an untagged search of a queue that is not empty finds something");
      }
      return [NtStatus.NoMoreEntries, ""];
    }
    r.references++;
    r.tag = true;
    return [NtStatus.Success, r.name];
  }
}
