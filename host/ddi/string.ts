// WdfString*: Microsoft's names, handles as branded numbers, out-parameters as return values.
//
// Reference of each function: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdfstring/

import type { NtStatus } from "../../bindings/abi";
import { machine } from "../current";
import { writeAttributes } from "./attributes";
import { ask } from "./call";
import type { WDFSTRING, WdfObjectAttributes } from "./types";

/**
 * Makes a string object with a copy of the text; without one it is empty. Its parent is the driver unless the attributes
 * name another.
 *
 * @irql PASSIVE_LEVEL
 * @returns STATUS_INVALID_DEVICE_REQUEST above PASSIVE_LEVEL (with a verifier break), STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_WDF_OBJECT_ATTRIBUTES_INVALID, STATUS_DELETE_PENDING, STATUS_INSUFFICIENT_RESOURCES
 */
export function WdfStringCreate(
  UnicodeString?: string | null,
  StringAttributes?: WdfObjectAttributes,
): { readonly status: NtStatus; readonly string: WDFSTRING } {
  const m = machine();
  writeAttributes(m, StringAttributes);
  return ask("WdfStringCreate", [], (status) => {
    const string = m.core.outValue(0) as WDFSTRING;
    if (status >= 0) {
      m.names.addNumbered(string, "string");
      m.contents.setText(string, UnicodeString ?? "");
    }
    return { status, string };
  });
}

/**
 * The text; an empty one, with a verifier break, above PASSIVE_LEVEL.
 *
 * @irql PASSIVE_LEVEL
 */
export function WdfStringGetUnicodeString(String: WDFSTRING): string {
  const { contents } = machine();
  return ask("WdfStringGetUnicodeString", [String], (good) => (good !== 0 ? contents.textOf(String) : ""));
}
