// WdfIoQueueRetrieve* and WdfIoQueueFindRequest: what the driver takes, or looks at, by itself.

import { describe, expect, it } from "vitest";
import { FindingId, ObjectKind, RequestFatalError, WdfViolation } from "../../bindings/abi";
import {
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_DEVICE_STATE,
  STATUS_INVALID_PARAMETER,
  STATUS_NO_MORE_ENTRIES,
  STATUS_NOT_FOUND,
  STATUS_SUCCESS,
  STATUS_WDF_PAUSED,
  WdfIoQueueDispatchType,
  WdfIoQueueDrain,
  WdfIoQueueFindRequest,
  WdfIoQueueRetrieveFoundRequest,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueRetrieveRequestByFileObject,
  WdfIoQueueStop,
  WdfObjectDereference,
  WdfRequestComplete,
  WdfRequestGetInformation,
  WdfRequestGetParameters,
  type WDFREQUEST,
} from "../../host/ddi";
import { Rig, type QueueOptions } from "../support/rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;

/** A rig whose manual queue holds that many reads, of 1, 2, 3 ... bytes. */
function holding(waiting: number, options: QueueOptions = {}): Rig {
  const rig = new Rig({ queue: { dispatchType: Manual, ...options } });
  for (let i = 1; i <= waiting; i++) rig.sendRead(i);
  return rig;
}

/** A read through a file object. */
function readOf(rig: Rig, file: number): void {
  rig.send({ major: 3, outputLength: 1, file });
}

/** Finds a request; there has to be one. */
function find(rig: Rig, after: WDFREQUEST | null = null): WDFREQUEST {
  const { status, request } = rig.run(() => WdfIoQueueFindRequest(rig.queue, after));
  expect(status).toBe(STATUS_SUCCESS);
  return request;
}

describe("WdfIoQueueRetrieveNextRequest", () => {
  it("gives the oldest request, which is the driver's from then on (Q-187)", () => {
    const rig = holding(2);
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("returned STATUS_SUCCESS r1", "returned STATUS_SUCCESS r2");
    expect(rig.stateOf()).toBe("accept dispatch noreq queued=0 driver=2");
  });

  it("says STATUS_NO_MORE_ENTRIES, with no request, when the queue is empty (Q-187)", () => {
    const rig = holding(0);
    expect(rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue))).toEqual({ status: STATUS_NO_MORE_ENTRIES, request: 0 });
  });

  it("says STATUS_WDF_PAUSED while the queue is stopped (Q-187)", () => {
    const rig = holding(1);
    rig.run(() => WdfIoQueueStop(rig.queue));
    expect(rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue))).toEqual({ status: STATUS_WDF_PAUSED, request: 0 });
  });

  it("says STATUS_WDF_PAUSED while the device is not in D0 (Q-123)", () => {
    const rig = holding(1);
    rig.stopQueues();
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.resumeQueues();
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("returned STATUS_WDF_PAUSED", "returned STATUS_SUCCESS r1");
  });

  it("goes on while the queue drains", () => {
    const rig = holding(1);
    rig.run(() => WdfIoQueueDrain(rig.queue));
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("returned STATUS_SUCCESS r1");
  });

  it("says STATUS_INVALID_DEVICE_STATE for a parallel queue (Q-187)", () => {
    const rig = new Rig({ queue: { dispatchType: Parallel, numberOfPresentedRequests: 0 } });
    rig.sendRead(1);
    expect(rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue))).toEqual({ status: STATUS_INVALID_DEVICE_STATE, request: 0 });
  });

  it("takes further requests of a sequential queue while the driver has one", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    for (let i = 1; i <= 2; i++) rig.sendRead(i);
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("EvtIoRead r1 length=1", "returned STATUS_SUCCESS r2");
  });

  it("breaks, and goes on, for a sequential queue of which the driver has nothing (Q-188, A-12)", () => {
    const rig = new Rig({ queue: { dispatchType: Sequential } });
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("returned STATUS_WDF_PAUSED");
    rig.expectFindings(FindingId.RetrieveNothingOwned);
  });

  it("completes reads and writes of no bytes on the way, unless the queue takes them (Q-060)", () => {
    const rig = holding(0);
    rig.sendRead(0);
    rig.sendWrite(0);
    rig.sendRead(3);
    rig.tell(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    rig.expect("done r1 STATUS_SUCCESS 0", "done r2 STATUS_SUCCESS 0", "returned STATUS_SUCCESS r3");
    const other = holding(0, { allowZeroLengthRequests: true });
    other.sendRead(0);
    other.tell(() => WdfIoQueueRetrieveNextRequest(other.queue));
    other.expect("returned STATUS_SUCCESS r1");
  });

  it("gives a generator routine its request, also when it had to complete others first", () => {
    const rig = holding(0);
    rig.sendRead(0);
    rig.sendRead(2);
    rig.start(function* () {
      rig.say(rig.returned(yield* WdfIoQueueRetrieveNextRequest(rig.queue)));
      rig.say(rig.returned(yield* WdfIoQueueRetrieveNextRequest(rig.queue)));
    });
    rig.expect("done r1 STATUS_SUCCESS 0", "returned STATUS_SUCCESS r2", "returned STATUS_NO_MORE_ENTRIES");
  });

  it("of a handle that is no queue is the Stop WDF_INVALID_HANDLE", () => {
    const rig = holding(0);
    const call = () => WdfIoQueueRetrieveNextRequest(rig.device as never);
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.device, ObjectKind.Queue);
  });
});

