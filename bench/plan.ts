// Which rows are measured side by side. Ratios are taken within a group.

import type { ContenderName } from "./contenders";
import type { MachineWorkload, ReadWorkload, Workload } from "./contenders/contender";
import { READERS, hasMemoryFiles } from "./contenders/reads";

export interface Entrant {
  readonly contender: ContenderName;
  /** Requests that wait meanwhile. */
  readonly pending: number;
}

export interface Group {
  /** The `workload` of its rows. */
  readonly title: string;
  readonly workload: Workload | MachineWorkload | ReadWorkload;
  /** What the baseline has pending, 0 where it has no say. */
  readonly pending: number;
  readonly entrants: readonly Entrant[];
  /** The contender whose time with as much pending is 1 in the ratios, instead of the baseline's. */
  readonly reference?: ContenderName;
}

const VARIANTS: readonly ContenderName[] = [
  "wdf-wasm",
  "wdf-wasm + bytes",
  "wdf-wasm + bytes, writes only",
  "wdf-wasm + promises",
  "wdf-wasm framework surface",
  "wdf-wasm + verifier",
  "wdf-wasm + trace",
  "core + pump",
  "core + pump, writes only",
  "core alone",
  "core alone, writes only",
];

function entrants(contenders: readonly ContenderName[], pending = 0): Entrant[] {
  return contenders.map((contender) => ({ contender, pending }));
}

function cancels(pending: number, more: readonly ContenderName[]): Group {
  const contenders: ContenderName[] = ["wdf-wasm", ...more, "core + pump", "core alone"];
  return { title: `w4 ${exponent(pending)}`, workload: "w4", pending, entrants: entrants(contenders, pending) };
}

/** The same cost whatever else waits? */
function flat(contender: ContenderName): Entrant[] {
  return [1, 1e3, 1e6].map((pending) => ({ contender, pending }));
}

function readers(): ContenderName[] {
  const names = Object.keys(READERS) as (keyof typeof READERS)[];
  return hasMemoryFiles ? names : names.filter((name) => !name.includes("memory file"));
}

/** Workloads of which the baseline knows nothing: what somebody might write in plain JavaScript is the reference. */
function machineGroup(title: MachineWorkload): Group {
  const contenders: ContenderName[] = ["plain JS", "wdf-wasm machine", "wdf-wasm machine + verifier"];
  return { title, workload: title, pending: 0, entrants: entrants(contenders), reference: "plain JS" };
}

/** The cost of a timer among few and among many armed ones. */
const timers: Group = {
  title: "timer",
  workload: "timer",
  pending: 0,
  entrants: [
    ...entrants(["plain JS", "plain JS, sorted array", "wdf-wasm machine", "wdf-wasm machine + verifier"], 10),
    ...entrants(["plain JS", "wdf-wasm machine", "wdf-wasm machine + verifier"], 1e5),
  ],
  reference: "plain JS",
};

export const GROUPS: readonly Group[] = [
  { title: "w1", workload: "w1", pending: 0, entrants: entrants([...VARIANTS, "fastq", "p-queue"]) },
  { title: "w2", workload: "w2", pending: 0, entrants: entrants([...VARIANTS, "fastq", "p-queue"]) },
  { title: "w3", workload: "w3", pending: 0, entrants: entrants(VARIANTS) },
  cancels(1e3, ["wdf-wasm + verifier", "wdf-wasm, System.cancel"]),
  cancels(1e5, []),
  cancels(1e6, []),
  { title: "reads", workload: "reads", pending: 0, entrants: entrants(readers()), reference: "two drivers, direct" },
  { title: "flat w1", workload: "w1", pending: 0, entrants: [...flat("wdf-wasm"), ...flat("core + pump, writes only")] },
  machineGroup("dpc"),
  timers,
  machineGroup("interrupt"),
];

/** 1e3 for 1000, as people write it. */
export function exponent(count: number): string {
  return count < 10 ? String(count) : count.toExponential().replace("+", "");
}
