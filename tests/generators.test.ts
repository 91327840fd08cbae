// Both forms of a routine: plain functions that pump inside a DDI, generators that wait with yield*.

import { describe, expect, it } from "vitest";
import { NtStatus, ProtocolError, System, WdfIoQueueDispatchType, defineDriver } from "../host/index";
import type { Queue } from "../host/framework/queue";
import type { Request } from "../host/framework/request";

const { Sequential, Manual, Parallel } = WdfIoQueueDispatchType;

describe("a generator routine", () => {
  it("waits in a synchronous DDI while applications go on", async () => {
    const order: string[] = [];
    let held: Request | undefined;
    const system = System.create({ rules: false });
    system.addDevice(
      defineDriver({
        name: "waiting",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["W"] });
          const { queue: reads } = device.createQueue({ dispatchType: Parallel, evtIoRead: (_q, request) => void (held = request) });
          device.dispatchTo(reads, 3);
          return device.createQueue({
            dispatchType: Sequential,
            defaultQueue: true,
            *evtIoWrite(_queue, request) {
              order.push("stopping");
              yield* reads.stopSynchronously();
              order.push("stopped");
              yield* request.complete(NtStatus.Success);
            },
          }).status;
        },
      }),
    );
    const file = await system.open("W");
    const read = file.read(1).then(() => order.push("read"));
    const write = file.write(new Uint8Array(1)).then(() => order.push("written"));
    expect(order).toEqual(["stopping"]);
    system.thread(() => held!.complete(NtStatus.Success, { information: 1 }));
    await Promise.all([read, write]);
    expect(order).toEqual(["stopping", "stopped", "read", "written"]);
  });

  it("gets the result of a DDI that ran other driver code", async () => {
    const seen: unknown[] = [];
    const system = System.create();
    system.addDevice(
      defineDriver({
        name: "forwarding",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["F"] });
          const { queue } = device.createQueue({
            dispatchType: Parallel,
            *evtIoRead(_queue, request) {
              seen.push("nested");
              yield* request.complete(NtStatus.Success);
            },
          });
          return device.createQueue({
            dispatchType: Sequential,
            defaultQueue: true,
            *evtIoRead(_queue, request) {
              const status = yield* request.forwardTo(queue);
              seen.push(status);
            },
          }).status;
        },
      }),
    );
    const file = await system.open("F");
    await file.read(1);
    expect(seen).toEqual(["nested", NtStatus.Success]);
  });

  it("takes what a DDI gives beside its status", async () => {
    const taken: (Request | null)[] = [];
    const system = System.create();
    let manual: Queue | undefined;
    system.addDevice(
      defineDriver({
        name: "retrieving",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["R"] });
          manual = device.createQueue({ dispatchType: Manual, defaultQueue: true }).queue;
        },
      }),
    );
    const file = await system.open("R");
    const read = file.read(4);
    system.thread(function* () {
      const { request } = yield* manual!.retrieveNext();
      taken.push(request);
      yield* request!.complete(NtStatus.Success, { information: 0 });
      taken.push((yield* manual!.retrieveNext()).request);
    });
    await read;
    expect(taken.map((request) => request === null)).toEqual([false, true]);
  });
});

describe("a plain routine", () => {
  it("runs what its DDI makes run before the DDI returns", async () => {
    const order: string[] = [];
    const system = System.create();
    system.addDevice(
      defineDriver({
        name: "nesting",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["N"] });
          const { queue } = device.createQueue({
            dispatchType: Parallel,
            evtIoRead(_queue, request) {
              order.push("inner");
              request.complete(NtStatus.Success);
            },
          });
          return device.createQueue({
            dispatchType: Sequential,
            defaultQueue: true,
            evtIoRead(_queue, request) {
              order.push("before");
              order.push(request.forwardTo(queue) === NtStatus.Success ? "after" : "?");
            },
          }).status;
        },
      }),
    );
    await (await system.open("N")).read(1);
    expect(order).toEqual(["before", "inner", "after"]);
  });

  it("below another plain routine that waits cannot go on: both are named", async () => {
    const queues: Queue[] = [];
    const held: Request[] = [];
    const system = System.create({ rules: false });
    system.addDevice(
      defineDriver({
        name: "two",
        evtDriverDeviceAdd(init) {
          const { device } = init.createDevice({ symbolicLinks: ["T"] });
          for (const inner of [0, 1]) {
            queues.push(
              device.createQueue({
                dispatchType: Parallel,
                evtIoRead(_queue, request) {
                  held.push(request);
                  if (inner === 0 && held.length === 1) return;
                },
              }).queue,
            );
          }
          return device.createQueue({
            dispatchType: Parallel,
            defaultQueue: true,
            evtIoRead: (_queue, request) => void request.forwardTo(queues[0]),
            // Stopping waits for the read in the first queue; the nested write completes it and then waits itself.
            evtIoWrite(queue, request, length) {
              if (length === 1) queues[0].stopSynchronously();
              else queues[1].stopSynchronously();
              void queue;
              void request;
            },
          }).status;
        },
      }),
    );
    const file = await system.open("T");
    void file.read(1).catch(() => {});
    await expect(file.write(new Uint8Array(1))).rejects.toBeInstanceOf(ProtocolError);
  });
});
