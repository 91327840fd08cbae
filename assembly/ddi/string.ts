// WdfString*. The text is the host's.

import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { callingDriver } from "../wdf/driver";
import { ObjectFlag } from "../wdf/object";
import { commit } from "../wdf/object-create";
import { isPassive, required } from "./check";

/** The attributes stand in the scratch area; the handle is the first out value. */
export function WdfStringCreate(): i32 {
  if (!isPassive(0)) return NtStatus.InvalidDeviceRequest;
  const status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  const parent = parentOr(callingDriver());
  return parent == 0 ? NtStatus.InvalidHandle : commit(ObjectKind.String, 0, parent, 0, ObjectFlag.PassiveDispose);
}

/** 1 when the text may be had. */
export function WdfStringGetUnicodeString(string_: u32): u32 {
  return required(string_, ObjectKind.String) != 0 && isPassive(string_) ? 1 : 0;
}
