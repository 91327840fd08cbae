// WdfRequest*: requests a driver makes, sends, cancels and uses again.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, NtStatus, RequestFatalError, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { WdfRequestReuseFlag as Reuse, WdfRequestSendOption as Option } from "../../host/ddi";
import { TargetRig } from "../support/target-rig";

const MS = 10_000;

describe("WdfRequestCreate", () => {
  it("makes a request that can be formatted and sent to the target it was made for", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success, information: 3 } });
    const request = rig.make(rig.target);
    expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.Success);
    expect(rig.sendOn(request)).toBe(true);
    rig.expect("below: 0 0", "back d1 STATUS_SUCCESS 3");
  });

  it("STATUS_INVALID_DEVICE_STATE for a target that is not open", () => {
    const rig = new TargetRig();
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    expect(rig.run(() => wdf.WdfRequestCreate(undefined, target)).status).toBe(NtStatus.InvalidDeviceState);
  });

  it("K-128 a request made by a driver cannot be completed: the call is ignored, with a break", () => {
    const rig = new TargetRig();
    const request = rig.make();
    rig.run(() => wdf.WdfRequestComplete(request, NtStatus.Success));
    rig.expectFindings(FindingId.CompleteNotOwned);
  });

  it("STATUS_INSUFFICIENT_RESOURCES without memory", () => {
    const rig = new TargetRig();
    rig.lowMemory = true;
    expect(rig.run(() => wdf.WdfRequestCreate(undefined)).status).toBe(NtStatus.InsufficientResources);
  });
});

