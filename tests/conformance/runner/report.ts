// Compares traces and says what differs.

import { play } from "./scenario";
import type { Vector } from "./vectors";

export interface Verdict {
  readonly vector: Vector;
  readonly result: "passed" | "failed" | "skipped";
  /** The first difference, or what is missing. */
  readonly detail: string;
}

export function verdict(module: WebAssembly.Module, vector: Vector): Verdict {
  try {
    const outcome = play(module, vector.script);
    if ("skipped" in outcome) return { vector, result: "skipped", detail: outcome.skipped };
    const detail = firstDifference(vector.trace, outcome.trace);
    return { vector, result: detail === "" ? "passed" : "failed", detail };
  } catch (error) {
    return { vector, result: "failed", detail: `  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  }
}

/** The first line that differs, with the lines before it. */
function firstDifference(expected: string, actual: string): string {
  const want = expected.trimEnd().split("\n").filter((line) => line !== "==");
  const have = actual.trimEnd().split("\n");
  const at = want.findIndex((line, index) => line !== have[index]);
  if (at < 0 && want.length === have.length) return "";
  const index = at < 0 ? want.length : at;
  const before = want.slice(Math.max(0, index - 4), index).map((line) => `      ${line}`);
  return [...before, `    - ${want[index] ?? "(end)"}`, `    + ${have[index] ?? "(end)"}`].join("\n");
}

/** Prints failures, a table per family and the totals; answers the exit status. */
export function report(verdicts: readonly Verdict[], listSkipped: boolean): number {
  for (const { vector, result, detail } of verdicts) {
    if (result === "failed") console.log(`FAILED ${vector.family}/${vector.name}\n${detail}\n`);
    if (result === "skipped" && listSkipped) console.log(`skipped ${vector.family}/${vector.name}: ${detail}`);
  }
  const families = [...new Set(verdicts.map(({ vector }) => vector.family))].sort();
  const count = (family: string | undefined, result: string): number =>
    verdicts.filter((v) => v.result === result && (family === undefined || v.vector.family === family)).length;
  console.log("family        passed  failed  skipped");
  for (const family of families) {
    const cells = ["passed", "failed", "skipped"].map((result) => String(count(family, result)).padStart(7));
    console.log(`${family.padEnd(13)}${cells.join(" ")}`);
  }
  console.log(`${count(undefined, "passed")} passed, ${count(undefined, "failed")} failed, ${count(undefined, "skipped")} skipped`);
  return count(undefined, "failed") === 0 ? 0 : 1;
}
