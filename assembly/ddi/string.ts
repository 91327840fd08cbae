// WdfString*. The text is the host's.

import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { currentIrql } from "../nt/processor";
import { system, verifierOn } from "../nt/system";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { ObjectFlag } from "../wdf/object";
import { commit } from "../wdf/object-create";
import { breakPoint } from "../wdf/verifier";
import { required } from "./check";

/** The attributes stand in the scratch area; the handle is the first out value. */
export function WdfStringCreate(): i32 {
  if (!verifyPassive()) return NtStatus.InvalidDeviceRequest;
  const status = validateAttributes(AttributesRule.None);
  if (status < 0) return status;
  const parent = parentOr(system.driver);
  return parent == 0 ? NtStatus.InvalidHandle : commit(ObjectKind.String, 0, parent, 0, ObjectFlag.PassiveDispose);
}

/** 1 when the text may be had. */
export function WdfStringGetUnicodeString(string_: u32): u32 {
  return required(string_, ObjectKind.String) != 0 && verifyPassive() ? 1 : 0;
}

/** [V] FxVerifierCheckIrqlLevel(PASSIVE_LEVEL) */
function verifyPassive(): bool {
  if (!verifierOn() || currentIrql() == (Irql.Passive as u32)) return true;
  breakPoint(FindingId.NotPassive, 0, 0);
  return false;
}
