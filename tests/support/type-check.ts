// What the compiler says about a piece of code: its errors, as a user of the package would see them.

import { resolve } from "node:path";
import ts from "typescript";

const ENTRIES = { "wdf-wasm": "host/index.ts", "wdf-wasm/ddi": "host/ddi/index.ts", "wdf-wasm/umdf1": "host/umdf1/index.ts" };

/** Checks programs together, by name: their errors, messages flattened, each as `line: message`. */
export function typeErrors(programs: Readonly<Record<string, string>>): Record<string, string[]> {
  const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const paths = Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, [resolve(path)]]));
  const settings: ts.CompilerOptions = { ...options, paths, noUnusedLocals: false, noUnusedParameters: false, noEmit: true };
  const host = ts.createCompilerHost(settings);
  const files = new Map(Object.entries(programs).map(([name, text]) => [resolve(`${name}.ts`), text]));
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram(["bindings/as-types.d.ts", ...files.keys()], settings, host);
  const errorsOf = (path: string): string[] =>
    [...program.getSyntacticDiagnostics(program.getSourceFile(path)), ...program.getSemanticDiagnostics(program.getSourceFile(path))].map(
      ({ messageText, file, start }) =>
        `${file!.getLineAndCharacterOfPosition(start!).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  return Object.fromEntries(Object.keys(programs).map((name) => [name, errorsOf(resolve(`${name}.ts`))]));
}
