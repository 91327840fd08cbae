// WdfRequestForwardToParentDeviceIoQueue, and the child device (PDO) it takes: WdfPdoInit*.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  NtStatus,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_PENDING,
  STATUS_SUCCESS,
  WDF_IO_QUEUE_CONFIG_INIT,
  WDF_REQUEST_FORWARD_OPTIONS_INIT,
  WdfDeviceConfigureWdmIrpDispatchCallback,
  WdfDeviceCreate,
  WdfDeviceWdmDispatchIrpToIoQueue,
  WdfDispatchIrpToIoQueueFlags,
  WdfIoForwardProgressReservedPolicy,
  WdfIoQueueAssignForwardProgressPolicy,
  WdfIoQueueCreate,
  WdfIoQueueDispatchType,
  WdfIoQueuePurge,
  WdfPdoInitAllocate,
  WdfPdoInitAllowForwardingRequestToParent,
  WdfRequestComplete,
  WdfRequestForwardToParentDeviceIoQueue,
  WdfRequestMarkCancelable,
  WdfTriState,
  type WDFDEVICE,
  type WDFQUEUE,
  type WDFREQUEST,
} from "../../host/ddi";
import { keepers } from "../support/keepers";
import { Rig, type RigOptions } from "../support/rig";

const INIT = WDF_REQUEST_FORWARD_OPTIONS_INIT;

interface Family {
  readonly rig: Rig;
  readonly parent: WDFDEVICE;
  readonly parentQueue: WDFQUEUE;
  readonly childQueue: WDFQUEUE;
}

/** A bus driver's device with a queue, and a child whose queue keeps writes; what is sent goes to the child. */
function family(allowed = true, options: RigOptions & { childOf?: (child: WDFDEVICE, rig: Rig) => void } = {}): Family {
  let [child, childQueue] = [0 as WDFDEVICE, 0 as WDFQUEUE];
  const rig = new Rig({
    ...options,
    more: (device, self) => {
      const init = WdfPdoInitAllocate(device);
      if (allowed) WdfPdoInitAllowForwardingRequestToParent(init);
      child = WdfDeviceCreate(init).device;
      const config = { ...WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Sequential), ...keepers(self, ["Write"]) };
      childQueue = WdfIoQueueCreate(child, { ...config, defaultQueue: true, powerManaged: WdfTriState.False }).queue;
      options.childOf?.(child, self);
    },
  });
  const [parent, parentQueue] = [rig.device, rig.queue];
  rig.device = child;
  return { rig, parent, parentQueue, childQueue };
}

/** The same with a write that the child's driver owns. */
function owning(allowed = true, options: RigOptions = {}): Family & { request: WDFREQUEST } {
  const made = family(allowed, options);
  made.rig.sendWrite(4);
  made.rig.expect("EvtIoWrite q2 r1 length=4");
  return { ...made, request: made.rig.request };
}

describe("WdfPdoInitAllocate", () => {
  it("begins a device of the same driver, whose queues and requests are its own", () => {
    const { rig, parent } = family();
    expect(rig.device).not.toBe(parent);
    expect(rig.name(rig.device)).toBe("rig#2");
    rig.sendWrite(1);
    rig.complete();
    rig.expect("EvtIoWrite q2 r1 length=1", "done r1 STATUS_SUCCESS 0");
  });
});

describe("WdfPdoInitAllocate of a handle that is no device", () => {
  it("is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfPdoInitAllocate(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Device);
  });
});

describe("WDF_REQUEST_FORWARD_OPTIONS_INIT", () => {
  it("asks for send and forget, the only way there is", () => {
    expect(WDF_REQUEST_FORWARD_OPTIONS_INIT()).toEqual({ flags: 1 });
  });
});

describe("WdfPdoInitAllowForwardingRequestToParent", () => {
  it("is what WdfRequestForwardToParentDeviceIoQueue asks for (Q-184)", () => {
    for (const allowed of [true, false]) {
      const { rig, parentQueue, request } = owning(allowed);
      const status = rig.run(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, INIT()));
      expect(status).toBe(allowed ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST);
      rig.lines.length = 0;
      if (!allowed) rig.expectFindings(FindingId.ForwardToParentInvalid);
    }
  });

  it("lets WdfDeviceWdmDispatchIrpToIoQueue name the parent's queue", () => {
    for (const allowed of [true, false]) {
      let made: Family | undefined;
      const childOf = (child: WDFDEVICE): void => {
        WdfDeviceConfigureWdmIrpDispatchCallback(child, undefined, WdfRequestType.Write, (device, _major, _minor, _code, _context, irp) =>
          WdfDeviceWdmDispatchIrpToIoQueue(device, irp, made!.parentQueue, WdfDispatchIrpToIoQueueFlags.None),
        );
      };
      made = family(allowed, { childOf });
      const { rig } = made;
      expect(rig.sendWrite(3, {}).returned).toBe(allowed ? STATUS_PENDING : STATUS_INVALID_DEVICE_REQUEST);
      rig.expect(allowed ? "EvtIoWrite r1 length=3" : "done r1 STATUS_INVALID_DEVICE_REQUEST 0");
      if (!allowed) rig.expectFindings(FindingId.DispatchToQueueInvalid);
    }
  });
});

