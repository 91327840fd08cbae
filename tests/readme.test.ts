// The README's code, run as it stands there: its output must be what the README says.
//
// A code block that begins with `// NAME.ts` is a file of that name. A test that fails prints what the block has to be.

import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { codeBlocks } from "./support/markdown";

const FOLDER = "build/readme";
const blocks = codeBlocks(readFileSync("README.md", "utf8"));

/** The code block that stands for a file. */
function source(name: string): string {
  const block = blocks.find(({ language, text }) => language === "ts" && text.startsWith(`// ${name}\n`));
  if (block === undefined) throw new Error(`README.md has no block "// ${name}"`);
  return block.text;
}

/** The output block that begins with these words. */
function output(start: string): string {
  const block = blocks.find(({ language, text }) => language === "text" && text.startsWith(start));
  if (block === undefined) throw new Error(`README.md has no text block that begins with "${start}"`);
  return block.text;
}

/** What a program prints. */
async function print(entry: string, args: string[] = []): Promise<string> {
  const outfile = `${FOLDER}/${entry.replace(/\W/g, "-")}.mjs`;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["esbuild"],
    alias: { "wdf-wasm/ddi": resolve("host/ddi/index.ts"), "wdf-wasm": resolve("host/index.ts") },
    logLevel: "silent",
  });
  return execFileSync(process.execPath, [outfile, ...args], { encoding: "utf8" });
}

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ["mailbox.ts", "app.ts", "mailbox-ddi.ts", "replay.ts"]) writeFileSync(`${FOLDER}/${name}`, source(name));
  writeFileSync(`${FOLDER}/app-ddi.ts`, source("app.ts").replace('"./mailbox"', '"./mailbox-ddi"'));
});

describe("README.md", () => {
  it("has drivers and applications without type errors", () => {
    const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
    const files = ["app.ts", "app-ddi.ts", "replay.ts"].map((name) => `${FOLDER}/${name}`);
    const program = ts.createProgram(["bindings/as-types.d.ts", ...files], { ...options, noUnusedParameters: false });
    const errors = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(errors).toEqual([]);
  });

  it("shows the trace that the driver and the application give", async () => {
    expect(await print(`${FOLDER}/app.ts`)).toBe(output("app    read"));
  });

  it("shows a driver with Microsoft's names that gives the same trace", async () => {
    expect(await print(`${FOLDER}/app-ddi.ts`)).toBe(output("app    read"));
  });

  it("shows a replay with the same memory digest", async () => {
    expect(await print(`${FOLDER}/replay.ts`)).toBe("true\n");
  });

  it("shows the usage of the command line", async () => {
    expect(await print("cli/main.ts", ["--help"])).toBe(output("wdf-wasm: run"));
  });
});
