// Makes a fresh clone ready: installs what is missing, builds what has changed. Nothing to do: says nothing.
//
// Uses nothing but Node, because it runs before anything is installed.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fingerprint } from "./sources.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const INSTALL = ["package.json", "package-lock.json"];
const CORE = ["assembly", "asconfig.json", "scripts/build-core.mjs"];
const PACKAGE = [...CORE, "bindings", "host", "cli", "rollup.config.mjs"];

/** Runs a step unless its inputs are those of the last time. */
function step(name, outputs, inputs, action) {
  const stamp = `${root}build/${name}.stamp`;
  const print = fingerprint(root, inputs);
  const fresh = existsSync(stamp) && readFileSync(stamp, "utf8") === print && outputs.every((path) => existsSync(root + path));
  if (fresh) return;
  console.log(`${name} ...`);
  action();
  mkdirSync(`${root}build`, { recursive: true });
  // The core's build writes bindings/core-exports.d.ts, so that the inputs may have changed meanwhile.
  writeFileSync(stamp, fingerprint(root, inputs));
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  if (cli === undefined) execFileSync("npm", [...args, ...quiet], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  else execFileSync(process.execPath, [cli, ...args, ...quiet], { cwd: root, stdio: "inherit" });
}

function node(...args) {
  execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
}

step("install", ["node_modules"], INSTALL, () => npm("ci"));
step("build-core", ["build/core.wasm", "build/core-bytes.js"], CORE, () => node("scripts/build-core.mjs"));
step("build-package", ["dist/index.js", "dist/index.d.ts", "dist/cli.js"], PACKAGE, () => {
  rmSync(`${root}dist`, { recursive: true, force: true });
  node("node_modules/rollup/dist/bin/rollup", "-c", "--silent");
});