describe("WdfIoQueueRetrieveRequestByFileObject", () => {
  it("gives the oldest request of that file object, and says when there is none left (file_retrieve_by_fileobject)", () => {
    const rig = holding(0);
    const [f1, f2] = [rig.openFile(), rig.openFile()];
    for (const file of [f1, f2, f2]) readOf(rig, file);
    for (let i = 0; i < 3; i++) rig.tell(() => WdfIoQueueRetrieveRequestByFileObject(rig.queue, f2));
    rig.expect("returned STATUS_SUCCESS r2", "returned STATUS_SUCCESS r3", "returned STATUS_NO_MORE_ENTRIES");
    expect(rig.stateOf()).toBe("accept dispatch queued=1 driver=2");
  });

  it("says STATUS_WDF_PAUSED while the queue is stopped", () => {
    const rig = holding(0);
    const file = rig.openFile();
    readOf(rig, file);
    rig.run(() => WdfIoQueueStop(rig.queue));
    const result = rig.run(() => WdfIoQueueRetrieveRequestByFileObject(rig.queue, file));
    expect(result).toEqual({ status: STATUS_WDF_PAUSED, request: 0 });
  });

  it("says STATUS_INVALID_DEVICE_STATE for a parallel queue", () => {
    const rig = new Rig();
    const file = rig.openFile();
    expect(rig.run(() => WdfIoQueueRetrieveRequestByFileObject(rig.queue, file)).status).toBe(STATUS_INVALID_DEVICE_STATE);
  });

  it("of a handle that is no file object is the Stop WDF_INVALID_HANDLE", () => {
    const rig = holding(1);
    const call = () => WdfIoQueueRetrieveRequestByFileObject(rig.queue, rig.queue as never);
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.queue, ObjectKind.FileObject);
  });
});

describe("WdfIoQueueRetrieveFoundRequest", () => {
  it("gives the request that was found, by the same handle; others stay (Q-189)", () => {
    const rig = holding(3);
    const second = find(rig, find(rig));
    const { status, request } = rig.run(() => WdfIoQueueRetrieveFoundRequest(rig.queue, second));
    expect([status, request]).toEqual([STATUS_SUCCESS, second]);
    expect([rig.name(request), rig.stateOf()]).toEqual(["r2", "accept dispatch queued=2 driver=1"]);
  });

  it("leaves the reference of the search to the driver (Q-189)", () => {
    const rig = holding(1);
    const found = find(rig);
    rig.run(() => WdfIoQueueRetrieveFoundRequest(rig.queue, found));
    rig.run(() => WdfRequestComplete(found, STATUS_SUCCESS));
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.tell(() => WdfObjectDereference(found));
    rig.expect("returned");
    rig.expectStop(() => WdfRequestGetParameters(found), WdfViolation.InvalidHandle, found);
  });

  it("says STATUS_NOT_FOUND once the request has left the queue (Q-192)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    const read = rig.sendRead(1);
    const found = find(rig);
    read.cancel();
    rig.expect("done r1 STATUS_CANCELLED 0");
    expect(rig.run(() => WdfIoQueueRetrieveFoundRequest(rig.queue, found))).toEqual({ status: STATUS_NOT_FOUND, request: 0 });
  });

  it("completes a read of no bytes instead, and says STATUS_NOT_FOUND (Q-061)", () => {
    const rig = holding(0);
    rig.sendRead(0);
    const found = find(rig);
    rig.tell(() => WdfIoQueueRetrieveFoundRequest(rig.queue, found));
    rig.expect("done r1 STATUS_SUCCESS 0", "returned STATUS_NOT_FOUND");
  });

  it("says STATUS_WDF_PAUSED while the queue is stopped", () => {
    const rig = holding(1);
    const found = find(rig);
    rig.run(() => WdfIoQueueStop(rig.queue));
    expect(rig.run(() => WdfIoQueueRetrieveFoundRequest(rig.queue, found)).status).toBe(STATUS_WDF_PAUSED);
  });

  it("breaks and says STATUS_INVALID_DEVICE_REQUEST for a queue that is not manual (VF-34)", () => {
    const rig = holding(1);
    const found = find(rig);
    const sequential = rig.run(() => rig.makeQueue({ dispatchType: Sequential }));
    expect(rig.run(() => WdfIoQueueRetrieveFoundRequest(sequential, found)).status).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expectFindings(FindingId.RetrieveFoundNotManual);
  });

  it("of a request that waits in another queue is the Stop WDF_REQUEST_FATAL_ERROR (Q-192)", () => {
    const rig = holding(1);
    const found = find(rig);
    const other = rig.run(() => rig.makeQueue({ dispatchType: Manual }));
    const call = () => WdfIoQueueRetrieveFoundRequest(other, found);
    rig.expectStop(call, WdfViolation.RequestFatalError, RequestFatalError.NotInQueue);
  });
});

