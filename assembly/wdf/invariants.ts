// The relations between records that hold whenever no framework code runs: for tests, not for the product's own use.
//
// One walk over every queue's rings counts what is on them, one over the table counts what says that it should be; a
// request that is on a ring twice, or on none, makes the two differ. All walks are bounded by the table's size.

import { Invariant } from "../abi/invariant";
import { KIND_MASK, ObjectKind, RequestBits, RequestPlace } from "../abi/request";
import { ENTRY_SIZE, HANDLE_INDEX_MASK, TABLE_BASE } from "../abi/layout";
import { Links } from "../nt/links";
import { system } from "../nt/system";
import { Entry } from "../nt/table";
import { Thread } from "../nt/thread";
import { objectAt } from "./object";
import { checkObject } from "./object-invariants";
import { Queue, queueAt, refreshGate } from "./queue";
import { Request, requestOfCancelNode } from "./request";
import { checkInFlight, checkTarget } from "./target-invariants";

const CANCEL_BITS: u32 = (RequestBits.Cancelable as u32) | RequestBits.CancelDue;

/** A ring that does not come round. */
const TORN: u32 = 0xffffffff;

function entryAt(index: u32): Entry {
  return changetype<Entry>((TABLE_BASE as usize) + (index as usize) * ENTRY_SIZE);
}

/** The first relation that does not hold. */
export function firstViolation(): Invariant {
  if (system.stopCode != 0) return Invariant.Good;
  const still = nothingRuns();
  for (let index: u32 = 1; index < system.tableHigh; index++) {
    const entry = entryAt(index);
    let found = checkObject(changetype<usize>(entry));
    if (found == Invariant.Good) found = checkTarget(changetype<usize>(entry), still);
    if (found != Invariant.Good) return found;
    if ((entry.bits & KIND_MASK) != (ObjectKind.Queue as u32)) continue;
    found = inQueue(queueAt(objectAt(changetype<usize>(entry)).body));
    if (found != Invariant.Good) return found;
  }
  let found = inTable();
  if (found == Invariant.Good && still) found = checkInFlight();
  return found != Invariant.Good ? found : inFreeList();
}

/** Nodes on a ring, or TORN. */
function lengthOf(head: Links): u32 {
  let length: u32 = 0;
  let node = head;
  do {
    if (node.next.prev != node || length > system.tableHigh) return TORN;
    node = node.next;
    length++;
  } while (node != head);
  return length - 1;
}

function inQueue(q: Queue): Invariant {
  const queued = lengthOf(q.queued);
  const owned = lengthOf(q.owned);
  const notify = lengthOf(q.powerNotify);
  const notified = lengthOf(q.powerNotified);
  if (queued == TORN || owned == TORN || notify == TORN || notified == TORN) return Invariant.RingTorn;
  if (lengthOf(q.cancelable) == TORN || lengthOf(q.cancelDue) == TORN || lengthOf(q.canceledOnQueue) == TORN) return Invariant.RingTorn;
  if (!allAre(q, q.queued, RequestPlace.Queued)) return Invariant.QueuedMisplaced;
  if (queued != q.queuedCount) return Invariant.QueuedCount;
  if (!allAre(q, q.owned, RequestPlace.Owned) || !allAre(q, q.powerNotify, RequestPlace.Owned)) return Invariant.OwnedMisplaced;
  if (!allAre(q, q.powerNotified, RequestPlace.Owned)) return Invariant.OwnedMisplaced;
  const held = owned + notify + notified;
  if (held > q.driverCount || (held != q.driverCount && nothingRuns())) return Invariant.DriverCount;
  let found = inCancelRing(q, q.cancelable, RequestBits.Cancelable);
  if (found == Invariant.Good) found = inCancelRing(q, q.cancelDue, RequestBits.CancelDue);
  if (found == Invariant.Good) found = inCancelRing(q, q.canceledOnQueue, RequestBits.CancelDue);
  if (found != Invariant.Good) return found;
  return gateHolds(q) ? Invariant.Good : Invariant.GateStale;
}

