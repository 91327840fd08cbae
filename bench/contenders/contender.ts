// What the rows are made of: a contender prepares a workload once and then runs it as often as it is asked.

/** What is done with requests. The baseline does it as well. */
export type Workload = "w1" | "w2" | "w3" | "w4";

/** What else a machine does: deliver a DPC, arm and expire a timer, serve an interrupt with its ISR and DPC. */
export type MachineWorkload = "dpc" | "timer" | "interrupt";

/** The reads of 4 KiB have contenders of their own. */
export type ReadWorkload = "reads";

/** Runs that many requests and checks that all of them came back as they should; only this is timed. */
export type Round = (requests: number) => void | Promise<void>;

export interface Contender<W extends string = Workload> {
  readonly workloads: readonly W[];
  /** `pending`: requests that wait in a manual queue meanwhile (w4: those that are cancelled); timers that are armed. */
  prepare(workload: W, pending: number): Round | Promise<Round>;
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

/** Milliseconds from now to when a timer is due, so that of so many armed timers about one expires in each millisecond. */
export function farAhead(random: Random, armed: number): number {
  return 1 + random.below(2 * armed);
}