describe("WdfIoQueueFindRequest", () => {
  it("gives the oldest request, which stays where it is, and the next ones after it (Q-191)", () => {
    const rig = holding(2);
    const first = find(rig);
    rig.tell(() => WdfIoQueueFindRequest(rig.queue, first));
    rig.expect("returned STATUS_SUCCESS r2");
    expect([rig.name(first), rig.stateOf()]).toEqual(["r1", "accept dispatch drvnoreq queued=2 driver=0"]);
  });

  it("says STATUS_NO_MORE_ENTRIES for an empty queue and past the end (Q-191)", () => {
    const rig = holding(0);
    expect(rig.run(() => WdfIoQueueFindRequest(rig.queue))).toEqual({ status: STATUS_NO_MORE_ENTRIES, request: 0 });
    rig.sendRead(1);
    const last = find(rig);
    expect(rig.run(() => WdfIoQueueFindRequest(rig.queue, last))).toEqual({ status: STATUS_NO_MORE_ENTRIES, request: 0 });
  });

  it("looks for requests of a file object only when one is given (file_find_by_file)", () => {
    const rig = holding(0);
    const [f1, f2] = [rig.openFile(), rig.openFile()];
    for (const file of [f1, f2, f1]) readOf(rig, file);
    const { request } = rig.run(() => WdfIoQueueFindRequest(rig.queue, null, f1));
    rig.tell(() => WdfIoQueueFindRequest(rig.queue, null, f2));
    rig.tell(() => WdfIoQueueFindRequest(rig.queue, request, f1));
    rig.tell(() => WdfIoQueueFindRequest(rig.queue, request, f2));
    rig.expect("returned STATUS_SUCCESS r2", "returned STATUS_SUCCESS r3", "returned STATUS_SUCCESS r2");
  });

  it("finds reads of no bytes as well (Q-061)", () => {
    const rig = holding(0);
    rig.sendRead(0);
    expect(rig.name(find(rig))).toBe("r1");
  });

  it("looks into a stopped and a powered-off queue too (Q-190)", () => {
    const rig = holding(1);
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.stopQueues();
    expect(rig.name(find(rig))).toBe("r1");
  });

  it("keeps the handle valid until the driver drops the reference, though the sender cancels meanwhile (Q-189)", () => {
    const rig = new Rig({ queue: { dispatchType: Manual } });
    const read = rig.sendRead(1);
    const found = find(rig);
    read.cancel();
    rig.expect("done r1 STATUS_CANCELLED 0");
    expect(rig.run(() => WdfIoQueueFindRequest(rig.queue, found)).status).toBe(STATUS_NOT_FOUND);
    rig.run(() => WdfObjectDereference(found));
    rig.expectStop(() => WdfRequestGetInformation(found), WdfViolation.InvalidHandle, found);
  });

  it("says STATUS_NOT_FOUND when the request to go on from has left the queue (Q-191)", () => {
    const rig = holding(2);
    const first = find(rig);
    rig.run(() => WdfIoQueueRetrieveNextRequest(rig.queue));
    expect(rig.run(() => WdfIoQueueFindRequest(rig.queue, first))).toEqual({ status: STATUS_NOT_FOUND, request: 0 });
  });

  it("breaks and says STATUS_INVALID_PARAMETER for a request nobody has found (VF-37)", () => {
    const rig = holding(1);
    const waiting = rig.system.irps.byOrdinal(1)!.handle as WDFREQUEST;
    expect(rig.run(() => WdfIoQueueFindRequest(rig.queue, waiting)).status).toBe(STATUS_INVALID_PARAMETER);
    rig.expectFindings(FindingId.BadTag);
  });

  it.each([Sequential, Parallel])("breaks and refuses a queue of type %i (Q-190)", (dispatchType) => {
    const rig = new Rig({ queue: { dispatchType } });
    expect(rig.run(() => WdfIoQueueFindRequest(rig.queue))).toEqual({ status: STATUS_INVALID_DEVICE_REQUEST, request: 0 });
    rig.expectFindings(FindingId.FindNotManual);
  });

  it("does not make the request the driver's: completing it is a break and does nothing (Q-193)", () => {
    const rig = holding(1);
    const found = find(rig);
    rig.tell(() => WdfRequestComplete(found, STATUS_SUCCESS));
    rig.expect("returned");
    rig.expectFindings(FindingId.CompleteNotOwned);
    expect(rig.stateOf()).toBe("accept dispatch drvnoreq queued=1 driver=0");
  });

  it("with a handle that is no request is the Stop WDF_INVALID_HANDLE (Q-206)", () => {
    const rig = holding(1);
    const call = () => WdfIoQueueFindRequest(rig.queue, rig.device as never);
    rig.expectStop(call, WdfViolation.InvalidHandle, rig.device, ObjectKind.Request);
  });
});
