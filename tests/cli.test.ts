// The command line as users run it: dist/cli.js in a process of its own.

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pattern } from "./support/echo-run";

const root = fileURLToPath(new URL("..", import.meta.url));
const ECHO = join(root, "examples/01-echo/driver.ts");
const CLI = join(root, "dist/cli.js");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wdf-wasm-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command in the folder; a run that hangs is ended. */
function wdf(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: "utf8", timeout: 30_000 });
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

/** A JavaScript driver named M whose default queue has these handlers. */
function driver(name: string, handlers: string, dispatch = "Sequential"): string {
  return file(
    name,
    `import { NtStatus, WdfIoQueueDispatchType, defineDriver } from "wdf-wasm";
let kept;
export default defineDriver({
  name: "m",
  evtDriverDeviceAdd(init) {
    const { device } = init.createDevice({ symbolicLinks: ["M"] });
    return device.createQueue({ dispatchType: WdfIoQueueDispatchType.${dispatch}, defaultQueue: true, ${handlers} }).status;
  },
});
`,
  );
}

const KEEP = `evtIoWrite(queue, request, length) {
  kept = request.inputBuffer().buffer.slice();
  request.complete(NtStatus.Success, { information: length });
},`;
const give = (bytes: string): string => `evtIoRead(queue, request, length) {
  request.outputBuffer().buffer.set(${bytes});
  request.complete(NtStatus.Success, { information: length });
},`;

/** The command failed with one line on standard error. */
function expectFailure({ status, stderr }: SpawnSyncReturns<string>, code: number, message: RegExp | string): void {
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^wdf-wasm: [^\n]+\n$/);
  expect(status).toBe(code);
}

describe("wdf-wasm run", () => {
  it("streams a file through the echo driver and says what came of it", () => {
    const bytes = pattern(10_000, 1);
    const { status, stdout, stderr } = wdf("run", ECHO, "--input", file("in.bin", bytes));
    const digest = createHash("sha256").update(bytes).digest("hex");
    expect(stderr).toBe("");
    expect(stdout).toContain("driver    echo\n");
    expect(stdout).toContain("requests  9: STATUS_SUCCESS 9\n");
    expect(stdout).toContain("EvtIoWrite 3, EvtIoRead 3\n");
    expect(stdout).toContain("time      0 ms virtual");
    expect(stdout).toContain("bytes     10000\n");
    expect(stdout).toContain(`sent      sha256 ${digest}\n`);
    expect(stdout).toContain(`received  sha256 ${digest} (the same)\n`);
    expect(status).toBe(0);
  });

  it("cuts the input as --chunk says", () => {
    const { status, stdout } = wdf("run", ECHO, "--input", file("in.bin", pattern(1000, 2)), "--chunk", "300");
    expect(stdout).toContain("EvtIoWrite 4, EvtIoRead 4\n");
    expect(status).toBe(0);
  });

  it("takes an empty file", () => {
    const { status, stdout } = wdf("run", ECHO, "--input", file("empty", ""));
    expect(stdout).toContain("bytes     0\n");
    expect(stdout).toContain("(the same)");
    expect(status).toBe(0);
  });

  it("just loads the driver without an input", () => {
    const { status, stdout } = wdf("run", ECHO);
    expect(stdout).toContain("requests  0\n");
    expect(status).toBe(0);
  });

  it("runs a .mjs driver that lies outside of any project", () => {
    const { status, stdout } = wdf("run", driver("good.mjs", KEEP + give("kept")), "--input", file("in.bin", pattern(5000, 3)));
    expect(stdout).toContain("(the same)");
    expect(status).toBe(0);
  });
});

