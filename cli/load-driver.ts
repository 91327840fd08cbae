// Loads a driver module: JavaScript as it is, TypeScript through esbuild when it is there.

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkDriver } from "../host/driver";
import { type DriverModule, ProtocolError } from "../host/index";

/** The driver a module exports as default. */
export async function loadDriver(file: string): Promise<DriverModule> {
  const path = resolve(file);
  if (!existsSync(path)) throw new ProtocolError(`there is no driver module ${file}`);
  const module = /\.[cm]?ts$/.test(path) ? await importTypeScript(path) : await importFile(path);
  return checkDriver((module as { default?: unknown }).default, file);
}

async function importFile(path: string): Promise<unknown> {
  return await import(pathToFileURL(path).href);
}

/** Bundles the module into a temporary file. What it imports of this package is the running one. */
async function importTypeScript(path: string): Promise<unknown> {
  const { build } = await esbuild();
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "silent",
    plugins: [
      {
        name: "wdf-wasm",
        setup(setup) {
          setup.onResolve({ filter: /^wdf-wasm($|\/)/ }, ({ path: id }) => ({ path: import.meta.resolve(own(id)), external: true }));
        },
      },
    ],
  }).catch((error: Error) => {
    throw new ProtocolError(`${path} does not compile: ${error.message}`);
  });
  const folder = await mkdtemp(join(tmpdir(), "wdf-wasm-"));
  try {
    const file = join(folder, "driver.mjs");
    await writeFile(file, result.outputFiles[0].text);
    return await importFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The file of this package that a subpath stands for, relative to the command line's own. */
function own(id: string): string {
  return id === "wdf-wasm/ddi" ? "./ddi.js" : "./index.js";
}

async function esbuild(): Promise<typeof import("esbuild")> {
  try {
    return await import("esbuild");
  } catch {
    throw new ProtocolError("a driver in TypeScript needs esbuild: npm install --save-dev esbuild (or compile the driver to .js first)");
  }
}
