// Values in the registry: reading, writing and removing them.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { KeyAccess, NtStatus, PoolType, RegistryType } from "../../host/ddi";
import { PARAMETERS, type RegistryRig, registryRig } from "../support/registry-rig";

const bytes = (...values: number[]) => Uint8Array.from(values);

/** What is in the driver's parameters now. */
function stored({ rig }: RegistryRig, name: string): unknown {
  return rig.system.registry.read(PARAMETERS)?.[name];
}

function string({ rig }: RegistryRig, text?: string): wdf.WDFSTRING {
  return rig.run(() => wdf.WdfStringCreate(text)).string;
}

function collection({ rig }: RegistryRig): wdf.WDFCOLLECTION {
  return rig.run(() => wdf.WdfCollectionCreate()).collection;
}

describe("WdfRegistryQueryValue", () => {
  it("copies the bytes, and says how many they are and of which type", () => {
    const { rig, key } = registryRig();
    const buffer = new Uint8Array(5).fill(9);
    const result = rig.run(() => wdf.WdfRegistryQueryValue(key, "blob", buffer));
    expect(result).toEqual({ status: NtStatus.Success, length: 3, type: RegistryType.Binary });
    expect(buffer).toEqual(bytes(1, 2, 3, 9, 9));
  });

  it("says the length with STATUS_BUFFER_OVERFLOW when the buffer is too short, or when there is none", () => {
    const { rig, key } = registryRig();
    const short = new Uint8Array(2);
    const told = { status: NtStatus.BufferOverflow, length: 3, type: RegistryType.Binary };
    expect(rig.run(() => wdf.WdfRegistryQueryValue(key, "Blob", short))).toEqual(told);
    expect(rig.run(() => wdf.WdfRegistryQueryValue(key, "Blob", null))).toEqual(told);
    expect(short).toEqual(bytes(0, 0));
  });

  it("fails with STATUS_OBJECT_NAME_NOT_FOUND for a value that is not there", () => {
    const { rig, key } = registryRig();
    rig.tell(() => wdf.WdfRegistryQueryValue(key, "Other", null));
    rig.expect("returned STATUS_OBJECT_NAME_NOT_FOUND");
  });

  it("finds a key that was not opened for reading: kernel code may, so it works", () => {
    const { rig, key } = registryRig({ access: KeyAccess.Write });
    rig.tell(() => wdf.WdfRegistryQueryValue(key, "Blob", new Uint8Array(3)));
    rig.expect("returned STATUS_SUCCESS");
    rig.expectFindings(FindingId.KeyAccessNotAsked);
  });

  it("stops without a name, and for what is no key", () => {
    const { rig, key } = registryRig();
    rig.expectStop(() => wdf.WdfRegistryQueryValue(key, null, null), WdfViolation.RequiredParameterIsNull);
    const other = registryRig();
    const device = other.rig.device as number as wdf.WDFKEY;
    other.rig.expectStop(() => wdf.WdfRegistryQueryValue(device, "x", null), WdfViolation.InvalidHandle, device, ObjectKind.Key);
  });

  it("needs PASSIVE_LEVEL: above, a break and STATUS_INVALID_DEVICE_REQUEST", () => {
    const { rig, key } = registryRig({ rules: false });
    rig.tell(() => wdf.WdfRegistryQueryValue(key, "Blob", null), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotPassive);
  });
});

describe("WdfRegistryQueryULong", () => {
  it.each([
    ["Depth", NtStatus.Success, 4],
    ["Name", NtStatus.ObjectTypeMismatch, 0],
    ["Large", NtStatus.ObjectTypeMismatch, 0],
    ["LongDWord", NtStatus.BufferOverflow, 0],
    ["Other", NtStatus.ObjectNameNotFound, 0],
  ])("%s", (name, status, value) => {
    const { rig, key } = registryRig();
    expect(rig.run(() => wdf.WdfRegistryQueryULong(key, name))).toEqual({ status, value });
  });
});

describe("WdfRegistryQueryString", () => {
  it.each([
    ["Name", NtStatus.Success, "Ärger"],
    ["Path", NtStatus.Success, "%SystemRoot%"],
    ["Depth", NtStatus.ObjectTypeMismatch, "before"],
    ["List", NtStatus.ObjectTypeMismatch, "before"],
    ["Empty", NtStatus.ResourceDataNotFound, "before"],
    ["Other", NtStatus.ObjectNameNotFound, "before"],
  ])("%s", (name, status, text) => {
    const made = registryRig();
    const into = string(made, "before");
    expect(made.rig.run(() => wdf.WdfRegistryQueryString(made.key, name, into))).toBe(status);
    expect(made.rig.run(() => wdf.WdfStringGetUnicodeString(into))).toBe(text);
  });
});

