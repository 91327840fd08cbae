// How long a file, a function and a line may be.

import ts from "typescript";
import { type Source, finding, isCode, parse } from "./source";

const FILE_LINES = 400;
const FUNCTION_LINES = 70;
const COLUMNS = 140;

const GENERATED = /^bindings\/core-exports\.d\.ts$/;
/** Where a long callback is a body of tests, not a function, and a long line a table of cases or a literal. */
const TESTS = /\.test\.ts$/;

function measured(sources: readonly Source[]): Source[] {
  return sources.filter(({ path }) => isCode(path) && !GENERATED.test(path));
}

export function fileLengths(sources: readonly Source[]): string[] {
  const files = measured(sources).filter(({ path }) => !TESTS.test(path));
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split("\n").length;
    return lines <= FILE_LINES ? [] : [finding(path, FILE_LINES + 1, `${lines} lines; split it by concept, ${FILE_LINES} is the limit`)];
  });
}

export function functionLengths(sources: readonly Source[]): string[] {
  const files = measured(sources).filter(({ path }) => !TESTS.test(path));
  return files.flatMap((source) => {
    const tree = parse(source);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node)) {
        const [from, to] = [node.getStart(), node.end].map((at) => tree.getLineAndCharacterOfPosition(at).line);
        const lines = to - from + 1;
        const name = node.name?.getText() ?? "a function";
        const message = `${name} has ${lines} lines; move a part with a name out, ${FUNCTION_LINES} is the limit`;
        if (lines > FUNCTION_LINES) found.push(finding(source.path, from + 1, message));
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  });
}

export function columns(sources: readonly Source[]): string[] {
  const files = measured(sources).filter(({ path }) => !TESTS.test(path));
  return files.flatMap(({ path, text }) => {
    const lines = text.split("\n").map((line, index) => [line.length, index + 1] as const);
    const long = lines.filter(([length]) => length > COLUMNS);
    return long.map(([length, line]) => finding(path, line, `${length} columns; break the line, ${COLUMNS} is the limit`));
  });
}
