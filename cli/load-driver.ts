// Loads a driver module: JavaScript as it is, TypeScript through esbuild when it is there.
//
// What a driver imports of this package is the package that runs it, wherever the driver lies: two copies would not
// know of each other's Systems.

import type { BuildFailure, OnResolveResult } from "esbuild";
import { statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import * as nodeModule from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkDriver } from "../host/driver";
import { type DriverModule, ProtocolError } from "../host/index";
import { fileReason, oneLine } from "./failure";

/** This package's modules, by the names drivers import them under. */
const OWN: Record<string, string> = {
  "wdf-wasm": import.meta.resolve("./index.js"),
  "wdf-wasm/ddi": import.meta.resolve("./ddi.js"),
  "wdf-wasm/umdf1": import.meta.resolve("./umdf1.js"),
};

/** The driver a module exports as default. */
export async function loadDriver(file: string): Promise<DriverModule> {
  const path = resolve(file);
  requireFile(path, file);
  const module = /\.[cm]?ts$/.test(path) ? await importTypeScript(path, file) : await importJavaScript(path, file);
  return checkDriver((module as { default?: unknown }).default, file);
}

function requireFile(path: string, file: string): void {
  try {
    if (statSync(path).isFile()) return;
  } catch (error) {
    throw new ProtocolError(`the driver module ${file} cannot be read: ${fileReason(error)}`);
  }
  throw new ProtocolError(`the driver module ${file} cannot be read: it is not a file`);
}

async function importJavaScript(path: string, file: string): Promise<unknown> {
  importOwnModules();
  return await importFile(path, file);
}

async function importFile(path: string, file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new ProtocolError(`${file} cannot be loaded: ${loadFailure(error)}`, { cause: error });
  }
}

function loadFailure(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${oneLine(error)}` : oneLine(error);
}

interface Resolved {
  url: string;
  shortCircuit?: boolean;
}
type Resolve = (id: string, context: unknown, next: (id: string, context: unknown) => Resolved) => Resolved;

/** In Node from 22.15; the older way, in a thread of its own, is on its way out. */
const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: Resolve }) => void };

/** From now on `wdf-wasm` in an import is this package. */
function importOwnModules(): void {
  if (registerHooks !== undefined) {
    registerHooks({ resolve: (id, context, next) => (OWN[id] === undefined ? next(id, context) : { url: OWN[id], shortCircuit: true }) });
    return;
  }
  const hooks = `const own = ${JSON.stringify(OWN)};
export const resolve = (id, context, next) => own[id] === undefined ? next(id, context) : { url: own[id], shortCircuit: true };`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

/** Bundles the module into a temporary file, which is read once. */
async function importTypeScript(path: string, file: string): Promise<unknown> {
  const code = await bundle(path, file);
  const folder = await mkdtemp(join(tmpdir(), "wdf-wasm-"));
  try {
    const bundled = join(folder, "driver.mjs");
    await writeFile(bundled, code);
    return await importFile(bundled, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bundle(path: string, file: string): Promise<string> {
  const { build } = await esbuild(path);
  const own = (id: string): OnResolveResult => (OWN[id] === undefined ? {} : { path: OWN[id], external: true });
  try {
    const result = await build({
      entryPoints: [path],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "inline",
      logLevel: "silent",
      plugins: [{ name: "wdf-wasm", setup: (setup) => setup.onResolve({ filter: /^wdf-wasm($|\/)/ }, ({ path: id }) => own(id)) }],
    });
    return result.outputFiles[0].text;
  } catch (error) {
    throw new ProtocolError(`${file} does not compile: ${compileFailure(error as BuildFailure)}`, { cause: error });
  }
}

/** The first of esbuild's errors: "driver.ts:1:16: Expected ...". */
function compileFailure(failure: BuildFailure): string {
  const [first] = failure.errors ?? [];
  if (first === undefined) return oneLine(failure);
  const { location, text } = first;
  return location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`;
}

/** esbuild as this package finds it, or else as the driver would. */
async function esbuild(driver: string): Promise<typeof import("esbuild")> {
  try {
    return await import("esbuild");
  } catch {
    try {
      const found = nodeModule.createRequire(join(dirname(driver), "driver.js")).resolve("esbuild");
      return ((await import(pathToFileURL(found).href)) as { default: typeof import("esbuild") }).default;
    } catch {
      throw new ProtocolError("a driver in TypeScript needs esbuild: npm install --save-dev esbuild (or compile the driver to .js first)");
    }
  }
}
