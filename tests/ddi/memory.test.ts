// WDFMEMORY and WDFLOOKASIDE.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, Irql, WdfViolation } from "../../bindings/abi";
import {
  KeRaiseIrqlToDpcLevel,
  NtStatus,
  PoolType,
  WDF_DECLARE_CONTEXT_TYPE,
  WdfLookasideListCreate,
  WdfMemoryAssignBuffer,
  WdfMemoryCopyFromBuffer,
  WdfMemoryCopyToBuffer,
  WdfMemoryCreate,
  WdfMemoryCreateFromLookaside,
  WdfMemoryCreatePreallocated,
  WdfMemoryGetBuffer,
  WdfObjectCreate,
  WdfObjectDelete,
  WdfObjectGetTypedContext,
  type WDFMEMORY,
  type WDFOBJECT,
  type WdfObjectAttributes,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const { NonPagedNx, Paged } = PoolType;
const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 0 }));

/** Callbacks that tell. */
function telling(rig: Rig): WdfObjectAttributes {
  const tell = (what: string) => (object: WDFOBJECT) => rig.say(`${what} ${rig.name(object)} at ${Irql[rig.level]}`);
  return { evtCleanupCallback: tell("EvtCleanup"), evtDestroyCallback: tell("EvtDestroy") };
}

/** A rig with eight bytes, 0 to 7. */
function eight(): { rig: Rig; memory: WDFMEMORY } {
  const rig = new Rig();
  const { memory } = rig.run(() => WdfMemoryCreatePreallocated(undefined, Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7])));
  return { rig, memory };
}

describe("WdfMemoryCreate", () => {
  it("gives a handle and its buffer", () => {
    const rig = new Rig();
    const { status, memory, buffer } = rig.run(() => WdfMemoryCreate(undefined, NonPagedNx, 0, 32));
    expect([status, buffer.length]).toEqual([NtStatus.Success, 32]);
    expect(rig.run(() => WdfMemoryGetBuffer(memory))).toBe(buffer);
  });

  it("of no bytes is STATUS_INVALID_PARAMETER, before its attributes are looked at (K-118, K-007, buffer_memory_create)", () => {
    const rig = new Rig();
    rig.tell(() => WdfMemoryCreate({ size: 0 }, NonPagedNx, 0, 0));
    rig.tell(() => WdfMemoryCreate({ size: 0 }, NonPagedNx, 0, 1));
    rig.expect("returned STATUS_INVALID_PARAMETER", "returned STATUS_INFO_LENGTH_MISMATCH");
  });

  it("of paged pool breaks above APC_LEVEL and fails", () => {
    const rig = new Rig({ rules: false });
    rig.tell(() => WdfMemoryCreate(undefined, Paged, 0, 1), Irql.Dispatch);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.PagedAboveApc);
  });

  it("of paged pool ends at PASSIVE_LEVEL, of nonpaged pool wherever it is deleted", () => {
    const rig = new Rig();
    const paged = rig.run(() => WdfMemoryCreate(telling(rig), Paged, 0, 1)).memory;
    const nonpaged = rig.run(() => WdfMemoryCreate(telling(rig), NonPagedNx, 0, 1)).memory;
    rig.run(() => {
      void WdfObjectDelete(paged);
      void WdfObjectDelete(nonpaged);
    }, Irql.Dispatch);
    rig.expect("EvtCleanup m2 at Dispatch", "EvtDestroy m2 at Dispatch", "EvtCleanup m1 at Passive", "EvtDestroy m1 at Passive");
  });

  it("is filled with DD when it is gone, so that use after free shows", () => {
    const rig = new Rig();
    const { memory, buffer } = rig.run(() => WdfMemoryCreate(undefined, NonPagedNx, 0, 2));
    rig.run(() => WdfObjectDelete(memory));
    expect([...buffer]).toEqual([0xdd, 0xdd]);
  });
});

describe("WdfMemoryCreatePreallocated", () => {
  it("stands for the driver's own buffer, which stays as it is when the object goes", () => {
    const { rig, memory } = eight();
    const buffer = rig.run(() => WdfMemoryGetBuffer(memory));
    rig.run(() => WdfObjectDelete(memory));
    expect(buffer[7]).toBe(7);
  });

  it("needs a buffer (Stop) of at least a byte (buffer_memory_create_nullbuf)", () => {
    const rig = new Rig();
    rig.tell(() => WdfMemoryCreatePreallocated(undefined, new Uint8Array(0)));
    rig.expect("returned STATUS_INVALID_PARAMETER");
    rig.expectStop(() => WdfMemoryCreatePreallocated(undefined, null), WdfViolation.RequiredParameterIsNull);
  });
});

describe("WdfMemoryGetBuffer", () => {
  it("stops for a handle that is no memory", () => {
    const { rig } = eight();
    rig.expectStop(() => WdfMemoryGetBuffer(rig.queue as unknown as WDFMEMORY), WdfViolation.InvalidHandle, rig.queue);
  });
});

