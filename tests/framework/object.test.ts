// FrameworkObject, GeneralObject, Collection, FrameworkString, Memory, Lookaside: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { WdfExecutionLevel } from "../../bindings/abi";
import { STATUS_SUCCESS, STATUS_OBJECT_NAME_EXISTS, WDF_DECLARE_CONTEXT_TYPE, WdfObjectReference } from "../../host/ddi";
import { Collection, type FrameworkObject, FrameworkString, GeneralObject, Lookaside, Memory } from "../../host/index";
import { member, suspendable } from "../support/members";
import { Rig } from "../support/rig";

const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 3 }));

/** The objects of a test's rig, by their makers' names. */
const made = new WeakMap<Rig, Map<string, FrameworkObject>>();

/** An object of the rig, made when it is first asked for. */
function the<T extends FrameworkObject>(rig: Rig, kind: string, make: () => { object: T }): T {
  const mine = made.get(rig) ?? new Map<string, FrameworkObject>();
  made.set(rig, mine);
  const object = (mine.get(kind) as T | undefined) ?? make().object;
  mine.set(kind, object);
  return object;
}

const object = (rig: Rig) => the(rig, "object", () => GeneralObject.create({ context: Context }));
const collection = (rig: Rig) => the(rig, "collection", () => Collection.create());
const string = (rig: Rig) => the(rig, "string", () => FrameworkString.create({ text: "text" }));
const memory = (rig: Rig) => the(rig, "memory", () => Memory.around(Uint8Array.from([1, 2, 3])));
const lookaside = (rig: Rig) => the(rig, "lookaside", () => Lookaside.create({ size: 8 }));
/** A collection with the object in it. */
const filled = (rig: Rig): void => void collection(rig).add(object(rig));

member("GeneralObject.create", {
  calls: ["WdfObjectCreate()"],
  idle: true,
  act: () => GeneralObject.create({ executionLevel: WdfExecutionLevel.Passive }).status,
  result: STATUS_SUCCESS,
});

suspendable("FrameworkObject.delete", {
  calls: ["WdfObjectDelete(o1)"],
  idle: true,
  before: (rig) => void object(rig),
  act: (rig) => object(rig).delete(),
});

member("FrameworkObject.reference", {
  calls: ["WdfObjectReference(o1)"],
  idle: true,
  before: (rig) => void object(rig),
  act: (rig) => object(rig).reference(),
});

suspendable("FrameworkObject.dereference", {
  calls: ["WdfObjectDereference(o1)"],
  idle: true,
  before: (rig) => {
    for (let count = 0; count < 2; count++) WdfObjectReference(object(rig).handle);
  },
  act: (rig) => object(rig).dereference(),
});

member("FrameworkObject.addContext", {
  calls: ["WdfObjectAllocateContext(o1)"],
  idle: true,
  before: (rig) => void object(rig),
  act: (rig) => object(rig).addContext(Context).status,
  result: STATUS_OBJECT_NAME_EXISTS,
});

describe("FrameworkObject.context", () => {
  it("is the object's own", () => {
    const rig = new Rig();
    expect(rig.run(() => object(rig).context(Context))).toEqual({ count: 3 });
  });
});

describe("the options of an object", () => {
  it("say its parent, and what is called at its end", () => {
    const rig = new Rig();
    const end = (name: string) => ({ evtCleanup: () => rig.say(`cleanup ${name}`), evtDestroy: () => rig.say(`destroy ${name}`) });
    const parent = rig.run(() => GeneralObject.create(end("parent"))).object;
    rig.run(() => Memory.create({ size: 4, parent, ...end("memory") }));
    rig.run(() => parent.delete());
    rig.expect("cleanup memory", "cleanup parent", "destroy memory", "destroy parent");
  });
});

member("Collection.create", { calls: ["WdfCollectionCreate()"], idle: true, act: () => Collection.create().status, result: STATUS_SUCCESS });

member("Collection.count", {
  calls: ["WdfCollectionGetCount(collection1)"],
  idle: true,
  before: filled,
  act: (rig) => collection(rig).count,
  result: 1,
});

member("Collection.add", {
  calls: ["WdfCollectionAdd(collection1, o1)"],
  idle: true,
  before: filled,
  act: (rig) => collection(rig).add(object(rig)),
  result: STATUS_SUCCESS,
});

suspendable("Collection.remove", {
  calls: ["WdfCollectionRemove(collection1, o1)"],
  idle: true,
  before: filled,
  act: (rig) => collection(rig).remove(object(rig)),
});

suspendable("Collection.removeAt", {
  calls: ["WdfCollectionRemoveItem(collection1, 0)"],
  idle: true,
  before: filled,
  act: (rig) => collection(rig).removeAt(0),
});

member("Collection.at", {
  calls: ["WdfCollectionGetItem(collection1, 1)"],
  idle: true,
  before: filled,
  act: (rig) => collection(rig).at(1),
  result: null,
});

describe("Collection.first, last, at", () => {
  it("are null in an empty collection, and objects in another", () => {
    const rig = new Rig();
    const look = () => rig.run(() => [collection(rig).first, collection(rig).last, collection(rig).at(0)].map((item) => item?.handle));
    expect(look()).toEqual([undefined, undefined, undefined]);
    rig.run(() => filled(rig));
    expect(look()).toEqual(Array.from({ length: 3 }, () => object(rig).handle));
  });
});

member("FrameworkString.text", {
  calls: ["WdfStringGetUnicodeString(string1)"],
  idle: true,
  before: (rig) => void string(rig),
  act: (rig) => string(rig).text,
  result: "text",
});

member("Memory.create", { calls: ["WdfMemoryCreate(512, 4)"], idle: true, act: () => Memory.create({ size: 4 }).status, result: STATUS_SUCCESS });

member("Memory.buffer", {
  calls: ["WdfMemoryGetBuffer(m1)"],
  idle: true,
  before: (rig) => void memory(rig),
  act: (rig) => memory(rig).buffer,
  result: Uint8Array.from([1, 2, 3]),
});

member("Memory.assign", {
  calls: ["WdfMemoryAssignBuffer(m1, 1, 5)"],
  idle: true,
  before: (rig) => void memory(rig),
  act: (rig) => memory(rig).assign(new Uint8Array(5)),
  result: STATUS_SUCCESS,
});

member("Memory.copyTo", {
  calls: ["WdfMemoryCopyToBuffer(m1, 1, 1, 2)"],
  idle: true,
  before: (rig) => void memory(rig),
  act: (rig) => memory(rig).copyTo(new Uint8Array(2), 1),
  result: STATUS_SUCCESS,
});

member("Memory.copyFrom", {
  calls: ["WdfMemoryCopyFromBuffer(m1, 0, 1, 3)"],
  idle: true,
  before: (rig) => void memory(rig),
  act: (rig) => memory(rig).copyFrom(new Uint8Array(3)),
  result: STATUS_SUCCESS,
});

member("Lookaside.create", {
  calls: ["WdfLookasideListCreate(8, 512)"],
  idle: true,
  act: () => Lookaside.create({ size: 8 }).status,
  result: STATUS_SUCCESS,
});

member("Lookaside.take", {
  calls: ["WdfMemoryCreateFromLookaside(lookaside1)"],
  idle: true,
  before: (rig) => void lookaside(rig),
  act: (rig) => lookaside(rig).take().status,
  result: STATUS_SUCCESS,
});
