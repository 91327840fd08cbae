// The rows as text.

import type { Row } from "./measure";

const WIDTHS = [24, 28, 10, 8] as const;

export const HEADING = `${line("workload", "contender", "ns", "ratio")}\n${"-".repeat(WIDTHS.reduce((sum, width) => sum + width + 1, -1))}`;

/** A row: times to a tenth, ratios to the baseline to a hundredth. */
export function rowText({ workload, contender, nsPerRequest, ratioToC }: Row): string {
  return line(workload, contender, nsPerRequest.toFixed(1), ratioToC === null ? "-" : ratioToC.toFixed(2));
}

function line(workload: string, contender: string, ns: string, ratio: string): string {
  const [first, second, third, fourth] = WIDTHS;
  return `${workload.padEnd(first)} ${contender.padEnd(second)} ${ns.padStart(third)} ${ratio.padStart(fourth)}`;
}