describe("WdfRegistryQueryUnicodeString", () => {
  it.each([
    ["Name", 12, NtStatus.Success, 12, "Ärger"],
    ["Name", 10, NtStatus.BufferOverflow, 12, ""],
    ["Name", null, NtStatus.BufferOverflow, 12, ""],
    ["Depth", 4, NtStatus.ObjectTypeMismatch, 0, ""],
    ["Depth", null, NtStatus.BufferOverflow, 4, ""],
    ["Name", 0, NtStatus.InvalidParameter, 0, ""],
    ["Name", 11, NtStatus.InvalidParameter, 0, ""],
  ])("%s into %s bytes", (name, room, status, valueByteLength, value) => {
    const { rig, key } = registryRig();
    expect(rig.run(() => wdf.WdfRegistryQueryUnicodeString(key, name, room))).toEqual({ status, valueByteLength, value });
  });
});

describe("WdfRegistryQueryMultiString", () => {
  it("appends a string object for each text", () => {
    const made = registryRig();
    const into = collection(made);
    const first = string(made, "zero");
    made.rig.run(() => wdf.WdfCollectionAdd(into, first));
    made.rig.tell(() => wdf.WdfRegistryQueryMultiString(made.key, "List", undefined, into));
    made.rig.expect("returned STATUS_SUCCESS");
    const text = (at: number) => wdf.WdfStringGetUnicodeString(wdf.WdfCollectionGetItem(into, at) as wdf.WDFSTRING);
    expect(made.rig.run(() => [0, 1, 2].map(text))).toEqual(["zero", "one", "two"]);
  });

  it.each([
    ["Name", "STATUS_OBJECT_TYPE_MISMATCH"],
    ["Unterminated", "STATUS_OBJECT_TYPE_MISMATCH"],
    ["NoList", "STATUS_RESOURCE_DATA_NOT_FOUND"],
    ["Other", "STATUS_OBJECT_NAME_NOT_FOUND"],
  ])("fails for %s and leaves the collection as it is", (name, status) => {
    const made = registryRig();
    const into = collection(made);
    made.rig.tell(() => wdf.WdfRegistryQueryMultiString(made.key, name, undefined, into));
    made.rig.expect(`returned ${status}`);
    expect(made.rig.run(() => wdf.WdfCollectionGetCount(into))).toBe(0);
  });

  it("appends nothing when memory is short", () => {
    const made = registryRig();
    const into = collection(made);
    made.rig.lowMemory = true;
    made.rig.tell(() => wdf.WdfRegistryQueryMultiString(made.key, "List", undefined, into));
    made.rig.expect("returned STATUS_INSUFFICIENT_RESOURCES");
    expect(made.rig.run(() => wdf.WdfCollectionGetCount(into))).toBe(0);
  });
});

describe("WdfRegistryQueryMemory", () => {
  it("makes a memory object with the bytes", () => {
    const { rig, key } = registryRig();
    const { memory, type } = rig.run(() => wdf.WdfRegistryQueryMemory(key, "Blob", PoolType.NonPagedNx));
    expect(rig.run(() => wdf.WdfMemoryGetBuffer(memory))).toEqual(bytes(1, 2, 3));
    expect(type).toBe(RegistryType.Binary);
  });

  it("makes none of an empty value", () => {
    const { rig, key } = registryRig();
    rig.tell(() => wdf.WdfRegistryQueryMemory(key, "Empty", PoolType.NonPagedNx));
    rig.expect("returned STATUS_RESOURCE_DATA_NOT_FOUND");
  });
});

describe("WdfRegistryAssignValue", () => {
  it("writes bytes of any type, over what was there", () => {
    const made = registryRig();
    const value = bytes(7, 0, 0, 0);
    made.rig.tell(() => wdf.WdfRegistryAssignValue(made.key, "depth", RegistryType.DWord, value));
    value.fill(0);
    made.rig.expect("returned STATUS_SUCCESS");
    expect(stored(made, "Depth")).toBe(7);
  });

  it("finds a key that was not opened for writing: kernel code may, so it works", () => {
    const made = registryRig({ access: KeyAccess.Read });
    made.rig.tell(() => wdf.WdfRegistryAssignValue(made.key, "New", RegistryType.Binary, bytes(1)));
    made.rig.expect("returned STATUS_SUCCESS");
    made.rig.expectFindings(FindingId.KeyAccessNotAsked);
    expect(stored(made, "New")).toEqual(bytes(1));
  });
});

