// General objects: WdfObjectCreate, their place in the tree, their contexts, references and end.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, WdfViolation } from "../../bindings/abi";
import {
  NtStatus,
  PoolType,
  WdfCollectionAdd,
  WdfCollectionCreate,
  WdfRequestCreate,
  WDF_DECLARE_CONTEXT_TYPE,
  WdfExecutionLevel,
  WdfMemoryCreate,
  WdfObjectAllocateContext,
  WdfObjectContextGetObject,
  WdfObjectCreate,
  WdfObjectDelete,
  WdfObjectDereference,
  WdfObjectGetTypedContext,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestRetrieveOutputMemory,
  WdfSynchronizationScope,
  type WDFOBJECT,
  type WdfObjectAttributes,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const A = WDF_DECLARE_CONTEXT_TYPE("A", () => ({ count: 0 }));
const B = WDF_DECLARE_CONTEXT_TYPE("B", () => ({ count: 0 }));

/** Callbacks that tell. */
function telling(rig: Rig, suffix = ""): WdfObjectAttributes {
  const tell = (what: string) => (object: WDFOBJECT) => rig.say(`${what}${suffix} ${rig.name(object)} at ${Irql[rig.level]}`);
  return { evtCleanupCallback: tell("EvtCleanup"), evtDestroyCallback: tell("EvtDestroy") };
}

/** An object whose end is told. */
function create(rig: Rig, attributes: WdfObjectAttributes = {}): WDFOBJECT {
  const { status, object } = rig.run(() => WdfObjectCreate({ ...telling(rig), ...attributes }));
  expect(status).toBe(NtStatus.Success);
  return object;
}

describe("WdfObjectCreate", () => {
  it("cleans the whole tree up, children first in order of creation, before it destroys any (K-020, K-021, K-022)", () => {
    const rig = new Rig();
    const a = create(rig);
    const b = create(rig, { parentObject: a });
    create(rig, { parentObject: a });
    create(rig, { parentObject: b });
    rig.tell(() => WdfObjectDelete(a));
    const order = ["o4", "o2", "o3", "o1"];
    rig.expect(
      ...order.map((name) => `EvtCleanup ${name} at Passive`),
      ...order.map((name) => `EvtDestroy ${name} at Passive`),
      "returned",
    );
  });

  it("makes a child of an object that is being deleted: no (K-017), and no callback of it is called (K-019)", () => {
    const rig = new Rig();
    const a: WDFOBJECT = create(rig, {
      evtCleanupCallback: () => rig.say(`create ${rig.returned(WdfObjectCreate({ ...telling(rig), parentObject: a }).status)}`),
    });
    rig.tell(() => WdfObjectDelete(a));
    rig.expect("create returned STATUS_DELETE_PENDING", "EvtDestroy o1 at Passive", "returned");
  });

  it("takes an execution level, but no synchronization scope", () => {
    const rig = new Rig();
    rig.run(() => {
      expect(WdfObjectCreate({ executionLevel: WdfExecutionLevel.Passive }).status).toBe(NtStatus.Success);
      const scope = { synchronizationScope: WdfSynchronizationScope.Device };
      expect(WdfObjectCreate(scope).status).toBe(NtStatus.WdfSynchronizationScopeInvalid);
    });
  });

  it("of level Passive, deleted at DISPATCH_LEVEL, ends at PASSIVE_LEVEL later; of another level at once (K-031)", () => {
    const rig = new Rig();
    const plain = create(rig);
    const passive = create(rig, { executionLevel: WdfExecutionLevel.Passive });
    rig.tell(() => WdfObjectDelete(plain), Irql.Dispatch);
    rig.tell(() => WdfObjectDelete(passive), Irql.Dispatch);
    rig.expect(
      "EvtCleanup o1 at Dispatch",
      "EvtDestroy o1 at Dispatch",
      "returned",
      "returned",
      "EvtCleanup o2 at Passive",
      "EvtDestroy o2 at Passive",
    );
  });

  it("lets a reference delay EvtDestroy, not EvtCleanup (K-023); a second delete does nothing (K-032)", () => {
    const rig = new Rig();
    const object = create(rig);
    rig.run(() => WdfObjectReference(object));
    rig.run(() => WdfObjectDelete(object));
    rig.run(() => WdfObjectDelete(object));
    rig.expect("EvtCleanup o1 at Passive");
    rig.run(() => WdfObjectDereference(object));
    rig.expect("EvtDestroy o1 at Passive");
  });

  it("stops with WDF_OBJECT_ERROR when its last reference is dropped without deletion, after its callbacks (K-026)", () => {
    const rig = new Rig();
    const object = create(rig);
    rig.expectStop(() => WdfObjectDereference(object), WdfViolation.ObjectError, object);
    rig.expect("EvtCleanup o1 at Passive", "EvtDestroy o1 at Passive");
  });

  it("has no room: STATUS_INSUFFICIENT_RESOURCES", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    rig.tell(() => WdfObjectCreate());
    rig.expect("returned STATUS_INSUFFICIENT_RESOURCES");
  });
});

