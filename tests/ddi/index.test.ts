// Every function of wdf-wasm/ddi has a describe of exactly its name.

import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as ddi from "../../host/ddi";

const here = new URL(".", import.meta.url);
const source = readdirSync(here)
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(new URL(file, here), "utf8"))
  .join("\n");
const functions = Object.entries(ddi).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));

describe("wdf-wasm/ddi", () => {
  it.each(functions)("%s is tested under its name", (name) => {
    expect(source).toContain(`\ndescribe("${name}", () => {`);
  });
});
