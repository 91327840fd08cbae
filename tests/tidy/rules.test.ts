// Each rule refuses what it is there to refuse, and lets the like of it pass.

import { describe, expect, it } from "vitest";
import { bans, fileNames } from "./bans";
import { frameSizes } from "./frames";
import { exportTable, imports, lockFile, manifest, mutableGlobals, noPeeking, noScenarioNames } from "./build";
import { documented, pageOf, sameOnBothSides, table, untested } from "./ddi";
import { cycles, folderCycles, layering, staleExceptions, wasmOnlyInBindings } from "./layering";
import { seedMistakes, seedsPage } from "./seeds";
import { columns, fileLengths, functionLengths } from "./sizes";
import { bookMistakes, claims, rulesPage, unshown } from "./rulebook";
import { type Rule, type Source, codeOf } from "./source";
import { unusedImports } from "./unused";

/** Files, each as `path: text`. */
function files(contents: Readonly<Record<string, string>>): Source[] {
  return Object.entries(contents).map(([path, text]) => ({ path, text }));
}

/** The places a rule names. */
function places(rule: Rule, contents: Readonly<Record<string, string>>): string[] {
  return rule(files(contents)).map((message) => /^[^:]+(:\d+)?/.exec(message)![0]);
}

describe("layering", () => {
  it.each([
    ["assembly/abi/a.ts", "../nt/x"],
    ["assembly/nt/a.ts", "../wdf/x"],
    ["assembly/wdf/a.ts", "../ddi/x"],
    ["assembly/ddi/a.ts", "../../host/x"],
    ["assembly/index.ts", "../bindings/abi"],
    ["bindings/core.ts", "../assembly/abi/status"],
    ["bindings/abi.ts", "../assembly/nt/system"],
    ["bindings/core.ts", "../host/system"],
    ["host/system.ts", "../assembly/abi/status"],
    ["host/system.ts", "node:fs"],
    ["host/ddi/queue.ts", "../framework/queue"],
    ["host/framework/queue.ts", "../../bindings/core"],
    ["cli/run.ts", "../host/system"],
    ["cli/run.ts", "../bindings/abi"],
    ["examples/01-echo/driver.ts", "../../host/framework/queue"],
  ])("%s may not import %s", (path, specifier) => {
    expect(places(layering, { [path]: `\nimport { x } from "${specifier}";` })).toEqual([`${path}:2`]);
    expect(places(layering, { [path]: `export * from "${specifier}";` })).toEqual([`${path}:1`]);
  });

  it.each([
    ["assembly/ddi/a.ts", "../wdf/x"],
    ["bindings/abi.ts", "../assembly/abi/status"],
    ["bindings/load.ts", "../build/core-bytes.js"],
    ["host/ddi/queue.ts", "../machine"],
    ["host/framework/queue.ts", "../ddi/queue"],
    ["host/system.ts", "../bindings/core"],
    ["cli/run.ts", "../host/index"],
    ["cli/run.ts", "node:fs"],
    ["examples/01-echo/driver.ts", "wdf-wasm"],
  ])("%s may import %s", (path, specifier) => {
    expect(layering(files({ [path]: `import { x } from "${specifier}";` }))).toEqual([]);
  });

  it("an exception nobody uses is named", () => {
    expect(staleExceptions([])).not.toEqual([]);
  });

  it("WebAssembly and memory belong to bindings", () => {
    const text = "// WebAssembly\nconst m = new WebAssembly.Module(b);\nconst v = core.memory.buffer;";
    expect(places(wasmOnlyInBindings, { "host/a.ts": text, "bindings/a.ts": text })).toEqual(["host/a.ts:2", "host/a.ts:3"]);
  });

  it("cycles of values are found, cycles of types are none", () => {
    const a = 'import { b } from "./b";';
    expect(cycles(files({ "host/a.ts": a, "host/b.ts": 'export { a } from "./a";' }), "host")).toHaveLength(1);
    expect(cycles(files({ "host/a.ts": a, "host/b.ts": 'import type { a } from "./a";' }), "host")).toEqual([]);
    expect(cycles(files({ "host/a.ts": 'import "./b";', "host/b/index.ts": 'import "../a";' }), "host")).toHaveLength(1);
  });

  it("folders of the core do not import each other", () => {
    const down = { "assembly/wdf/a.ts": 'import "../nt/a";' };
    expect(folderCycles(files({ ...down, "assembly/nt/a.ts": 'import "../wdf/b";' }))).toHaveLength(1);
    expect(folderCycles(files({ ...down, "assembly/nt/a.ts": 'import "./b";' }))).toEqual([]);
  });
});

