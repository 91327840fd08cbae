// The relations between targets and the requests that are out at them, for wdf/invariants.ts.
//
// On a target's rings is exactly what is in flight: what is on `sent` or `ignored` has a leg below that knows it, what is on
// `pended` has none, and whatever says of itself that it is out is on the ring of its flags. While framework code runs, or a
// thread waits, a request may be between two of these places: then only the rings themselves are looked at.

import { Invariant } from "../abi/invariant";
import { ENTRY_SIZE, TABLE_BASE } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { Links } from "../nt/links";
import { system } from "../nt/system";
import { kindOf, objectAt } from "./object";
import { Extension, request } from "./request";
import { Sending, SendingFlag, sendingAt, sendingOf } from "./sending";
import { Target, targetAt } from "./target";

/** The first relation of a target that does not hold. */
export function checkTarget(entry: usize, still: bool): Invariant {
  if (kindOf(entry) != (ObjectKind.IoTarget as u32)) return Invariant.Good;
  const t = targetAt(objectAt(entry).body);
  let found = checkRing(t, t.sent, 0, still);
  if (found == Invariant.Good) found = checkRing(t, t.ignored, SendingFlag.IgnoreState, still);
  if (found == Invariant.Good) found = checkRing(t, t.pended, SendingFlag.Pended, still);
  if (found != Invariant.Good || !still) return found;
  return t.ioCount - 1 == lengthOf(t.sent) + lengthOf(t.ignored) + lengthOf(t.pended) ? Invariant.Good : Invariant.TargetCount;
}

function checkRing(t: Target, head: Links, flags: u32, still: bool): Invariant {
  let steps: u32 = 0;
  for (let node = head.next; node != head; node = node.next) {
    if (node.next.prev != node || node.prev.next != node || steps++ > system.tableHigh) return Invariant.TargetTorn;
    const s = changetype<Sending>(node);
    if (s.target != changetype<usize>(t) || s.references == 0) return Invariant.TargetMisplaced;
    if ((s.flags & PLACES) != flags) return Invariant.TargetMisplaced;
    if (still && !isWhereItSays(s)) return Invariant.TargetMisplaced;
  }
  return Invariant.Good;
}

const PLACES: u32 = (SendingFlag.IgnoreState as u32) | SendingFlag.Pended;

/** Below there is a request that knows it, unless it waits in the target. */
function isWhereItSays(s: Sending): bool {
  if (s.has(SendingFlag.Pended)) return s.leg == 0;
  if (s.leg == 0 || kindOf(s.leg) != (ObjectKind.Request as u32)) return false;
  const extension = request(s.leg).extension;
  return extension != 0 && changetype<Extension>(extension).above == changetype<usize>(s.request);
}

function lengthOf(head: Links): u32 {
  let length: u32 = 0;
  for (let node = head.next; node != head; node = node.next) length++;
  return length;
}

/** While nothing runs: as many requests say that they are out as are on the rings of targets. */
export function checkInFlight(): Invariant {
  let out: u32 = 0;
  for (let index: u32 = 1; index < system.tableHigh; index++) {
    const entry = (TABLE_BASE as usize) + (index as usize) * ENTRY_SIZE;
    if (kindOf(entry) == (ObjectKind.IoTarget as u32)) {
      const t = targetAt(objectAt(entry).body);
      out -= lengthOf(t.sent) + lengthOf(t.ignored) + lengthOf(t.pended);
    } else if (kindOf(entry) == (ObjectKind.Request as u32)) {
      const at = sendingOf(request(entry));
      if (at != 0 && sendingAt(at).references != 0) out++;
    }
  }
  return out == 0 ? Invariant.Good : Invariant.TargetStray;
}
