// WdfIoQueueAssignForwardProgressPolicy: requests in reserve, for when no memory is to be had.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, WdfViolation } from "../../bindings/abi";
import {
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_PARAMETER,
  STATUS_NOT_SUPPORTED,
  STATUS_PENDING,
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  WdfDeviceEnqueueRequest,
  WdfIoForwardProgressAction,
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueAssignForwardProgressPolicy,
  WdfIoQueueDrain,
  WdfRequestIsReserved,
  type WdfIoQueueForwardProgressPolicy,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { AlwaysUseReservedRequest, UseExamine, PagingIO } = WdfIoForwardProgressReservedPolicy;
type Policy = Partial<WdfIoQueueForwardProgressPolicy>;

/** A policy: one reserved request, used always, unless it says otherwise. */
function policy(different: Policy = {}): WdfIoQueueForwardProgressPolicy {
  return { totalForwardProgressRequests: 1, forwardProgressReservedPolicy: AlwaysUseReservedRequest, ...different };
}

function assign(rig: Rig, different: Policy = {}, irql = Irql.Passive): number {
  return rig.run(() => WdfIoQueueAssignForwardProgressPolicy(rig.queue, policy(different)), irql);
}

/** A rig with a policy, and no memory from now on. */
function starved(different: Policy = {}, options: RigOptions = {}): Rig {
  const rig = new Rig(options);
  expect(assign(rig, different)).toBe(STATUS_SUCCESS);
  rig.lowMemory = true;
  return rig;
}

describe("WdfIoQueueAssignForwardProgressPolicy", () => {
  it("makes the reserved requests and asks for the resources of each before it returns (Q-087)", () => {
    const rig = new Rig();
    const ask = (): number => {
      rig.say(`EvtIoAllocateResourcesForReservedRequest at ${Irql[rig.level]}`);
      return STATUS_SUCCESS;
    };
    const total = { totalForwardProgressRequests: 2, evtIoAllocateResourcesForReservedRequest: ask };
    rig.tell(() => WdfIoQueueAssignForwardProgressPolicy(rig.queue, policy(total)));
    const line = "EvtIoAllocateResourcesForReservedRequest at Passive";
    rig.expect(line, line, "returned STATUS_SUCCESS");
  });

  it("answers what EvtIoAllocateResourcesForReservedRequest failed with, and leaves the queue as it was (Q-088)", () => {
    const rig = new Rig();
    let calls = 0;
    const failSecond = (): number => (++calls === 2 ? STATUS_NOT_SUPPORTED : STATUS_SUCCESS);
    const total = { totalForwardProgressRequests: 3, evtIoAllocateResourcesForReservedRequest: failSecond };
    expect(assign(rig, total)).toBe(STATUS_NOT_SUPPORTED);
    expect(calls).toBe(2);
    rig.lowMemory = true;
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INSUFFICIENT_RESOURCES 0");
    rig.lowMemory = false;
    expect(assign(rig)).toBe(STATUS_SUCCESS);
  });

  it("refuses a structure that was never initialized first of all (Q-086)", () => {
    expect(assign(new Rig(), { size: 0, totalForwardProgressRequests: 0 })).toBe(STATUS_INFO_LENGTH_MISMATCH);
  });

  it("refuses to keep no requests in reserve (Q-086)", () => {
    expect(assign(new Rig(), { totalForwardProgressRequests: 0 })).toBe(STATUS_INVALID_PARAMETER);
  });

  it("refuses the examine policy without EvtIoWdmIrpForForwardProgress (Q-086)", () => {
    expect(assign(new Rig(), { forwardProgressReservedPolicy: UseExamine })).toBe(STATUS_INVALID_PARAMETER);
  });

  it("breaks and refuses a second policy (Q-086)", () => {
    const rig = new Rig();
    assign(rig);
    expect(assign(rig)).toBe(STATUS_INVALID_PARAMETER);
    rig.expectFindings(FindingId.ProgressAssigned);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES when there is no memory", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    expect(assign(rig)).toBe(STATUS_INSUFFICIENT_RESOURCES);
  });

  it("above PASSIVE_LEVEL breaks and says STATUS_INVALID_DEVICE_REQUEST (VF-06)", () => {
    const rig = new Rig();
    expect(assign(rig, {}, Irql.Dispatch)).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.NotPassive);
  });

  it("of a handle that is no queue is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    const call = () => WdfIoQueueAssignForwardProgressPolicy(rig.device as never, policy());
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.device);
  });
});

