// Each example's README has an application for it and the trace of that run. `npx vitest run tests/examples.test.ts -u`
// puts the trace of today into the READMEs.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sourceIn, withTexts } from "./support/markdown";
import { output } from "./support/program";

const names = readdirSync("examples").filter((name) => existsSync(`examples/${name}/driver.ts`));

describe("examples", () => {
  it.each(names)("%s gives the trace in its README", async (name) => {
    const readme = readFileSync(`examples/${name}/README.md`, "utf8");
    const folder = `build/examples/${name}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/app.ts`, sourceIn(readme, "app.ts").replaceAll(/"\.\/([\w-]+)"/g, `"../../../examples/${name}/$1"`));
    await expect(withTexts(readme, [await output(`${folder}/app.ts`)])).toMatchFileSnapshot(`../examples/${name}/README.md`);
  });

  it("are all in examples/README.md", () => {
    const list = readFileSync("examples/README.md", "utf8");
    expect(names.filter((name) => !list.includes(`(${name}/README.md)`))).toEqual([]);
  });
});
