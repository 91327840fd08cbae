// The interrupt request levels of x64 and x86 machines (assembly/abi/irql.ts). Evidence: spec of the kernel, §4.1.

import { describe, expect, it } from "vitest";
import { BugCheck, Ddi, DriverVerifierViolation, FindingId, Irql, NtStatus } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { ProtocolError } from "../../host/errors";
import { irqls } from "../../host/irql";
import { System } from "../../host/system";
import { Rig } from "../support/rig";

const X86 = { irqlLevels: "x86" } as const;

describe("irqlLevels", () => {
  it("x64 and x86 have the same levels up to DISPATCH_LEVEL, and others above", () => {
    const low = { PASSIVE_LEVEL: 0, APC_LEVEL: 1, DISPATCH_LEVEL: 2, CMCI_LEVEL: 5 };
    const x64 = { DIRQL: [3, 12], CLOCK_LEVEL: 13, IPI_LEVEL: 14, POWER_LEVEL: 14, PROFILE_LEVEL: 15, HIGH_LEVEL: 15 };
    const x86 = { DIRQL: [3, 26], PROFILE_LEVEL: 27, CLOCK_LEVEL: 28, IPI_LEVEL: 29, POWER_LEVEL: 30, HIGH_LEVEL: 31 };
    expect(irqls("x64")).toEqual({ ...low, ...x64 });
    expect(irqls("x86")).toEqual({ ...low, ...x86 });
  });

  it("the enum Irql has those of x64, which is what a System has unless told otherwise", () => {
    const { irqls: levels } = System.create();
    expect([levels.CMCI_LEVEL, levels.DIRQL[1], levels.CLOCK_LEVEL, levels.IPI_LEVEL, levels.HIGH_LEVEL]).toEqual([
      Irql.Cmci, Irql.DeviceMax, Irql.Clock, Irql.Ipi, Irql.High,
    ]);
    expect(System.create(X86).irqls).toEqual(irqls("x86"));
  });

  it("HIGH_LEVEL is the highest: above it Driver Verifier stops, without it the level is rounded down", () => {
    for (const [irqlLevels, high] of [["x64", 15], ["x86", 31]] as const) {
      new Rig({ irqlLevels }).expectBugCheck(
        () => wdf.KeRaiseIrql(high + 1), BugCheck.DriverVerifierDetectedViolation, DriverVerifierViolation.RaiseToLower, 0, high + 1,
      );
      const free = new Rig({ irqlLevels, driverVerifier: false });
      expect(free.run(() => [wdf.KeRaiseIrql(high + 1), wdf.KeGetCurrentIrql(), wdf.KeLowerIrql(0)])).toEqual([0, high, undefined]);
    }
  });

  it("an x86 machine has interrupts up to level 26", () => {
    const levels: number[] = [];
    const more = (device: wdf.WDFDEVICE): void => {
      const isr = (): boolean => (levels.push(wdf.KeGetCurrentIrql()), true);
      expect(wdf.WdfInterruptCreate(device, wdf.WDF_INTERRUPT_CONFIG_INIT(isr)).status).toBe(NtStatus.Success);
    };
    const rig = new Rig({ ...X86, interruptLines: [{ irql: 26 }], more });
    rig.interruptLines[0].raise();
    expect(levels).toEqual([26]);
    expect(() => System.create(X86).interruptLine({ irql: 27 })).toThrow("a whole number from 3 to 26, not 27");
    expect(() => System.create().interruptLine({ irql: 13 })).toThrow("a whole number from 3 to 12, not 13");
  });

  it("the table of DDIs holds for the levels of the machine: DIRQL is up to 26, HIGH_LEVEL is 31", () => {
    const rig = new Rig({ ...X86, driverVerifier: false });
    const dpc = rig.run(() => wdf.KeInitializeDpc(() => {}));
    rig.run(() => {
      for (const irql of [20, 26]) {
        wdf.KeRaiseIrql(irql);
        expect(rig.system.machine.exports.checkIrql(Ddi.WdfInterruptGetDevice)).toBe(0);
        wdf.KeLowerIrql(0);
      }
      wdf.KeRaiseIrql(31);
      wdf.KeInsertQueueDpc(dpc);
      wdf.KeSetEvent(wdf.KeInitializeEvent(0, false));
      wdf.KeLowerIrql(15);
      wdf.KeSetEvent(wdf.KeInitializeEvent(0, false));
      wdf.KeLowerIrql(0);
    });
    const bound = "it may not be called above DISPATCH_LEVEL";
    expect(rig.system.findings.map(({ message }) => message)).toEqual([
      `KeSetEvent was called at HIGH_LEVEL: ${bound}`,
      `KeSetEvent was called at IRQL 15: ${bound}`,
    ]);
    rig.expectFindings(FindingId.IrqlTooHigh, FindingId.IrqlTooHigh);
  });

  it("is one of two", () => {
    expect(() => System.create({ irqlLevels: "arm" as "x64" })).toThrow(ProtocolError);
  });
});
