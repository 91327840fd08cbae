// Who may import whom.
//
//   abi  <- nt <- wdf <- ddi <- assembly/index          `<-` reads "is imported by"
//    ^
//    '-- bindings/abi <- bindings/* <- host/* <- cli, examples (through host/index and host/ddi)

import { type Import, type Source, codeOf, finding, importsOf, isCode, lineAt } from "./source";

interface Floor {
  /** The files the line is about. */
  readonly of: RegExp;
  /** What they may import; `@` stands for packages. */
  readonly may: RegExp;
  /** What to do instead. */
  readonly instead: string;
}

const PACKAGE = /^(?!\.)(?!assembly\/|bindings\/|host\/|build\/)/;
const PUBLIC = /^(host\/index|host\/ddi|host\/ddi\/index|host|wdf-wasm|wdf-wasm\/(ddi|umdf1))$/;

/** The first line whose `of` matches a file holds for it. */
const FLOORS: readonly Floor[] = [
  { of: /^assembly\/abi\//, may: /^assembly\/abi\//, instead: "assembly/abi is compiled by both sides and imports only itself" },
  { of: /^assembly\/nt\//, may: /^assembly\/(abi|nt)\//, instead: "assembly/nt knows no WDF: emit an event, or move the decision to wdf/" },
  { of: /^assembly\/wdf\//, may: /^assembly\/(abi|nt|wdf)\//, instead: "assembly/wdf is below ddi/: move what both need into wdf/" },
  { of: /^assembly\/ddi\//, may: /^assembly\/(abi|nt|wdf|ddi)\//, instead: "the core imports only the core" },
  { of: /^assembly\//, may: /^assembly\//, instead: "the core imports only the core" },
  { of: /^bindings\/abi\.ts$/, may: /^assembly\/abi\//, instead: "bindings/abi.ts re-exports assembly/abi and nothing else" },
  // The loader is the one library that is bundled.
  {
    of: /^bindings\//,
    may: /^bindings\/|^build\/core-bytes$|^@assemblyscript\/loader$/,
    instead: "import from ./abi, or move the code to host/",
  },
  { of: /^host\/ddi\//, may: /^(bindings|host)\/(?!framework\/)/, instead: "host/framework stands on host/ddi, not the reverse" },
  { of: /^host\/framework\//, may: /^bindings\/abi$|^host\//, instead: "call the DDI in host/ddi, so that it can be found by its name" },
  { of: /^host\//, may: /^(bindings|host)\//, instead: "import from bindings/abi; what runs in a browser imports no package" },
  { of: /^cli\//, may: /^cli\//, instead: "import from host/index, and export there what is missing" },
  { of: /^examples\//, may: /^examples\//, instead: 'import from "wdf-wasm" or "wdf-wasm/ddi", as a user would' },
];

/** Imports a rule would refuse, and why they stay. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "cli/load-driver.ts -> host/driver": "checkDriver explains a module that is not a driver before there is a System",
};

export function layering(sources: readonly Source[]): string[] {
  const modules = sources.filter(({ path }) => isCode(path) && !path.endsWith(".d.ts"));
  return modules.flatMap((source) => {
    const floor = FLOORS.find(({ of }) => of.test(source.path));
    if (floor === undefined) return [];
    const outside = /^(cli|examples)\//.test(source.path);
    const refused = (target: string): boolean =>
      !floor.may.test(target) &&
      !(outside && (PUBLIC.test(target) || PACKAGE.test(target))) &&
      !(`${source.path} -> ${target}` in EXCEPTIONS);
    return importsOf(source)
      .filter(({ target }) => refused(target))
      .map(({ line, specifier }) => finding(source.path, line, `imports "${specifier}"; ${floor.instead}`));
  });
}

/** Exceptions nobody needs any more. */
export function staleExceptions(sources: readonly Source[]): string[] {
  const modules = sources.filter(({ path }) => isCode(path));
  const edges = new Set(modules.flatMap((source) => importsOf(source).map(({ target }) => `${source.path} -> ${target}`)));
  return Object.keys(EXCEPTIONS).filter((edge) => !edges.has(edge));
}

/** Only bindings/ touches WebAssembly or linear memory. Tests, benchmarks and scripts look where they like. */
export function wasmOnlyInBindings(sources: readonly Source[]): string[] {
  return sources.filter(({ path }) => isCode(path) && /^(host|cli|examples)\//.test(path)).flatMap((source) =>
    [...codeOf(source).matchAll(/\bWebAssembly\b|\bmemory\.buffer\b/g)].map((match) =>
      finding(source.path, lineAt(source.text, match.index), `touches ${match[0]}; ask a function of bindings/`),
    ),
  );
}

/** Cycles of imports in one tree, type imports left out because they are gone after compilation. */
export function cycles(sources: readonly Source[], tree: string): string[] {
  return cyclesOf(sources, (path) => (path.startsWith(`${tree}/`) ? path.replace(/\.ts$/, "") : undefined)).map(
    (found) => `${found.join(" -> ")}: an import cycle; move what they share into a third module, or import the type only`,
  );
}

/** Cycles between the folders of the core. Within a folder the compiler does not mind. */
export function folderCycles(sources: readonly Source[]): string[] {
  return cyclesOf(sources, (path) => /^assembly\/[^/]+(?=\/)/.exec(path)?.[0]).map(
    (found) => `${found.join(" -> ")}: folders import each other; the order is abi, nt, wdf, ddi`,
  );
}

/** Cycles of the graph whose nodes are what `nodeOf` makes of a path. */
function cyclesOf(sources: readonly Source[], nodeOf: (path: string) => string | undefined): string[][] {
  const known = new Set(sources.map(({ path }) => path.replace(/\.ts$/, "")));
  const resolve = ({ target }: Import): string => (known.has(target) ? target : `${target}/index`);
  const graph = new Map<string, Set<string>>();
  for (const source of sources) {
    const from = isCode(source.path) ? nodeOf(source.path) : undefined;
    if (from === undefined) continue;
    const edges = graph.get(from) ?? new Set();
    graph.set(from, edges);
    for (const used of importsOf(source)) {
      const to = used.typeOnly ? undefined : nodeOf(`${resolve(used)}.ts`);
      if (to !== undefined && to !== from) edges.add(to);
    }
  }
  return walk(graph);
}

/** The cycles a depth-first walk runs into. */
function walk(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): void => {
    const at = path.indexOf(node);
    if (at >= 0) found.push([...path.slice(at), node]);
    if (at >= 0 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}
