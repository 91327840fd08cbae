// Inputs that are made at once: while system.held is set, each gets a thread that is only made ready. Which of them comes
// first, and how they interleave, is then a choice (schedule.ts).
//
//   input          its thread begins with
//   ────────────── ────────────────────────────────────────────
//   send           frame Arrival: the IRP exists, its dispatch has not begun
//   cancel         frame HeldCancel
//   startThread    frame HeldThread, which calls the body

import { RoutineKind } from "../abi/event";
import { ObjectKind } from "../abi/request";
import { Frame, Step } from "../nt/frame";
import { system } from "../nt/system";
import { lookup } from "../nt/table";
import { Thread, enter, makeReady, push } from "../nt/thread";
import { cancelIrp } from "./cancel";
import { FrameKind } from "./frames";
import { call } from "./invoke";
import { request } from "./request";

/** Puts a cancel on a thread that is made ready. */
export function holdCancel(thread: Thread, irp: u32): void {
  push(thread, FrameKind.HeldCancel).request = irp;
  makeReady(thread);
}

/** Puts the body of a system thread on it; the thread is made ready. */
export function holdThread(thread: Thread, callback: u32): void {
  const f = push(thread, FrameKind.HeldThread);
  f.callback = callback;
  f.object = 0;
  makeReady(thread);
}

/** Begins to put something on a thread that is to be made ready; answers the thread before. */
export function beginHeld(thread: Thread): usize {
  const before = system.thread;
  enter(thread);
  return before;
}

export function endHeld(thread: Thread, before: usize): void {
  system.thread = before;
  makeReady(thread);
}

/** The IRP may be back by now: then there is nothing to cancel. */
export function stepHeldCancel(f: Frame): Step {
  if (f.step++ != 0) return Step.Done;
  const at = lookup(f.request, ObjectKind.Request);
  if (at == 0) return Step.Done;
  cancelIrp(request(at));
  return Step.Again;
}

export function stepHeldThread(f: Frame): Step {
  f.kind = FrameKind.Thread;
  return call(f, RoutineKind.Thread, f.callback, 0, 0, changetype<Thread>(f.thread).cookie, 0, 0);
}
