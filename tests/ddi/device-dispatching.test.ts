// WdfDeviceGetDefaultQueue, ConfigureRequestDispatching and EnqueueRequest: which queue gets which request.

import { describe, expect, it } from "vitest";
import { FindingId, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  STATUS_CANCELLED,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_DEVICE_STATE,
  STATUS_INVALID_PARAMETER,
  STATUS_PENDING,
  STATUS_SUCCESS,
  STATUS_WDF_BUSY,
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceCreate,
  WdfDeviceEnqueueRequest,
  WdfDeviceGetDefaultQueue,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  type WDFQUEUE,
} from "../../host/ddi";
import { Rig, type QueueOptions, type RigOptions } from "../support/rig";

const { Manual } = WdfIoQueueDispatchType;
const { Create, Read, Write, DeviceControl, DeviceControlInternal, Cleanup } = WdfRequestType;

/** A rig in which more is done, before the device starts, with a second queue. */
function second(options: QueueOptions, configure: (rig: Rig, queue: WDFQUEUE) => void, first?: QueueOptions | null): Rig {
  const rig = new Rig({
    queue: first === undefined ? { keep: ["Default"] } : first,
    more: (_device, self) => configure(self, self.makeQueue(options)),
  });
  return rig;
}

/** The statuses of routing the types to the second queue, in turn. */
function route(options: QueueOptions, types: readonly number[], first?: QueueOptions | null): { rig: Rig; statuses: number[] } {
  const statuses: number[] = [];
  const rig = second(
    options,
    ({ device }, queue) => {
      for (const type of types) statuses.push(WdfDeviceConfigureRequestDispatching(device, queue, type));
    },
    first,
  );
  return { rig, statuses };
}

describe("WdfDeviceGetDefaultQueue", () => {
  it("is the queue that was created as the default one", () => {
    const rig = new Rig();
    expect(rig.run(() => WdfDeviceGetDefaultQueue(rig.device))).toBe(rig.queue);
  });

  it("is NULL for a device without one (Q-022)", () => {
    const rig = new Rig({ queue: null });
    expect(rig.run(() => WdfDeviceGetDefaultQueue(rig.device))).toBe(0);
  });

  it("of a handle that is no device is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfDeviceGetDefaultQueue(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Device);
  });
});

