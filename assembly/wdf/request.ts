// A request, from the moment an IRP arrives until it goes back to its sender.
//
// The record is the table entry itself: 32 bytes hold all that an ordinary read or write needs. What only some
// requests have (ioctl parameters, a cancel routine, references) lies in an extension, made when first needed.
//
//   entry       handle │ next │ prev │ bits │ queue │ length │ file │ extension
//   bits        abi/request.ts: kind, place, major function, single facts
//
// Where a request may go (places as in abi/request.ts):
//
//   arrival ─▶ Transit ─▶ Owned ◀──────────┐             presented directly, or picked from the queue
//                │  │                      │
//                │  └──▶ Queued ───────────┤             back by Requeue or StopAcknowledge(TRUE), on by Forward
//                │                         │
//                └──▶ Caller ─▶ Queued …   │             EvtIoInCallerContext, then WdfDeviceEnqueueRequest
//                                          ▼
//                               completion ─▶ (Gone while references last) ─▶ the entry is free
//
// A request that is sent on stays where it is; what the device below gets is another request, whose `above` it is. When
// that device is not the framework's, the request below is in the place Below.
//
// Only the functions in this file change `place`.

import { MAJOR_MASK, MAJOR_SHIFT, ObjectKind, PLACE_MASK, RequestBits, RequestPlace } from "../abi/request";
import { WdfRequestType } from "../abi/wdf";
import { Links } from "../nt/links";
import { allocateSlab, clear } from "../nt/memory";
import { system } from "../nt/system";
import { Entry, freeEntry, lookup, takeEntry } from "../nt/table";
import { freeLife } from "./object";

@unmanaged
export class Request extends Entry {
  /** The queue it is in or was last delivered by; 0 before the first and after completion. */
  queue: usize;
  /** Read or write length; output buffer length of an ioctl. */
  length: u32;
  /** Handle of the file object of its IRP, or 0. */
  file: u32;
  extension: usize;

  @inline get place(): u32 {
    return this.bits & PLACE_MASK;
  }

  @inline set place(place: u32) {
    this.bits = (this.bits & ~PLACE_MASK) | place;
  }

  @inline get major(): u32 {
    return (this.bits & MAJOR_MASK) >> MAJOR_SHIFT;
  }

  @inline has(bits: u32): bool {
    return (this.bits & bits) != 0;
  }

  @inline set(bits: u32): void {
    this.bits |= bits;
  }

  @inline clear(bits: u32): void {
    this.bits &= ~bits;
  }

  /** True for a read or write of no bytes: what AllowZeroLengthRequests is about. */
  get isZeroLengthTransfer(): bool {
    const major = this.major;
    return this.length == 0 && (major == (WdfRequestType.Read as u32) || major == (WdfRequestType.Write as u32));
  }
}

/** What only some requests have. */
@unmanaged
export class Extension extends Links {
  // `tag` is the request's address; the links are for the queue's cancel rings.
  information: u32;
  inputLength: u32;
  ioctlCode: u32;
  /** The host's callback for EvtRequestCancel; 0 once it has been called. */
  evtRequestCancel: u32;
  /** References beyond the one the request is born with, the framework's own included. */
  references: u32;
  /** How many of them the framework holds, for the time of a callback. */
  holds: u32;
  /** Serial number of the thread that sent the IRP; 0 stands for the application's. */
  sender: u32;
  /** The process of that thread; 0 stands for the application's. */
  senderProcess: u32;
  /** The device the IRP was sent to. */
  device: usize;
  /** The queue chosen on arrival, for WdfDeviceEnqueueRequest. */
  chosenQueue: usize;
  /** The queue a reserved request belongs to. */
  homeQueue: usize;
  /** Its Life (wdf/object.ts): children, contexts, their callbacks. 0 for most. */
  life: usize;
  priorityBoost: u32;
  /** What a driver that sends requests has to remember of it (sending.ts), or 0. */
  sending: usize;
  /** The request this one is the next stack location of: to it this one goes back. 0 for an IRP of an application. */
  above: usize;
  /** Place Below: 1 while the driver there has set a cancel routine. */
  cancelSet: u32;
  /** IRP_MN_*, 0 for reads and writes in general. */
  minor: u32;
  /** 1 while the driver has the IRP itself, from a preprocess or dispatch callback on. */
  raw: u32;
  /** 1 after IoSkipCurrentIrpStackLocation or IoCopyCurrentIrpStackLocationToNext. */
  stackSet: u32;
  /** IoStatus.Status */
  status: i32;
  /** Parameters.Read.DeviceOffset and Key, likewise for writes. */
  offsetLow: u32;
  offsetHigh: u32;
  key: u32;
  /** Bytes of the MDL the framework has made for the system buffer; 0 for none. */
  mdlLength: u32;
}

