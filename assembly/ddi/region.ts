// KeEnterCriticalRegion and its like (nt/region.ts).

import { DriverVerifierViolation } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { Irql } from "../abi/irql";
import { Switch } from "../abi/layout";
import { currentIrql } from "../nt/processor";
import { allApcsDisabled, apcsDisabled } from "../nt/region";
import { driverVerifierStop } from "../nt/stop";
import { isOn, isStopped } from "../nt/system";
import { currentThread } from "../nt/thread";
import { endShortReturn } from "../wdf/straight";
import { ruleFinding } from "../wdf/verifier";

export function KeEnterCriticalRegion(): void {
  if (mayMove(DriverVerifierViolation.EnterRegionTooHigh)) currentThread().kernelApcDisable--;
}

export function KeLeaveCriticalRegion(): void {
  if (mayMove(DriverVerifierViolation.LeaveRegionTooHigh) && mayLeave(currentThread().kernelApcDisable)) {
    currentThread().kernelApcDisable++;
  }
}

export function KeEnterGuardedRegion(): void {
  if (mayMove(DriverVerifierViolation.EnterRegionTooHigh)) currentThread().specialApcDisable--;
}

export function KeLeaveGuardedRegion(): void {
  if (mayMove(DriverVerifierViolation.LeaveRegionTooHigh) && mayLeave(currentThread().specialApcDisable)) {
    currentThread().specialApcDisable++;
  }
}

export function KeAreApcsDisabled(): u32 {
  return apcsDisabled() ? 1 : 0;
}

export function KeAreAllApcsDisabled(): u32 {
  return allApcsDisabled() ? 1 : 0;
}

/** [DV] Not above APC_LEVEL. Without Driver Verifier the counts move at any level. */
function mayMove(what: DriverVerifierViolation): bool {
  if (isStopped()) return false;
  endShortReturn();
  if (currentIrql() <= (Irql.Apc as u32) || !isOn(Switch.DriverVerifier)) return true;
  driverVerifierStop(what, currentIrql(), 0, 0);
  return false;
}

/** [DV] Only what was entered. Without Driver Verifier the count becomes positive, which disables as well (K-316). */
function mayLeave(count: i32): bool {
  if (count < 0) return true;
  if (isOn(Switch.DriverVerifier)) {
    driverVerifierStop(DriverVerifierViolation.RegionNotEntered, count, 0, 0);
    return false;
  }
  ruleFinding(FindingId.RegionNotEntered, 0, 0);
  return true;
}