describe("wdf-wasm run --random, --tape, --processors", () => {
  it("says how many choices there were and how to have them again", () => {
    const choosing = wdf("run", ECHO, "--input", file("in.bin", pattern(10, 4)), "--random", "7", "--processors", "2");
    expect(choosing.stdout).toMatch(/^choices   \d+; the same again: --tape t1\.[\w-]*$/m);
    expect(choosing.status).toBe(0);
    const [token] = /t1\.[\w-]*/.exec(choosing.stdout)!;
    expect(wdf("run", ECHO, "--input", file("in.bin", pattern(10, 4)), "--tape", token, "--processors", "2").status).toBe(0);
  });

  it("says so also when a Stop ends the run", () => {
    const failing = driver("stop.mjs", `evtIoWrite() { throw new Error("out of cheese"); },`);
    const run = wdf("run", failing, "--input", file("in.bin", pattern(10, 4)), "--random", "1");
    expectFailure(run, 1, /out of cheese/);
    expect(run.stdout).toContain("the same again: --tape t1.");
  });

  it("refuses what is no tape, seed or number of processors", () => {
    expectFailure(wdf("run", ECHO, "--tape", "junk"), 1, /"junk" is no choice tape/);
    expectFailure(wdf("run", ECHO, "--random", "x"), 2, /--random must be a whole number, not "x"/);
    expectFailure(wdf("run", ECHO, "--processors", "65"), 1, /processors must be a whole number from 1 to 64/);
  });
});

describe("wdf-wasm run --trace", () => {
  it("text goes to standard output, before the summary", () => {
    const { status, stdout } = wdf("run", ECHO, "--input", file("in.bin", pattern(10, 4)), "--trace", "text");
    expect(stdout).toContain("app    > EvtIoWrite q1 r2 length=10 irql=0\n");
    expect(stdout.indexOf("EvtIoWrite q1")).toBeLessThan(stdout.indexOf("driver    echo"));
    expect(status).toBe(0);
  });

  it("text goes where --out says", () => {
    const { status, stdout } = wdf("run", ECHO, "--input", file("in.bin", pattern(10, 4)), "--trace", "text", "--out", "t.txt");
    expect(stdout).toMatch(/^trace {5}t\.txt\n/);
    expect(readFileSync(join(folder, "t.txt"), "utf8")).toContain("app    < EvtIoRead\n");
    expect(status).toBe(0);
  });

  it("perfetto has a track for each queue, request and thread of the processor, and flows", () => {
    expect(wdf("run", ECHO, "--input", file("in.bin", pattern(10, 4)), "--trace", "perfetto").status).toBe(0);
    const { traceEvents } = JSON.parse(readFileSync(join(folder, "wdf-wasm.trace.json"), "utf8")) as { traceEvents: Entry[] };
    const named = (what: string): [number, string][] => traceEvents.filter(({ name }) => name === what).map(({ pid, args }) => [pid, args!.name!]);
    expect(named("process_name")).toEqual([[1, "processor 0"], [100, "queues"], [101, "requests"]]);
    expect(new Set(named("thread_name").map(([pid, name]) => `${pid} ${name}`))).toEqual(
      new Set(["1 t1", "1 t2", "1 app", "100 q1", "101 r1", "101 r2", "101 r3", "101 r4", "101 r5"]),
    );
    for (const id of [2, 3]) {
      const flow = traceEvents.filter((entry) => entry.cat === "request" && entry.id === id).map(({ ph }) => ph);
      expect(flow).toEqual(["s", "t", "f"]);
    }
    expectNested(traceEvents);
  });

  it("is written also when a Stop ends the run", () => {
    const failing = driver("stop.mjs", `evtIoWrite() { throw new Error("out of cheese"); },`);
    const run = wdf("run", failing, "--input", file("in.bin", pattern(10, 4)), "--trace", "text", "--out", "stop.txt");
    expectFailure(run, 1, /out of cheese/);
    expect(readFileSync(join(folder, "stop.txt"), "utf8")).toContain("> EvtIoWrite q1 r2 length=10");
  });

  it("says why a trace cannot be written", () => {
    expectFailure(wdf("run", ECHO, "--trace", "text", "--out", "nowhere/t.txt"), 1, "the trace nowhere/t.txt cannot be written: no such file or folder");
  });
});

interface Entry {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  cat?: string;
  id?: number;
  args?: { name?: string };
}

