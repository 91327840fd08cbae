// Microsoft's names: in the core, in host/ddi and host/executive, in the tests, in the table of their levels
// (assembly/abi/irql-rules.ts), and in the table that lists them.

import ts from "typescript";
import { Ddi as Row } from "../../bindings/abi";
import { allowedIrql } from "../../host/irql";
import { type Source, finding, isCode, parse } from "./source";

/** A function of host/ddi or host/executive with one of Microsoft's names. */
export interface Ddi {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** The doc comment, without its frame; empty when there is none. */
  readonly doc: string;
}

/** DDIs without an export of the core, and why. */
export const HOST_ONLY: Readonly<Record<string, string>> = {
  WdfDeviceInitSetExclusive: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfDeviceInitSetIoType: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfDeviceInitSetPnpPowerEventCallbacks: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfDeviceInitSetPowerPolicyEventCallbacks: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfObjectContextGetObject: "contexts are the host's",
  WdfObjectDereferenceActual: "tags are the host's, the reference is WdfObjectDereference's",
  WdfObjectDereferenceWithTag: "tags are the host's, the reference is WdfObjectDereference's",
  WdfObjectReferenceActual: "tags are the host's, the reference is WdfObjectReference's",
  WdfObjectReferenceWithTag: "tags are the host's, the reference is WdfObjectReference's",
  WdfFdoInitSetFilter: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAllowForwardingRequestToParent: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfFdoInitSetDefaultChildListConfig: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAddCompatibleID: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAddDeviceText: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAddHardwareID: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAssignDeviceID: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAssignInstanceID: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitAssignRawDevice: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfPdoInitSetEventCallbacks: "WDFDEVICE_INIT is the host's until WdfDeviceCreate",
  WdfFdoGetDefaultChildList: "child lists are found by the host",
  WdfPdoRetrieveIdentificationDescription: "descriptions of children are the host's",
};

/** Every exported function of host/ddi and host/executive whose name is Microsoft's. */
export function ddisOf(sources: readonly Source[]): Ddi[] {
  return sources.filter(({ path }) => /^host\/(ddi|executive)\//.test(path) && isCode(path)).flatMap((source) =>
    exportedFunctions(source).filter(({ name }) => isFunctionName(name) || /^(NT_|WDF_|STATUS_)/.test(name)),
  );
}

/** The framework's and the kernel's functions; macros have names in capitals. */
function isFunctionName(name: string): boolean {
  return /^(Wdf|Ke|Ex|Io|Ob|Ps|Zw)[A-Z]/.test(name);
}

function exportedFunctions(source: Source): Ddi[] {
  const tree = parse(source);
  return tree.statements.filter(ts.isFunctionDeclaration).flatMap((node) => {
    const exported = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
    if (!exported || node.name === undefined) return [];
    const doc = ts.getJSDocCommentsAndTags(node).map((comment) => comment.getText()).join("\n");
    const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    return [{ name: node.name.text, path: source.path, line, doc: doc.replaceAll(/^\s*\/?\*+\/?[ ]?/gm, "") }];
  });
}

/** Every DDI has a doc comment, and every function says at which IRQL it may be called, as its row does. */
export function documented(sources: readonly Source[]): string[] {
  return ddisOf(sources).flatMap(({ name, path, line, doc }) => {
    if (doc.trim() === "") return [finding(path, line, `${name} has no doc comment; say in a sentence what it does`)];
    if (!isFunctionName(name)) return [];
    const row = rowOf(name);
    if (row === undefined) return [finding(path, line, `${name} has no row in ${ROWS}; add it to the section of its levels`)];
    const says = irqlOf(doc);
    if (says === "") return [finding(path, line, `${name} has no @irql line; say "@irql ${row}"`)];
    return says === row ? [] : [finding(path, line, `${name} says "@irql ${says}", its row in ${ROWS} "${row}"; one of them is wrong`)];
  });
}

const ROWS = "assembly/abi/irql-rules.ts";

/** The levels of a DDI by the table, undefined without a row. */
function rowOf(name: string): string | undefined {
  const row = Row[name as keyof typeof Row];
  return row === undefined ? undefined : allowedIrql(row);
}

/** What the row of a DDI says beside its levels. */
function noteOf(name: string, sources: readonly Source[]): string {
  const rows = sources.find(({ path }) => path === ROWS)?.text ?? "";
  return new RegExp(`^  ${name}, // (.+)$`, "m").exec(rows)?.[1] ?? "";
}

/** Core and host have the same DDIs. */
export function sameOnBothSides(core: readonly string[], sources: readonly Source[]): string[] {
  const ddis = ddisOf(sources).filter(({ name }) => isFunctionName(name));
  const host = new Set(ddis.map(({ name }) => name));
  const inCore = core.filter((name) => /^[A-Z]/.test(name));
  return [
    ...inCore
      .filter((name) => !host.has(name))
      .map((name) => finding("assembly/index.ts", 1, `exports ${name}; host/ddi lacks it, or host/executive`)),
    ...ddis
      .filter(({ name }) => !inCore.includes(name) && !(name in HOST_ONLY))
      .map(({ name, path, line }) => finding(path, line, `${name} is not exported by the core; export it, or say why in HOST_ONLY`)),
    ...Object.keys(HOST_ONLY)
      .filter((name) => inCore.includes(name) || !host.has(name))
      .map((name) => finding("tests/tidy/ddi.ts", 1, `HOST_ONLY lists ${name} without need; take it out`)),
  ];
}

