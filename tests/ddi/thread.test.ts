// Threads that drivers make. Evidence: spec of the kernel, §4.6.

import { describe, expect, it } from "vitest";
import { BugCheck, EventType, NtStatus, ProcessorMode } from "../../bindings/abi";
import {
  KeEnterCriticalRegion,
  KeGetCurrentIrql,
  KeInitializeEvent,
  KeSetEvent,
  KeWaitForSingleObject,
  ObReferenceObjectByHandle,
  PsCreateSystemThread,
  PsTerminateSystemThread,
  type PKTHREAD,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const { KernelMode } = ProcessorMode;

describe("PsCreateSystemThread", () => {
  it("runs the routine with its context at PASSIVE_LEVEL, when its turn comes", () => {
    const rig = new Rig();
    rig.run(() => {
      const { status } = PsCreateSystemThread((context: string) => rig.say(`${context} at ${KeGetCurrentIrql()}`), "hello");
      rig.say(`created ${status}`);
    });
    rig.expect("created 0", "hello at 0");
  });

  it("a generator may wait; the thread's object is set when the thread has ended", () => {
    const rig = new Rig();
    const event = rig.run(() => KeInitializeEvent(EventType.SynchronizationEvent, false));
    rig.start(function* () {
      const { threadHandle } = yield* PsCreateSystemThread(function* () {
        yield* KeWaitForSingleObject(event, 0, KernelMode, false);
        rig.say("ends");
      }, null);
      const { object } = ObReferenceObjectByHandle(threadHandle);
      yield* KeWaitForSingleObject(object, 0, KernelMode, false);
      rig.say("has ended");
    });
    rig.expectNothingElse();
    rig.run(() => KeSetEvent(event));
    rig.expect("ends", "has ended");
  });

  it("without memory is STATUS_INSUFFICIENT_RESOURCES", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    expect(rig.run(() => PsCreateSystemThread(() => {}, null).status)).toBe(NtStatus.InsufficientResources);
  });

  it("a routine that throws is the Stop SYSTEM_THREAD_EXCEPTION_NOT_HANDLED", () => {
    const rig = new Rig();
    const body = (): never => {
      throw new Error("oops");
    };
    rig.expectBugCheck(() => PsCreateSystemThread(body, null), BugCheck.SystemThreadExceptionNotHandled);
  });

  it("a routine that returns in a critical region is the Stop KERNEL_APC_PENDING_DURING_EXIT with Driver Verifier", () => {
    const rig = new Rig();
    rig.expectBugCheck(() => PsCreateSystemThread(KeEnterCriticalRegion, null), BugCheck.KernelApcPendingDuringExit, 0, -1);
  });
});

describe("PsTerminateSystemThread", () => {
  it("says with which status the thread ends", () => {
    const rig = new Rig();
    rig.run(() => PsCreateSystemThread(() => rig.say(`status ${PsTerminateSystemThread(NtStatus.Cancelled)}`), null));
    rig.expect("status 0");
  });

  it("in a thread that PsCreateSystemThread has not made is STATUS_INVALID_PARAMETER", () => {
    const rig = new Rig();
    expect(rig.run(() => PsTerminateSystemThread(NtStatus.Success))).toBe(NtStatus.InvalidParameter);
  });
});

describe("ObReferenceObjectByHandle", () => {
  it("gives the thread's object", () => {
    const rig = new Rig();
    const { status, object } = rig.run(() => ObReferenceObjectByHandle(PsCreateSystemThread(() => {}, null).threadHandle));
    expect([status, object !== 0]).toEqual([0, true]);
  });

  it("NULL is STATUS_INVALID_HANDLE, something else STATUS_OBJECT_TYPE_MISMATCH", () => {
    const rig = new Rig();
    expect(rig.run(() => ObReferenceObjectByHandle(0 as PKTHREAD).status)).toBe(NtStatus.InvalidHandle);
    const event = rig.run(() => KeInitializeEvent(EventType.NotificationEvent, false));
    expect(rig.run(() => ObReferenceObjectByHandle(event as never).status)).toBe(NtStatus.ObjectTypeMismatch);
  });
});
