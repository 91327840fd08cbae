// WDFSTRING.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import { WdfObjectDelete, WdfStringCreate, WdfStringGetUnicodeString, type WDFOBJECT } from "../../host/ddi";
import { Rig } from "../support/rig";

describe("WdfStringCreate", () => {
  it("keeps a copy of the text; without one it is empty", () => {
    const rig = new Rig();
    const full = rig.run(() => WdfStringCreate("\\Device\\Ä"));
    const empty = rig.run(() => WdfStringCreate());
    expect(rig.run(() => WdfStringGetUnicodeString(full.string))).toBe("\\Device\\Ä");
    expect(rig.run(() => WdfStringGetUnicodeString(empty.string))).toBe("");
  });

  it("needs PASSIVE_LEVEL: above, a break and STATUS_INVALID_DEVICE_REQUEST", () => {
    const rig = new Rig({ rules: false });
    rig.tell(() => WdfStringCreate("text"), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotPassive);
  });

  it("is cleaned up at PASSIVE_LEVEL, even when it is deleted above", () => {
    const rig = new Rig();
    const evtCleanupCallback = () => rig.say(`EvtCleanup at ${Irql[rig.level]}`);
    const { string } = rig.run(() => WdfStringCreate("text", { evtCleanupCallback }));
    rig.tell(() => WdfObjectDelete(string), Irql.Dispatch);
    rig.expect("returned", "EvtCleanup at Passive");
  });
});

describe("WdfStringGetUnicodeString", () => {
  it("needs PASSIVE_LEVEL: above, a break and no text", () => {
    const rig = new Rig({ rules: false });
    const { string } = rig.run(() => WdfStringCreate("text"));
    expect(rig.run(() => WdfStringGetUnicodeString(string), Irql.Dispatch)).toBe("");
    rig.expectFindings(FindingId.NotPassive);
  });

  it("stops for a string that is gone (K-006)", () => {
    const rig = new Rig();
    const { string } = rig.run(() => WdfStringCreate("text"));
    rig.run(() => WdfObjectDelete(string as WDFOBJECT));
    rig.expectStop(() => WdfStringGetUnicodeString(string), WdfViolation.InvalidHandle, string, ObjectKind.String);
  });
});