/** Each slice that begins on a track ends on it, in order. */
function expectNested(entries: readonly Entry[]): void {
  const open = new Map<string, string[]>();
  for (const { ph, pid, tid, name } of entries) {
    const track = `${pid} ${tid}`;
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    if (ph === "B") stack.push(name.split(" ")[0]);
    if (ph === "E") expect(name).toContain(stack.pop());
  }
  expect([...open.values()].flat()).toEqual([]);
}

describe("what fails is told in one line, with exit status 1:", () => {
  const input = (): string[] => ["--input", file("in.bin", pattern(100, 5))];

  it("a driver that corrupts bytes", () => {
    const run = wdf("run", driver("corrupt.mjs", KEEP + give("kept.map((byte) => byte ^ 1)")), ...input());
    expect(run.stdout).toContain("(NOT the same)");
    expectFailure(run, 1, "the bytes that came back are not those that were sent");
  });

  it("a driver that never completes, which is named and does not hang", () => {
    const run = wdf("run", driver("never.mjs", "evtIoWrite() {},"), ...input());
    expect(run.stdout).toContain("pending   r2: a write of 100 bytes was never completed\n");
    expectFailure(run, 1, "a write of 100 bytes was never completed");
  });

  it("a driver that waits for itself, with what it waits for", () => {
    const run = wdf("run", driver("waits.mjs", "*evtIoWrite(queue) { yield* queue.drainSynchronously(); },"), ...input());
    const waits = "app waits in WdfIoQueueDrainSynchronously, called by EvtIoWrite, for q1 to drain: the driver has r2";
    expect(run.stdout).toContain(`waiting   ${waits}\n`);
    expectFailure(run, 1, "a write of 100 bytes was never completed");
  });

  it("a driver that keeps the read only", () => {
    const run = wdf("run", driver("never.mjs", `${KEEP} evtIoRead() {},`), ...input());
    expectFailure(run, 1, "a read of 100 bytes was never completed");
  });

  it("a driver that throws", () => {
    const run = wdf("run", driver("throws.mjs", `evtIoWrite() { throw new Error("out of\\ncheese"); },`), ...input());
    expectFailure(run, 1, /Stop 0x1e KMODE_EXCEPTION_NOT_HANDLED .*out of cheese/);
  });

  it("a driver that breaks a rule gets its finding printed", () => {
    const twice = "evtIoWrite(queue, request) { request.complete(0); request.complete(0); },";
    const run = wdf("run", driver("twice.mjs", twice + "evtIoRead(queue, request) { request.complete(0); },"), ...input());
    expect(run.stdout).toContain("finding   VerifierBreak: ");
    expect(run.status).toBe(1);
  });

  it("an input with chunks larger than the driver takes", () => {
    const run = wdf("run", ECHO, "--input", file("big.bin", pattern(50_000, 6)), "--chunk", "50000");
    expectFailure(run, 1, "a write of 50000 bytes ended with STATUS_BUFFER_OVERFLOW");
  });

  it("a driver without a symbolic link", () => {
    const name = file("unnamed.mjs", `import { defineDriver } from "wdf-wasm"; export default defineDriver({ name: "u", evtDriverDeviceAdd(init) { init.createDevice(); } });`);
    expectFailure(wdf("run", name, ...input()), 1, "the driver has made no symbolic link");
  });

  it("a device that could not be added", () => {
    const name = file("failing.mjs", `export default { name: "f", evtDriverDeviceAdd: () => 0xc0000001 | 0 };`);
    expectFailure(wdf("run", name), 1, "evtDriverDeviceAdd of f returned STATUS_UNSUCCESSFUL");
  });

  it("files that are not there, or are folders", () => {
    expectFailure(wdf("run", "nothing.ts"), 1, "the driver module nothing.ts cannot be read: no such file or folder");
    expectFailure(wdf("run", "."), 1, "the driver module . cannot be read: it is not a file");
    expectFailure(wdf("run", ECHO, "--input", "nothing"), 1, "the input nothing cannot be read: no such file or folder");
    expectFailure(wdf("run", ECHO, "--input", "."), 1, "the input . cannot be read: it is a folder");
  });

  it("modules that are no drivers", () => {
    expectFailure(wdf("run", file("none.mjs", "export const a = 1;")), 1, "none.mjs is not a driver: its default export must be");
    expectFailure(wdf("run", file("none.ts", "export const a: number = 1;")), 1, "none.ts is not a driver: its default export must be");
    expectFailure(wdf("run", file("nameless.mjs", "export default { evtDriverDeviceAdd() {} };")), 1, "nameless.mjs: a driver needs a name");
    expectFailure(wdf("run", file("syntax.mjs", "export default {{")), 1, "syntax.mjs cannot be loaded: SyntaxError: Unexpected token '{'");
    expectFailure(wdf("run", file("syntax.ts", "export default {{")), 1, "syntax.ts does not compile: syntax.ts:1:17: Expected identifier");
    expectFailure(wdf("run", file("throws.mjs", `throw new Error("at once");`)), 1, "throws.mjs cannot be loaded: Error: at once");
    expectFailure(wdf("run", file("null.mjs", "throw null;")), 1, "null.mjs cannot be loaded: null");
    expectFailure(wdf("run", file("import.mjs", `import "nowhere";`)), 1, "Cannot find package 'nowhere'");
  });

  it("TypeScript without esbuild, saying what to install", () => {
    const alone = mkdtempSync(join(tmpdir(), "wdf-wasm-alone-"));
    try {
      cpSync(join(root, "dist"), join(alone, "dist"), { recursive: true });
      cpSync(join(root, "package.json"), join(alone, "package.json"));
      cpSync(ECHO, join(alone, "driver.ts"));
      // An esbuild that lies above the temporary folder must not be found.
      mkdirSync(join(alone, "node_modules/esbuild"), { recursive: true });
      writeFileSync(join(alone, "node_modules/esbuild/package.json"), `{ "name": "esbuild", "exports": {} }`);
      const run = spawnSync(process.execPath, ["dist/cli.js", "run", "driver.ts"], { cwd: alone, encoding: "utf8", timeout: 30_000 });
      expectFailure(run, 1, "a driver in TypeScript needs esbuild: npm install --save-dev esbuild");
    } finally {
      rmSync(alone, { recursive: true, force: true });
    }
  });
});

