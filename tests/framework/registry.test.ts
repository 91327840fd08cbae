// RegistryKey, Driver: each member calls the DDI it names.

import { expect, it } from "vitest";
import type { WDFDRIVER } from "../../host/ddi";
import { Collection, Driver, FrameworkString, KeyAccess, Memory, NtStatus, RegistryKey, RegistryType } from "../../host/index";
import { type Member, member, suspendable } from "../support/members";
import { PARAMETERS, VALUES } from "../support/registry-rig";
import { Rig } from "../support/rig";

const keys = new WeakMap<Rig, RegistryKey>();
const driver = (rig: Rig): Driver => new Driver(rig.system.names.driverOf(rig.device) as WDFDRIVER);

/** What all of these have in common: a System with a registry, and the driver's parameters open as key1. */
function with1<T>(act: (key: RegistryKey, rig: Rig) => T, more: Partial<Member<T>> & Pick<Member<T>, "calls">): Member<T> {
  return {
    idle: true,
    options: { registry: { rig: VALUES } },
    before: (rig) => void keys.set(rig, driver(rig).parameters({ access: KeyAccess.All }).object),
    act: (rig) => act(keys.get(rig)!, rig),
    ...more,
  };
}

const status = ({ status: answer }: { status: NtStatus }): NtStatus => answer;
const All = KeyAccess.All;
const Read = KeyAccess.Read;
const ok = NtStatus.Success;

member("RegistryKey.open", with1(() => status(RegistryKey.open(PARAMETERS)), {
  calls: [`WdfRegistryOpenKey(0, ${PARAMETERS.replaceAll("\\", "\\\\")}, ${Read}, 0)`],
  result: ok,
}));
member("RegistryKey.create", with1(() => status(RegistryKey.create("\\Registry\\New")), {
  calls: [`WdfRegistryCreateKey(0, \\\\Registry\\\\New, ${Read}, 0)`],
  result: ok,
}));
member("RegistryKey.parametersOf", with1((_key, rig) => status(RegistryKey.parametersOf(driver(rig))), {
  calls: [`WdfDriverOpenParametersRegistryKey(rig, ${Read}, 0)`],
  result: ok,
}));
member("RegistryKey.persistentStateOf", with1((_key, rig) => status(RegistryKey.persistentStateOf(driver(rig))), {
  calls: [`WdfDriverOpenPersistentStateRegistryKey(rig, ${Read}, 0)`],
  result: ok,
}));
member("RegistryKey.ofDevice", with1((_key, rig) => status(RegistryKey.ofDevice({ handle: rig.device }, { access: All })), {
  calls: [`WdfDeviceOpenRegistryKey(rig, ${All}, 0)`],
  result: ok,
}));
member("RegistryKey.open below", with1((key) => status(key.open("Below")), {
  calls: [`WdfRegistryOpenKey(key1, Below, ${Read}, 0)`],
  result: ok,
}));
member("RegistryKey.create below", with1((key) => status(key.create("New", { volatile: true })), {
  calls: [`WdfRegistryCreateKey(key1, New, ${Read}, 0)`],
  result: ok,
}));
suspendable("RegistryKey.close", with1((key) => key.close(), { calls: ["WdfRegistryClose(key1)"] }));
suspendable("RegistryKey.remove", with1((key) => key.remove(), {
  calls: [`WdfRegistryRemoveKey(key1, ${NtStatus.CannotDelete})`],
  result: NtStatus.CannotDelete,
}));
member("RegistryKey.removeValue", with1((key) => key.removeValue("Name"), { calls: ["WdfRegistryRemoveValue(key1, Name)"], result: ok }));
member("RegistryKey.query", with1((key) => key.query("Blob"), {
  calls: ["WdfRegistryQueryValue(key1, Blob)"],
  result: { status: NtStatus.BufferOverflow, length: 3, type: RegistryType.Binary },
}));
member("RegistryKey.queryULong", with1((key) => key.queryULong("Depth").value, {
  calls: ["WdfRegistryQueryULong(key1, Depth)"],
  result: 4,
}));
member("RegistryKey.queryText", with1((key) => key.queryText("Name").value, {
  calls: ["WdfRegistryQueryUnicodeString(key1, Name)"],
  result: "Ärger",
}));
member("RegistryKey.queryString", with1((key) => key.queryString("Name", FrameworkString.create().object), {
  calls: ["WdfStringCreate()", "WdfRegistryQueryString(key1, Name, string1)"],
  result: ok,
}));
member("RegistryKey.queryMultiString", with1((key) => key.queryMultiString("List", Collection.create().object), {
  calls: ["WdfCollectionCreate()", "WdfRegistryQueryMultiString(key1, List, collection1)"],
  result: ok,
}));
member("RegistryKey.queryMemory", with1((key) => key.queryMemory("Blob").object.buffer, {
  calls: ["WdfRegistryQueryMemory(key1, Blob)", "WdfMemoryCreate(512, 3)", "WdfMemoryGetBuffer(m1)"],
  result: Uint8Array.from([1, 2, 3]),
}));
member("RegistryKey.assign", with1((key) => key.assign("New", RegistryType.Binary, Uint8Array.from([1])), {
  calls: ["WdfRegistryAssignValue(key1, New)"],
  result: ok,
}));
member("RegistryKey.assignULong", with1((key) => key.assignULong("New", 1), { calls: ["WdfRegistryAssignULong(key1, New)"], result: ok }));
member("RegistryKey.assignText", with1((key) => key.assignText("New", "x"), {
  calls: ["WdfRegistryAssignUnicodeString(key1, New, 1)"],
  result: ok,
}));
member("RegistryKey.assignString", with1((key) => key.assignString("New", FrameworkString.create().object), {
  calls: ["WdfStringCreate()", "WdfRegistryAssignString(key1, New, string1)"],
  result: ok,
}));
member("RegistryKey.assignMultiString", with1((key) => key.assignMultiString("New", Collection.create().object), {
  calls: ["WdfCollectionCreate()", "WdfRegistryAssignMultiString(key1, New, collection1)"],
  result: ok,
}));
member("RegistryKey.assignMemory", with1((key) => key.assignMemory("New", RegistryType.Binary, Memory.around(new Uint8Array(2)).object), {
  calls: ["WdfMemoryCreatePreallocated(1, 2)", "WdfRegistryAssignMemory(key1, New, m1, 0, 0)"],
  result: ok,
}));
member("Driver.registryPath", with1((_key, rig) => driver(rig).registryPath, {
  calls: ["WdfDriverGetRegistryPath(rig)"],
  result: PARAMETERS.replace("\\Parameters", ""),
}));
member("Driver.parameters", with1((_key, rig) => status(driver(rig).parameters()), {
  calls: [`WdfDriverOpenParametersRegistryKey(rig, ${Read}, 0)`],
  result: ok,
}));
member("Driver.persistentState", with1((_key, rig) => status(driver(rig).persistentState()), {
  calls: [`WdfDriverOpenPersistentStateRegistryKey(rig, ${Read}, 0)`],
  result: ok,
}));

it("a text longer than a UNICODE_STRING can be does not fit", () => {
  const rig = new Rig({ registry: { rig: { Long: "x".repeat(40000) } } });
  expect(rig.run(() => driver(rig).parameters().object.queryText("Long").status)).toBe(NtStatus.BufferOverflow);
});
