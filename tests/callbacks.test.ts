// The table of callbacks stays small whatever closures a driver makes for single calls and single requests.

import { describe, expect, it } from "vitest";
import { FindingId, NtStatus, WdfIoQueueDispatchType } from "../bindings/abi";
import type { WDFINTERRUPT } from "../bindings/handles";
import * as wdf from "../host/ddi";
import { ProtocolError } from "../host/errors";
import { Rig } from "./support/rig";

const CALLS = 100_000;
const QUIET = { verifier: false, driverVerifier: false, rules: false };

function routines(rig: Rig): number {
  return rig.system.machine.callbacks.all.length;
}

function withInterrupt(): { rig: Rig; interrupt: WDFINTERRUPT } {
  let interrupt!: WDFINTERRUPT;
  const more = (device: wdf.WDFDEVICE): void => {
    interrupt = wdf.WdfInterruptCreate(device, wdf.WDF_INTERRUPT_CONFIG_INIT(() => true)).interrupt;
  };
  return { rig: new Rig({ ...QUIET, more }), interrupt };
}

describe("the table of callbacks", () => {
  it(`does not grow with ${CALLS} calls of WdfInterruptSynchronize`, () => {
    const { rig, interrupt } = withInterrupt();
    let sum = 0;
    const before = routines(rig);
    rig.run(() => {
      for (let n = 0; n < CALLS; n++) wdf.WdfInterruptSynchronize(interrupt, (_, context) => (sum += context) > 0, n);
    });
    expect(sum).toBe((CALLS * (CALLS - 1)) / 2);
    expect(routines(rig)).toBeLessThanOrEqual(before + 1);
  });

  it("nor with calls within calls, or refused ones", () => {
    const { rig, interrupt } = withInterrupt();
    const order: string[] = [];
    rig.run(() => {
      for (let n = 0; n < 10; n++) {
        const other = rig.system.machine.callbacks.once(() => 0);
        wdf.WdfInterruptSynchronize(interrupt, () => {
          rig.system.machine.callbacks.release(other);
          order.push("called");
          return wdf.KeGetCurrentIrql() > 2;
        }, 0);
      }
    });
    expect(order).toHaveLength(10);
    const before = routines(rig);
    const passive = rig.run(() => wdf.KeInitializeDpc(() => {}));
    expect(passive).toBeGreaterThan(0);
    expect(routines(rig)).toBe(before + 1);
  });

  it(`does not grow with ${CALLS / 10} threads of PsCreateSystemThread`, () => {
    const rig = new Rig({ ...QUIET, objects: 1_000_000 });
    let ran = 0;
    const before = routines(rig);
    rig.run(() => {
      for (let n = 0; n < CALLS / 10; n++) {
        wdf.PsCreateSystemThread((step) => void (ran += step), 1);
        if (n % 100 === 0) wdf.KeDelayExecutionThread(0, false, 0);
      }
    });
    expect(ran).toBe(CALLS / 10);
    expect(routines(rig)).toBeLessThanOrEqual(before + 101);
  });

  it(`does not grow with ${CALLS} requests that are marked cancelable with closures of their own`, () => {
    let marked = 0;
    const cancelled: string[] = [];
    const evtIoRead = (_: wdf.WDFQUEUE, request: wdf.WDFREQUEST): void => {
      const name = `r${++marked}`;
      wdf.WdfRequestMarkCancelable(request, (one) => {
        cancelled.push(name);
        wdf.WdfRequestComplete(one, NtStatus.Cancelled);
      });
      if (marked % 1000 === 0) return;
      if (wdf.WdfRequestUnmarkCancelable(request) === NtStatus.Success) wdf.WdfRequestComplete(request, NtStatus.Success);
    };
    const rig = new Rig({ ...QUIET, queue: { dispatchType: WdfIoQueueDispatchType.Parallel, evtIoRead } });
    for (let n = 1; n <= CALLS; n++) {
      const irp = rig.sendRead(1);
      rig.lines.length = 0;
      if (n % 1000 === 0) irp.cancel();
      rig.lines.length = 0;
    }
    expect(cancelled).toHaveLength(CALLS / 1000);
    expect(cancelled[3]).toBe("r4000");
    expect(routines(rig)).toBeLessThan(1000);
  }, 60_000);
});

describe("a request that is marked cancelable a second time", () => {
  it("is cancelled by the first routine: the second call is refused", () => {
    const said: string[] = [];
    const rig = new Rig();
    const irp = rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    rig.run(() => {
      for (const name of ["first", "second"]) {
        wdf.WdfRequestMarkCancelable(rig.request, (request) => {
          said.push(name);
          wdf.WdfRequestComplete(request, NtStatus.Cancelled);
        });
      }
    });
    irp.cancel();
    expect(said).toEqual(["first"]);
    rig.lines.length = 0;
    rig.expectFindings(FindingId.IsCancelable);
  });
});

describe("a routine for one call", () => {
  it("is refused when it is an async function", () => {
    const { rig, interrupt } = withInterrupt();
    const asynchronous = (async () => true) as unknown as () => boolean;
    expect(() => rig.run(() => wdf.WdfInterruptSynchronize(interrupt, asynchronous, 0))).toThrow(ProtocolError);
  });
});
