// The package as users get it: packed, installed into an empty folder without network, imported, typed, bundled.

import { build } from "esbuild";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const NPM = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
const COMPRESSED_MAX = 300 * 1024;

let folder: string;
let files: string[];
const installed = (...path: string[]): string => join(folder, "node_modules/wdf-wasm", ...path);

function npm(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`npm ${args.join(" ")}: ${stderr}`);
  return stdout;
}

function node(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 60_000 });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wdf-wasm-pack-"));
  const [packed] = JSON.parse(npm(root, "pack", "--json", "--pack-destination", folder)) as { filename: string; files: { path: string }[] }[];
  files = packed.files.map(({ path }) => path);
  writeFileSync(join(folder, "package.json"), `{ "name": "user", "private": true, "type": "module" }`);
  npm(folder, "install", ...NPM, `./${packed.filename}`);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package", () => {
  it("holds what it is for and nothing else", () => {
    const strangers = files.filter((path) => !/^(dist\/.+\.(js|d\.ts|wasm)|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(path));
    expect(strangers).toEqual([]);
    for (const path of ["dist/index.js", "dist/index.d.ts", "dist/ddi.js", "dist/ddi.d.ts", "dist/cli.js", "dist/core.wasm"]) expect(files).toContain(path);
  });

  it("names no place of the machine it was built on", () => {
    for (const path of files) expect(readFileSync(installed(path), "latin1")).not.toContain(root);
  });

  it("needs no other package", () => {
    expect(JSON.parse(npm(folder, "ls", "--all", "--json"))).toMatchObject({ dependencies: { "wdf-wasm": { version: expect.any(String) as string } } });
    const { dependencies } = JSON.parse(readFileSync(installed("package.json"), "utf8")) as { dependencies?: object };
    expect(dependencies).toBeUndefined();
  });

  it("is small: the main entry with what it shares", () => {
    const reached = graph(installed("dist/index.js"));
    const bytes = [...reached].reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
    expect(bytes).toBeLessThan(COMPRESSED_MAX);
    expect(reached.size).toBeGreaterThan(1);
  });

  it("asks nothing of the platform but the language: no node: module in either entry", () => {
    for (const entry of ["dist/index.js", "dist/ddi.js"]) {
      for (const path of graph(installed(entry))) expect(readFileSync(path, "utf8")).not.toMatch(/["']node:/);
    }
  });
});

/** The modules a module is made of. */
function graph(path: string, reached = new Set<string>()): Set<string> {
  if (reached.has(path)) return reached;
  reached.add(path);
  for (const [, id] of readFileSync(path, "utf8").matchAll(/^(?:import|export)\b[^"';]*["'](\.[^"']+)["']/gm)) graph(resolve(dirname(path), id), reached);
  return reached;
}

const PROGRAM = `
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { NtStatus, System, WdfIoQueueDispatchType, defineDriver, useCore } from "wdf-wasm";
import { WdfIoQueueGetState } from "wdf-wasm/ddi";

const core = new URL(import.meta.resolve("wdf-wasm/core.wasm"));
if (createRequire(import.meta.url).resolve("wdf-wasm/core.wasm") !== core.pathname) throw new Error("two cores");
useCore(new WebAssembly.Module(readFileSync(core)));
let kept;
let state;
const echo = defineDriver({
  name: "echo",
  evtDriverDeviceAdd(init) {
    const { device } = init.createDevice({ symbolicLinks: ["Echo"] });
    return device.createQueue({
      dispatchType: WdfIoQueueDispatchType.Sequential,
      defaultQueue: true,
      evtIoWrite(queue, request, length) {
        kept = request.inputBuffer().buffer.slice();
        request.complete(NtStatus.Success, { information: length });
      },
      evtIoRead(queue, request, length) {
        state = WdfIoQueueGetState(queue.handle);
        request.outputBuffer().buffer.set(kept);
        request.complete(NtStatus.Success, { information: length });
      },
    }).status;
  },
});
const system = System.create();
system.addDevice(echo);
const file = await system.open("Echo");
await file.write(Uint8Array.of(1, 2, 3));
const { data } = await file.read(3);
console.log(JSON.stringify({ data: [...data], state }));
`;

const TYPED = `
import { type DriverModule, type IoResult, NtStatus, System, WdfIoQueueDispatchType, WDF_DECLARE_CONTEXT_TYPE, defineDriver, replay, textTrace, TraceRecorder } from "wdf-wasm";
import { WDF_IO_QUEUE_CONFIG_INIT, type WDFQUEUE, type WDFREQUEST, WdfIoQueueGetState, WdfRequestComplete } from "wdf-wasm/ddi";

const Kept = WDF_DECLARE_CONTEXT_TYPE("Kept", () => ({ bytes: new Uint8Array(0) }));
export const driver: DriverModule = defineDriver({
  name: "typed",
  evtDriverDeviceAdd(init) {
    const { status, device } = init.createDevice({ symbolicLinks: ["Typed"] });
    if (status < 0) return status;
    return device.createQueue(
      {
        dispatchType: WdfIoQueueDispatchType.Parallel,
        defaultQueue: true,
        evtIoRead(queue, request, length) {
          const { bytes } = queue.context(Kept)!;
          request.complete(NtStatus.Success, { information: Math.min(length, bytes.length) });
        },
      },
      { contextType: Kept },
    ).status;
  },
});
export const config = WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Manual);
export function low(queue: WDFQUEUE, request: WDFREQUEST): number {
  WdfRequestComplete(request, NtStatus.Success);
  return WdfIoQueueGetState(queue).state;
}
export async function run(): Promise<IoResult> {
  using system = System.create({ record: true });
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  system.addDevice(driver);
  const result = await (await system.open("Typed")).read(1);
  await replay(system.log!.save(), [driver]);
  textTrace(recorder.events);
  return result;
}
// @ts-expect-error a queue is no request
low(1 as unknown as WDFREQUEST, 1 as unknown as WDFREQUEST);
`;

describe("from an empty folder", () => {
  it("runs a driver with wdf-wasm, wdf-wasm/ddi and wdf-wasm/core.wasm", () => {
    writeFileSync(join(folder, "run.js"), PROGRAM);
    const { stdout, stderr } = node("run.js");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ data: [1, 2, 3], state: { driverRequests: 1 } });
  });

  it.each([
    ["bundler", "ESNext"],
    ["nodenext", "NodeNext"],
  ])("its types are complete: moduleResolution %s", (moduleResolution, module) => {
    mkdirSync(join(folder, moduleResolution), { recursive: true });
    writeFileSync(join(folder, moduleResolution, "typed.ts"), TYPED);
    const compilerOptions = { target: "ES2022", module, moduleResolution, strict: true, verbatimModuleSyntax: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false, types: [] };
    writeFileSync(join(folder, moduleResolution, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const { status, stdout } = node(join(root, "node_modules/typescript/bin/tsc"), "-p", moduleResolution);
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it("has its command", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(npm(folder, "exec", "--offline", "--", "wdf-wasm", "--version")).toBe(`${version}\n`);
  });

  it("bundles for a browser without a warning", async () => {
    const contents = `import { System } from "wdf-wasm"; import * as ddi from "wdf-wasm/ddi"; console.log(System.create(), ddi);`;
    const result = await build({ stdin: { contents, resolveDir: folder }, bundle: true, write: false, platform: "browser", format: "esm", logLevel: "silent" });
    expect(result.warnings).toEqual([]);
    expect(result.outputFiles[0].text).not.toMatch(/["']node:/);
  });
});
