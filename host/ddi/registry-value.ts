// WdfRegistryQuery*, WdfRegistryAssign*, WdfRegistryRemoveValue: the values in an open key of the registry.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfregistry/

import { NtStatus, type PoolType, RegistryType } from "../../bindings/abi";
import { machine } from "../current";
import type { Machine } from "../machine";
import { RegistryValue, dwordBytes, isTexts, textBytes, textOf, textsBytes, textsOf } from "../registry-data";
import { writeAttributes } from "./attributes";
import { ask } from "./call";
import { WdfMemoryCreate } from "./memory";
import { textNumber } from "./text";
import type { WdfMemoryOffset } from "./target-types";
import type { WDFCOLLECTION, WDFKEY, WDFMEMORY, WDFOBJECT, WDFSTRING, WdfObjectAttributes } from "./types";

const NOTHING = new RegistryValue(RegistryType.None, new Uint8Array(0));
/** The largest length of a UNICODE_STRING. */
const LENGTH_MAX = 0xffff;

/** What ZwQueryValueKey finds. */
function read(m: Machine, key: WDFKEY, name: string | null): { readonly status: NtStatus; readonly value: RegistryValue } {
  const node = m.contents.keyOf(key);
  if (node === undefined) return { status: NtStatus.InvalidHandle, value: NOTHING };
  if (node.deleted) return { status: NtStatus.KeyDeleted, value: NOTHING };
  const value = node.value(name ?? "");
  return value === undefined ? { status: NtStatus.ObjectNameNotFound, value: NOTHING } : { status: NtStatus.Success, value };
}

/** ZwSetValueKey */
function write(m: Machine, key: WDFKEY, name: string | null, type: RegistryType, bytes: Uint8Array): NtStatus {
  const node = m.contents.keyOf(key);
  if (node === undefined) return NtStatus.InvalidHandle;
  if (node.deleted) return NtStatus.KeyDeleted;
  node.set(name ?? "", new RegistryValue(type, bytes.slice()));
  return NtStatus.Success;
}

function isText({ type }: RegistryValue): boolean {
  return type === RegistryType.String || type === RegistryType.ExpandString;
}

/** The text of a value; the zero at its end, if there is one, is not of it. */
function textIn({ bytes }: RegistryValue): string {
  const text = textOf(bytes);
  return text.endsWith("\0") ? text.slice(0, -1) : text;
}

/**
 * Copies a value into a buffer. Without a buffer it only says how long the value is.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_BUFFER_OVERFLOW, with the length and type, when the buffer is too short; STATUS_OBJECT_NAME_NOT_FOUND;
 * STATUS_KEY_DELETED; STATUS_INVALID_HANDLE for a key that is closed; STATUS_INVALID_DEVICE_REQUEST above PASSIVE_LEVEL
 * (with a verifier break)
 */
export function WdfRegistryQueryValue(
  Key: WDFKEY,
  ValueName: string | null,
  Value: Uint8Array | null,
): { readonly status: NtStatus; readonly length: number; readonly type: RegistryType } {
  const m = machine();
  return ask("WdfRegistryQueryValue", [Key, textNumber(m, ValueName)], (good) => {
    const { status, value } = good < 0 ? { status: good, value: NOTHING } : read(m, Key, ValueName);
    const { type, bytes } = value;
    const fits = bytes.length <= (Value?.length ?? 0);
    if (status >= 0 && fits) Value?.set(bytes);
    return { status: status < 0 || fits ? status : NtStatus.BufferOverflow, length: bytes.length, type };
  });
}

/**
 * The number in a REG_DWORD.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_OBJECT_TYPE_MISMATCH for a value of another type, and as WdfRegistryQueryValue
 */
