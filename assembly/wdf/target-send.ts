// Sending a request on: to the default target, a remote one, or to be forgotten.
//
//   WdfRequestSend ─▶ submit (target.ts) ─▶ Send ─▶ callDown ─▶ a device of the framework   arrival.ts
//                            │                         └──────▶ any other driver           lower.ts
//                            ├─▶ Queued: waits in the target until WdfIoTargetStart
//                            └─▶ Refused: FALSE, WdfRequestGetStatus says why
//
// What goes down is a request of its own, the leg: the IRP's next stack location, with the device below as its owner.
//
// Send and forget: EvtCleanup, the leg takes the IRP over, goes down, and then the request is gone: off its queue, which
// may present the next, and EvtDestroy.
//
// Source: WdfRequestSend, FxRequest::PreProcessSendAndForget, PostProcessSendAndForget.

import { EventKind } from "../abi/event";
import { FindingId } from "../abi/finding";
import { MAJOR_SHIFT, RequestBits, RequestPlace } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfRequestType } from "../abi/wdf";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { isStopped, verifierOn } from "../nt/system";
import { answer, callFrame, callLoopGuarded } from "./calls";
import { callArrival } from "./arrival";
import { conclude, disposeRequest, leaveCancelRings } from "./completion";
import { Device, deviceAt, deviceOf } from "./device";
import { hasClass } from "./file";
import { FrameKind } from "./frames";
import { callLower } from "./lower";
import { destroyChildren } from "./object-life";
import { disown, queueAt } from "./queue";
import { Extension, Request, createRequest, extend, hold, informationOf, request } from "./request";
import { Sending, SendingFlag, copyLocation, prepare } from "./sending";
import { SubmitAction, Target, defaultTarget, submit, targetAt } from "./target";
import { SendFrame } from "./target-frames";
import { callBack } from "./target-return";
import { breakPoint } from "./verifier";

/** Bits of an IRP that its next stack location shares. */
const SHARED_BITS: u32 = (RequestBits.KernelMode as u32) | RequestBits.Paging | RequestBits.IrpCanceled;

/** An asynchronous send. True when the target has taken it: it is on its way, or waits for the target to be started. */
export function sendOn(t: Target, r: Request, s: Sending, flags: u32): bool {
  const action = submit(t, r, s, flags);
  if (action == SubmitAction.Send) {
    const f = callFrame<SendFrame>(FrameKind.Send);
    f.step = SendStep.Last;
    f.x = 1;
    callDown(t, r, s);
  }
  return action != SubmitAction.Refused && !isStopped();
}

/** IoCallDriver. */
export function callDown(t: Target, r: Request, s: Sending): void {
  const at = makeLeg(r, s);
  if (at == 0) {
    callBack(r, NtStatus.InsufficientResources, 0);
    return;
  }
  const leg = request(at);
  s.leg = at;
  const extension = extend(leg);
  extension.above = changetype<usize>(r);
  leg.set(RequestBits.Attached);
  emit(EventKind.IrpSent, 0, leg.handle, r.handle, t.handle);
  enterBelow(t, leg);
}

/** The request that goes down, with the next stack location's parameters. */
function makeLeg(r: Request, s: Sending): usize {
  const at = createRequest((s.major << MAJOR_SHIFT) | (r.bits & SHARED_BITS), s.length, r.file);
  if (at == 0) return 0;
  const extension = extend(request(at));
  extension.information = informationOf(r);
  extension.inputLength = s.inputLength;
  extension.ioctlCode = s.code;
  extension.offsetLow = s.offsetLow;
  extension.offsetHigh = s.offsetHigh;
  extension.key = changetype<Extension>(r.extension).key;
  extension.status = s.status;
  extension.sender = changetype<Extension>(r.extension).sender;
  return at;
}

function enterBelow(t: Target, leg: Request): void {
  const owner = deviceAt(t.remote == 0 ? t.device : t.lower);
  const below = t.remote == 0 ? owner.lowerDevice : t.below;
  if (below != 0) callArrival(deviceAt(below), leg);
  else callLower(owner, leg);
}

/** WdfDeviceEnqueueRequest of what a filter has no queue for. */
export function forgetDown(d: Device, r: Request): void {
  forget(targetAt(defaultTarget(d)), r, prepare(r), NtStatus.Success);
}

/** Send and forget, once the DDI has made its checks. `result`: what it answers. */
export function forget(t: Target, r: Request, s: Sending, result: u32): void {
  if (verifierOn() && s.routine != 0) breakPoint(FindingId.ForgetWithRoutine, r.handle, t.handle);
  if (verifierOn() && isCreateWithFile(r)) breakPoint(FindingId.ForgetCreate, r.handle, t.handle);
  const f = callFrame<SendFrame>(FrameKind.Send);
  f.address = changetype<usize>(r);
  f.target = changetype<usize>(t);
  f.queue = r.queue;
  f.place = r.place;
  f.x = result;
}

/** Nobody would see the create fail, and its WDFFILEOBJECT would stay. */
function isCreateWithFile(r: Request): bool {
  if (r.major != (WdfRequestType.Create as u32)) return false;
  const device = deviceOf(r);
  return device != 0 && hasClass(deviceAt(device));
}

/** A plain send is at Last from the start: the device's answer ends up in this frame, and not in the DDI's result. */
enum SendStep {
  CleanUp = 0,
  CleanedUp = 1,
  Send = 2,
  Sent = 3,
  Last = 4,
}

export function stepSend(frame: Frame): Step {
  const f = changetype<SendFrame>(frame);
  const r = request(f.address);
  switch (f.step++) {
    case SendStep.CleanUp: {
      if (!disposeRequest(r)) f.step = SendStep.Send;
      return Step.Again;
    }
    case SendStep.CleanedUp: {
      destroyChildren(f.address);
      return Step.Again;
    }
    case SendStep.Send:
      return sendForgotten(f, r);
    case SendStep.Sent: {
      leaveQueue(f, r);
      return Step.Again;
    }
    default:
      answer(f, f.x);
      return Step.Done;
  }
}

/** The leg takes over what the request was to its sender. */
function sendForgotten(f: SendFrame, r: Request): Step {
  const s = prepare(r);
  const extension = changetype<Extension>(r.extension);
  if (!s.has(SendingFlag.NextFormatted)) {
    copyLocation(r, s);
  }
  const at = makeLeg(r, s);
  if (at == 0) return Step.Again;
  const leg = request(at);
  const above = extension.above;
  extend(leg).above = above;
  leg.set(RequestBits.Attached);
  if (above == 0) emit(EventKind.IrpTakenOver, 0, r.handle, leg.handle, 1);
  else {
    prepare(request(above)).leg = at;
    emit(EventKind.IrpSent, 0, leg.handle, request(above).handle, changetype<Target>(f.target).handle);
  }
  extension.above = 0;
  enterBelow(changetype<Target>(f.target), leg);
  return Step.Again;
}

/** What a completion does to the queue, without a completion. */
function leaveQueue(f: SendFrame, r: Request): void {
  hold(r);
  r.place = RequestPlace.Gone;
  if (f.place == (RequestPlace.Owned as u32)) {
    const q = queueAt(f.queue);
    disown(q, r);
    leaveCancelRings(q, r);
    if (!r.has(RequestBits.Reserved)) r.queue = 0;
    r.clear(RequestBits.VerifierOwned);
    if (q.dispatching == 0) callLoopGuarded(q);
  }
  conclude(r);
}
