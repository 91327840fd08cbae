// Stop, purge, close and removal of an I/O target, and its start.
//
//   operation                what waits in the target              what is out                        waits
//   ──────────────────────── ───────────────────────────────────── ────────────────────────────────── ─────────────────
//   Stop(CancelSentIo)       stays                                 cancelled, but for `ignored`       for `sent`
//   Stop(WaitForSentIo...)   stays                                 left alone                         for `sent`
//   Stop(LeaveSentIoPending) stays                                 left alone                         no
//   Purge                    completed DEVICE_REMOVED_NOT_SENT     cancelled, but for `ignored`       if asked to
//   Close, delete, removal   completed DEVICE_REMOVED_NOT_SENT     all cancelled                      for all of it
//   Start                    sent on, oldest first                 -                                  for a stop
//
// Source: FxIoTarget::GotoStopState, GotoPurgeState, GotoRemoveState, GotoStartState, SubmitPendedRequest.

import { WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { NtStatus } from "../abi/status";
import { WdfIoTargetPurgeIoAction, WdfIoTargetSentIoAction, WdfIoTargetState } from "../abi/target";
import { Frame, Step } from "../nt/frame";
import { Links } from "../nt/links";
import { currentThread, park } from "../nt/thread";
import { answer, callFrame } from "./calls";
import { endOfLife } from "./completion";
import { FrameKind } from "./frames";
import { hold, unhold } from "./request";
import { Sending, SendingFlag, cancelTimer, sendingAt } from "./sending";
import { SubmitAction, Target, letGo, submit, targetAt } from "./target";
import { cancelSent, failPended } from "./target-cancel";
import { TargetFrame } from "./target-frames";
import { callBack } from "./target-return";
import { callDown } from "./target-send";
import { breakPoint } from "./verifier";

/** WdfIoTargetStop */
export function stopTarget(t: Target, action: WdfIoTargetSentIoAction): void {
  if (t.state == (WdfIoTargetState.Started as u32) || t.state == (WdfIoTargetState.Purged as u32)) {
    t.state = WdfIoTargetState.Stopped;
  }
  const f = begin(t);
  let waits = false;
  if (action != WdfIoTargetSentIoAction.LeaveSentIoPending) {
    waits = !t.sent.isEmpty || t.waiting != 0;
    if (action == WdfIoTargetSentIoAction.CancelSentIo) f.sent = captured(t.sent, 0);
  }
  setWaiting(t, f, waits);
}

/** WdfIoTargetPurge */
export function purgeTarget(t: Target, action: WdfIoTargetPurgeIoAction): void {
  if (t.state == (WdfIoTargetState.Started as u32) || t.state == (WdfIoTargetState.Stopped as u32)) {
    t.state = WdfIoTargetState.Purged;
  }
  const f = begin(t);
  f.pended = takePended(t, false);
  const out = !t.sent.isEmpty;
  f.sent = captured(t.sent, 0);
  let waits = false;
  if (action == WdfIoTargetPurgeIoAction.PurgeIoAndWait) {
    waits = out || t.waiting != 0;
    if (!out && t.waiting != 0) breakPoint(FindingId.TargetBusy, t.handle, 0);
  }
  setWaiting(t, f, waits);
}

/** GotoRemoveState and what follows it: closes the target, or deletes it. */
export function removeTarget(t: Target, state: WdfIoTargetState): void {
  const f = begin(t);
  f.step = StopStep.Remove;
  f.x = state;
  f.removes = state == WdfIoTargetState.Deleted ? 1 : 0;
}

function begin(t: Target): TargetFrame {
  const f = callFrame<TargetFrame>(FrameKind.TargetStop);
  f.target = changetype<usize>(t);
  f.pended = 0;
  f.sent = 0;
  f.current = 0;
  f.waits = 0;
  f.removes = 0;
  return f;
}

function setWaiting(t: Target, f: TargetFrame, waits: bool): void {
  t.waiting = waits ? 1 : 0;
  t.signaled = waits ? 0 : 1;
  f.waits = t.waiting;
}

/** Chains the requests of a ring, in order, in front of `then`. Each is held until it has been cancelled. */
function captured(ring: Links, then: usize): usize {
  let first = then;
  for (let node = ring.prev; node != ring; node = node.prev) {
    const s = changetype<Sending>(node);
    hold(s.request);
    s.drain = first;
    first = changetype<usize>(s);
  }
  return first;
}

/** DrainPendedRequestsLocked: takes everything out that waits in the target, oldest first. */
function takePended(t: Target, resends: bool): usize {
  let first: usize = 0;
  let last: usize = 0;
  while (!t.pended.isEmpty) {
    const s = changetype<Sending>(t.pended.next);
    s.unlink();
    s.reset();
    s.clear((SendingFlag.Pended as u32) | SendingFlag.SentToTarget);
    s.drain = 0;
    if (resends && !cancelTimer(s)) {
      s.status = NtStatus.Cancelled; // its timeout has come: the DPC completes it
      s.set(SendingFlag.Completed);
      continue;
    }
    if (last == 0) first = changetype<usize>(s);
    else sendingAt(last).drain = changetype<usize>(s);
    last = changetype<usize>(s);
  }
  return first;
}

enum StopStep {
  Pended = 0,
  Sent = 1,
  Cancelled = 2,
  Wait = 3,
  End = 4,
  Remove = 5,
}

export function stepTargetStop(frame: Frame): Step {
  const f = changetype<TargetFrame>(frame);
  const t = targetAt(f.target);
  switch (f.step) {
    case StopStep.Remove:
      return remove(f, t);
    case StopStep.Pended:
      return failNext(f);
    case StopStep.Sent:
      return cancelNext(f);
    case StopStep.Cancelled: {
      f.step = StopStep.Sent;
      const r = sendingAt(f.current).request;
      if (unhold(r)) endOfLife(r);
      return Step.Again;
    }
    case StopStep.Wait:
      return wait(f, t);
    default: {
      if (f.waits != 0 && f.removes == 0) t.waiting = 0;
      return Step.Done;
    }
  }
}

function failNext(f: TargetFrame): Step {
  if (f.pended == 0) {
    f.step = StopStep.Sent;
    return Step.Again;
  }
  const s = sendingAt(f.pended);
  f.pended = s.drain;
  s.drain = 0;
  failPended(s.request, NtStatus.WdfDeviceRemovedNotSent);
  return Step.Again;
}

function cancelNext(f: TargetFrame): Step {
  if (f.sent == 0) {
    f.step = StopStep.Wait;
    return Step.Again;
  }
  const s = sendingAt(f.sent);
  f.current = f.sent;
  f.sent = s.drain;
  s.drain = 0;
  f.step = StopStep.Cancelled;
  cancelSent(s.request);
  return Step.Again;
}

function wait(f: TargetFrame, t: Target): Step {
  const out = (f.waits != 0 && t.signaled == 0) || (f.removes != 0 && t.ioCount > 1);
  if (out) return parkAt(t);
  f.step = StopStep.End;
  return Step.Again;
}

function parkAt(t: Target): Step {
  park(WaitReason.SentRequestsToComplete, t.handle);
  t.waiters.append(currentThread());
  return Step.Yield;
}

function remove(f: TargetFrame, t: Target): Step {
  if (t.waiting != 0) return parkAt(t);
  f.step = StopStep.Pended;
  t.state = f.x;
  f.pended = takePended(t, false);
  const out = !t.sent.isEmpty || !t.ignored.isEmpty;
  f.sent = captured(t.sent, captured(t.ignored, 0));
  t.removing = out ? 1 : 0;
  t.signaled = out ? 0 : 1;
  f.waits = t.removing;
  return Step.Again;
}

/** WdfIoTargetStart, and the end of WdfIoTargetOpen. */
export function startTarget(t: Target): void {
  const f = callFrame<TargetFrame>(FrameKind.TargetStart);
  f.target = changetype<usize>(t);
  f.pended = 0;
}

enum StartStep {
  Begin = 0,
  Resend = 1,
}

export function stepTargetStart(frame: Frame): Step {
  const f = changetype<TargetFrame>(frame);
  const t = targetAt(f.target);
  if (f.step == (StartStep.Begin as u32)) {
    if (t.state == (WdfIoTargetState.Deleted as u32)) {
      answer(f, NtStatus.InvalidDeviceState);
      return Step.Done;
    }
    if (t.waiting != 0) return parkAt(t);
    f.step = StartStep.Resend;
    t.state = WdfIoTargetState.Started;
    t.signaled = 0;
    f.pended = takePended(t, true);
    return Step.Again;
  }
  if (f.pended == 0) {
    answer(f, NtStatus.Success);
    return Step.Done;
  }
  const s = sendingAt(f.pended);
  f.pended = s.drain;
  s.drain = 0;
  resend(t, s);
  return Step.Again;
}

/** SubmitPendedRequest: the same way again as WdfRequestSend took. A refusal completes the request. */
function resend(t: Target, s: Sending): void {
  const r = s.request;
  s.references = 0;
  const action = submit(t, r, s, 0);
  if (action == SubmitAction.Refused) {
    s.references = 1;
    callBack(r, s.status, 0);
    return;
  }
  t.ioCount--;
  letGo(r);
  if (action == SubmitAction.Send) callDown(t, r, s);
}
