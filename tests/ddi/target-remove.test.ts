// Remote targets whose device is removed: EvtIoTargetQueryRemove, RemoveCanceled and RemoveComplete, and what happens without.

import { describe, expect, it } from "vitest";
import { PnpIrp } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import { NtStatus, WdfIoTargetState as State } from "../../host/ddi";
import { Rig } from "../support/rig";

type Callbacks = Partial<Pick<wdf.WdfIoTargetOpenParams, `evtIoTarget${string}` & keyof wdf.WdfIoTargetOpenParams>>;

/** Says its name; a query answers what it is given. */
function speaking(rig: Rig, name: string, answer: NtStatus = NtStatus.Success): Callbacks {
  return {
    evtIoTargetQueryRemove: () => {
      rig.say(`${name}: QueryRemove`);
      return answer;
    },
    evtIoTargetRemoveCanceled: () => rig.say(`${name}: RemoveCanceled`),
    evtIoTargetRemoveComplete: () => rig.say(`${name}: RemoveComplete`),
  };
}

/** A System with a device called Below that keeps reads, and the rig's device with a remote target to it. */
function remote(callbacks: (rig: Rig) => Callbacks): { rig: Rig; below: wdf.WDFDEVICE; target: wdf.WDFIOTARGET } {
  const rig = new Rig();
  const below = rig.system.addDevice({
    name: "below",
    evtDriverDeviceAdd: (_driver, init) => {
      wdf.WdfDeviceInitSetPnpPowerEventCallbacks(init, {
        evtDeviceQueryRemove: () => {
          rig.say("EvtDeviceQueryRemove");
          return vetoes.has(rig) ? NtStatus.DeviceBusy : NtStatus.Success;
        },
      });
      const { device } = wdf.WdfDeviceCreate(init);
      wdf.WdfDeviceCreateSymbolicLink(device, "\\DosDevices\\Below");
      wdf.WdfIoQueueCreate(device, {
        ...wdf.WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(wdf.WdfIoQueueDispatchType.Parallel),
        allowZeroLengthRequests: true,
        evtIoRead: (_queue, request) => wdf.WdfRequestMarkCancelable(request, (one) => wdf.WdfRequestComplete(one, NtStatus.Cancelled)),
      });
    },
  }).handle;
  return { rig, below, target: open(rig, callbacks(rig)) };
}

const vetoes = new WeakSet<Rig>();

function open(rig: Rig, callbacks: Callbacks): wdf.WDFIOTARGET {
  const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
  const params = { type: wdf.WdfIoTargetOpenType.ByName, targetDeviceName: "\\DosDevices\\Below", ...callbacks };
  rig.tell(() => wdf.WdfIoTargetOpen(target, params));
  rig.expect("returned STATUS_SUCCESS");
  return target;
}

const stateOf = (rig: Rig, target: wdf.WDFIOTARGET): State => rig.run(() => wdf.WdfIoTargetGetState(target));

/** A read that is out at the target. */
function sendRead(rig: Rig, target: wdf.WDFIOTARGET): void {
  rig.run(() => {
    const { request } = wdf.WdfRequestCreate(undefined, target);
    wdf.WdfIoTargetFormatRequestForRead(target, request);
    wdf.WdfRequestSetCompletionRoutine(request, (_request, _target, { ioStatus }) => rig.say(`back ${ioStatus.status}`));
    wdf.WdfRequestSend(request, target);
  });
}

