// Replay of runs that are not over when their inputs are made: creates that a driver keeps, inputs made inside callbacks.

import { describe, expect, it } from "vitest";
import { NtStatus, System, WdfIoQueueDispatchType, WdfRequestType, defineDriver, replay } from "../host/index";
import type { DriverModule, Request } from "../host/index";

const { Parallel, Manual } = WdfIoQueueDispatchType;

/** Keeps every create until a read of another file comes; reads are completed at once. */
function doorman(): DriverModule {
  const creates: Request[] = [];
  return defineDriver({
    name: "doorman",
    evtDriverDeviceAdd(init) {
      const { device } = init.createDevice({ symbolicLinks: ["Door"] });
      const { queue } = device.createQueue({
        dispatchType: Parallel,
        evtIoDefault(_queue, request) {
          creates.push(request);
          if (creates.length === 1) creates.shift()!.complete(NtStatus.Success);
        },
      });
      device.dispatchTo(queue, WdfRequestType.Create);
      return device.createQueue({
        dispatchType: Parallel,
        defaultQueue: true,
        evtIoRead(_queue, request, length) {
          creates.shift()?.complete(NtStatus.Success);
          request.complete(NtStatus.Success, { information: length });
        },
      }).status;
    },
  });
}

/** Keeps reads, and tells when one has come. */
function keeper(told: () => void): DriverModule {
  return defineDriver({
    name: "keeper",
    evtDriverDeviceAdd(init) {
      const { device } = init.createDevice({ symbolicLinks: ["Keeper"] });
      const { queue } = device.createQueue({ dispatchType: Manual });
      return device.createQueue({
        dispatchType: Parallel,
        defaultQueue: true,
        evtIoRead(_queue, request) {
          request.forwardTo(queue);
          told();
        },
      }).status;
    },
  });
}

describe("replay", () => {
  it("goes on while a driver keeps a create, and knows the file once it is open", async () => {
    const system = System.create({ record: true });
    system.addDevice(doorman());
    const first = await system.open("Door");
    const second = system.open("Door");
    await first.read(3);
    await (await second).read(4);
    const { system: again, results } = await replay(system.log!.save(), [doorman()]);
    expect((await Promise.all(results)).map(({ information }) => information)).toEqual([3, 4]);
    expect(again.digest()).toBe(system.digest());
  });

  it("ends with a create that is never completed", async () => {
    const system = System.create({ record: true });
    system.addDevice(doorman());
    await system.open("Door");
    void system.open("Door");
    const { system: again } = await replay(system.log!.save(), [doorman()]);
    expect(again.report().pendingRequests).toEqual(system.report().pendingRequests);
  });

  it("repeats an input that was made inside a callback where it entered the core", async () => {
    const aborter = new AbortController();
    const system = System.create({ record: true });
    system.addDevice(keeper(() => aborter.abort()));
    const file = await system.open("Keeper");
    const { status } = await file.read(5, { signal: aborter.signal });
    expect(status).toBe(NtStatus.Cancelled);
    const { system: again, results } = await replay(system.log!.save(), [keeper(() => {})]);
    expect((await results[0]).status).toBe(NtStatus.Cancelled);
    expect(again.digest()).toBe(system.digest());
  });
});
