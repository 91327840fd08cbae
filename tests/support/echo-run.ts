// One workload for the echo driver, and all that can be told of it: results, text trace, memory digest.

import { type DriverModule, type IoResult, System, TraceRecorder, type SavedLog, statusName, textTrace } from "../../host/index";
import { toBase64 } from "../../host/log";

/** A run as plain data. */
export interface EchoRun {
  readonly results: readonly string[];
  readonly trace: readonly string[];
  readonly digest: string;
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

/** Runs the workload in a System of its own. */
export async function echoRun(driver: DriverModule): Promise<EchoRun & { log: SavedLog }> {
  const system = System.create({ record: true });
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  const results = await resultsOf(echoSteps(system, driver));
  return { results, trace: textTrace(recorder.events).trimEnd().split("\n"), digest: system.digest(), log: system.log!.save() };
}
