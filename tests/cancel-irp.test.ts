// IoCancelIrp, and the cancel routine of a driver that is not the framework's.

import { describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import { NtStatus } from "../host/ddi";
import { callWith } from "../host/ddi/call";
import type { LowerIrp } from "../host/lower";
import { Rig } from "./support/rig";

/** IoCancelIrp from a system thread: what it returns. */
function cancel(rig: Rig, handle: number): boolean {
  const { machine } = rig.system;
  return rig.run(() => {
    let result = 0;
    void callWith(machine, "IoCancelIrp", () => (result = machine.exports.cancel(handle)));
    return result !== 0;
  });
}

describe("IoCancelIrp", () => {
  it("without a cancel routine returns FALSE and sets Cancel (K-330)", () => {
    const rig = new Rig();
    rig.sendRead(4);
    expect(cancel(rig, rig.request)).toBe(false);
    expect(rig.run(() => wdf.WdfRequestIsCanceled(rig.request))).toBe(true);
    rig.expect("EvtIoRead r1 length=4");
  });

  it("finds no cancel routine once it runs: a second call returns FALSE (K-331)", () => {
    const irps: LowerIrp[] = [];
    const inside: number[] = [];
    const rig: Rig = new Rig({
      place: {
        lower: {
          dispatch: (irp) => {
            irps.push(irp);
            irp.pend(() => {
              inside.push(rig.system.machine.exports.cancel(irp.handle));
              irp.complete(NtStatus.Cancelled);
            });
          },
        },
      },
      queue: {
        evtIoRead: (_queue, request) => {
          wdf.WdfRequestFormatRequestUsingCurrentType(request);
          wdf.WdfRequestSetCompletionRoutine(request, (back) => wdf.WdfRequestComplete(back, NtStatus.Cancelled));
          wdf.WdfRequestSend(request, wdf.WdfDeviceGetIoTarget(rig.device));
        },
      },
    });
    rig.sendRead(4);
    expect(cancel(rig, irps[0].handle)).toBe(true);
    expect(inside).toEqual([0]);
    rig.expect("done r1 STATUS_CANCELLED 0");
  });
});
