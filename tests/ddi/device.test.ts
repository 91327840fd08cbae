// WdfDriverCreate, WdfDeviceInit*, WdfDeviceCreate and the names of a device.
// Who gets which request: device-dispatching.test.ts.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_OBJECT_NAME_COLLISION,
  STATUS_OBJECT_NAME_INVALID,
  STATUS_SUCCESS,
  STATUS_WDF_OBJECT_ATTRIBUTES_INVALID,
  STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED,
  WDF_DECLARE_CONTEXT_TYPE,
  WDF_IO_QUEUE_CONFIG_INIT,
  WDF_IO_QUEUE_READY,
  WdfDeviceCreate,
  WdfDeviceCreateSymbolicLink,
  WdfDeviceInit,
  WdfDeviceInitSetIoInCallerContextCallback,
  WdfDeviceInitSetPnpPowerEventCallbacks,
  WdfDeviceInitSetRequestAttributes,
  WdfDriverCreate,
  WdfExecutionLevel,
  WdfIoQueueCreate,
  WdfIoQueueDispatchType,
  WdfIoQueueGetState,
  WdfObjectDelete,
  WdfObjectGetTypedContext,
  WdfPowerDeviceState,
  WdfRequestComplete,
  WdfSynchronizationScope,
  type WDFDRIVER,
  type WdfObjectAttributes,
} from "../../host/ddi";
import { System } from "../../host/system";
import { Rig } from "../support/rig";

/** What a driver does in EvtDriverDeviceAdd, in a System of its own. */
function deviceAdd<T>(body: (init: WdfDeviceInit, driver: WDFDRIVER, system: System) => T, system = System.create()): T {
  let result: T | undefined;
  system.addDevice({ name: "driver", evtDriverDeviceAdd: (driver, init) => void (result = body(init, driver, system)) });
  return result as T;
}

describe("WdfDriverCreate", () => {
  it("makes a driver object, and names it for reports", () => {
    const system = System.create();
    const driver = system.thread(() => WdfDriverCreate("mouse")).result;
    expect(driver).not.toBe(0);
    expect(system.names.name(driver)).toBe("mouse");
  });

  it("has run when EvtDriverDeviceAdd is called with the driver", () => {
    expect(deviceAdd((_init, driver, system) => system.names.name(driver))).toBe("driver");
  });
});

describe("WdfDeviceInit", () => {
  it("belongs to the driver, and has no device until WdfDeviceCreate makes one", () => {
    const [before, made, after, driver, mine] = deviceAdd((init, own) => {
      const { device: none } = init;
      const { device } = WdfDeviceCreate(init);
      return [none, device, init.device, init.driver, own];
    });
    expect([before, after, driver]).toEqual([undefined, made, mine]);
  });
});

describe("WdfFdoInitSetFilter", () => {
  it("makes what the driver has no handler for go down the stack (Q-030, Q-031)", () => {
    const rig = new Rig({ filter: true, queue: { keep: ["Read"] } });
    rig.sendRead(1);
    const write = rig.sendWrite(1);
    rig.expect("EvtIoRead r1 length=1", "done r2 STATUS_INVALID_DEVICE_REQUEST 0");
    expect(write.status).toBeLessThan(0);
    expect(rig.stateOf()).toBe("accept dispatch noreq queued=0 driver=1");
  });
});

describe("WdfFdoInitSetFilter with a manual default queue", () => {
  it("has everything queued: the driver takes what it wants (Q-031)", () => {
    const rig = new Rig({ filter: true, queue: { dispatchType: WdfIoQueueDispatchType.Manual } });
    rig.sendWrite(1);
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq queued=1 driver=0");
  });
});

