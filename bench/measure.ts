// Interleaved rounds: in each, every entrant of a group runs once, so that whatever disturbs the machine disturbs all.

import { Peer } from "./peer";
import { type Entrant, type Group, exponent } from "./plan";

export interface Row {
  readonly workload: string;
  readonly contender: string;
  /** Median over the rounds. */
  readonly nsPerRequest: number;
  /** The quickest round: what is left when nothing else runs on the machine. */
  readonly bestNs: number;
  /** Median of the ratios to the baseline within each round; null without one. */
  readonly ratioToC: number | null;
  /** The same to the group's reference; null where the baseline is the reference. */
  readonly ratioToReference: number | null;
  /** Median of the ratios to the same contender's first entry, with less pending; null for that itself. */
  readonly growth: number | null;
}

/** How thoroughly. */
export interface Effort {
  readonly rounds: number;
  /** Milliseconds a contender should take for one round. */
  readonly roundMs: number;
  /** The shortest warm-up; it lasts up to three times as long, until that many requests have been sent. */
  readonly warmUpMs: number;
  readonly warmUpRequests: number;
}

/** How the processes of a run are started. */
export interface Launcher {
  /** Path of the compiled baseline, or null. */
  readonly baseline: string | null;
  contender(name: string): Peer;
}

export const BASELINE = "C -O2";

/** A whole number of everybody's batches: 1024, 64, and three types. */
const STEP = 3072;

interface Lane {
  readonly peer: Peer;
  readonly contender: string;
  readonly workload: string;
  readonly pending: number;
  requests: number;
  readonly ns: number[];
}

/** Measures the rows of a group. */
export async function measure(group: Group, launcher: Launcher, effort: Effort): Promise<Row[]> {
  const lanes = group.entrants.map((entrant) => laneOf(group, entrant, launcher.contender(entrant.contender)));
  const hasBaseline = launcher.baseline !== null && group.reference === undefined;
  if (hasBaseline) lanes.unshift(baselineLane(group, launcher.baseline!));
  try {
    for (const lane of lanes) await warmUp(lane, group, effort);
    for (let round = 0; round < effort.rounds; round++) {
      for (let i = 0; i < lanes.length; i++) await runOnce(lanes[(i + round) % lanes.length], group);
    }
  } finally {
    await Promise.all(lanes.map((lane) => lane.peer.end()));
  }
  return rowsOf(lanes, hasBaseline, group.reference);
}

function laneOf(group: Group, { contender, pending }: Entrant, peer: Peer): Lane {
  const what = group.workload === "timer" ? "armed" : "pending";
  const workload = group.pending === pending ? group.title : `${group.title}, ${exponent(pending)} ${what}`;
  return { peer, contender, workload, pending, requests: 0, ns: [] };
}

function baselineLane(group: Group, program: string): Lane {
  return { peer: new Peer(BASELINE, program, []), contender: BASELINE, workload: group.title, pending: group.pending, requests: 0, ns: [] };
}

async function timeOf(lane: Lane, group: Group, requests: number): Promise<number> {
  return Number(await lane.peer.ask(`${group.workload} ${requests}${lane.pending > 0 ? ` ${lane.pending}` : ""}`));
}

/** Lets an entrant prepare and warm up, and finds out how many requests make a round. */
async function warmUp(lane: Lane, group: Group, { roundMs, warmUpMs, warmUpRequests }: Effort): Promise<void> {
  let ns = 0;
  let sent = 0;
  for (let spent = 0; spent < warmUpMs || (sent < warmUpRequests && spent < 3 * warmUpMs); ) {
    const requests = ns === 0 ? STEP : requestsFor((warmUpMs / 4) * 1e6, ns);
    ns = await timeOf(lane, group, requests);
    spent += (ns * requests) / 1e6;
    sent += requests;
  }
  lane.requests = requestsFor(roundMs * 1e6, ns);
}

function requestsFor(totalNs: number, ns: number): number {
  return STEP * Math.max(1, Math.round(totalNs / ns / STEP));
}

async function runOnce(lane: Lane, group: Group): Promise<void> {
  lane.ns.push(await timeOf(lane, group, lane.requests));
}

function rowsOf(lanes: readonly Lane[], hasBaseline: boolean, reference: string | undefined): Row[] {
  const base = hasBaseline ? lanes[0].ns : undefined;
  const plain = (pending: number): Lane | undefined => lanes.find((lane) => lane.contender === reference && lane.pending === pending);
  return lanes.map(({ workload, contender, pending, ns }) => ({
    workload,
    contender,
    nsPerRequest: median(ns),
    bestNs: Math.min(...ns),
    ratioToC: ratio(ns, base),
    growth: growthOf(lanes, contender, ns),
    ratioToReference: ratio(ns, plain(pending)?.ns),
  }));
}

function growthOf(lanes: readonly Lane[], contender: string, ns: readonly number[]): number | null {
  const first = lanes.find((lane) => lane.contender === contender)!.ns;
  return first === ns ? null : ratio(ns, first);
}

function ratio(ns: readonly number[], base: readonly number[] | undefined): number | null {
  return base === undefined ? null : median(ns.map((value, round) => value / base[round]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