describe("WdfRegistryAssignULong", () => {
  it("writes a REG_DWORD", () => {
    const made = registryRig();
    made.rig.run(() => wdf.WdfRegistryAssignULong(made.key, "Depth", 0xfffffffe));
    expect(stored(made, "Depth")).toBe(0xfffffffe);
  });
});

describe("WdfRegistryAssignUnicodeString", () => {
  it("writes a REG_SZ with a zero at its end", () => {
    const { rig, key } = registryRig();
    rig.run(() => wdf.WdfRegistryAssignUnicodeString(key, "Name", "ab"));
    const buffer = new Uint8Array(6);
    expect(rig.run(() => wdf.WdfRegistryQueryValue(key, "Name", buffer)).type).toBe(RegistryType.String);
    expect(buffer).toEqual(bytes(97, 0, 98, 0, 0, 0));
  });

  it("stops without a text", () => {
    const { rig, key } = registryRig();
    rig.expectStop(() => wdf.WdfRegistryAssignUnicodeString(key, "Name", null), WdfViolation.RequiredParameterIsNull);
  });
});

describe("WdfRegistryAssignString", () => {
  it("writes the text of a string object", () => {
    const made = registryRig();
    const from = string(made, "new");
    made.rig.run(() => wdf.WdfRegistryAssignString(made.key, "Name", from));
    expect(stored(made, "Name")).toBe("new");
  });

  it("stops for what is no string", () => {
    const { rig, key } = registryRig();
    const device = rig.device as number as wdf.WDFSTRING;
    rig.expectStop(() => wdf.WdfRegistryAssignString(key, "Name", device), WdfViolation.InvalidHandle, device, ObjectKind.String);
  });
});

describe("WdfRegistryAssignMultiString", () => {
  it("writes the texts of a collection; of an empty one two zeros", () => {
    const made = registryRig();
    const from = collection(made);
    const length = () => wdf.WdfRegistryQueryValue(made.key, "List", null).length;
    made.rig.run(() => wdf.WdfRegistryAssignMultiString(made.key, "List", from));
    expect(made.rig.run(length)).toBe(4);
    for (const text of ["a", "bc"]) {
      const item = string(made, text);
      made.rig.run(() => wdf.WdfCollectionAdd(from, item));
    }
    made.rig.run(() => wdf.WdfRegistryAssignMultiString(made.key, "List", from));
    expect(stored(made, "List")).toEqual(["a", "bc"]);
    expect(made.rig.run(length)).toBe(12);
  });

  it("fails with STATUS_INVALID_PARAMETER when something else is in the collection", () => {
    const made = registryRig();
    const from = collection(made);
    made.rig.run(() => wdf.WdfCollectionAdd(from, made.rig.device));
    made.rig.tell(() => wdf.WdfRegistryAssignMultiString(made.key, "List", from));
    made.rig.expect("returned STATUS_INVALID_PARAMETER");
    expect(stored(made, "List")).toEqual(["one", "two"]);
  });
});

describe("WdfRegistryAssignMemory", () => {
  it("writes the bytes of a memory object, or those the offsets name", () => {
    const made = registryRig();
    const { memory } = made.rig.run(() => wdf.WdfMemoryCreatePreallocated(undefined, bytes(1, 2, 3, 4)));
    made.rig.run(() => wdf.WdfRegistryAssignMemory(made.key, "All", RegistryType.Binary, memory));
    made.rig.run(() => wdf.WdfRegistryAssignMemory(made.key, "Some", RegistryType.Binary, memory, { bufferOffset: 1, bufferLength: 2 }));
    expect(stored(made, "All")).toEqual(bytes(1, 2, 3, 4));
    expect(stored(made, "Some")).toEqual(bytes(2, 3));
  });

  it("fails with STATUS_INTEGER_OVERFLOW when the offsets lead out of the memory", () => {
    const made = registryRig();
    const { memory } = made.rig.run(() => wdf.WdfMemoryCreatePreallocated(undefined, bytes(1, 2, 3, 4)));
    const offsets = { bufferOffset: 3, bufferLength: 2 };
    made.rig.tell(() => wdf.WdfRegistryAssignMemory(made.key, "Some", RegistryType.Binary, memory, offsets));
    made.rig.expect("returned STATUS_INTEGER_OVERFLOW");
  });
});

describe("WdfRegistryRemoveValue", () => {
  it("removes a value; a second time it is not there", () => {
    const made = registryRig();
    made.rig.tell(() => wdf.WdfRegistryRemoveValue(made.key, "DEPTH"));
    made.rig.tell(() => wdf.WdfRegistryRemoveValue(made.key, "Depth"));
    made.rig.expect("returned STATUS_SUCCESS", "returned STATUS_OBJECT_NAME_NOT_FOUND");
    expect(stored(made, "Depth")).toBeUndefined();
  });
});
