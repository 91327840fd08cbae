// The end of an object: cleanup of the whole tree, children first, then its destruction.
//
//   WdfObjectDelete ─▶ out of its parent ─▶ Dispose ─▶ Destroy ─▶ gone
//                         │ parent is being disposed of: wait for it
//
//   Dispose, for each object: Dispose of its children in order of creation; what its kind does (a queue is purged, a timer
//   stopped); EvtCleanup of its contexts in order of addition.
//   Destroy: Destroy of its children in order; its first reference is dropped. Whoever drops the last one: EvtCleanup
//   where it has not run, and EvtDestroy, context by context; what its kind does; the handle is free.
//
// So every EvtCleanup of a tree runs before any EvtDestroy of it. An object that needs PASSIVE_LEVEL, or has a child that
// does, leaves the rest of its Dispose to a work item when it is deleted above; what was cleaned up before stays so.
//
// The last reference dropped without deletion finds a parent or children: callbacks, then the Stop WDF_OBJECT_ERROR.
//
// Source: fxobjectstatemachine.cpp (DeleteObject, DisposeChildrenWorker, PerformEarlyDispose, ParentDeleteEvent,
// DeferredDisposeWorkItem), FxObject::ProcessDestroy, FinalRelease; fxdisposelist.cpp.

import { WdfViolation } from "../abi/bugcheck";
import { EventKind, RoutineKind } from "../abi/event";
import { Irql } from "../abi/irql";
import { ObjectKind } from "../abi/request";
import { DeferredCall, queueCall, workItems } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { emit } from "../nt/ring";
import { violation } from "../nt/stop";
import { system } from "../nt/system";
import { Entry } from "../nt/table";
import { answer, callFrame } from "./calls";
import { FrameKind } from "./frames";
import { call } from "./invoke";
import {
  Life,
  ObjectFlag,
  ObjectState,
  freeObject,
  headerAt,
  kindOf,
  leaveParent,
  lifeAt,
  lifeOf,
  objectAt,
} from "./object";
import { DestroyFrame, DisposeFrame } from "./object-frames";
import { callKindDispose, callKindDisposed, stepKindDestroy } from "./object-kinds";
import { Extension, freeRequest, request } from "./request";

/** WdfObjectDelete, and its like in the framework: pushes what it takes. A second call does nothing. */
export function deleteObject(entry: usize): void {
  const life = lifeAt(lifeOf(entry));
  const state = life.state;
  life.flags |= ObjectFlag.DeleteCalled as u32;
  if (state == (ObjectState.Created as u32)) {
    if (leavesParent(life)) beginDispose(life, true, true);
    else life.state = ObjectState.WaitingForEarlyDispose;
  } else if (state == (ObjectState.Disposed as u32)) {
    if (leavesParent(life)) callDestroy(life);
    else life.state = ObjectState.WaitingForParent;
  }
}

/** RemoveChildObjectInternal: false when the parent is at its own end, and will see to its children. */
function leavesParent(life: Life): bool {
  if (life.parent == 0) return true;
  if (lifeAt(life.parent).state != (ObjectState.Created as u32)) return false;
  leaveParent(life);
  return true;
}

/** FxObject::EarlyDispose: cleanup now, deletion later (deleteObject), with the children destroyed in between. */
export function disposeEarly(entry: usize): void {
  const life = lifeAt(lifeOf(entry));
  if (life.state != (ObjectState.Created as u32)) return;
  if (!leavesParent(life)) {
    life.state = ObjectState.WaitingForEarlyDispose;
    return;
  }
  life.flags |= ObjectFlag.DisposedEarly as u32;
  beginDispose(life, false, true);
}

/** Destroys the children of an object that was disposed of early. */
export function destroyChildren(entry: usize): void {
  const life = lifeAt(lifeOf(entry));
  if (life.state == (ObjectState.Disposed as u32)) pushDestroy(life, DestroyStep.OnlyChildren);
}

function beginDispose(life: Life, deletes: bool, mayDefer: bool): void {
  const deferred = deletes ? ObjectState.DeferredDeleting : ObjectState.DeferredDisposing;
  if (mayDefer && mustDefer(life)) {
    defer(life, deferred);
    return;
  }
  life.state = deletes ? ObjectState.DeletedDisposing : ObjectState.Disposing;
  const f = callFrame<DisposeFrame>(FrameKind.ObjectDispose);
  f.life = changetype<usize>(life);
  f.mayDefer = mayDefer ? 1 : 0;
  f.deletes = deletes ? 1 : 0;
}

