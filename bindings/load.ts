// The core that comes with the package, compiled when it is first needed. No file or network access: the bytes are in
// the bundle, as text.

import { CORE_BYTES } from "../build/core-bytes.js";

let compiled: WebAssembly.Module | undefined;

/** The compiled core; one module serves any number of Systems. */
export function compileCore(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(CORE_BYTES), (char) => char.charCodeAt(0)));
  return compiled;
}

/** Uses another build of the core from now on (`wdf-wasm/core.wasm`, fetched and compiled by the caller). */
export function useCore(module: WebAssembly.Module): void {
  compiled = module;
}
