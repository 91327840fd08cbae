// Cancelling a request that was sent.
//
//   the request                     WdfRequestCancelSentRequest, stop, purge          IoCancelIrp by the application
//   ─────────────────────────────── ───────────────────────────────────────────────── ──────────────────────────────
//   is not out                      marked: it cannot be sent until reuse; FALSE      -
//   waits in a stopped target       completed STATUS_CANCELLED; TRUE                  the same
//   is with a device below          IoCancelIrp of the leg                            the same
//
// While a driver cancels, one more reference keeps the request from being completed under its hands: when it comes back
// meanwhile, it is completed here, after the cancel routine below has returned.
//
// A timeout does the same from its DPC; who finds the request back then reports STATUS_IO_TIMEOUT.
//
// Source: FxRequestBase::Cancel, FxIoTarget::TimerCallback, FxIoTarget::_RequestCancelled, CompleteCanceledRequest.

import { RequestBits } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Frame, Step } from "../nt/frame";
import { answer, callFrame } from "./calls";
import { cancelIrp } from "./cancel";
import { FrameKind } from "./frames";
import { Request, extend, request } from "./request";
import { SendingFlag, prepare, sendingAt, sendingOf } from "./sending";
import { SendFrame } from "./target-frames";
import { callBack, callDeferredReturn } from "./target-return";

/** FxRequestBase::Cancel: pushes a frame whose answer is 1 when somebody was there to be asked. False: nothing pushed. */
export function cancelSent(r: Request): bool {
  r.set(RequestBits.Canceled);
  const at = sendingOf(r);
  if (at == 0 || sendingAt(at).references == 0) return false;
  sendingAt(at).references++;
  const f = callFrame<SendFrame>(FrameKind.CancelSent);
  f.address = changetype<usize>(r);
  f.place = 0;
  return true;
}

export function stepCancelSent(frame: Frame): Step {
  const f = changetype<SendFrame>(frame);
  const r = request(f.address);
  if (f.step == 0) {
    f.step = 1;
    f.place = cancelIrp(r) ? 1 : 0;
    return Step.Again;
  }
  if (f.step == 1) {
    f.step = 2;
    answer(f, f.place);
    if (--prepare(r).references == 0) callDeferredReturn(r);
    return Step.Again;
  }
  return Step.Done;
}

/** FxIoTarget::TimerCallback: the DPC of a timeout. The frame's operand is the request. */
export function stepTimeout(frame: Frame): Step {
  const f = changetype<SendFrame>(frame);
  if (f.step == 2) return Step.Done; // the request may be gone
  const r = request(f.address);
  const s = prepare(r);
  if (f.step == 0) {
    f.step = 1;
    s.clear(SendingFlag.TimerSet);
    if (s.has(SendingFlag.Completed)) return Step.Again;
    s.set(SendingFlag.CancelledFromTimer);
    s.references++;
    cancelSent(r);
    return Step.Again;
  }
  f.step = 2;
  if (--s.references != 0) return Step.Done;
  if (s.status == NtStatus.Cancelled) s.status = NtStatus.IoTimeout;
  callDeferredReturn(r);
  return Step.Again;
}

/** IoCancelIrp of a request that is out. True when somebody reacts. */
export function cancelOut(r: Request): bool {
  const s = prepare(r);
  if (s.has(SendingFlag.Pended)) {
    s.clear(SendingFlag.Pended);
    s.unlink();
    s.reset();
    callBack(r, NtStatus.Cancelled, 0);
    return true;
  }
  return s.leg != 0 && cancelIrp(request(s.leg));
}

/** IoStatus of a request that never reached the device below. */
export function failPended(r: Request, status: NtStatus): void {
  extend(r).information = 0;
  callBack(r, status, 0);
}