function mustDefer(life: Life): bool {
  return (life.flags & (ObjectFlag.PassiveDispose as u32)) != 0 && currentIrql() != (Irql.Passive as u32);
}

/** Leaves an object to the work item that disposes at PASSIVE_LEVEL (FxDisposeList). */
function defer(life: Life, state: ObjectState): void {
  life.state = state;
  const list = system.disposals;
  const item = changetype<DeferredCall>(system.disposalCall);
  if (list.isEmpty && item.isEmpty) queueCall(workItems(), item, FrameKind.DisposeList, 0);
  life.disposal.tag = changetype<u32>(life);
  list.append(life.disposal);
}

enum DisposeStep {
  Begin = 0,
  Children = 1,
  ChildDone = 2,
  Cleanup = 3,
  CleanedUp = 4,
  End = 5,
}

export function stepObjectDispose(frame: Frame): Step {
  const f = changetype<DisposeFrame>(frame);
  const life = lifeAt(f.life);
  switch (f.step) {
    case DisposeStep.Begin:
      if (currentIrql() != (Irql.Passive as u32) && hasPassiveChild(life)) return postpone(f, life);
      f.child = changetype<usize>(life.children.next);
      f.step = DisposeStep.Children;
      return Step.Again;
    case DisposeStep.Children:
      return disposeNextChild(f, life);
    case DisposeStep.ChildDone:
      if (f.result == 0) return postpone(f, life);
      f.step = DisposeStep.Children;
      return Step.Again;
    case DisposeStep.Cleanup:
      return cleanUpNext(f, life);
    case DisposeStep.CleanedUp:
      return disposed(f, life);
    default:
      if (f.mayDefer == 0) answer(f, 1);
      return Step.Done;
  }
}

function hasPassiveChild(life: Life): bool {
  for (let node = life.children.next; node != life.children; node = node.next) {
    if ((changetype<Life>(node).flags & (ObjectFlag.PassiveDispose as u32)) != 0) return true;
  }
  return false;
}

/** The rest needs PASSIVE_LEVEL: the outermost object is left to the work item, the others to the one above. */
function postpone(f: DisposeFrame, life: Life): Step {
  const state = f.deletes != 0 ? ObjectState.DeferredDeleting : ObjectState.DeferredDisposing;
  if (f.mayDefer != 0) {
    defer(life, state);
  } else {
    life.state = state;
    answer(f, 0);
  }
  return Step.Done;
}

function disposeNextChild(f: DisposeFrame, life: Life): Step {
  if (f.child == changetype<usize>(life.children)) {
    f.step = DisposeStep.Cleanup;
    f.header = life.firstContext;
    callKindDispose(life.entry);
    return Step.Again;
  }
  const child = lifeAt(f.child);
  f.child = changetype<usize>(child.next);
  const state = child.state;
  if (
    state != (ObjectState.Created as u32) &&
    state != (ObjectState.WaitingForEarlyDispose as u32) &&
    state != (ObjectState.DeferredDisposing as u32)
  ) {
    return Step.Again;
  }
  f.step = DisposeStep.ChildDone;
  beginDispose(child, false, false);
  return Step.Again;
}

/** CallCleanupCallbacks, one context at a time; then the object is disposed of. */
function cleanUpNext(f: DisposeFrame, life: Life): Step {
  while (f.header != 0) {
    const header = headerAt(f.header);
    const callback = header.evtCleanup;
    f.header = header.next;
    if (callback == 0) continue;
    header.evtCleanup = 0;
    return callObject(f, RoutineKind.ObjectCleanup, callback, life.entry);
  }
  f.step = DisposeStep.CleanedUp;
  callKindDisposed(life.entry);
  return Step.Again;
}

function disposed(f: DisposeFrame, life: Life): Step {
  f.step = DisposeStep.End;
  const both = (ObjectFlag.DisposedEarly as u32) | (ObjectFlag.DeleteCalled as u32);
  if (f.deletes != 0 || (life.flags & both) == both) callDestroy(life);
  else life.state = ObjectState.Disposed;
  return Step.Again;
}

function callObject(f: Frame, kind: RoutineKind, callback: u32, entry: usize): Step {
  const handle = changetype<Entry>(entry).handle;
  const isRequest = kindOf(entry) == (ObjectKind.Request as u32);
  return call(f, kind, callback, handle, isRequest ? handle : 0, 0, 0, 0);
}

