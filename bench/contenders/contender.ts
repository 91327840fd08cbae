// What the rows are made of: a contender prepares a workload once and then runs it as often as it is asked.

/** What is measured. */
export type Workload = "w1" | "w2" | "w3" | "w4";

/** The same, and the reads of 4 KiB, which have contenders of their own. */
export type AnyWorkload = Workload | "reads";

/** Runs that many requests and checks that all of them came back as they should; only this is timed. */
export type Round = (requests: number) => void | Promise<void>;

export interface Contender {
  readonly workloads: readonly AnyWorkload[];
  /** `pending`: requests that wait in a manual queue meanwhile (w4: those that are cancelled). */
  prepare(workload: Workload, pending: number): Round | Promise<Round>;
}

/** Requests in flight in w2. */
export const IN_FLIGHT = 1024;
/** Requests forwarded before they are retrieved in w3. */
export const BATCH = 64;

/** Random numbers of w4: xorshift32 from a fixed seed. */
export class Random {
  private state = 0x2545f491;

  /** From 0 to below `limit`, which is at most 2^24. */
  below(limit: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (((x >>> 8) * limit) / 0x1000000) >>> 0;
  }
}
