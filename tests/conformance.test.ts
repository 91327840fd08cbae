// Every scenario that Microsoft's framework was run with, played on ours. A scenario that needs what is not built yet is
// skipped, with what it needs as the reason.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verdict } from "./conformance/runner/report";
import { loadVectors } from "./conformance/runner/vectors";

const module = new WebAssembly.Module(readFileSync("build/core.wasm"));
const vectors = loadVectors(["tests/conformance/vectors"]);
/** What docs/RULES.md names has to be played. */
const shown = new Set(readFileSync("docs/rules/queue.tsv", "utf8").split(/\s+/));

for (const family of new Set(vectors.map((vector) => vector.family))) {
  describe(`conformance: ${family}`, () => {
    for (const vector of vectors.filter((candidate) => candidate.family === family)) {
      it(vector.name, ({ skip }) => {
        const { result, detail } = verdict(module, vector);
        if (result === "skipped" && !shown.has(vector.name)) skip(detail);
        expect(detail).toBe("");
      });
    }
  });
}