/** DDIs that no test is named after. */
export function untested(sources: readonly Source[]): string[] {
  const files = testFiles(sources);
  return ddisOf(sources).filter(({ name }) => isFunctionName(name) && !files.has(name)).map(({ name }) => name).sort();
}

/** The file below tests/ddi with `describe("Name"`, by name. */
function testFiles(sources: readonly Source[]): Map<string, string> {
  const tests = sources.filter(({ path }) => path.startsWith("tests/ddi/"));
  const describes = tests.flatMap(({ path, text }) =>
    [...text.matchAll(/\bdescribe(?:\.each\(.*?\))?\(\s*["'`](\w+)/g)].map((match) => [match[1], path] as const),
  );
  return new Map(describes);
}

const HEADERS: readonly (readonly [RegExp, string])[] = [
  [/^WdfIoQueue/, "wdfio"],
  [/^WdfRequest/, "wdfrequest"],
  [/^WdfObject/, "wdfobject"],
  [/^WdfRegistry/, "wdfregistry"],
  [/^WdfDriver/, "wdfdriver"],
  [/^WdfFdo/, "wdffdo"],
  [/^WdfPdo/, "wdfpdo"],
  [/^WdfChildList/, "wdfchildlist"],
  [/^WdfFileObject/, "wdfdevice"],
  [/^WdfDevice/, "wdfdevice"],
  [/^WdfIoTarget/, "wdfiotarget"],
  [/^WdfTimer/, "wdftimer"],
  [/^WdfWorkItem/, "wdfworkitem"],
  [/^WdfDpc/, "wdfdpc"],
  [/^WdfInterrupt/, "wdfinterrupt"],
  [/^Wdf(Spin|Wait)Lock/, "wdfsync"],
  [/^Wdf(Memory|LookasideList)/, "wdfmemory"],
  [/^WdfCollection/, "wdfcollection"],
  [/^WdfString/, "wdfstring"],
  [/^Ke(AreApcsDisabled|EnterCriticalRegion|LeaveCriticalRegion)$/, "ntddk"],
  [/^(Ke|Ex|Io|Ob|Ps|Zw)[A-Z]/, "wdm"],
];

/** Macros, whose pages stand elsewhere. */
const MACROS = new Set([
  "WdfObjectDereference",
  "WdfObjectDereferenceWithTag",
  "WdfObjectGetTypedContext",
  "WdfObjectReference",
  "WdfObjectReferenceWithTag",
]);

/** Microsoft's page of a function. */
export function pageOf(name: string): string {
  const header = HEADERS.find(([family]) => family.test(name))?.[1];
  if (header === undefined) throw new Error(`which header declares ${name}? Say so in HEADERS`);
  const page = name.toLowerCase();
  const drivers = "https://learn.microsoft.com/windows-hardware/drivers";
  return MACROS.has(name) ? `${drivers}/wdf/${page}` : `${drivers}/ddi/${header}/nf-${header}-${page}`;
}

function irqlOf(doc: string): string {
  return /^\s*@irql (.+)$/m.exec(doc)?.[1].split(";")[0].trim() ?? "";
}

/** docs/DDI.md. */
export function table(sources: readonly Source[]): string {
  const tests = testFiles(sources);
  const coreFile = (name: string): string => {
    const declares = new RegExp(`^export function ${name}\\(`, "m");
    return sources.find(({ path, text }) => path.startsWith("assembly/ddi/") && declares.test(text))?.path ?? "";
  };
  const ddis = ddisOf(sources).filter(({ name }) => isFunctionName(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = ddis.map(({ name, path }) => {
    const core = coreFile(name);
    const where = [core === "" ? HOST_ONLY[name] : link(core), link(path), link(tests.get(name) ?? "")];
    const levels = [rowOf(name) ?? "", noteOf(name, sources)].filter((text) => text !== "").join("; ");
    return `| [\`${name}\`](${pageOf(name)}) | ${where.join(" | ")} | ${levels} |`;
  });
  return [
    "# The DDIs",
    "",
    `${ddis.length} functions of the framework and the kernel, by name. The name links to Microsoft's page, the files to what this`,
    "repository makes of it. The last column is the IRQL at which it may be called, from `assembly/abi/irql-rules.ts`.",
    "",
    "Written by `npx vitest run --project node tests/tidy.test.ts -u`.",
    "",
    "| Name | Core | Host | Test | IRQL |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function link(path: string): string {
  return path === "" ? "" : `[${path}](../${path})`;
}
