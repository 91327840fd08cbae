// The rows as text.

import type { ReadFacts } from "./contenders/reads";
import type { Row } from "./measure";

const WIDTHS = [24, 34, 10, 10, 8, 8] as const;

const RULE = "-".repeat(WIDTHS.reduce((sum, width) => sum + width + 1, -1));

export const HEADING = `${line("workload", "contender", "ns", "best", "ratio", "growth")}\n${RULE}`;

/** A row: times to a tenth, ratios to the baseline, or to the group's reference, to a hundredth. */
export function rowText({ workload, contender, nsPerRequest, bestNs, ratioToC, ratioToReference, growth }: Row): string {
  const hundredths = (ratio: number | null): string => (ratio === null ? "-" : ratio.toFixed(2));
  const times = [nsPerRequest.toFixed(1), bestNs.toFixed(1)] as const;
  return line(workload, contender, ...times, hundredths(ratioToC ?? ratioToReference), growth === null ? "" : hundredths(growth));
}

function line(...cells: [workload: string, contender: string, ns: string, best: string, ratio: string, growth: string]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join(" ").trimEnd();
}

/** What many reads leave behind, in one line. */
export function factsText({ reads, direct, copiesPerByte, core, objects, heap }: ReadFacts): string {
  const growth = (sizes: readonly number[]): string => `${sizes.map((size) => (size / 2 ** 20).toFixed(1)).join(" -> ")} MiB`;
  const memory = `linear memory ${growth(core)}, objects ${objects.join(" -> ")}, heap ${growth(heap)}`;
  return `${reads} ${direct ? "direct" : "buffered"} reads of 4 KiB: ${copiesPerByte.toFixed(2)} copies per byte; ${memory}`;
}
