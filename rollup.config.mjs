// Three small functions, one per artefact: the modules, their declarations, the core beside them.

import { transform } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { dts } from "rollup-plugin-dts";

const root = fileURLToPath(new URL(".", import.meta.url));
const ENTRIES = { index: "host/index.ts", ddi: "host/ddi/index.ts", umdf1: "host/umdf1/index.ts", cli: "cli/main.ts" };
const PUBLIC = { index: ENTRIES.index, ddi: ENTRIES.ddi, umdf1: ENTRIES.umdf1 };

/** As in tsconfig.json: fields without a value are not defined twice when an object is made. */
const compilerOptions = { useDefineForClassFields: false };

/** TypeScript through esbuild, extensionless imports, and the one library that is bundled. */
function typescript() {
  return {
    name: "typescript",
    resolveId(id, importer) {
      if (id === "@assemblyscript/loader") return resolve(root, "node_modules/@assemblyscript/loader/index.js");
      if (!id.startsWith(".") || importer === undefined) return null;
      const path = resolve(dirname(importer), id);
      return [path, `${path}.ts`, `${path}/index.ts`].find((file) => /\.[jt]s$/.test(file) && existsSync(file)) ?? null;
    },
    async transform(code, id) {
      if (!id.endsWith(".ts")) return null;
      return await transform(code, { loader: "ts", target: "es2022", sourcefile: id, sourcemap: true, tsconfigRaw: { compilerOptions } });
    },
    /** Puts constants into the code that uses them: the pump reads the core's window by number. */
    async renderChunk(code) {
      return await transform(code, { minifySyntax: true, target: "es2022", sourcemap: true });
    },
  };
}

/** The core as a file, for hosts that load it themselves (wdf-wasm/core.wasm). */
function core() {
  return {
    name: "core",
    writeBundle() {
      mkdirSync(resolve(root, "dist"), { recursive: true });
      copyFileSync(resolve(root, "build/core.wasm"), resolve(root, "dist/core.wasm"));
    },
  };
}

/** One graph for all entries, so that they share one state. */
function modules() {
  return {
    input: ENTRIES,
    external: [/^node:/, "esbuild"],
    plugins: [typescript(), core()],
    output: {
      dir: "dist",
      format: "es",
      chunkFileNames: "shared/[name].js",
      banner: (chunk) => (chunk.name === "cli" ? "#!/usr/bin/env node" : ""),
    },
  };
}

function declarations() {
  return {
    input: PUBLIC,
    plugins: [dts({ compilerOptions: { noEmit: false, declaration: true, types: [] } })],
    // System is disposable: users whose own library does not say what that is get told here.
    output: { dir: "dist", format: "es", chunkFileNames: "shared/[name].d.ts", banner: '/// <reference lib="esnext.disposable" />' },
  };
}

readFileSync(resolve(root, "build/core.wasm")); // `npm run build` makes it first
export default [modules(), declarations()];
