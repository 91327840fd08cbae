// Removal: in which order, and what EvtDeviceSurpriseRemoval may not do.

import { describe, expect, it } from "vitest";
import { FindingId, NtStatus, WdfIoQueueDispatchType, WdfTriState } from "../bindings/abi";
import * as wdf from "../host/ddi";
import { Rig, type RigOptions } from "./support/rig";

/** A device all of whose callbacks say that they were called; two queues, the second not power-managed. */
function lifeRig(options: RigOptions = {}): Rig {
  let say = (_line: string): void => {}; // until it is started
  const told = (line: string) => (): NtStatus => (say(line), NtStatus.Success);
  const noticed = (line: string) => (): void => say(line);
  const rig: Rig = new Rig({
    queue: { dispatchType: WdfIoQueueDispatchType.Manual, powerManaged: WdfTriState.True },
    deviceAttributes: { evtCleanupCallback: noticed("EvtCleanup"), evtDestroyCallback: noticed("EvtDestroy") },
    power: {
      evtDeviceD0Exit: (_device, to) => (say(`D0Exit D${to - 1}`), NtStatus.Success),
      evtDeviceReleaseHardware: told("Release"),
      evtDeviceSelfManagedIoInit: told("Init"),
      evtDeviceSelfManagedIoSuspend: told("Suspend"),
      evtDeviceSelfManagedIoFlush: noticed("Flush"),
      evtDeviceSelfManagedIoCleanup: noticed("Cleanup"),
      evtDeviceSurpriseRemoval: noticed("SurpriseRemoval"),
    },
    ...options,
  });
  say = (line) => rig.say(line);
  return rig;
}

describe("removal", () => {
  it("K-258 D0Exit(D3Final), ReleaseHardware, purge of power-managed queues, Flush, purge of the others, Cleanup, EvtCleanup, EvtDestroy", () => {
    const rig = lifeRig();
    const other = rig.run(() =>
      rig.makeQueue({
        dispatchType: WdfIoQueueDispatchType.Manual,
        powerManaged: WdfTriState.False,
        evtIoCanceledOnQueue: (_queue, request) => {
          rig.say(`canceled elsewhere ${rig.name(request)}`);
          wdf.WdfRequestComplete(request, NtStatus.Cancelled);
        },
      }),
    );
    rig.sendRead(1);
    rig.sendRead(2);
    rig.run(() => {
      const { request } = wdf.WdfIoQueueRetrieveNextRequest(rig.queue);
      expect(wdf.WdfRequestForwardToIoQueue(request, other)).toBe(NtStatus.Success);
    });
    rig.system.power(rig.device).remove();
    rig.expect(
      "Suspend", "D0Exit D4", "Release",
      "done r2 STATUS_CANCELLED 0", "Flush",
      "canceled elsewhere r1", "done r1 STATUS_CANCELLED 0", "Cleanup",
      "EvtCleanup", "EvtDestroy",
    );
  });

  it("K-259 EvtDeviceSurpriseRemoval is the first of all callbacks of a surprise removal", () => {
    const rig = lifeRig();
    rig.system.power(rig.device).surpriseRemove();
    rig.expect("SurpriseRemoval", "Suspend", "D0Exit D4", "Release", "Flush");
  });
});

describe("K-268 in EvtDeviceSurpriseRemoval it is a finding", () => {
  /** The findings of a surprise removal in which that is done with the oldest request and its queue. */
  function during(body: (rig: Rig) => void): Rig {
    const rig: Rig = new Rig({
      queue: { powerManaged: WdfTriState.True, evtIoStop: (_queue, request) => wdf.WdfRequestComplete(request, NtStatus.Cancelled) },
      power: { evtDeviceSurpriseRemoval: () => body(rig) },
    });
    rig.sendRead(1);
    rig.system.power(rig.device).surpriseRemove();
    rig.lines.length = 0;
    return rig;
  }

  it.each<readonly [string, (rig: Rig) => void]>([
    ["to complete a request", (rig) => wdf.WdfRequestComplete(rig.request, NtStatus.Cancelled)],
    ["to complete one with information", (rig) => wdf.WdfRequestCompleteWithInformation(rig.request, NtStatus.Cancelled, 0)],
    ["to cancel a sent one", (rig) => void wdf.WdfRequestCancelSentRequest(rig.request)],
    ["to stop a queue", (rig) => void wdf.WdfIoQueueStop(rig.queue)],
    ["to purge a queue", (rig) => void wdf.WdfIoQueuePurge(rig.queue)],
    ["to stop and purge a queue", (rig) => void wdf.WdfIoQueueStopAndPurge(rig.queue)],
    ["to drain a queue", (rig) => void wdf.WdfIoQueueDrain(rig.queue)],
  ])("%s (kmdf-EvtSurpriseRemoveNoRequestComplete, -NoSuspendQueue, kmdf-NoCancelFromEvtSurpriseRemove)", (_what, body) => {
    during(body).expectFindings(FindingId.TooEarlyInSurpriseRemoval);
  });

  it("but not in a callback that another thread runs meanwhile, nor to look at a queue", () => {
    during((rig) => void wdf.WdfIoQueueGetState(rig.queue)).expectNoFindings();
    const rig: Rig = new Rig({
      power: {
        *evtDeviceSurpriseRemoval() {
          yield* wdf.KeDelayExecutionThread(0, false, -10_000);
        },
      },
    });
    rig.sendRead(1);
    rig.system.power(rig.device).surpriseRemove();
    rig.complete();
    rig.system.advance(1);
    rig.expectNoFindings();
    rig.lines.length = 0;
  });
});