describe("WdfRequestSend", () => {
  it("sends a received request to the device below; its completion routine gets the outcome", () => {
    const rig = new TargetRig();
    const request = rig.receive(4);
    expect(rig.sendOn(request)).toBe(true);
    rig.expect("below: read 4");
    rig.answer(NtStatus.Success, 2);
    rig.expect("back r1 STATUS_SUCCESS 2");
    rig.run(() => wdf.WdfRequestComplete(request, NtStatus.Success));
    rig.expect("done r1 STATUS_SUCCESS 2");
  });

  it("the driver below reads and fills the sender's own bytes", () => {
    const rig = new TargetRig();
    const sent = rig.sendRead(3);
    rig.lines.pop();
    rig.sendOn();
    rig.below[0].output.set([7, 8, 9]);
    rig.answer(NtStatus.Success, 3);
    rig.run(() => wdf.WdfRequestComplete(rig.request, NtStatus.Success));
    expect([...sent.output]).toEqual([7, 8, 9]);
    rig.expect("below: read 3", "back r1 STATUS_SUCCESS 3", "done r1 STATUS_SUCCESS 3");
  });

  it("K-160 the completion routine may run before WdfRequestSend returns", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const request = rig.receive();
    rig.tell(() => {
      wdf.WdfRequestFormatRequestUsingCurrentType(request);
      wdf.WdfRequestSetCompletionRoutine(request, rig.back);
      return wdf.WdfRequestSend(request, rig.target);
    });
    rig.expect("below: read 4", "back r1 STATUS_SUCCESS 0", "returned true");
  });

  it("K-148 bad option Size or unknown flag returns FALSE, status STATUS_INVALID_PARAMETER", () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    for (const options of [{ flags: 0x100 }, { flags: 0, size: 0 }]) {
      expect(rig.sendIt(request, options)).toBe(false);
      expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.InvalidParameter);
    }
    rig.expectFindings(FindingId.SendOptionsInvalid, FindingId.SendOptionsInvalid);
  });

  it("K-149 SEND_AND_FORGET with any other flag returns FALSE", () => {
    const rig = new TargetRig();
    expect(rig.sendIt(rig.receive(), { flags: Option.SendAndForget | Option.Synchronous })).toBe(false);
    rig.expectFindings(FindingId.SendOptionsInvalid);
  });

  it("K-150 SEND_AND_FORGET of a driver-created request returns FALSE, STATUS_INVALID_DEVICE_STATE", () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    expect(rig.sendIt(request, { flags: Option.SendAndForget })).toBe(false);
    expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.InvalidDeviceState);
  });

  it("K-151 SEND_AND_FORGET of a request formatted by a target Format call returns FALSE, STATUS_INVALID_DEVICE_REQUEST", () => {
    const rig = new TargetRig();
    const request = rig.receive();
    rig.run(() => wdf.WdfIoTargetFormatRequestForRead(rig.target, request));
    expect(rig.sendIt(request, { flags: Option.SendAndForget })).toBe(false);
    rig.expectFindings(FindingId.ForgetFormatted);
  });

  it("K-152 SEND_AND_FORGET ignores the target's state; the request is the sender's matter from then on", () => {
    const rig = new TargetRig();
    const request = rig.receive();
    rig.run(() => wdf.WdfIoTargetStop(rig.target, wdf.WdfIoTargetSentIoAction.LeaveSentIoPending));
    expect(rig.sendIt(request, { flags: Option.SendAndForget })).toBe(true);
    expect(rig.stateOf()).toBe("accept dispatch noreq drvnoreq queued=0 driver=0");
    rig.answer(NtStatus.Success, 1);
    rig.expect("below: read 4", "done r1 STATUS_SUCCESS 1");
  });

  it("K-153 asynchronous send of a received request with no completion routine returns FALSE, STATUS_INVALID_DEVICE_REQUEST", () => {
    const rig = new TargetRig();
    const request = rig.receive();
    rig.run(() => wdf.WdfRequestFormatRequestUsingCurrentType(request));
    expect(rig.sendIt(request)).toBe(false);
    expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.InvalidDeviceRequest);
    rig.expectFindings(FindingId.SendNoRoutine);
  });

  it("K-154 send of an unformatted request returns FALSE, STATUS_REQUEST_NOT_ACCEPTED", () => {
    const rig = new TargetRig();
    const request = rig.make(rig.target);
    rig.run(() => wdf.WdfRequestSetCompletionRoutine(request, rig.back));
    expect(rig.sendIt(request)).toBe(false);
    expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.RequestNotAccepted);
  });

  it("K-155 send of a request already sent stops with 0x10D/0x6/0x3", () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    rig.sendIt(request);
    rig.expect("below: read 0");
    rig.expectStop(() => wdf.WdfRequestSend(request, rig.target), WdfViolation.RequestFatalError, RequestFatalError.AlreadySent);
  });

  it("K-157 to a stopped target returns TRUE, the request waits and is sent in order at Start", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const [first, second] = [rig.makeRead(), rig.makeRead()];
    rig.run(() => wdf.WdfIoTargetStop(rig.target, wdf.WdfIoTargetSentIoAction.CancelSentIo));
    expect([rig.sendIt(first), rig.sendIt(second)]).toEqual([true, true]);
    rig.expectNothingElse();
    rig.run(() => wdf.WdfIoTargetStart(rig.target));
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0", "below: read 0", "back d2 STATUS_SUCCESS 0");
  });

  it("K-158 to a purged target returns FALSE, STATUS_INVALID_DEVICE_STATE; K-159 IGNORE_TARGET_STATE sends through", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const request = rig.makeRead();
    rig.run(() => wdf.WdfIoTargetPurge(rig.target, wdf.WdfIoTargetPurgeIoAction.PurgeIo));
    expect(rig.sendIt(request)).toBe(false);
    expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.InvalidDeviceState);
    expect(rig.sendIt(request, { flags: Option.IgnoreTargetState })).toBe(true);
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0");
  });

  it("a synchronous send waits until the request is back", async () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    const thread = rig.start(function* () {
      return yield* wdf.WdfRequestSend(request, rig.target, { flags: Option.Synchronous });
    });
    expect(thread.done).toBe(false);
    rig.answer(NtStatus.Success, 5);
    await thread.finished;
    expect(thread.result).toBe(true);
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 5");
  });

  it("K-162 an asynchronous timeout completes with STATUS_IO_TIMEOUT if the driver below answered STATUS_CANCELLED", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    rig.sendIt(rig.makeRead(), { flags: Option.Timeout, timeout: -100 * MS });
    rig.system.advance(99);
    rig.expect("below: read 0");
    rig.system.advance(1);
    rig.expect("below: cancelled", "back d1 STATUS_IO_TIMEOUT 0");
  });

  it("K-162 else with the status of the driver below", () => {
    const rig = new TargetRig();
    rig.sendIt(rig.makeRead(), { flags: Option.Timeout, timeout: -100 * MS });
    rig.system.advance(200);
    rig.answer(NtStatus.Success, 1);
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 1");
  });

  it("K-163 the TIMEOUT flag with Timeout 0 sets no timer", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    rig.sendIt(rig.makeRead(), { flags: Option.Timeout, timeout: 0 });
    rig.system.advance(100_000);
    rig.expect("below: read 0");
  });

  it("K-178 a request sent to a target is still driver-owned of its queue", () => {
    const rig = new TargetRig();
    rig.sendOn(rig.receive());
    expect(rig.stateOf()).toBe("accept dispatch noreq queued=0 driver=1");
    rig.expect("below: read 4");
  });

  it("completing a request that is out at a target is the Stop 0x44: the device below has the IRP", () => {
    const rig = new TargetRig();
    const request = rig.receive();
    rig.sendOn(request);
    rig.expect("below: read 4");
    rig.expectBugCheck(() => wdf.WdfRequestComplete(request, NtStatus.Success), BugCheck.MultipleIrpCompleteRequests);
    rig.expectFindings(FindingId.StillSent);
  });
});

