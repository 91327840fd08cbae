// The relations between objects, their lives and their families, for wdf/invariants.ts.

import { Invariant } from "../abi/invariant";
import { ENTRY_SIZE, TABLE_BASE } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { Links } from "../nt/links";
import { system } from "../nt/system";
import { isFrameworkObject } from "../nt/table";
import { Life, kindOf, lifeAt, lifeOf } from "./object";

/** The first relation of an object that does not hold. */
export function checkObject(entry: usize): Invariant {
  if (!isFrameworkObject(entry)) return Invariant.Good;
  const address = lifeOf(entry);
  if (address == 0) return kindOf(entry) == (ObjectKind.Request as u32) ? Invariant.Good : Invariant.LifeWrong;
  const life = lifeAt(address);
  if (life.entry != entry) return Invariant.LifeWrong;
  if (life.parent == 0) return life.isEmpty ? checkChildren(life) : Invariant.ChildTorn;
  if (!isOn(lifeAt(life.parent).children, life)) return Invariant.ChildTorn;
  return checkChildren(life);
}

/** True when the ring comes round, and the node is on it. */
function isOn(head: Links, node: Links): bool {
  let found = false;
  let steps: u32 = 0;
  for (let at = head.next; at != head; at = at.next) {
    if (at.next.prev != at || steps++ > system.tableHigh) return false;
    if (at == node) found = true;
  }
  return found;
}

/** Every child names its parent and lives. */
function checkChildren(life: Life): Invariant {
  for (let node = life.children.next; node != life.children; node = node.next) {
    if (node.next.prev != node) return Invariant.ChildTorn;
    const child = changetype<Life>(node);
    if (child.parent != changetype<usize>(life) || !isInTable(child.entry)) return Invariant.ChildMisplaced;
  }
  return Invariant.Good;
}

function isInTable(entry: usize): bool {
  const high = (TABLE_BASE as usize) + (system.tableHigh as usize) * ENTRY_SIZE;
  return entry > (TABLE_BASE as usize) && entry < high && isFrameworkObject(entry);
}
