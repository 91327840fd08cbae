// wdf-wasm: the command line.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { SystemOptions } from "../host/index";
import { oneLine } from "./failure";
import { type RunOptions, run } from "./run";

const USAGE = `wdf-wasm: run a Windows driver written for wdf-wasm, without Windows

  wdf-wasm run DRIVER [--input FILE] [--chunk BYTES] [--trace text|perfetto] [--out FILE]
                      [--processors N] [--random SEED] [--tape TOKEN]

      DRIVER   a module whose default export is a driver: .js, .mjs, or .ts (needs esbuild)
      --input  stream this file through the driver, by a write and a read for each chunk, and compare what comes back
      --chunk  bytes of a chunk (default 4096)
      --trace  record the run, as text or for a timeline viewer
      --out    where the trace goes (default: standard output for text, wdf-wasm.trace.json for perfetto)
      --processors  how many the machine has (default 1)
      --random what is ready preempts what runs, by pseudo-random choices with this seed
      --tape   the choices of an earlier run, as it printed them

  wdf-wasm --help | --version

  Exit status: 0 the bytes came back, 1 they did not or the driver failed, 2 the command was not understood.`;

const CHUNK_DEFAULT = 4096;
const CHUNK_MAX = 1 << 30;

/** The command was not understood: exit status 2. */
class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined) throw new UsageError("a command is missing");
  if (command === "help" || asks(args, "--help") || asks(args, "-h")) {
    console.log(USAGE);
    return 0;
  }
  if (command === "--version" || command === "-v") {
    console.log(version());
    return 0;
  }
  if (command !== "run") throw new UsageError(`there is no command "${command}"`);
  return await run(runOptions(rest));
}

/** True when the option is there, and not behind "--". */
function asks(args: readonly string[], option: string): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes(option);
}

function runOptions(args: string[]): RunOptions {
  const { values, positionals } = parsed(args);
  if (positionals.length === 0) throw new UsageError("run needs a driver module");
  if (positionals.length > 1) throw new UsageError(`run needs exactly one driver module, not ${positionals.join(" and ")}`);
  const { input, trace, out } = values;
  if (trace !== undefined && trace !== "text" && trace !== "perfetto") {
    throw new UsageError(`--trace must be text or perfetto, not ${trace}`);
  }
  if (out !== undefined && trace === undefined) {
    throw new UsageError("--out says where the trace goes: it needs --trace text or --trace perfetto");
  }
  if (values.chunk !== undefined && input === undefined) throw new UsageError("--chunk cuts the input: it needs --input FILE");
  return { driver: positionals[0], input, chunk: chunkBytes(values.chunk), trace, out, system: systemOptions(values) };
}

function parsed(args: string[]) {
  const text = { type: "string" } as const;
  try {
    const choices = { processors: text, random: text, tape: text };
    return parseArgs({ args, allowPositionals: true, options: { input: text, chunk: text, trace: text, out: text, ...choices } });
  } catch (error) {
    throw new UsageError((error as Error).message.split(/\. (?=[A-Z])/)[0]);
  }
}

/** Which choices the run makes, and on how many processors. */
function systemOptions({ processors, random, tape }: { processors?: string; random?: string; tape?: string }): SystemOptions {
  const options: SystemOptions = {};
  if (processors !== undefined) options.processors = wholeNumber("--processors", processors);
  if (random !== undefined) options.random = wholeNumber("--random", random);
  if (tape !== undefined) options.tape = tape;
  return options;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${option} must be a whole number, not "${text}"`);
  return Number(text);
}

function chunkBytes(text: string | undefined): number {
  if (text === undefined) return CHUNK_DEFAULT;
  const chunk = /^\d+$/.test(text) ? Number(text) : 0;
  if (chunk < 1 || chunk > CHUNK_MAX) throw new UsageError(`--chunk must be a whole number of bytes from 1 to ${CHUNK_MAX}, not "${text}"`);
  return chunk;
}

/** The version of the package this file belongs to. */
function version(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

// A reader of our output that has enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  process.exitCode = usage ? 2 : 1;
  console.error(`wdf-wasm: ${oneLine(error)}${usage ? " (wdf-wasm --help says more)" : ""}`);
}
