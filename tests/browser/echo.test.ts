// The same in a browser as in Node, from the sources and from the built package (two projects in vitest.config.ts).

import { describe, expect, it } from "vitest";
import echo from "../../examples/01-echo/driver";
import { echoInterleaved, echoReplay, echoRun } from "../support/echo-run";
import recorded from "../support/echo-run.json";

describe("the echo driver in a browser", () => {
  it("gives the same bytes, text trace, memory digest and input log as in Node", async () => {
    expect((await echoRun(echo)).run).toEqual(recorded);
  });

  it("is replayed from the input log of the run in Node, to the same end", async () => {
    const { run, log } = await echoRun(echo);
    expect(run.logDigest).toBe(recorded.logDigest);
    expect(await echoReplay(echo, log)).toEqual(recorded);
  });

  it("in two Systems driven in turn gives in each what it gives in one", async () => {
    const { results, digest } = recorded;
    expect(await echoInterleaved(echo)).toEqual([{ results, digest }, { results, digest }]);
  });
});
