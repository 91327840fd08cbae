// How one piece of framework code calls another: by pushing its frame on the running thread's stack. What is pushed
// last runs first, so a caller that needs A and then B pushes B, then A, and returns to the engine.

import { Frame } from "../nt/frame";
import { currentThread, push } from "../nt/thread";
import { CompletionFrame, FrameKind, LoopFrame } from "./frames";
import { Queue } from "./queue";
import { Request } from "./request";

/** Enters the event loop of a queue, nested in whatever else is in it (DispatchEvents). */
export function callLoop(q: Queue, fresh: usize): void {
  const f = changetype<LoopFrame>(push(currentThread(), FrameKind.QueueLoop));
  f.queue = changetype<usize>(q);
  f.fresh = fresh;
  f.guarded = 0;
}

/** Enters the event loop unless some frame is in it when the call is reached: that frame will look again. */
export function callLoopGuarded(q: Queue): void {
  const f = changetype<LoopFrame>(push(currentThread(), FrameKind.QueueLoop));
  f.queue = changetype<usize>(q);
  f.fresh = 0;
  f.guarded = 1;
}

/** Sends a request back to its sender, whatever that takes. */
export function callCompletion(r: Request, status: i32): void {
  const f = changetype<CompletionFrame>(push(currentThread(), FrameKind.Completion));
  f.target = changetype<usize>(r);
  f.status = status;
  f.queue = r.queue;
  f.place = r.place;
}

/** Pushes a frame of any kind; the caller names its operands. */
export function callFrame<T>(kind: FrameKind): T {
  return changetype<T>(push(currentThread(), kind));
}

/** The value the routine below gets from its DDI when everything above it has ended. */
export function answer(f: Frame, result: u32): void {
  if (f.below != 0) changetype<Frame>(f.below).result = result;
}