describe("bans", () => {
  const all = ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs", "docs/a.md"];

  it.each([
    ["const t = Date.now();", ["assembly/a.ts", "host/a.ts"]],
    ["const t = new Date(0);", ["assembly/a.ts", "host/a.ts"]],
    ["const t = performance.now();", ["assembly/a.ts", "host/a.ts"]],
    ["setTimeout(f, 1);", ["assembly/a.ts", "host/a.ts"]],
    ["setInterval(f, 1);", ["assembly/a.ts", "host/a.ts"]],
    ["setImmediate(f);", ["assembly/a.ts", "host/a.ts"]],
    ['console.log("x");', ["assembly/a.ts", "host/a.ts"]],
    ["const r = Math.random();", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["export default 1;", ["assembly/a.ts", "host/a.ts", "tests/a.ts"]],
    ['it.only("x", f);', ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["const x: any = 1;", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["const x = y as any;", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["let x: Array<any>;", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["// @ts-ignore", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["// \u2014\u2014\u2014\u2014 Section \u2014\u2014\u2014\u2014", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["// ----------", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["// ==== Section", ["assembly/a.ts", "host/a.ts", "tests/a.ts", "scripts/a.mjs"]],
    ["// TODO later", all],
    ["// FIXME", all],
    ["// see /tmp/x", all],
    ['const p = "/work/x";', all],
    ["// see C:\\Users", all],
    ["// zero\u200bwidth", all],
    ["// bell\u0007", all],
    ["// generated by an AI", all],
    ["// Co-Authored-By: somebody", all],
    ["// a language model", all],
    ["// as the brief asks: the brief asks", all],
  ])("%j", (text, where) => {
    const contents = Object.fromEntries(all.map((path) => [path, `\n${text}`]));
    expect([...new Set(places(bans, contents))]).toEqual(where.map((path) => `${path}:2`));
  });

  it.each([
    "// Date.now() would differ from run to run",
    'const s = "Math.random";',
    "const s = `${a}console.log${b}`;",
    "//   state        list",
    "//   ──────────── ─────────",
    "//   ------------ ---------",
    "const x = Promise.any(list);",
    "// oxlint-disable-next-line typescript/no-explicit-any -- handed on as it is\ntype Any = any;",
    "const u = 'https://learn.microsoft.com/windows-hardware/work/x';",
    'const c = "/usr/bin/chromium";',
  ])("lets %j pass", (text) => {
    expect(bans(files({ "host/a.ts": text }))).toEqual([]);
  });

  it("drivers, configurations and scripts have default exports", () => {
    const paths = ["examples/01-echo/driver.ts", "vitest.config.ts", "rollup.config.mjs", "scripts/reporter.mjs"];
    expect(bans(files(Object.fromEntries(paths.map((path) => [path, "export default 1;"]))))).toEqual([]);
  });

  it("names for anything", () => {
    const paths = ["host/utils.ts", "tests/helpers/a.ts", "cli/types.ts", "host/misc.ts"];
    expect(places(fileNames, Object.fromEntries(paths.map((path) => [path, ""])))).toEqual(paths.map((path) => `${path}:1`));
    expect(fileNames(files({ "host/ddi/types.ts": "", "host/naming.ts": "" }))).toEqual([]);
  });

  it("code is what is neither comment nor string, at its place", () => {
    const text = "/** doc */\nconst a = 'x'; // y\nconst b = `p${a}q`;\n";
    expect(codeOf({ path: "host/a.ts", text })).toBe("          \nconst a =    ;     \nconst b =     a   ;\n");
  });
});

describe("unused imports", () => {
  it("of the core", () => {
    const text = 'import { A, B as C, D } from "./x";\nexport { D } from "./x";\n/** B */\nexport function f(a: A): void {}\n';
    expect(places(unusedImports, { "assembly/a.ts": text, "host/a.ts": text })).toEqual(["assembly/a.ts:1"]);
    expect(unusedImports(files({ "assembly/a.ts": text }))[0]).toMatch(/imports C and does not use it/);
  });
});

describe("frames", () => {
  it("that are not compared with FRAME_SIZE", () => {
    const frame = "export class AFrame extends Frame {\n}\n";
    const check = 'if (offsetof<AFrame>() > FRAME_SIZE) ERROR("AFrame does not fit");\n';
    expect(frameSizes(files({ "assembly/wdf/a.ts": frame + check }))).toEqual([]);
    expect(frameSizes(files({ "assembly/wdf/a.ts": frame, "assembly/wdf/b.ts": check }))).toEqual([
      "assembly/wdf/a.ts:1: AFrame may not fit; compare offsetof<AFrame>() with FRAME_SIZE",
    ]);
  });
});

describe("sizes", () => {
  it("files", () => {
    expect(places(fileLengths, { "host/a.ts": "x;\n".repeat(401), "host/b.ts": "x;\n".repeat(400) })).toEqual(["host/a.ts:401"]);
  });

  it("functions, methods and closures", () => {
    const body = "  x();\n".repeat(69);
    const text = `function f() {\n${body}}\nclass C {\n  m() {\n${body}  }\n}\nconst g = () => {\n${body}};\n`;
    expect(places(functionLengths, { "host/a.ts": text })).toEqual(["host/a.ts:1", "host/a.ts:73", "host/a.ts:145"]);
    expect(functionLengths(files({ "host/a.ts": text.replaceAll(body, body.slice(7)), "tests/a.test.ts": text }))).toEqual([]);
  });

  it("lines", () => {
    const text = `${"x".repeat(140)}\n${"x".repeat(141)}`;
    expect(places(columns, { "host/a.ts": text, "bindings/core-exports.d.ts": text, "tests/a.test.ts": text })).toEqual(["host/a.ts:2"]);
  });
});

describe("build", () => {
  const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  /** (global i32 (i32.const 300)) (global (mut i64) (i64.const 0)) (global f64 (f64.const ...)) */
  const globals = (second: number): number[] =>
    [
      [3],
      [0x7f, 0, 0x41, 0xac, 0x02, 0x0b],
      [0x7e, second, 0x42, 0, 0x0b],
      [0x7c, 0, 0x44, 0x0b, 0x0b, 0x0b, 0x0b, 0, 0, 0, 0, 0x0b],
    ].flat();

  it("mutable globals, behind another section", () => {
    const custom = [0, 2, 1, 0x78];
    const module = (second: number): Uint8Array<ArrayBuffer> => {
      const section = globals(second);
      return new Uint8Array([...HEADER, ...custom, 6, section.length, ...section]);
    };
    expect(WebAssembly.validate(module(0))).toBe(true);
    expect(WebAssembly.validate(module(1))).toBe(true);
    expect(mutableGlobals(module(0))).toEqual([]);
    expect(mutableGlobals(module(1))).toEqual(["build/core.wasm: global 1 is mutable; keep it in the system record"]);
  });

  it("imports", () => {
    const module = new Uint8Array([...HEADER, 2, 8, 1, 1, 0x61, 1, 0x62, 3, 0x7f, 0]);
    expect(imports(module)).toEqual(["build/core.wasm: imports a.b; the host gives data, not functions"]);
    expect(imports(new Uint8Array(HEADER))).toEqual([]);
  });

  it("the export table", () => {
    expect(exportTable("// Generated.\n\na", "a")).toEqual([]);
    expect(exportTable("// Generated.\n\na", "b")).toHaveLength(1);
  });

  it("package.json", () => {
    const exports = { ".": { types: "t", default: "d" }, "./w": "w" };
    const good = { name: "wdf-wasm", license: "MIT", engines: { node: ">=20.19" }, exports };
    expect(manifest(JSON.stringify(good))).toEqual([]);
    for (const bad of [
      { name: "other" },
      { license: "ISC" },
      { engines: {} },
      { dependencies: { a: "1" } },
      { exports: { ".": { default: "d", types: "t" } } },
      { exports: { ".": { default: "d" } } },
    ]) {
      expect(manifest(JSON.stringify({ ...good, ...bad })), JSON.stringify(bad)).toHaveLength(1);
    }
  });

  it("package-lock.json", () => {
    expect(lockFile('{\n"resolved": "https://registry.example/a.tgz"\n}')).toEqual([expect.stringMatching(/^package-lock\.json:2: /)]);
    expect(lockFile('{ "version": "1" }')).toEqual([]);
  });
});

describe("conformance", () => {
  const vectors = { "tests/conformance/vectors/a.traces": "@ purge_twice\n== purge q0\n\n@ stopsync\n== stopsync q0\n" };

  it("names of scenarios, unless they are commands", () => {
    const text = "\n// for purge_twice\nconst c = { stopsync: 1, purge_twice_more: 2 };";
    const found = places(noScenarioNames, { ...vectors, "host/a.ts": text, "tests/conformance/runner/a.ts": 'f("purge_twice")' });
    expect(found).toEqual(["host/a.ts:2", "tests/conformance/runner/a.ts:1"]);
  });

  const peeks = ['import { loadVectors } from "./vectors";', 'import { readFileSync } from "node:fs";', "f(v.trace);", "f(vector);"];
  it.each(peeks)("%s", (text) => {
    const runner = "tests/conformance/runner";
    expect(places(noPeeking, { [`${runner}/a.ts`]: text, [`${runner}/report.ts`]: text })).toEqual([`${runner}/a.ts:1`]);
  });
});

describe("DDIs", () => {
  const host = (doc: string, name = "WdfIoQueueStop"): Source[] =>
    files({ "host/ddi/a.ts": `${doc}\nexport function ${name}(): void {}\n` });
  const DOC = "/**\n * Does it.\n *\n * @irql <= DISPATCH_LEVEL; above it nothing happens\n */";

  it("a doc comment with @irql", () => {
    expect(documented(host(DOC))).toEqual([]);
    expect(documented(host("// Does it."))[0]).toMatch(/^host\/ddi\/a\.ts:2: WdfIoQueueStop has no doc comment/);
    expect(documented(host("/** Does it. */"))[0]).toMatch(/has no @irql line/);
    expect(documented(host("/** Does it. */", "WDF_X_INIT"))).toEqual([]);
    expect(documented(host("", "WDF_X_INIT"))).toHaveLength(1);
  });

  it("the level of its row", () => {
    expect(documented(host(DOC, "WdfUnheardOf"))[0]).toMatch(/WdfUnheardOf has no row in assembly\/abi\/irql-rules\.ts; add it/);
    expect(documented(host(DOC, "WdfIoQueueStopSynchronously"))[0]).toMatch(/says "@irql <= DISPATCH_LEVEL", its row .* "PASSIVE_LEVEL"/);
    expect(documented(host(DOC, "KeSetEvent"))).toEqual([]);
  });

  it("the same on both sides", () => {
    const differences = (core: readonly string[]): string[] =>
      sameOnBothSides(core, host(DOC)).filter((text) => !text.includes("HOST_ONLY lists"));
    expect(differences(["WdfIoQueueStop", "memory"])).toEqual([]);
    expect(differences([])[0]).toMatch(/WdfIoQueueStop is not exported by the core/);
    expect(differences(["WdfIoQueueStop", "WdfOther"])[0]).toMatch(/exports WdfOther; host\/ddi lacks it/);
    expect(sameOnBothSides(["WdfFdoInitSetFilter"], [])).toContainEqual(expect.stringContaining("lists WdfFdoInitSetFilter without need"));
  });

  it("a test by name", () => {
    expect(untested(host(DOC))).toEqual(["WdfIoQueueStop"]);
    expect(untested([...host(DOC), ...files({ "tests/ddi/a.test.ts": 'describe("WdfIoQueueStop", f)' })])).toEqual([]);
  });

  it("Microsoft's page", () => {
    expect(pageOf("WdfRequestComplete")).toMatch(/\/ddi\/wdfrequest\/nf-wdfrequest-wdfrequestcomplete$/);
    expect(pageOf("WdfIoQueueStop")).toMatch(/\/ddi\/wdfio\/nf-wdfio-wdfioqueuestop$/);
    expect(() => pageOf("WdfUnheardOf")).toThrow("which header declares WdfUnheardOf");
  });

  it("the table", () => {
    const others = files({
      "tests/ddi/a.test.ts": 'describe("WdfRequestRequeue", f)',
      "assembly/ddi/a.ts": "export function WdfRequestRequeue(): void {}",
    });
    expect(table([...host(DOC, "WdfRequestRequeue"), ...others])).toMatch(
      /^\| \[`WdfRequestRequeue`\]\(.*\) \| \[assembly\/ddi\/a\.ts\]\(.*\) \| \[host.*\) \| \[tests.*\) \| <= DISPATCH_LEVEL \|$/m,
    );
  });
});

describe("rules of the framework", () => {
  const vectors = { "tests/conformance/vectors/state.traces": "@ stop_waits\n== stop q0\n" };
  const sources = { "docs/rules/sources.tsv": "fxioqueue.cpp\thttps://x/fxioqueue.cpp\nWdfIoQueueStop\thttps://x/stop\n" };
  const book = (line: string, rest: Readonly<Record<string, string>> = {}): Source[] =>
    files({ ...vectors, ...sources, "docs/rules/queue.tsv": `# Queues.\n\n## Stop\n${line}\n`, ...rest });
  const Q1 = "Q-001\tStop stops.\tfxioqueue.cpp:QueueIdle; WdfIoQueueStop";

  it("a list in order", () => {
    expect(bookMistakes(book(`${Q1}\tstop_waits`))).toEqual([]);
    expect(bookMistakes(book(`${Q1}\nQ-002\tSo does this (sometimes).\tfxioqueue.cpp\t=Q-001`))).toEqual([]);
  });

  it.each([
    ["Q-1\tStop stops.\tfxioqueue.cpp", /"Q-1" is no number/],
    ["Q-001\tStop stops\tfxioqueue.cpp", /Q-001 is no sentence/],
    ["Q-001\tStop stops.\tfxother.cpp:Stop", /Q-001 cites "fxother.cpp:Stop"/],
    ["Q-001\tStop stops.\tWdfIoQueueStart", /Q-001 cites "WdfIoQueueStart"/],
    [`${Q1}\tstop_waits_not`, /Q-001: no vector has the scenario stop_waits_not/],
    [`${Q1}\t=Q-002`, /Q-001 repeats Q-002/],
    [`${Q1}\n${Q1}`, /Q-001 stands twice/],
  ])("%j", (line, message) => {
    expect(bookMistakes(book(line))[0]).toMatch(message);
  });

  it("a number that is none, in code, tests and documents", () => {
    const texts = { "host/a.ts": "\n// Q-002", "tests/a.test.ts": "// Q-001 K-003", "docs/a.md": "Q-001", "docs/RULES.md": "Q-009" };
    expect(places(bookMistakes, { ...vectors, ...sources, "docs/rules/queue.tsv": Q1, ...texts }).sort()).toEqual([
      "host/a.ts:2",
      "tests/a.test.ts:1",
    ]);
  });

  it("a rule that nothing shows and nobody builds", () => {
    expect(unshown(book(Q1))[0]).toMatch(/^docs\/rules\/queue\.tsv:4: nothing shows Q-001/);
    for (const shown of [`${Q1}\tstop_waits`, `${Q1}\t\t3`, `${Q1}\t\tcannot arise`]) expect(unshown(book(shown))).toEqual([]);
    expect(unshown(book(Q1, { "tests/ddi/a.test.ts": 'it("stops (Q-001)", f)' }))).toEqual([]);
    expect(unshown(book(Q1, { "tests/support/a.ts": "// Q-001", "host/a.ts": "// Q-001" }))).toHaveLength(1);
  });

  it("the page: a test takes the place of the issue", () => {
    const row = (line: string, rest?: Readonly<Record<string, string>>): string | undefined =>
      /^\| .*Q-001 \| Stop stops\. \| (.*) \|$/m.exec(rulesPage(book(line, rest)))?.[1];
    const from = "[fxioqueue.cpp] QueueIdle; [WdfIoQueueStop]";
    expect(row(`${Q1}\t\t3`)).toBe(`${from} | not built yet (issue 3)`);
    expect(row(`${Q1}\t\tcannot arise`)).toBe(`${from} | cannot arise`);
    const test = { "tests/ddi/a.test.ts": "// Q-001" };
    expect(row(`${Q1}\tstop_waits\t3`, test)).toBe(`${from} | [ddi/a], [\`stop_waits\`][state]`);
    expect(rulesPage(book(Q1, test))).toContain("\n[ddi/a]: ../tests/ddi/a.test.ts\n[fxioqueue.cpp]: https://x/fxioqueue.cpp\n");
    expect(claims(book(Q1, test))).toEqual(new Map([["Q-001", ["tests/ddi/a.test.ts"]]]));
  });
});

describe("sentences of the seeds", () => {
  const test = 'it("is called (Q-001)", f);\nit.each([\n  [1],\n])("counts %i", f);\n';
  const seeds = (line: string): Source[] =>
    files({
      "docs/rules/queue.tsv": "Q-001\tStop stops.\tx\nQ-002\tIt goes on.\tx\t\t3\n",
      "tests/ddi/a.test.ts": test,
      "docs/rules/seeds.tsv": `# Seeds.\n\n## 000: A page\n${line}\n`,
    });

  it.each([
    "S0-1\tIt is called.\tQ-001",
    "S0-1\tIt is called.\ttests/ddi/a.test.ts: is called",
    "S0-1\tIt counts.\ttests/ddi/a.test.ts: counts",
    "S0-1\tIt goes on.\tQ-002\t3",
    "S0-1\tSee there.\t\tnothing to show: a reference",
  ])("%j", (line) => {
    expect(seedMistakes(seeds(line))).toEqual([]);
  });

  it.each([
    ["S0-1\tIt is called.", /^docs\/rules\/seeds\.tsv:4: nothing shows S0-1/],
    ["S0-1\tIt goes on.\tQ-002", /nothing shows S0-1/],
    ["S0-1\tIt is called.\tQ-009\t3", /Q-009 is no rule/],
    ["S0-1\tIt is called.\ttests/ddi/b.test.ts: is called", /there is no tests\/ddi\/b\.test\.ts/],
    ["S0-1\tIt is called.\ttests/ddi/a.test.ts: is not called", /has no test with "is not called"/],
    ["0-1\tIt is called.\tQ-001", /"0-1" is no number/],
    ["S0-1\tIt is called\tQ-001", /S0-1 is no sentence/],
    ["S0-1\tIt is called.\tQ-001\nS0-1\tAgain.\tQ-001", /S0-1 stands twice/],
  ])("refuses %j", (line, message) => {
    expect(seedMistakes(seeds(line))[0]).toMatch(message);
  });

  it("the page: what shows a sentence takes the place of the issue", () => {
    const row = (line: string): string | undefined => /^\| S0-1 \| .* \| (.*) \|$/m.exec(seedsPage(seeds(line)))?.[1];
    expect(row("S0-1\tIt is called.\tQ-001\t7")).toBe("[Q-001](RULES.md#q-001)");
    expect(row("S0-1\tIt goes on.\tQ-002\t7")).toBe("not built yet (issue 7)");
    expect(row("S0-1\tIt counts.\ttests/ddi/a.test.ts: counts")).toBe('[ddi/a](../tests/ddi/a.test.ts) "counts"');
  });
});
