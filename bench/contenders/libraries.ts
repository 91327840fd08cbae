// What a JavaScript program would take for a queue otherwise. They know neither types nor states: a task carries its
// type, and its worker chooses one of three functions by it.

import fastq from "fastq";
import PQueue from "p-queue";
import { type Contender, IN_FLIGHT, type Round } from "./contender";

interface Task {
  readonly type: number;
  readonly length: number;
}

const TASKS: readonly Task[] = Array.from({ length: 96 }, (_, i) => ({ type: i % 3, length: 2 + (i % 32) }));
const HANDLERS = [
  (length: number): number => length,
  (length: number): number => length - 1,
  (length: number): number => length - 2,
] as const;

/** Counts completions. */
class Tally {
  back = 0;
  private sum = 0;

  readonly done = (_error: Error | null, information?: number): void => {
    this.back++;
    this.sum += information!;
  };

  check(requests: number): void {
    const { back, sum } = this;
    this.back = this.sum = 0;
    if (back !== requests || sum < 0) throw new Error(`${back} of ${requests} tasks came back`);
  }
}

export const fastQueue: Contender = {
  workloads: ["w1", "w2"],
  prepare: (workload) => (workload === "w1" ? fastqInline() : fastqKept()),
};

function fastqInline(): Round {
  const tally = new Tally();
  const queue = fastq<unknown, Task, number>((task, done) => done(null, HANDLERS[task.type](task.length)), 1);
  return (requests) => {
    for (let i = 0, at = 0; i < requests; i++, at = at === 95 ? 0 : at + 1) queue.push(TASKS[at], tally.done);
    tally.check(requests);
  };
}

function fastqKept(): Round {
  const tally = new Tally();
  const kept: fastq.done<number>[] = [];
  const queue = fastq<unknown, Task, number>((_task, done) => void kept.push(done), IN_FLIGHT);
  return (requests) => {
    for (let done = 0; done < requests; done += IN_FLIGHT) {
      for (let i = 0, at = 0; i < IN_FLIGHT; i++, at = at === 95 ? 0 : at + 1) queue.push(TASKS[at], tally.done);
      for (let next = kept.pop(); next !== undefined; next = kept.pop()) next(null, kept.length);
    }
    tally.check(requests);
  };
}

export const pQueue: Contender = {
  workloads: ["w1", "w2"],
  prepare: (workload) => (workload === "w1" ? pQueueInline() : pQueueKept()),
};

function pQueueInline(): Round {
  const tally = new Tally();
  const queue = new PQueue({ concurrency: 1 });
  return async (requests) => {
    for (let i = 0; i < requests; i++) {
      const task = TASKS[i % 96];
      tally.done(null, await queue.add(() => HANDLERS[task.type](task.length)));
    }
    tally.check(requests);
  };
}

function pQueueKept(): Round {
  const tally = new Tally();
  const queue = new PQueue({ concurrency: IN_FLIGHT });
  return async (requests) => {
    for (let done = 0; done < requests; done += IN_FLIGHT) {
      const kept: ((information: number) => void)[] = [];
      const keep = (): Promise<number> => new Promise((resolve) => void kept.push(resolve));
      const batch = Array.from({ length: IN_FLIGHT }, () => queue.add(keep));
      while (kept.length < IN_FLIGHT) await Promise.resolve();
      for (let i = IN_FLIGHT - 1; i >= 0; i--) kept[i](i);
      for (const information of await Promise.all(batch)) tally.done(null, information);
    }
    tally.check(requests);
  };
}
