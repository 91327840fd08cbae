// ExNotifyCallback and ExUnregisterCallback, as far as they run driver code or wait.
//
//   notify      ─▶ next routine on the list that is not leaving ─▶ busy ─▶ call it, in this thread, at this level, no lock
//                    ▲                                                          held ─▶ not busy ─▶ the last call of one
//                    └──────────────────────────────────────────────────────────────── that is leaving? wake the leaver
//   unregister  ─▶ does it run? ─ no ─▶ off the list, the object's reference dropped
//                    └ yes ─▶ leaving: wait for the running calls, then as above
//
// While other code can run, the routine a notification stands at is busy, so it stays on the list, and the walk goes on
// from it. A routine registered meanwhile is called too, because it is added at the end.

import { BugCheck } from "../abi/bugcheck";
import { RoutineKind, WaitReason } from "../abi/event";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import {
  CallbackObject,
  Registration,
  callbackObjectAt,
  nextRegistration,
  registrationAt,
  releaseCallbackObject,
  removeRegistration,
} from "../nt/callback-object";
import { Frame, Step } from "../nt/frame";
import { currentIrql } from "../nt/processor";
import { bugCheck } from "../nt/stop";
import { system } from "../nt/system";
import { Thread, currentThread, park, wake } from "../nt/thread";
import { callFrame } from "./calls";
import { FrameKind, NotifyFrame, UnregisterFrame } from "./frames";
import { call, unhandledException } from "./invoke";
import { ruleFinding } from "./verifier";

/** Calls the routines of an object, with the arguments the host keeps under that number. */
export function callNotify(object: CallbackObject, values: u32): void {
  if (object.registrations == 0) return;
  const f = callFrame<NotifyFrame>(FrameKind.CallbackNotify);
  f.target = changetype<usize>(object);
  f.current = 0;
  f.values = values;
  object.walks++;
}

export function stepNotify(frame: Frame): Step {
  const f = changetype<NotifyFrame>(frame);
  const object = callbackObjectAt(f.target);
  if (f.current != 0) routineIsBack(f, object);
  const next = nextRegistration(object, f.current);
  if (next == 0) {
    object.walks--;
    releaseCallbackObject(object);
    return Step.Done;
  }
  const registration = registrationAt(next);
  registration.busy++;
  f.current = next;
  f.level = currentIrql();
  if (registration.callback == 0) return callToNull();
  return call(f, RoutineKind.CallbackFunction, registration.callback, object.tag, registration.handle, f.values, 0, 0);
}

function routineIsBack(f: NotifyFrame, object: CallbackObject): void {
  const registration = registrationAt(f.current);
  registration.busy--;
  if (currentIrql() != f.level) ruleFinding(FindingId.CallbackIrqlChanged, object.tag, registration.handle);
  if (registration.busy == 0 && registration.leaver != 0) wake(changetype<Thread>(registration.leaver));
}

/** There is nothing at address 0 to execute. */
function callToNull(): Step {
  if (currentIrql() >= (Irql.Dispatch as u32)) bugCheck(BugCheck.DriverIrqlNotLessOrEqual, 0, currentIrql(), EXECUTE, 0);
  else bugCheck(unhandledException(true), ACCESS_VIOLATION, 0, EXECUTE, 0);
  return Step.Yield;
}

const EXECUTE: u32 = 8;
const ACCESS_VIOLATION: u32 = 0xc0000005;

/** Takes a routine off its object's list, when it does not run any more. */
export function callUnregister(registration: Registration): void {
  if (registration.busy == 0) {
    removeRegistration(registration);
    return;
  }
  if (isBelow(registration)) ruleFinding(FindingId.CallbackWaitsForItself, callbackObjectAt(registration.object).tag, registration.handle);
  if (currentIrql() >= (Irql.Dispatch as u32)) {
    bugCheck(BugCheck.AttemptedSwitchFromDpc, system.thread as u32, 0, 0, 0);
    return;
  }
  registration.leaver = system.thread;
  callFrame<UnregisterFrame>(FrameKind.CallbackUnregister).registration = changetype<usize>(registration);
}

/** True when the running thread is inside that routine: whoever waits for it there waits for ever. */
function isBelow(registration: Registration): bool {
  for (let at = currentThread().top; at != 0; at = changetype<Frame>(at).below) {
    const f = changetype<NotifyFrame>(at);
    if (f.kind == (FrameKind.CallbackNotify as u32) && f.current == changetype<usize>(registration)) return true;
  }
  return false;
}

export function stepUnregister(frame: Frame): Step {
  const registration = registrationAt(changetype<UnregisterFrame>(frame).registration);
  if (registration.busy != 0) {
    park(WaitReason.CallbackToReturn, registration.handle);
    return Step.Yield;
  }
  removeRegistration(registration);
  return Step.Done;
}
