// What a file of the core imports and does not use. (The linter sees to the rest of the repository; it does not read AssemblyScript.)

import ts from "typescript";
import { type Source, finding, parse } from "./source";

/** Names that are imported and not used. */
export function unusedImports(sources: readonly Source[]): string[] {
  return sources.filter(({ path }) => path.startsWith("assembly/") && path.endsWith(".ts")).flatMap((source) => {
    const tree = parse(source);
    const used = new Set<string>();
    const imported: ts.Identifier[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isImportSpecifier(node)) imported.push(node.name);
      else if (ts.isIdentifier(node)) used.add(node.text);
      else ts.forEachChild(node, visit);
    };
    visit(tree);
    const line = (node: ts.Node): number => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    return imported
      .filter(({ text }) => !used.has(text))
      .map((name) => finding(source.path, line(name), `imports ${name.text} and does not use it; take it out`));
  });
}
