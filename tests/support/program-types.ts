// Type errors of programs, under the options of this repository.

import ts from "typescript";

/** The messages of all errors in the files and in what they import. */
export function typeErrors(files: readonly string[]): string[] {
  const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const program = ts.createProgram(["bindings/as-types.d.ts", ...files], { ...options, noUnusedParameters: false });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