export function WdfRegistryQueryULong(Key: WDFKEY, ValueName: string | null): { readonly status: NtStatus; readonly value: number } {
  const m = machine();
  return ask("WdfRegistryQueryULong", [Key, textNumber(m, ValueName)], (good) => {
    const { status, value } = good < 0 ? { status: good, value: NOTHING } : read(m, Key, ValueName);
    if (status < 0) return { status, value: 0 };
    if (value.type !== RegistryType.DWord) return { status: NtStatus.ObjectTypeMismatch, value: 0 };
    if (value.bytes.length > 4) return { status: NtStatus.BufferOverflow, value: 0 };
    const bytes = new Uint8Array(4);
    bytes.set(value.bytes);
    return { status, value: new DataView(bytes.buffer).getUint32(0, true) };
  });
}

/**
 * Copies a text into a string object.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name or string
 * @returns STATUS_OBJECT_TYPE_MISMATCH for a value that is no text, STATUS_RESOURCE_DATA_NOT_FOUND for an empty one,
 * STATUS_INVALID_BUFFER_SIZE for one of more than 65,535 bytes, and as WdfRegistryQueryValue
 */
export function WdfRegistryQueryString(Key: WDFKEY, ValueName: string | null, String: WDFSTRING): NtStatus {
  const m = machine();
  return ask("WdfRegistryQueryString", [Key, textNumber(m, ValueName), String], (good) => {
    const { status, value } = good < 0 ? { status: good, value: NOTHING } : read(m, Key, ValueName);
    if (status < 0) return status;
    if (!isText(value)) return NtStatus.ObjectTypeMismatch;
    if (value.bytes.length === 0) return NtStatus.ResourceDataNotFound;
    if (value.bytes.length > LENGTH_MAX) return NtStatus.InvalidBufferSize;
    m.contents.setText(String, textIn(value));
    return status;
  });
}

/**
 * The text in a value, for a UNICODE_STRING of that many bytes. Without one (null) it says only how many bytes the value
 * has: with STATUS_BUFFER_OVERFLOW, whatever its type is.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_BUFFER_OVERFLOW, with the length, when there is no room for it; STATUS_INVALID_PARAMETER for no bytes;
 * STATUS_OBJECT_TYPE_MISMATCH for a value that is no text; and as WdfRegistryQueryValue
 */
export function WdfRegistryQueryUnicodeString(
  Key: WDFKEY,
  ValueName: string | null,
  MaximumLength: number | null,
): { readonly status: NtStatus; readonly valueByteLength: number; readonly value: string } {
  const m = machine();
  return ask("WdfRegistryQueryUnicodeString", [Key, textNumber(m, ValueName)], (good) => {
    if (good < 0) return { status: good, valueByteLength: 0, value: "" };
    if (MaximumLength !== null && (MaximumLength === 0 || (MaximumLength & 1) !== 0)) {
      return { status: NtStatus.InvalidParameter, valueByteLength: 0, value: "" };
    }
    const { status, value } = read(m, Key, ValueName);
    const valueByteLength = value.bytes.length & LENGTH_MAX;
    if (status < 0) return { status, valueByteLength: 0, value: "" };
    if (value.bytes.length > (MaximumLength ?? 0)) return { status: NtStatus.BufferOverflow, valueByteLength, value: "" };
    if (!isText(value)) return { status: NtStatus.ObjectTypeMismatch, valueByteLength: 0, value: "" };
    return { status, valueByteLength, value: MaximumLength === null ? "" : textIn(value) };
  });
}

/**
 * Makes a string object for each text of a REG_MULTI_SZ and appends them to a collection.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name or collection
 * @returns STATUS_OBJECT_TYPE_MISMATCH for another type, or bytes that do not end in two zeros; STATUS_RESOURCE_DATA_NOT_FOUND
 * for an empty value; what WdfStringCreate returns; and as WdfRegistryQueryValue
 */
