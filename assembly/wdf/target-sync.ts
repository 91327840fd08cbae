// A synchronous send: the request goes down, and the sender waits for it.
//
//   Begin ─▶ submit ─▶ refused: its status
//              ├─▶ Send: callDown ┐
//              └─▶ Queued ────────┴─▶ Wait ─▶ back? no: park; a timeout cancels the request, and then it waits again
//                                        └─▶ End: WdfRequestSend answers TRUE, WdfIoTargetSend... the request's status
//
// Source: FxIoTarget::SubmitSync, FxIoTarget::_SyncCompletionRoutine, fxsyncrequest.cpp.

import { WaitReason } from "../abi/event";
import { WdfRequestSendOption } from "../abi/target";
import { momentOfDueTime } from "../nt/clock";
import { Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { park, parkUntil, threadOf, wake } from "../nt/thread";
import { answer, callFrame } from "./calls";
import { endOfLife } from "./completion";
import { FrameKind } from "./frames";
import { releaseOwn } from "./request-create";
import { Request, hold, informationOf, request, unhold } from "./request";
import { Sending, SendingFlag, prepare } from "./sending";
import { SubmitAction, Target, dueTime, submit, targetAt } from "./target";
import { cancelSent } from "./target-cancel";
import { SyncFrame } from "./target-frames";
import { callDown } from "./target-send";

/** Sends and waits. `tells`: the status is the DDI's result; `own`: the request ends with the call. */
export function sendSync(t: Target, r: Request, flags: u32, tells: bool, own: bool): SyncFrame {
  const f = callFrame<SyncFrame>(FrameKind.SyncSend);
  f.address = changetype<usize>(r);
  f.target = changetype<usize>(t);
  f.done = 0;
  f.status = 0;
  f.tells = tells ? 1 : 0;
  f.own = own ? 1 : 0;
  f.x = flags;
  f.z = 0;
  const due = dueTime();
  f.timed = (flags & (WdfRequestSendOption.Timeout as u32)) != 0 && due != 0 ? 1 : 0;
  f.object = due as u32;
  f.request = ((due as u64) >> 32) as u32;
  hold(r);
  return f;
}

enum SyncStep {
  Begin = 0,
  Wait = 1,
  End = 2,
  Last = 3,
}

export function stepSync(frame: Frame): Step {
  const f = changetype<SyncFrame>(frame);
  const r = request(f.address);
  switch (f.step) {
    case SyncStep.Begin:
      return begin(f, r, prepare(r));
    case SyncStep.Wait: {
      if (f.done != 0) {
        f.step = SyncStep.End;
        return Step.Again;
      }
      return wait(f, r);
    }
    case SyncStep.End:
      return end(f, r);
    default:
      return Step.Done;
  }
}

/**
 * Parks; after a timeout it cancels the request, and then waits for as long as it takes. A relative timeout begins here, when
 * the driver below has returned.
 */
function wait(f: SyncFrame, r: Request): Step {
  if (f.timed == 0) {
    park(WaitReason.SynchronousSend, r.handle);
    return Step.Yield;
  }
  const thread = threadOf(f);
  if (f.z != 0 && thread.timedOut != 0) {
    f.timed = 0;
    prepare(r).set(SendingFlag.CancelledFromTimer);
    cancelSent(r);
    return Step.Again;
  }
  const word = (f.object as u64) | ((f.request as u64) << 32);
  const moment = f.z == 0 ? momentOfDueTime(word as i64) : word;
  f.z = 1;
  f.object = moment as u32;
  f.request = (moment >> 32) as u32;
  parkUntil(WaitReason.SynchronousSend, r.handle, moment);
  return Step.Yield;
}

function begin(f: SyncFrame, r: Request, s: Sending): Step {
  const t = targetAt(f.target);
  const before = s.waiter;
  s.waiter = changetype<usize>(f);
  const action = submit(t, r, s, f.x & ~(WdfRequestSendOption.Timeout as u32));
  if (action == SubmitAction.Refused) {
    s.waiter = before;
    f.status = s.status;
    f.y = 0;
    f.step = SyncStep.End;
    return Step.Again;
  }
  f.y = 1;
  f.step = SyncStep.Wait;
  if (action == SubmitAction.Send) callDown(t, r, s);
  return Step.Again;
}

function end(f: SyncFrame, r: Request): Step {
  system.out0 = informationOf(r);
  answer(f, f.tells != 0 ? f.status : f.y);
  f.step = SyncStep.Last;
  if (f.own != 0) releaseOwn(r);
  else if (unhold(r)) endOfLife(r);
  return Step.Again;
}

/** The request is back. */
export function finishSync(waiter: usize, status: i32): void {
  const f = changetype<SyncFrame>(waiter);
  f.done = 1;
  f.status = status;
  wake(threadOf(f));
}
