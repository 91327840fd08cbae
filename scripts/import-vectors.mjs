// Brings scenarios and traces (NAME.scenario with NAME.trace, a folder per family) into tests/conformance/vectors, one
// file per family. The script of a scenario is the `== ` lines of its trace.
//
//   node scripts/import-vectors.mjs DIR

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = process.argv[2];
const target = fileURLToPath(new URL("../tests/conformance/vectors", import.meta.url));
mkdirSync(target, { recursive: true });
for (const family of readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const folder = join(source, family.name);
  const names = readdirSync(folder).filter((file) => file.endsWith(".trace")).map((file) => file.slice(0, -6)).sort();
  if (names.length === 0) continue;
  const parts = names.map((name) => `@ ${name}\n${readFileSync(join(folder, `${name}.trace`), "utf8").trimEnd()}\n`);
  writeFileSync(join(target, `${family.name}.traces`), parts.join("\n"));
  console.log(`${family.name}: ${names.length}`);
}
