// What `npm run check` says: types and lint.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a program of a development dependency prints when it fails; empty when it does not. */
function complaints(program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [`${root}node_modules/${program}`, ...args], { cwd: root }, (error, stdout, stderr) =>
      resolve(error === null ? "" : `${stdout}${stderr}` || error.message),
    );
  });
}

describe.concurrent("check", () => {
  it("types", async ({ expect }) => {
    expect(await complaints("typescript/bin/tsc", "-p", ".")).toBe("");
  });

  it("lint", async ({ expect }) => {
    expect(await complaints("oxlint/bin/oxlint", "--deny-warnings")).toBe("");
  });
});
