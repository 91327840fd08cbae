// The report of leaks: what outlives what it was for, where it was made, and why it is still there.

import { describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import { describeLeak } from "../host/leaks";
import { Rig, type RigOptions } from "./support/rig";

const { NonPagedNx } = wdf.PoolType;

/** Type, name and reason of each leak. */
function leaks(rig: Rig): string[] {
  return rig.system.report().leaks.map(({ type, name, reason }) => `${type} ${name}: ${reason}`);
}

/** A rig whose device can be removed with nothing to say. */
function removable(options: RigOptions = {}): Rig {
  return new Rig({ queue: null, ...options });
}

describe("System.report().leaks", () => {
  it("names an object that was deleted while a reference was left, and where it was made", () => {
    const rig = removable();
    const object = rig.run(() => wdf.WdfObjectCreate()).object;
    rig.run(() => wdf.WdfObjectReference(object));
    expect(leaks(rig)).toEqual([]);
    rig.run(() => wdf.WdfObjectDelete(object));
    const [leak] = rig.system.report().leaks;
    expect(leak.created).toMatch(/leaks\.test\.ts:\d+:\d+$/);
    expect(describeLeak(leak)).toMatch(/^o1 \(WDFOBJECT\), made at .*: it was deleted, but 1 reference is left/);
    rig.run(() => wdf.WdfObjectDereference(object));
    expect(leaks(rig)).toEqual([]);
  });

  it("names a child whose parent was deleted while a reference was left", () => {
    const rig = removable();
    const parentObject = rig.run(() => wdf.WdfObjectCreate()).object;
    const { memory } = rig.run(() => wdf.WdfMemoryCreate({ parentObject }, NonPagedNx, 0, 4));
    rig.run(() => {
      wdf.WdfObjectReference(memory);
      wdf.WdfObjectReference(memory);
      void wdf.WdfObjectDelete(parentObject);
    });
    expect(leaks(rig)).toEqual(["WDFMEMORY m1: it was deleted, but 2 references are left: WdfObjectDereference is missing"]);
  });

  it("names a completed request the driver still refers to", () => {
    const rig = new Rig();
    rig.sendRead(1);
    const { request } = rig;
    rig.run(() => wdf.WdfObjectReference(request));
    rig.complete();
    rig.lines.length = 0;
    expect(leaks(rig).map((line) => line.split(":")[0])).toEqual([`WDFREQUEST ${rig.name(request)}`]);
    rig.run(() => wdf.WdfObjectDereference(request));
    expect(leaks(rig)).toEqual([]);
  });

  it("says nothing of the driver's objects while it has a device, but when its last device is gone", () => {
    const rig = removable();
    const made = rig.run(() => [wdf.WdfCollectionCreate().collection, wdf.WdfStringCreate("kept").string]);
    rig.run(() => wdf.WdfObjectCreate({ parentObject: rig.device }));
    rig.run(() => wdf.WdfObjectCreate({ parentObject: made[0] }));
    expect(leaks(rig)).toEqual([]);
    rig.system.power(rig.device).remove();
    expect(leaks(rig).map((line) => line.split(":")[0])).toEqual(["WDFCOLLECTION collection1", "WDFSTRING string1"]);
    expect(leaks(rig)[0]).toMatch(/has no device any more/);
  });

  it("names a removed device and its queue when references are left", () => {
    const rig = new Rig();
    rig.run(() => {
      wdf.WdfObjectReference(rig.device);
      wdf.WdfObjectReference(rig.queue);
    });
    rig.system.power(rig.device).remove();
    expect(leaks(rig).map((line) => line.split(":")[0])).toEqual(["WDFDEVICE rig", "WDFQUEUE q1"]);
  });

  it("changes nothing by looking", () => {
    const rig = removable();
    rig.run(() => wdf.WdfObjectCreate());
    const digest = rig.system.digest();
    rig.system.report();
    expect(rig.system.digest()).toBe(digest);
  });

  it("does not know where objects were made while rule findings are off", () => {
    const rig = removable({ rules: false });
    const object = rig.run(() => wdf.WdfObjectCreate()).object;
    rig.run(() => wdf.WdfObjectReference(object));
    rig.run(() => wdf.WdfObjectDelete(object));
    expect(rig.system.report().leaks[0].created).toBe("");
  });
});
