// WDFKEY: an open key of the registry. The registry itself, its names and its bytes, is the host's.
//
//   body    what the key was opened for: a KeyAccess, and OPEN       0 once WdfRegistryClose has run
//
// A closed key lives on only while somebody refers to it; the kernel then finds no handle in it.
//
// Kernel code may do with a key's handle whatever it likes: the object manager checks what a handle was opened for only for
// callers in user mode. So a key that was opened for less is a finding of ours, and no error.
//
// Source: fxregkey.hpp, fxregkeykm.cpp; fxregistryapi.cpp.

import { FindingId } from "../abi/finding";
import { KeyAccess } from "../abi/registry";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { system } from "../nt/system";
import { lookupAny } from "../nt/table";
import { ObjectFlag, objectAt } from "./object";
import { commit, takeBack } from "./object-create";
import { ruleFinding } from "./verifier";

/** No right has this bit. */
const OPEN: u32 = 0x08000000;

/** Makes a key below `parent`, unless the registry says no. The handle is the first out value. */
export function createKey(parent: usize, access: u32, outcome: NtStatus): NtStatus {
  const status = commit(ObjectKind.Key, 0, parent, 0, ObjectFlag.PassiveDispose);
  if (status < 0) return status;
  if (outcome < 0) {
    takeBack(system.out0);
    system.out0 = 0;
    return outcome;
  }
  objectAt(lookupAny(system.out0)).body = rightsOf(access) | OPEN;
  return NtStatus.Success;
}

/** What the object manager makes of an ACCESS_MASK for keys. */
function rightsOf(access: u32): u32 {
  const generic = (KeyAccess.GenericRead as u32) | KeyAccess.GenericWrite | KeyAccess.GenericAll | KeyAccess.MaximumAllowed;
  let rights = access & ~generic;
  if ((access & (KeyAccess.GenericRead as u32)) != 0) rights |= KeyAccess.Read;
  if ((access & (KeyAccess.GenericWrite as u32)) != 0) rights |= KeyAccess.Write;
  if ((access & ((KeyAccess.GenericAll as u32) | KeyAccess.MaximumAllowed)) != 0) rights |= KeyAccess.All;
  return rights;
}

/** ObReferenceObjectByHandle for a caller in kernel mode: the key must be open. */
export function useKey(entry: usize, access: KeyAccess): NtStatus {
  const body = objectAt(entry).body;
  if (body == 0) return NtStatus.InvalidHandle;
  if ((body & (access as usize)) == 0) ruleFinding(FindingId.KeyAccessNotAsked, objectAt(entry).handle, access);
  return NtStatus.Success;
}

/** FxRegKey::Close */
export function closeKey(entry: usize): void {
  objectAt(entry).body = 0;
}
