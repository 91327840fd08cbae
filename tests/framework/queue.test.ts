// Queue: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { WdfIoForwardProgressReservedPolicy, WdfIoQueueDispatchType, WdfIoQueueState } from "../../bindings/abi";
import {
  STATUS_NO_MORE_ENTRIES,
  STATUS_SUCCESS,
  WDF_DECLARE_CONTEXT_TYPE,
  WdfIoQueueFindRequest,
  WdfIoQueueReadyNotify,
  WdfIoQueueStop,
} from "../../host/ddi";
import { Queue } from "../../host/framework/queue";
import { fileOf, deviceOf, requestOf } from "../../host/framework/wrappers";
import { member, suspendable } from "../support/members";
import { Rig, type RigOptions } from "../support/rig";

const { Manual } = WdfIoQueueDispatchType;
const { PagingIO } = WdfIoForwardProgressReservedPolicy;
const { AcceptRequests, DispatchRequests, NoRequests, DriverNoRequests } = WdfIoQueueState;
const manual: RigOptions = { queue: { dispatchType: Manual } };
const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 3 }));

const policy = { totalForwardProgressRequests: 1, forwardProgressReservedPolicy: PagingIO };

const queue = (rig: Rig): Queue => new Queue(rig.queue);
const waiting = (rig: Rig) => requestOf(rig.system.irps.byOrdinal(1)!.handle as never);
/** The handle of the file object the test has opened. */
const file = (rig: Rig) => fileOf(rig.files[0]);
const find = (rig: Rig): void => void WdfIoQueueFindRequest(rig.queue);

member("Queue.state", {
  calls: ["WdfIoQueueGetState(q1)"],
  idle: true,
  act: (rig) => queue(rig).state,
  result: { state: AcceptRequests | DispatchRequests | NoRequests | DriverNoRequests, queueRequests: 0, driverRequests: 0 },
});

member("Queue.device", {
  calls: ["WdfIoQueueGetDevice(q1)"],
  act: (rig) => queue(rig).device === deviceOf(rig.device),
  result: true,
});

suspendable("Queue.start", { calls: ["WdfIoQueueStart(q1)"], act: (rig) => queue(rig).start() });
suspendable("Queue.stop", { calls: ["WdfIoQueueStop(q1, callback, 0)"], act: (rig) => queue(rig).stop(() => {}) });
suspendable("Queue.stop without a callback", { calls: ["WdfIoQueueStop(q1, 0, 0)"], act: (rig) => queue(rig).stop() });
suspendable("Queue.stopSynchronously", {
  calls: ["WdfIoQueueStopSynchronously(q1)"],
  idle: true,
  act: (rig) => queue(rig).stopSynchronously(),
});
suspendable("Queue.stopAndPurge", {
  calls: ["WdfIoQueueStopAndPurge(q1, callback, 0)"],
  act: (rig) => queue(rig).stopAndPurge(() => {}),
});
suspendable("Queue.stopAndPurgeSynchronously", {
  calls: ["WdfIoQueueStopAndPurgeSynchronously(q1)"],
  idle: true,
  act: (rig) => queue(rig).stopAndPurgeSynchronously(),
});
suspendable("Queue.drain", { calls: ["WdfIoQueueDrain(q1, callback, 0)"], act: (rig) => queue(rig).drain(() => {}) });
suspendable("Queue.drainSynchronously", {
  calls: ["WdfIoQueueDrainSynchronously(q1)"],
  idle: true,
  act: (rig) => queue(rig).drainSynchronously(),
});
suspendable("Queue.purge", { calls: ["WdfIoQueuePurge(q1, callback, 0)"], act: (rig) => queue(rig).purge(() => {}) });
suspendable("Queue.purgeSynchronously", {
  calls: ["WdfIoQueuePurgeSynchronously(q1)"],
  idle: true,
  act: (rig) => queue(rig).purgeSynchronously(),
});

