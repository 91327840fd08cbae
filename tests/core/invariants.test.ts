// checkInvariants notices what it is for: each test damages one word of a good System.

import { describe, expect, it } from "vitest";
import { ENTRY_SIZE, HANDLE_INDEX_MASK, Invariant, RequestPlace, TABLE_BASE } from "../../bindings/abi";
import { WdfIoQueueStop, WdfObjectCreate, WdfRequestComplete, WdfRequestMarkCancelable } from "../../host/ddi";
import { Rig } from "../support/rig";
import { TargetRig } from "../support/target-rig";

/** Words of a request's entry. */
const NEXT = 1;
const BITS = 3;
const EXTENSION = 7;
/** Word of an object's entry that leads to its life, and of that to its parent's. */
const LIFE = 5;
const PARENT = 3;
/** Words of an object's entry, of a target, of a request's extension, of what is remembered of a request that is sent. */
const BODY = 4;
const IO_COUNT = 14;
const SENT_NEXT = 16;
const SENDING = 16;
const FLAGS = 4;
const REFERENCES = 5;
const LEG = 6;

/** Two owned requests, the second marked cancelable, one that waits, one that is gone. */
function busy(): { damage(request: number, word: number, change: (value: number) => number): Invariant } {
  const rig = new Rig();
  for (let i = 0; i < 3; i++) rig.sendRead(1);
  rig.run(() => WdfRequestComplete(rig.kept[2], 0));
  rig.run(() => WdfRequestMarkCancelable(rig.kept[1], () => {}));
  rig.run(() => WdfIoQueueStop(rig.queue));
  rig.sendRead(1);
  rig.lines.length = 0;
  const { core, exports } = rig.system.machine;
  expect(exports.checkInvariants()).toBe(Invariant.Good);
  const first = rig.kept[0] & HANDLE_INDEX_MASK;
  return {
    damage(request, word, change) {
      const at = ((TABLE_BASE + (first + request) * ENTRY_SIZE) >> 2) + word;
      const before = core.words[at];
      core.words[at] = change(before);
      const found = exports.checkInvariants() as Invariant;
      core.words[at] = before;
      expect(exports.checkInvariants()).toBe(Invariant.Good);
      return found;
    },
  };
}

const OWNED = 0;
const MARKED = 1;
const GONE = 2;
const WAITING = 3;

describe("checkInvariants", () => {
  it("finds a torn ring", () => {
    expect(busy().damage(OWNED, NEXT, (next) => next + ENTRY_SIZE)).toBe(Invariant.RingTorn);
  });

  it("finds requests that are not where they say", () => {
    const { damage } = busy();
    expect(damage(WAITING, BITS, (bits) => bits ^ RequestPlace.Queued ^ RequestPlace.Owned)).toBe(Invariant.QueuedMisplaced);
    expect(damage(OWNED, BITS, (bits) => bits ^ RequestPlace.Queued ^ RequestPlace.Owned)).toBe(Invariant.OwnedMisplaced);
    expect(damage(MARKED, EXTENSION, () => 0)).toBe(Invariant.CancelMisplaced);
  });

  it("finds damage to what is free", () => {
    const { damage } = busy();
    expect(damage(GONE, EXTENSION, () => 64)).toBe(Invariant.FreeInUse);
    expect(damage(GONE, BITS, () => 1)).toBe(Invariant.FreeLost);
    expect(damage(GONE, 0, (handle) => handle + 1)).toBe(Invariant.HandleWrong);
  });

  it("finds objects whose lives and families do not fit", () => {
    const rig = new Rig({ queue: null });
    const { core, exports } = rig.system.machine;
    const parent = rig.run(() => WdfObjectCreate()).object;
    const child = rig.run(() => WdfObjectCreate({ parentObject: parent })).object;
    const entryOf = (handle: number): number => (TABLE_BASE + (handle & HANDLE_INDEX_MASK) * ENTRY_SIZE) >> 2;
    const lifeOf = (handle: number): number => core.words[entryOf(handle) + LIFE] >> 2;
    const damage = (at: number, value: number): Invariant => {
      const before = core.words[at];
      core.words[at] = value;
      const found = exports.checkInvariants() as Invariant;
      core.words[at] = before;
      expect(exports.checkInvariants()).toBe(Invariant.Good);
      return found;
    };
    expect(damage(entryOf(child) + LIFE, 0)).toBe(Invariant.LifeWrong);
    expect(damage(lifeOf(child) + PARENT, 0)).toBe(Invariant.ChildMisplaced);
    expect(damage(lifeOf(child) + NEXT, lifeOf(child) << 2)).toBe(Invariant.ChildTorn);
  });

  it("finds targets whose rings are not what is in flight", () => {
    const rig = new TargetRig();
    rig.receive();
    rig.sendOn();
    const idle = rig.makeRead();
    rig.lines.length = 0;
    const { core, exports } = rig.system.machine;
    const damage = (at: number, change: (value: number) => number): Invariant => {
      const before = core.words[at];
      core.words[at] = change(before);
      const found = exports.checkInvariants() as Invariant;
      core.words[at] = before;
      expect(exports.checkInvariants()).toBe(Invariant.Good);
      return found;
    };
    const entryOf = (handle: number): number => (TABLE_BASE + (handle & HANDLE_INDEX_MASK) * ENTRY_SIZE) >> 2;
    const target = core.words[entryOf(rig.target) + BODY] >> 2;
    const sending = core.words[target + SENT_NEXT] >> 2;
    const other = core.words[(core.words[entryOf(idle) + EXTENSION] >> 2) + SENDING] >> 2;
    expect(damage(target + IO_COUNT, (count) => count + 1)).toBe(Invariant.TargetCount);
    expect(damage(target + SENT_NEXT, (next) => next + 4)).toBe(Invariant.TargetTorn);
    expect(damage(sending + REFERENCES, () => 0)).toBe(Invariant.TargetMisplaced);
    expect(damage(sending + LEG, () => 0)).toBe(Invariant.TargetMisplaced);
    expect(damage(sending + FLAGS, (flags) => flags | 1)).toBe(Invariant.TargetMisplaced);
    expect(damage(other + REFERENCES, () => 1)).toBe(Invariant.TargetStray);
  });
});
