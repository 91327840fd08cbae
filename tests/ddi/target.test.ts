// WdfIoTarget*: targets, where they lead and their state.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, NtStatus, WdfViolation } from "../../bindings/abi";
import * as wdf from "../../host/ddi";
import {
  WdfIoTargetOpenType as OpenType,
  WdfIoTargetPurgeIoAction as Purge,
  WdfIoTargetSentIoAction as Stop,
  WdfIoTargetState as State,
} from "../../host/ddi";
import { statusName } from "../../host/format";
import type { LowerIrp } from "../../host/lower";
import { System } from "../../host/system";
import { TargetRig } from "../support/target-rig";

function stateOf(rig: TargetRig, target = rig.target): State {
  return rig.run(() => wdf.WdfIoTargetGetState(target));
}

/** A remote target that leads to what is below the rig's device. */
function remote(rig: TargetRig): wdf.WDFIOTARGET {
  const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
  rig.run(() => wdf.WdfIoTargetOpen(target, { type: OpenType.UseExistingDevice, below: rig.device }));
  return target;
}

describe("WdfDeviceGetIoTarget", () => {
  it("is the same target each time, and Started", () => {
    const rig = new TargetRig();
    expect(rig.run(() => wdf.WdfDeviceGetIoTarget(rig.device))).toBe(rig.target);
    expect(stateOf(rig)).toBe(State.Started);
  });

  it("NULL device handle: the Stop WDF_INVALID_HANDLE", () => {
    const rig = new TargetRig();
    rig.expectStop(() => wdf.WdfDeviceGetIoTarget(0 as wdf.WDFDEVICE), WdfViolation.InvalidHandle, 0);
  });
});

describe("WdfIoTargetCreate", () => {
  it("makes a target that reports Started and leads nowhere: formatting fails with STATUS_INVALID_DEVICE_STATE", () => {
    const rig = new TargetRig();
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    expect(stateOf(rig, target)).toBe(State.Started);
    const request = rig.make();
    expect(rig.run(() => wdf.WdfIoTargetFormatRequestForRead(target, request))).toBe(NtStatus.InvalidDeviceState);
  });

  it("above PASSIVE_LEVEL: STATUS_INVALID_DEVICE_REQUEST, with a break", () => {
    const rig = new TargetRig({ rules: false });
    expect(rig.run(() => wdf.WdfIoTargetCreate(rig.device), Irql.Dispatch).status).toBe(NtStatus.InvalidDeviceRequest);
    rig.expectFindings(FindingId.NotPassive);
  });
});

describe("WdfIoTargetOpen", () => {
  it("K-003 its handle is accepted where a target is wanted: what is sent to it goes to the device it was opened for", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const target = remote(rig);
    const request = rig.makeRead(target);
    expect(rig.sendIt(request, undefined, target)).toBe(true);
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0");
  });

  it("K-172 on an open target gives STATUS_INVALID_DEVICE_STATE", () => {
    const rig = new TargetRig();
    const target = remote(rig);
    const again = { type: OpenType.UseExistingDevice, below: rig.device };
    expect(rig.run(() => wdf.WdfIoTargetOpen(target, again))).toBe(NtStatus.InvalidDeviceState);
  });

  it("K-172 Reopen of a target not opened by name: STATUS_INVALID_DEVICE_REQUEST", () => {
    const rig = new TargetRig();
    const target = remote(rig);
    rig.run(() => wdf.WdfIoTargetClose(target));
    expect(rig.run(() => wdf.WdfIoTargetOpen(target, { type: OpenType.Reopen }))).toBe(NtStatus.InvalidDeviceRequest);
  });

  it("by name: a symbolic link of a device of this System, STATUS_OBJECT_NAME_NOT_FOUND without one; can be reopened", () => {
    const rig = new TargetRig({ more: (device) => void wdf.WdfDeviceCreateSymbolicLink(device, "\\DosDevices\\Rig") });
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    const open = (params: wdf.WdfIoTargetOpenParams): string => {
      return statusName(rig.run(() => wdf.WdfIoTargetOpen(target, params) as unknown as number));
    };
    expect(open({ type: OpenType.ByName, targetDeviceName: "Nobody" })).toBe("STATUS_OBJECT_NAME_NOT_FOUND");
    expect(open({ type: OpenType.ByName, targetDeviceName: "Rig" })).toBe("STATUS_SUCCESS");
    rig.run(() => wdf.WdfIoTargetCloseForQueryRemove(target));
    expect(open({ type: OpenType.Reopen })).toBe("STATUS_SUCCESS");
    const request = rig.makeRead(target);
    rig.sendIt(request, undefined, target);
    rig.expect("back d1 STATUS_SUCCESS 0"); // the rig's own queue answers transfers of no bytes itself
  });

  it("nothing named: STATUS_INVALID_PARAMETER", () => {
    const rig = new TargetRig();
    const { target } = rig.run(() => wdf.WdfIoTargetCreate(rig.device));
    expect(rig.run(() => wdf.WdfIoTargetOpen(target, { type: OpenType.UseExistingDevice }))).toBe(NtStatus.InvalidParameter);
  });
});

