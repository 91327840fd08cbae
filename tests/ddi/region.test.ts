// Critical and guarded regions. Evidence: spec of the kernel, §4.3 and its corrections A1, A4, B2.

import { describe, expect, it } from "vitest";
import { BugCheck, DriverVerifierViolation, FindingId, Irql, NtStatus } from "../../bindings/abi";
import {
  KeAreAllApcsDisabled,
  KeAreApcsDisabled,
  KeEnterCriticalRegion,
  KeEnterGuardedRegion,
  KeLeaveCriticalRegion,
  KeLeaveGuardedRegion,
  KeLowerIrql,
  KeRaiseIrql,
  type WDFQUEUE,
  type WDFREQUEST,
  WdfExecutionLevel,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfRequestComplete,
  WdfSynchronizationScope,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { EnterRegionTooHigh, LeaveRegionTooHigh, RegionNotEntered } = DriverVerifierViolation;
const CODE = BugCheck.DriverVerifierDetectedViolation;
const FREE = { driverVerifier: false };

/** One after the other. */
function inOrder(...steps: readonly (() => void)[]): () => void {
  return () => {
    for (const step of steps) step();
  };
}

/** The two predicates, in a thread that does something first. */
function after(rig: Rig, ...steps: readonly (() => void)[]): [boolean, boolean] {
  return rig.run(() => {
    inOrder(...steps)();
    return [KeAreApcsDisabled(), KeAreAllApcsDisabled()];
  });
}

type Region = readonly [enter: () => void, leave: () => void];
const CRITICAL: Region = [KeEnterCriticalRegion, KeLeaveCriticalRegion];
const GUARDED: Region = [KeEnterGuardedRegion, KeLeaveGuardedRegion];

function entering([enter, leave]: Region): void {
  it("regions nest", () => {
    expect(after(new Rig(), enter, enter, leave, () => expect(KeAreApcsDisabled()).toBe(true), leave)).toEqual([false, false]);
  });

  it("above APC_LEVEL is the Stop 0xC4 / 0x11A with Driver Verifier", () => {
    const rig = new Rig();
    rig.expectBugCheck(inOrder(() => void KeRaiseIrql(2), enter), CODE, EnterRegionTooHigh, Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("above APC_LEVEL is counted normally without Driver Verifier", () => {
    const rig = new Rig(FREE);
    expect(after(rig, () => void KeRaiseIrql(2), enter, () => void KeLowerIrql(0), leave)).toEqual([false, false]);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });

  it("a system thread that ends in a region is the Stop KERNEL_APC_PENDING_DURING_EXIT with Driver Verifier", () => {
    const rig = new Rig();
    rig.expectBugCheck(() => void rig.system.thread(enter), BugCheck.KernelApcPendingDuringExit, 0, -1, Irql.Passive);
  });

  it("a system thread that ends in a region is a finding without Driver Verifier", () => {
    const rig = new Rig(FREE);
    rig.system.thread(enter);
    rig.expectFindings(FindingId.ThreadEndedUnbalanced);
  });

  it("K-206 an event callback that returns in a region it entered is the Stop WDF_VIOLATION / CRITICAL_REGION_MISMATCH", () => {
    const rig = new Rig({ queue: { evtIoRead: enter } });
    rig.expectStop(() => rig.sendRead(1, {}), 0xf);
  });
}

function leaving([enter, leave]: Region): void {
  it("K-204 without enter is the Stop 0xC4 / 0x3E with Driver Verifier", () => {
    const rig = new Rig();
    rig.expectBugCheck(leave, CODE, RegionNotEntered);
  });

  it("K-316 without enter makes APCs disabled until the next enter, without Driver Verifier", () => {
    const rig = new Rig(FREE);
    expect(after(rig, leave, () => expect(KeAreApcsDisabled()).toBe(true), enter)).toEqual([false, false]);
    rig.expectFindings(FindingId.RegionNotEntered);
  });

  it("above APC_LEVEL is the Stop 0xC4 / 0x11B with Driver Verifier", () => {
    const rig = new Rig();
    rig.expectBugCheck(inOrder(enter, () => void KeRaiseIrql(2), leave), CODE, LeaveRegionTooHigh, Irql.Dispatch);
    rig.expectFindings(FindingId.IrqlTooHigh);
  });
}

describe("KeEnterCriticalRegion", () => {
  entering(CRITICAL);
});

describe("KeLeaveCriticalRegion", () => {
  leaving(CRITICAL);
});

describe("KeEnterGuardedRegion", () => {
  entering(GUARDED);
});

describe("KeLeaveGuardedRegion", () => {
  leaving(GUARDED);
});

describe("KeAreApcsDisabled", () => {
  it("is TRUE in a critical and in a guarded region", () => {
    const seen = new Rig().run(() => {
      KeEnterCriticalRegion();
      const critical = [KeAreApcsDisabled(), KeAreAllApcsDisabled()];
      KeLeaveCriticalRegion();
      KeEnterGuardedRegion();
      const guarded = [KeAreApcsDisabled(), KeAreAllApcsDisabled()];
      KeLeaveGuardedRegion();
      return [critical, guarded];
    });
    expect(seen).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it("K-314 at raised IRQL with both counts 0 is FALSE; KeAreAllApcsDisabled is TRUE", () => {
    const seen = new Rig().run(() => {
      const before = KeRaiseIrql(Irql.Apc);
      const answer = [KeAreApcsDisabled(), KeAreAllApcsDisabled()];
      KeLowerIrql(before);
      return answer;
    });
    expect(seen).toEqual([false, true]);
  });

  it("K-065 handlers called at PASSIVE_LEVEL run inside a critical region when delivered inline", () => {
    let disabled = false;
    const evtIoRead = (): void => {
      disabled = KeAreApcsDisabled();
    };
    new Rig({ queue: { evtIoRead } }).sendRead(1);
    expect(disabled).toBe(true);
  });
});

/** Whether each EvtIoRead of a rig found APCs disabled, and whether its sender does afterwards. */
function inHandlers(options: RigOptions, act: (rig: Rig) => void): boolean[] {
  const seen: boolean[] = [];
  const evtIoRead = (_: WDFQUEUE, request: WDFREQUEST): void => {
    seen.push(KeAreApcsDisabled());
    WdfRequestComplete(request, NtStatus.Success);
  };
  const rig = new Rig({ ...options, queue: { evtIoRead } });
  act(rig);
  rig.lines.length = 0;
  return [...seen, rig.run(() => KeAreApcsDisabled())];
}

describe("a handler called at PASSIVE_LEVEL", () => {
  const twice = (rig: Rig): void => {
    rig.sendRead(1);
    rig.sendRead(1, {});
  };
  const started = (rig: Rig): void => {
    rig.run(() => WdfIoQueueStop(rig.queue));
    rig.sendRead(1);
    rig.run(() => WdfIoQueueStart(rig.queue));
  };
  const deferred = (rig: Rig): void => rig.sendRead(1, { irql: Irql.Dispatch }) && undefined;
  const passive = { executionLevel: WdfExecutionLevel.Passive };

  it("Q-045 runs in a critical region: on arrival, on Start, from a work item", () => {
    expect(inHandlers({}, twice)).toEqual([true, true, false]);
    expect(inHandlers({}, started)).toEqual([true, false]);
    expect(inHandlers({ deviceAttributes: passive }, started)).toEqual([true, false]);
    expect(inHandlers({ deviceAttributes: passive }, deferred)).toEqual([true, false]);
    expect(inHandlers({ verifier: false, driverVerifier: false, rules: false }, twice)).toEqual([true, true, false]);
  });

  it("one called at DISPATCH_LEVEL does not", () => {
    expect(inHandlers({ deviceAttributes: { synchronizationScope: WdfSynchronizationScope.Device } }, started)).toEqual([false, false]);
    expect(inHandlers({}, deferred)).toEqual([false, false]);
  });
});

describe("KeAreAllApcsDisabled", () => {
  it("is FALSE at PASSIVE_LEVEL outside a guarded region", () => {
    expect(after(new Rig())).toEqual([false, false]);
  });
});
