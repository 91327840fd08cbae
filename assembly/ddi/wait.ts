// KeWaitForSingleObject and its like (wdf/kernel-wait.ts).

import { BugCheck } from "../abi/bugcheck";
import { CONFIG_WORD } from "../abi/config";
import { WaitReason } from "../abi/event";
import { Irql } from "../abi/irql";
import { Ddi } from "../abi/irql-rules";
import { KernelType, THREAD_WAIT_OBJECTS, Timeout, WAIT_OBJECTS_MAX, WaitType } from "../abi/kernel";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { Dispatcher } from "../nt/dispatcher";
import { currentIrql } from "../nt/processor";
import { word } from "../nt/scratch";
import { bugCheck } from "../nt/stop";
import { isStopped, system } from "../nt/system";
import { lookup } from "../nt/table";
import { currentThread } from "../nt/thread";
import { beginWait, endWait, watch } from "../nt/wait";
import { callFrame } from "../wdf/calls";
import { settle } from "../wdf/dispatch";
import { FrameKind, WaitFrame, WaitThen } from "../wdf/frames";
import { irqlAtMost } from "../wdf/irql";
import { endWaitNext, maySwitch, mayWait, parkFor, reasonOf, wait } from "../wdf/kernel-wait";
import { objectAt } from "../wdf/object";
import { endShortReturn } from "../wdf/straight";
import { timerAt } from "../wdf/timer";
import { joined, raise, requiredKernelObject } from "./check";

/** What can be waited for. Locks have functions of their own. */
function requiredWaitable(handle: u32): usize {
  const timer = lookup(handle, ObjectKind.Timer);
  if (timer != 0 && timerAt(objectAt(timer).body).timer.object != 0) return ktimer(timer);
  return requiredKernelObject(handle, KernelType.NotificationEvent, KernelType.SynchronizationTimer);
}

/** The object of a KTIMER; a WDFTIMER has none. */
function ktimer(entry: usize): usize {
  if (system.shortReturn != 0) endShortReturn();
  return timerAt(objectAt(entry).body).timer.object;
}

/** A mutex that cannot be acquired once more raises an exception, and nothing changes. */
function maySatisfy(object: Dispatcher): bool {
  const full = object.type == (KernelType.Mutex as u32) && object.state == i32.MIN_VALUE;
  if (!full || object.owner != changetype<usize>(currentThread())) return true;
  raise(NtStatus.MutantLimitExceeded, object.tag);
  return false;
}

export function KeWaitForSingleObject(object: u32, timeout: u32, low: u32, high: u32): i32 {
  const at = requiredWaitable(object);
  if (at == 0) return NtStatus.InvalidHandle;
  endWaitNext();
  const due = joined(low, high);
  checkLevel(Ddi.KeWaitForSingleObject, timeout as Timeout, due);
  const o = changetype<Dispatcher>(at);
  if (!mayWait(object, timeout as Timeout, due) || !maySatisfy(o)) return NtStatus.Unsuccessful;
  const thread = currentThread();
  beginWait(thread, false);
  watch(thread, o, 0);
  return settle(wait(reasonOf(o.type), object, timeout as Timeout, due, WaitThen.Nothing, 0));
}

/** The handles stand in the scratch area, from CONFIG_WORD on. `blocks`: 1 when the caller gave an array of wait blocks. */
export function KeWaitForMultipleObjects(count: u32, type: u32, timeout: u32, low: u32, high: u32, blocks: u32): i32 {
  endShortReturn();
  if (isStopped()) return NtStatus.Unsuccessful;
  if (count > WAIT_OBJECTS_MAX || (count > THREAD_WAIT_OBJECTS && blocks == 0)) {
    bugCheck(BugCheck.MaximumWaitObjectsExceeded, 0, 0, 0, 0);
    return NtStatus.Unsuccessful;
  }
  endWaitNext();
  const due = joined(low, high);
  checkLevel(Ddi.KeWaitForMultipleObjects, timeout as Timeout, due);
  if (!mayWait(0, timeout as Timeout, due)) return NtStatus.Unsuccessful;
  const thread = currentThread();
  beginWait(thread, type == (WaitType.WaitAll as u32));
  for (let index = count; index-- > 0; ) {
    const at = requiredWaitable(word(CONFIG_WORD + index));
    if (at == 0 || !maySatisfy(changetype<Dispatcher>(at))) {
      endWait(thread);
      return NtStatus.InvalidHandle;
    }
    watch(thread, changetype<Dispatcher>(at), index);
  }
  return settle(wait(WaitReason.Objects, 0, timeout as Timeout, due, WaitThen.Nothing, 0));
}

/** The interval in 100 ns units: negative is relative. */
export function KeDelayExecutionThread(low: u32, high: u32): i32 {
  endShortReturn();
  if (isStopped()) return NtStatus.Unsuccessful;
  endWaitNext();
  const due = joined(low, high);
  if (!mayWait(0, Timeout.Given, due != 0 ? due : 1)) return NtStatus.Unsuccessful;
  if (currentIrql() >= (Irql.Dispatch as u32) && due == 0) return NtStatus.Success; // there is nobody to give way to
  if (!maySwitch()) return NtStatus.Unsuccessful;
  beginWait(currentThread(), false);
  parkFor(WaitReason.Delay, 0, Timeout.Given, due);
  callFrame<WaitFrame>(FrameKind.KernelWait).then = WaitThen.Delay;
  return settle(NtStatus.Success);
}

/** A wait that may take time is for levels up to APC_LEVEL. */
function checkLevel(ddi: Ddi, timeout: Timeout, due: i64): void {
  if (timeout == Timeout.None || due != 0) irqlAtMost(ddi, Irql.Apc);
}
