// docs/TESTING.md: its programs run as they stand there and print what it says. `-u` puts in what is printed today.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { sourceIn, withTexts } from "./support/markdown";
import { output } from "./support/program";
import { typeErrors } from "./support/program-types";

const FOLDER = "build/testing";
const guide = readFileSync("docs/TESTING.md", "utf8");
const MISTAKE = "read.unmarkCancelable();";

function write(name: string, text: string): void {
  writeFileSync(`${FOLDER}/${name}`, text);
}

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ["reader.ts", "time.ts", "clean.ts", "race.ts", "again.ts", "power.ts"]) write(name, sourceIn(guide, name));
  const cure = sourceIn(guide, "cure.ts").split("\n")[1];
  write("cured.ts", sourceIn(guide, "reader.ts").replace(MISTAKE, cure));
  const race = sourceIn(guide, "race.ts").replace('"./reader"', '"./cured"');
  write("cured-race.ts", race.replace("random = 1; ;", "random = 1; random <= 300;"));
});

describe("docs/TESTING.md", () => {
  it("has no type errors", () => {
    const names = ["time.ts", "race.ts", "again.ts", "power.ts", "cured-race.ts"];
    expect(typeErrors(names.map((name) => `${FOLDER}/${name}`))).toEqual([]);
  });

  it("prints what it says", async () => {
    const texts = [await output(`${FOLDER}/race.ts`), await output(`${FOLDER}/again.ts`), await output(`${FOLDER}/power.ts`)];
    await expect(withTexts(guide, texts)).toMatchFileSnapshot("../docs/TESTING.md");
  });

  it("asserts what holds about time", async () => {
    expect(await output(`${FOLDER}/time.ts`)).toBe("");
  });

  it("runs the token again that the race has printed", () => {
    const [, token] = /^the run again: (\S+)$/m.exec(guide)!;
    expect(sourceIn(guide, "again.ts")).toContain(`tape: "${token}"`);
  });

  it("finds nothing in the cured driver", async () => {
    expect(readFileSync(`${FOLDER}/cured.ts`, "utf8")).not.toBe(sourceIn(guide, "reader.ts"));
    expect(await output(`${FOLDER}/cured-race.ts`)).toBe("");
  });
});
