// Interrupt objects of the kernel. Evidence: spec of the kernel, §4.7 and its correction B12.

import { describe, expect, it } from "vitest";
import { BugCheck, Irql, NtStatus } from "../../bindings/abi";
import {
  KeAcquireInterruptSpinLock,
  KeAreApcsDisabled,
  KeGetCurrentIrql,
  KeReleaseInterruptSpinLock,
  KeSynchronizeExecution,
  WDF_INTERRUPT_CONFIG_INIT,
  WdfInterruptCreate,
  WdfInterruptDisable,
  WdfInterruptWdmGetInterrupt,
  type PKINTERRUPT,
  type WDFDEVICE,
  type WDFINTERRUPT,
} from "../../host/ddi";
import { Rig } from "../support/rig";

function withInterrupt(passiveHandling = false): { rig: Rig; interrupt: WDFINTERRUPT; object: PKINTERRUPT } {
  let interrupt!: WDFINTERRUPT;
  let before: number | undefined;
  const more = (device: WDFDEVICE, rig: Rig): void => {
    const isr = (): boolean => (rig.say(`isr irql=${KeGetCurrentIrql()}`), true);
    interrupt = WdfInterruptCreate(device, { ...WDF_INTERRUPT_CONFIG_INIT(isr), passiveHandling }).interrupt;
    before = WdfInterruptWdmGetInterrupt(interrupt);
  };
  const rig = new Rig({ more, interruptLines: [{ irql: 7 }] });
  expect(before, "before the interrupt is connected").toBe(0);
  return { rig, interrupt, object: rig.run(() => WdfInterruptWdmGetInterrupt(interrupt)) };
}

describe("WdfInterruptWdmGetInterrupt", () => {
  it("is NULL while the interrupt is not connected", () => {
    const { rig, interrupt, object } = withInterrupt();
    expect(object).not.toBe(0);
    rig.run(() => WdfInterruptDisable(interrupt));
    expect(rig.run(() => WdfInterruptWdmGetInterrupt(interrupt))).toBe(0);
  });
});

describe("KeSynchronizeExecution", () => {
  it("calls the routine at DIRQL, with the context; the byte it returns is handed back unchanged", () => {
    const { rig, object } = withInterrupt();
    const seen = rig.run(() => {
      const routine = (context: number): number => (rig.say(`${context} irql=${KeGetCurrentIrql()}`), 7);
      return [KeSynchronizeExecution(object, routine, 5), KeSynchronizeExecution(object, () => false, 0), KeGetCurrentIrql()];
    });
    expect(seen).toEqual([7, 0, Irql.Passive]);
    rig.expect("5 irql=7");
  });

  it("keeps the ISR out while the routine runs", () => {
    const { rig, object } = withInterrupt();
    rig.run(() => KeSynchronizeExecution(object, () => {
      rig.interruptLines[0].raise();
      rig.say("end");
      return true;
    }, 0));
    rig.expect("end", "isr irql=7");
  });

  it("of a passive-level interrupt runs at PASSIVE_LEVEL in a critical region", () => {
    const { rig, object } = withInterrupt(true);
    const seen = rig.run(() => KeSynchronizeExecution(object, () => (KeAreApcsDisabled() ? 1 : 0) + KeGetCurrentIrql(), 0));
    expect(seen).toBe(1);
  });

  it("of no connected interrupt is an access violation", () => {
    const { rig } = withInterrupt();
    const routine = (): unknown => KeSynchronizeExecution(0 as PKINTERRUPT, () => true, 0);
    rig.expectBugCheck(routine, BugCheck.SystemThreadExceptionNotHandled, NtStatus.AccessViolation);
  });
});

describe("KeAcquireInterruptSpinLock", () => {
  it("raises to DIRQL and answers the level before", () => {
    const { rig, object } = withInterrupt();
    rig.run(() => {
      const before = KeAcquireInterruptSpinLock(object);
      rig.interruptLines[0].raise();
      rig.say(`held at ${KeGetCurrentIrql()}, was ${before}`);
      KeReleaseInterruptSpinLock(object, before);
    });
    rig.expect("held at 7, was 0", "isr irql=7");
  });
});

describe("KeReleaseInterruptSpinLock", () => {
  it("sets the level to the one given", () => {
    const { rig, object } = withInterrupt();
    const seen = rig.run(() => {
      const before = KeAcquireInterruptSpinLock(object);
      KeReleaseInterruptSpinLock(object, before);
      return KeGetCurrentIrql();
    }, Irql.Dispatch);
    expect(seen).toBe(Irql.Dispatch);
  });
});
