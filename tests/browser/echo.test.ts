import { describe, expect, it } from "vitest";
import echo from "../../examples/01-echo/driver";
import { echoRun } from "../support/echo-run";
import recorded from "../support/echo-run.json";

describe("the echo driver in a browser", () => {
  it("gives the same bytes, text trace and memory digest as in Node", async () => {
    const { log: _, ...run } = await echoRun(echo);
    expect(run).toEqual(recorded);
  });
});