suspendable("Queue.retrieveNext", {
  calls: ["WdfIoQueueRetrieveNextRequest(q1)"],
  options: manual,
  act: (rig) => queue(rig).retrieveNext(),
  result: { status: STATUS_SUCCESS, request: "r1" },
});
suspendable("Queue.retrieveNext of an empty queue", {
  calls: ["WdfIoQueueRetrieveNextRequest(q1)"],
  options: manual,
  idle: true,
  act: (rig) => queue(rig).retrieveNext(),
  result: { status: STATUS_NO_MORE_ENTRIES, request: null },
});

suspendable("Queue.retrieveByFileObject", {
  calls: ["WdfIoQueueRetrieveRequestByFileObject(q1, f1)"],
  options: manual,
  before: (rig) => void rig.openFile(),
  act: (rig) => queue(rig).retrieveByFileObject(file(rig)),
  result: { status: STATUS_NO_MORE_ENTRIES, request: null },
});

suspendable("Queue.retrieveFound", {
  calls: ["WdfIoQueueRetrieveFoundRequest(q1, r1)"],
  options: manual,
  before: find,
  act: (rig) => queue(rig).retrieveFound(waiting(rig)),
  result: { status: STATUS_SUCCESS, request: "r1" },
});

member("Queue.find", {
  calls: ["WdfIoQueueFindRequest(q1, 0, 0)"],
  options: manual,
  act: (rig) => queue(rig).find(),
  result: { status: STATUS_SUCCESS, request: "r1" },
});
member("Queue.find after a request, of a file object", {
  calls: ["WdfIoQueueFindRequest(q1, r1, f1)"],
  options: manual,
  before: (rig) => {
    find(rig);
    rig.openFile();
  },
  act: (rig) => queue(rig).find({ after: waiting(rig), file: file(rig) }),
  result: { status: STATUS_NO_MORE_ENTRIES, request: null },
});

suspendable("Queue.readyNotify", {
  calls: ["WdfIoQueueReadyNotify(q1, callback, 0)"],
  options: manual,
  act: (rig) => queue(rig).readyNotify(() => {}),
  result: STATUS_SUCCESS,
});
suspendable("Queue.readyNotify of null", {
  calls: ["WdfIoQueueReadyNotify(q1, 0, 0)"],
  options: manual,
  before: (rig) => {
    WdfIoQueueStop(rig.queue);
    WdfIoQueueReadyNotify(rig.queue, () => {});
  },
  act: (rig) => queue(rig).readyNotify(null),
  result: STATUS_SUCCESS,
});

suspendable("Queue.assignForwardProgressPolicy", {
  calls: ["WdfIoQueueAssignForwardProgressPolicy(q1)"],
  act: (rig) => queue(rig).assignForwardProgressPolicy(policy),
  result: STATUS_SUCCESS,
});

suspendable("Queue.acquireLock", {
  calls: ["WdfObjectAcquireLock(q1)"],
  options: { driverVerifier: false, rules: false },
  act: (rig) => queue(rig).acquireLock(),
});
member("Queue.releaseLock", {
  calls: ["WdfObjectAcquireLock(q1)", "WdfObjectReleaseLock(q1)"],
  act: (rig) => {
    queue(rig).acquireLock();
    queue(rig).releaseLock();
  },
});

suspendable("Queue.delete", {
  calls: ["WdfObjectDelete(q2)"],
  before: (rig) => void (rig.queue = rig.makeQueue({ dispatchType: Manual })),
  act: (rig) => queue(rig).delete(),
});

member("Queue.context", {
  calls: [],
  options: { attributes: { contextType: Context } },
  act: (rig) => queue(rig).context(Context),
  result: { count: 3 },
});

describe("a callback of a Queue", () => {
  it("is given the Queue it is about, the same object each time", () => {
    const rig = new Rig();
    const seen: Queue[] = [];
    rig.run(() => queue(rig).stop((stopped) => void seen.push(stopped)));
    rig.run(() => queue(rig).purge((purged) => void seen.push(purged)));
    expect(seen.map(({ handle }) => handle)).toEqual([rig.queue, rig.queue]);
    expect(seen[0]).toBe(seen[1]);
  });
});
