// KeRaiseIrql and its like: the level of the current processor.
//
//   asked for                        Driver Verifier    checked build    neither
//   ──────────────────────────────── ────────────────── ──────────────── ─────────────────────────────
//   KeRaiseIrql to a lower level     Stop 0xC4 / 0x30   Stop 0x9         the level is set, and a finding
//   KeLowerIrql to a higher level    Stop 0xC4 / 0x31   Stop 0xA         the level is set, and a finding
//
// Raises are not counted: one KeLowerIrql undoes any number of them. What the lower level lets in runs before the caller
// goes on.

import { BugCheck, DriverVerifierViolation } from "../abi/bugcheck";
import { FindingId } from "../abi/finding";
import { Irql, IrqlName } from "../abi/irql";
import { Switch } from "../abi/layout";
import { currentIrql, currentProcessor, machineLevel, setIrql } from "../nt/processor";
import { bugCheck, driverVerifierStop } from "../nt/stop";
import { isOn, isStopped, system } from "../nt/system";
import { settle } from "../wdf/dispatch";
import { endShortReturn } from "../wdf/straight";
import { ruleFinding } from "../wdf/verifier";

export function KeGetCurrentIrql(): u32 {
  return currentIrql();
}

/** The number of the current processor. */
export function KeGetCurrentProcessorNumberEx(): u32 {
  return currentProcessor().tag;
}

/** 0 for a group that does not exist: there is but one. */
export function KeQueryActiveProcessorCountEx(group: u32): u32 {
  return group == 0 || group == ALL_PROCESSOR_GROUPS ? system.processorCount : 0;
}

const ALL_PROCESSOR_GROUPS: u32 = 0xffff;

/** The level before. */
export function KeRaiseIrql(irql: u32): u32 {
  const before = currentIrql();
  if (isStopped()) return before;
  endShortReturn();
  if (irql < before) wrongWay(DriverVerifierViolation.RaiseToLower, BugCheck.IrqlNotGreaterOrEqual, FindingId.RaisedToLower, irql);
  else if (irql > machineLevel(IrqlName.High) && isOn(Switch.DriverVerifier)) {
    driverVerifierStop(DriverVerifierViolation.RaiseToLower, before, irql, 0);
  }
  if (!isStopped()) setIrql(min<u32>(irql, machineLevel(IrqlName.High)));
  return before;
}

export function KeLowerIrql(irql: u32): void {
  if (isStopped()) return;
  endShortReturn();
  if (irql > currentIrql()) {
    wrongWay(DriverVerifierViolation.LowerToHigher, BugCheck.IrqlNotLessOrEqual, FindingId.LoweredToHigher, irql);
    if (isStopped()) return;
  }
  setIrql(min<u32>(irql, machineLevel(IrqlName.High)));
  settle(0);
}

/** The level before. */
export function KeRaiseIrqlToDpcLevel(): u32 {
  return KeRaiseIrql(Irql.Dispatch);
}

function wrongWay(verifier: DriverVerifierViolation, checked: BugCheck, finding: FindingId, asked: u32): void {
  const current = currentIrql();
  if (isOn(Switch.DriverVerifier)) driverVerifierStop(verifier, current, asked, 0);
  else if (isOn(Switch.CheckedBuild)) bugCheck(checked, current, asked, 0, 0);
  else ruleFinding(finding, 0, 0);
}
