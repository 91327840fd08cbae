// defineDriver, DeviceInit and Device: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { WdfExecutionLevel, WdfIoQueueDispatchType, WdfRequestType, WdfSynchronizationScope } from "../../bindings/abi";
import {
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_DEVICE_STATE,
  STATUS_INVALID_PARAMETER,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_SUCCESS,
  STATUS_UNSUCCESSFUL,
  STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
  WDF_DECLARE_CONTEXT_TYPE,
} from "../../host/ddi";
import { Device, type DeviceConfig } from "../../host/framework/device";
import { defineDriver } from "../../host/framework/driver";
import { Queue } from "../../host/framework/queue";
import { Request } from "../../host/framework/request";
import { queueOf } from "../../host/framework/wrappers";
import { System } from "../../host/system";
import { member, suspendable } from "../support/members";
import { Rig } from "../support/rig";

const { Manual, Parallel } = WdfIoQueueDispatchType;
const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 3 }));
const device = (rig: Rig): Device => new Device(rig.device);

member("Device.createQueue", {
  calls: ["WdfIoQueueCreate(rig)", "WdfIoQueueGetDevice(q2)"],
  act: (rig) => {
    const { status, queue } = device(rig).createQueue({ dispatchType: Manual });
    return [status, queue.device.handle === rig.device];
  },
  result: [STATUS_SUCCESS, true],
});

member("Device.createQueue with attributes", {
  calls: ["WdfIoQueueCreate(rig)"],
  act: (rig) => device(rig).createQueue({ dispatchType: Manual }, { executionLevel: 0 as never }).status,
  result: STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
});

member("Device.dispatchTo", {
  calls: ["WdfDeviceConfigureRequestDispatching(rig, q2, 3)"],
  before: (rig) => void (rig.queue = rig.makeQueue({})),
  act: (rig) => device(rig).dispatchTo(new Queue(rig.queue), WdfRequestType.Read),
  result: STATUS_INVALID_DEVICE_STATE,
});

member("Device.defaultQueue", {
  calls: ["WdfDeviceGetDefaultQueue(rig)"],
  act: (rig) => device(rig).defaultQueue === queueOf(rig.queue),
  result: true,
});
member("Device.defaultQueue of a device without one", {
  calls: ["WdfDeviceGetDefaultQueue(rig)"],
  options: { queue: null },
  idle: true,
  act: (rig) => device(rig).defaultQueue,
  result: null,
});

suspendable("Device.enqueue", {
  calls: ["WdfDeviceEnqueueRequest(rig, r1)"],
  options: { evtIoInCallerContext: () => {} },
  act: (rig) => device(rig).enqueue(new Request(rig.system.irps.byOrdinal(1)!.handle as never)),
  result: STATUS_SUCCESS,
});

const GUID = "{53f56307-b6bf-11d0-94f2-00a0c91efb8b}";

member("Device.createInterface", {
  calls: [`WdfDeviceCreateDeviceInterface(rig, ${GUID})`],
  act: (rig) => device(rig).createInterface(GUID, "Reference"),
  result: STATUS_SUCCESS,
});

member("Device.setInterfaceState", {
  calls: [`WdfDeviceSetDeviceInterfaceStateEx(rig, ${GUID})`],
  before: (rig) => void device(rig).createInterface(GUID),
  act: (rig) => {
    device(rig).setInterfaceState(GUID, true);
    return rig.system.interfaces(GUID).length;
  },
  result: 1,
});

member("Device.createSymbolicLink", {
  calls: ["WdfDeviceCreateSymbolicLink(rig)", "WdfDeviceCreateSymbolicLink(rig)"],
  act: (rig) => ["Echo", "Echo"].map((name) => device(rig).createSymbolicLink(name)),
  result: [STATUS_SUCCESS, STATUS_OBJECT_NAME_COLLISION],
});

suspendable("Device.acquireLock", {
  calls: ["WdfObjectAcquireLock(rig)"],
  options: { driverVerifier: false, rules: false },
  act: (rig) => device(rig).acquireLock(),
});
member("Device.releaseLock", {
  calls: ["WdfObjectAcquireLock(rig)", "WdfObjectReleaseLock(rig)"],
  act: (rig) => {
    device(rig).acquireLock();
    device(rig).releaseLock();
  },
});

member("Device.context", {
  calls: [],
  options: { deviceAttributes: { contextType: Context } },
  act: (rig) => device(rig).context(Context),
  result: { count: 3 },
});

