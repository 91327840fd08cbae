// The repository as text: which files there are, what is code in them, what they import, and what a rule says of them.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import ts from "typescript";

/** One file. */
export interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** An import or re-export of another module. */
export interface Import {
  readonly line: number;
  /** As it is written. */
  readonly specifier: string;
  /** From the root, without extension, for a relative import; the specifier itself for a package. */
  readonly target: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

/** A rule reads files and answers `path:line: what is wrong; what to do instead`. */
export type Rule = (sources: readonly Source[]) => string[];

const FOLDERS = ["assembly", "bindings", "host", "cli", "bench", "examples", "tests", "scripts", "docs", ".ci"];
const FILES = /\.(ts|mts|mjs|js|json|md|html|css|svg|ya?ml|traces|tsv)$|^[^.]+$/;

/** All text files of the repository, without what is built or installed. */
export function repository(root: string): Source[] {
  const top = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile() && FILES.test(entry.name));
  const below = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && FILES.test(entry.name))
      .map((entry) => join((entry.parentPath ?? entry.path).replaceAll("\\", "/"), entry.name).slice(join(root, "/").length)),
  );
  const paths = [...top.map((entry) => entry.name), ...below].filter((path) => !path.includes("node_modules/"));
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** `path:line: message`, the line counted from 1. */
export function finding(path: string, line: number, message: string): string {
  return `${path}:${line}: ${message}`;
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) line++;
  return line;
}

/** True for a module in TypeScript or JavaScript. */
export function isCode(path: string): boolean {
  return /\.(ts|mts|mjs|js)$/.test(path);
}

const parsed = new WeakMap<Source, ts.SourceFile>();

export function parse(source: Source): ts.SourceFile {
  let tree = parsed.get(source);
  if (tree === undefined) {
    tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ESNext, true);
    parsed.set(source, tree);
  }
  return tree;
}

/** The text with comments and the inside of strings blanked, line for line and column for column. */
export function codeOf(source: Source): string {
  const blank = (from: number, to: number): string => source.text.slice(from, to).replaceAll(/[^\n]/g, " ");
  let out = "";
  let end = 0;
  const visit = (node: ts.Node): void => {
    const children = node.getChildren().filter((child) => !ts.isJSDoc(child));
    if (children.length > 0) {
      for (const child of children) visit(child);
      return;
    }
    const start = node.getStart();
    const literal = ts.isLiteralExpression(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node);
    const isText = literal && !ts.isNumericLiteral(node) && !ts.isBigIntLiteral(node);
    out += blank(end, start) + (isText ? blank(start, node.end) : source.text.slice(start, node.end));
    end = node.end;
  };
  visit(parse(source));
  return out + blank(end, source.text.length);
}

/** Static imports, re-exports and import() with a string. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, typeOnly: boolean): void => {
    if (literal === undefined || !ts.isStringLiteral(literal)) return;
    const specifier = literal.text;
    const path = normalize(join(dirname(source.path), specifier)).replace(/(\.d)?\.[mc]?[jt]s$/, "");
    const target = specifier.startsWith(".") ? path : specifier;
    found.push({ line: lineAt(source.text, literal.getStart()), specifier, target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return found;
}
