// One workload for the echo driver, and all that can be told of it: results, text trace, memory digest, input log.
//
// `wdf-wasm` is what the test project says it is: the sources, or the package that was built from them.

import { type DriverModule, type IoResult, type SavedLog, System, TraceRecorder, replay, statusName, textTrace } from "wdf-wasm";
import { toBase64 } from "../../host/base64";

/** A run as plain data. */
export interface EchoRun {
  readonly results: readonly string[];
  readonly trace: readonly string[];
  readonly digest: string;
  readonly logDigest: string;
}

/** Bytes that depend on nothing but their number. */
export function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 5)) & 0xff);
}

export function describeResult({ status, information, data }: IoResult): string {
  return `${statusName(status)} ${information} ${toBase64(data)}`;
}

/** The steps of the workload, so that several Systems can be driven in turn. */
export async function* echoSteps(system: System, driver: DriverModule): AsyncGenerator<string | undefined> {
  system.addDevice(driver);
  const file = await system.open("\\\\.\\Echo");
  yield undefined;
  yield describeResult(await file.read(8));
  for (const length of [1, 5, 64, 300]) {
    yield describeResult(await file.write(pattern(length, length)));
    yield describeResult(await file.read(length));
    yield describeResult(await file.read(3));
  }
  yield describeResult(await file.write(pattern(40 * 1024 + 1, 1)));
  yield describeResult(await file.read(10));
  yield describeResult(await file.deviceIoControl(0x222000, pattern(4, 4), 4));
  await file.close();
}

/** The results of a run of all steps. */
export async function resultsOf(steps: AsyncGenerator<string | undefined>): Promise<string[]> {
  const results: string[] = [];
  for await (const result of steps) if (result !== undefined) results.push(result);
  return results;
}

/** SHA-256 of an input log: two runs with the same one had the same inputs at the same points. */
export async function logDigest(log: SavedLog): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(log)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function describeRun(system: System, recorder: TraceRecorder, results: readonly string[]): Promise<EchoRun> {
  const trace = textTrace(recorder.events).trimEnd().split("\n");
  return { results, trace, digest: system.digest(), logDigest: await logDigest(system.log!.save()) };
}

/** Runs the workload in a System of its own. */
export async function echoRun(driver: DriverModule): Promise<{ run: EchoRun; log: SavedLog }> {
  const system = System.create({ record: true });
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  const results = await resultsOf(echoSteps(system, driver));
  return { run: await describeRun(system, recorder, results), log: system.log!.save() };
}

/** Runs it from an input log. */
export async function echoReplay(driver: DriverModule, log: SavedLog): Promise<EchoRun> {
  const recorder = new TraceRecorder();
  const { system, results } = await replay(log, [driver], recorder);
  return await describeRun(system, recorder, (await Promise.all(results)).map(describeResult));
}

/** Drives two Systems in turn, a step of one, a step of the other; answers the results and the digest of each. */
export async function echoInterleaved(driver: DriverModule): Promise<Pick<EchoRun, "results" | "digest">[]> {
  const systems = [System.create(), System.create()];
  const runs = systems.map((system) => ({ system, steps: echoSteps(system, driver), results: [] as string[], done: false }));
  while (runs.some(({ done }) => !done)) {
    for (const run of runs) {
      const next = await run.steps.next();
      run.done = next.done === true;
      if (next.value !== undefined) run.results.push(next.value);
    }
  }
  return runs.map(({ system, results }) => ({ results, digest: system.digest() }));
}