enum DestroyStep {
  Children = 0,
  /** The first reference of the object goes. */
  Release = 1,
  /** No reference is left. */
  Last = 2,
  Contexts = 3,
  Body = 4,
  Free = 5,
  OnlyChildren = 6,
}

/** DeletedAndDisposedWorker */
function callDestroy(life: Life): void {
  life.state = ObjectState.Deleted;
  pushDestroy(life, DestroyStep.Children);
}

function pushDestroy(life: Life, step: DestroyStep): void {
  const f = callFrame<DestroyFrame>(FrameKind.ObjectDestroy);
  f.life = changetype<usize>(life);
  f.step = step;
}

/** FinalRelease: the last reference of the object has just been dropped. */
export function destroyUnreferenced(entry: usize): void {
  pushDestroy(lifeAt(lifeOf(entry)), DestroyStep.Last);
}

export function stepObjectDestroy(frame: Frame): Step {
  const f = changetype<DestroyFrame>(frame);
  const life = lifeAt(f.life);
  switch (f.step) {
    case DestroyStep.OnlyChildren:
      return destroyFirstChild(life) ? Step.Again : Step.Done;
    case DestroyStep.Children:
      if (!destroyFirstChild(life)) f.step = DestroyStep.Release;
      return Step.Again;
    case DestroyStep.Release:
      if (!dropFirstReference(life.entry)) return Step.Done;
      f.step = DestroyStep.Last;
      return Step.Again;
    case DestroyStep.Last:
      if (mustDefer(life)) {
        defer(life, ObjectState.DeferredDestroy);
        return Step.Done;
      }
      f.header = life.firstContext;
      f.step = DestroyStep.Contexts;
      return Step.Again;
    case DestroyStep.Contexts:
      return endNextContext(f, life);
    default:
      return destroyBody(life);
  }
}

/** ParentDeleteEvent of the oldest child. False when there is none. */
function destroyFirstChild(life: Life): bool {
  if (life.children.isEmpty) return false;
  const child = changetype<Life>(life.children.next);
  leaveParent(child);
  const state = child.state;
  if (state == (ObjectState.WaitingForParent as u32) || state == (ObjectState.Disposed as u32)) callDestroy(child);
  return true;
}

/** Drops the reference an object is born with; true when it was the last. */
function dropFirstReference(entry: usize): bool {
  if (kindOf(entry) == (ObjectKind.Request as u32)) {
    lifeAt(lifeOf(entry)).flags |= ObjectFlag.FirstReferenceGone as u32;
    return changetype<Extension>(request(entry).extension).references == 0;
  }
  return --objectAt(entry).references == 0;
}

function endNextContext(f: DestroyFrame, life: Life): Step {
  while (f.header != 0) {
    const header = headerAt(f.header);
    const cleanup = header.evtCleanup;
    if (cleanup != 0) {
      header.evtCleanup = 0;
      return callObject(f, RoutineKind.ObjectCleanup, cleanup, life.entry);
    }
    f.header = header.next;
    const destroy = header.evtDestroy;
    if (destroy == 0) continue;
    header.evtDestroy = 0;
    return callObject(f, RoutineKind.ObjectDestroy, destroy, life.entry);
  }
  f.step = DestroyStep.Body;
  return Step.Again;
}

/** SelfDestruct: what the kind has to give back, then the object itself. */
function destroyBody(life: Life): Step {
  const entry = life.entry;
  const handle = changetype<Entry>(entry).handle;
  if (stepKindDestroy(entry)) return Step.Again;
  if (life.parent != 0 || !life.children.isEmpty) {
    violation(WdfViolation.ObjectError, handle, 0);
    return Step.Done;
  }
  emit(EventKind.ObjectFreed, 0, handle, 0, 0);
  if (kindOf(entry) == (ObjectKind.Request as u32)) freeRequest(request(entry));
  else freeObject(entry);
  return Step.Done;
}

/** The work item that disposes of objects at PASSIVE_LEVEL: until the list is empty. */
export function stepDisposeList(_frame: Frame): Step {
  const list = system.disposals;
  if (list.isEmpty) return Step.Done;
  const node = list.next;
  node.unlink();
  node.reset();
  const life = lifeAt(node.tag as usize);
  if (life.state == (ObjectState.DeferredDestroy as u32)) pushDestroy(life, DestroyStep.Last);
  else beginDispose(life, life.state == (ObjectState.DeferredDeleting as u32), false);
  return Step.Again;
}
