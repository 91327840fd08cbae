// Executive callback objects in a browser, at DISPATCH_LEVEL and across processors under a tape.

import { describe, expect, it } from "vitest";
import battery, { measure } from "../../examples/09-callback-object/driver";
import display from "../../examples/09-callback-object/display-driver";
import saver, { stopSaving } from "../../examples/09-callback-object/saver-driver";
import readme from "../../examples/09-callback-object/README.md?raw";
import { callbackRun } from "../support/callback-run";

describe("examples/09-callback-object in a browser", () => {
  it("gives the trace in its README, and twice the same memory", () => {
    const example = { drivers: [battery, display, saver], measure, stopSaving };
    const run = callbackRun(example, "t1.AAAAAAE");
    expect(readme).toContain(run.trace.join("\n"));
    expect(callbackRun(example, "t1.AAAAAAE").digest).toBe(run.digest);
  });
});
