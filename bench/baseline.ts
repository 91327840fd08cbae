// Builds baseline.c into build/, when there is a C compiler.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";

const SOURCE = "bench/baseline.c";
const PROGRAM = "build/bench-baseline";

/** The program's path; null when it cannot be built, with the reason told. */
export function buildBaseline(say: (line: string) => void): string | null {
  if (existsSync(PROGRAM) && statSync(PROGRAM).mtimeMs >= statSync(SOURCE).mtimeMs) return PROGRAM;
  mkdirSync("build", { recursive: true });
  const cc = spawnSync("cc", ["-O2", "-o", PROGRAM, SOURCE], { encoding: "utf8" });
  if (cc.status === 0) return PROGRAM;
  say(cc.error ? "no C compiler (cc): ratios are left out" : `cc refused ${SOURCE}, ratios are left out:\n${cc.stderr}`);
  return null;
}
