// The documents of the repository: what they point at is there.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const LINE_WIDTH = 130;
const SKIPPED = new Set(["node_modules", "build", "dist"]);
/** Where the path of a source file in a document may begin. */
const ROOTS = [".", "assembly", "tests", "tests/conformance"];

function documentsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) || entry.name.startsWith(".") ? [] : documentsBelow(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

describe.each(documentsBelow("."))("%s", (path) => {
  const text = readFileSync(path, "utf8");

  it("links to what exists", () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => target).filter((target) => !target.includes(":"));
    expect(targets.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
  });

  it("names files that exist", () => {
    const files = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\.(?:ts|mjs|md))`/g)].map(([, file]) => file);
    expect(files.filter((file) => !ROOTS.some((root) => existsSync(join(root, file))))).toEqual([]);
  });

  it("keeps to the line width", () => {
    const written = text.replace(/^```text\n[^]*?^```$/gm, ""); // what a program prints is as long as it is
    expect(written.split("\n").filter((line) => line.length > LINE_WIDTH && !/^\||^\[[^\]]+\]: /.test(line))).toEqual([]);
  });
});
