// A request comes back from its target.
//
//   step       what happens                                                   source: FxIoTarget::RequestCompletionRoutine
//   ────────── ──────────────────────────────────────────────────────────────
//   Arrive     status and information are the IRP's; whoever cancels the request at this moment goes on with it later
//   Leave      off the target's ring; STATUS_CANCELLED by a timer becomes STATUS_IO_TIMEOUT; the completion parameters
//   Routine    the completion routine, once; a synchronous send is told
//   Release    the target lets the request go; whoever waits for sent requests is woken
//
// Source: fxiotarget.cpp, FxRequestBase::CompleteSubmitted.

import { CompletionWord, WDF_REQUEST_TYPE_NO_FORMAT } from "../abi/target";
import { EventKind, RoutineKind } from "../abi/event";
import { RequestBits } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Frame, Step } from "../nt/frame";
import { emit } from "../nt/ring";
import { setWord } from "../nt/scratch";
import { callFrame } from "./calls";
import { endOfLife } from "./completion";
import { FrameKind } from "./frames";
import { call } from "./invoke";
import { Request, extend, informationOf, request } from "./request";
import { Sending, SendingFlag, cancelTimer, prepare } from "./sending";
import { leaveCount, leaveTarget, letGo, signalTarget, targetAt } from "./target";
import { ReturnFrame } from "./target-frames";
import { finishSync } from "./target-sync";

/** What was sent is back from below: `leg` is the request that went there, about to be freed. */
export function callReturn(r: Request, leg: Request, status: NtStatus, information: u32): void {
  emit(EventKind.IrpReturned, 0, leg.handle, r.handle, status);
  if (leg.has(RequestBits.IrpCanceled)) r.set(RequestBits.IrpCanceled); // it is one IRP: Irp->Cancel
  callBack(r, status, information);
}

/** The same for a request that never reached the device below. */
export function callBack(r: Request, status: NtStatus, information: u32): void {
  const s = prepare(r);
  s.leg = 0;
  s.status = status;
  if (information != informationOf(r)) extend(r).information = information;
  pushReturn(r, s, ReturnStep.Arrive);
}

/** CompleteCanceledRequest: it came back while it was being cancelled, and that is over. */
export function callDeferredReturn(r: Request): void {
  pushReturn(r, prepare(r), ReturnStep.Leave);
}

function pushReturn(r: Request, s: Sending, step: ReturnStep): void {
  const f = callFrame<ReturnFrame>(FrameKind.TargetReturn);
  f.address = changetype<usize>(r);
  f.target = s.target;
  f.signals = 0;
  f.step = step;
}

enum ReturnStep {
  Arrive = 0,
  Leave = 1,
  Routine = 2,
  Release = 3,
  Last = 4,
}

export function stepReturn(frame: Frame): Step {
  const f = changetype<ReturnFrame>(frame);
  const r = request(f.address);
  switch (f.step) {
    case ReturnStep.Arrive: {
      const s = prepare(r);
      s.set(SendingFlag.Completed);
      if (!cancelTimer(s) || --s.references != 0) return Step.Done;
      f.step = ReturnStep.Leave;
      return Step.Again;
    }
    case ReturnStep.Leave:
      return leave(f, r, prepare(r));
    case ReturnStep.Routine:
      f.step = ReturnStep.Release;
      if (f.waiter != 0) finishSync(f.waiter, f.status);
      return Step.Again;
    case ReturnStep.Release:
      f.step = ReturnStep.Last;
      if (letGo(r)) endOfLife(r);
      return Step.Again;
    default:
      if (f.signals != 0) signalTarget(targetAt(f.target));
      leaveCount(targetAt(f.target));
      return Step.Done;
  }
}

function leave(f: ReturnFrame, r: Request, s: Sending): Step {
  f.step = ReturnStep.Routine;
  if (s.has(SendingFlag.CancelledFromTimer) && s.status == NtStatus.Cancelled) s.status = NtStatus.IoTimeout;
  f.signals = leaveTarget(targetAt(f.target), s) ? 1 : 0;
  s.clear(SendingFlag.Formatted);
  if (s.has(SendingFlag.HasContext)) {
    s.resultStatus = s.status;
    s.resultInformation = informationOf(r);
  }
  f.status = s.status;
  f.waiter = s.waiter;
  s.waiter = 0;
  const routine = s.routine;
  if (routine == 0) return Step.Again;
  const context = s.context;
  s.routine = 0;
  s.context = 0;
  writeParams(s, s.has(SendingFlag.HasContext), s.status, informationOf(r));
  return call(f, RoutineKind.RequestCompletion, routine, targetAt(f.target).handle, r.handle, context, 0, 0);
}

/** WDF_REQUEST_COMPLETION_PARAMS: of a request that no target has formatted only the status is known. */
export function writeParams(s: Sending, formatted: bool, status: NtStatus, information: u32): void {
  setWord(CompletionWord.Type, formatted ? s.type : WDF_REQUEST_TYPE_NO_FORMAT);
  setWord(CompletionWord.Status, status);
  setWord(CompletionWord.Information, information);
  setWord(CompletionWord.Memory, formatted ? s.memory : 0);
  setWord(CompletionWord.Length, formatted ? information : 0);
  setWord(CompletionWord.Offset, formatted ? s.memoryOffset : 0);
  setWord(CompletionWord.Code, formatted ? s.code : 0);
  setWord(CompletionWord.InputMemory, formatted ? s.inputMemory : 0);
  setWord(CompletionWord.InputOffset, formatted ? s.inputOffset : 0);
}
