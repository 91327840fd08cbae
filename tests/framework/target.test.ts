// IoTarget, and what Request and Device do with targets: each member calls the DDI it names.

import { describe, expect, it } from "vitest";
import { NtStatus, PnpIrp, WdfIoTargetOpenType, WdfIoTargetPurgeIoAction, WdfIoTargetSentIoAction, WdfIoTargetState } from "../../bindings/abi";
import {
  WdfDeviceCreate,
  WdfDeviceCreateSymbolicLink,
  WdfDeviceGetIoTarget,
  WdfIoTargetCreate,
  WdfRequestCreate,
  WdfRequestFormatRequestUsingCurrentType,
} from "../../host/ddi";
import { Device } from "../../host/framework/device";
import { Request, wdfSendOptions } from "../../host/framework/request";
import { IoTarget } from "../../host/framework/target";
import { deviceOf } from "../../host/framework/wrappers";
import { member, suspendable } from "../support/members";
import { Rig } from "../support/rig";
import { TargetRig } from "../support/target-rig";

const targets = new WeakMap<Rig, IoTarget>();
const requests = new WeakMap<Rig, Request>();

/** Done before: the default target is asked for, and a request is made. */
const before = (rig: Rig): void => {
  targets.set(rig, new IoTarget(WdfDeviceGetIoTarget(rig.device)));
  requests.set(rig, new Request(WdfRequestCreate(undefined, targets.get(rig)!.handle).request));
};
const target = (rig: Rig): IoTarget => targets.get(rig)!;
const own = (rig: Rig): Request => requests.get(rig)!;
const received = (rig: Rig): Request => new Request(rig.request);
const failed = { status: NtStatus.InvalidDeviceRequest, bytesReturned: 0 };

member("IoTarget.state", { calls: ["WdfIoTargetGetState(rig:target)"], before, act: (rig) => target(rig).state, result: WdfIoTargetState.Started });
member("IoTarget.device", {
  calls: ["WdfIoTargetGetDevice(rig:target)"],
  before,
  act: (rig) => target(rig).device === deviceOf(rig.device),
  result: true,
});
suspendable("IoTarget.start", { calls: ["WdfIoTargetStart(rig:target)"], before, act: (rig) => target(rig).start() as never, result: 0 });
suspendable("IoTarget.stop", {
  calls: ["WdfIoTargetStop(rig:target, 3)"],
  before,
  act: (rig) => target(rig).stop(WdfIoTargetSentIoAction.LeaveSentIoPending),
});
suspendable("IoTarget.purge", {
  calls: ["WdfIoTargetPurge(rig:target, 2)"],
  before,
  act: (rig) => target(rig).purge(WdfIoTargetPurgeIoAction.PurgeIo),
});
suspendable("IoTarget.formatRead", {
  calls: ["WdfIoTargetFormatRequestForRead(rig:target, d1)"],
  before,
  act: (rig) => target(rig).formatRead(own(rig), { deviceOffset: 8 }) as never,
  result: 0,
});
suspendable("IoTarget.formatWrite", {
  calls: ["WdfIoTargetFormatRequestForWrite(rig:target, d1)"],
  before,
  act: (rig) => target(rig).formatWrite(own(rig)) as never,
  result: 0,
});
suspendable("IoTarget.formatIoctl", {
  calls: ["WdfIoTargetFormatRequestForIoctl(rig:target, d1)"],
  before,
  act: (rig) => target(rig).formatIoctl(own(rig), 1) as never,
  result: 0,
});
suspendable("IoTarget.formatInternalIoctl", {
  calls: ["WdfIoTargetFormatRequestForInternalIoctl(rig:target, d1)"],
  before,
  act: (rig) => target(rig).formatInternalIoctl(own(rig), 1) as never,
  result: 0,
});
suspendable("IoTarget.read", {
  calls: ["WdfIoTargetSendReadSynchronously(rig:target, 0)"],
  before,
  act: (rig) => target(rig).read() as never,
  result: failed,
});
suspendable("IoTarget.write", {
  calls: ["WdfIoTargetSendWriteSynchronously(rig:target, 0)"],
  before,
  act: (rig) => target(rig).write({ buffer: new Uint8Array(2) }) as never,
  result: failed,
});
suspendable("IoTarget.ioctl", {
  calls: ["WdfIoTargetSendIoctlSynchronously(rig:target, d1)"],
  before,
  act: (rig) => target(rig).ioctl(1, {}, { request: own(rig) }) as never,
  result: failed,
});
suspendable("IoTarget.internalIoctl", {
  calls: ["WdfIoTargetSendInternalIoctlSynchronously(rig:target, 0)"],
  before,
  act: (rig) => target(rig).internalIoctl(1) as never,
  result: failed,
});

