// WdfIoQueueCreate: what it refuses, and with which status.
// What a queue does with its requests is in queue-dispatch.test.ts.

import { describe, expect, it } from "vitest";
import { ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_DEVICE_STATE,
  STATUS_INVALID_PARAMETER,
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  STATUS_WDF_NO_CALLBACK,
  STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
  WDF_IO_QUEUE_CONFIG_INIT,
  WdfDeviceCreate,
  WdfDeviceGetDefaultQueue,
  WdfExecutionLevel,
  WdfIoQueueCreate,
  WdfIoQueueDispatchType,
  WdfIoQueueGetDevice,
  WdfSynchronizationScope,
  WdfTriState,
  type WDFDEVICE,
  type WdfIoQueueConfig,
  type WdfObjectAttributes,
} from "../../host/ddi";
import type { DriverModule } from "../../host/driver";
import { System } from "../../host/system";
import type { Keeper } from "../support/keepers";
import { Rig, type QueueOptions } from "../support/rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;
const { Passive, Dispatch } = WdfExecutionLevel;
const scope = WdfSynchronizationScope;
const REQUEST_HANDLERS: Keeper[] = ["Default", "Read", "Write", "DeviceControl", "InternalDeviceControl"];

/** What creating one more queue in an ordinary rig ends with. */
function create(config: QueueOptions, attributes?: WdfObjectAttributes, rig = new Rig()): number {
  return rig.run(() => rig.createQueue(config, attributes)).status;
}

/** The same before the device is started. */
function createEarly(config: QueueOptions, first: QueueOptions | null = {}): { status: number; queue: number; rig: Rig } {
  let made = { status: -1, queue: 0 };
  const rig = new Rig({ queue: first, more: (_device, self) => void (made = self.createQueue(config)) });
  return { ...made, rig };
}

