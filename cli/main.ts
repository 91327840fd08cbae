// wdf-wasm: the command line.

import { parseArgs } from "node:util";
import { run } from "./run";

const USAGE = `wdf-wasm: run a Windows driver written for wdf-wasm, without Windows

  wdf-wasm run DRIVER [--input FILE] [--chunk BYTES] [--trace text|perfetto] [--out FILE]

      DRIVER   a module whose default export is a driver: .js, .mjs, or .ts (needs esbuild)
      --input  stream this file through the driver, by a write and a read for each chunk, and compare what comes back
      --chunk  bytes of a chunk (default 4096)
      --trace  record the run, as text or for a timeline viewer
      --out    where the trace goes (default: standard output for text, wdf-wasm.trace.json for perfetto)

  Exit status: 0 the bytes came back, 1 they did not or the driver failed, 2 the command was not understood.`;

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === "help" || command === "--help" || command === "-h") {
    console.log(USAGE);
    return command === undefined ? 2 : 0;
  }
  if (command !== "run") return refuse(`there is no command "${command}"`);
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      input: { type: "string" },
      chunk: { type: "string" },
      trace: { type: "string" },
      out: { type: "string" },
    },
  });
  if (positionals.length !== 1) return refuse("run needs exactly one driver module");
  const chunk = values.chunk === undefined ? 4096 : Number(values.chunk);
  if (!Number.isInteger(chunk) || chunk < 1) return refuse(`--chunk must be a whole number of bytes, not ${values.chunk}`);
  if (values.trace !== undefined && values.trace !== "text" && values.trace !== "perfetto") {
    return refuse(`--trace must be text or perfetto, not ${values.trace}`);
  }
  return run({ driver: positionals[0], input: values.input, chunk, trace: values.trace, out: values.out });
}

function refuse(why: string): number {
  console.error(`wdf-wasm: ${why}\n\n${USAGE}`);
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { code, message } = error as { code?: unknown; message: string };
  process.exitCode = String(code).startsWith("ERR_PARSE_ARGS") ? refuse(message) : 1;
  if (process.exitCode === 1) console.error(`wdf-wasm: ${message}`);
}