describe("WdfDeviceInitSetIoInCallerContextCallback", () => {
  it("has the callback called with device and request, once, before the request is queued (Q-072)", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (device, request) => rig.say(`EvtIoInCallerContext ${device === rig.device} ${rig.name(request)}`),
    });
    rig.sendRead(1);
    rig.expect("EvtIoInCallerContext true r1");
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
  });

  it("has it called at the sender's level, whatever execution level the queue has (Q-073)", () => {
    const evtIoInCallerContext = (): void => rig.say(`at ${Irql[rig.level]}`);
    const rig: Rig = new Rig({ evtIoInCallerContext, deviceAttributes: { executionLevel: 2, synchronizationScope: 2 } });
    rig.sendRead(1, { irql: Irql.Passive });
    rig.sendRead(1, { irql: Irql.Dispatch });
    rig.expect("at Passive", "at Dispatch");
  });

  it("does not have it called for creates (Q-076)", () => {
    const rig: Rig = new Rig({ evtIoInCallerContext: () => rig.say("called") });
    rig.send({ major: 0, file: rig.newFile() });
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("lets the callback complete the request; no queue is concerned (Q-078)", () => {
    const rig = new Rig({ evtIoInCallerContext: (_device, request) => WdfRequestComplete(request, STATUS_SUCCESS) });
    rig.sendRead(1);
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("without a callback is the Stop WDF_REQUIRED_PARAMETER_IS_NULL (Q-075)", () => {
    const call = () => deviceAdd((init) => WdfDeviceInitSetIoInCallerContextCallback(init, null as never));
    expect(call).toThrow(expect.objectContaining({ code: 0x10d, parameters: expect.arrayContaining([4]) }) as Error);
  });
});

describe("WdfDeviceInitSetPnpPowerEventCallbacks", () => {
  it("has D0Entry called, then the queues resumed, then SelfManagedIoInit, when the device starts (Q-126)", () => {
    const told: string[] = [];
    const system = System.create();
    deviceAdd((init) => {
      WdfDeviceInitSetPnpPowerEventCallbacks(init, {
        evtDeviceD0Entry: (device, previous) => {
          told.push(`EvtDeviceD0Entry ${system.names.name(device)} from ${WdfPowerDeviceState[previous]}, ${isReady()}`);
          return STATUS_SUCCESS;
        },
        evtDeviceSelfManagedIoInit: (device) => {
          told.push(`EvtDeviceSelfManagedIoInit ${system.names.name(device)}, ${isReady()}`);
          return STATUS_SUCCESS;
        },
      });
      const { queue } = WdfIoQueueCreate(WdfDeviceCreate(init).device, WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Manual));
      const isReady = (): string => (WDF_IO_QUEUE_READY(WdfIoQueueGetState(queue).state) ? "ready" : "held");
    }, system);
    expect(told).toEqual(["EvtDeviceD0Entry driver from D3Final, held", "EvtDeviceSelfManagedIoInit driver, ready"]);
  });
});

describe("WdfDeviceInitSetRequestAttributes", () => {
  const Context = WDF_DECLARE_CONTEXT_TYPE("REQUEST_CONTEXT", () => ({ count: 0 }));

  it("gives every request a context of its own, which goes with it to its completion (Q-077)", () => {
    const rig: Rig = new Rig({
      requestContext: Context,
      queue: {
        evtIoRead: (_queue, request) => {
          WdfObjectGetTypedContext(request, Context)!.count++;
          rig.kept.push(request);
        },
      },
    });
    rig.sendRead(1);
    rig.sendRead(1);
    const counts = rig.kept.map((request) => rig.run(() => WdfObjectGetTypedContext(request, Context)!.count));
    expect(counts).toEqual([1, 1]);
  });

  it("has the context ready in EvtIoInCallerContext (Q-077)", () => {
    const rig: Rig = new Rig({
      requestContext: Context,
      evtIoInCallerContext: (_device, request) => rig.say(`count ${WdfObjectGetTypedContext(request, Context)?.count}`),
    });
    rig.sendRead(1);
    rig.expect("count 0");
  });

  it("has EvtCleanupCallback called before the sender has the request back, EvtDestroyCallback after (Q-199)", () => {
    const said = (what: string) => (request: number) => rig.say(`${what} ${rig.name(request)}`);
    const attributes = { evtCleanupCallback: said("EvtCleanup"), evtDestroyCallback: () => rig.say("EvtDestroy") };
    const rig: Rig = new Rig({ init: (init) => WdfDeviceInitSetRequestAttributes(init, attributes) });
    rig.sendRead(1);
    rig.complete();
    rig.expect("EvtIoRead r1 length=1", "EvtCleanup r1", "done r1 STATUS_SUCCESS 0", "EvtDestroy");
  });

  it("has no callback called for a request the driver has not seen (Q-199, K-084)", () => {
    const evtCleanupCallback = (): void => rig.say("EvtCleanup");
    const rig: Rig = new Rig({
      init: (init) => WdfDeviceInitSetRequestAttributes(init, { evtCleanupCallback, evtDestroyCallback: evtCleanupCallback }),
      queue: { dispatchType: WdfIoQueueDispatchType.Manual },
    });
    rig.sendRead(1).cancel();
    rig.expect("done r1 STATUS_CANCELLED 0");
  });

  it.each([
    ["a wrong Size", { size: 0 }],
    ["a parent", { parentObject: 1 as never }],
    ["an execution level", { executionLevel: WdfExecutionLevel.Passive }],
    ["a synchronization scope", { synchronizationScope: WdfSynchronizationScope.Device }],
  ])("breaks for %s, and changes nothing", (_what, bad) => {
    const rig: Rig = new Rig({
      init: (init) => {
        WdfDeviceInitSetRequestAttributes(init, { contextType: Context });
        WdfDeviceInitSetRequestAttributes(init, bad);
      },
      queue: { evtIoRead: (_queue, request) => rig.say(`count ${WdfObjectGetTypedContext(request, Context)?.count}`) },
    });
    rig.expectFindings(FindingId.RequestAttributesInvalid);
    rig.sendRead(1);
    rig.expect("count 0");
  });

  it("is about the requests of that device and nothing else", () => {
    const rig = new Rig({ requestContext: Context });
    const other = deviceAdd((init) => WdfDeviceCreate(init).device, rig.system);
    for (const handle of [rig.device, rig.queue, other]) {
      expect(rig.run(() => WdfObjectGetTypedContext(handle, Context))).toBeUndefined();
    }
  });
});

describe("WdfDeviceCreate", () => {
  const create = (attributes?: WdfObjectAttributes, system?: System): number =>
    deviceAdd((init) => WdfDeviceCreate(init, attributes).status, system);

  it("makes a device that is called as its driver, with a number from the second on", () => {
    const system = System.create();
    const names = [1, 2].map(() => deviceAdd((init) => system.names.name(WdfDeviceCreate(init).device), system));
    expect(names).toEqual(["driver", "driver#2"]);
  });

  it("refuses attributes that were never initialized", () => {
    expect(create({ size: 0 })).toBe(STATUS_INFO_LENGTH_MISMATCH);
  });

  it.each([0, 4])("refuses the execution level %i", (executionLevel) => {
    expect(create({ executionLevel })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
  });

  it.each([0, 5])("refuses the synchronization scope %i", (synchronizationScope) => {
    expect(create({ synchronizationScope })).toBe(STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
  });

  it("refuses a parent object, after a wrong size and before a wrong level (K-013, object_device_with_parent)", () => {
    const parentOf = (attributes: WdfObjectAttributes): number =>
      deviceAdd((init, driver) => WdfDeviceCreate(init, { parentObject: driver, ...attributes }).status);
    expect(parentOf({})).toBe(STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED);
    expect(parentOf({ executionLevel: 0 as never })).toBe(STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED);
    expect(parentOf({ size: 0 })).toBe(STATUS_INFO_LENGTH_MISMATCH);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES, and gives no device, when there is no memory", () => {
    const system = System.create();
    const [status, device, init] = deviceAdd((own) => {
      system.machine.exports.setLowMemory(1);
      const made = WdfDeviceCreate(own);
      return [made.status, made.device, own.device];
    }, system);
    expect([status, device, init]).toEqual([STATUS_INSUFFICIENT_RESOURCES, 0, undefined]);
  });

  it("for an init of no driver is the Stop WDF_INVALID_HANDLE", () => {
    const call = () => deviceAdd(() => WdfDeviceCreate(new WdfDeviceInit(0 as WDFDRIVER)));
    expect(call).toThrow(expect.objectContaining({ code: 0x10d, parameters: [5, 0, ObjectKind.Driver, 0] }) as Error);
  });
});

describe("WdfDeviceCreateSymbolicLink", () => {
  it.each(["\\\\.\\Echo", "\\\\?\\Echo", "Echo", "ECHO", "\\DosDevices\\echo", "\\??\\Echo"])(
    "lets an application open \\DosDevices\\Echo as %s",
    async (name) => {
      const rig = new Rig({ more: (device) => void WdfDeviceCreateSymbolicLink(device, "\\DosDevices\\Echo") });
      expect((await rig.system.open(name)).status).toBe(STATUS_SUCCESS);
    },
  );

  it("lets a device have several names", async () => {
    const rig = new Rig();
    const statuses = ["A", "B"].map((name) => rig.run(() => WdfDeviceCreateSymbolicLink(rig.device, name)));
    expect(statuses).toEqual([STATUS_SUCCESS, STATUS_SUCCESS]);
    for (const name of ["A", "B"]) expect((await rig.system.open(name)).status).toBe(STATUS_SUCCESS);
  });

  it("says STATUS_OBJECT_NAME_COLLISION for a name that is taken, in whatever spelling", () => {
    const rig = new Rig();
    rig.tell(() => WdfDeviceCreateSymbolicLink(rig.device, "\\DosDevices\\Echo"));
    expect(rig.run(() => WdfDeviceCreateSymbolicLink(rig.device, "\\??\\ECHO"))).toBe(STATUS_OBJECT_NAME_COLLISION);
    rig.expect("returned STATUS_SUCCESS");
  });

  it.each(["", "\\DosDevices\\"])("says STATUS_OBJECT_NAME_INVALID for the name '%s'", (name) => {
    const rig = new Rig();
    expect(rig.run(() => WdfDeviceCreateSymbolicLink(rig.device, name))).toBe(STATUS_OBJECT_NAME_INVALID);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES when there is no memory, and the name stays free", () => {
    const rig = new Rig();
    rig.lowMemory = true;
    rig.tell(() => WdfDeviceCreateSymbolicLink(rig.device, "Echo"));
    rig.lowMemory = false;
    rig.tell(() => WdfDeviceCreateSymbolicLink(rig.device, "Echo"));
    rig.expect("returned STATUS_INSUFFICIENT_RESOURCES", "returned STATUS_SUCCESS");
  });

  it("of a handle that is no device is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = new Rig();
    const queue = rig.run(() => rig.makeQueue({ dispatchType: WdfIoQueueDispatchType.Manual }));
    rig.run(() => WdfObjectDelete(queue));
    const call = () => WdfDeviceCreateSymbolicLink(queue as never, "Echo");
    rig.expectStop(call, WdfViolation.InvalidHandle, queue, ObjectKind.Device);
  });
});