describe("WdfMemoryAssignBuffer", () => {
  it("exchanges the buffer of preallocated memory", () => {
    const { rig, memory } = eight();
    const other = new Uint8Array(3);
    expect(rig.run(() => WdfMemoryAssignBuffer(memory, other))).toBe(NtStatus.Success);
    expect(rig.run(() => WdfMemoryGetBuffer(memory))).toBe(other);
    expect(rig.run(() => WdfMemoryCopyToBuffer(memory, 0, new Uint8Array(4)))).toBe(NtStatus.BufferTooSmall);
    expect(rig.run(() => WdfMemoryAssignBuffer(memory, new Uint8Array(0)))).toBe(NtStatus.InvalidParameter);
  });

  it("stops for memory that was not preallocated (buffer_memory_assign_wrong_type)", () => {
    const rig = new Rig();
    const { memory } = rig.run(() => WdfMemoryCreate(undefined, NonPagedNx, 0, 4));
    rig.expectStop(() => WdfMemoryAssignBuffer(memory, new Uint8Array(4)), WdfViolation.InvalidHandle, memory, 0x1022);
  });
});

/** Paged memory, one of the list, and the same of nonpaged pool: each made at PASSIVE_LEVEL. */
function pools(rig: Rig): WDFMEMORY[] {
  return rig.run(() => {
    const { lookaside } = WdfLookasideListCreate(undefined, 4, Paged, undefined, 0);
    const made = WdfMemoryCreate(undefined, Paged, 0, 4).memory;
    return [made, WdfMemoryCreateFromLookaside(lookaside).memory];
  });
}

describe("memory in paged pool", () => {
  it("K-194 touched at DISPATCH_LEVEL is the Stop 0xD1, with parameters 2 and 0 for a read or 1 for a write", () => {
    for (const index of [0, 1]) {
      const read = new Rig();
      const from = pools(read)[index];
      const copyTo = (): unknown => KeRaiseIrqlToDpcLevel() === 0 && WdfMemoryCopyToBuffer(from, 0, new Uint8Array(4));
      read.expectBugCheck(copyTo, BugCheck.DriverIrqlNotLessOrEqual, from, Irql.Dispatch, 0);
      const write = new Rig();
      const to = pools(write)[index];
      const copyFrom = (): unknown => KeRaiseIrqlToDpcLevel() === 0 && WdfMemoryCopyFromBuffer(to, 0, new Uint8Array(4));
      write.expectBugCheck(copyFrom, BugCheck.DriverIrqlNotLessOrEqual, to, Irql.Dispatch, 1);
    }
  });

  it("may be touched at APC_LEVEL; its buffer may be asked for, and a copy refused, at any level", () => {
    const rig = new Rig();
    const [memory] = pools(rig);
    expect(rig.run(() => WdfMemoryCopyFromBuffer(memory, 0, Uint8Array.of(1, 2)), Irql.Apc)).toBe(NtStatus.Success);
    const seen = rig.run(() => [WdfMemoryGetBuffer(memory).length, WdfMemoryCopyToBuffer(memory, 0, new Uint8Array(5))], Irql.Dispatch);
    expect(seen).toEqual([4, NtStatus.BufferTooSmall]);
  });

  it("nonpaged memory may be touched at DISPATCH_LEVEL", () => {
    const rig = new Rig();
    const { memory } = rig.run(() => WdfMemoryCreate(undefined, PoolType.NonPagedNx, 0, 4));
    expect(rig.run(() => WdfMemoryCopyToBuffer(memory, 0, new Uint8Array(4)), Irql.Dispatch)).toBe(NtStatus.Success);
  });

  it("K-195 allocated above APC_LEVEL is the Stop 0xC4/0x1 (Driver Verifier)", () => {
    const rig = new Rig({ verifier: false });
    const create = (): unknown => KeRaiseIrqlToDpcLevel() === 0 && WdfMemoryCreate(undefined, Paged, 0, 4);
    rig.expectBugCheck(create, BugCheck.DriverVerifierDetectedViolation, 1, Irql.Dispatch, Paged, 4);
    const fromList = new Rig();
    const { lookaside } = fromList.run(() => WdfLookasideListCreate(undefined, 8, Paged, undefined, 0));
    const take = (): unknown => KeRaiseIrqlToDpcLevel() === 0 && WdfMemoryCreateFromLookaside(lookaside);
    fromList.expectBugCheck(take, BugCheck.DriverVerifierDetectedViolation, 1, Irql.Dispatch, Paged, 8);
  });

  it("allocated at DISPATCH_LEVEL without any verifier is there", () => {
    const rig = new Rig({ verifier: false, driverVerifier: false });
    expect(rig.run(() => WdfMemoryCreate(undefined, Paged, 0, 4).status, Irql.Dispatch)).toBe(NtStatus.Success);
  });
});

