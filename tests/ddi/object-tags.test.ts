// References with tags, tracked or not.

import { describe, expect, it } from "vitest";
import { FindingId, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

/** A rig with a general object whose end is told. */
function withObject(options: RigOptions = {}): { rig: Rig; object: wdf.WDFOBJECT } {
  const rig = new Rig(options);
  const evtDestroyCallback = () => rig.say("EvtDestroy");
  return { rig, object: rig.run(() => wdf.WdfObjectCreate({ evtDestroyCallback })).object };
}

const TRACKED = { trackReferences: true };

describe("WdfObjectReferenceWithTag", () => {
  it("keeps the object as WdfObjectReference does", () => {
    const { rig, object } = withObject();
    rig.run(() => wdf.WdfObjectReferenceWithTag(object, 0x41));
    rig.run(() => wdf.WdfObjectDelete(object));
    rig.expectNothingElse();
  });

  it("is told of in the report of leaks where references are tracked: tag and place", () => {
    const { rig, object } = withObject(TRACKED);
    rig.run(() => wdf.WdfObjectReferenceWithTag(object, 0x41));
    rig.run(() => wdf.WdfObjectReference(object));
    rig.run(() => wdf.WdfObjectDelete(object));
    const [{ reason }] = rig.system.report().leaks;
    expect(reason).toMatch(/missing \(tag 0x41, taken at .*object-tags\.test\.ts:\d+:\d+\) \(no tag, taken at .*\)$/);
  });
});

describe("WdfObjectDereferenceWithTag", () => {
  it("drops a reference whatever its tag, while tags are not tracked (object_delete_twice_tags)", () => {
    const { rig, object } = withObject();
    rig.run(() => wdf.WdfObjectReferenceWithTag(object, 0x41));
    rig.run(() => wdf.WdfObjectDereferenceWithTag(object, 0x42));
    rig.run(() => wdf.WdfObjectDelete(object));
    rig.expect("EvtDestroy");
  });

  it("breaks for a tag that was never referenced, where tags are tracked, and drops the reference (K-040)", () => {
    const { rig, object } = withObject(TRACKED);
    rig.run(() => wdf.WdfObjectReferenceWithTag(object, 0x41));
    rig.run(() => wdf.WdfObjectReferenceWithTag(object, 0x42));
    rig.run(() => wdf.WdfObjectDereferenceWithTag(object, 0x41));
    rig.expectNoFindings();
    rig.run(() => wdf.WdfObjectDereferenceWithTag(object, 0x41));
    rig.expectFindings(FindingId.TagNotReferenced);
    expect(rig.system.findings.at(-1)!.message).toMatch(/\(o1, tag 0x41\)$/);
    rig.run(() => wdf.WdfObjectDelete(object));
    rig.expect("EvtDestroy");
    rig.expectFindings(FindingId.TagAbandoned);
  });

  it("reports a tag that was not released at destruction as abandoned (K-041)", () => {
    const { rig, object } = withObject(TRACKED);
    rig.run(() => wdf.WdfObjectReferenceActual(object, 0x41, 12, "driver.c"));
    rig.run(() => wdf.WdfObjectDereference(object));
    rig.expectFindings(FindingId.TagNotReferenced);
    rig.run(() => wdf.WdfObjectDelete(object));
    rig.expect("EvtDestroy");
    rig.expectFindings(FindingId.TagAbandoned);
    expect(rig.system.findings.at(-1)!.message).toMatch(/\(o1, tag 0x41, taken at driver\.c:12\)$/);
  });

  it("reports it of a request, too, when its IRP has gone", () => {
    const rig = new Rig(TRACKED);
    rig.sendRead(1);
    rig.run(() => {
      wdf.WdfObjectReferenceWithTag(rig.request, 1);
      void wdf.WdfObjectDereferenceWithTag(rig.request, 2);
      wdf.WdfRequestComplete(rig.request, wdf.NtStatus.Success);
    });
    rig.forget();
    expect(rig.system.findings.map(({ id }) => id)).toEqual([FindingId.TagNotReferenced, FindingId.TagAbandoned]);
  });

  it("tracks only the types that were named", () => {
    const { rig, object } = withObject({ trackReferences: ["WDFREQUEST"] });
    rig.run(() => wdf.WdfObjectReferenceWithTag(object, 0x41));
    rig.run(() => wdf.WdfObjectDereferenceWithTag(object, 0x42));
    rig.expectNoFindings();
    rig.sendRead(1);
    rig.run(() => wdf.WdfObjectReferenceWithTag(rig.request, 1));
    rig.run(() => wdf.WdfObjectDereferenceWithTag(rig.request, 2));
    rig.expectFindings(FindingId.TagNotReferenced);
    rig.forget();
  });
});

describe("WdfObjectReferenceActual", () => {
  it("names the place that the report of leaks shows", () => {
    const { rig, object } = withObject(TRACKED);
    rig.run(() => wdf.WdfObjectReferenceActual(object, 0x41, 12, "driver.c"));
    rig.run(() => wdf.WdfObjectDelete(object));
    expect(rig.system.report().leaks[0].reason).toMatch(/\(tag 0x41, taken at driver\.c:12\)$/);
  });

  it("stops for NULL", () => {
    new Rig().expectStop(() => wdf.WdfObjectReferenceActual(0 as wdf.WDFOBJECT, 1, 12, "driver.c"), WdfViolation.RequiredParameterIsNull);
  });
});

describe("WdfObjectDereferenceActual", () => {
  it("drops the reference with that tag", () => {
    const { rig, object } = withObject(TRACKED);
    rig.run(() => wdf.WdfObjectReferenceActual(object, 0x41, 12, "driver.c"));
    rig.run(() => wdf.WdfObjectDereferenceActual(object, 0x41, 13, "driver.c"));
    rig.run(() => wdf.WdfObjectDelete(object));
    rig.expect("EvtDestroy");
  });
});
