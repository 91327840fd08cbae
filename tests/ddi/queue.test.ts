// The initializers and predicates of wdfio.h, and what a queue tells of itself.

import { describe, expect, it } from "vitest";
import { ObjectKind, WdfViolation } from "../../bindings/abi";
import {
  STATUS_SUCCESS,
  WDF_IO_QUEUE_CONFIG_INIT,
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE,
  WDF_IO_QUEUE_DRAINED,
  WDF_IO_QUEUE_IDLE,
  WDF_IO_QUEUE_PURGED,
  WDF_IO_QUEUE_READY,
  WDF_IO_QUEUE_STOPPED,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  WdfIoQueueGetDevice,
  WdfIoQueueGetState,
  WdfIoQueuePurge,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueState,
  WdfIoQueueStop,
  WdfRequestComplete,
  WdfTriState,
  type WDFQUEUE,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;
const { AcceptRequests, DispatchRequests, NoRequests, DriverNoRequests, PnpHeld } = WdfIoQueueState;

/** The sets of flags, out of all 32, for which a predicate holds. */
function accepted(predicate: (state: number) => boolean): number[] {
  return Array.from({ length: 32 }, (_, state) => state).filter(predicate);
}

/** All supersets of `set` that have none of `without`. */
function withAll(set: number, without = 0): number[] {
  return Array.from({ length: 32 }, (_, state) => state).filter((state) => (state & set) === set && (state & without) === 0);
}

describe("WDF_IO_QUEUE_CONFIG_INIT", () => {
  it("sets the dispatch type and leaves the rest to defaults (Q-001)", () => {
    expect(WDF_IO_QUEUE_CONFIG_INIT(Sequential)).toEqual({
      dispatchType: Sequential,
      powerManaged: WdfTriState.UseDefault,
      numberOfPresentedRequests: 0,
    });
  });

  it("lets a parallel queue present without limit, and only that (Q-001)", () => {
    const limits = [Sequential, Parallel, Manual].map((type) => WDF_IO_QUEUE_CONFIG_INIT(type).numberOfPresentedRequests);
    expect(limits).toEqual([0, 0xffffffff, 0]);
  });

  it("gives a configuration of its own to each caller", () => {
    WDF_IO_QUEUE_CONFIG_INIT(Manual).allowZeroLengthRequests = true;
    expect(WDF_IO_QUEUE_CONFIG_INIT(Manual).allowZeroLengthRequests).toBeUndefined();
  });
});

describe("WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE", () => {
  it.each([Sequential, Parallel, Manual])("is WDF_IO_QUEUE_CONFIG_INIT(%i) and asks for the default queue (Q-002)", (type) => {
    expect(WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(type)).toEqual({ ...WDF_IO_QUEUE_CONFIG_INIT(type), defaultQueue: true });
  });
});

describe("WDF_IO_QUEUE_IDLE", () => {
  it("holds when nothing is queued and the driver owns nothing", () => {
    expect(accepted(WDF_IO_QUEUE_IDLE)).toEqual(withAll(NoRequests | DriverNoRequests));
  });
});

describe("WDF_IO_QUEUE_READY", () => {
  it("holds when the queue accepts, dispatches and is not held by PnP or power (Q-106)", () => {
    expect(accepted(WDF_IO_QUEUE_READY)).toEqual(withAll(AcceptRequests | DispatchRequests, PnpHeld));
  });
});

describe("WDF_IO_QUEUE_STOPPED", () => {
  it("holds when the queue accepts, does not dispatch and the driver owns nothing, whatever is queued (Q-106)", () => {
    expect(accepted(WDF_IO_QUEUE_STOPPED)).toEqual(withAll(AcceptRequests | DriverNoRequests, DispatchRequests));
  });

  it("holds after WdfIoQueueStop, with requests queued", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    expect(WDF_IO_QUEUE_STOPPED(rig.run(() => WdfIoQueueGetState(rig.queue)).state)).toBe(true);
  });
});

describe("WDF_IO_QUEUE_DRAINED", () => {
  it("holds when the queue does not accept, dispatches, and nothing is left", () => {
    expect(accepted(WDF_IO_QUEUE_DRAINED)).toEqual(withAll(DispatchRequests | NoRequests | DriverNoRequests, AcceptRequests));
  });

  it("holds after WdfIoQueueDrain", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueDrain(rig.queue));
    expect(WDF_IO_QUEUE_DRAINED(rig.run(() => WdfIoQueueGetState(rig.queue)).state)).toBe(true);
  });
});

describe("WDF_IO_QUEUE_PURGED", () => {
  it("holds when the queue does not accept and nothing is left, whether it dispatches or not", () => {
    expect(accepted(WDF_IO_QUEUE_PURGED)).toEqual(withAll(NoRequests | DriverNoRequests, AcceptRequests));
  });

  it("holds after WdfIoQueuePurge, and so does WDF_IO_QUEUE_DRAINED (Q-105)", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueuePurge(rig.queue));
    const { state } = rig.run(() => WdfIoQueueGetState(rig.queue));
    expect([WDF_IO_QUEUE_PURGED(state), WDF_IO_QUEUE_DRAINED(state)]).toEqual([true, true]);
  });

  it("alone holds after a stop and a purge", () => {
    const rig = new Rig();
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.run(() => WdfIoQueuePurge(rig.queue));
    const { state } = rig.run(() => WdfIoQueueGetState(rig.queue));
    expect([WDF_IO_QUEUE_PURGED(state), WDF_IO_QUEUE_DRAINED(state)]).toEqual([true, false]);
  });
});

describe("WdfIoQueueGetState", () => {
  it("of a new queue of a started device: accepts, dispatches, nothing queued or owned (Q-018)", () => {
    const rig = new Rig();
    expect(rig.run(() => WdfIoQueueGetState(rig.queue))).toEqual({
      state: AcceptRequests | DispatchRequests | NoRequests | DriverNoRequests,
      queueRequests: 0,
      driverRequests: 0,
    });
  });

  it("counts what waits and what the driver owns", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    for (let i = 0; i < 3; i++) rig.sendWrite(1);
    expect(rig.stateOf()).toBe("accept dispatch queued=2 driver=1");
    rig.expect("EvtIoWrite r1 length=1");
  });

  it("counts what was retrieved as the driver's, until it is completed", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    rig.sendRead(1);
    const { request } = rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    expect(rig.stateOf()).toBe("accept dispatch noreq queued=0 driver=1");
    rig.run(() => WdfRequestComplete(request, STATUS_SUCCESS));
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("says that a power-managed queue is held while the device is not in D0, and that another is not", () => {
    const rig = new Rig();
    const unmanaged = rig.run(() => rig.makeQueue({ powerManaged: WdfTriState.False }));
    rig.stopQueues();
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq held queued=0 driver=0");
    expect(rig.stateOf(unmanaged)).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
    rig.resumeQueues();
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
  });

  it("of a handle that is no queue is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfIoQueueGetState(rig.device as never), WdfViolation.InvalidHandle, rig.device, ObjectKind.Queue);
  });
});

describe("WdfIoQueueGetDevice", () => {
  it("gives the device the queue was created for", () => {
    const rig = new Rig();
    expect(rig.run(() => WdfIoQueueGetDevice(rig.queue))).toBe(rig.device);
  });

  it("of NULL is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = new Rig();
    rig.expectStop(() => WdfIoQueueGetDevice(0 as WDFQUEUE), WdfViolation.InvalidHandle, 0, ObjectKind.Queue);
  });
});
