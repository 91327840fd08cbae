// Devices that a bus driver makes (PDOs), and the power they need: what a device in D0 keeps in D0.
//
//   bus device (parentDevice of its children)         needed by   child (PDO)   needed by   function driver's device
//        ▲ a power reference while the child is in D0 ────────────┘   ▲ the same ─────────────┘ (lowerDevice)
//
//   a device enters D0   first it takes a power reference on what it needs, and waits until that is in D0 (HoldNeeded)
//   it leaves D0         after D0Exit it gives it back (ReleaseNeeded); a PDO under a function driver then follows into Dx,
//                        because the function driver owns the power policy of both (`follows`); a bus device may become idle
//
//   a child        RemoveDevice while the bus driver reports it   it is gone for PnP, and may be started again:
//                                                                 its queues accept requests then (Stay, restartChild)
//                  RemoveDevice when it is missing, or its        it is destroyed
//                  parent is removed
//
// Who reports which children, and who loads drivers for them, is the host's (host/buses.ts, host/enumerator.ts).
//
// Source: fxpkgpdo.cpp, powerstatemachine.cpp (PowerCheckParentState, PowerParentToD0), fxpkgpnp.cpp
// (PowerPolicyChildPowerReference), fxpkgio.cpp and fxioqueue.cpp (ResetStateForRestart), fxchildlist.cpp.

import { PnpIrp } from "../abi/event";
import { NtStatus } from "../abi/status";
import { Step } from "../nt/frame";
import { Device, DeviceState, deviceAt } from "./device";
import { LifeFrame } from "./life-frame";
import { callAwaitD0, powerDereference, powerReference } from "./idle";
import { LifeOp } from "./life-sequences";
import { QueuePower, acceptAgain, queueAt } from "./queue";

/** What has to be in D0 for the device to be: the PDO it stands on, or the parent of a PDO; 0 for neither. */
function needed(d: Device): usize {
  if (d.parentDevice != 0) return d.parentDevice;
  return d.lowerDevice != 0 && deviceAt(d.lowerDevice).parentDevice != 0 ? d.lowerDevice : 0;
}

/** The device is about to enter D0. */
export function holdNeeded(f: LifeFrame, d: Device): Step {
  const at = needed(d);
  if (at == 0 || d.holdsNeeded != 0) return Step.Again;
  const n = deviceAt(at);
  const status = powerReference(n);
  f.checks = LifeOp.HoldNeeded;
  f.result = status;
  if (status < 0) return Step.Again;
  d.holdsNeeded = 1;
  n.dependents++;
  if (status == NtStatus.Pending) callAwaitD0(n);
  return Step.Again;
}

/** What it needs does not come to D0; whoever waited for that has given the reference back already. */
export function neededFailed(d: Device): void {
  if (d.holdsNeeded == 0) return;
  d.holdsNeeded = 0;
  deviceAt(needed(d)).dependents--;
}

/** The device has left D0. What it stood on, to be sent to Dx as well; 0 for nothing. */
export function releaseNeeded(f: LifeFrame, d: Device): usize {
  if (d.holdsNeeded == 0) return 0;
  const n = deviceAt(needed(d));
  d.holdsNeeded = 0;
  n.dependents--;
  powerDereference(n);
  const follows = n.follows != 0 && f.irp == (PnpIrp.SetPowerDx as u32) && f.failing == 0;
  return follows && n.state == (DeviceState.Started as u32) && n.changing == 0 && n.ioCount == 0 ? changetype<usize>(n) : 0;
}

/** A child that its bus driver reports stays when it is removed. */
export function staysPresent(d: Device): bool {
  return d.parentDevice != 0 && d.reported != 0;
}

/** A child that was removed is started again. */
export function restartChild(d: Device): void {
  if (d.purgedAll == 0) return;
  d.purgedAll = 0;
  d.purgedManaged = 0;
  d.managedStarted = 0;
  for (let at = d.firstQueue; at != 0; at = queueAt(at).nextQueue) {
    const q = queueAt(at);
    if (q.powerManaged == 0) q.power = QueuePower.On;
    acceptAgain(q);
  }
}
