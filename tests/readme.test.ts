// The README's code, run as it stands there, prints what the README says. A code block that begins with `// NAME.ts` is
// a file of that name. `npx vitest run tests/readme.test.ts -u` puts what is printed today into README.md.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { sourceIn, withTexts } from "./support/markdown";
import { output } from "./support/program";
import { typeErrors } from "./support/program-types";

const FOLDER = "build/readme";
const readme = readFileSync("README.md", "utf8");

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ["mailbox.ts", "app.ts", "mailbox-ddi.ts", "replay.ts"]) writeFileSync(`${FOLDER}/${name}`, sourceIn(readme, name));
  writeFileSync(`${FOLDER}/app-ddi.ts`, sourceIn(readme, "app.ts").replace('"./mailbox"', '"./mailbox-ddi"'));
});

describe("README.md", () => {
  it("has drivers and applications without type errors", () => {
    const files = ["app.ts", "app-ddi.ts", "replay.ts"];
    expect(typeErrors(files.map((name) => `${FOLDER}/${name}`))).toEqual([]);
  });

  it("shows the trace of its driver, and the usage of the command line", async () => {
    const texts = [await output(`${FOLDER}/app.ts`), await output("cli/main.ts", "--help")];
    await expect(withTexts(readme, texts)).toMatchFileSnapshot("../README.md");
  });

  it("has a driver with Microsoft's names that gives the same trace", async () => {
    expect(await output(`${FOLDER}/app-ddi.ts`)).toBe(await output(`${FOLDER}/app.ts`));
  });

  it("has a replay with the same memory digest", async () => {
    expect(await output(`${FOLDER}/replay.ts`)).toBe("true\n");
  });
});
