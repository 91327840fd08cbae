// What is answered to bad input: typed, clear, and nothing hangs.

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  BugCheckError,
  type DriverModule,
  NtStatus,
  ProtocolError,
  StaleHandleError,
  System,
  WdfIoQueueDispatchType,
  defineDriver,
} from "../host/index";
import type { Request } from "../host/framework/request";
import { WdfRequestComplete } from "../host/ddi";
import type { WDFDEVICE, WDFREQUEST } from "../host/ddi/types";
import { MAX_WRITE_LENGTH } from "../examples/01-echo/driver";
import echo from "../examples/01-echo/driver";

/** A driver with one sequential default queue that reads as given. */
function reader(evtIoRead: (request: Request) => unknown): DriverModule {
  return defineDriver({
    name: "reader",
    evtDriverDeviceAdd(init) {
      const { device } = init.createDevice({ symbolicLinks: ["Reader"] });
      return device.createQueue({
        dispatchType: WdfIoQueueDispatchType.Sequential,
        defaultQueue: true,
        evtIoRead: (_queue, request) => evtIoRead(request) as undefined,
      }).status;
    },
  });
}

async function opened(driver: DriverModule, options = {}) {
  const system = System.create(options);
  system.addDevice(driver);
  return { system, file: await system.open("Reader") };
}

describe("a driver that throws in a callback", () => {
  it("stops the System with the error as cause, and every later call says the same", async () => {
    const cause = new Error("out of cheese");
    const { system, file } = await opened(
      reader(() => {
        throw cause;
      }),
    );
    const error = await file.read(1).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BugCheckError);
    expect(error).toMatchObject({ code: 0x1e, cause });
    await expect(file.read(1)).rejects.toBe(error);
    expect(() => system.thread(() => 0)).toThrow(error as Error);
  });

  it("is the Stop 0x7E in a system thread at PASSIVE_LEVEL", () => {
    const system = System.create();
    const stop = (): unknown =>
      system.thread(() => {
        throw new Error("thread");
      });
    expect(stop).toThrow(expect.objectContaining({ code: 0x7e }) as Error);
  });

  it("rejects what other applications were waiting for", async () => {
    let count = 0;
    const { file } = await opened(
      defineDriver({
        name: "second",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["Reader"] });
          return device.createQueue({
            dispatchType: WdfIoQueueDispatchType.Parallel,
            defaultQueue: true,
            evtIoRead() {
              if (++count === 2) throw new Error("second");
            },
          }).status;
        },
      }),
    );
    const first = file.read(1);
    const second = file.read(1);
    await expect(first).rejects.toBeInstanceOf(BugCheckError);
    await expect(second).rejects.toBeInstanceOf(BugCheckError);
  });
});

describe("a driver that never completes", () => {
  it("is named at the end of the run, and nothing hangs", async () => {
    const { system, file } = await opened(reader(() => undefined));
    void file.read(16);
    expect(system.report().pendingRequests).toEqual(["r2: a read of 16 bytes"]);
  });
});

describe("double completion", () => {
  it("is a finding and ignored under the verifier", async () => {
    const { system, file } = await opened(
      reader((request) => {
        request.complete(NtStatus.Success);
        request.complete(NtStatus.Unsuccessful);
      }),
    );
    expect((await file.read(1)).status).toBe(NtStatus.Success);
    expect(system.findings.map(({ kind, message }) => [kind, message])).toEqual([
      ["VerifierBreak", expect.stringContaining("a request was completed that the driver does not own")],
    ]);
  });

  it("is the Stop MULTIPLE_IRP_COMPLETE_REQUESTS without the verifier", async () => {
    const { file } = await opened(
      reader((request) => {
        request.complete(NtStatus.Success);
        request.complete(NtStatus.Success);
      }),
      { verifier: false },
    );
    const error = await file.read(1).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 0x44 });
  });
});

describe("a stale handle", () => {
  it("is the Stop WDF_VIOLATION / WDF_INVALID_HANDLE", async () => {
    const { file } = await opened(
      reader((request) => {
        request.complete(NtStatus.Success);
        void request.parameters;
      }),
    );
    const error = await file.read(1).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 0x10d, parameters: [5, expect.any(Number), 1, 0] });
    expect((error as Error).message).toContain("WDF_VIOLATION / INVALID_HANDLE");
  });

  it("so is a number that never was a handle", () => {
    const system = System.create();
    const stop = (): unknown => system.thread(() => WdfRequestComplete(12345 as WDFREQUEST, NtStatus.Success));
    expect(stop).toThrow(expect.objectContaining({ code: 0x10d }) as Error);
  });
});

describe("a file", () => {
  it("that was closed rejects with StaleHandleError", async () => {
    const { file } = await opened(reader((request) => request.complete(NtStatus.Success)));
    await file.close();
    await expect(file.read(1)).rejects.toBeInstanceOf(StaleHandleError);
    await expect(file.close()).rejects.toThrow("Reader was used after close()");
  });

  it("that could not be opened says so in its status, and rejects", async () => {
    const system = System.create();
    const file = await system.open("Nowhere");
    expect(file.status).toBe(NtStatus.ObjectNameNotFound);
    await expect(file.read(1)).rejects.toThrow("could not be opened: STATUS_OBJECT_NAME_NOT_FOUND");
  });

  it("of a System that was disposed of rejects", async () => {
    const { system, file } = await opened(reader(() => undefined));
    const pending = file.read(1);
    system[Symbol.dispose]();
    await expect(pending).rejects.toBeInstanceOf(StaleHandleError);
    await expect(file.read(1)).rejects.toThrow("this System was disposed of");
  });
});

