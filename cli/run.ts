// wdf-wasm run: streams a file through a driver and compares what comes back.

import { createHash } from "node:crypto";
import { open, writeFile } from "node:fs/promises";
import {
  type ApplicationFile,
  ProtocolError,
  Statistics,
  System,
  TraceRecorder,
  perfettoTrace,
  statusName,
  textTrace,
} from "../host/index";
import { loadDriver } from "./load-driver";
import { Progress } from "./progress";
import { Both } from "./recorders";

export interface RunOptions {
  readonly driver: string;
  readonly input: string | undefined;
  readonly chunk: number;
  readonly trace: "text" | "perfetto" | undefined;
  readonly out: string | undefined;
}

/** What the stream came to. */
interface Outcome {
  readonly bytes: number;
  readonly sent: string;
  readonly received: string;
  /** The first operation that did not do what it should, or "". */
  readonly problem: string;
}

export async function run(options: RunOptions): Promise<number> {
  const driver = await loadDriver(options.driver);
  const system = System.create();
  const statistics = new Statistics();
  const trace = options.trace === undefined ? null : new TraceRecorder();
  system.recorder = trace === null ? statistics : new Both(statistics, trace);
  const added = system.addDevice(driver);
  if (added.status < 0) throw new ProtocolError(`evtDriverDeviceAdd of ${driver.name} returned ${statusName(added.status)}`);
  const started = performance.now();
  const outcome = options.input === undefined ? null : await stream(system, options.input, options.chunk);
  const seconds = (performance.now() - started) / 1000;
  if (trace !== null) await writeTrace(trace, options);
  summarize(driver.name, statistics, outcome, seconds);
  return finish(system, outcome);
}

/** The name of the driver's first device, as applications open it. */
function firstLink(system: System): string {
  const [name] = system.names.linkNames();
  if (name === undefined) throw new ProtocolError("the driver has made no symbolic link: there is nothing an application could open");
  return name;
}

async function stream(system: System, path: string, chunk: number): Promise<Outcome> {
  const source = await open(path).catch(() => {
    throw new ProtocolError(`there is no file ${path} to stream`);
  });
  const { size } = await source.stat();
  const file = await system.open(firstLink(system));
  const progress = new Progress(size);
  const sent = createHash("sha256");
  const received = createHash("sha256");
  const buffer = new Uint8Array(chunk);
  let bytes = 0;
  let problem = "";
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, chunk);
    if (bytesRead === 0 || problem !== "") break;
    sent.update(buffer.subarray(0, bytesRead));
    problem = await roundTrip(file, buffer.subarray(0, bytesRead), received);
    bytes += bytesRead;
    progress.at(bytes);
  }
  await source.close();
  if (problem === "") await file.close();
  return { bytes, sent: sent.digest("hex"), received: received.digest("hex"), problem };
}

async function roundTrip(file: ApplicationFile, data: Uint8Array, received: ReturnType<typeof createHash>): Promise<string> {
  const write = await endOf(file.write(data));
  if (write === null) return "a write was never completed";
  if (write.status < 0) return `a write of ${data.length} bytes ended with ${statusName(write.status)}`;
  const read = await endOf(file.read(data.length));
  if (read === null) return "a read was never completed";
  if (read.status < 0) return `a read of ${data.length} bytes ended with ${statusName(read.status)}`;
  received.update(read.data);
  return "";
}

/** The result of an operation, null when nothing can bring it back any more: the system is idle when this is called. */
async function endOf<T>(operation: Promise<T>): Promise<T | null> {
  return await Promise.race([operation, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);
}

async function writeTrace(trace: TraceRecorder, options: RunOptions): Promise<void> {
  const text = options.trace === "text" ? textTrace(trace.events) : JSON.stringify(perfettoTrace(trace.events));
  if (options.trace === "text" && options.out === undefined) {
    process.stdout.write(text);
    return;
  }
  const out = options.out ?? "wdf-wasm.trace.json";
  await writeFile(out, text);
  const how = options.trace === "perfetto" ? ": open it at https://ui.perfetto.dev or in chrome://tracing" : "";
  console.log(`trace     ${out}${how}`);
}

function summarize(driver: string, statistics: Statistics, outcome: Outcome | null, seconds: number): void {
  const list = (counts: Map<string, number>): string => [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
  console.log(`driver    ${driver}`);
  console.log(`requests  ${statistics.requests}${statistics.requests === 0 ? "" : `: ${list(statistics.statuses)}`}`);
  console.log(`callbacks ${list(statistics.callbacks)}`);
  const rate = Math.round(statistics.requests / Math.max(seconds, 1e-6));
  console.log(`time      0 ms virtual, ${seconds.toFixed(2)} s real, ${rate} requests per second`);
  if (outcome === null) return;
  console.log(`bytes     ${outcome.bytes}`);
  console.log(`sent      sha256 ${outcome.sent}`);
  console.log(`received  sha256 ${outcome.received}${outcome.sent === outcome.received ? " (the same)" : " (NOT the same)"}`);
}

function finish(system: System, outcome: Outcome | null): number {
  const report = system.report();
  for (const finding of report.findings) console.log(`finding   ${finding.kind}: ${finding.message}`);
  for (const request of report.pendingRequests) console.log(`pending   ${request} was never completed`);
  if (outcome !== null && outcome.problem !== "") console.log(`failed    ${outcome.problem}`);
  const good = outcome === null || (outcome.problem === "" && outcome.sent === outcome.received);
  return good && report.pendingRequests.length === 0 ? 0 : 1;
}
