// Request: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { ProcessorMode, WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import {
  STATUS_CANCELLED,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  WDF_DECLARE_CONTEXT_TYPE,
  WdfIoQueueRetrieveNextRequest,
  WdfObjectReference,
  WdfRequestMarkCancelable,
} from "../../host/ddi";
import { Queue } from "../../host/framework/queue";
import { Request } from "../../host/framework/request";
import { queueOf } from "../../host/framework/wrappers";
import { member, suspendable } from "../support/members";
import { Rig, type RigOptions } from "../support/rig";

const { Manual } = WdfIoQueueDispatchType;
const Context = WDF_DECLARE_CONTEXT_TYPE("CONTEXT", () => ({ count: 3 }));
/** The driver takes the read out of a manual queue. */
const taken: { options: RigOptions; before: (rig: Rig) => void } = {
  options: { queue: { dispatchType: Manual } },
  before: (rig) => void rig.kept.push(WdfIoQueueRetrieveNextRequest(rig.queue).request),
};

const request = (rig: Rig): Request => new Request(rig.request);

suspendable("Request.complete", {
  calls: ["WdfRequestComplete(r1, 0)"],
  act: (rig) => request(rig).complete(STATUS_SUCCESS),
});
suspendable("Request.complete with information", {
  calls: ["WdfRequestCompleteWithInformation(r1, 0, 3)"],
  act: (rig) => request(rig).complete(STATUS_SUCCESS, { information: 3 }),
});
suspendable("Request.complete with a priority boost", {
  calls: ["WdfRequestCompleteWithPriorityBoost(r1, 0, 2)"],
  act: (rig) => request(rig).complete(STATUS_SUCCESS, { priorityBoost: 2 }),
});
suspendable("Request.complete with both", {
  calls: ["WdfRequestSetInformation(r1, 3)", "WdfRequestCompleteWithPriorityBoost(r1, 0, 2)"],
  act: (rig) => request(rig).complete(STATUS_SUCCESS, { information: 3, priorityBoost: 2 }),
});

suspendable("Request.forwardTo", {
  calls: ["WdfRequestForwardToIoQueue(r1, q2)"],
  before: (rig) => void (rig.queue = rig.makeQueue({ dispatchType: Manual })),
  act: (rig) => request(rig).forwardTo(new Queue(rig.queue)),
  result: STATUS_SUCCESS,
});

suspendable("Request.requeue", {
  ...taken,
  calls: ["WdfRequestRequeue(r1)"],
  act: (rig) => request(rig).requeue(),
  result: STATUS_SUCCESS,
});

suspendable("Request.markCancelable", {
  calls: ["WdfRequestMarkCancelableEx(r1, callback)"],
  act: (rig) => request(rig).markCancelable(() => {}),
  result: STATUS_SUCCESS,
});

member("Request.unmarkCancelable", {
  calls: ["WdfRequestUnmarkCancelable(r1)"],
  before: (rig) => void WdfRequestMarkCancelable(rig.request, rig.evtRequestCancel),
  act: (rig) => request(rig).unmarkCancelable(),
  result: STATUS_SUCCESS,
});

member("Request.isCanceled", { calls: ["WdfRequestIsCanceled(r1)"], act: (rig) => request(rig).isCanceled, result: false });
member("Request.isReserved", { calls: ["WdfRequestIsReserved(r1)"], act: (rig) => request(rig).isReserved, result: false });

member("Request.parameters", {
  calls: ["WdfRequestGetParameters(r1, 1)"],
  act: (rig) => request(rig).parameters,
  result: expect.objectContaining({ type: WdfRequestType.Read, length: 4, inputBufferLength: 0, ioControlCode: 0 }),
});

member("Request.information", {
  calls: ["WdfRequestSetInformation(r1, 6)", "WdfRequestGetInformation(r1)"],
  act: (rig) => {
    request(rig).information = 6;
    return request(rig).information;
  },
  result: 6,
});

member("Request.queue", {
  calls: ["WdfRequestGetIoQueue(r1)"],
  act: (rig) => request(rig).queue === queueOf(rig.queue),
  result: true,
});

member("Request.file", {
  calls: ["WdfRequestGetFileObject(r1)"],
  options: { files: null },
  act: (rig) => request(rig).file,
  result: null,
});

member("Request.inputBuffer", {
  calls: ["WdfRequestRetrieveInputBuffer(r1, 1)"],
  act: (rig) => request(rig).inputBuffer(),
  result: { status: STATUS_INVALID_DEVICE_REQUEST, buffer: new Uint8Array(0) },
});
member("Request.outputBuffer", {
  calls: ["WdfRequestRetrieveOutputBuffer(r1, 2)"],
  act: (rig) => request(rig).outputBuffer(2),
  result: { status: STATUS_SUCCESS, buffer: new Uint8Array(4) },
});