describe("a callback that returns a promise", () => {
  it("is refused by name, with what to do instead", async () => {
    const { file } = await opened(reader(() => Promise.resolve()));
    const error = await file.read(1).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toContain("EvtIoRead returned a promise");
    expect((error as Error).message).toContain("function*");
  });

  it("is refused at registration when it is an async function", () => {
    const driver = defineDriver({
      name: "async",
      evtDriverDeviceAdd(init) {
        const { device } = init.createDevice();
        const cancel = async (): Promise<void> => {};
        return device.createQueue({ dispatchType: WdfIoQueueDispatchType.Parallel, defaultQueue: true, evtIoRead: cancel as never }).status;
      },
    });
    // The wrapper of the framework surface is plain: the promise is seen when it comes back.
    const system = System.create();
    system.addDevice(driver);
    const direct = { name: "ddi", evtDriverDeviceAdd: async () => {} } as unknown as DriverModule;
    expect(() => system.addDevice(direct)).toThrow(ProtocolError);
  });
});

describe("an oversized write", () => {
  it("is the driver's to refuse", async () => {
    const system = System.create();
    system.addDevice(echo);
    const file = await system.open("Echo");
    expect((await file.write(new Uint8Array(MAX_WRITE_LENGTH + 1))).status).toBe(NtStatus.BufferOverflow);
    expect((await file.write(new Uint8Array(MAX_WRITE_LENGTH))).status).toBe(NtStatus.Success);
  });
});

describe("an exhausted table", () => {
  it("gives STATUS_INSUFFICIENT_RESOURCES, and works again when there is room", async () => {
    const kept: Request[] = [];
    const system = System.create({ objects: 20 });
    system.addDevice(
      defineDriver({
        name: "keeper",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["Keeper"] });
          return device.createQueue({
            dispatchType: WdfIoQueueDispatchType.Parallel,
            defaultQueue: true,
            evtIoRead: (_queue, request) => void kept.push(request),
          }).status;
        },
      }),
    );
    const file = await system.open("Keeper");
    const reads = Array.from({ length: 20 }, () => file.read(1));
    const refused = await reads.at(-1)!;
    expect(refused.status).toBe(NtStatus.InsufficientResources);
    expect(kept.length).toBe(16); // 20 less driver, device, queue and file
    system.thread(() => kept[0].complete(NtStatus.Success));
    void file.read(1);
    expect(kept.length).toBe(17);
  });

  it("refuses to create objects with the documented status", () => {
    const system = System.create({ objects: 16 });
    const statuses: number[] = [];
    system.addDevice(
      defineDriver({
        name: "many",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice();
          for (let i = 0; i < 20; i++) statuses.push(device.createQueue({ dispatchType: WdfIoQueueDispatchType.Manual }).status);
        },
      }),
    );
    expect(statuses.filter((status) => status === NtStatus.Success).length).toBe(14);
    expect(statuses.at(-1)).toBe(NtStatus.InsufficientResources);
  });
});

describe("misuse of the API", () => {
  it("a DDI outside any routine says where to call it from", () => {
    expect(() => WdfRequestComplete(1 as WDFREQUEST, 0)).toThrow("a DDI was called while no driver routine runs");
  });

  it("options out of range are refused", () => {
    expect(() => System.create({ ring: 5 })).toThrow(ProtocolError);
    expect(() => System.create({ objects: 1e9 })).toThrow("objects must be a whole number");
  });

  it("what is no driver is refused, saying what one looks like", () => {
    const system = System.create();
    expect(() => system.addDevice({} as DriverModule)).toThrow("evtDriverDeviceAdd(Driver, DeviceInit)");
  });

  it("a DDI called without yield* in a generator routine is named", async () => {
    const { file } = await opened(
      reader(function* (request: Request) {
        request.complete(NtStatus.Success);
        yield* request.complete(NtStatus.Success);
      } as never),
    );
    const error = await file.read(1).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toContain('WdfRequestComplete was called in a generator routine without "yield*"');
  });

  it("a plain routine that waits for ever is named, with the form that could wait", () => {
    const system = System.create({ rules: false });
    system.addDevice(
      defineDriver({
        name: "waiter",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["Reader"] });
          return device.createQueue({
            dispatchType: WdfIoQueueDispatchType.Sequential,
            defaultQueue: true,
            evtIoRead: (queue) => void queue.stopSynchronously(),
          }).status;
        },
      }),
    );
    return expect(system.open("Reader").then((file) => file.read(1))).rejects.toThrow("EvtIoRead waits in a DDI and nothing else can run");
  });
});

describe("a System shown by a console", () => {
  it("is a line, also inside of what holds it", async () => {
    const system = System.create();
    const file = await system.open("\\\\.\\Nothing");
    expect(inspect(system)).toBe("System { 0 ms, 0 requests pending, 0 findings }");
    expect(inspect(file)).toContain("system: System { 0 ms, ");
    const broken: DriverModule = {
      name: "broken",
      evtDriverDeviceAdd() {
        throw new Error("no");
      },
    };
    expect(() => system.addDevice(broken)).toThrow(BugCheckError);
    expect(inspect(system)).toBe("System { 0 ms, 0 requests pending, 0 findings, over }");
  });
});

describe("System.power", () => {
  it("takes a device as addDevice gives it, or its handle, and nothing else", () => {
    const system = System.create();
    const added = system.addDevice(echo);
    expect(system.power(added).sleep().result).toBe(NtStatus.Success);
    expect(system.power(added.handle).wake().result).toBe(NtStatus.Success);
    const nothing = undefined as unknown as WDFDEVICE;
    expect(() => system.power(nothing)).toThrow(
      new ProtocolError("System.power takes a device: what addDevice gives, a Device, or its handle"),
    );
  });
});
