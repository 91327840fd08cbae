// A frame: one activation, that is one run of framework code that may call the driver or wait.
//
// Framework code that would, on Windows, call a driver routine from the middle of a function is written here as a
// frame with steps. The frame calls out by naming a routine and returning to the engine; when the routine has
// returned, the engine runs the frame's next step. So the native stack is empty whenever driver code runs, and what
// Windows keeps on a kernel stack lies here, in memory that can be copied, digested and inspected.
//
//   thread.top ─▶ frame ─below─▶ frame ─below─▶ … ─▶ 0
//                  newest                oldest
//
// `routine` is not 0 exactly while driver code runs (or is parked) on behalf of the frame.

import { RoutineKind } from "../abi/event";
import { FRAME_NESTING_OFFSET, FRAME_RESULT_OFFSET, FRAME_ROUTINE_OFFSET, FRAME_THREAD_OFFSET } from "../abi/layout";
import { allocateSlab } from "./memory";
import { system } from "./system";

@unmanaged
export class Frame {
  /** Which code this is a run of: a FrameKind. */
  kind: u32;
  below: usize;
  thread: usize;
  /** Where that code goes on. */
  step: u32;
  routine: u32;
  /** IRQL at which the frame was entered: the PreviousIrql of the framework's source. */
  irql: u32;
  /** The callback lock held around the running routine, or 0. */
  lock: usize;
  depth: u32;
  /** IRQL and region counts (regionsOf) when the running routine began, for the check when it returns. */
  routineIrql: u32;
  routineApc: i32;
  /** What came back: from the routine this frame called, or to the routine of this frame from its DDI. */
  result: u32;
  /** The call that waits for `lock`: 1 while it does. */
  locking: u32;
  /** The routine asked for: the host's callback and the arguments, kept while the lock is waited for. */
  callKind: u32;
  callback: u32;
  object: u32;
  request: u32;
  x: u32;
  y: u32;
  z: u32;
  /** See FRAME_NESTING_OFFSET. */
  nesting: u32;
}

if (offsetof<Frame>("thread") != FRAME_THREAD_OFFSET) ERROR("abi: Frame.thread");
if (offsetof<Frame>("routine") != FRAME_ROUTINE_OFFSET) ERROR("abi: Frame.routine");
if (offsetof<Frame>("nesting") != FRAME_NESTING_OFFSET) ERROR("abi: Frame.nesting");
if (offsetof<Frame>("result") != FRAME_RESULT_OFFSET) ERROR("abi: Frame.result");

/** What the step of a frame tells the engine. */
export enum Step {
  /** Run whatever is on top of the stack now: this frame again, or one it pushed. */
  Again = 0,
  /** This frame has ended. */
  Done = 1,
  /** Stop: a routine of the driver has been asked for, or the thread waits. */
  Yield = 2,
}

/** Bytes of a frame, the operands of its kind included: subclasses of {@link Frame} must fit. */
export const FRAME_SIZE: usize = 112;

/** Takes a frame off the list of used ones. All words but the links are as the last user left them. */
export function takeFrame(): Frame {
  let at = system.freeFrames;
  if (at == 0) {
    at = allocateSlab(FRAME_SIZE);
    assert(at != 0); // the host is out of memory
  }
  system.freeFrames = load<usize>(at);
  return changetype<Frame>(at);
}

/** Gives a frame back. */
export function freeFrame(frame: Frame): void {
  store<usize>(changetype<usize>(frame), system.freeFrames);
  frame.routine = RoutineKind.None;
  system.freeFrames = changetype<usize>(frame);
}