/** True when every request of a ring is of that place and queue. */
function allAre(q: Queue, head: Links, place: RequestPlace): bool {
  for (let node = head.next; node != head; node = node.next) {
    const r = changetype<Request>(node);
    if ((r.bits & KIND_MASK) != (ObjectKind.Request as u32)) return false;
    if (r.place != (place as u32) || r.queue != changetype<usize>(q)) return false;
  }
  return true;
}

function inCancelRing(q: Queue, head: Links, bit: RequestBits): Invariant {
  for (let node = head.next; node != head; node = node.next) {
    const r = requestOfCancelNode(node);
    if (r.extension != changetype<usize>(node) || r.queue != changetype<usize>(q)) return Invariant.CancelMisplaced;
    if (r.place != (RequestPlace.Owned as u32)) return Invariant.CancelMisplaced;
    if ((r.bits & CANCEL_BITS) != (bit as u32)) return Invariant.CancelUnmarked;
  }
  return Invariant.Good;
}

/** True between inputs, when no thread is parked. A forward that is under way keeps its source's count up. */
function nothingRuns(): bool {
  return system.running == 0 && system.threadCount == 1 && changetype<Thread>(system.appThread).top == 0;
}

function gateHolds(q: Queue): bool {
  const gate = q.gate;
  refreshGate(q);
  const holds = q.gate == gate;
  q.gate = gate;
  return holds;
}

/** What requests say of themselves, against what the rings hold. */
function inTable(): Invariant {
  let queued: u32 = 0;
  let owned: u32 = 0;
  let cancels: u32 = 0;
  let free: u32 = 0;
  for (let index: u32 = 1; index < system.tableHigh; index++) {
    const entry = entryAt(index);
    if ((entry.tag & HANDLE_INDEX_MASK) != index) return Invariant.HandleWrong;
    const kind = entry.bits & KIND_MASK;
    if (entry.bits == 0) {
      free++;
    } else if (kind == (ObjectKind.Request as u32)) {
      const r = changetype<Request>(entry);
      if (r.place == (RequestPlace.Queued as u32)) queued++;
      if (r.place == (RequestPlace.Owned as u32)) owned++;
      if (r.has(CANCEL_BITS)) cancels++;
    } else if (kind == (ObjectKind.Queue as u32)) {
      // Counted down, so that all three end at 0.
      const q = queueAt(objectAt(changetype<usize>(entry)).body);
      queued -= lengthOf(q.queued);
      owned -= lengthOf(q.owned) + lengthOf(q.powerNotify) + lengthOf(q.powerNotified);
      cancels -= lengthOf(q.cancelable) + lengthOf(q.cancelDue) + lengthOf(q.canceledOnQueue);
    }
  }
  if (queued != 0) return Invariant.QueuedStray;
  if (owned != 0) return Invariant.OwnedStray;
  if (cancels != 0) return Invariant.CancelStray;
  return free == system.freeCount ? Invariant.Good : Invariant.FreeLost;
}

/** The newest entry is met after as many steps as are counted, not before: so no entry is on the list twice. */
function inFreeList(): Invariant {
  let at = system.freeOldest;
  for (let left = system.freeCount; left > 0; left--) {
    const index = ((at - TABLE_BASE) / ENTRY_SIZE) as u32;
    if (at < TABLE_BASE || index >= system.tableHigh || changetype<usize>(entryAt(index)) != at) return Invariant.FreeListTorn;
    const entry = changetype<Entry>(at);
    if (entry.bits != 0 || changetype<Request>(entry).extension != 0) return Invariant.FreeInUse;
    if ((at == system.freeNewest) != (left == 1)) return Invariant.FreeListTorn;
    at = changetype<usize>(entry.next);
  }
  return Invariant.Good;
}
