// Which rows are measured side by side. Ratios are taken within a group.

import type { ContenderName } from "./contenders";
import type { AnyWorkload } from "./contenders/contender";
import { READERS, hasMemoryFiles } from "./contenders/reads";

export interface Entrant {
  readonly contender: ContenderName;
  /** Requests that wait meanwhile. */
  readonly pending: number;
}

export interface Group {
  /** The `workload` of its rows. */
  readonly title: string;
  readonly workload: AnyWorkload;
  /** What the baseline has pending, 0 where it has no say. */
  readonly pending: number;
  readonly entrants: readonly Entrant[];
  /** The baseline has no bytes: ratios are to the first entrant. */
  readonly withoutBaseline?: boolean;
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

export const GROUPS: readonly Group[] = [
  { title: "w1", workload: "w1", pending: 0, entrants: entrants([...VARIANTS, "fastq", "p-queue"]) },
  { title: "w2", workload: "w2", pending: 0, entrants: entrants([...VARIANTS, "fastq", "p-queue"]) },
  { title: "w3", workload: "w3", pending: 0, entrants: entrants(VARIANTS) },
  cancels(1e3, ["wdf-wasm + verifier", "wdf-wasm, System.cancel"]),
  cancels(1e5, []),
  cancels(1e6, []),
  { title: "reads", workload: "reads", pending: 0, entrants: entrants(readers()), withoutBaseline: true },
  { title: "flat w1", workload: "w1", pending: 0, entrants: [...flat("wdf-wasm"), ...flat("core + pump, writes only")] },
];

/** 1e3 for 1000, as people write it. */
export function exponent(count: number): string {
  return count < 10 ? String(count) : count.toExponential().replace("+", "");
}
