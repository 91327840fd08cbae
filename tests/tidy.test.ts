// The house rules, as tests. Each rule is a function over files (tests/tidy) and is shown to fail in tests/tidy/rules.test.ts.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bans, fileNames } from "./tidy/bans";
import { exportTable, imports, lockFile, manifest, mutableGlobals, noPeeking, noScenarioNames, scenarioNames } from "./tidy/build";
import { documented, sameOnBothSides, table, untested } from "./tidy/ddi";
import { frameSizes } from "./tidy/frames";
import { cycles, folderCycles, layering, staleExceptions, wasmOnlyInBindings } from "./tidy/layering";
import { seedMistakes, seedsPage } from "./tidy/seeds";
import { columns, fileLengths, functionLengths } from "./tidy/sizes";
import { bookMistakes, rulesPage, unshown } from "./tidy/rulebook";
import { type Rule, repository } from "./tidy/source";
import { unusedImports } from "./tidy/unused";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = repository(root);
const text = (path: string): string => readFileSync(root + path, "utf8");
const core = new Uint8Array(readFileSync(`${root}build/core.wasm`));

describe("tidy: sources", () => {
  const rules: Readonly<Record<string, Rule>> = {
    "imports go down the floors": layering,
    "every exception of the layering is needed": staleExceptions,
    "only bindings touches WebAssembly": wasmOnlyInBindings,
    "bindings has no import cycle": (files) => cycles(files, "bindings"),
    "host has no import cycle": (files) => cycles(files, "host"),
    "the folders of the core have no import cycle": folderCycles,
    "nothing banned is said": bans,
    "file names say what is in the file": fileNames,
    "files are short": fileLengths,
    "functions are short": functionLengths,
    "lines are short": columns,
    "the core uses what it imports": unusedImports,
    "every frame fits its record": frameSizes,
  };
  it.each(Object.entries(rules))("%s", (_, rule) => {
    expect(rule(sources)).toEqual([]);
  });

  it("reads the sources it is meant to read", () => {
    for (const folder of ["assembly", "bindings", "host", "cli", "examples", "tests", "scripts"]) {
      expect(sources.filter(({ path }) => path.startsWith(`${folder}/`)), folder).not.toEqual([]);
    }
  });
});

describe("tidy: build", () => {
  it("the core imports nothing", () => {
    expect(imports(core)).toEqual([]);
  });

  it("the core has no mutable global", () => {
    expect(mutableGlobals(core)).toEqual([]);
  });

  it("bindings/core-exports.d.ts is what the compiler reports", () => {
    expect(exportTable(text("bindings/core-exports.d.ts"), text("build/asc/core.d.ts"))).toEqual([]);
  });

  it("package.json and package-lock.json", () => {
    expect(manifest(text("package.json"))).toEqual([]);
    expect(lockFile(text("package-lock.json"))).toEqual([]);
  });
});

describe("tidy: DDIs", () => {
  it("core and host have the same", () => {
    const names = WebAssembly.Module.exports(new WebAssembly.Module(core)).map(({ name }) => name);
    expect(sameOnBothSides(names, sources)).toEqual([]);
  });

  it("each says what it does and at which IRQL", () => {
    expect(documented(sources)).toEqual([]);
  });

  it("each has tests under its name in tests/ddi", () => {
    expect(untested(sources)).toEqual([]);
  });

  it("docs/DDI.md lists them", async () => {
    await expect(table(sources)).toMatchFileSnapshot(`${root}docs/DDI.md`);
  });
});

describe("tidy: rules", () => {
  it("the list is in order, and nobody cites what is not in it", () => {
    expect(bookMistakes(sources)).toEqual([]);
  });

  it("each is shown by a test or a scenario, or has an issue", () => {
    expect(unshown(sources)).toEqual([]);
  });

  it("docs/RULES.md lists them", async () => {
    await expect(rulesPage(sources)).toMatchFileSnapshot(`${root}docs/RULES.md`);
  });
});

describe("tidy: seeds", () => {
  it("each sentence is shown by a test or a rule, or has an issue, and every test named is there", () => {
    expect(seedMistakes(sources)).toEqual([]);
  });

  it("docs/SEEDS.md lists them", async () => {
    await expect(seedsPage(sources)).toMatchFileSnapshot(`${root}docs/SEEDS.md`);
  });
});

describe("tidy: conformance", () => {
  it("nothing knows a scenario by name", () => {
    expect(scenarioNames(sources).length).toBeGreaterThan(1000);
    expect(noScenarioNames(sources)).toEqual([]);
  });

  it("the runner does not see what is expected", () => {
    expect(noPeeking(sources)).toEqual([]);
  });
});