member("Request.formatUsingCurrentType", {
  calls: ["WdfRequestFormatRequestUsingCurrentType(r1)"],
  act: (rig) => received(rig).formatUsingCurrentType(),
});
member("Request.formatUsingStackLocation", {
  calls: ["WdfRequestWdmFormatUsingStackLocation(r1)"],
  act: (rig) => received(rig).formatUsingStackLocation({ majorFunction: 3, length: 2 }),
});
member("Request.onCompletion", {
  calls: ["WdfRequestSetCompletionRoutine(r1, callback, 7)"],
  act: (rig) => received(rig).onCompletion(() => {}, 7),
});
suspendable("Request.send", {
  calls: ["WdfRequestSend(r1, rig:target)"],
  before: (rig) => {
    before(rig);
    WdfRequestFormatRequestUsingCurrentType(rig.request);
    received(rig).onCompletion(() => {});
  },
  act: (rig) => received(rig).send(target(rig)) as never,
  result: true,
});
suspendable("Request.cancelSent", {
  calls: ["WdfRequestCancelSentRequest(r1)"],
  act: (rig) => received(rig).cancelSent() as never,
  result: false,
});
suspendable("Request.reuse", { calls: ["WdfRequestReuse(d1)"], before, act: (rig) => own(rig).reuse({ status: 0 }) as never, result: 0 });
suspendable("Request.changeTarget", {
  calls: ["WdfRequestChangeTarget(r1, rig:target)"],
  before,
  act: (rig) => received(rig).changeTarget(target(rig)) as never,
  result: 0,
});

member("Device.ioTarget", {
  calls: ["WdfDeviceGetIoTarget(rig)"],
  before,
  act: (rig) => new Device(rig.device).ioTarget?.handle === target(rig).handle,
  result: true,
});
member("Device.createIoTarget", {
  calls: ["WdfIoTargetCreate(rig)"],
  act: (rig) => new Device(rig.device).createIoTarget().status,
  result: 0,
});
member("Device.createRequest", {
  calls: ["WdfDeviceGetIoTarget(rig)", "WdfRequestCreate(rig:target)"],
  before,
  act: (rig) => new Device(rig.device).createRequest().status,
  result: 0,
});

describe("Request.send", () => {
  it("makes WDF_REQUEST_SEND_OPTIONS of its options: a timeout in milliseconds", () => {
    expect(wdfSendOptions({ sendAndForget: true })).toEqual({ flags: 8, timeout: 0 });
    expect(wdfSendOptions({ timeout: 1.5, ignoreTargetState: true, synchronous: true })).toEqual({ flags: 7, timeout: -15_000 });
  });
});

describe("IoTarget.open, close, closeForQueryRemove", () => {
  it("call WdfIoTargetOpen, WdfIoTargetClose, WdfIoTargetCloseForQueryRemove", () => {
    const rig = new TargetRig();
    const states = rig.run(() => {
      const remote = new IoTarget(WdfIoTargetCreate(rig.device).target);
      const seen: unknown[] = [remote.open({ type: WdfIoTargetOpenType.UseExistingDevice, below: rig.device })];
      remote.closeForQueryRemove();
      seen.push(remote.state, remote.open({ type: WdfIoTargetOpenType.UseExistingDevice, below: rig.device }));
      remote.close();
      return [...seen, remote.state];
    });
    expect(states).toEqual([0, WdfIoTargetState.ClosedForQueryRemove, 0, WdfIoTargetState.Closed]);
  });
});

describe("Request.onCompletion", () => {
  it("gives the routine objects: the request, its target, and what it came back with", () => {
    const rig = new TargetRig({ lower: { status: NtStatus.Success, information: 2 } });
    const seen: unknown[] = [];
    rig.sendRead(4);
    rig.run(() => {
      const request = received(rig);
      request.formatUsingCurrentType();
      request.onCompletion((again, to, params) => void seen.push(again.handle, to.handle, params.ioStatus.information, again.completionParams));
      return request.send(new IoTarget(rig.target));
    });
    expect(seen).toEqual([rig.request, rig.target, 2, undefined]);
    rig.lines.length = 0;
    rig.expectFindings(65);
  });
});

describe("IoTarget.open by name", () => {
  it("gives the callbacks about removal the target as an object", () => {
    const rig = new Rig();
    const below = rig.system.addDevice({
      name: "below",
      evtDriverDeviceAdd: (_driver, init) => void WdfDeviceCreateSymbolicLink(WdfDeviceCreate(init).device, "Below"),
    }).handle;
    const told: unknown[] = [];
    const remote = rig.run(() => new IoTarget(WdfIoTargetCreate(rig.device).target));
    const tell = (one: IoTarget): void => void told.push(one.handle === remote.handle);
    const callbacks = {
      evtIoTargetQueryRemove: (one: IoTarget) => (tell(one), NtStatus.DeviceBusy),
      evtIoTargetRemoveCanceled: tell,
      evtIoTargetRemoveComplete: tell,
    };
    rig.run(() => remote.open({ type: WdfIoTargetOpenType.ByName, targetDeviceName: "Below", ...callbacks }));
    expect(rig.system.sendPnp(below, PnpIrp.QueryRemove).result).toBe(NtStatus.DeviceBusy);
    rig.system.power(below).remove();
    expect(told).toEqual([true, true, true]);
  });
});
