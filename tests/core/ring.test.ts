import { describe, expect, it } from "vitest";
import { NtStatus, WdfIoQueueDispatchType } from "../../bindings/abi";
import { WdfIoQueuePurge, WdfIoQueueStop, WdfRequestComplete } from "../../host/ddi";
import { Rig } from "../support/rig";

describe("the event ring", () => {
  it("a ring of 4 entries does for a purge of 10,000 requests", () => {
    const rig = new Rig({ ring: 4, queue: { dispatchType: WdfIoQueueDispatchType.Manual } });
    const sent = Array.from({ length: 10_000 }, () => rig.sendRead(1));
    rig.run(() => WdfIoQueuePurge(rig.queue));
    expect(sent.every(({ status }) => status === NtStatus.Cancelled)).toBe(true);
    expect(rig.lines.length).toBe(10_000);
    expect(rig.lines[9_999]).toBe("done r10000 STATUS_CANCELLED 0");
    rig.lines.length = 0;
  });

  it("tells the same, in the same order, whatever its size", () => {
    const told = [4, 8, 1024].map((ring) => {
      const rig = new Rig({ ring });
      for (let i = 0; i < 50; i++) rig.sendWrite(1 + i);
      rig.run(() => WdfIoQueueStop(rig.queue, () => void rig.say("stopped")));
      rig.sendRead(7);
      for (const request of rig.kept.splice(0)) {
        rig.run(() => WdfRequestComplete(request, NtStatus.Success));
      }
      return rig.lines.splice(0);
    });
    expect(told[0]).toEqual(told[2]);
    expect(told[1]).toEqual(told[2]);
    expect(told[0].at(-1)).toBe("stopped");
  });
});
