// KeFlushQueuedDpcs: waits until the DPCs that are queued, or run, have returned: on one processor after the other.
//
//   the next processor ─▶ no DPC queued or running there ─▶ the next one
//        ▲                        │ else
//        └── woken by it ◀── a DPC of its own, last in the list there
//
// A DPC that is queued meanwhile on a processor that was looked at already is not waited for.

import { WaitReason } from "../abi/event";
import { Irql } from "../abi/irql";
import { DpcImportance } from "../abi/wdm";
import { DeferredCall, insertDpc, taggedDpc } from "../nt/deferred";
import { Frame, Step } from "../nt/frame";
import { Processor, processorAt } from "../nt/processor";
import { system } from "../nt/system";
import { Thread, park, threadOf, wake } from "../nt/thread";
import { callFrame } from "./calls";
import { FlushFrame, FrameKind, QueueFrame } from "./frames";

export function callFlushDpcs(): void {
  callFrame<FlushFrame>(FrameKind.DpcFlush);
}

export function stepFlushDpcs(frame: Frame): Step {
  const f = changetype<FlushFrame>(frame);
  while (f.step < system.processorCount) {
    const processor = processorAt(f.step++);
    if (!hasDpcs(processor)) continue;
    const marker = changetype<DeferredCall>(changetype<usize>(f) + offsetof<FlushFrame>("markerKind"));
    marker.reset();
    marker.tag = taggedDpc(FrameKind.DpcFlushed, DpcImportance.MediumHigh, processor.tag + 1);
    marker.target = changetype<usize>(f);
    insertDpc(marker);
    park(WaitReason.DpcsToRun, 0);
    return Step.Yield;
  }
  return Step.Done;
}

/** True while DPCs are queued there, or one may be running. */
function hasDpcs(processor: Processor): bool {
  return !processor.isEmpty || (processor.thread != 0 && processor.irql >= (Irql.Dispatch as u32));
}

/** The marker's turn has come. */
export function stepFlushed(frame: Frame): Step {
  const flush = changetype<Frame>(changetype<QueueFrame>(frame).queue);
  wake(changetype<Thread>(threadOf(flush)));
  return Step.Done;
}
