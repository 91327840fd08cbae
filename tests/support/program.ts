// Programs of the documents: bundled with this package in place of the published one, run in a Node of their own.

import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

/** What a program prints. */
export async function output(entry: string, ...args: string[]): Promise<string> {
  const outfile = `build/programs/${entry.replace(/\W+/g, "-")}.mjs`;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["esbuild"],
    alias: {
      "wdf-wasm/umdf1": resolve("host/umdf1/index.ts"),
      "wdf-wasm/ddi": resolve("host/ddi/index.ts"),
      "wdf-wasm": resolve("host/index.ts"),
    },
    logLevel: "silent",
  });
  return execFileSync(process.execPath, [outfile, ...args], { encoding: "utf8" });
}
