// What a callback of the driver that fails makes of the life of its device.
//
//   a callback fails    on the way into D0                                on the way out of D0
//   ─────────────────── ───────────────────────────────────────────────── ────────────────────────────────────────────
//   ManagedStart        Hold PreInterrupts, and as below                  all the others are called nevertheless. After
//   Post..., Connect    Disconnect D0Exit, and as below                   SetPowerSx, and after StopDevice, the device
//   D0Entry, Prepare    ReleaseHardware PurgeManaged Flush: the device    is given up as on the left; a removal ends as
//                       is given up and waits for its removal             ever
//
// A query that fails is vetoed: nothing follows. Arming to wake (wake.ts) is no failure of the device.
//
// Source: pnpstatemachine.cpp, powerstatemachine.cpp, selfmanagediostatemachine.cpp.

import { PnpIrp } from "../abi/event";
import { FindingId } from "../abi/finding";
import { NtStatus } from "../abi/status";
import { Device } from "./device";
import { LifeFrame } from "./life-frame";
import { comesBack } from "./life-callbacks";
import { LifeOp, PURGE, UNDO, UNDO_D0ENTRY, UNDO_PREPARE } from "./life-sequences";
import { neededFailed } from "./pdo";
import { breakPoint } from "./verifier";
import { armingFailed } from "./wake";

/** A callback has failed: a query is vetoed, a way into D0 undone, a way out of it gone to its end. */
export function failed(f: LifeFrame, d: Device, op: LifeOp): void {
  const status = f.result as i32;
  if (status == NtStatus.NotSupported && isPnp(op)) breakPoint(FindingId.NotSupportedReturned, d.handle, 0);
  switch (op) {
    case LifeOp.HoldNeeded:
      neededFailed(d);
      undo(f, UNDO_PREPARE, NtStatus.DevicePowerFailure);
      break;
    case LifeOp.Eject:
    case LifeOp.QueryStop:
    case LifeOp.QueryRemove:
      f.status = status;
      break;
    case LifeOp.PrepareHardware:
      undo(f, UNDO_PREPARE, status);
      break;
    case LifeOp.D0Entry:
      undo(f, UNDO_PREPARE, NtStatus.DevicePowerFailure);
      break;
    case LifeOp.ConnectInterrupts:
    case LifeOp.PostInterrupts:
      undo(f, UNDO_D0ENTRY, NtStatus.DevicePowerFailure);
      break;
    case LifeOp.ArmWake:
      armingFailed(d);
      break;
    case LifeOp.ManagedStart:
      undo(f, UNDO, NtStatus.DevicePowerFailure);
      break;
    default:
      f.downFailed = 1;
  }
}

/** [V] The callbacks that may not answer STATUS_NOT_SUPPORTED. */
function isPnp(op: LifeOp): bool {
  return op == LifeOp.PrepareHardware || op == LifeOp.ReleaseHardware || op == LifeOp.QueryStop || op == LifeOp.QueryRemove;
}

function undo(f: LifeFrame, sequence: usize, status: NtStatus): void {
  f.next = sequence;
  f.status = status;
  f.failing = 1;
}

/** The device has left D0, but not well. True when it is given up now; a removal makes nothing of it. */
export function givesUp(f: LifeFrame): bool {
  if (comesBack(f)) undo(f, UNDO_PREPARE, NtStatus.Success);
  else if (f.irp == (PnpIrp.StopDevice as u32)) undo(f, PURGE, NtStatus.Success);
  else return false;
  return true;
}