describe("WdfIoTargetOpen by name, and the removal of the device", () => {
  it("calls EvtIoTargetQueryRemove before EvtDeviceQueryRemove, and EvtIoTargetRemoveComplete at the end", () => {
    const { rig, below } = remote((self) => speaking(self, "target"));
    expect(rig.system.sendPnp(below, PnpIrp.QueryRemove).result).toBe(NtStatus.Success);
    rig.expect("target: QueryRemove", "EvtDeviceQueryRemove");
    rig.system.power(below).remove();
    rig.expect("target: RemoveComplete");
  });

  it("lets a callback veto: whoever was asked hears that the removal is cancelled, the device hears nothing", () => {
    const { rig, below } = remote((self) => speaking(self, "first"));
    open(rig, speaking(rig, "second", NtStatus.DeviceBusy));
    open(rig, speaking(rig, "third"));
    expect(rig.system.sendPnp(below, PnpIrp.QueryRemove).result).toBe(NtStatus.DeviceBusy);
    rig.expect("first: QueryRemove", "second: QueryRemove", "first: RemoveCanceled", "second: RemoveCanceled");
  });

  it("calls EvtIoTargetRemoveCanceled when the device vetoes, or the query is cancelled", () => {
    const { rig, below } = remote((self) => speaking(self, "target"));
    vetoes.add(rig);
    rig.system.sendPnp(below, PnpIrp.QueryRemove);
    rig.expect("target: QueryRemove", "EvtDeviceQueryRemove", "target: RemoveCanceled");
    vetoes.delete(rig);
    rig.system.sendPnp(below, PnpIrp.QueryRemove);
    rig.system.sendPnp(below, PnpIrp.CancelRemove);
    rig.expect("target: QueryRemove", "EvtDeviceQueryRemove", "target: RemoveCanceled");
  });

  it("without callbacks closes the target for query-remove, and opens it again", () => {
    const { rig, below, target } = remote(() => ({}));
    sendRead(rig, target);
    rig.expectNothingElse();
    rig.system.sendPnp(below, PnpIrp.QueryRemove);
    expect(stateOf(rig, target)).toBe(State.ClosedForQueryRemove);
    rig.expect(`back ${NtStatus.Cancelled}`, "EvtDeviceQueryRemove");
    rig.system.sendPnp(below, PnpIrp.CancelRemove);
    expect(stateOf(rig, target)).toBe(State.Started);
    sendRead(rig, target);
    rig.expectNothingElse();
  });

  it("without callbacks closes the target for good when the device is gone", () => {
    const { rig, below, target } = remote(() => ({}));
    rig.system.sendPnp(below, PnpIrp.QueryRemove);
    rig.system.power(below).remove();
    expect(stateOf(rig, target)).toBe(State.Closed);
    rig.expect("EvtDeviceQueryRemove");
  });

  it("tells of a surprise removal once, when the device has heard of it", () => {
    const { rig, below } = remote((self) => speaking(self, "target"));
    rig.system.power(below).surpriseRemove();
    rig.expect("target: RemoveComplete");
    rig.system.power(below).remove();
    rig.expectNothingElse();
  });

  it("tells of a surprise removal once, also when the system sleeps before the remove IRP comes", () => {
    const { rig, below } = remote((one) => speaking(one, "target"));
    rig.system.power(below).surpriseRemove();
    rig.expect("target: RemoveComplete");
    rig.system.power(below).sleep();
    rig.system.power(below).remove();
    rig.expectNothingElse();
  });

  it("lets EvtIoTargetQueryRemove close the target and wait for what is out", () => {
    const { rig, below, target } = remote((self) => ({
      *evtIoTargetQueryRemove(one) {
        yield* wdf.WdfIoTargetCloseForQueryRemove(one);
        self.say("closed");
        return NtStatus.Success;
      },
    }));
    sendRead(rig, target);
    expect(rig.system.sendPnp(below, PnpIrp.QueryRemove).result).toBe(NtStatus.Success);
    rig.expect(`back ${NtStatus.Cancelled}`, "closed", "EvtDeviceQueryRemove");
    expect(stateOf(rig, target)).toBe(State.ClosedForQueryRemove);
  });

  it("tells nobody whose target was closed, or leads elsewhere", () => {
    const { rig, below, target } = remote((self) => speaking(self, "target"));
    rig.run(() => wdf.WdfIoTargetClose(target));
    rig.system.sendPnp(below, PnpIrp.QueryRemove);
    rig.expect("EvtDeviceQueryRemove");
  });
});
