// Drivers: which one runs, and the end of one.
//
//   which driver makes an object (its default parent)?
//     a handler of a queue           the driver of the queue's device
//     a thread of the host           the driver it has entered (DriverEntry, EvtDriverDeviceAdd), else the newest
//     any other callback             whoever registered it: the host knows, and says so beside the attributes
//
//   unloading: EvtDriverUnload ─▶ the driver object is deleted, with all that is below it ─▶ its routines are gone
//
// Whatever still has one of those routines, a timer, a DPC, a work item, executes code that is not there any more:
// DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS, when it does.
//
// Source: fxdriver.cpp (Unload); FxObject::Commit with the globals of the driver that calls.

import { BugCheck } from "../abi/bugcheck";
import { AttributesWord } from "../abi/config";
import { RoutineKind } from "../abi/event";
import { ENTRY_SIZE, TABLE_BASE } from "../abi/layout";
import { ObjectKind } from "../abi/request";
import { FRAME_SIZE, Frame, Step } from "../nt/frame";
import { word } from "../nt/scratch";
import { bugCheck } from "../nt/stop";
import { system } from "../nt/system";
import { Entry, lookup } from "../nt/table";
import { callFrame } from "./calls";
import { deviceAt } from "./device";
import { FrameKind, LoopFrame } from "./frames";
import { call } from "./invoke";
import { Life, kindOf, lifeAt, objectAt } from "./object";
import { deleteObject } from "./object-life";
import { queueAt } from "./queue";

/** The driver that makes an object: the one the host has named beside the attributes, else the newest. */
export function callingDriver(): usize {
  const named = word(AttributesWord.Driver);
  const entry = named == 0 ? 0 : lookup(named, ObjectKind.Driver);
  return entry != 0 ? entry : system.driver;
}

/** The handle of the driver whose code runs; 0 when that is for the host to know, by the callback in the first out value. */
export function runningDriver(): u32 {
  system.out0 = 0;
  if (system.running == 0) return 0;
  const f = changetype<Frame>(system.running);
  if (isThread(f)) return f.object;
  if (f.kind != (FrameKind.QueueLoop as u32)) {
    system.out0 = f.callback;
    return 0;
  }
  return driverOfDevice(queueAt(changetype<LoopFrame>(f).queue).device);
}

function driverOfDevice(device: usize): u32 {
  const life = lifeAt(objectAt(lookup(deviceAt(device).handle, ObjectKind.Device)).life);
  return life.parent == 0 ? 0 : changetype<Entry>(lifeAt(life.parent).entry).handle;
}

/** The thread of the host that runs is in the code of that driver from now on. */
export function enterDriver(driver: u32): void {
  const f = changetype<Frame>(system.running);
  if (isThread(f)) f.object = driver;
}

/** A thread of the host. */
function isThread(f: Frame): bool {
  return f.kind == (FrameKind.Thread as u32) || f.kind == (FrameKind.HeldThread as u32);
}

/** True while devices of the driver are there. */
export function hasDevice(driver: Life): bool {
  for (let node = driver.children.next; node != driver.children; node = node.next) {
    if (kindOf(changetype<Life>(node).entry) == (ObjectKind.Device as u32)) return true;
  }
  return false;
}

/** FrameKind.DriverUnload */
@unmanaged
class UnloadFrame extends Frame {
  driver: usize;
}

if (offsetof<UnloadFrame>() > FRAME_SIZE) ERROR("UnloadFrame does not fit");

enum UnloadStep {
  Callback = 0,
  Delete = 1,
  Done = 2,
}

/** FxDriver::Unload. `evtDriverUnload` is 0 for none. */
export function callUnload(driver: usize, evtDriverUnload: u32): void {
  const f = callFrame<UnloadFrame>(FrameKind.DriverUnload);
  f.driver = driver;
  f.callback = evtDriverUnload;
}

export function stepDriverUnload(frame: Frame): Step {
  const f = changetype<UnloadFrame>(frame);
  switch (f.step) {
    case UnloadStep.Callback:
      f.step = UnloadStep.Delete;
      if (f.callback == 0) return Step.Again;
      return call(f, RoutineKind.DriverUnload, f.callback, objectAt(f.driver).handle, 0, 0, 0, 0);
    case UnloadStep.Delete:
      f.step = UnloadStep.Done;
      if (system.driver == f.driver) system.driver = newestBut(f.driver);
      deleteObject(f.driver);
      return Step.Again;
    default:
      return Step.Done;
  }
}

/** Another driver, 0 when there is none. */
function newestBut(driver: usize): usize {
  let found: usize = 0;
  for (let index: u32 = 1; index < system.tableHigh; index++) {
    const entry = (TABLE_BASE as usize) + (index as usize) * ENTRY_SIZE;
    if (entry != driver && kindOf(entry) == (ObjectKind.Driver as u32)) found = entry;
  }
  return found;
}

/** The processor was sent to a routine of a driver that has been unloaded. */
export function executeUnloaded(callback: u32): void {
  bugCheck(BugCheck.DriverUnloadedWithoutCancelling, callback, EXECUTE, callback, 0);
}

/** Parameter 2: what was to be done at the address. */
const EXECUTE: u32 = 8;
