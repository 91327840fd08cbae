// examples/09-callback-object as a run: what the display has shown, and the trace.

import { type DriverModule, System, TraceRecorder, textTrace } from "wdf-wasm";

/** Three seconds of the machine on two processors, with that choice tape. */
export function callbackRun(drivers: readonly DriverModule[], tape: string): { trace: string[]; findings: number; digest: string } {
  const system = System.create({ processors: 2, tape });
  for (const driver of drivers) system.addDevice(driver);
  const recorder = new TraceRecorder();
  system.recorder = recorder;
  system.advance(3000);
  return { trace: textTrace(recorder.events).trimEnd().split("\n"), findings: system.findings.length, digest: system.digest() };
}
