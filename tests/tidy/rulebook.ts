// The rules of the framework: docs/rules/*.tsv says what they are, the tests say which of them they show, docs/RULES.md is both.
//
//   docs/rules/queue.tsv, kernel.tsv    rule, sentence, sources, scenarios or "=Q-nnn", issue
//   docs/rules/differences.tsv          where documentation and source differ
//   docs/rules/sources.tsv              the addresses of the sources
//
// A test shows a rule by having its number in its title, or in a comment above it. The last column, the issue that builds the rule
// or why it cannot arise here, counts only while nothing shows the rule.

import { type Source, finding, lineAt } from "./source";

/** A rule of the framework. */
export interface BookRule {
  /** */
  readonly id: string;
  readonly sentence: string;
  /** Names of sources.tsv, some with functions after a colon. */
  readonly sources: readonly string[];
  /** Recorded scenarios that show it. */
  readonly scenarios: readonly string[];
  /** The rule of queues it repeats, or "". */
  readonly same: string;
  /** The issue that builds it, or why it cannot arise here, or "". */
  readonly issue: string;
  readonly section: string;
  readonly path: string;
  readonly line: number;
}

const FOLDER = "docs/rules/";
const BOOKS = [`${FOLDER}queue.tsv`, `${FOLDER}kernel.tsv`];
const NUMBER = /\b[QK]-\d{3}\b/g;
/** The samples of tests/tidy, and texts of others. */
const NO_CLAIM = /^tests\/tidy\/|^tests\/conformance\/vectors\/|^docs\/RULES\.md$|^docs\/rules\//;

interface Row {
  readonly cells: readonly string[];
  readonly section: string;
  readonly path: string;
  readonly line: number;
}

function rows(sources: readonly Source[], path: string): Row[] {
  let section = "";
  return (sources.find((source) => source.path === path)?.text ?? "").split("\n").flatMap((text, index) => {
    if (text.startsWith("## ")) section = text.slice(3);
    if (text === "" || text.startsWith("#")) return [];
    return [{ cells: text.split("\t"), section, path, line: index + 1 }];
  });
}

/** All rules, in the order of the files. */
export function rulebook(sources: readonly Source[]): BookRule[] {
  return BOOKS.flatMap((book) => rows(sources, book)).map(({ cells, section, path, line }) => {
    const [id, sentence = "", from = "", shown = "", issue = ""] = cells;
    const words = shown.split(" ").filter((word) => word !== "");
    const same = words.find((word) => word.startsWith("="))?.slice(1) ?? "";
    const scenarios = words.filter((word) => !word.startsWith("="));
    return { id, sentence, sources: from.split("; "), scenarios, same, issue, section, path, line };
  });
}

/** The test files in which a rule's number stands, by number. */
export function claims(sources: readonly Source[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of sources.filter((source) => source.path.endsWith(".test.ts") && !NO_CLAIM.test(source.path))) {
    for (const id of new Set(text.match(NUMBER))) found.set(id, [...(found.get(id) ?? []), path]);
  }
  return found;
}

/** Scenario name to family. */
function families(sources: readonly Source[]): Map<string, string> {
  const vectors = sources.filter(({ path }) => /^tests\/conformance\/vectors\/.*\.traces$/.test(path));
  const pairs = vectors.flatMap(({ path, text }) => {
    const family = path.slice(path.lastIndexOf("/") + 1, -".traces".length);
    return [...text.matchAll(/^@ (\S+)/gm)].map((match) => [match[1], family] as const);
  });
  return new Map(pairs);
}

function sourceName(source: string): string {
  return /^(?:[\w.-]+\.(?:cpp|hpp|h)(?=:|$)|.+$)/.exec(source)?.[0] ?? source;
}

/** What is wrong with the list itself, or with what is said of it elsewhere. */
export function bookMistakes(sources: readonly Source[]): string[] {
  const book = rulebook(sources);
  const ids = new Set(book.map(({ id }) => id));
  const scenarios = families(sources);
  const addresses = new Set(rows(sources, `${FOLDER}sources.tsv`).map(({ cells }) => cells[0]));
  const twice = book.filter(({ id }, index) => book.findIndex((rule) => rule.id === id) !== index);
  const wrong = (rule: BookRule): string[] => [
    ...(/^[QK]-\d{3}$/.test(rule.id) ? [] : [`"${rule.id}" is no number; Q-nnn or K-nnn, with tabs between the columns`]),
    ...(/[.)]$/.test(rule.sentence) ? [] : [`${rule.id} is no sentence`]),
    ...rule.sources.filter((name) => !addresses.has(sourceName(name))).map((name) => `${rule.id} cites "${name}"; add it to sources.tsv`),
    ...rule.scenarios.filter((name) => !scenarios.has(name)).map((name) => `${rule.id}: no vector has the scenario ${name}`),
    ...(rule.same === "" || ids.has(rule.same) ? [] : [`${rule.id} repeats ${rule.same}, which there is not`]),
  ];
  return [
    ...book.flatMap((rule) => wrong(rule).map((message) => finding(rule.path, rule.line, message))),
    ...twice.map(({ id, path, line }) => finding(path, line, `${id} stands twice`)),
    ...unknownNumbers(sources, ids),
  ];
}