describe("WdfIoQueueCreate", () => {
  it("gives a handle of a queue of the device", () => {
    const rig = new Rig();
    const { status, queue } = rig.run(() => rig.createQueue({}));
    expect(status).toBe(STATUS_SUCCESS);
    expect(queue).not.toBe(rig.queue);
    expect(rig.run(() => WdfIoQueueGetDevice(queue))).toBe(rig.device);
  });

  it("keeps the handlers it was given then: nothing adds or changes one later (Q-041)", () => {
    const config: Partial<WdfIoQueueConfig> = {
      evtIoRead: () => rig.say("EvtIoRead as given"),
    };
    const rig: Rig = new Rig({ queue: { keep: [], ...config } });
    config.evtIoRead = () => rig.say("EvtIoRead as changed");
    config.evtIoWrite = () => rig.say("EvtIoWrite as added");
    rig.sendRead(1);
    rig.sendWrite(1);
    rig.expect("EvtIoRead as given", "done r2 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it("makes queues at any time, also when the device has started", () => {
    expect(createEarly({}).status).toBe(STATUS_SUCCESS);
    expect(create({})).toBe(STATUS_SUCCESS);
  });

  it("for a handle that is no device is the Stop WDF_INVALID_HANDLE (row 1)", () => {
    const rig = new Rig();
    const config = WDF_IO_QUEUE_CONFIG_INIT(Manual);
    rig.expectStop(() => WdfIoQueueCreate(rig.queue as never, config), WdfViolation.InvalidHandle, rig.queue, ObjectKind.Device);
  });

  it("refuses a configuration that was never initialized, whatever else is wrong with it (Q-003)", () => {
    const bad = { dispatchType: 0, size: 0, numberOfPresentedRequests: 7 } as unknown as WdfIoQueueConfig;
    expect(create(bad)).toBe(STATUS_INFO_LENGTH_MISMATCH);
  });

  it("looks at the attributes before the configuration (Q-006)", () => {
    expect(create({ size: 0 }, { size: 0, executionLevel: 0 })).toBe(STATUS_INFO_LENGTH_MISMATCH);
    expect(create({ size: 0 }, { executionLevel: 0 as WdfExecutionLevel })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
  });

  it.each([0, 4])("refuses the execution level %i (Q-005)", (executionLevel) => {
    expect(create({}, { executionLevel })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
  });

  it.each([0, 5])("refuses the synchronization scope %i (Q-005)", (synchronizationScope) => {
    expect(create({}, { synchronizationScope })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
  });

  it.each([0, 4])("refuses the dispatch type %i (Q-009)", (dispatchType) => {
    expect(create({ dispatchType: dispatchType as WdfIoQueueDispatchType })).toBe(STATUS_INVALID_PARAMETER);
  });

  it.each([Sequential, Parallel])("wants a request handler for a queue of type %i; EvtIoStop is none (Q-007)", (dispatchType) => {
    expect(create({ dispatchType, keep: [] })).toBe(STATUS_WDF_NO_CALLBACK);
    expect(create({ dispatchType, keep: ["Stop", "Resume", "CanceledOnQueue"] })).toBe(STATUS_WDF_NO_CALLBACK);
  });

  it.each(REQUEST_HANDLERS)("is content with EvtIo%s alone", (handler) => {
    expect(create({ dispatchType: Sequential, keep: [handler] })).toBe(STATUS_SUCCESS);
  });

  it.each(REQUEST_HANDLERS)("refuses EvtIo%s for a manual queue (Q-008)", (handler) => {
    expect(create({ dispatchType: Manual, keep: [handler] })).toBe(STATUS_INVALID_PARAMETER);
  });

  it("lets a manual queue have EvtIoStop, EvtIoResume and EvtIoCanceledOnQueue (Q-008)", () => {
    expect(create({ dispatchType: Manual, keep: ["Stop", "Resume", "CanceledOnQueue"] })).toBe(STATUS_SUCCESS);
  });

  it.each([Sequential, Manual])("refuses NumberOfPresentedRequests for a queue of type %i (Q-010)", (dispatchType) => {
    expect(create({ dispatchType, numberOfPresentedRequests: 1 })).toBe(STATUS_INVALID_PARAMETER);
  });

  it("refuses the device's lock for a queue whose execution level is not the device's (Q-012)", () => {
    const passiveDevice = (): Rig => new Rig({ deviceAttributes: { executionLevel: Passive } });
    const synchronizationScope = scope.Device;
    expect(create({}, { synchronizationScope, executionLevel: Passive })).toBe(STATUS_INVALID_PARAMETER);
    expect(create({}, { synchronizationScope, executionLevel: Dispatch }, passiveDevice())).toBe(STATUS_INVALID_PARAMETER);
    expect(create({}, { synchronizationScope }, passiveDevice())).toBe(STATUS_SUCCESS);
  });

  it.each([scope.Queue, scope.None])("lets the levels differ with scope %i (Q-012)", (synchronizationScope) => {
    expect(create({}, { synchronizationScope, executionLevel: Passive })).toBe(STATUS_SUCCESS);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES when there is no memory (row 9)", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    expect(rig.run(() => rig.createQueue({}))).toEqual({ status: STATUS_INSUFFICIENT_RESOURCES, queue: 0 });
  });

  it("gives no handle when it fails", () => {
    const rig = new Rig();
    expect(rig.run(() => rig.createQueue({ keep: [] }))).toEqual({ status: STATUS_WDF_NO_CALLBACK, queue: 0 });
  });

  it("takes NumberOfPresentedRequests as unlimited when a parallel queue's configuration leaves it out", () => {
    const rig = new Rig({ queue: null, more: (device, self) => void (self.queue = bareQueue(device, self)) });
    for (let i = 1; i <= 3; i++) rig.sendRead(i);
    rig.expect("read 1", "read 2", "read 3");
  });
});

/** A default queue from a configuration nobody initialized but for what it must have. */
function bareQueue(device: WDFDEVICE, rig: Rig) {
  const evtIoRead = (_queue: number, _request: number, length: number): void => rig.say(`read ${length}`);
  return WdfIoQueueCreate(device, { dispatchType: Parallel, defaultQueue: true, evtIoRead }).queue;
}

describe("WdfIoQueueCreate of a default queue", () => {
  it("makes it the device's", () => {
    const { status, queue, rig } = createEarly({ defaultQueue: true }, null);
    expect(status).toBe(STATUS_SUCCESS);
    expect(rig.run(() => WdfDeviceGetDefaultQueue(rig.device))).toBe(queue);
  });

  it("says STATUS_UNSUCCESSFUL for a second one, and the first stays (Q-014)", () => {
    const { status, rig } = createEarly({ defaultQueue: true });
    expect(status).toBe(STATUS_UNSUCCESSFUL);
    expect(rig.run(() => WdfDeviceGetDefaultQueue(rig.device))).toBe(rig.queue);
  });

  it("looks at the rest of a second one first (Q-014)", () => {
    expect(createEarly({ defaultQueue: true, keep: [] }).status).toBe(STATUS_WDF_NO_CALLBACK);
  });

  it("says STATUS_INVALID_DEVICE_STATE once the device has started (Q-015)", () => {
    expect(create({ defaultQueue: true }, undefined, new Rig({ queue: null }))).toBe(STATUS_INVALID_DEVICE_STATE);
  });
});

describe("WdfIoQueueCreate with a parent object", () => {
  it("accepts the device (object_queue_attr_errors)", () => {
    const rig = new Rig();
    expect(create({}, { parentObject: rig.device }, rig)).toBe(STATUS_SUCCESS);
  });

  it("refuses an object that belongs to no device (Q-016)", () => {
    let status = 0;
    const system = System.create();
    system.addDevice({
      name: "orphan",
      evtDriverDeviceAdd: (driver, init) => {
        const { device } = WdfDeviceCreate(init);
        status = WdfIoQueueCreate(device, WDF_IO_QUEUE_CONFIG_INIT(Manual), { parentObject: driver }).status;
      },
    });
    expect(status).toBe(STATUS_INVALID_DEVICE_REQUEST);
  });

  it("refuses an object of another device (Q-016)", () => {
    const statuses: number[] = [];
    const system = System.create();
    const devices: WDFDEVICE[] = [];
    const driver: DriverModule = {
      name: "two",
      evtDriverDeviceAdd: (_driver, init) => void devices.push(WdfDeviceCreate(init).device),
    };
    for (let i = 0; i < 2; i++) system.addDevice(driver);
    system.thread(() => {
      const { status } = WdfIoQueueCreate(devices[0], WDF_IO_QUEUE_CONFIG_INIT(Manual), { parentObject: devices[1] });
      statuses.push(status);
    });
    expect(statuses).toEqual([STATUS_INVALID_DEVICE_REQUEST]);
  });
});

describe("WdfIoQueueCreate and the device's power", () => {
  const held = (rig: Rig): boolean => {
    rig.stopQueues();
    return rig.stateOf().includes("held");
  };

  it("makes a queue of a function device power-managed unless told otherwise, one of a filter not (Q-017)", () => {
    expect(held(new Rig())).toBe(true);
    expect(held(new Rig({ filter: true }))).toBe(false);
  });

  it("does as it is told for either kind of device (Q-017)", () => {
    expect(held(new Rig({ queue: { powerManaged: WdfTriState.False } }))).toBe(false);
    expect(held(new Rig({ filter: true, queue: { powerManaged: WdfTriState.True } }))).toBe(true);
  });

  it("makes a power-managed queue held while the device is not yet in D0 (Q-018)", () => {
    const states: string[] = [];
    const queues: QueueOptions[] = [{}, { powerManaged: WdfTriState.False }];
    new Rig({ more: (_device, rig) => queues.forEach((options) => states.push(rig.stateInside(rig.makeQueue(options)))) });
    const [waiting, ready] = ["accept dispatch noreq drvnoreq held", "accept dispatch noreq drvnoreq"];
    expect(states).toEqual([`${waiting} queued=0 driver=0`, `${ready} queued=0 driver=0`]);
  });

  it("makes a queue that refuses requests once the device is being removed (Q-019)", () => {
    const rig = new Rig();
    rig.stopQueues("purge managed");
    const queue = rig.run(() => rig.makeQueue({ powerManaged: WdfTriState.False }));
    expect(rig.stateOf(queue)).toBe("dispatch noreq drvnoreq queued=0 driver=0");
  });
});