describe("WdfRequestForwardToParentDeviceIoQueue", () => {
  it("gives the request to the parent's queue, whose handler may run before it returns; the parent's driver completes it", () => {
    const { rig, parentQueue, request } = owning();
    rig.kept.length = 0;
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, INIT()));
    rig.expect("EvtIoWrite r1 length=4", "returned STATUS_SUCCESS");
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("frees the child's sequential queue for its next request", () => {
    const { rig, parentQueue, childQueue, request } = owning();
    rig.sendWrite(5);
    rig.run(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, INIT()));
    rig.expect("EvtIoWrite r1 length=4", "EvtIoWrite q2 r2 length=5");
    expect([rig.stateOf(childQueue), rig.stateOf(parentQueue)].map((state) => state.split(" ").at(-1))).toEqual(["driver=1", "driver=1"]);
  });

  it("says STATUS_INFO_LENGTH_MISMATCH for a structure that was never initialized (Q-184)", () => {
    const { rig, parentQueue, request } = owning();
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, { ...INIT(), size: 0 }));
    rig.expect("returned STATUS_INFO_LENGTH_MISMATCH");
  });

  it("says STATUS_INVALID_PARAMETER for a flag that is none; no flag at all is fine (Q-184)", () => {
    const { rig, parentQueue, request } = owning();
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, { flags: 2 }));
    rig.expect("returned STATUS_INVALID_PARAMETER");
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, { flags: 0 }));
    rig.expect("EvtIoWrite r1 length=4", "returned STATUS_SUCCESS");
  });

  it("breaks and refuses in a device that has no parent (Q-184)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(rig.request, rig.queue, INIT()));
    rig.expect("EvtIoRead r1 length=1", "returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.ForwardToParentInvalid);
  });

  it("there, without the verifier, is the Stop of a NULL that is followed", () => {
    const rig = new Rig({ verifier: false });
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    const forward = () => WdfRequestForwardToParentDeviceIoQueue(rig.request, rig.queue, INIT());
    rig.expectBugCheck(forward, BugCheck.KmodeExceptionNotHandled, 0xc0000005 | 0);
  });

  it("breaks and refuses the request's own queue (Q-184)", () => {
    const { rig, childQueue, request } = owning();
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, childQueue, INIT()));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.ForwardToSameQueue);
  });

  it("breaks and refuses a queue that is not the parent's (Q-184)", () => {
    let other = 0 as WDFQUEUE;
    const childOf = (child: WDFDEVICE): void => {
      const config = { ...WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Manual), powerManaged: WdfTriState.False };
      other = WdfIoQueueCreate(child, config).queue;
    };
    const { rig, request } = owning(true, { childOf } as RigOptions);
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, other, INIT()));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.ForwardToParentInvalid);
  });

  it("breaks and refuses a cancelable request, and one the driver does not own (Q-184)", () => {
    const { rig, parentQueue, request } = owning();
    rig.run(() => WdfRequestMarkCancelable(request, rig.evtRequestCancel));
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, INIT()));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.IsCancelable);
  });

  it("breaks and refuses a reserved request (Q-184)", () => {
    const childOf = (child: WDFDEVICE, self: Rig): void => {
      const config = { ...WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Parallel), ...keepers(self, ["Read"]) };
      const { queue } = WdfIoQueueCreate(child, { ...config, powerManaged: WdfTriState.False });
      WdfIoQueueAssignForwardProgressPolicy(queue, {
        totalForwardProgressRequests: 1,
        forwardProgressReservedPolicy: WdfIoForwardProgressReservedPolicy.AlwaysUseReservedRequest,
      });
      WdfDeviceConfigureWdmIrpDispatchCallback(child, undefined, WdfRequestType.Read, (device, _major, _minor, _code, _context, irp) =>
        WdfDeviceWdmDispatchIrpToIoQueue(device, irp, queue, WdfDispatchIrpToIoQueueFlags.None),
      );
    };
    const { rig, parentQueue } = family(true, { childOf });
    rig.lowMemory = true;
    rig.sendRead(1);
    rig.lowMemory = false;
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(rig.request, parentQueue, INIT()));
    rig.expect("EvtIoRead q3 r1 length=1", "returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.ForwardToParentInvalid);
  });

  it("breaks and refuses a request that no queue has delivered (Q-184)", () => {
    const rig: Rig = new Rig({ evtIoInCallerContext: (_device, request) => void rig.kept.push(request) });
    rig.sendRead(1);
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(rig.request, rig.queue, INIT()));
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NoQueue);
  });

  it("says STATUS_WDF_BUSY when the parent's queue does not accept; the driver keeps the request", () => {
    const { rig, parentQueue, childQueue, request } = owning();
    rig.run(() => WdfIoQueuePurge(parentQueue));
    rig.tell(() => WdfRequestForwardToParentDeviceIoQueue(request, parentQueue, INIT()));
    rig.expect("returned STATUS_WDF_BUSY");
    expect(rig.stateOf(childQueue)).toContain("driver=1");
    rig.run(() => WdfRequestComplete(request, NtStatus.Success));
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("without options is the Stop WDF_REQUIRED_PARAMETER_IS_NULL, of wrong handles WDF_INVALID_HANDLE (Q-206)", () => {
    const first = owning();
    const noOptions = () => WdfRequestForwardToParentDeviceIoQueue(first.request, first.parentQueue, undefined);
    first.rig.expectStop(noOptions, WdfViolation.RequiredParameterIsNull);
    const second = owning();
    const noQueue = () => WdfRequestForwardToParentDeviceIoQueue(second.request, second.parent as never, INIT());
    second.rig.expectStop(noQueue, WdfViolation.InvalidHandle, second.parent, ObjectKind.Queue);
    const third = owning();
    const noRequest = () => WdfRequestForwardToParentDeviceIoQueue(third.parentQueue as never, third.parentQueue, INIT());
    third.rig.expectStop(noRequest, WdfViolation.InvalidHandle, third.parentQueue, ObjectKind.Request);
  });
});