describe("WdfObjectAllocateContext", () => {
  it("adds a context whose callbacks come after the first ones (K-025)", () => {
    const rig = new Rig();
    const object = create(rig, { contextType: A });
    const { context } = rig.run(() => WdfObjectAllocateContext(object, { ...telling(rig, "(2)"), contextType: B }));
    expect(context).toEqual({ count: 0 });
    expect(rig.run(() => WdfObjectGetTypedContext(object, B))).toBe(context);
    rig.run(() => WdfObjectDelete(object));
    const names = ["EvtCleanup", "EvtCleanup(2)", "EvtDestroy", "EvtDestroy(2)"];
    rig.expect(...names.map((name) => `${name} o1 at Passive`));
  });

  it("of a type the object has gives STATUS_OBJECT_NAME_EXISTS and the context there is (K-035)", () => {
    const rig = new Rig();
    const object = rig.run(() => WdfObjectCreate({ contextType: A })).object;
    const first = rig.run(() => WdfObjectGetTypedContext(object, A));
    const { status, context } = rig.run(() => WdfObjectAllocateContext(object, { contextType: A }));
    expect([status, context]).toEqual([NtStatus.ObjectNameExists, first]);
    expect(context).toBe(first);
  });

  it("needs a type (K-036) and takes no parent (K-037)", () => {
    const rig = new Rig();
    const object = rig.run(() => WdfObjectCreate()).object;
    rig.tell(() => WdfObjectAllocateContext(object, {}));
    rig.tell(() => WdfObjectAllocateContext(object, { contextType: A, parentObject: rig.device }));
    rig.expect("returned STATUS_OBJECT_NAME_INVALID", "returned STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED");
  });

  it("on an object under deletion gives STATUS_DELETE_PENDING (K-038)", () => {
    const rig = new Rig();
    const object = rig.run(() => WdfObjectCreate()).object;
    rig.run(() => WdfObjectReference(object));
    rig.run(() => WdfObjectDelete(object));
    rig.tell(() => WdfObjectAllocateContext(object, { contextType: A }));
    rig.expect("returned STATUS_DELETE_PENDING");
  });

  it("on memory that is a part of its request gives STATUS_OBJECT_PATH_INVALID (K-039)", () => {
    const rig = new Rig();
    rig.sendRead(4);
    const { memory } = rig.run(() => WdfRequestRetrieveOutputMemory(rig.request));
    rig.lines.length = 0;
    rig.tell(() => WdfObjectAllocateContext(memory, { contextType: A }));
    const own = rig.run(() => WdfMemoryCreate(undefined, PoolType.NonPagedNx, 0, 4)).memory;
    rig.tell(() => WdfObjectAllocateContext(own, { contextType: A }));
    rig.expect("returned STATUS_OBJECT_PATH_INVALID", "returned STATUS_SUCCESS");
  });

  it("works on requests, whose callbacks come before and after the completion (object_alloc_context_on_others)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.lines.length = 0;
    rig.run(() => WdfObjectAllocateContext(rig.request, { ...telling(rig), contextType: A }));
    rig.complete();
    expect(rig.lines.splice(0).map((line) => line.split(" ")[0])).toEqual(["EvtCleanup", "done", "EvtDestroy"]);
  });
});

