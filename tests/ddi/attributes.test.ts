// WDF_OBJECT_ATTRIBUTES_INIT and WDF_DECLARE_CONTEXT_TYPE.

import { describe, expect, it } from "vitest";
import {
  STATUS_SUCCESS,
  WDF_DECLARE_CONTEXT_TYPE,
  WDF_OBJECT_ATTRIBUTES_INIT,
  WdfExecutionLevel,
  WdfObjectGetTypedContext,
  WdfSynchronizationScope,
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