if (offsetof<Request>() != 32) ERROR("a request is 32 bytes");

/** The live request of a handle, or 0. */
export function requestOf(handle: u32): usize {
  return lookup(handle, ObjectKind.Request);
}

export function request(address: usize): Request {
  return changetype<Request>(address);
}

/** Makes a request for an IRP; 0 when the table is full. */
export function createRequest(bits: u32, length: u32, file: u32): usize {
  const at = takeEntry();
  if (at == 0) return 0;
  const r = request(at);
  r.bits = (ObjectKind.Request as u32) | (RequestPlace.Transit as u32) | bits;
  r.queue = 0;
  r.length = length;
  r.file = file;
  return at; // `extension` is 0 in every free entry
}

/** Forgets a request. It must be on no ring. */
export function freeRequest(r: Request): void {
  if (r.extension != 0) freeExtension(r);
  freeEntry(changetype<usize>(r));
}

function freeExtension(r: Request): void {
  const sending = changetype<Extension>(r.extension).sending;
  if (sending != 0) {
    store<usize>(sending, system.freeSendings);
    system.freeSendings = sending;
  }
  const life = changetype<Extension>(r.extension).life;
  if (life != 0) freeLife(life);
  store<usize>(r.extension, system.freeExtensions);
  system.freeExtensions = r.extension;
  r.extension = 0;
  r.clear(RequestBits.Extended);
}

/** The extension of a request, made now if it has none. */
export function extend(r: Request): Extension {
  if (r.extension != 0) return changetype<Extension>(r.extension);
  if (system.freeExtensions == 0) system.freeExtensions = allocateSlab(offsetof<Extension>());
  const at = system.freeExtensions;
  assert(at != 0); // the host is out of memory
  system.freeExtensions = load<usize>(at);
  clear(at, offsetof<Extension>());
  r.extension = at;
  r.set(RequestBits.Extended);
  const extension = changetype<Extension>(at);
  extension.tag = changetype<u32>(r);
  extension.reset();
  return extension;
}

/** The request an extension on a cancel ring belongs to. */
export function requestOfCancelNode(node: Links): Request {
  return changetype<Request>(node.tag);
}

/** IoStatus.Information as last set, 0 at birth. */
export function informationOf(r: Request): u32 {
  return r.extension == 0 ? 0 : changetype<Extension>(r.extension).information;
}

/** Keeps the handle valid until {@link release}. */
export function reference(r: Request): void {
  extend(r).references++;
  r.set(RequestBits.Attached);
}

/** True when one of the references is the driver's to drop. */
export function isReferencedByDriver(r: Request): bool {
  if (r.extension == 0) return false;
  const extension = changetype<Extension>(r.extension);
  return extension.references > extension.holds;
}

/** The framework keeps the handle valid while a callback runs, until {@link unhold}. */
export function hold(r: Request): void {
  reference(r);
  extend(r).holds++;
}

/** The callback has returned. True as {@link release}. */
export function unhold(r: Request): bool {
  extend(r).holds--;
  return release(r);
}

/** Drops a reference. True when it was the last one of a request that is over: see endOfLife in completion.ts. */
export function release(r: Request): bool {
  const extension = extend(r);
  extension.references--;
  if (extension.references != 0) return false;
  if ((extension.life | extension.sending | extension.above) == 0) r.clear(RequestBits.Attached);
  return r.place == (RequestPlace.Gone as u32);
}
