// examples/08-umdf1-echo: the UMDF 1 driver and its KMDF twin are one to an application.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import umdf from "../examples/08-umdf1-echo/driver";
import kmdf from "../examples/08-umdf1-echo/kmdf-driver";
import { umdf1EchoRun } from "./support/umdf1-echo-run";

describe("examples/08-umdf1-echo", () => {
  it("the UMDF 1 driver and its KMDF twin give the same results for the same workload (tests/browser runs the same)", async () => {
    const run = await umdf1EchoRun(umdf);
    expect(run).toEqual(await umdf1EchoRun(kmdf));
    expect(run.findings).toEqual([]);
    expect(run.results).toHaveLength(18);
    expect(run.results.slice(0, 4)).toEqual([
      "cancelled read: STATUS_CANCELLED 0 []",
      "early read: STATUS_SUCCESS 3 [4 35 66]",
      "late read: STATUS_SUCCESS 4 [4 35 66 97]",
      "write 4: STATUS_SUCCESS 4 []",
    ]);
  });

  it("what the README shows side by side stands in the drivers", () => {
    const folder = "examples/08-umdf1-echo";
    const [readme, ...drivers] = ["README.md", "driver.ts", "kmdf-driver.ts"].map((name) => readFileSync(`${folder}/${name}`, "utf8"));
    const plain = (text: string): string => text.replaceAll(/^\s+/gm, "").trim();
    const blocks = [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map((match) => plain(match[1])).filter((block) => !block.startsWith("// app.ts"));
    expect(blocks).toHaveLength(10);
    blocks.forEach((block, index) => expect(plain(drivers[index % 2])).toContain(block));
  });
});
