// The runner of the conformance scenarios, where a scenario is at fault.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { verdict } from "./conformance/runner/report";
import { LINES_MAX } from "./conformance/runner/transcript";

const module = new WebAssembly.Module(readFileSync("build/core.wasm"));

describe("a scenario that does not end", () => {
  it("fails after a bounded number of lines, and shows what it was doing", () => {
    const script = `
      device
      queue q0 sequential default power=0
      queue q1 sequential power=0
      on q0 write forward $ q1
      on q1 write forward $ q0
      startdev
      submit r1 write 10`;
    const { result, detail } = verdict(module, { family: "runner", name: "loop", script, trace: "" });
    expect(result).toBe("failed");
    expect(detail).toContain(`the scenario does not end: it has said ${LINES_MAX} lines`);
    expect(detail).toContain("WdfRequestForwardToIoQueue r1");
  });
});
