// K-207: any DDI above its table maximum is a finding. The table is assembly/abi/irql-rules.ts.

import { describe, expect, it } from "vitest";
import { Ddi, FindingId, Irql, highestIrql, lowestIrql } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { WdfDeviceInit } from "../../host/ddi/device";
import { BugCheckError } from "../../host/errors";
import { allowedIrql, levelName } from "../../host/irql";
import { System } from "../../host/system";
import { Rig } from "../support/rig";

const ROWS = Object.keys(Ddi).filter((name) => /^(Wdf|Ke|Ex|Io|Ob|Ps|Zw|Mm|Probe|Interlocked)/.test(name)) as (keyof typeof Ddi)[];

/** Stands for a handle (0), a structure without fields and a callback. */
const noop = (): number => 0;

/** What DDIs that look into a structure are given; the others get zeros. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  KeDelayExecutionThread: [0, false, -1],
  KeWaitForMultipleObjects: [[0], 1, 0, 0, false],
  WdfWaitLockAcquire: [0],
  WdfDeviceInitSetPnpPowerEventCallbacks: [{}, {}],
  WdfDeviceInitSetFileObjectConfig: [{}, {}],
  WdfIoQueueCreate: [0, { dispatchType: 1 }],
  WdfDeviceInitAssignWdmIrpPreprocessCallback: [{ preprocess: new Map() }, noop, 3],
  WdfDeviceCreate: [new WdfDeviceInit(0 as wdf.WDFDRIVER)],
  WdfDeviceInitSetPowerPolicyEventCallbacks: [{}, {}],
  WdfPdoInitSetEventCallbacks: [{}, {}],
  WdfChildListCreate: [0, {}],
  WdfRegistryOpenKey: [null, "Any", 1],
  WdfRegistryCreateKey: [null, "Any", 1, 0],
  ExCreateCallback: [wdf.InitializeObjectAttributes("\\Callback\\Any", 0), false, false],
};

/** Calls a DDI at a level, with arguments that are good for nothing: its first finding. */
function firstFinding(name: string, irql: number, rules = true): string | undefined {
  const system = System.create({ rules });
  try {
    system.thread(() => {
      system.machine.exports.setLevel(irql);
      const ddi = (wdf as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
      return ddi(...(ARGUMENTS[name] ?? [noop, noop, noop, noop]));
    });
  } catch (error) {
    if (system.findings.length === 0 && !(error instanceof BugCheckError)) throw error; // say in ARGUMENTS what it needs
  }
  return system.findings[0]?.message;
}

describe("the IRQL table", () => {
  it("K-207 each row is what the run-time check goes by", () => {
    const system = System.create();
    const { exports } = system.machine;
    system.thread(() => {
      for (const name of ROWS) {
        for (const irql of [Irql.Passive, Irql.Apc, Irql.Dispatch, 7, Irql.DeviceMax, Irql.High]) {
          exports.setLevel(irql);
          const legal = irql <= highestIrql(Ddi[name]) && irql >= lowestIrql(Ddi[name]);
          expect(exports.checkIrql(Ddi[name]), `${name} at ${levelName(irql)}`).toBe(legal ? 0 : 1);
          system.machine.takeNotifications();
        }
      }
      exports.setLevel(Irql.Passive);
    });
    expect(ROWS.length).toBeGreaterThan(250);
    expect(new Set(system.findings.map(({ id }) => id))).toEqual(new Set([FindingId.IrqlTooHigh, FindingId.IrqlTooLow]));
  });

  const functions = Object.keys(wdf).filter((name) => name in Ddi);

  it.each(functions)("K-207 %s above its maximum is a finding that names it, its level and the level allowed", (name) => {
    const row = Ddi[name as keyof typeof Ddi];
    const highest = highestIrql(row);
    const expected = `${name} was called at HIGH_LEVEL: it may not be called above ${levelName(highest)}`;
    if (highest === Irql.High) expect(firstFinding(name, Irql.High) ?? "").not.toMatch(/was called at/);
    else expect(firstFinding(name, Irql.High)).toBe(expected);
    expect(firstFinding(name, Irql.High, false) ?? "").not.toMatch(/was called at/);
  });

  it("a level is written as its documentation writes it", () => {
    expect([Ddi.WdfDeviceCreate, Ddi.KeDelayExecutionThread, Ddi.KeSetEvent, Ddi.WdfInterruptQueueDpcForIsr].map(allowedIrql)).toEqual([
      "PASSIVE_LEVEL",
      "<= APC_LEVEL",
      "<= DISPATCH_LEVEL",
      "<= DIRQL",
    ]);
    expect([Ddi.WdfDpcEnqueue, Ddi.ExReleaseFastMutex, Ddi.WdfSpinLockRelease, Ddi.KeAcquireSpinLockAtDpcLevel].map(allowedIrql)).toEqual([
      "any",
      "APC_LEVEL",
      "DISPATCH_LEVEL",
      ">= DISPATCH_LEVEL",
    ]);
  });

  it("K-133 completing a request above DISPATCH_LEVEL is a finding, and the request is completed", () => {
    const rig = new Rig();
    const read = rig.sendRead(4);
    rig.expect("EvtIoRead r1 length=4");
    rig.run(() => wdf.WdfRequestComplete(rig.request, wdf.NtStatus.Success), 7);
    rig.expect("done r1 STATUS_SUCCESS 0");
    rig.expectFindings(FindingId.IrqlTooHigh);
    expect(read.status).toBe(wdf.NtStatus.Success);
    expect(rig.system.findings[0]).toMatchObject({
      kind: "RuleFinding",
      message: "WdfRequestComplete was called at IRQL 7: it may not be called above DISPATCH_LEVEL",
    });
  });

  it("rules: false makes no such finding", () => {
    const rig = new Rig({ rules: false });
    rig.sendRead(4);
    rig.expect("EvtIoRead r1 length=4");
    rig.run(() => wdf.WdfRequestComplete(rig.request, wdf.NtStatus.Success), 7);
    rig.expect("done r1 STATUS_SUCCESS 0");
  });
});
