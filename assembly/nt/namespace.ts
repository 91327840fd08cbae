// The object directory: names that lead to executive objects.
//
//   \ ──▶ Callback ──▶ SetSystemTime, PowerState, ProcessorAdd, and what drivers put there
//
//   record  object │ next │ prev │ directory │ exact │ folded │ lost
//
// The core has no strings. The host numbers the components of names (abi/executive.ts): equal numbers are equal texts, and
// `folded` numbers are equal where the texts differ only in case. All records are on one ring; there are few.

import { NAME_COMPONENTS_MAX, ObjectAttributesWord } from "../abi/executive";
import { NtStatus } from "../abi/status";
import { Links } from "./links";
import { allocateSlab, clear } from "./memory";
import { word } from "./scratch";
import { system } from "./system";

@unmanaged
export class Name extends Links {
  // `tag` is the handle of the object; 0 for a directory.
  directory: usize;
  exact: u32;
  folded: u32;
  /** 1 when the object lives on but can no longer be found: a temporary one whose last handle was closed. */
  lost: u32;

  @inline get isDirectory(): bool {
    return this.tag == 0;
  }
}

export function nameAt(address: usize): Name {
  return changetype<Name>(address);
}

/** Adds a name, 0 when memory is short. `directory` 0: this is the root itself. */
export function addName(directory: usize, exact: u32, folded: u32, object: u32): usize {
  if (system.freeNames == 0) system.freeNames = allocateSlab(offsetof<Name>());
  const at = system.freeNames;
  if (at == 0) return 0;
  system.freeNames = load<usize>(at);
  clear(at, offsetof<Name>());
  const name = nameAt(at);
  name.tag = object;
  name.directory = directory;
  name.exact = exact;
  name.folded = folded;
  if (system.root == 0) {
    system.root = at;
    name.reset();
  } else {
    nameAt(system.root).append(name);
  }
  return at;
}

/** Takes a name away for good. */
export function removeName(at: usize): void {
  nameAt(at).unlink();
  store<usize>(at, system.freeNames);
  system.freeNames = at;
}

/** Components of the name in the scratch area. */
function componentCount(): u32 {
  return min<u32>(word(ObjectAttributesWord.Components), NAME_COMPONENTS_MAX);
}

@inline function exactAt(component: u32): u32 {
  return word((ObjectAttributesWord.Names as i32) + 2 * (component as i32));
}

@inline function foldedAt(component: u32): u32 {
  return word((ObjectAttributesWord.Names as i32) + 2 * (component as i32) + 1);
}

/** The directory in which the last component of the name in the scratch area would be, 0 when the way ends before. */
export function parentOf(caseless: bool): usize {
  const last = componentCount() - 1;
  let directory = system.root;
  for (let component: u32 = 0; component < last; component++) {
    const next = find(directory, component, caseless, 0);
    if (next == 0 || !nameAt(next).isDirectory) return 0;
    directory = next;
  }
  return directory;
}

/** Why `parentOf` found none: something that is no directory stands in the way, or nothing does. */
export function whyNoParent(caseless: bool): NtStatus {
  const last = componentCount() - 1;
  let directory = system.root;
  for (let component: u32 = 0; component < last; component++) {
    const next = find(directory, component, caseless, 0);
    if (next == 0) return NtStatus.ObjectPathNotFound;
    if (!nameAt(next).isDirectory) return NtStatus.ObjectTypeMismatch;
    directory = next;
  }
  return NtStatus.ObjectPathNotFound;
}

/** What the name in the scratch area stands for in its directory, 0 for nothing. */
export function leafOf(directory: usize, caseless: bool): usize {
  return find(directory, componentCount() - 1, caseless, 0);
}

/** An object that had this name and has lost it, 0 for none. */
export function lostLeafOf(directory: usize, caseless: bool): usize {
  return find(directory, componentCount() - 1, caseless, 1);
}

/** Gives an object the name in the scratch area. */
export function addLeaf(directory: usize, object: u32): usize {
  const last = componentCount() - 1;
  return addName(directory, exactAt(last), foldedAt(last), object);
}

function find(directory: usize, component: u32, caseless: bool, lost: u32): usize {
  const wanted = caseless ? foldedAt(component) : exactAt(component);
  const root = nameAt(system.root);
  for (let node = root.next; node != root; node = node.next) {
    const name = changetype<Name>(node);
    if (name.directory != directory || name.lost != lost) continue;
    if ((caseless ? name.folded : name.exact) == wanted) return changetype<usize>(name);
  }
  return 0;
}
