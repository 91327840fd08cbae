// WdfObjectAcquireLock on a lock that another thread holds: the caller waits in line and owns it when it goes on.

import { Frame, Step } from "../nt/frame";
import { CallbackLock } from "./callback-lock";
import { callFrame } from "./calls";
import { FrameKind, LockFrame } from "./frames";

/** The running thread has been put in line for the lock. */
export function callLockWait(lock: CallbackLock): void {
  const f = callFrame<LockFrame>(FrameKind.LockWait);
  f.waited = changetype<usize>(lock);
}

/** The lock has been handed over. */
export function stepLockWait(frame: Frame): Step {
  changetype<CallbackLock>(changetype<LockFrame>(frame).waited).entered();
  return Step.Done;
}
