// IWDFIoQueue: state changes, retrieving, routing, the locking constraint, deletion.

import { describe, expect, it } from "vitest";
import { FindingId, WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import {
  ERROR_ACCESS_DENIED,
  HRESULT_FROM_WIN32,
  type IWDFDevice,
  type IWDFIoQueue,
  type IWDFIoRequest,
  type IWDFObject,
  type QueueCallbackObject,
  S_OK,
  WDF_CALLBACK_CONSTRAINT,
} from "../../host/umdf1";
import { UmdfRig, type UmdfOptions } from "../support/umdf-rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;

/** A rig with a default queue that keeps what it gets. */
class QueueRig extends UmdfRig {
  queue!: IWDFIoQueue;
  declare kept: IWDFIoRequest[];

  constructor(type: WdfIoQueueDispatchType, object?: QueueCallbackObject | null, options: UmdfOptions = {}) {
    const kept: IWDFIoRequest[] = [];
    const keeper: QueueCallbackObject = { OnDefaultIoHandler: (_queue, request) => void kept.push(request) };
    let queue: IWDFIoQueue | null = null;
    super({
      ...options,
      device: (device, rig) => {
        ({ queue } = device.CreateIoQueue(object === undefined ? keeper : object, true, type, false, false));
        options.device?.(device, rig);
      },
    });
    this.queue = queue!;
    this.kept = kept;
  }

  /** An OnStateChange that says so. */
  told(what: string) {
    return { OnStateChange: (queue: IWDFIoQueue, state: number) => this.say(`${what} ${this.name(queue)} ${state.toString(16)}`) };
  }
}

describe("IWDFIoQueue", () => {
  it("Stop accepts without dispatching, and tells when the driver has no request", () => {
    const rig = new QueueRig(Parallel);
    rig.read();
    rig.run(() => rig.queue.Stop(rig.told("stopped")));
    rig.read();
    expect(rig.run(() => rig.queue.GetState())).toMatchObject({ requestsInQueue: 1, requestsInDriver: 1 });
    rig.run(() => rig.kept[0].Complete(S_OK));
    expect(rig.lines.splice(0)).toEqual(["done r1 STATUS_SUCCESS 0", expect.stringMatching(/^stopped q2/)]);
    rig.run(() => rig.queue.Start());
    expect(rig.kept).toHaveLength(2);
  });

  it.each(["Stop", "Drain", "Purge"] as const)("%s while another is under way ends the host process (K-279)", (second) => {
    const rig = new QueueRig(Parallel);
    rig.read();
    rig.run(() => rig.queue.Drain(rig.told("never")));
    rig.run(() => rig.queue[second](null));
    rig.expect("done r1 STATUS_DRIVER_PROCESS_TERMINATED 0");
    rig.expectFindings(FindingId.Umdf1HostTerminated);
    rig.read();
    rig.expect("done r2 STATUS_INVALID_DEVICE_STATE 0");
  });

  it("Stop, Drain and Purge one after the other is fine", () => {
    const rig = new QueueRig(Parallel);
    for (const change of ["Stop", "Drain", "Purge", "Stop"] as const) rig.run(() => rig.queue[change](rig.told(change)));
    expect(rig.lines.splice(0).map((line) => line.split(" ")[0])).toEqual(["Stop", "Drain", "Purge", "Stop"]);
    for (const change of ["StopSynchronously", "DrainSynchronously", "PurgeSynchronously"] as const) rig.run(() => rig.queue[change]());
  });

  it("Stop after Drain lets requests in again (K-280)", () => {
    const rig = new QueueRig(Parallel);
    rig.run(() => rig.queue.DrainSynchronously());
    rig.read();
    rig.expect("done r1 STATUS_INVALID_DEVICE_STATE 0");
    rig.run(() => rig.queue.StopSynchronously());
    rig.read();
    expect(rig.run(() => rig.queue.GetState()).requestsInQueue).toBe(1);
  });

  it.each([
    [Parallel, 0xd0000184, "of a parallel queue", false],
    [Manual, 0x80070103, "of an empty queue", false],
    [Manual, 0xd0200203, "of a stopped queue", true],
  ])("RetrieveNextRequest (type %i) gives 0x%s %s (K-281)", (type, hr, _what, stop) => {
    const rig = new QueueRig(type, type === Manual ? null : undefined);
    if (stop) rig.run(() => rig.queue.StopSynchronously());
    const { hr: got, request } = rig.run(() => rig.queue.RetrieveNextRequest());
    expect([got >>> 0, request]).toEqual([hr, null]);
  });

  it("RetrieveNextRequest gives requests of a manual queue, oldest first", () => {
    const rig = new QueueRig(Manual, null);
    rig.read();
    rig.write();
    const { request } = rig.run(() => rig.queue.RetrieveNextRequest());
    expect(rig.name(request!)).toBe("r1");
    rig.run(() => request!.Complete(S_OK));
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("tells OnStateChange of a manual queue's object that it is no longer empty", () => {
    let rig: QueueRig | undefined;
    rig = new QueueRig(Manual, { OnStateChange: (queue) => rig!.say(`ready ${rig!.name(queue)}`) });
    rig.read();
    rig.expect("ready q2");
  });

  it("ConfigureRequestDispatching may send a type elsewhere, undo that, and do it again, after the start as well", () => {
    const got: string[] = [];
    const keeper = (name: string): QueueCallbackObject => ({
      OnWrite: (_queue, request) => (got.push(name), request.Complete(S_OK)),
    });
    let other: IWDFIoQueue | null = null;
    const rig = new QueueRig(Parallel, keeper("default"), {
      device: (device) => void ({ queue: other } = device.CreateIoQueue(keeper("other"), false, Parallel, false, false)),
    });
    rig.write();
    for (const forward of [true, false, true]) {
      expect(rig.run(() => other!.ConfigureRequestDispatching(WdfRequestType.Write, forward))).toBe(S_OK);
      rig.write();
    }
    expect(got).toEqual(["default", "other", "default", "other"]);
    expect(rig.run(() => rig.device.ConfigureRequestDispatching(other!, WdfRequestType.Close, true)) >>> 0).toBe(0xd000000d);
    rig.lines.length = 0;
  });

  it("needs no default queue: a type that goes nowhere fails", () => {
    const rig = new UmdfRig({});
    rig.write();
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it("DeleteWdfObject is for queues of the driver: the default queue and the device are the framework's", () => {
    let cleaned = 0;
    let other: IWDFIoQueue | null = null;
    const rig = new QueueRig(Parallel, undefined, {
      device: (device) => void ({ queue: other } = device.CreateIoQueue({ OnCleanup: () => void cleaned++ }, false, Manual, false, false)),
    });
    const denied = HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED);
    expect(rig.run(() => rig.queue.DeleteWdfObject())).toBe(denied);
    expect(rig.run(() => rig.device.DeleteWdfObject())).toBe(denied);
    expect(rig.run(() => other!.DeleteWdfObject())).toBe(S_OK);
    expect(cleaned).toBe(1);
  });
});

describe("IObjectCleanup", () => {
  it("hears of the end of device and queues when the device is removed, the queues first", () => {
    const said: string[] = [];
    const cleanup = (name: string) => ({ OnCleanup: () => void said.push(name) });
    const rig = new UmdfRig({
      callbacks: cleanup("device"),
      device: (device) => void device.CreateIoQueue({ OnRead: () => {}, ...cleanup("queue") }, true, Parallel, false, false),
    });
    rig.system.power(rig.handle).remove();
    expect(said).toEqual(["queue", "device"]);
  });

  it("hears of the end of an object the driver made below another", () => {
    const said: string[] = [];
    const rig = new QueueRig(Parallel);
    const driver = rig.device.GetDriver();
    const make = (name: string, parent: IWDFDevice | null): IWDFObject => {
      const { hr, object } = rig.run(() => driver.CreateWdfObject({ OnCleanup: () => void said.push(name) }, parent));
      expect(hr).toBe(S_OK);
      return object!;
    };
    const below = make("below the driver", null);
    make("below the device", rig.device);
    expect(below.AssignContext(null, 1)).toBe(S_OK);
    expect(rig.run(() => below.DeleteWdfObject())).toBe(S_OK);
    rig.system.power(rig.handle).remove();
    expect(said).toEqual(["below the driver", "below the device"]);
  });

  it("hears of the end of a request that is cancelled in a queue, once the driver has seen it", () => {
    const rig: QueueRig = new QueueRig(Manual, null);
    const reads = [rig.read(), rig.read()];
    rig.run(() => {
      const { request } = rig.queue.RetrieveNextRequest();
      request!.AssignContext({ OnCleanup: (object) => rig.say(`OnCleanup ${object === request}`) }, 0);
      request!.Requeue();
    });
    for (const read of reads) read.cancel();
    rig.expect("OnCleanup true", "done r1 STATUS_CANCELLED 0", "done r2 STATUS_CANCELLED 0");
  });
});

describe("a generator method", () => {
  it("that forgets yield* before a method that may wait is told so", () => {
    const rig: UmdfRig = new UmdfRig({
      device: (device) =>
        device.CreateIoQueue(
          {
            *OnRead(queue, request) {
              queue.RetrieveNextRequest();
              yield* request.Complete(S_OK);
            },
          },
          true,
          Parallel,
          false,
          false,
        ),
    });
    expect(() => rig.read()).toThrow(/RetrieveNextRequest was called in a generator routine without "yield\*"/);
  });
});

describe("SetLockingConstraint", () => {
  /** Two queues whose handlers wait at gates; what they said when both got a request. */
  function overlap(constraint?: WDF_CALLBACK_CONSTRAINT): string[] {
    const handler = (self: UmdfRig): QueueCallbackObject => ({
      *OnDefaultIoHandler(_queue, request) {
        const gate = request.GetType() === WdfRequestType.Read ? 0 : 1;
        self.say(`begin ${gate}`);
        yield* self.gates.pass(gate);
        self.say(`end ${gate}`);
        yield* request.Complete(S_OK);
      },
    });
    const rig = new UmdfRig({
      init: (init) => constraint !== undefined && init.SetLockingConstraint(constraint),
      device: (device, self) => {
        device.CreateIoQueue(handler(self), true, Parallel, false, false);
        const { queue } = device.CreateIoQueue(handler(self), false, Sequential, false, false);
        queue!.ConfigureRequestDispatching(WdfRequestType.Write, true);
      },
    });
    const gates = [rig.gates.add(), rig.gates.add()];
    rig.read();
    rig.write();
    for (const gate of gates) rig.gates.open(gate);
    return rig.lines.splice(0).filter((line) => !line.startsWith("done"));
  }

  it("WdfDeviceLevel, the default, serialises all queue callbacks of the device (K-285)", () => {
    expect(overlap()).toEqual(["begin 0", "end 0", "begin 1", "end 1"]);
    expect(overlap(WDF_CALLBACK_CONSTRAINT.WdfDeviceLevel)).toEqual(["begin 0", "end 0", "begin 1", "end 1"]);
  });

  it("None lets them run at the same time", () => {
    expect(overlap(WDF_CALLBACK_CONSTRAINT.None)).toEqual(["begin 0", "begin 1", "end 0", "end 1"]);
  });
});
