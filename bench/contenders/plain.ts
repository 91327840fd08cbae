// What somebody might write instead who needs just DPCs, timers or interrupts, in plain JavaScript: no objects with parents, no
// levels to check, no states, one processor. The timers twice: in a binary heap, and in an array that is kept sorted.

import { type Contender, type MachineWorkload, Random, type Round, farAhead } from "./contender";

interface Timer {
  due: number;
  readonly callback: (timer: Timer) => void;
}

/** Timers, the next one first. */
interface Timers {
  insert(timer: Timer): void;
  takeDue(now: number): Timer | undefined;
}

/** A binary heap. */
export class Heap implements Timers {
  private readonly heap: Timer[] = [];

  insert(timer: Timer): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent].due <= timer.due) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
  }

  takeDue(now: number): Timer | undefined {
    const { heap } = this;
    const first = heap[0];
    if (first === undefined || first.due > now) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) this.sink(last);
    return first;
  }

  private sink(timer: Timer): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1].due < heap[child].due) child++;
      if (heap[child].due >= timer.due) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = timer;
  }
}

/** An array that is kept sorted, the next one last. */
export class SortedArray implements Timers {
  private readonly timers: Timer[] = [];

  insert(timer: Timer): void {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.timers[middle].due > timer.due) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
  }

  takeDue(now: number): Timer | undefined {
    const last = this.timers[this.timers.length - 1];
    return last === undefined || last.due > now ? undefined : this.timers.pop();
  }
}

/** Calls to be made when the level is low again: oldest first. */
class Dpcs {
  private queue: (() => void)[] = [];
  private level = 0;

  enqueue(dpc: () => void): void {
    this.queue.push(dpc);
    if (this.level < 2) this.deliver();
  }

  /** Runs an ISR at its level, then what it has queued. */
  interrupt(level: number, isr: () => boolean): void {
    const before = this.level;
    this.level = level;
    isr();
    this.level = before;
    if (before < 2) this.deliver();
  }

  private deliver(): void {
    const before = this.level;
    this.level = 2;
    for (let dpc = this.queue.shift(); dpc !== undefined; dpc = this.queue.shift()) dpc();
    this.level = before;
  }
}

function dpcRound(interrupts: boolean): Round {
  const dpcs = new Dpcs();
  let delivered = 0;
  const dpc = (): void => void delivered++;
  const isr = (): boolean => {
    dpcs.enqueue(dpc);
    return true;
  };
  return (requests) => {
    delivered = 0;
    for (let i = 0; i < requests; i++) {
      if (interrupts) dpcs.interrupt(7, isr);
      else dpcs.enqueue(dpc);
    }
    if (delivered !== requests) throw new Error(`${delivered} of ${requests} DPCs were delivered`);
  };
}

function timerRound(timers: Timers, pending: number): Round {
  const random = new Random();
  let now = 0;
  const tally = { expired: 0, due: 0 };
  const callback = (timer: Timer): void => {
    tally.expired++;
    timer.due = now + farAhead(random, pending);
    timers.insert(timer);
  };
  for (let i = 0; i < pending; i++) timers.insert({ due: farAhead(random, pending), callback });
  return (requests) => {
    tally.due += requests;
    for (; tally.expired < tally.due; now++) {
      for (let timer = timers.takeDue(now); timer !== undefined; timer = timers.takeDue(now)) timer.callback(timer);
    }
  };
}

export const plainHeap: Contender<MachineWorkload> = {
  workloads: ["dpc", "timer", "interrupt"],
  prepare: (workload, pending) => (workload === "timer" ? timerRound(new Heap(), pending) : dpcRound(workload === "interrupt")),
};

export const plainSorted: Contender<MachineWorkload> = {
  workloads: ["timer"],
  prepare: (_workload, pending) => timerRound(new SortedArray(), pending),
};
