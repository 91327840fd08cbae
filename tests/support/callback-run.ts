// examples/09-callback-object as a run: the trace, and what is left in memory.

import { type DriverModule, System, TraceRecorder, textTrace } from "wdf-wasm";

/** What the example's drivers export. */
export interface CallbackExample {
  readonly drivers: readonly DriverModule[];
  measure(level: number): Generator<undefined, void, unknown>;
  stopSaving(): Generator<undefined, void, unknown>;
}

/** Three measurements on two processors, with that choice tape; at the second the saver stops. */
export function callbackRun(example: CallbackExample, tape: string): { trace: string[]; findings: number; digest: string } {
  const { drivers, measure, stopSaving } = example;
  const system = System.create({ processors: 2, tape });
  for (const driver of drivers) system.addDevice(driver);
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  system.thread(() => measure(70));
  system.atOnce(() => {
    system.thread(() => measure(40));
    system.thread(stopSaving);
  });
  system.thread(() => measure(10));
  return { trace: textTrace(recorder.events).trimEnd().split("\n"), findings: system.findings.length, digest: system.digest() };
}