describe("what is not understood is told in one line, with exit status 2:", () => {
  it.each([
    [[], "a command is missing"],
    [["walk"], 'there is no command "walk"'],
    [["run"], "run needs a driver module"],
    [["run", "a.ts", "b.ts"], "run needs exactly one driver module, not a.ts and b.ts"],
    [["run", ECHO, "--fast"], "Unknown option '--fast'"],
    [["run", ECHO, "--input"], "Option '--input <value>' argument missing"],
    [["run", ECHO, "--trace", "pictures"], "--trace must be text or perfetto, not pictures"],
    [["run", ECHO, "--out", "t"], "it needs --trace"],
    [["run", ECHO, "--chunk", "10"], "it needs --input FILE"],
    [["run", ECHO, "--input", ECHO, "--chunk", "0"], "--chunk must be a whole number of bytes from 1"],
    [["run", ECHO, "--input", ECHO, "--chunk", "1e3"], '--chunk must be a whole number of bytes from 1 to 1073741824, not "1e3"'],
  ])("%j", (args, message) => {
    const run = wdf(...args);
    expectFailure(run, 2, message);
    expect(run.stdout).toBe("");
  });

  it("help and version are answers, not errors", () => {
    for (const args of [["--help"], ["-h"], ["help"], ["run", "--help"]]) {
      const { status, stdout } = wdf(...args);
      expect(stdout).toContain("wdf-wasm run DRIVER");
      expect(status).toBe(0);
    }
    const { status, stdout } = wdf("--version");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect([status, stdout]).toEqual([0, `${version}\n`]);
  });
});