describe("WdfIoQueueAssignForwardProgressPolicy: when memory is short", () => {
  it("without a policy an arrival fails with STATUS_INSUFFICIENT_RESOURCES (Q-096)", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INSUFFICIENT_RESOURCES 0");
  });

  it("always: a reserved request takes the arrival over (Q-092)", () => {
    const rig = starved();
    rig.sendRead(4);
    rig.expect("EvtIoRead r1 length=4");
    expect(rig.run(() => WdfRequestIsReserved(rig.request))).toBe(true);
    rig.complete(STATUS_SUCCESS, 4);
    rig.expect("done r1 STATUS_SUCCESS 4");
  });

  it("a further arrival waits for the reserved request, in order, and is in no count (Q-085, Q-093, Q-119)", () => {
    const rig = starved();
    for (let i = 1; i <= 3; i++) rig.sendRead(i);
    expect(rig.stateOf()).toBe("accept dispatch noreq queued=0 driver=1");
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "done r1 STATUS_SUCCESS 0", "EvtIoRead r2 length=2");
    rig.complete();
    rig.expect("done r2 STATUS_SUCCESS 0", "EvtIoRead r3 length=3");
  });

  it("the reserved request is the same one each time", () => {
    const rig = starved();
    rig.sendRead(1);
    rig.sendRead(2);
    const [first] = rig.kept;
    rig.complete();
    expect(rig.kept).toEqual([first]);
    rig.lines.length = 0;
  });

  it("an arrival that waits can be cancelled without the driver (Q-094)", () => {
    const rig = starved();
    rig.sendRead(1);
    rig.sendRead(2).cancel();
    rig.expect("EvtIoRead r1 length=1", "done r2 STATUS_CANCELLED 0");
  });

  it("a drain cancels what waits (Q-095)", () => {
    const rig = starved();
    rig.sendRead(1);
    rig.sendRead(2);
    rig.run(() => WdfIoQueueDrain(rig.queue));
    rig.expect("EvtIoRead r1 length=1", "done r2 STATUS_CANCELLED 0");
  });

  it("paging I/O: paging requests get the reserve, others fail with STATUS_UNSUCCESSFUL (Q-090)", () => {
    const rig = starved({ forwardProgressReservedPolicy: PagingIO });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_UNSUCCESSFUL);
    expect(rig.sendRead(2, { paging: true }).returned).toBe(STATUS_PENDING);
    rig.expect("done r1 STATUS_UNSUCCESSFUL 0", "EvtIoRead r2 length=2");
  });

  it.each([
    ["UseReservedRequest", WdfIoForwardProgressAction.UseReservedRequest, "EvtIoRead r1 length=1"],
    ["FailRequest", WdfIoForwardProgressAction.FailRequest, "done r1 STATUS_UNSUCCESSFUL 0"],
  ])("examine: EvtIoWdmIrpForForwardProgress decides %s (Q-091)", (_name, action, line) => {
    const examine = { forwardProgressReservedPolicy: UseExamine, evtIoWdmIrpForForwardProgress: () => action };
    const rig = starved(examine);
    rig.sendRead(1);
    rig.expect(line);
  });

  it("examine: any other answer breaks and fails the IRP (Q-091)", () => {
    const rig = starved({ forwardProgressReservedPolicy: UseExamine, evtIoWdmIrpForForwardProgress: () => 3 as never });
    rig.sendRead(1);
    rig.expect("done r1 STATUS_UNSUCCESSFUL 0");
    rig.expectFindings(FindingId.ProgressBadAction);
  });

  it("EvtIoAllocateRequestResources is asked for every ordinary request; when it fails the policy decides (Q-089)", () => {
    const rig = new Rig();
    let answer: number = STATUS_SUCCESS;
    const ask = (): number => {
      rig.say("EvtIoAllocateRequestResources");
      return answer;
    };
    assign(rig, { evtIoAllocateRequestResources: ask });
    rig.sendRead(1);
    expect(rig.run(() => WdfRequestIsReserved(rig.request))).toBe(false);
    answer = STATUS_INSUFFICIENT_RESOURCES;
    rig.sendRead(2);
    expect(rig.run(() => WdfRequestIsReserved(rig.request))).toBe(true);
    const line = "EvtIoAllocateRequestResources";
    rig.expect(line, "EvtIoRead r1 length=1", line, "EvtIoRead r2 length=2");
  });

  it("EvtIoInCallerContext is not called for reserved requests (Q-084)", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (device, request) => {
        rig.say(`EvtIoInCallerContext ${rig.name(request)}`);
        WdfDeviceEnqueueRequest(device, request);
      },
    });
    assign(rig);
    rig.sendRead(1);
    rig.lowMemory = true;
    rig.sendRead(2);
    rig.expect("EvtIoInCallerContext r1", "EvtIoRead r1 length=1", "EvtIoRead r2 length=2");
  });
});