describe("WdfObjectAllocateContext, WdfDeviceInitSetRequestAttributes", () => {
  /** The lines of a request that is completed in its handler. */
  function completedInHandler(verifier: boolean): string[] {
    const rig: Rig = new Rig({
      verifier,
      queue: {
        evtIoRead: (_queue, request) => {
          WdfObjectAllocateContext(request, { ...telling(rig), contextType: A });
          rig.say("complete");
          void WdfRequestComplete(request, NtStatus.Success);
          rig.say("handler returns");
        },
      },
      requestAttributes: { evtDestroyCallback: () => rig.say("EvtDestroy of the device's") },
    });
    rig.sendRead(1);
    return rig.lines.splice(0).map((line) => line.replace(/ (r1|0x).*| at .*/, ""));
  }

  it("a request completed in its handler is destroyed when the handler has returned, with the verifier on", () => {
    const ends = ["EvtDestroy of the device's", "EvtDestroy"];
    expect(completedInHandler(true)).toEqual(["complete", "EvtCleanup", "done", "handler returns", ...ends]);
    expect(completedInHandler(false)).toEqual(["complete", "EvtCleanup", "done", ...ends, "handler returns"]);
  });

  it("a request completed at DISPATCH_LEVEL with a passive child breaks; what is left is cleaned up later (K-130)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.lines.length = 0;
    const parentObject = rig.request;
    rig.run(() => WdfObjectCreate({ ...telling(rig), parentObject, executionLevel: WdfExecutionLevel.Passive }));
    rig.run(() => WdfRequestComplete(rig.request, NtStatus.Success), Irql.Dispatch);
    rig.expectFindings(FindingId.RequestDisposeDeferred);
    rig.expect("done r1 STATUS_SUCCESS 0", "EvtCleanup o1 at Passive", "EvtDestroy o1 at Passive");
  });
});

describe("a request and a collection below it that keeps it", () => {
  it("end together: the collection's reference is not the request's first one", () => {
    const rig = new Rig();
    const { request } = rig.run(() => WdfRequestCreate(telling(rig, " of the request")));
    const { collection } = rig.run(() => WdfCollectionCreate({ ...telling(rig), parentObject: request }));
    rig.run(() => WdfCollectionAdd(collection, request));
    create(rig, { parentObject: request });
    rig.run(() => WdfObjectDelete(request));
    expect(rig.lines.splice(0).map((line) => line.split(" at ")[0])).toEqual([
      "EvtCleanup collection1",
      "EvtCleanup o1",
      "EvtCleanup of the request d1",
      "EvtDestroy collection1",
      "EvtDestroy o1",
      "EvtDestroy of the request d1",
    ]);
  });
});

describe("EvtDestroyCallback", () => {
  it("may read the contexts; any other call for the object is a finding, and goes on (K-043)", () => {
    const rig = new Rig();
    const read: unknown[] = [];
    const object = create(rig, {
      contextType: A,
      evtCleanupCallback: (handle) => WdfObjectReference(handle),
      evtDestroyCallback: (handle) => {
        read.push(WdfObjectGetTypedContext(handle, A));
        WdfObjectReference(handle);
      },
    });
    rig.run(() => WdfObjectDelete(object));
    rig.expectNoFindings();
    rig.run(() => WdfObjectDereference(object));
    expect(read).toEqual([{ count: 0 }]);
    rig.expectFindings(FindingId.UsedInDestroy);
  });

  it("may use other objects", () => {
    const rig = new Rig();
    const other = rig.run(() => WdfObjectCreate()).object;
    const object = create(rig, { evtCleanupCallback: undefined, evtDestroyCallback: () => WdfObjectReference(other) });
    rig.run(() => WdfObjectDelete(object));
    rig.expectNoFindings();
  });
});

describe("WdfObjectContextGetObject", () => {
  it("tells whose a context is", () => {
    const rig = new Rig();
    const object = rig.run(() => WdfObjectCreate({ contextType: A })).object;
    const context = rig.run(() => WdfObjectGetTypedContext(object, A))!;
    expect(rig.run(() => WdfObjectContextGetObject(context))).toBe(object);
    expect(rig.run(() => WdfObjectContextGetObject({}))).toBe(0);
  });
});
