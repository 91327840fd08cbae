// The UMDF 1 echo driver and its KMDF twin in a browser, from the sources and from the built package.

import { describe, expect, it } from "vitest";
import umdf from "../../examples/08-umdf1-echo/driver";
import kmdf from "../../examples/08-umdf1-echo/kmdf-driver";
import { umdf1EchoRun } from "../support/umdf1-echo-run";

describe("examples/08-umdf1-echo in a browser", () => {
  it("the UMDF 1 driver and its KMDF twin give the same results for the same workload", async () => {
    const run = await umdf1EchoRun(umdf);
    expect(run).toEqual(await umdf1EchoRun(kmdf));
    expect(run.results).toHaveLength(18);
    expect(run.findings).toEqual([]);
  });
});