/** Whoever cites a rule, in code, tests or documents, cites one that there is. */
function unknownNumbers(sources: readonly Source[], ids: ReadonlySet<string>): string[] {
  return sources.filter(({ path }) => !NO_CLAIM.test(path) || path.startsWith(FOLDER)).flatMap(({ path, text }) =>
    [...text.matchAll(NUMBER)]
      .filter((match) => !ids.has(match[0]))
      .map((match) => finding(path, lineAt(text, match.index), `${match[0]} is no rule of docs/rules; add it, or correct the number`)),
  );
}

/** Rules that nothing shows and nobody is going to build. */
export function unshown(sources: readonly Source[]): string[] {
  const shown = claims(sources);
  return rulebook(sources)
    .filter(({ id, scenarios, same, issue }) => !shown.has(id) && scenarios.length === 0 && same === "" && issue === "")
    .map(({ id, path, line }) => finding(path, line, `nothing shows ${id}; put its number into the title of a test, or name an issue`));
}

/** docs/RULES.md. */
export function rulesPage(sources: readonly Source[]): string {
  const book = rulebook(sources);
  const shown = claims(sources);
  const family = families(sources);
  const used = new Map<string, string>();
  const link = (label: string, target: string): string => {
    used.set(label, target);
    return `[${label}]`;
  };
  const address = new Map(rows(sources, `${FOLDER}sources.tsv`).map(({ cells }) => [cells[0], cells[1]] as const));
  const from = (source: string): string => {
    const name = sourceName(source);
    const functions = source.slice(name.length + 1).trim();
    return link(name, address.get(name) ?? "") + (functions === "" ? "" : ` ${functions}`);
  };
  const shows = (rule: BookRule): string => {
    const tests = (shown.get(rule.id) ?? []).map((path) => link(path.slice("tests/".length, -".test.ts".length), `../${path}`));
    const played = rule.scenarios.map((name) => {
      link(family.get(name) ?? "", `../tests/conformance/vectors/${family.get(name)}.traces`);
      return `[\`${name}\`][${family.get(name)}]`;
    });
    const same = rule.same === "" ? [] : [`[${rule.same}](#${rule.same.toLowerCase()})`];
    const all = [...tests, ...played, ...same];
    if (all.length > 0) return all.join(", ");
    return /^\d+$/.test(rule.issue) ? `not built yet (issue ${rule.issue})` : rule.issue;
  };
  const tableOf = (rules: readonly BookRule[]): string[] => [
    "| Rule | What the framework does | Source | Shown by |",
    "| --- | --- | --- | --- |",
    ...rules.map((rule) => {
      const id = `<a id="${rule.id.toLowerCase()}"></a>${rule.id}`;
      return `| ${id} | ${rule.sentence.replaceAll("|", "\\|")} | ${rule.sources.map(from).join("; ")} | ${shows(rule)} |`;
    }),
  ];
  const sections = [...new Set(book.map(({ path, section }) => `${path}\t${section}`))].flatMap((key, index, keys) => {
    const [path, section] = key.split("\t");
    const first = index === 0 || !keys[index - 1].startsWith(path);
    const part = first ? [`## ${path === BOOKS[0] ? "Queues and their requests" : "What surrounds the queues"}`, ""] : [];
    return [...part, `### ${section}`, "", ...tableOf(book.filter((rule) => rule.path === path && rule.section === section)), ""];
  });
  const page = [...INTRODUCTION, ...sections, ...differences(sources)];
  const targets = [...used].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, target]) => `[${label}]: ${target}`);
  return [...page, ...targets, ""].join("\n");
}

const INTRODUCTION: readonly string[] = [
  "# The rules",
  "",
  "What the Windows Driver Frameworks do, one fact at a time: the queues of KMDF 1.33 (Q), and what surrounds them (K). Each rule is",
  "a sentence of ours, with where it can be read at Microsoft and with what shows it here: the tests that carry its number,",
  "and the scenarios that Microsoft's own framework was run with ([conformance](../tests/conformance/README.md)).",
  "",
  "- **[V]**: only with the framework's verifier on, which is the default here. Without it the call goes on.",
  "- **breaks**: the verifier's breakpoint, here a finding. The run goes on, and the call gives its status or does nothing.",
  "- **Stop**: a bugcheck; `0x10D/5` is WDF_VIOLATION with 5 as first parameter. The run is over.",
  "- **the driver has seen** a request: it went through a callback or was retrieved. **Owned**: the driver has it now.",
  "",
  "Written by `npx vitest run --project node tests/tidy.test.ts -u` from docs/rules and the titles of the tests.",
  "",
];

function differences(sources: readonly Source[]): string[] {
  const list = rows(sources, `${FOLDER}differences.tsv`).map(({ cells: [id, documented, done, rules] }) => {
    const links = rules.split(" ").map((rule) => `[${rule}](#${rule.toLowerCase()})`);
    return `| <a id="${id.toLowerCase()}"></a>${id} | ${documented} | ${done} | ${links.join(", ")} |`;
  });
  return [
    "## Where documentation and source differ",
    "",
    "The source is what was built, except for D-17.",
    "",
    "| | The documentation says | The source does | Rules |",
    "| --- | --- | --- | --- |",
    ...list,
    "",
  ];
}
