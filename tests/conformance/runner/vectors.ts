// Finds scenarios with the traces that belong to them.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

export interface Vector {
  readonly family: string;
  readonly name: string;
  readonly script: string;
  readonly trace: string;
}

/** All vectors below the given directories, in order of family and name. */
export function loadVectors(directories: readonly string[]): Vector[] {
  return directories.flatMap((directory) => load(directory));
}

function load(directory: string): Vector[] {
  const entries = readdirSync(directory).sort();
  return entries.flatMap((entry) => {
    const path = join(directory, entry);
    if (statSync(path).isDirectory()) return load(path);
    if (entry.endsWith(".traces")) return split(basename(entry, ".traces"), readFileSync(path, "utf8"));
    if (entry.endsWith(".scenario")) return pair(directory, basename(entry, ".scenario"));
    return [];
  });
}

function pair(directory: string, name: string): Vector[] {
  const trace = join(directory, `${name}.trace`);
  if (!existsSync(trace)) return [];
  const script = readFileSync(join(directory, `${name}.scenario`), "utf8");
  return [{ family: basename(directory), name, script, trace: readFileSync(trace, "utf8") }];
}

/** One family in one file: `@ NAME` begins a vector, its `== ` lines are the script. */
function split(family: string, text: string): Vector[] {
  return text
    .split(/^@ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      const trace = part.slice(end + 1);
      return { family, name: part.slice(0, end).trim(), script: scriptOf(trace), trace };
    });
}

/** The commands of a trace. Blank lines stand for comment lines of the script, whose numbers the threads carry. */
function scriptOf(trace: string): string {
  return trace
    .split("\n")
    .filter((line) => line.startsWith("== ") || line === "==")
    .map((line) => line.slice(3))
    .join("\n");
}