describe("WdfMemoryCopyToBuffer", () => {
  it("copies from an offset", () => {
    const { rig, memory } = eight();
    const buffer = new Uint8Array(3);
    expect(rig.run(() => WdfMemoryCopyToBuffer(memory, 5, buffer))).toBe(NtStatus.Success);
    expect([...buffer]).toEqual([5, 6, 7]);
  });

  it.each([
    [8, 1],
    [6, 3],
    [0, 9],
    [0xffffffff, 1],
  ])("from %i, %i bytes: the memory does not have them, STATUS_BUFFER_TOO_SMALL (K-115)", (offset, length) => {
    const { rig, memory } = eight();
    expect(rig.run(() => WdfMemoryCopyToBuffer(memory, offset, new Uint8Array(length)))).toBe(NtStatus.BufferTooSmall);
  });

  it("of no bytes is STATUS_INVALID_PARAMETER (K-117); without a buffer it is a Stop", () => {
    const { rig, memory } = eight();
    expect(rig.run(() => WdfMemoryCopyToBuffer(memory, 0, new Uint8Array(0)))).toBe(NtStatus.InvalidParameter);
    rig.expectStop(() => WdfMemoryCopyToBuffer(memory, 0, null), WdfViolation.RequiredParameterIsNull);
  });
});

describe("WdfMemoryCopyFromBuffer", () => {
  it("copies to an offset", () => {
    const { rig, memory } = eight();
    expect(rig.run(() => WdfMemoryCopyFromBuffer(memory, 6, Uint8Array.from([8, 9])))).toBe(NtStatus.Success);
    expect([...rig.run(() => WdfMemoryGetBuffer(memory))]).toEqual([0, 1, 2, 3, 4, 5, 8, 9]);
  });

  it.each([
    [8, 1],
    [7, 2],
    [0, 9],
  ])("to %i, %i bytes: the memory has no room, STATUS_INVALID_BUFFER_SIZE (K-116)", (offset, length) => {
    const { rig, memory } = eight();
    expect(rig.run(() => WdfMemoryCopyFromBuffer(memory, offset, new Uint8Array(length)))).toBe(NtStatus.InvalidBufferSize);
  });

  it("of no bytes is STATUS_INVALID_PARAMETER (K-117)", () => {
    const { rig, memory } = eight();
    expect(rig.run(() => WdfMemoryCopyFromBuffer(memory, 0, new Uint8Array(0)))).toBe(NtStatus.InvalidParameter);
  });
});

describe("WdfLookasideListCreate", () => {
  it("checks the attributes of the list, then those of its memory", () => {
    const rig = new Rig();
    rig.tell(() => WdfLookasideListCreate({ size: 0 }, 8, NonPagedNx, { executionLevel: 7 as never }, 0));
    rig.tell(() => WdfLookasideListCreate(undefined, 8, NonPagedNx, { executionLevel: 7 as never }, 0));
    rig.tell(() => WdfLookasideListCreate(undefined, 0, NonPagedNx, undefined, 0));
    rig.expect(
      "returned STATUS_INFO_LENGTH_MISMATCH",
      "returned STATUS_WDF_OBJECT_ATTRIBUTES_INVALID",
      "returned STATUS_INVALID_PARAMETER",
    );
  });

  it("of paged pool breaks above PASSIVE_LEVEL and fails", () => {
    const rig = new Rig({ rules: false });
    rig.tell(() => WdfLookasideListCreate(undefined, 8, Paged, undefined, 0), Irql.Apc);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotPassive);
  });
});

describe("WdfMemoryCreateFromLookaside", () => {
  it("makes memory of the list's size with the attributes given for it", () => {
    const rig = new Rig();
    const parentObject = rig.run(() => WdfObjectCreate()).object;
    const attributes = { ...telling(rig), contextType: Context, parentObject };
    const { lookaside } = rig.run(() => WdfLookasideListCreate(undefined, 8, NonPagedNx, attributes, 0));
    const { memory, buffer } = rig.run(() => WdfMemoryCreateFromLookaside(lookaside));
    expect(buffer.length).toBe(8);
    expect(rig.run(() => WdfObjectGetTypedContext(memory, Context))).toEqual({ count: 0 });
    rig.run(() => WdfObjectDelete(parentObject));
    rig.expect("EvtCleanup m1 at Passive", "EvtDestroy m1 at Passive");
  });

  it("keeps the list until the last of its memory is gone", () => {
    const rig = new Rig();
    const { lookaside } = rig.run(() => WdfLookasideListCreate(telling(rig), 8, NonPagedNx, undefined, 0));
    const { memory } = rig.run(() => WdfMemoryCreateFromLookaside(lookaside));
    rig.run(() => WdfObjectDelete(lookaside));
    rig.expect("EvtCleanup lookaside1 at Passive");
    rig.run(() => WdfObjectDelete(memory));
    rig.expect("EvtDestroy lookaside1 at Passive");
  });
});
