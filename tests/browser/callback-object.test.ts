// Executive callback objects in a browser, at DISPATCH_LEVEL from a DPC and across processors under a tape.

import { describe, expect, it } from "vitest";
import battery from "../../examples/09-callback-object/driver";
import display from "../../examples/09-callback-object/display-driver";
import saver from "../../examples/09-callback-object/saver-driver";
import readme from "../../examples/09-callback-object/README.md?raw";
import { callbackRun } from "../support/callback-run";

describe("examples/09-callback-object in a browser", () => {
  it("gives the trace in its README, and twice the same memory", () => {
    const drivers = [battery, display, saver];
    const run = callbackRun(drivers, "t1.AQ");
    expect(readme).toContain(run.trace.join("\n"));
    expect(callbackRun(drivers, "t1.AQ").digest).toBe(run.digest);
  });
});