describe("WdfIoTargetClose", () => {
  it("cancels what is out and waits for it; the target is Closed", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    const target = remote(rig);
    rig.sendIt(rig.makeRead(target), undefined, target);
    rig.run(() => wdf.WdfIoTargetClose(target));
    rig.expect("below: read 0", "below: cancelled", "back d1 STATUS_CANCELLED 0");
    expect(stateOf(rig, target)).toBe(State.Closed);
  });

  it("what waits in it comes back with STATUS_WDF_DEVICE_REMOVED_NOT_SENT", () => {
    const rig = new TargetRig();
    const target = remote(rig);
    rig.run(() => wdf.WdfIoTargetStop(target, Stop.LeaveSentIoPending));
    rig.sendIt(rig.makeRead(target), undefined, target);
    rig.run(() => wdf.WdfIoTargetClose(target));
    rig.expect("back d1 STATUS_WDF_DEVICE_REMOVED_NOT_SENT 0");
  });

  it("cancels requests sent with IGNORE_TARGET_STATE as well", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    const target = remote(rig);
    rig.sendIt(rig.makeRead(target), { flags: wdf.WdfRequestSendOption.IgnoreTargetState }, target);
    rig.run(() => wdf.WdfIoTargetClose(target));
    rig.expect("below: read 0", "below: cancelled", "back d1 STATUS_CANCELLED 0");
  });
});

describe("WdfIoTargetCloseForQueryRemove", () => {
  it("the target is ClosedForQueryRemove and can be opened again", () => {
    const rig = new TargetRig();
    const target = remote(rig);
    rig.run(() => wdf.WdfIoTargetCloseForQueryRemove(target));
    expect(stateOf(rig, target)).toBe(State.ClosedForQueryRemove);
    rig.run(() => wdf.WdfIoTargetOpen(target, { type: OpenType.UseExistingDevice, below: rig.device }));
    expect(stateOf(rig, target)).toBe(State.Started);
  });
});

describe("WdfIoTargetStart", () => {
  it("K-171 of a deleted target that somebody refers to gives STATUS_INVALID_DEVICE_STATE", () => {
    const rig = new TargetRig();
    const target = remote(rig);
    rig.run(() => wdf.WdfObjectReference(target));
    rig.run(() => wdf.WdfObjectDelete(target));
    rig.tell(() => wdf.WdfIoTargetStart(target));
    rig.expect("returned STATUS_INVALID_DEVICE_STATE");
    rig.run(() => wdf.WdfObjectDereference(target));
  });

  it("requests that are cancelled while they wait are not sent", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success } });
    const [first, second] = [rig.makeRead(), rig.makeRead()];
    rig.run(() => wdf.WdfIoTargetStop(rig.target, Stop.CancelSentIo));
    rig.sendIt(first);
    rig.sendIt(second);
    rig.run(() => wdf.WdfRequestCancelSentRequest(first));
    expect(rig.run(() => wdf.WdfIoTargetStart(rig.target))).toBe(NtStatus.Success);
    rig.expect("back d1 STATUS_CANCELLED 0", "below: read 0", "back d2 STATUS_SUCCESS 0");
  });

  it("waits for a stop that waits in another thread", async () => {
    const rig = new TargetRig();
    rig.sendIt(rig.makeRead());
    const stop = rig.start(function* () {
      yield* wdf.WdfIoTargetStop(rig.target, Stop.WaitForSentIoToComplete);
    });
    const start = rig.start(function* () {
      yield* wdf.WdfIoTargetStart(rig.target);
    });
    expect([stop.done, start.done]).toEqual([false, false]);
    rig.answer();
    await Promise.all([stop.finished, start.finished]);
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0");
    expect(stateOf(rig)).toBe(State.Started);
  });
});

describe("WdfIoTargetStop", () => {
  it("K-168 CancelSentIo cancels and waits for sent requests except IGNORE_TARGET_STATE ones", () => {
    const rig = new TargetRig({ lower: { cancelable: true } });
    rig.sendIt(rig.makeRead());
    rig.sendIt(rig.makeRead(), { flags: wdf.WdfRequestSendOption.IgnoreTargetState });
    rig.run(() => wdf.WdfIoTargetStop(rig.target, Stop.CancelSentIo));
    rig.expect("below: read 0", "below: read 0", "below: cancelled", "back d1 STATUS_CANCELLED 0");
    expect(stateOf(rig)).toBe(State.Stopped);
  });

  it("K-169 LeaveSentIoPending returns at once and is legal at DISPATCH_LEVEL", () => {
    const rig = new TargetRig();
    rig.sendIt(rig.makeRead());
    rig.run(() => wdf.WdfIoTargetStop(rig.target, Stop.LeaveSentIoPending), Irql.Dispatch);
    expect(stateOf(rig)).toBe(State.Stopped);
    rig.expect("below: read 0");
  });

  it("WaitForSentIoToComplete returns when the last sent request is back", async () => {
    const rig = new TargetRig();
    rig.sendIt(rig.makeRead());
    const stop = rig.start(function* () {
      yield* wdf.WdfIoTargetStop(rig.target, Stop.WaitForSentIoToComplete);
      rig.say("stopped");
    });
    rig.answer();
    await stop.finished;
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0", "stopped");
  });

  it("above PASSIVE_LEVEL it does not wait: a break, and nothing done", () => {
    const rig = new TargetRig();
    rig.run(() => wdf.WdfIoTargetStop(rig.target, Stop.CancelSentIo), Irql.Dispatch);
    expect(stateOf(rig)).toBe(State.Started);
    rig.expectFindings(FindingId.NotPassive);
  });

  it("an undefined action does nothing", () => {
    const rig = new TargetRig();
    rig.run(() => wdf.WdfIoTargetStop(rig.target, 4 as Stop));
    expect(stateOf(rig)).toBe(State.Started);
  });
});

