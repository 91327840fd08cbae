// What the sources do not say, and what to say instead.

import { type Source, codeOf, finding, isCode, lineAt } from "./source";

interface Ban {
  readonly what: RegExp;
  readonly instead: string;
  /** Which files it holds for. */
  readonly where: RegExp;
  /** Files that may, each for a reason. */
  readonly except?: RegExp;
}

const CODE = /\.(ts|mjs)$/;
const PRODUCT = /^(assembly|bindings|host|cli|examples)\//;
const CORE_AND_HOST = /^(assembly|bindings|host)\//;

/** Searched in code: comments and strings are blanked. */
const IN_CODE: readonly Ban[] = [
  // The command line says how long a run took.
  { what: /\bperformance\.now\b/g, instead: "time is an input", where: PRODUCT, except: /^cli\/run\.ts$/ },
  { what: /\bDate\.now\b|\bnew Date\b/g, instead: "time is an input", where: PRODUCT },
  { what: /\bMath\.random\b/g, instead: "draw from a seeded generator whose seed is printed", where: /./ },
  { what: /\bset(Timeout|Interval)\b/g, instead: "nothing waits for real time; advance the clock", where: PRODUCT },
  { what: /\bsetImmediate\b|\bqueueMicrotask\b/g, instead: "what runs next is the core's decision", where: CORE_AND_HOST },
  { what: /\bconsole\.\w+/g, instead: "record it, or throw", where: CORE_AND_HOST },
  // A driver, a configuration and a reporter are found by their default export.
  {
    what: /\bexport default\b/g,
    instead: "export by name",
    where: CODE,
    except: /^examples\/.*\/?driver\.ts$|^scripts\/|(^|\/)[\w-]+\.config\.(ts|mjs)$/,
  },
  // Whether an allocation fails may be a choice, which is made in one place.
  {
    what: /\blowMemory\b/g,
    instead: "ask allocationFails (nt/choice.ts)",
    where: /^assembly\//,
    except: /^assembly\/(nt\/(choice|system)|ddi\/(choice|input))\.ts$/,
  },
  { what: /\.only\s*\(/g, instead: "run one test with vitest -t", where: CODE },
];

/** Searched in the whole text, comments and strings included. */
const IN_TEXT: readonly Ban[] = [
  { what: /\b(TODO|FIXME|XXX|HACK)\b/g, instead: "do it, or say what does not work", where: /./ },
  { what: /@ts-(ignore|nocheck)/g, instead: "make the types true", where: CODE },
  {
    // Rulers, but not those under the head of a table, which come in several pieces.
    what: /^[^\S\n]*(\/\/|\/\*+|\*|#)[^\S\n]*(?![-\u2500]+([^\S\n]+[-\u2500]+)+$)[-=*~#\u2013\u2014\u2500\u2550]{4,}.*$/gm,
    instead: "a heading is a sentence; split the file",
    where: CODE,
  },
  {
    what: /(?<![\w.~:/-])\/(work|tmp|home|root|Users|mnt|var)\/[\w.-]+|\b[A-Z]:\\\\?Users\b/g,
    instead: "paths are relative to the repository",
    where: /./,
  },
  {
    what: /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g, // oxlint-disable-line no-control-regex
    instead: "write the escape, or a plain space",
    where: /./,
  },
  {
    what: /\bco-authored-by\b|\b(written|generated|produced|created) (by|with) (an? )?(AI|assistant|bot|language model)\b/gi,
    instead: "say what the code does",
    where: /./,
  },
  {
    what: /\blanguage models?\b|\b(chat)?gpt\b|\bllms?\b|\bcopilot\b|\bas an? (AI|assistant)\b|\bin this (session|chat|conversation)\b/gi,
    instead: "say what the code does",
    where: /./,
  },
  {
    what: /\bthe (brief|prompt|task) (asked|asks|wants|said|says)\b|\bas you requested\b/gi,
    instead: "give the reason itself",
    where: /./,
  },
];

/** The rules and their samples name what they refuse; Microsoft's traces and the lock file are data. */
const DATA = /^tests\/tidy\/|^tests\/conformance\/vectors\/|^package-lock\.json$/;

export function bans(sources: readonly Source[]): string[] {
  return sources.filter(({ path }) => !DATA.test(path)).flatMap((source) => {
    const text = apply(IN_TEXT, source, source.text);
    return isCode(source.path) ? [...text, ...apply(IN_CODE, source, codeOf(source)), ...anys(source)] : text;
  });
}

function apply(list: readonly Ban[], { path }: Source, text: string): string[] {
  return list
    .filter(({ where, except }) => where.test(path) && !except?.test(path))
    .flatMap(({ what, instead }) =>
      [...text.matchAll(what)].map((match) => finding(path, lineAt(text, match.index), `${JSON.stringify(match[0].trim())}; ${instead}`)),
    );
}

/** `any` stands only where a comment for the linter says why. */
function anys(source: Source): string[] {
  const lines = source.text.split("\n");
  const code = codeOf(source);
  return [...code.matchAll(/(?<=(?:[:<|&,(=]|=>)\s*|\bas )any\b(?!\s*[(:])/g)]
    .map((match) => lineAt(code, match.index))
    .filter((line) => !/oxlint-disable/.test(`${lines[line - 2] ?? ""}${lines[line - 1]}`))
    .map((line) => finding(source.path, line, "any; unknown, or the type it is"));
}

/** Files whose name says nothing. host/ddi/types.ts holds the types of Microsoft's headers. */
export function fileNames(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => /(^|\/)(utils?|helpers?|types|misc)(\.|\/)/i.test(path) && path !== "host/ddi/types.ts")
    .map(({ path }) => finding(path, 1, "a name for anything; name the file after the one thing in it"));
}