describe("WdfRequestCancelSentRequest", () => {
  it("asks the driver below; the completion routine is called all the same", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    const request = rig.makeRead();
    rig.sendIt(request);
    rig.tell(() => wdf.WdfRequestCancelSentRequest(request));
    rig.expect("below: read 0", "below: cancelled", "back d1 STATUS_CANCELLED 0", "returned true");
  });

  it("K-166 returns FALSE for a completed request and never calls the completion routine twice", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const request = rig.makeRead();
    rig.sendIt(request);
    rig.tell(() => wdf.WdfRequestCancelSentRequest(request));
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0", "returned false");
  });

  it("K-167 before the send makes WdfRequestSend return FALSE with STATUS_CANCELLED until Reuse", () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    rig.run(() => wdf.WdfRequestCancelSentRequest(request));
    expect(rig.sendIt(request)).toBe(false);
    expect(rig.run(() => wdf.WdfRequestGetStatus(request))).toBe(NtStatus.Cancelled);
    rig.run(() => {
      wdf.WdfRequestReuse(request, { status: NtStatus.Success });
      wdf.WdfIoTargetFormatRequestForRead(rig.target, request);
    });
    expect(rig.sendIt(request)).toBe(true);
    rig.expect("below: read 0");
  });

  it("completes a request that waits in a stopped target", () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    rig.run(() => wdf.WdfIoTargetStop(rig.target, wdf.WdfIoTargetSentIoAction.CancelSentIo));
    rig.sendIt(request);
    rig.tell(() => wdf.WdfRequestCancelSentRequest(request));
    rig.expect("back d1 STATUS_CANCELLED 0", "returned true");
  });

  it("the application's cancellation reaches the driver below without it", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    const sent = rig.sendRead(4);
    rig.lines.pop();
    rig.sendOn();
    sent.cancel();
    rig.expect("below: read 4", "below: cancelled", "back r1 STATUS_CANCELLED 0");
  });
});

describe("WdfRequestReuse", () => {
  it("K-161 clears the completion routine", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const request = rig.makeRead();
    rig.run(() => {
      wdf.WdfRequestReuse(request, { status: NtStatus.Success });
      wdf.WdfIoTargetFormatRequestForRead(rig.target, request);
    });
    rig.sendIt(request);
    rig.expect("below: read 0");
  });

  it("STATUS_INVALID_PARAMETER for a wrong size or an unknown flag", () => {
    const rig = new TargetRig();
    const request = rig.make();
    const reuse = (more: object): number => rig.run(() => wdf.WdfRequestReuse(request, { status: 0, ...more }) as unknown as number);
    expect([reuse({ size: 0 }), reuse({ flags: 4 })]).toEqual([NtStatus.InvalidParameter, NtStatus.InvalidParameter]);
  });

  it("K-174 with SET_NEW_IRP on a received request gives STATUS_WDF_REQUEST_INVALID_STATE", () => {
    const rig = new TargetRig();
    const request = rig.receive();
    const status = rig.run(() => wdf.WdfRequestReuse(request, { status: 0, flags: Reuse.SetNewIrp, newIrp: true }));
    expect(status).toBe(NtStatus.WdfRequestInvalidState);
  });

  it("K-175 on a received request clears its IRP cancel flag", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    const sent = rig.sendRead(4);
    rig.lines.pop();
    sent.cancel();
    rig.run(() => wdf.WdfRequestReuse(rig.request, { status: 0 }));
    rig.sendOn();
    rig.expect("below: read 4");
  });

  it("K-176 while the request is sent breaks", () => {
    const rig = new TargetRig();
    const request = rig.makeRead();
    rig.sendIt(request);
    rig.run(() => wdf.WdfRequestReuse(request, { status: 0 }));
    rig.expectFindings(FindingId.StillSent);
    rig.expect("below: read 0");
  });

  it("MUST_COMPLETE needs an IRP of the driver's", () => {
    const rig = new TargetRig();
    const [without, internal] = [rig.make(), rig.make(rig.target)];
    const reuse = (request: wdf.WDFREQUEST) => rig.run(() => wdf.WdfRequestReuse(request, { status: 0, flags: Reuse.MustComplete }));
    expect([reuse(without), reuse(internal)]).toEqual([NtStatus.InvalidParameter, NtStatus.InvalidDeviceRequest]);
    rig.expectFindings(FindingId.ReuseMustComplete, FindingId.ReuseMustComplete);
  });
});

