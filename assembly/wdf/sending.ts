// What is remembered of a request that a driver sends, or may send, to an I/O target.
//
//   request ─extension─▶ sending ─leg─▶ the request that the device below gets (its `above` is this one)
//                           │
//                           ├─ target          whose rings it is on (target.ts), while it is out
//                           ├─ the IRP         status, next stack location: major, lengths, code, offset
//                           ├─ format          WDFMEMORYs that are referenced until reuse, and the completion parameters
//                           └─ routine         called once when the request is back
//
// `references` is the framework's m_IrpCompletionReferenceCount: 1 while the request is out, one more while somebody
// cancels it; who takes it to 0 completes the request.
//
// Source: fxrequestbase.hpp, fxrequestbase.cpp, fxiotarget.hpp (FxIoContext).

import { RequestBits } from "../abi/request";
import { WDF_REQUEST_TYPE_NO_FORMAT } from "../abi/target";
import { Timer } from "../nt/clock";
import { disarm } from "../nt/deadline";
import { DeferredCall } from "../nt/deferred";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { system } from "../nt/system";
import { Extension, Request, extend, request } from "./request";

export enum SendingFlag {
  /** FX_REQUEST_PENDED: waits in a stopped target. */
  Pended = 1,
  /** FX_REQUEST_COMPLETED: back, and left to whoever cancels it. */
  Completed = 2,
  /** FX_REQUEST_TIMER_SET */
  TimerSet = 4,
  /** FX_REQUEST_CANCELLED_FROM_TIMER: STATUS_CANCELLED becomes STATUS_IO_TIMEOUT. */
  CancelledFromTimer = 8,
  /** FX_REQUEST_IGNORE_STATE */
  IgnoreState = 16,
  /** FXREQUEST_FLAG_FORMATTED */
  Formatted = 32,
  /** FXREQUEST_FLAG_SENT_TO_TARGET, kept by the verifier. */
  SentToTarget = 64,
  /** m_NextStackLocationFormatted */
  NextFormatted = 128,
  /** There is a format context: a target has formatted it. */
  HasContext = 256,
  /** There is an IRP. */
  HasIrp = 512,
  /** REQUEST_ALLOCATED_INTERNAL: made by WdfRequestCreate, the IRP is the framework's. */
  Internal = 1024,
  /** REQUEST_ALLOCATED_DRIVER: the IRP is the driver's. */
  External = 2048,
}

const FLAGS_OF_A_TRIP: u32 =
  (SendingFlag.Completed as u32) | SendingFlag.TimerSet | SendingFlag.CancelledFromTimer | SendingFlag.IgnoreState;

@unmanaged
export class Sending extends Links {
  // `tag` is the request's address; the links are for the rings of its target.
  target: usize;
  flags: u32;
  references: i32;
  leg: usize;
  /** The host's callback for the completion routine, 0 for none, and its context. */
  routine: u32;
  context: u32;
  /** The next stack location. */
  major: u32;
  length: u32;
  inputLength: u32;
  code: u32;
  offsetLow: u32;
  offsetHigh: u32;
  /** The WDFMEMORY of a read or write, or the output of a device control, and where in it the transfer begins. */
  memory: u32;
  memoryOffset: u32;
  inputMemory: u32;
  inputOffset: u32;
  /** The completion parameters: type, status, information. */
  type: u32;
  resultStatus: i32;
  resultInformation: u32;
  /** The next of those that a stop, purge or removal is about to cancel. */
  drain: usize;
  /** The frame of a synchronous send that waits for it. */
  waiter: usize;
  timerSlot: u32;
  timerKind: u32;
  timerDpc: usize;
  timerPeriod: u32;
  timerSignaled: u32;
  dpcKind: u32;
  dpcNext: u32;
  dpcPrev: u32;
  dpcTarget: usize;

  /** The timeout of an asynchronous send, and its DPC. */
  @inline get timer(): Timer {
    return changetype<Timer>(changetype<usize>(this) + offsetof<Sending>("timerSlot"));
  }
  @inline get dpc(): DeferredCall {
    return changetype<DeferredCall>(changetype<usize>(this) + offsetof<Sending>("dpcKind"));
  }

  @inline has(flags: u32): bool {
    return (this.flags & flags) != 0;
  }

  @inline set(flags: u32): void {
    this.flags |= flags;
  }

  @inline clear(flags: u32): void {
    this.flags &= ~flags;
  }

  /** IoStatus.Status of its IRP. */
  @inline get status(): i32 {
    return changetype<Extension>(this.request.extension).status;
  }
  @inline set status(status: i32) {
    changetype<Extension>(this.request.extension).status = status;
  }

  /** The request it belongs to. */
  @inline get request(): Request {
    return request(this.tag);
  }

  /** What RemoveCompletedRequestLocked clears. */
  @inline endTrip(): void {
    this.clear(FLAGS_OF_A_TRIP | SendingFlag.SentToTarget);
  }
}

/** The sending part of a request, 0 when it never was about to be sent. */
export function sendingOf(r: Request): usize {
  return r.extension == 0 ? 0 : changetype<Extension>(r.extension).sending;
}

export function sendingAt(address: usize): Sending {
  return changetype<Sending>(address);
}

/** The same, made now if there is none: a received request has its IRP. */
export function prepare(r: Request): Sending {
  const known = sendingOf(r);
  if (known != 0) return sendingAt(known);
  const extension = extend(r);
  if (system.freeSendings == 0) system.freeSendings = allocateSlab(offsetof<Sending>());
  const at = system.freeSendings;
  assert(at != 0); // the host is out of memory
  system.freeSendings = load<usize>(at);
  clear(at, offsetof<Sending>());
  const s = sendingAt(at);
  s.tag = changetype<u32>(r);
  s.reset();
  s.dpc.reset();
  s.flags = SendingFlag.HasIrp;
  s.type = WDF_REQUEST_TYPE_NO_FORMAT;
  extension.sending = at;
  r.set(RequestBits.Attached);
  return s;
}

/** True for a request that a queue presented (REQUEST_ALLOCATED_FROM_IO). */
export function isReceived(r: Request): bool {
  const at = sendingOf(r);
  return at == 0 || !sendingAt(at).has((SendingFlag.Internal as u32) | SendingFlag.External);
}

/** True while a target has the request. */
export function isSent(r: Request): bool {
  const at = sendingOf(r);
  return at != 0 && sendingAt(at).references != 0;
}

/** FxRequestBase::CancelTimer: false when the timeout has come, and its DPC is to complete the request. */
export function cancelTimer(s: Sending): bool {
  if (!s.has(SendingFlag.TimerSet)) return true;
  if (!disarm(s.timer)) return false;
  s.clear(SendingFlag.TimerSet);
  return true;
}

/** Copies the current stack location to the next one. */
export function copyLocation(r: Request, s: Sending): void {
  s.major = r.major;
  s.length = r.length;
  const extension = changetype<Extension>(r.extension);
  s.inputLength = extension.inputLength;
  s.code = extension.ioctlCode;
  s.offsetLow = extension.offsetLow;
  s.offsetHigh = extension.offsetHigh;
}
