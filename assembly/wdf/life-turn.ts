// Whose turn it is in the life of a device: what begins when nothing else is under way.
//
//   the last thing under way has ended    the system woke up meanwhile ─▶ the device follows, unless nothing needs it
//                                         in D0 ─▶ who waits for that goes on, the idle timer runs
//                                         in Dx, but something needs it ─▶ a work item brings it back
//                                         else the IRP that waits longest has its turn
//   the idle timer has expired            a work item takes the device to Dx, unless something else is under way

import { PnpIrp } from "../abi/event";
import { Frame, Step } from "../nt/frame";
import { Device, DeviceState, deviceAt } from "./device";
import { QueueFrame } from "./frames";
import { mayStayAsleep, queueWake, reachD0 } from "./idle";
import { callPower } from "./life-frame";
import { stopWatchdog } from "./power-watchdog";
import { releaseWaiters } from "./work-item";

/** One thing less is under way. When nothing is any more: what has become due meanwhile, the idle timer, the next IRP. */
export function release(d: Device): void {
  if (--d.changing != 0) return;
  stopWatchdog(d);
  d.sleeping = 0;
  if (d.wakeDue != 0) {
    d.wakeDue = 0;
    wakeWithSystem(d);
  }
  if (d.state == (DeviceState.Started as u32) && d.powerStarted != 0) reachD0(d);
  else if (d.state == (DeviceState.Idle as u32) && neededAgain(d)) queueWake(d);
  d.comesBackAtOnce = 0;
  if (d.changing == 0) releaseWaiters(d.lifeWaiters);
}

/** The device is in Dx, and something has happened on the way there that needs it in D0. */
function neededAgain(d: Device): bool {
  if (d.comesBackAtOnce != 0) return true;
  if (d.follows != 0) return d.ioCount != 0;
  return d.directed == 0 && (d.ioCount != 0 || d.idleEnabled == 0);
}

/** The system works again: so does the device, unless nothing needs it. */
export function wakeWithSystem(d: Device): void {
  if (d.state != (DeviceState.Asleep as u32)) return;
  if (mayStayAsleep(d)) d.state = DeviceState.Idle;
  else queueWake(d);
}

/** The frame of the work item that brings a device back to D0. */
export function stepDeviceWake(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  if (f.step++ != 0) return Step.Done;
  const d = deviceAt(f.queue);
  if (d.state == (DeviceState.Asleep as u32) || d.state == (DeviceState.Idle as u32)) {
    callPower(d, PnpIrp.SetPowerD0);
    return Step.Again;
  }
  release(d);
  return Step.Done;
}

/** The frame of the work item that takes an idle device out of D0. */
export function stepIdleDown(frame: Frame): Step {
  const f = changetype<QueueFrame>(frame);
  const d = deviceAt(f.queue);
  if (f.step++ != 0 || d.state != (DeviceState.Started as u32)) return Step.Done;
  if (d.changing != 0) return Step.Done; // what comes first will look again
  d.changing++;
  callPower(d, PnpIrp.SetPowerDx);
  return Step.Again;
}

/** The PDO goes where the device on it has gone. */
export function follow(pdo: usize): void {
  if (pdo == 0) return;
  deviceAt(pdo).changing++;
  callPower(deviceAt(pdo), PnpIrp.SetPowerDx);
}
