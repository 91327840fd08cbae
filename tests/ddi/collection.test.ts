// WDFCOLLECTION: an ordered list of objects, each kept by a reference.

import { describe, expect, it } from "vitest";
import { FindingId, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  WdfCollectionAdd,
  WdfCollectionCreate,
  WdfCollectionGetCount,
  WdfCollectionGetFirstItem,
  WdfCollectionGetItem,
  WdfCollectionGetLastItem,
  WdfCollectionRemove,
  WdfCollectionRemoveItem,
  WdfObjectCreate,
  WdfObjectDelete,
  type WDFCOLLECTION,
  type WDFOBJECT,
} from "../../host/ddi";
import { Rig } from "../support/rig";

/** A collection with some objects in it, whose end is told by name. */
function filled(count: number): { rig: Rig; collection: WDFCOLLECTION; objects: WDFOBJECT[] } {
  const rig = new Rig();
  const tell = (what: string) => (object: WDFOBJECT) => rig.say(`${what} ${rig.name(object)}`);
  const attributes = { evtCleanupCallback: tell("EvtCleanup"), evtDestroyCallback: tell("EvtDestroy") };
  const { collection } = rig.run(() => WdfCollectionCreate(attributes));
  const objects = Array.from({ length: count }, () => rig.run(() => WdfObjectCreate(attributes)).object);
  for (const object of objects) expect(rig.run(() => WdfCollectionAdd(collection, object))).toBe(STATUS_SUCCESS);
  return { rig, collection, objects };
}

describe("WdfCollectionCreate", () => {
  it("makes an empty collection", () => {
    const { rig, collection } = filled(0);
    expect(rig.run(() => WdfCollectionGetCount(collection))).toBe(0);
    expect(rig.run(() => WdfCollectionGetFirstItem(collection))).toBe(0);
    expect(rig.run(() => WdfCollectionGetLastItem(collection))).toBe(0);
  });

  it("releases its items when it is destroyed, after its own callbacks (object_collection_deleted_releases)", () => {
    const { rig, collection, objects } = filled(2);
    rig.run(() => WdfObjectDelete(objects[0]));
    rig.expect("EvtCleanup o1");
    rig.run(() => WdfObjectDelete(collection));
    rig.expect("EvtCleanup collection1", "EvtDestroy collection1", "EvtDestroy o1");
  });

  it("has no room: STATUS_INSUFFICIENT_RESOURCES", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    rig.tell(() => WdfCollectionCreate());
    rig.expect("returned STATUS_INSUFFICIENT_RESOURCES");
  });
});

describe("WdfCollectionAdd", () => {
  it("keeps the object by a reference (object_collection_item_deleted)", () => {
    const { rig, collection, objects } = filled(1);
    rig.run(() => WdfObjectDelete(objects[0]));
    rig.expect("EvtCleanup o1");
    expect(rig.run(() => WdfCollectionGetFirstItem(collection))).toBe(objects[0]);
    rig.run(() => WdfCollectionRemove(collection, objects[0]));
    rig.expect("EvtDestroy o1");
  });

  it("takes an object more than once", () => {
    const { rig, collection, objects } = filled(1);
    rig.run(() => WdfCollectionAdd(collection, objects[0]));
    expect(rig.run(() => WdfCollectionGetCount(collection))).toBe(2);
    rig.run(() => WdfObjectDelete(objects[0]));
    rig.run(() => WdfCollectionRemove(collection, objects[0]));
    rig.expect("EvtCleanup o1");
    rig.run(() => WdfCollectionRemove(collection, objects[0]));
    rig.expect("EvtDestroy o1");
  });

  it("takes an object whose child it is (object_collection_child_of_item)", () => {
    const { rig, objects } = filled(1);
    const { collection } = rig.run(() => WdfCollectionCreate({ parentObject: objects[0] }));
    rig.run(() => WdfCollectionAdd(collection, objects[0]));
    rig.run(() => WdfObjectDelete(objects[0]));
    rig.expect("EvtCleanup o1");
  });

  it("has no room: STATUS_UNSUCCESSFUL", () => {
    const { rig, collection, objects } = filled(1);
    rig.lowMemory = true;
    expect(rig.run(() => WdfCollectionAdd(collection, objects[0]))).toBe(STATUS_UNSUCCESSFUL);
  });

  it("stops for a NULL object (object_null_handles3)", () => {
    const { rig, collection } = filled(0);
    rig.expectStop(() => WdfCollectionAdd(collection, 0 as WDFOBJECT), WdfViolation.InvalidHandle, 0);
  });
});

describe("WdfCollectionGetCount", () => {
  it("counts the items; another object than a collection is the Stop WDF_INVALID_HANDLE (K-002)", () => {
    const { rig, collection, objects } = filled(3);
    expect(rig.run(() => WdfCollectionGetCount(collection))).toBe(3);
    rig.expectStop(
      () => WdfCollectionGetCount(objects[0] as unknown as WDFCOLLECTION),
      WdfViolation.InvalidHandle,
      objects[0],
      ObjectKind.Collection,
    );
  });
});

describe("WdfCollectionGetItem", () => {
  it("answers the object of an index, NULL beyond the last", () => {
    const { rig, collection, objects } = filled(3);
    expect([0, 1, 2, 3].map((index) => rig.run(() => WdfCollectionGetItem(collection, index)))).toEqual([...objects, 0]);
  });
});

describe("WdfCollectionGetFirstItem", () => {
  it("answers what was added first", () => {
    const { rig, collection, objects } = filled(3);
    expect(rig.run(() => WdfCollectionGetFirstItem(collection))).toBe(objects[0]);
  });
});

describe("WdfCollectionGetLastItem", () => {
  it("answers what was added last", () => {
    const { rig, collection, objects } = filled(3);
    expect(rig.run(() => WdfCollectionGetLastItem(collection))).toBe(objects[2]);
  });
});

describe("WdfCollectionRemove", () => {
  it("breaks for an object that is not in the collection", () => {
    const { rig, collection, objects } = filled(2);
    rig.run(() => WdfCollectionRemove(collection, objects[0]));
    rig.run(() => WdfCollectionRemove(collection, objects[0]));
    rig.expectFindings(FindingId.NotInCollection);
    expect(rig.run(() => WdfCollectionGetCount(collection))).toBe(1);
  });
});

describe("WdfCollectionRemoveItem", () => {
  it("takes the item of an index out, and those after it move up", () => {
    const { rig, collection, objects } = filled(3);
    rig.run(() => WdfCollectionRemoveItem(collection, 1));
    expect([0, 1, 2].map((index) => rig.run(() => WdfCollectionGetItem(collection, index)))).toEqual([objects[0], objects[2], 0]);
  });

  it("breaks for an index that is not there", () => {
    const { rig, collection } = filled(1);
    rig.run(() => WdfCollectionRemoveItem(collection, 1));
    rig.expectFindings(FindingId.CollectionIndex);
  });
});
