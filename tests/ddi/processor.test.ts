// KeRaiseIrql and its like. Evidence: spec of the kernel, §4.2 and its corrections A2, A3, A5.

import { describe, expect, it } from "vitest";
import { BugCheck, DriverVerifierViolation, FindingId, Irql } from "../../bindings/abi";
import {
  ALL_PROCESSOR_GROUPS,
  KeGetCurrentIrql,
  KeGetCurrentProcessorNumberEx,
  KeLowerIrql,
  KeQueryActiveProcessorCountEx,
  KeRaiseIrql,
  KeRaiseIrqlToDpcLevel,
} from "../../host/ddi";
import { Rig } from "../support/rig";

const FREE = { driverVerifier: false };
const CHECKED = { driverVerifier: false, checkedBuild: true };

describe("KeGetCurrentIrql", () => {
  it("is PASSIVE_LEVEL in a new system thread", () => {
    expect(new Rig().run(() => KeGetCurrentIrql())).toBe(Irql.Passive);
  });
});

describe("KeGetCurrentProcessorNumberEx", () => {
  it("is 0 as long as one processor does for all", () => {
    expect(new Rig({ processors: 4 }).run(() => KeGetCurrentProcessorNumberEx())).toBe(0);
  });
});

describe("KeQueryActiveProcessorCountEx", () => {
  it("counts the processors of the one group there is", () => {
    const counts = new Rig({ processors: 4 }).run(() => [0, 1, ALL_PROCESSOR_GROUPS].map((group) => KeQueryActiveProcessorCountEx(group)));
    expect(counts).toEqual([4, 0, 4]);
  });
});

describe("KeRaiseIrql", () => {
  it("raises the level and answers the one before", () => {
    const levels = new Rig().run(() => {
      const before = KeRaiseIrql(Irql.Dispatch);
      const seen = KeGetCurrentIrql();
      KeLowerIrql(before);
      return [before, seen, KeGetCurrentIrql()];
    });
    expect(levels).toEqual([Irql.Passive, Irql.Dispatch, Irql.Passive]);
  });

  it("to the current level is legal", () => {
    expect(new Rig().run(() => KeRaiseIrql(Irql.Passive))).toBe(Irql.Passive);
  });

  it("K-187 to a lower level is the Stop 0xC4 / 0x30 with Driver Verifier", () => {
    const lower = (): number => {
      KeRaiseIrql(Irql.Dispatch);
      return KeRaiseIrql(Irql.Apc);
    };
    const { RaiseToLower } = DriverVerifierViolation;
    new Rig().expectBugCheck(lower, BugCheck.DriverVerifierDetectedViolation, RaiseToLower, Irql.Dispatch, Irql.Apc);
  });

  it("K-187 to a lower level is the Stop 0x9 on a checked kernel", () => {
    const lower = (): number => {
      KeRaiseIrql(Irql.Dispatch);
      return KeRaiseIrql(Irql.Apc);
    };
    new Rig(CHECKED).expectBugCheck(lower, BugCheck.IrqlNotGreaterOrEqual);
  });

  it("K-187 to a lower level otherwise sets it silently and a finding is recorded", () => {
    const rig = new Rig(FREE);
    const levels = rig.run(() => {
      KeRaiseIrql(Irql.Dispatch);
      const before = KeRaiseIrql(Irql.Apc);
      const seen = KeGetCurrentIrql();
      KeLowerIrql(Irql.Passive);
      return [before, seen];
    });
    expect(levels).toEqual([Irql.Dispatch, Irql.Apc]);
    rig.expectFindings(FindingId.RaisedToLower);
  });

  it("above HIGH_LEVEL is the Stop 0xC4 / 0x30 with Driver Verifier, and rounded down without", () => {
    const { RaiseToLower } = DriverVerifierViolation;
    new Rig().expectBugCheck(() => KeRaiseIrql(31), BugCheck.DriverVerifierDetectedViolation, RaiseToLower, Irql.Passive, 31);
    const seen = new Rig(FREE).run(() => {
      KeRaiseIrql(31);
      const level = KeGetCurrentIrql();
      KeLowerIrql(Irql.Passive);
      return level;
    });
    expect(seen).toBe(Irql.High);
  });
});

describe("KeLowerIrql", () => {
  it("undoes any number of raises at once", () => {
    const level = new Rig().run(() => {
      KeRaiseIrql(Irql.Apc);
      KeRaiseIrql(Irql.Dispatch);
      KeRaiseIrql(Irql.High);
      KeLowerIrql(Irql.Passive);
      return KeGetCurrentIrql();
    });
    expect(level).toBe(Irql.Passive);
  });

  it("K-188 to a higher level is the Stop 0xC4 / 0x31 with Driver Verifier", () => {
    const { LowerToHigher } = DriverVerifierViolation;
    new Rig().expectBugCheck(() => KeLowerIrql(2), BugCheck.DriverVerifierDetectedViolation, LowerToHigher, Irql.Passive, 2);
  });

  it("K-188 to a higher level is the Stop 0xA on a checked kernel", () => {
    new Rig(CHECKED).expectBugCheck(() => KeLowerIrql(Irql.Dispatch), BugCheck.IrqlNotLessOrEqual);
  });

  it("K-188 to a higher level otherwise sets it silently and a finding is recorded", () => {
    const rig = new Rig(FREE);
    const seen = rig.run(() => {
      KeLowerIrql(Irql.Dispatch);
      const level = KeGetCurrentIrql();
      KeLowerIrql(Irql.Passive);
      return level;
    });
    expect(seen).toBe(Irql.Dispatch);
    rig.expectFindings(FindingId.LoweredToHigher);
  });

  it("a Stop of Driver Verifier says what was wrong", () => {
    const rig = new Rig();
    const message = "Stop 0xc4 DRIVER_VERIFIER_DETECTED_VIOLATION / LOWER_TO_HIGHER (0x31, 0x0, 0x2, 0x0)";
    expect(() => rig.run(() => KeLowerIrql(2))).toThrow(message);
  });

  it("a system thread that ends above PASSIVE_LEVEL is the Stop KERNEL_APC_PENDING_DURING_EXIT with Driver Verifier", () => {
    const rig = new Rig();
    const leave = (): void => void rig.system.thread(() => void KeRaiseIrql(Irql.Dispatch));
    rig.expectBugCheck(leave, BugCheck.KernelApcPendingDuringExit, 0, 0, Irql.Dispatch);
  });

  it("a system thread that ends above PASSIVE_LEVEL is a finding without Driver Verifier", () => {
    const rig = new Rig(FREE);
    rig.system.thread(() => void KeRaiseIrql(Irql.Dispatch));
    rig.expectFindings(FindingId.ThreadEndedUnbalanced);
  });
});

describe("KeRaiseIrqlToDpcLevel", () => {
  it("raises to DISPATCH_LEVEL and answers the level before", () => {
    const levels = new Rig().run(() => {
      const before = KeRaiseIrqlToDpcLevel();
      const seen = KeGetCurrentIrql();
      KeLowerIrql(before);
      return [before, seen];
    });
    expect(levels).toEqual([Irql.Passive, Irql.Dispatch]);
  });

  it("above DISPATCH_LEVEL is the Stop 0xC4 / 0x30 with Driver Verifier", () => {
    const rig = new Rig();
    const lower = (): number => {
      KeRaiseIrql(Irql.High);
      return KeRaiseIrqlToDpcLevel();
    };
    rig.expectBugCheck(lower, BugCheck.DriverVerifierDetectedViolation, DriverVerifierViolation.RaiseToLower, Irql.High, Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
});