/** Makes a device as configured, with a parallel default queue; tells what happens. */
function made(config: DeviceConfig, lines: string[] = []): { system: System; device: Device; status: number; lines: string[] } {
  const system = System.create();
  let result = { status: -1, device: new Device(0 as never) };
  system.addDevice(
    defineDriver({
      name: "driver",
      evtDriverDeviceAdd(init) {
        result = init.createDevice(config);
        if (result.status < 0) return result.status;
        return result.device.createQueue({
          dispatchType: Parallel,
          defaultQueue: true,
          evtIoRead(queue, request, length) {
            const own = queue === result.device.defaultQueue;
            lines.push(`EvtIoRead ${own} ${length} ${request.context(Context)?.count}`);
            request.complete(STATUS_SUCCESS);
          },
        }).status;
      },
    }),
  );
  return { system, lines, ...result };
}

describe("DeviceInit.createDevice", () => {
  it("makes a device that applications open by its symbolic links", async () => {
    const { system, lines } = made({ symbolicLinks: ["A", "B"] });
    const file = await system.open("B");
    await file.read(2);
    expect(lines).toEqual(["EvtIoRead true 2 undefined"]);
  });

  it("gives back the status of WdfDeviceCreate, or of the first link that failed", () => {
    expect(made({}).status).toBe(STATUS_SUCCESS);
    expect(made({ executionLevel: 0 as WdfExecutionLevel }).status).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
    expect(made({ symbolicLinks: ["A", "A"] }).status).toBe(STATUS_OBJECT_NAME_COLLISION);
  });

  it("makes a filter, which sends down what it has no handler for", async () => {
    const { system } = made({ symbolicLinks: ["A"], filter: true });
    const file = await system.open("A");
    expect((await file.write(new Uint8Array(1))).status).toBe(STATUS_INVALID_DEVICE_REQUEST);
  });

  it("sets execution level and synchronization scope", () => {
    const attributes = { executionLevel: WdfExecutionLevel.Passive, synchronizationScope: WdfSynchronizationScope.Device };
    const { device: passive, system } = made(attributes);
    const levels = { ...attributes, executionLevel: WdfExecutionLevel.Dispatch };
    const { status } = system.thread(() => passive.createQueue({ dispatchType: Manual }, levels)).result;
    expect(status).toBe(STATUS_INVALID_PARAMETER); // the device's lock, but not its level
  });

  it("gives the device and its requests their contexts", async () => {
    const { system, device: one, lines } = made({ symbolicLinks: ["A"], context: Context, requestContext: Context });
    await (await system.open("A")).read(1);
    expect(system.thread(() => one.context(Context)).result).toEqual({ count: 3 });
    expect(lines).toEqual(["EvtIoRead true 1 3"]);
  });

  it("registers the PnP and power callbacks, which are given the Device", () => {
    const lines: string[] = [];
    const tell = (what: string) => (one: Device) => {
      lines.push(`${what} ${one instanceof Device}`);
      return STATUS_SUCCESS;
    };
    made({ evtDeviceD0Entry: tell("EvtDeviceD0Entry"), evtDeviceSelfManagedIoInit: tell("EvtDeviceSelfManagedIoInit") });
    expect(lines).toEqual(["EvtDeviceD0Entry true", "EvtDeviceSelfManagedIoInit true"]);
  });

  it("registers EvtIoInCallerContext, which is given Device and Request", async () => {
    const lines: string[] = [];
    const { system } = made({
      symbolicLinks: ["A"],
      *evtIoInCallerContext(one, request) {
        lines.push(`EvtIoInCallerContext ${request.parameters.length}`);
        lines.push(String(yield* one.enqueue(request)));
      },
    });
    const file = await system.open("A");
    await file.read(5);
    expect(lines).toEqual(["EvtIoInCallerContext 5", "0"]);
  });
});

describe("defineDriver", () => {
  it("gives the System what EvtDriverDeviceAdd returned, and STATUS_SUCCESS for nothing", () => {
    const add = (result: number | undefined) =>
      System.create().addDevice(defineDriver({ name: "driver", evtDriverDeviceAdd: () => result })).status;
    expect([add(undefined), add(STATUS_UNSUCCESSFUL)]).toEqual([STATUS_SUCCESS, STATUS_UNSUCCESSFUL]);
  });
});