describe("WdfDeviceConfigureRequestDispatching", () => {
  it("sends one type of request to the queue; the default queue keeps the others (Q-021)", () => {
    const { rig, statuses } = route({ keep: ["Write"] }, [Write]);
    expect(statuses).toEqual([STATUS_SUCCESS]);
    rig.sendRead(1);
    rig.sendWrite(2);
    rig.sendControl(1, 1);
    rig.expect("EvtIoDefault r1", "EvtIoWrite q2 r2 length=2", "EvtIoDefault r3");
  });

  it("takes several types for one queue (Q-029)", () => {
    const { rig, statuses } = route({ keep: ["Default"] }, [Read, Write, DeviceControl, DeviceControlInternal]);
    expect(statuses).toEqual([STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS]);
    rig.sendRead(1);
    rig.send({ major: DeviceControlInternal });
    rig.expect("EvtIoDefault q2 r1", "EvtIoDefault q2 r2");
  });

  it("leaves what no queue takes to fail with STATUS_INVALID_DEVICE_REQUEST (Q-030)", () => {
    const { rig } = route({ keep: ["Read"] }, [Read], null);
    rig.sendRead(1);
    rig.sendWrite(1);
    rig.expect("EvtIoRead q1 r1 length=1", "done r2 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it.each([1, 2, Cleanup, 27, 99])("says STATUS_INVALID_PARAMETER for the type %i (Q-023)", (type) => {
    expect(route({ keep: ["Default"] }, [type]).statuses).toEqual([STATUS_INVALID_PARAMETER]);
  });

  it("breaks and refuses a queue without a handler for the type (Q-025)", () => {
    const { rig, statuses } = route({ keep: ["Read"] }, [Write]);
    expect(statuses).toEqual([STATUS_INVALID_DEVICE_REQUEST]);
    rig.expectFindings(FindingId.DispatchingNoHandler);
  });

  it("is content with EvtIoDefault, and with any manual queue (Q-025)", () => {
    expect(route({ keep: ["Default"] }, [Write]).statuses).toEqual([STATUS_SUCCESS]);
    expect(route({ dispatchType: Manual }, [Write]).statuses).toEqual([STATUS_SUCCESS]);
  });

  it("breaks and refuses the default queue (Q-026)", () => {
    const statuses: number[] = [];
    const rig = second({}, ({ device, queue }) => statuses.push(WdfDeviceConfigureRequestDispatching(device, queue, Read)));
    expect(statuses).toEqual([STATUS_INVALID_DEVICE_REQUEST]);
    rig.expectFindings(FindingId.DispatchingDefaultQueue);
  });

  it("breaks and says STATUS_WDF_BUSY for a type that another queue takes, even the same one (Q-027)", () => {
    const { rig, statuses } = route({ keep: ["Default"] }, [Read, Read]);
    expect(statuses).toEqual([STATUS_SUCCESS, STATUS_WDF_BUSY]);
    rig.expectFindings(FindingId.DispatchingTaken);
  });

  it("says STATUS_INVALID_DEVICE_STATE once the device has started (Q-024)", () => {
    const rig = new Rig();
    const queue = rig.run(() => rig.makeQueue({}));
    expect(rig.run(() => WdfDeviceConfigureRequestDispatching(rig.device, queue, Read))).toBe(STATUS_INVALID_DEVICE_STATE);
  });

  it("refuses a queue of another device (Q-024)", () => {
    const rig = new Rig();
    let status = 0;
    rig.system.addDevice({
      name: "other",
      evtDriverDeviceAdd: (_driver, init) => {
        const { device } = WdfDeviceCreate(init);
        status = WdfDeviceConfigureRequestDispatching(device, rig.queue, Read);
      },
    });
    expect(status).toBe(STATUS_INVALID_DEVICE_REQUEST);
  });

  it("of a handle that is no device, or no queue, is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const first = new Rig();
    const noDevice = () => WdfDeviceConfigureRequestDispatching(first.queue as never, first.queue, Read);
    first.expectStop(noDevice, WdfViolation.InvalidHandle, first.queue, ObjectKind.Device);
    const other = new Rig();
    const noQueue = () => WdfDeviceConfigureRequestDispatching(other.device, 0 as WDFQUEUE, Read);
    other.expectStop(noQueue, WdfViolation.InvalidHandle, 0, ObjectKind.Queue);
  });
});

