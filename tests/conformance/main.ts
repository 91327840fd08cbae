// npm run conformance -- [DIR ...]: plays scenarios and compares traces with what Microsoft's framework did.
//
// A directory may hold NAME.scenario with NAME.trace, or FAMILY.traces (many traces in one file, see README.md).

import { readFileSync } from "node:fs";
import { loadVectors } from "./runner/vectors";
import { report, verdict } from "./runner/report";

const module = new WebAssembly.Module(readFileSync(new URL("../../build/core.wasm", import.meta.url)));
const args = process.argv.slice(2);
const verbose = args.includes("--list-skipped");
const directories = args.filter((arg) => !arg.startsWith("--"));
const vectors = loadVectors(directories.length > 0 ? directories : ["tests/conformance/vectors"]);
const verdicts = vectors.map((vector) => verdict(module, vector));
process.exitCode = report(verdicts, verbose);
