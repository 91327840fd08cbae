// KeFlushQueuedDpcs: waits until the DPCs that are queued have run.
//
// A DPC of its own goes to the end of the list and wakes the waiting thread when its turn comes. Nothing is waited for
// when no DPC is queued; on a real kernel's schedule that is so at PASSIVE_LEVEL but for DPCs of low importance, which
// run now.

import { WaitReason } from "../abi/event";
import { DeferredCall, dpcs, insertDpc } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { Thread, park, threadOf, wake } from "../nt/thread";
import { callFrame } from "./calls";
import { FlushFrame, FrameKind, QueueFrame } from "./frames";

export function callFlushDpcs(): void {
  callFrame<FlushFrame>(FrameKind.DpcFlush);
}

export function stepFlushDpcs(frame: Frame): Step {
  const f = changetype<FlushFrame>(frame);
  if (f.step++ != 0 || dpcs().isEmpty) return Step.Done;
  const marker = changetype<DeferredCall>(changetype<usize>(f) + offsetof<FlushFrame>("markerKind"));
  marker.reset();
  marker.tag = FrameKind.DpcFlushed;
  marker.target = changetype<usize>(f);
  insertDpc(marker);
  park(WaitReason.DpcsToRun, 0);
  return Step.Yield;
}

/** The marker's turn has come. */
export function stepFlushed(frame: Frame): Step {
  const flush = changetype<Frame>(changetype<QueueFrame>(frame).queue);
  wake(changetype<Thread>(threadOf(flush)));
  return Step.Done;
}
