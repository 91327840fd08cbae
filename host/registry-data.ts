// What stands in the registry, as bytes and as plain objects.
//
//   plain object          registry
//   ───────────────────── ──────────────────────────────────
//   number                REG_DWORD
//   bigint                REG_QWORD
//   string                REG_SZ
//   array of strings      REG_MULTI_SZ
//   Uint8Array            REG_BINARY
//   RegistryValue         what it says
//   any other object      a key below, with what is in it

import { RegistryType } from "../bindings/abi";
import { fromBase64, toBase64 } from "./base64";
import { ProtocolError } from "./errors";

/** A value whose type a plain one cannot say, as REG_EXPAND_SZ. */
export class RegistryValue {
  readonly type: RegistryType;
  readonly bytes: Uint8Array;

  constructor(type: RegistryType, bytes: Uint8Array | string) {
    this.type = type;
    this.bytes = typeof bytes === "string" ? textBytes(bytes) : bytes;
  }
}

export type RegistryData = number | bigint | string | readonly string[] | Uint8Array | RegistryValue;

/** What is in a key: values, and keys below it. */
export interface RegistryContents {
  readonly [name: string]: RegistryData | RegistryContents;
}

/** UTF-16 with a zero at the end. */
export function textBytes(text: string): Uint8Array {
  return utf16(`${text}\0`);
}

/** REG_MULTI_SZ: each text with its zero, then one more zero; two of them when there is no text. */
export function textsBytes(texts: readonly string[]): Uint8Array {
  return utf16(texts.length === 0 ? "\0\0" : `${texts.map((text) => `${text}\0`).join("")}\0`);
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  return bytes;
}

/** The characters of some bytes, zeros and all; an odd byte at the end is left out. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
  return text;
}

/** The texts of a REG_MULTI_SZ, up to the first empty one. */
export function textsOf(bytes: Uint8Array): string[] {
  const all = textOf(bytes).split("\0");
  return all.slice(0, all.indexOf(""));
}

export function dwordBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** True for what becomes a value and not a key. */
export function isData(what: RegistryData | RegistryContents): what is RegistryData {
  return typeof what !== "object" || Array.isArray(what) || what instanceof Uint8Array || what instanceof RegistryValue;
}

/** A plain value as the registry keeps it. */
export function valueOf(data: RegistryData, name: string): RegistryValue {
  if (data instanceof RegistryValue) return new RegistryValue(data.type, data.bytes.slice());
  if (data instanceof Uint8Array) return new RegistryValue(RegistryType.Binary, data.slice());
  if (typeof data === "string") return new RegistryValue(RegistryType.String, data);
  if (typeof data === "bigint") {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, data, true);
    return new RegistryValue(RegistryType.QWord, bytes);
  }
  if (typeof data !== "number") return new RegistryValue(RegistryType.MultiString, textsBytes(data));
  const fits = Number.isInteger(data) && data >= -0x80000000 && data <= 0xffffffff;
  if (fits) return new RegistryValue(RegistryType.DWord, dwordBytes(data));
  throw new ProtocolError(`the registry value ${name} is ${data}: a number becomes a REG_DWORD, so give 32 bits, or a bigint`);
}

/** A value of the registry as a plain one; a RegistryValue where none says the same. */
export function plainValue({ type, bytes }: RegistryValue): RegistryData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === RegistryType.DWord && bytes.length === 4) return view.getUint32(0, true);
  if (type === RegistryType.QWord && bytes.length === 8) return view.getBigUint64(0, true);
  if (type === RegistryType.String && isText(bytes)) return textOf(bytes).slice(0, -1);
  if (type === RegistryType.MultiString && isTexts(bytes)) return textsOf(bytes);
  return type === RegistryType.Binary ? bytes.slice() : new RegistryValue(type, bytes.slice());
}

function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length % 2 === 0 && textOf(bytes).indexOf("\0") === bytes.length / 2 - 1;
}

/** _VerifyMultiSzString: whole characters, and two zeros at the end. */
export function isTexts(bytes: Uint8Array): boolean {
  return bytes.length % 2 === 0 && textOf(bytes).endsWith("\0\0");
}

/** Contents as text, for an input log. */
export function contentsText(contents: RegistryContents): string {
  return JSON.stringify(saved(contents));
}

function saved(contents: RegistryContents): unknown {
  const entries = Object.entries(contents).map(([name, what]) => {
    if (!isData(what)) return [name, saved(what)];
    const { type, bytes } = valueOf(what, name);
    return [name, [type, toBase64(bytes)]];
  });
  return Object.fromEntries(entries);
}

/** What {@link contentsText} has written. */
export function contentsFrom(text: string): RegistryContents {
  return restored(JSON.parse(text) as Saved);
}

interface Saved {
  readonly [name: string]: readonly [RegistryType, string] | Saved;
}

function restored(contents: Saved): RegistryContents {
  const entries = Object.entries(contents).map(([name, what]) =>
    Array.isArray(what) ? [name, new RegistryValue(what[0], fromBase64(what[1]))] : [name, restored(what as Saved)],
  );
  return Object.fromEntries(entries);
}
