// Executive callback objects: creating, opening and naming them, and what holds them.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, Irql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { ExCreateCallback, ExRegisterCallback, InitializeObjectAttributes, NtStatus, ObDereferenceObject } from "../../host/ddi";
import { Rig } from "../support/rig";

const { OBJ_CASE_INSENSITIVE, OBJ_OPENIF, OBJ_PERMANENT } = wdf;
const BATTERY = "\\Callback\\Battery";
const nothing = (): void => {};

interface Options {
  create?: boolean;
  multiple?: boolean;
  attributes?: number;
}

/** ExCreateCallback in a system thread: permanent unless said otherwise. */
function create(rig: Rig, name: string | null, { create: make = true, multiple = true, attributes = OBJ_PERMANENT }: Options = {}) {
  return rig.run(() => ExCreateCallback(InitializeObjectAttributes(name, attributes), make, multiple));
}

/** ExCreateCallback with Create FALSE. */
function open(rig: Rig, name: string, attributes = 0) {
  return create(rig, name, { create: false, attributes });
}

describe("InitializeObjectAttributes", () => {
  it("fills in the block, and checks nothing", () => {
    const block = InitializeObjectAttributes("no backslash", OBJ_PERMANENT | OBJ_CASE_INSENSITIVE);
    expect(block).toEqual({ objectName: "no backslash", attributes: 0x50, rootDirectory: 0, securityDescriptor: null });
  });
});

describe("ExCreateCallback", () => {
  it.each([null, ""])("without a name (%j) gives STATUS_UNSUCCESSFUL (K-289)", (name) => {
    const rig = new Rig();
    expect(create(rig, name)).toEqual({ status: NtStatus.Unsuccessful, callbackObject: 0 });
  });

  it("with Create FALSE of a missing name gives STATUS_OBJECT_NAME_NOT_FOUND (K-290)", () => {
    const rig = new Rig();
    expect(open(rig, BATTERY)).toEqual({ status: NtStatus.ObjectNameNotFound, callbackObject: 0 });
  });

  it("with Create FALSE opens an existing object and gives STATUS_SUCCESS (K-291)", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    expect(callbackObject).not.toBe(0);
    expect(open(rig, BATTERY)).toEqual({ status: NtStatus.Success, callbackObject });
  });

  it("opens, then registers: what a driver does that uses the callback object of another (K-292)", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    rig.run(() => {
      const attributes = InitializeObjectAttributes(BATTERY, OBJ_CASE_INSENSITIVE);
      const opened = ExCreateCallback(attributes, false, false);
      ExRegisterCallback(opened.callbackObject, (context, a, b) => rig.say(`called ${String(context)} ${String(a)} ${String(b)}`), "ctx");
    });
    rig.tell(() => wdf.ExNotifyCallback(callbackObject, 1, "two"));
    rig.expect("called ctx 1 two", "returned");
  });

  it.each([0, OBJ_OPENIF])("with Create TRUE of an existing name opens it and ignores AllowMultipleCallbacks (K-293, %i)", (flag) => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY, { multiple: false });
    expect(create(rig, BATTERY, { multiple: true, attributes: flag })).toEqual({ status: NtStatus.Success, callbackObject });
    rig.run(() => ExRegisterCallback(callbackObject, nothing, 1));
    expect(rig.run(() => ExRegisterCallback(callbackObject, nothing, 2))).toBe(0);
  });

  it("with OBJ_CASE_INSENSITIVE matches regardless of case, without it the case must match (K-294)", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    expect(open(rig, "\\CALLBACK\\battery", OBJ_CASE_INSENSITIVE).callbackObject).toBe(callbackObject);
    expect(open(rig, "\\Callback\\battery").status).toBe(NtStatus.ObjectNameNotFound);
    expect(open(rig, "\\callback\\Battery").status).toBe(NtStatus.ObjectPathNotFound);
  });

  it("without OBJ_PERMANENT leaves no name behind, but the pointer works (K-295)", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY, { attributes: OBJ_CASE_INSENSITIVE });
    expect(open(rig, BATTERY).status).toBe(NtStatus.ObjectNameNotFound);
    rig.expectFindings(FindingId.CallbackNameLost);
    expect(create(rig, BATTERY).callbackObject).not.toBe(callbackObject);
    rig.expectFindings(FindingId.CallbackNameLost);
    rig.run(() => ExRegisterCallback(callbackObject, () => rig.say("called"), 0));
    rig.tell(() => wdf.ExNotifyCallback(callbackObject, 0, 0));
    rig.expect("called", "returned");
  });

  it("counts OBJ_PERMANENT only when the object is created (K-329)", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    const temporary = create(rig, "\\Callback\\Other", { attributes: 0 });
    expect(create(rig, "\\Callback\\Other", { attributes: OBJ_PERMANENT }).callbackObject).not.toBe(temporary.callbackObject);
    rig.expectFindings(FindingId.CallbackNameLost);
    expect(create(rig, BATTERY, { attributes: 0 }).callbackObject).toBe(callbackObject);
    expect(open(rig, BATTERY).callbackObject).toBe(callbackObject);
  });

  it.each([
    ["a name without a leading backslash", "Callback\\Battery", NtStatus.ObjectPathSyntaxBad],
    ["a directory that is not there", "\\Nowhere\\Battery", NtStatus.ObjectPathNotFound],
    ["an empty component", "\\Callback\\\\Battery", NtStatus.ObjectNameInvalid],
    ["a backslash at the end", "\\Callback\\Battery\\", NtStatus.ObjectNameInvalid],
    ["a way through an object", "\\Callback\\PowerState\\Battery", NtStatus.ObjectTypeMismatch],
    ["more components than there are directories", `\\Callback${"\\a".repeat(40)}`, NtStatus.ObjectPathNotFound],
  ])("refuses %s, to open and to create", (_what, name, status) => {
    const rig = new Rig();
    expect(open(rig, name)).toEqual({ status, callbackObject: 0 });
    expect(create(rig, name)).toEqual({ status, callbackObject: 0 });
  });

  it("of something of another type gives STATUS_OBJECT_TYPE_MISMATCH, or to create STATUS_OBJECT_NAME_COLLISION", () => {
    const rig = new Rig();
    expect(open(rig, "\\Callback").status).toBe(NtStatus.ObjectTypeMismatch);
    expect(create(rig, "\\Callback").status).toBe(NtStatus.ObjectNameCollision);
    expect(create(rig, "\\Callback", { attributes: OBJ_OPENIF }).status).toBe(NtStatus.ObjectTypeMismatch);
    expect(open(rig, "\\").status).toBe(NtStatus.ObjectTypeMismatch);
  });

  it("refuses OBJ_OPENLINK, which is not for callback objects", () => {
    expect(create(new Rig(), BATTERY, { attributes: wdf.OBJ_OPENLINK }).status).toBe(NtStatus.InvalidParameter);
  });

  it("refuses a root directory: there are no handles to directories", () => {
    const rig = new Rig();
    const relative = rig.run(() => ExCreateCallback(InitializeObjectAttributes("Battery", 0, 4), true, true));
    expect(relative.status).toBe(NtStatus.InvalidHandle);
  });

  it("gives STATUS_INSUFFICIENT_RESOURCES when memory is short", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    expect(create(rig, BATTERY).status).toBe(NtStatus.InsufficientResources);
    rig.lowMemory = false;
    expect(create(rig, BATTERY).status).toBe(NtStatus.Success);
  });

  it("puts objects into the root as well", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, "\\Battery");
    expect(open(rig, "\\Battery").callbackObject).toBe(callbackObject);
    expect(open(rig, BATTERY).status).toBe(NtStatus.ObjectNameNotFound);
  });

  it.each(["SetSystemTime", "PowerState", "ProcessorAdd"])("opens the system's own \\Callback\\%s with Create FALSE", (name) => {
    const rig = new Rig();
    expect(open(rig, `\\Callback\\${name}`).status).toBe(NtStatus.Success);
  });

  it("with Create TRUE and the name of a system callback is a finding (K-313)", () => {
    const rig = new Rig();
    expect(create(rig, "\\Callback\\powerstate", { attributes: OBJ_CASE_INSENSITIVE }).status).toBe(NtStatus.Success);
    rig.expectFindings(FindingId.CallbackNamedAsSystem);
  });

  it("at APC_LEVEL is a finding, at DISPATCH_LEVEL a Stop of Driver Verifier (IrqlExPassive)", () => {
    const rig = new Rig();
    const make = () => ExCreateCallback(InitializeObjectAttributes(BATTERY, OBJ_PERMANENT), true, true);
    rig.run(make, Irql.Apc);
    rig.expectFindings(FindingId.IrqlTooHigh);
    rig.expectBugCheck(() => (rig.system.machine.exports.setLevel(Irql.Dispatch), make()), BugCheck.DriverVerifierDetectedViolation, 0x20008);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});