describe("WdfDeviceConfigureRequestDispatching of creates", () => {
  it("creates succeed without the driver, the default queue's EvtIoDefault included, until a queue takes them (Q-021)", () => {
    const rig = new Rig({ queue: { keep: ["Default"] } });
    rig.send({ major: Create, file: rig.newFile() });
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("sends creates to EvtIoDefault of the queue (file_create_to_queue)", () => {
    const { rig, statuses } = route({ keep: ["Default"] }, [Create]);
    expect(statuses).toEqual([STATUS_SUCCESS]);
    rig.send({ major: Create, file: rig.newFile() });
    rig.complete();
    rig.expect("EvtIoDefault q2 r1", "done r1 STATUS_SUCCESS 0");
  });

  it("lets the default queue take them (Q-028)", () => {
    let status = -1;
    const rig = second({}, ({ device, queue }) => (status = WdfDeviceConfigureRequestDispatching(device, queue, Create)));
    expect(status).toBe(STATUS_SUCCESS);
    rig.send({ major: Create, file: rig.newFile() });
    rig.expect("EvtIoDefault r1");
  });

  it("breaks and refuses a queue without EvtIoDefault (Q-028)", () => {
    const { rig, statuses } = route({ keep: ["Read"] }, [Create]);
    expect(statuses).toEqual([STATUS_INVALID_DEVICE_REQUEST]);
    rig.expectFindings(FindingId.DispatchingNoHandler);
  });

  it("breaks and says STATUS_INVALID_PARAMETER when a queue takes them already (Q-028, D-04)", () => {
    const { rig, statuses } = route({ keep: ["Default"] }, [Create, Create]);
    expect(statuses).toEqual([STATUS_SUCCESS, STATUS_INVALID_PARAMETER]);
    rig.expectFindings(FindingId.DispatchingTaken);
  });
});

/** A rig whose EvtIoInCallerContext puts the request into its queue and says what came of it. */
function enqueuing(options: RigOptions = {}): Rig {
  const rig: Rig = new Rig({
    evtIoInCallerContext: (device, request) => {
      rig.say(rig.returned(WdfDeviceEnqueueRequest(device, request)));
      rig.kept.push(request);
    },
    ...options,
  });
  return rig;
}

describe("WdfDeviceEnqueueRequest", () => {
  it("puts the request into the queue that is meant for it; its handler may run before it returns", () => {
    const rig = enqueuing();
    expect(rig.sendRead(2, {}).returned).toBe(STATUS_PENDING);
    rig.expect("EvtIoRead r1 length=2", "returned STATUS_SUCCESS");
  });

  it("goes by the routing of the type", () => {
    const more = (_device: unknown, self: Rig): void => {
      WdfDeviceConfigureRequestDispatching(self.device, self.makeQueue({ keep: ["Write"] }), Write);
    };
    const rig = enqueuing({ more });
    rig.sendWrite(2);
    rig.expect("EvtIoWrite q2 r1 length=2", "returned STATUS_SUCCESS");
  });

  it("may be called after EvtIoInCallerContext has returned", () => {
    const rig: Rig = new Rig({ evtIoInCallerContext: (_device, request) => void rig.kept.push(request) });
    rig.sendRead(1);
    rig.tell(() => WdfDeviceEnqueueRequest(rig.device, rig.kept[0]));
    rig.expect("EvtIoRead r1 length=1", "returned STATUS_SUCCESS");
  });

  it("says STATUS_WDF_BUSY when the queue does not accept; the driver keeps the request (Q-079)", () => {
    const rig = enqueuing();
    rig.run(() => WdfIoQueueDrain(rig.queue));
    rig.sendRead(1);
    rig.complete(STATUS_CANCELLED);
    rig.expect("returned STATUS_WDF_BUSY", "done r1 STATUS_CANCELLED 0");
  });

  it("breaks and refuses when no queue takes the type; the driver keeps the request (Q-080)", () => {
    const rig = enqueuing({ queue: null });
    rig.sendRead(1);
    rig.expectFindings(FindingId.EnqueueNoQueue);
    rig.complete(STATUS_CANCELLED);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST", "done r1 STATUS_CANCELLED 0");
  });

  it("in a filter sends down what no queue takes, and succeeds (Q-080)", () => {
    const rig = enqueuing({ queue: null, filter: true });
    rig.sendRead(1);
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0", "returned STATUS_SUCCESS");
  });

  it("succeeds for a request that is cancelled already, which ends in the queue (Q-082)", () => {
    const rig = enqueuing();
    rig.sendRead(1, { canceled: true });
    rig.expect("done r1 STATUS_CANCELLED 0", "returned STATUS_SUCCESS");
    const telling = enqueuing({ queue: { keep: ["Read", "CanceledOnQueue"] } });
    telling.sendRead(1, { canceled: true });
    telling.expect("EvtIoCanceledOnQueue r1", "returned STATUS_SUCCESS");
  });

  it("breaks and refuses a request that did not come through EvtIoInCallerContext (Q-081)", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.tell(() => WdfDeviceEnqueueRequest(rig.device, rig.request));
    rig.expect("EvtIoRead r1 length=1", "returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotInCallerContext);
  });

  it("breaks and refuses a request that is in a queue already (Q-081)", () => {
    const rig: Rig = new Rig({
      queue: { dispatchType: Manual },
      evtIoInCallerContext: (device, request) => {
        WdfDeviceEnqueueRequest(device, request);
        rig.say(rig.returned(WdfDeviceEnqueueRequest(device, request)));
      },
    });
    rig.sendRead(1);
    rig.expect("returned STATUS_INVALID_DEVICE_REQUEST");
    rig.expectFindings(FindingId.NotInCallerContext);
  });

  it("of handles that are no device or no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const first = new Rig();
    const noDevice = () => WdfDeviceEnqueueRequest(first.queue as never, 0 as never);
    first.expectStop(noDevice, WdfViolation.InvalidHandle, first.queue, ObjectKind.Device);
    const other = new Rig();
    const noRequest = () => WdfDeviceEnqueueRequest(other.device, other.queue as never);
    other.expectStop(noRequest, WdfViolation.InvalidHandle, other.queue, ObjectKind.Request);
  });
});