describe("WdfIoTargetPurge", () => {
  it("K-170 completes pended requests with STATUS_WDF_DEVICE_REMOVED_NOT_SENT", () => {
    const rig = new TargetRig();
    rig.run(() => wdf.WdfIoTargetStop(rig.target, Stop.CancelSentIo));
    rig.sendIt(rig.makeRead());
    rig.run(() => wdf.WdfIoTargetPurge(rig.target, Purge.PurgeIoAndWait));
    rig.expect("back d1 STATUS_WDF_DEVICE_REMOVED_NOT_SENT 0");
    expect(stateOf(rig)).toBe(State.Purged);
  });

  it("PurgeIo cancels what is out and does not wait", () => {
    const rig = new TargetRig();
    rig.sendIt(rig.makeRead());
    rig.run(() => wdf.WdfIoTargetPurge(rig.target, Purge.PurgeIo));
    rig.answer();
    rig.expect("below: read 0", "back d1 STATUS_SUCCESS 0");
  });
});

describe("WdfIoTargetGetState", () => {
  it("Started, Stopped, Purged, Started: what the last call made of it", () => {
    const rig = new TargetRig();
    const states = rig.run(() => {
      const seen = [wdf.WdfIoTargetGetState(rig.target)];
      wdf.WdfIoTargetStop(rig.target, Stop.LeaveSentIoPending);
      seen.push(wdf.WdfIoTargetGetState(rig.target));
      wdf.WdfIoTargetPurge(rig.target, Purge.PurgeIo);
      seen.push(wdf.WdfIoTargetGetState(rig.target));
      wdf.WdfIoTargetStart(rig.target);
      return [...seen, wdf.WdfIoTargetGetState(rig.target)];
    });
    expect(states).toEqual([State.Started, State.Stopped, State.Purged, State.Started]);
  });
});

describe("WdfIoTargetGetDevice", () => {
  it("is the device the target belongs to", () => {
    const rig = new TargetRig();
    expect(rig.run(() => wdf.WdfIoTargetGetDevice(rig.target))).toBe(rig.device);
  });
});

describe("a stack of two devices", () => {
  it("what the upper one sends arrives at the lower one's queue, with the same bytes, and comes back", async () => {
    const system = System.create();
    const lines: string[] = [];
    const lower = (irp: LowerIrp): void => {
      irp.output.fill(5);
      irp.complete(NtStatus.Success, irp.length);
    };
    const forward = (request: wdf.WDFREQUEST, target: wdf.WDFIOTARGET, who: string): void => {
      lines.push(`${who}: ${system.names.name(request)}`);
      wdf.WdfRequestFormatRequestUsingCurrentType(request);
      wdf.WdfRequestSetCompletionRoutine(request, (again, _target, { ioStatus }) => {
        lines.push(`${who} back: ${system.names.name(again)}`);
        wdf.WdfRequestCompleteWithInformation(again, ioStatus.status, ioStatus.information);
      });
      wdf.WdfRequestSend(request, target);
    };
    const driver = (name: string, link: boolean) => ({
      name,
      evtDriverDeviceAdd: (_driver: wdf.WDFDRIVER, init: wdf.WdfDeviceInit): void => {
        const { device } = wdf.WdfDeviceCreate(init);
        const target = wdf.WdfDeviceGetIoTarget(device);
        const dispatchType = wdf.WdfIoQueueDispatchType.Parallel;
        const evtIoRead: wdf.EvtIoRead = (_queue, request) => forward(request, target, name);
        wdf.WdfIoQueueCreate(device, { ...wdf.WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(dispatchType), evtIoRead });
        if (link) wdf.WdfDeviceCreateSymbolicLink(device, "\\DosDevices\\Top");
      },
    });
    const { handle } = system.addDevice(driver("function", false), { lower: { dispatch: lower } });
    system.addDevice(driver("filter", true), { above: handle });
    const file = await system.open("Top");
    const { status, data } = await file.read(3);
    expect([status, ...data]).toEqual([NtStatus.Success, 5, 5, 5]);
    expect(lines).toEqual(["filter: r2", "function: r2'", "function back: r2'", "filter back: r2"]);
    expect(system.findings).toEqual([]);
  });
});