describe("ObReferenceObject", () => {
  it("keeps a temporary object alive until it is dereferenced as often", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY, { attributes: 0 });
    rig.run(() => wdf.ObReferenceObject(callbackObject));
    rig.run(() => ObDereferenceObject(callbackObject));
    expect(rig.run(() => ExRegisterCallback(callbackObject, nothing, 0))).not.toBe(0);
  });

  it("of an object that is gone is a page fault", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY, { attributes: 0 });
    rig.run(() => ObDereferenceObject(callbackObject));
    rig.expectBugCheck(() => wdf.ObReferenceObject(callbackObject), BugCheck.PageFaultInNonpagedArea, callbackObject);
  });
});

describe("ObDereferenceObject", () => {
  it("ends a temporary object with the last registration and reference, whichever goes last (K-310)", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY, { attributes: 0 });
    const objects = rig.system.machine.exports.liveObjects();
    const registration = rig.run(() => ExRegisterCallback(callbackObject, nothing, 0));
    rig.run(() => ObDereferenceObject(callbackObject));
    rig.run(() => wdf.ExNotifyCallback(callbackObject, 0, 0));
    expect(rig.system.machine.exports.liveObjects()).toBe(objects + 1);
    rig.run(() => wdf.ExUnregisterCallback(registration));
    expect(rig.system.machine.exports.liveObjects()).toBe(objects - 1);
  });

  it("leaves a permanent object where it is", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    rig.run(() => ObDereferenceObject(callbackObject));
    expect(open(rig, BATTERY).callbackObject).toBe(callbackObject);
  });

  it("of more references than were taken is the Stop REFERENCE_BY_POINTER", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    rig.run(() => ObDereferenceObject(callbackObject));
    rig.expectBugCheck(() => ObDereferenceObject(callbackObject), BugCheck.ReferenceByPointer, 0, callbackObject);
  });

  it("is called at DISPATCH_LEVEL as well, and above is a finding", () => {
    const rig = new Rig();
    const { callbackObject } = create(rig, BATTERY);
    rig.run(() => wdf.ObReferenceObject(callbackObject), Irql.Dispatch);
    rig.run(() => ObDereferenceObject(callbackObject), Irql.Dispatch);
    rig.run(() => ObDereferenceObject(callbackObject), Irql.DeviceMax);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});
