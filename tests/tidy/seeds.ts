// The documents this project began with: docs/rules/seeds.tsv has their sentences in words of ours, each with what shows it;
// docs/SEEDS.md is the page of it.
//
//   shown by   Q-nnn, K-nnn            a rule that tests or recorded scenarios show (rulebook.ts)
//              tests/FILE: TITLE       a test whose title has these words
//   else       an issue's number, or why there is nothing to show

import { claims, rulebook } from "./rulebook";
import { type Source, finding } from "./source";

const PATH = "docs/rules/seeds.tsv";

/** A sentence of a seed. */
export interface SeedSentence {
  readonly id: string;
  readonly sentence: string;
  /** Rules, and tests as `path: title`. */
  readonly shown: readonly string[];
  readonly otherwise: string;
  readonly seed: string;
  readonly line: number;
}

/** All sentences, in the order of the file. */
export function seedSentences(sources: readonly Source[]): SeedSentence[] {
  let seed = "";
  return (sources.find(({ path }) => path === PATH)?.text ?? "").split("\n").flatMap((text, index) => {
    if (text.startsWith("## ")) seed = text.slice(3);
    if (text === "" || text.startsWith("#")) return [];
    const [id, sentence = "", shown = "", otherwise = ""] = text.split("\t");
    return [{ id, sentence, shown: shown.split("; ").filter((one) => one !== ""), otherwise, seed, line: index + 1 }];
  });
}

const RULE = /^[QK]-\d{3}$/;

/** Rules that something shows, and what it is. */
function shownRules(sources: readonly Source[]): Map<string, boolean> {
  const tests = claims(sources);
  const book = rulebook(sources);
  const shown = (id: string): boolean => {
    const rule = book.find((one) => one.id === id);
    return tests.has(id) || (rule !== undefined && (rule.scenarios.length > 0 || (rule.same !== "" && shown(rule.same))));
  };
  return new Map(book.map(({ id }) => [id, shown(id)]));
}

/** What stands before the first colon is the file, what comes after it part of a title. */
function testOf(reference: string): { readonly path: string; readonly title: string } {
  const at = reference.indexOf(": ");
  return { path: reference.slice(0, at), title: reference.slice(at + 2) };
}

/** The reason a reference leads nowhere, or "". */
function astray(reference: string, sources: readonly Source[], rules: ReadonlyMap<string, boolean>): string {
  if (RULE.test(reference)) return rules.has(reference) ? "" : `${reference} is no rule`;
  const { path, title } = testOf(reference);
  const file = sources.find((source) => source.path === path);
  if (file === undefined) return `there is no ${path === "" ? `test "${reference}"` : path}`;
  return file.text.split("\n").some((line) => /\b(it|describe)\b/.test(line) && line.includes(title)) || titleInTable(file.text, title)
    ? ""
    : `${path} has no test with "${title}" in its title`;
}

/** A title may stand on a line of its own, after a table of cases. */
function titleInTable(text: string, title: string): boolean {
  return new RegExp(`^\\s*\\]\\)\\(.*${title.replaceAll(/[.*+?^$()[\]{}|\\]/g, String.raw`\$&`)}`, "m").test(text);
}

/** Sentences that nothing shows and nobody is going to build, and tests that are not there. */
export function seedMistakes(sources: readonly Source[]): string[] {
  const rules = shownRules(sources);
  const list = seedSentences(sources);
  return list.flatMap((one, index) => {
    const wrong = one.shown.flatMap((reference) => astray(reference, sources, rules) || []);
    const shows = one.shown.some((reference) => !RULE.test(reference) || rules.get(reference));
    if (!/^S\d-\d+$/.test(one.id)) wrong.push(`"${one.id}" is no number; Sn-n, with tabs between the columns`);
    if (list.findIndex(({ id }) => id === one.id) !== index) wrong.push(`${one.id} stands twice`);
    if (!shows && one.otherwise === "") wrong.push(`nothing shows ${one.id}; name a test, a rule, an issue, or why not`);
    if (!one.sentence.endsWith(".")) wrong.push(`${one.id} is no sentence`);
    return wrong.map((message) => finding(PATH, one.line, message));
  });
}

/** docs/SEEDS.md. */
export function seedsPage(sources: readonly Source[]): string {
  const rules = shownRules(sources);
  const link = (reference: string): string => {
    if (RULE.test(reference)) return `[${reference}](RULES.md#${reference.toLowerCase()})`;
    const { path, title } = testOf(reference);
    return `[${path.slice("tests/".length, -".test.ts".length)}](../${path}) "${title}"`;
  };
  const shownBy = ({ shown, otherwise }: SeedSentence): string => {
    const good = shown.filter((reference) => !RULE.test(reference) || rules.get(reference));
    if (good.length > 0) return good.map(link).join(", ");
    return /^\d+$/.test(otherwise) ? `not built yet (issue ${otherwise})` : otherwise;
  };
  const list = seedSentences(sources);
  const seeds = [...new Set(list.map(({ seed }) => seed))];
  return [
    ...INTRODUCTION,
    ...seeds.flatMap((seed) => [
      `## ${seed}`,
      "",
      "| | The document says | Shown by |",
      "| --- | --- | --- |",
      ...list.filter((one) => one.seed === seed).map((one) => `| ${one.id} | ${one.sentence} | ${shownBy(one)} |`),
      "",
    ]),
  ].join("\n");
}

const INTRODUCTION: readonly string[] = [
  "# The seeds",
  "",
  "Five pages of Microsoft's documentation are what this project began with. Here is what they say, sentence by sentence and in",
  "words of ours, and what shows that it is so here: rules, whose rows in [RULES.md](RULES.md) name tests and recorded",
  "scenarios, or single tests.",
  "",
  "Written by `npx vitest run --project node tests/tidy.test.ts -u` from docs/rules/seeds.tsv and the titles of the tests.",
  "",
];
