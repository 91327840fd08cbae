// WdfFileObject*, and the way from a FILE_OBJECT to its WDFFILEOBJECT. What a file is called is the host's to know.
//
// Source: fxfileobjectapi.cpp, fxdeviceapikm.cpp (WdfDeviceGetFileObject), fxdeviceinitapi.cpp.

import { STRUCTURE_SIZE } from "../abi/config";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { WdfFileObjectClass, WdfTriState } from "../abi/wdf";
import { currentIrql } from "../nt/processor";
import { verifierOn } from "../nt/system";
import { Entry, lookup } from "../nt/table";
import { AttributesRule, validateAttributes } from "../wdf/attributes";
import { deviceAt } from "../wdf/device";
import { fileObjectOf, wdmFileAt, wdmHandleOf } from "../wdf/file";
import { objectAt } from "../wdf/object";
import { breakPoint } from "../wdf/verifier";
import { required } from "./check";

/** 1 when the configuration is one; the attributes stand in the scratch area. Otherwise a break: it is ignored. */
export function WdfDeviceInitSetFileObjectConfig(size: u32, class_: u32, autoForward: u32): u32 {
  const rules = (AttributesRule.ParentNotAllowed as u32) | AttributesRule.ScopeAllowed | AttributesRule.LevelAllowed;
  const normalized = class_ & 0x7fffffff;
  const fits = size == STRUCTURE_SIZE && validateAttributes(rules) >= 0 && autoForward <= (WdfTriState.UseDefault as u32);
  const known = normalized != 0 && normalized <= (WdfFileObjectClass.CannotUseFsContexts as u32);
  if (fits && known) return 1;
  breakPoint(FindingId.BadSize, 0, 0);
  return 0;
}

/** Handle of the WDFFILEOBJECT, or 0. */
export function WdfDeviceGetFileObject(device: u32, file: u32): u32 {
  const at = required(device, ObjectKind.Device);
  if (at == 0) return 0;
  const entry = fileObjectOf(deviceAt(objectAt(at).body), file);
  return entry == 0 ? 0 : changetype<Entry>(entry).handle;
}

/** Handle of the FILE_OBJECT, whose name is the file's; 0 above PASSIVE_LEVEL. */
export function WdfFileObjectGetFileName(file: u32): u32 {
  const at = required(file, ObjectKind.FileObject);
  if (at == 0) return 0;
  if (verifierOn() && currentIrql() > (Irql.Passive as u32)) {
    breakPoint(FindingId.NotPassive, file, 0);
    return 0;
  }
  return wdmHandleOf(at);
}

/** FO_... */
export function WdfFileObjectGetFlags(file: u32): u32 {
  const at = required(file, ObjectKind.FileObject);
  const wdm: usize = at == 0 ? 0 : lookup(wdmHandleOf(at), ObjectKind.WdmFileObject);
  return wdm == 0 ? 0 : wdmFileAt(wdm).flags;
}

export function WdfFileObjectGetDevice(file: u32): u32 {
  const at = required(file, ObjectKind.FileObject);
  return at == 0 ? 0 : deviceAt(objectAt(at).device).handle;
}

/** Handle of the FILE_OBJECT. */
export function WdfFileObjectWdmGetFileObject(file: u32): u32 {
  const at = required(file, ObjectKind.FileObject);
  return at == 0 ? 0 : wdmHandleOf(at);
}

/** The process that has opened the file. */
export function WdfFileObjectGetInitiatorProcessId(file: u32): u32 {
  const at = required(file, ObjectKind.FileObject);
  const wdm: usize = at == 0 ? 0 : lookup(wdmHandleOf(at), ObjectKind.WdmFileObject);
  return wdm == 0 ? 0 : wdmFileAt(wdm).process;
}
