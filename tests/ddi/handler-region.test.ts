// In which critical region a handler of a queue runs. Evidence: spec of the queue, Q-045; fxpkgio.cpp, DispatchStep2.

import { describe, it } from "vitest";
import { Irql } from "../../bindings/abi";
import {
  KeAreApcsDisabled,
  NtStatus,
  WdfExecutionLevel,
  WdfIoQueueDispatchType,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfRequestComplete,
  type WDFREQUEST,
} from "../../host/ddi";
import { Rig } from "../support/rig";

describe("EvtIoRead", () => {
  it("called for an arrival runs in a critical region; for a completion, Start or in a work item it does not (Q-045)", () => {
    const rig: Rig = new Rig({
      attributes: { executionLevel: WdfExecutionLevel.Passive },
      queue: {
        dispatchType: WdfIoQueueDispatchType.Sequential,
        evtIoRead: (_queue, request) => {
          rig.say(`EvtIoRead ${String(KeAreApcsDisabled())} irql=${rig.level}`);
          kept.push(request);
        },
      },
    });
    const kept: WDFREQUEST[] = [];
    const complete = (): void => rig.run(() => void WdfRequestComplete(kept.shift()!, NtStatus.Success));
    const done = (name: string): string => `done ${name} STATUS_SUCCESS 0`;
    rig.sendRead(1);
    rig.sendRead(1);
    rig.expect("EvtIoRead true irql=0");
    complete();
    rig.expect(done("r1"), "EvtIoRead false irql=0");
    rig.run(() => WdfIoQueueStop(rig.queue));
    complete();
    rig.sendRead(1);
    rig.expect(done("r2"));
    rig.run(() => WdfIoQueueStart(rig.queue));
    rig.expect("EvtIoRead false irql=0");
    complete();
    rig.expect(done("r3"));
    rig.sendRead(1, { irql: Irql.Dispatch });
    rig.expect("EvtIoRead false irql=0");
    complete();
    rig.expect(done("r4"));
  });
});