describe("WdfRequestChangeTarget", () => {
  it("STATUS_INVALID_DEVICE_STATE for a target that is not open, else STATUS_SUCCESS", () => {
    const rig = new TargetRig();
    const request = rig.make();
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    expect(rig.run(() => wdf.WdfRequestChangeTarget(request, target))).toBe(NtStatus.InvalidDeviceState);
    expect(rig.run(() => wdf.WdfRequestChangeTarget(request, rig.target))).toBe(NtStatus.Success);
  });

  it("K-173 of a received request with too few stack locations gives STATUS_REQUEST_NOT_ACCEPTED", () => {
    const rig = new TargetRig();
    const request = rig.receive();
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    const open = { type: wdf.WdfIoTargetOpenType.UseExistingDevice, targetDeviceObject: rig.device };
    rig.run(() => wdf.WdfIoTargetOpen(target, open));
    expect(rig.run(() => wdf.WdfRequestChangeTarget(request, target))).toBe(NtStatus.RequestNotAccepted);
  });
});

describe("WdfRequestSetCompletionRoutine", () => {
  it("K-161 the routine is called once; none takes it away", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const request = rig.makeRead();
    rig.run(() => wdf.WdfRequestSetCompletionRoutine(request, null));
    rig.sendIt(request);
    rig.expect("below: read 0");
  });

  it("K-050 completion routines never run under a framework callback lock: one runs while a handler has the device's", () => {
    const deviceAttributes = { synchronizationScope: wdf.WdfSynchronizationScope.Device };
    const handler = (): void => {
      rig.say("> EvtIoRead");
      rig.answer();
      rig.say("< EvtIoRead");
    };
    const rig: TargetRig = new TargetRig({ deviceAttributes, queue: { evtIoRead: handler } });
    rig.sendIt(rig.makeRead());
    rig.sendRead(1);
    const [below, begins, back, ends] = rig.lines.splice(0);
    expect([below, begins, ends]).toEqual(["below: read 0", "> EvtIoRead", "< EvtIoRead"]);
    expect(back).toMatch(/^back /);
  });

  it("the routine gets request, target, parameters and context", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success, information: 2 } });
    const request = rig.makeRead();
    const seen: unknown[] = [];
    const routine: wdf.EvtRequestCompletionRoutine = (...args) => void seen.push(...args);
    rig.run(() => wdf.WdfRequestSetCompletionRoutine(request, routine, 42));
    rig.sendIt(request);
    expect(seen).toEqual([request, rig.target, expect.objectContaining({ type: wdf.WdfRequestType.Read }), 42]);
    rig.expect("below: read 0");
  });
});

describe("WdfRequestFormatRequestUsingCurrentType", () => {
  it("K-156 with no IRP stops with 0x10D/0x6/0x2", () => {
    const rig = new TargetRig();
    const request = rig.make();
    const stop = () => wdf.WdfRequestFormatRequestUsingCurrentType(request);
    rig.expectStop(stop, WdfViolation.RequestFatalError, RequestFatalError.NullIrp, request);
  });
});

describe("WdfRequestWdmFormatUsingStackLocation", () => {
  it("the device below gets this stack location", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const request = rig.receive();
    rig.run(() => {
      const location = { majorFunction: wdf.WdfRequestType.Write, length: 33, byteOffset: 512 };
      wdf.WdfRequestWdmFormatUsingStackLocation(request, location);
      wdf.WdfRequestSetCompletionRoutine(request, rig.back);
    });
    rig.sendIt(request);
    rig.expect("below: write 33 at 512", "back r1 STATUS_SUCCESS 0");
  });
});

describe("WdfRequestGetCompletionParams", () => {
  it("is what the request came back with, if a target has formatted it", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success, information: 2 } });
    const request = rig.makeRead();
    rig.sendIt(request);
    const params = rig.run(() => wdf.WdfRequestGetCompletionParams(request));
    expect(params).toMatchObject({ type: wdf.WdfRequestType.Read, ioStatus: { status: 0, information: 2 }, parameters: { length: 2 } });
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 2");
  });

  it("undefined, with a break, for a request formatted with its current type", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    rig.sendOn(rig.receive());
    expect(rig.run(() => wdf.WdfRequestGetCompletionParams(rig.request))).toBeUndefined();
    rig.expectFindings(FindingId.NoCompletionParams);
    rig.expect("below: read 4", "back r1 STATUS_SUCCESS 0");
  });
});
