// wdf-wasm run: streams a file through a driver and compares what comes back.

import { writeFile } from "node:fs/promises";
import {
  type DriverModule,
  ProtocolError,
  type Recorder,
  Statistics,
  System,
  type SystemOptions,
  TraceRecorder,
  perfettoTrace,
  statusName,
  textTrace,
} from "../host/index";
import { fileReason } from "./failure";
import { loadDriver } from "./load-driver";
import { Both } from "./recorders";
import { type Outcome, openInput, stream } from "./stream";

export interface RunOptions {
  readonly driver: string;
  readonly input: string | undefined;
  readonly chunk: number;
  readonly trace: "text" | "perfetto" | undefined;
  readonly out: string | undefined;
  readonly system: SystemOptions;
}

export async function run(options: RunOptions): Promise<number> {
  const source = options.input === undefined ? null : await openInput(options.input);
  try {
    const driver = await loadDriver(options.driver);
    const system = System.create(options.system);
    const statistics = new Statistics();
    const trace = options.trace === undefined ? null : new TraceRecorder();
    const started = performance.now();
    const outcome = await traced(system, recorderOf(statistics, trace), trace, options, async () => {
      addDevice(system, driver);
      return source === null ? null : await stream(system, source, options.chunk);
    });
    tellChoices(system);
    summarize(driver.name, system.now, statistics, outcome, (performance.now() - started) / 1000);
    return finish(system, outcome);
  } finally {
    await source?.close();
  }
}

function recorderOf(statistics: Statistics, trace: TraceRecorder | null): Recorder {
  return trace === null ? statistics : new Both(statistics, trace);
}

/** Does the work, and writes the trace also when a Stop ends it: then it is wanted most. */
async function traced<T>(
  system: System,
  recorder: Recorder,
  trace: TraceRecorder | null,
  options: RunOptions,
  work: () => Promise<T>,
): Promise<T> {
  system.recorder = recorder;
  try {
    return await work();
  } catch (error) {
    tellChoices(system);
    throw error;
  } finally {
    if (trace !== null) await writeTrace(trace, options);
  }
}

/** How to have the same run again, if it made choices. */
function tellChoices({ choices }: System): void {
  if (choices !== null) console.log(`choices   ${choices.made}; the same again: --tape ${choices.token}`);
}

function addDevice(system: System, driver: DriverModule): void {
  const { status } = system.addDevice(driver);
  if (status < 0) throw new ProtocolError(`evtDriverDeviceAdd of ${driver.name} returned ${statusName(status)}`);
}

async function writeTrace(trace: TraceRecorder, options: RunOptions): Promise<void> {
  const text = options.trace === "text" ? textTrace(trace.events) : JSON.stringify(perfettoTrace(trace.events));
  if (options.trace === "text" && options.out === undefined) {
    process.stdout.write(text);
    return;
  }
  const out = options.out ?? "wdf-wasm.trace.json";
  await writeFile(out, text).catch((error: unknown) => {
    throw new ProtocolError(`the trace ${out} cannot be written: ${fileReason(error)}`);
  });
  const how = options.trace === "perfetto" ? ": open it at https://ui.perfetto.dev or in chrome://tracing" : "";
  console.log(`trace     ${out}${how}`);
}

function summarize(driver: string, now: number, statistics: Statistics, outcome: Outcome | null, seconds: number): void {
  const list = (counts: Map<string, number>): string => [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
  console.log(`driver    ${driver}`);
  console.log(`requests  ${statistics.requests}${statistics.statuses.size === 0 ? "" : `: ${list(statistics.statuses)}`}`);
  console.log(`callbacks ${list(statistics.callbacks)}`);
  const rate = Math.round(statistics.requests / Math.max(seconds, 1e-6));
  console.log(`time      ${now} ms virtual, ${seconds.toFixed(2)} s real, ${rate} requests per second`);
  if (outcome === null) return;
  console.log(`bytes     ${outcome.bytes}`);
  console.log(`sent      sha256 ${outcome.sent}`);
  console.log(`received  sha256 ${outcome.received}${outcome.sent === outcome.received ? " (the same)" : " (NOT the same)"}`);
}

/** Says what is wrong, and on standard error why the run failed. */
function finish(system: System, outcome: Outcome | null): number {
  const report = system.report();
  for (const finding of report.findings) console.log(`finding   ${finding.kind}: ${finding.message}`);
  for (const request of report.pendingRequests) console.log(`pending   ${request} was never completed`);
  for (const thread of report.waitingThreads) console.log(`waiting   ${thread}`);
  const failure = failureOf(outcome, report.pendingRequests.length, report.waitingThreads.length);
  if (failure !== "") console.error(`wdf-wasm: ${failure}`);
  return failure === "" ? 0 : 1;
}

function failureOf(outcome: Outcome | null, pending: number, waiting: number): string {
  if (outcome !== null && outcome.problem !== "") return outcome.problem;
  if (outcome !== null && outcome.sent !== outcome.received) return "the bytes that came back are not those that were sent";
  if (pending !== 0) return `${pending} ${pending === 1 ? "request was" : "requests were"} never completed`;
  return waiting === 0 ? "" : `${waiting} ${waiting === 1 ? "thread waits" : "threads wait"} for ever`;
}