export function WdfRegistryQueryMultiString(
  Key: WDFKEY,
  ValueName: string | null,
  StringsAttributes: WdfObjectAttributes | undefined,
  Collection: WDFCOLLECTION,
): NtStatus {
  const m = machine();
  writeAttributes(m, StringsAttributes);
  return ask("WdfRegistryQueryMultiString", [Key, textNumber(m, ValueName), Collection], (good) => {
    const { status, value } = good < 0 ? { status: good, value: NOTHING } : read(m, Key, ValueName);
    if (status < 0) return status;
    if (value.type !== RegistryType.MultiString) return NtStatus.ObjectTypeMismatch;
    if (value.bytes.length === 0) return NtStatus.ResourceDataNotFound;
    if (!isTexts(value.bytes)) return NtStatus.ObjectTypeMismatch;
    return addStrings(m, textsOf(value.bytes), StringsAttributes, Collection);
  });
}

/** All of them, or none. */
function addStrings(m: Machine, texts: readonly string[], attributes: WdfObjectAttributes | undefined, to: WDFCOLLECTION): NtStatus {
  const before = m.exports.WdfCollectionGetCount(to);
  for (const text of texts) {
    writeAttributes(m, attributes);
    const status: NtStatus = m.exports.WdfStringCreate();
    const string = m.core.outValue(0);
    const added: NtStatus = status < 0 ? status : m.exports.WdfCollectionAdd(to, string);
    if (added < 0) {
      while (m.exports.WdfCollectionGetCount(to) > before) m.exports.WdfCollectionRemoveItem(to, before);
      return status < 0 ? status : NtStatus.InsufficientResources;
    }
    m.born(string, "string");
    m.contents.setText(string, text);
  }
  return NtStatus.Success;
}

/**
 * Makes a memory object with a copy of a value.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_RESOURCE_DATA_NOT_FOUND for an empty value, what WdfMemoryCreate returns, and as WdfRegistryQueryValue
 */
export function WdfRegistryQueryMemory(
  Key: WDFKEY,
  ValueName: string | null,
  Pool: PoolType,
  MemoryAttributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly memory: WDFMEMORY; readonly type: RegistryType } {
  const m = machine();
  const none = 0 as WDFMEMORY;
  writeAttributes(m, MemoryAttributes);
  const { status, value } = ask("WdfRegistryQueryMemory", [Key, textNumber(m, ValueName)], (good) =>
    good < 0 ? { status: good, value: NOTHING } : read(m, Key, ValueName),
  );
  const { type, bytes } = value;
  if (status < 0) return { status, memory: none, type };
  if (bytes.length === 0) return { status: NtStatus.ResourceDataNotFound, memory: none, type };
  const made = WdfMemoryCreate(MemoryAttributes, Pool, 0, bytes.length);
  if (made.status >= 0) made.buffer.set(bytes);
  return { status: made.status, memory: made.memory, type };
}

/**
 * Removes a value from a key.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_OBJECT_NAME_NOT_FOUND, and as WdfRegistryQueryValue
 */
export function WdfRegistryRemoveValue(Key: WDFKEY, ValueName: string | null): NtStatus {
  const m = machine();
  return ask("WdfRegistryRemoveValue", [Key, textNumber(m, ValueName)], (good) => {
    const { status } = good < 0 ? { status: good } : read(m, Key, ValueName);
    if (status >= 0) m.contents.keyOf(Key)?.values.delete((ValueName ?? "").toLowerCase());
    return status;
  });
}

/** Writes what `bytes` gives, once the core has agreed. */
function assign(
  name: string,
  key: WDFKEY,
  valueName: string | null,
  more: readonly number[],
  bytes: (m: Machine) => { readonly type: RegistryType; readonly bytes: Uint8Array } | NtStatus,
): NtStatus {
  const m = machine();
  return ask(name, [key, textNumber(m, valueName), ...more], (good) => {
    if (good < 0) return good;
    const what = bytes(m);
    return typeof what === "number" ? what : write(m, key, valueName, what.type, what.bytes);
  });
}

