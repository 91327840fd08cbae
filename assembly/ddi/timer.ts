// WdfTimer*.

import { BugCheck } from "../abi/bugcheck";
import { AttributesWord, STRUCTURE_SIZE, TimerConfigWord } from "../abi/config";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { Ddi } from "../abi/irql-rules";
import { ObjectKind } from "../abi/request";
import { NtStatus } from "../abi/status";
import { WdfExecutionLevel } from "../abi/wdf";
import { word } from "../nt/scratch";
import { bugCheck } from "../nt/stop";
import { system } from "../nt/system";
import { AttributesRule, parentOr, validateAttributes } from "../wdf/attributes";
import { settle } from "../wdf/dispatch";
import { irqlAtMost } from "../wdf/irql";
import { objectAt } from "../wdf/object";
import { callTimerStop, cancelTimer, isInCallback, makeTimer, publishTimer, startTimer, timerAt } from "../wdf/timer";
import { invalidHandle, required } from "./check";
import { mayWait } from "./dpc";

const MAXLONG: u32 = 0x7fffffff;

/** A WDFTIMER; 0 after a Stop. A KTIMER of the driver's own is none. */
function requiredTimer(handle: u32): usize {
  const entry = required(handle, ObjectKind.Timer);
  if (entry == 0) return 0;
  const at = objectAt(entry).body;
  return timerAt(at).plain == 0 ? at : invalidHandle(handle, ObjectKind.Timer);
}

/** Attributes and config stand in the scratch area; the handle is the first out value. */
export function WdfTimerCreate(): i32 {
  system.out0 = 0;
  const rules = (AttributesRule.Required as u32) | AttributesRule.ParentRequired | AttributesRule.LevelAllowed;
  const status = validateAttributes(rules);
  if (status == NtStatus.WdfParentNotSpecified) return status;
  const parent = parentOr(0);
  if (parent == 0) return NtStatus.InvalidHandle;
  const refused = checkConfig(status);
  if (refused < 0) return refused;
  const passive = isPassiveAsked();
  const highResolution = word(TimerConfigWord.UseHighResolutionTimer) != 0;
  const timer = makeTimer(word(TimerConfigWord.EvtTimerFunc), word(TimerConfigWord.Period), highResolution, passive);
  if (timer == 0) return NtStatus.InsufficientResources;
  return publishTimer(timerAt(timer), parent, word(TimerConfigWord.AutomaticSerialization) != 0);
}

/** `attributes`: what the attributes' own checks have said. Their turn comes after the config's own. */
function checkConfig(attributes: NtStatus): NtStatus {
  if (word(TimerConfigWord.Size) != STRUCTURE_SIZE) return NtStatus.InfoLengthMismatch;
  if (word(TimerConfigWord.Period) > MAXLONG) return NtStatus.InvalidParameter;
  if (word(TimerConfigWord.TolerableDelay) != 0 && word(TimerConfigWord.UseHighResolutionTimer) != 0) return NtStatus.InvalidParameter;
  if (attributes < 0) return attributes;
  return word(TimerConfigWord.Period) != 0 && isPassiveAsked() ? NtStatus.NotSupported : NtStatus.Success;
}

function isPassiveAsked(): bool {
  return word(AttributesWord.ExecutionLevel) == (WdfExecutionLevel.Passive as u32);
}

/**
 * `due` in 100 ns units: below 0 from now, else system time. 1 when the timer was armed before.
 *
 * For a timer of high resolution the framework hands the due time on to ExSetTimer (mxtimerkm.h), which "bug checks" when
 * it is not relative. No source says with which code: here it is an exception that nobody handles.
 */
export function WdfTimerStart(handle: u32, low: u32, high: u32): u32 {
  const at = requiredTimer(handle);
  if (at == 0) return 0;
  const due = ((high as u64) << 32) | (low as u64);
  if (timerAt(at).highResolution != 0 && (due as i64) >= 0) {
    bugCheck(BugCheck.KmodeExceptionNotHandled, NtStatus.InvalidParameter, 0, 0, 0);
    return 0;
  }
  return settle(startTimer(timerAt(at), due as i64) ? 1 : 0);
}

/** 1 when the timer was armed. */
export function WdfTimerStop(handle: u32, wait: u32): u32 {
  const at = requiredTimer(handle);
  if (at == 0) return 0;
  const t = timerAt(at);
  if (wait == 0) return cancelTimer(t) ? 1 : 0;
  irqlAtMost(Ddi.WdfTimerStop, Irql.Passive);
  if (!mayWait(handle) || isInCallback(t, FindingId.TimerStopInCallback)) return 0;
  callTimerStop(t);
  return settle(0);
}

export function WdfTimerGetParentObject(handle: u32): u32 {
  const at = requiredTimer(handle);
  return at == 0 ? 0 : timerAt(at).parentHandle;
}
