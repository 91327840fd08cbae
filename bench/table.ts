// The rows as text.

import type { Row } from "./measure";

const WIDTHS = [24, 28, 10, 10, 8] as const;

const RULE = "-".repeat(WIDTHS.reduce((sum, width) => sum + width + 1, -1));

export const HEADING = `${line("workload", "contender", "ns", "best", "ratio")}\n${RULE}`;

/** A row: times to a tenth, ratios to the baseline to a hundredth. */
export function rowText({ workload, contender, nsPerRequest, bestNs, ratioToC }: Row): string {
  return line(workload, contender, nsPerRequest.toFixed(1), bestNs.toFixed(1), ratioToC === null ? "-" : ratioToC.toFixed(2));
}

function line(...cells: [workload: string, contender: string, ns: string, best: string, ratio: string]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join(" ");
}
