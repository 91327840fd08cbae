// Waits of the framework for a queue that last long: what the verifier says. Evidence: spec of the queue, Q-117; globals.cpp.

import { describe, expect, it } from "vitest";
import { FindingId } from "../../bindings/abi";
import {
  KeAreApcsDisabled,
  type WDFQUEUE,
  WdfIoQueueDrainSynchronously,
  WdfIoQueuePurgeSynchronously,
  WdfIoQueueStopSynchronously,
} from "../../host/ddi";
import { waitingThreads } from "../../host/waiting";
import { Rig, type RigOptions } from "../support/rig";

/** A thread that waits, because the driver has a request of the queue. */
function waiting(wait: (queue: WDFQUEUE) => Generator<undefined, void, unknown>, options: RigOptions = {}): Rig {
  const rig = new Rig(options);
  rig.sendRead(1);
  rig.expect("EvtIoRead r1 length=1");
  rig.start(function* () {
    yield* wait(rig.queue);
    rig.say(`returned ${String(KeAreApcsDisabled())}`);
  });
  return rig;
}

const CALLS = { WdfIoQueueStopSynchronously, WdfIoQueueDrainSynchronously, WdfIoQueuePurgeSynchronously };
const MINUTE = 60_000;

describe.each(Object.entries(CALLS))("%s", (_name, call) => {
  it("waits in a critical region (Q-117)", () => {
    const rig = waiting(call);
    expect(waitingThreads(rig.system.machine).map(({ criticalRegion }) => criticalRegion)).toEqual([true]);
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "returned false");
  });

  it("breaks after each minute that it waits, and waits on (Q-117)", () => {
    const rig = waiting(call);
    rig.system.advance(MINUTE - 1);
    rig.expectFindings();
    rig.system.advance(1);
    rig.expectFindings(FindingId.WaitTooLong);
    expect(rig.system.findings.at(-1)).toMatchObject({ kind: "VerifierBreak", objects: [rig.queue, 0] });
    rig.system.advance(2 * MINUTE + 1);
    rig.expectFindings(FindingId.WaitTooLong, FindingId.WaitTooLong);
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "returned false");
    rig.system.advance(5 * MINUTE);
    rig.expectFindings();
  });

  it("says nothing without the verifier (Q-117)", () => {
    const rig = waiting(call, { verifier: false });
    rig.system.advance(3 * MINUTE);
    rig.expectFindings();
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "returned false");
  });
});

describe("a warning of the verifier", () => {
  it("is no deadline: a clock that goes from deadline to deadline does not stop for it", async () => {
    const rig = waiting(WdfIoQueueStopSynchronously);
    await rig.system.run({ autoAdvance: true });
    expect(rig.system.now).toBe(0);
    rig.expectFindings();
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "returned false");
  });

  it("comes at its minute, in the middle of a longer step of the clock", () => {
    const rig = waiting(WdfIoQueueStopSynchronously);
    const moments: number[] = [];
    const { found } = rig.system as unknown as { found: (id: FindingId, first: number, second: number) => void };
    Object.defineProperty(rig.system, "found", {
      value: (id: FindingId, first: number, second: number) => {
        moments.push(rig.system.now);
        found.call(rig.system, id, first, second);
      },
    });
    rig.system.advance(2.5 * MINUTE);
    expect(moments).toEqual([MINUTE, 2 * MINUTE]);
    rig.expectFindings(FindingId.WaitTooLong, FindingId.WaitTooLong);
    rig.complete();
    rig.expect("done r1 STATUS_SUCCESS 0", "returned false");
  });
});
