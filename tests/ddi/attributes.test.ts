// WDF_OBJECT_ATTRIBUTES_INIT and WDF_DECLARE_CONTEXT_TYPE.

import { describe, expect, it } from "vitest";
import {
  PoolType,
  STATUS_SUCCESS,
  STATUS_WDF_EXECUTION_LEVEL_INVALID,
  STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
  WDF_DECLARE_CONTEXT_TYPE,
  WDF_OBJECT_ATTRIBUTES_INIT,
  WdfExecutionLevel,
  WdfMemoryCreate,
  WdfObjectCreate,
  WdfObjectGetTypedContext,
  WdfSynchronizationScope,
  type WdfObjectAttributes,
} from "../../host/ddi";
import { Rig } from "../support/rig";

describe("WDF_OBJECT_ATTRIBUTES_INIT", () => {
  it("inherits execution level and synchronization scope, and leaves out the rest", () => {
    expect(WDF_OBJECT_ATTRIBUTES_INIT()).toEqual({
      executionLevel: WdfExecutionLevel.InheritFromParent,
      synchronizationScope: WdfSynchronizationScope.InheritFromParent,
    });
  });

  it("is what every object takes, and as good as no attributes at all", () => {
    const rig = new Rig({ deviceAttributes: WDF_OBJECT_ATTRIBUTES_INIT() });
    expect(rig.run(() => rig.createQueue({}, WDF_OBJECT_ATTRIBUTES_INIT())).status).toBe(STATUS_SUCCESS);
    expect(rig.run(() => rig.createQueue({}, {})).status).toBe(STATUS_SUCCESS);
  });

  it("gives attributes of their own to each caller", () => {
    WDF_OBJECT_ATTRIBUTES_INIT().executionLevel = WdfExecutionLevel.Passive;
    expect(WDF_OBJECT_ATTRIBUTES_INIT().executionLevel).toBe(WdfExecutionLevel.InheritFromParent);
  });
});

describe("WDF_DECLARE_CONTEXT_TYPE", () => {
  it("declares a type by its name and by what a new context looks like", () => {
    const type = WDF_DECLARE_CONTEXT_TYPE("QUEUE_CONTEXT", () => ({ bytes: 0 }));
    expect([type.name, type.create()]).toEqual(["QUEUE_CONTEXT", { bytes: 0 }]);
  });

  it("declares another type each time, also under the same name", () => {
    const [first, second] = [1, 2].map((count) => WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count })));
    const rig = new Rig({ attributes: { contextType: first } });
    expect(rig.run(() => WdfObjectGetTypedContext(rig.queue, first))).toEqual({ count: 1 });
    expect(rig.run(() => WdfObjectGetTypedContext(rig.queue, second))).toBeUndefined();
  });
});

describe("WDF_OBJECT_ATTRIBUTES of a create function", () => {
  const create = (attributes: WdfObjectAttributes): number => new Rig().run(() => WdfObjectCreate(attributes)).status;
  const type = (size: number) => ({ ...WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({})), size });

  it("with a ContextSizeOverride need a context type (K-008)", () => {
    expect(create({ contextSizeOverride: 8 })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
    expect(create({ contextSizeOverride: 8, contextType: type(0) })).toBe(STATUS_SUCCESS);
  });

  it("take no ContextSizeOverride smaller than the type's size (K-009)", () => {
    expect(create({ contextSizeOverride: 7, contextType: type(8) })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
    expect(create({ contextSizeOverride: 8, contextType: type(8) })).toBe(STATUS_SUCCESS);
  });

  it("take no execution level for memory (K-012)", () => {
    const memory = (attributes: WdfObjectAttributes): number =>
      new Rig().run(() => WdfMemoryCreate(attributes, PoolType.NonPagedNx, 0, 4)).status;
    expect(memory({ executionLevel: WdfExecutionLevel.Passive })).toBe(STATUS_WDF_EXECUTION_LEVEL_INVALID);
    expect(memory({ executionLevel: WdfExecutionLevel.InheritFromParent })).toBe(STATUS_SUCCESS);
  });
});
