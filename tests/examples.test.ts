// Each example's README has an application for it, or several, and the trace of each run. A code block that begins with
// `// NAME.ts` is an application unless the example has a file of that name; the `text` blocks are what they print, in order.
// `npx vitest run tests/examples.test.ts -u` puts the traces of today into the READMEs.

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
    const texts: string[] = [];
    for (const [, file] of readme.matchAll(/^```ts\n\/\/ ([\w-]+\.ts)$/gm)) {
      if (existsSync(`examples/${name}/${file}`)) continue;
      writeFileSync(`${folder}/${file}`, sourceIn(readme, file).replaceAll(/"\.\/([\w-]+)"/g, `"../../../examples/${name}/$1"`));
      texts.push(await output(`${folder}/${file}`));
    }
    expect(texts).not.toEqual([]);
    await expect(withTexts(readme, texts)).toMatchFileSnapshot(`../examples/${name}/README.md`);
  });

  it("are all in examples/README.md", () => {
    const list = readFileSync("examples/README.md", "utf8");
    expect(names.filter((name) => !list.includes(`(${name}/README.md)`))).toEqual([]);
  });
});
