// The frames of what is done later - DPCs, timers, work items - and the end of those objects.
//
//   dispose of    waits for
//   ───────────── ──────────────────────────────────────────────────────────
//   Dpc           the DPCs that are queued (KeFlushQueuedDpcs)
//   Timer         as WdfTimerStop does that waits; then for its work item
//   WorkItem      its callbacks, but for the one that disposes of it
//
// Then the parent is let go.
//
// Source: FlushAndRundown of fxdpc.cpp, fxtimer.cpp, fxworkitem.cpp.

import { FindingId } from "../abi/finding";
import { ObjectKind } from "../abi/request";
import { Frame, Step } from "../nt/frame";
import { currentThread } from "../nt/thread";
import { callFrame } from "./calls";
import { stepDpc } from "./dpc";
import { callFlushDpcs, stepFlushDpcs, stepFlushed } from "./dpc-flush";
import { stepIdleDown } from "./life-turn";
import { FrameKind, RundownFrame } from "./frames";
import { stepAwaitD0, stepIdleExpired } from "./idle";
import { stepWatchdog } from "./power-watchdog";
import { Serialized, releaseParent } from "./serialized";
import { WdfTimer, callTimerStop, isInCallback, stepTimerDpc, stepTimerStop, stepTimerWork, timerAt, waitForTimerWork } from "./timer";
import { breakPoint } from "./verifier";
import { WorkItem, flushWorkItem, stepWorkItem, stepWorkItemFlush, workItemAt } from "./work-item";

/** True for the kinds of frame {@link stepLater} knows. */
export function isLater(kind: u32): bool {
  return kind - FrameKind.DpcRun <= (FrameKind.Rundown as u32) - FrameKind.DpcRun || kind - FrameKind.IdleExpired <= 3;
}

export function stepLater(frame: Frame): Step {
  switch (frame.kind) {
    case FrameKind.DpcRun as u32:
      return stepDpc(frame);
    case FrameKind.DpcFlush as u32:
      return stepFlushDpcs(frame);
    case FrameKind.DpcFlushed as u32:
      return stepFlushed(frame);
    case FrameKind.TimerDpc as u32:
      return stepTimerDpc(frame);
    case FrameKind.TimerWork as u32:
      return stepTimerWork(frame);
    case FrameKind.TimerStop as u32:
      return stepTimerStop(frame);
    case FrameKind.WorkItemRun as u32:
      return stepWorkItem(frame);
    case FrameKind.WorkItemFlush as u32:
      return stepWorkItemFlush(frame);
    case FrameKind.IdleExpired as u32:
      return stepIdleExpired(frame);
    case FrameKind.IdleDown as u32:
      return stepIdleDown(frame);
    case FrameKind.AwaitD0 as u32:
      return stepAwaitD0(frame);
    case FrameKind.PowerWatchdog as u32:
      return stepWatchdog(frame);
    default:
      return stepRundown(changetype<RundownFrame>(frame));
  }
}

/** The kind's Dispose. */
export function callRundown(body: usize, kind: u32): void {
  changetype<Serialized>(body).runningDown = 1;
  const f = callFrame<RundownFrame>(FrameKind.Rundown);
  f.body = body;
  f.objectKind = kind;
}

function stepRundown(f: RundownFrame): Step {
  switch (f.step++) {
    case 0:
      if (f.objectKind == (ObjectKind.Dpc as u32)) callFlushDpcs();
      else if (f.objectKind == (ObjectKind.Timer as u32)) stopForGood(timerAt(f.body));
      else finishWork(workItemAt(f.body));
      return Step.Again;
    case 1:
      return f.objectKind == (ObjectKind.Timer as u32) ? waitForTimerWork(timerAt(f.body)) : Step.Again;
    case 2:
      releaseParent(changetype<Serialized>(f.body));
      return Step.Again;
    default:
      return Step.Done;
  }
}

/** In its own callback a timer cannot be waited for: two breaks, and then the wait for its work item, which never ends. */
function stopForGood(t: WdfTimer): void {
  if (!isInCallback(t, FindingId.TimerDeletedInCallback)) callTimerStop(t);
  else breakPoint(FindingId.TimerStopInCallback, t.handle, 0);
}

function finishWork(item: WorkItem): void {
  if (item.thread != changetype<usize>(currentThread())) flushWorkItem(item);
}