/**
 * Writes a value of any type.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns STATUS_KEY_DELETED; STATUS_INVALID_HANDLE for a key that is closed; STATUS_INVALID_DEVICE_REQUEST above
 * PASSIVE_LEVEL (with a verifier break)
 */
export function WdfRegistryAssignValue(Key: WDFKEY, ValueName: string | null, ValueType: RegistryType, Value: Uint8Array): NtStatus {
  return assign("WdfRegistryAssignValue", Key, ValueName, [], () => ({ type: ValueType, bytes: Value }));
}

/**
 * Writes a REG_DWORD.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name
 * @returns as WdfRegistryAssignValue
 */
export function WdfRegistryAssignULong(Key: WDFKEY, ValueName: string | null, Value: number): NtStatus {
  return assign("WdfRegistryAssignULong", Key, ValueName, [], () => ({ type: RegistryType.DWord, bytes: dwordBytes(Value) }));
}

/**
 * Writes a REG_SZ.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name or text
 * @returns as WdfRegistryAssignValue
 */
export function WdfRegistryAssignUnicodeString(Key: WDFKEY, ValueName: string | null, Value: string | null): NtStatus {
  const more = [Value === null ? 0 : 1];
  return assign("WdfRegistryAssignUnicodeString", Key, ValueName, more, () => ({
    type: RegistryType.String,
    bytes: textBytes(Value ?? ""),
  }));
}

/**
 * Writes the text of a string object as REG_SZ.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name or string
 * @returns as WdfRegistryAssignValue
 */
export function WdfRegistryAssignString(Key: WDFKEY, ValueName: string | null, String: WDFSTRING): NtStatus {
  return assign("WdfRegistryAssignString", Key, ValueName, [String], ({ contents }) => ({
    type: RegistryType.String,
    bytes: textBytes(contents.textOf(String)),
  }));
}

/**
 * Writes the texts of a collection of string objects as REG_MULTI_SZ.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name or collection
 * @returns STATUS_INVALID_PARAMETER when something else is in the collection, and as WdfRegistryAssignValue
 */
export function WdfRegistryAssignMultiString(Key: WDFKEY, ValueName: string | null, StringsCollection: WDFCOLLECTION): NtStatus {
  return assign("WdfRegistryAssignMultiString", Key, ValueName, [StringsCollection], ({ contents, exports }) => {
    const texts: string[] = [];
    for (let at = 0; at < exports.WdfCollectionGetCount(StringsCollection); at++) {
      const item = exports.WdfCollectionGetItem(StringsCollection, at) as WDFOBJECT;
      if (!contents.hasText(item)) return NtStatus.InvalidParameter;
      texts.push(contents.textOf(item));
    }
    return { type: RegistryType.MultiString, bytes: textsBytes(texts) };
  });
}

/**
 * Writes the bytes of a memory object, or some of them.
 *
 * @irql PASSIVE_LEVEL
 * @bugcheck WDF_VIOLATION / WDF_REQUIRED_PARAMETER_IS_NULL without a name or memory
 * @returns STATUS_INTEGER_OVERFLOW when the offsets lead out of the memory, and as WdfRegistryAssignValue
 */
export function WdfRegistryAssignMemory(
  Key: WDFKEY,
  ValueName: string | null,
  ValueType: RegistryType,
  Memory: WDFMEMORY,
  MemoryOffsets?: WdfMemoryOffset,
): NtStatus {
  const { bufferOffset, bufferLength } = MemoryOffsets ?? { bufferOffset: 0, bufferLength: 0 };
  return assign("WdfRegistryAssignMemory", Key, ValueName, [Memory, bufferOffset, bufferLength], ({ contents }) => {
    const all = contents.bytesOf(Memory);
    const length = bufferLength === 0 ? all.length : bufferLength;
    return { type: ValueType, bytes: all.subarray(bufferOffset, bufferOffset + length) };
  });
}
