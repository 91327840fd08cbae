// Facts about what is built and published.

import { type Source, codeOf, finding, importsOf, isCode, lineAt } from "./source";

/** A core with imports would not run everywhere. */
export function imports(bytes: Uint8Array<ArrayBuffer>): string[] {
  const found = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  return found.map(({ module, name }) => `build/core.wasm: imports ${module}.${name}; the host gives data, not functions`);
}

/** State in a global would be missing from a copy of memory. */
export function mutableGlobals(bytes: Uint8Array): string[] {
  const reader = new Reader(bytes, 8);
  while (!reader.atEnd) {
    const [section, size] = [reader.byte(), reader.leb()];
    if (section === GLOBAL_SECTION) {
      const mutable = globals(reader).flatMap((isMutable, index) => (isMutable ? [index] : []));
      return mutable.map((index) => `build/core.wasm: global ${index} is mutable; keep it in the system record`);
    }
    reader.at += size;
  }
  return [];
}

const GLOBAL_SECTION = 6;
const FIXED_OPERAND: Readonly<Record<number, number>> = { 0x43: 4, 0x44: 8 };
const END = 0x0b;

/** Which globals are mutable. */
function globals(reader: Reader): boolean[] {
  return Array.from({ length: reader.leb() }, () => {
    reader.at++;
    const mutable = reader.byte() === 1;
    for (let opcode = reader.byte(); opcode !== END; opcode = reader.byte()) {
      if (opcode in FIXED_OPERAND) reader.at += FIXED_OPERAND[opcode];
      else reader.leb();
    }
    return mutable;
  });
}

/** Reads a module byte by byte. */
class Reader {
  at: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++];
  }

  leb(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

/** The committed export table is what the compiler reported last. */
export function exportTable(committed: string, reported: string): string[] {
  const body = committed.replace(/^\/\/.*\n\n/, "");
  return body === reported ? [] : ["bindings/core-exports.d.ts: not what the build reports; run npm run build and commit it"];
}

interface Manifest {
  readonly name?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

export function manifest(text: string): string[] {
  const { name, license, dependencies, engines, exports } = JSON.parse(text) as Manifest;
  const wrong = Object.entries(exports ?? {}).filter(
    ([, target]) => typeof target === "object" && Object.keys(target).includes("types") && Object.keys(target)[0] !== "types",
  );
  const untyped = Object.entries(exports ?? {}).filter(([, target]) => typeof target === "object" && !("types" in target));
  return [
    ...(name === "wdf-wasm" ? [] : ["package.json: the name is wdf-wasm"]),
    ...(license === "MIT" ? [] : ["package.json: the license is MIT"]),
    ...(engines?.node === ">=20.19" ? [] : ['package.json: engines.node is ">=20.19"']),
    ...Object.keys(dependencies ?? {}).map((dependency) => `package.json: depends on ${dependency}; bundle it, or do without`),
    ...wrong.map(([path]) => `package.json: exports["${path}"] has types after another condition, where nobody finds it; put it first`),
    ...untyped.map(([path]) => `package.json: exports["${path}"] has no types; put them first`),
  ];
}

/** Which registry a package came from is the business of who installs it. */
export function lockFile(text: string): string[] {
  return [...text.matchAll(/"resolved":\s*"[a-z+]+:\/\//g)].map((match) =>
    finding("package-lock.json", lineAt(text, match.index), "names a host; npm install --omit-lockfile-registry-resolved"),
  );
}

const VECTORS = /^tests\/conformance\/vectors\/.*\.traces$/;

/** Names of the recorded scenarios. */
export function scenarioNames(sources: readonly Source[]): string[] {
  const vectors = sources.filter(({ path }) => VECTORS.test(path));
  return vectors.flatMap(({ text }) => [...text.matchAll(/^@ (\S+)/gm)].map((match) => match[1]));
}

/** The commands of the scripts; a scenario may be called after the one it shows. */
function commands(sources: readonly Source[]): Set<string> {
  const vectors = sources.filter(({ path }) => VECTORS.test(path));
  return new Set(vectors.flatMap(({ text }) => [...text.matchAll(/^== (\w+)/gm)].map((match) => match[1])));
}

/** Neither the product nor the runner knows a scenario by name. Short names are words one may need. */
export function noScenarioNames(sources: readonly Source[]): string[] {
  const known = commands(sources);
  const names = new Set(scenarioNames(sources).filter((name) => name.length > 6 && !known.has(name)));
  const guarded = sources.filter(({ path }) => /^(assembly|bindings|host|tests\/conformance\/runner)\//.test(path));
  return guarded.flatMap(({ path, text }) =>
    [...text.matchAll(/[\w-]+/g)]
      .filter((match) => names.has(match[0]))
      .map((match) => finding(path, lineAt(text, match.index), `names the scenario ${match[0]}; give the rule it shows`)),
  );
}

const ONLY = "only vectors.ts and report.ts see what is expected";
const READS_VECTORS = new Set(["tests/conformance/runner/vectors.ts", "tests/conformance/runner/report.ts"]);

/** A runner that saw the expected trace could print it. */
export function noPeeking(sources: readonly Source[]): string[] {
  const runner = sources.filter(({ path }) => path.startsWith("tests/conformance/runner/") && isCode(path));
  const blind = runner.filter(({ path }) => !READS_VECTORS.has(path));
  return blind.flatMap((source) => [
    ...importsOf(source)
      .filter(({ target }) => /^(node:)?fs(\/|$)|\/vectors$|\/report$/.test(target))
      .map(({ line, specifier }) => finding(source.path, line, `imports "${specifier}"; ${ONLY}`)),
    ...[...codeOf(source).matchAll(/\.trace\b|\bvectors?\b/gi)].map((match) =>
      finding(source.path, lineAt(source.text, match.index), `reads ${match[0]}; ${ONLY}`),
    ),
  ]);
}
