// References on an object of any kind.
//
// An object is born with one, which its deletion drops; whoever drops the last one destroys it (object-life.ts). An I/O
// request counts what is beyond its first one, apart from those the framework holds while a callback runs
// (request.ts): the first one is not the driver's to drop.
//
// Source: FxObject::AddRef, Release, FinalRelease.

import { WdfViolation } from "../abi/bugcheck";
import { ObjectKind } from "../abi/request";
import { violation } from "../nt/stop";
import { endOfLife } from "./completion";
import { kindOf, objectAt } from "./object";
import { destroyUnreferenced } from "./object-life";
import { isReferencedByDriver, reference, release, request } from "./request";

/** Keeps an object until {@link dereferenceObject}. */
export function referenceObject(entry: usize): void {
  if (kindOf(entry) == (ObjectKind.Request as u32)) reference(request(entry));
  else objectAt(entry).references++;
}

/** Drops a reference; pushes what it takes when it was the last. */
export function dereferenceObject(entry: usize): void {
  if (kindOf(entry) != (ObjectKind.Request as u32)) {
    if (--objectAt(entry).references == 0) destroyUnreferenced(entry);
    return;
  }
  const r = request(entry);
  if (!isReferencedByDriver(r)) violation(WdfViolation.ObjectError, r.handle, 0);
  else if (release(r)) endOfLife(r);
}
