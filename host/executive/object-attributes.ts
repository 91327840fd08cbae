// OBJECT_ATTRIBUTES: how an executive object is named, and how the name reaches the core.
//
// Reference: https://learn.microsoft.com/windows/win32/api/ntdef/nf-ntdef-initializeobjectattributes

import { NAME_COMPONENTS_MAX, NtStatus, ObjectAttribute, ObjectAttributesWord } from "../../bindings/abi";
import type { Machine } from "../machine";
import { executiveOf } from "./executive";

export const OBJ_INHERIT = ObjectAttribute.Inherit;
export const OBJ_PERMANENT = ObjectAttribute.Permanent;
export const OBJ_EXCLUSIVE = ObjectAttribute.Exclusive;
export const OBJ_CASE_INSENSITIVE = ObjectAttribute.CaseInsensitive;
export const OBJ_OPENIF = ObjectAttribute.OpenIf;
export const OBJ_OPENLINK = ObjectAttribute.OpenLink;
export const OBJ_KERNEL_HANDLE = ObjectAttribute.KernelHandle;

/** OBJECT_ATTRIBUTES */
export interface ObjectAttributes {
  /** A whole name from the root: \\Callback\\Battery. */
  objectName: string | null;
  /** OBJ_* flags. */
  attributes: number;
  /** There are no handles to directories here: NULL (0), or STATUS_INVALID_HANDLE is the answer. */
  rootDirectory: number;
  /** Nobody is refused access: kept, not looked at. */
  securityDescriptor: unknown;
}

/**
 * Fills in an OBJECT_ATTRIBUTES. Nothing is checked until it is used.
 *
 * @irql any
 */
export function InitializeObjectAttributes(
  ObjectName: string | null,
  Attributes: number,
  RootDirectory = 0,
  SecurityDescriptor: unknown = null,
): ObjectAttributes {
  return { objectName: ObjectName, attributes: Attributes, rootDirectory: RootDirectory, securityDescriptor: SecurityDescriptor };
}

/** What is wrong with how a name is written, or STATUS_SUCCESS. */
function syntaxOf({ objectName, rootDirectory }: ObjectAttributes): NtStatus {
  if (objectName === null || objectName === "") return NtStatus.Unsuccessful;
  if (rootDirectory !== 0) return NtStatus.InvalidHandle;
  if (!objectName.startsWith("\\")) return NtStatus.ObjectPathSyntaxBad;
  if (objectName === "\\") return NtStatus.ObjectTypeMismatch;
  return objectName.slice(1).split("\\").includes("") ? NtStatus.ObjectNameInvalid : NtStatus.Success;
}

/** Writes the attributes into the scratch area. */
export function writeObjectAttributes(m: Machine, block: ObjectAttributes): void {
  const syntax = syntaxOf(block);
  const components = syntax < 0 ? [] : block.objectName!.slice(1).split("\\").slice(0, NAME_COMPONENTS_MAX);
  const numbers = components.flatMap((component) => executiveOf(m).numberOf(component));
  m.core.writeScratch(ObjectAttributesWord.Attributes, [block.attributes, syntax, components.length, ...numbers]);
}