member("Request.inputMdl", {
  calls: ["WdfRequestRetrieveInputWdmMdl(r1)"],
  act: (rig) => request(rig).inputMdl(),
  result: { status: STATUS_INVALID_DEVICE_REQUEST, mdl: null },
});
member("Request.outputMdl", {
  calls: ["WdfRequestRetrieveOutputWdmMdl(r1)"],
  act: (rig) => request(rig).outputMdl().mdl?.byteCount,
  result: 4,
});

describe("Request.unsafeUserInputBuffer, unsafeUserOutputBuffer", () => {
  it("give what WdfRequestRetrieveUnsafeUserInputBuffer and ...OutputBuffer do", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (_device, handle) => {
        const { buffer, length } = new Request(handle).unsafeUserInputBuffer();
        rig.say(`in ${buffer?.length} ${length} out ${new Request(handle).unsafeUserOutputBuffer(3).length}`);
      },
    });
    const input = new Uint8Array(2);
    rig.send({ major: WdfRequestType.DeviceControl, input, outputLength: 3, code: 0x222003 });
    rig.expect("in 2 2 out 3");
  });
});

member("Request.outputMemory", {
  calls: ["WdfRequestRetrieveOutputMemory(r1)", "WdfMemoryGetBuffer(m1)"],
  act: (rig) => request(rig).outputMemory().object.buffer.length,
  result: 4,
});

member("Request.inputMemory", {
  calls: ["WdfRequestRetrieveInputMemory(r1)"],
  act: (rig) => request(rig).inputMemory().status,
  result: STATUS_INVALID_DEVICE_REQUEST,
});

describe("Request.lockForRead, lockForWrite", () => {
  it("give the application's own bytes as memory objects", () => {
    const rig: Rig = new Rig({
      evtIoInCallerContext: (_device, handle) => {
        const own = new Request(handle);
        const input = own.lockForRead(own.unsafeUserInputBuffer().buffer!).object.buffer;
        const output = own.lockForWrite(own.unsafeUserOutputBuffer().buffer!, 2).object.buffer;
        output.set(input);
        rig.say(`${[...input].join()} ${output.length}`);
        own.complete(STATUS_SUCCESS, { information: 2 });
      },
    });
    const input = Uint8Array.from([7, 8]);
    const sent = rig.send({ major: WdfRequestType.DeviceControl, input, outputLength: 3, code: 0x222003 });
    rig.expect("7,8 2", "done r1 STATUS_SUCCESS 2");
    expect([...sent.output]).toEqual([7, 8]);
  });
});

member("Request.status", { calls: ["WdfRequestGetStatus(r1)"], act: (rig) => request(rig).status, result: STATUS_SUCCESS });
member("Request.requestorMode", {
  calls: ["WdfRequestGetRequestorMode(r1)"],
  act: (rig) => request(rig).requestorMode,
  result: ProcessorMode.UserMode,
});
member("Request.requestorProcessId", {
  calls: ["WdfRequestGetRequestorProcessId(r1)"],
  act: (rig) => request(rig).requestorProcessId,
  result: 4096,
});

member("Request.context", {
  calls: [],
  options: { requestContext: Context },
  act: (rig) => request(rig).context(Context),
  result: { count: 3 },
});

member("Request.reference", { calls: ["WdfObjectReference(r1)"], act: (rig) => request(rig).reference() });
suspendable("Request.dereference", {
  calls: ["WdfObjectDereference(r1)"],
  before: (rig) => WdfObjectReference(rig.request),
  act: (rig) => request(rig).dereference(),
});

describe("Request.stopAcknowledge", () => {
  it.each([
    [true, "accept dispatch drvnoreq held queued=1 driver=0"],
    [false, "accept dispatch noreq held queued=0 driver=1"],
  ])("calls WdfRequestStopAcknowledge with requeue %s", (requeue, state) => {
    const rig = new Rig({
      queue: { keep: ["Read"], evtIoStop: (_queue, handle) => new Request(handle).stopAcknowledge({ requeue }) },
    });
    rig.sendRead(1);
    rig.stopQueues();
    rig.expect("EvtIoRead r1 length=1");
    expect(rig.stateOf()).toBe(state);
  });
});

describe("Request.queue in EvtIoInCallerContext", () => {
  it("is null", () => {
    const rig: Rig = new Rig({ evtIoInCallerContext: (_device, handle) => rig.say(`queue ${new Request(handle).queue}`) });
    rig.sendRead(1);
    rig.expect("queue null");
  });
});

describe("the callback of Request.markCancelable", () => {
  it("is given the Request it is about", () => {
    const rig = new Rig();
    const read = rig.sendRead(1);
    const marked = rig.request;
    rig.run(() => request(rig).markCancelable((canceled) => {
      rig.say(`canceled ${canceled.handle === marked}`);
      canceled.complete(STATUS_CANCELLED);
    }));
    read.cancel();
    rig.expect("EvtIoRead r1 length=1", "canceled true", "done r1 STATUS_CANCELLED 0");
  });
});
