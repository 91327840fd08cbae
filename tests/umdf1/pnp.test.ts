// IPnpCallback, IPnpCallbackHardware, IPnpCallbackSelfManagedIo, IQueueCallbackIoStop and IoResume: a device's power.

import { describe, expect, it } from "vitest";
import { WdfIoQueueDispatchType } from "../../bindings/abi";
import {
  type DeviceCallbackObject,
  HRESULT_FROM_NT,
  type HRESULT,
  type IWDFDeviceInitialize,
  type IWDFDriver,
  type IWDFIoRequest,
  NtStatus,
  type QueueCallbackObject,
  S_OK,
  umdf1Driver,
} from "../../host/umdf1";
import { System } from "../../host/system";
import { UmdfRig } from "../support/umdf-rig";

const { Parallel } = WdfIoQueueDispatchType;

/** Every method of the three interfaces says its name. */
function speaking(say: (line: string) => void): Required<Omit<DeviceCallbackObject, "QueryInterface" | "OnCleanupFile" | "OnCloseFile" | "OnCleanup">> {
  const yes =
    (name: string) =>
    (_device: object, state?: number): HRESULT => (say(state === undefined ? name : `${name} ${state}`), S_OK);
  const done = (name: string) => (): void => say(name);
  return {
    OnD0Entry: yes("OnD0Entry"),
    OnD0Exit: yes("OnD0Exit"),
    OnSurpriseRemoval: done("OnSurpriseRemoval"),
    OnQueryRemove: yes("OnQueryRemove"),
    OnQueryStop: yes("OnQueryStop"),
    OnPrepareHardware: yes("OnPrepareHardware"),
    OnReleaseHardware: yes("OnReleaseHardware"),
    OnSelfManagedIoInit: yes("Init"),
    OnSelfManagedIoSuspend: yes("Suspend"),
    OnSelfManagedIoRestart: yes("Restart"),
    OnSelfManagedIoStop: yes("Stop"),
    OnSelfManagedIoFlush: done("Flush"),
    OnSelfManagedIoCleanup: done("Cleanup"),
  };
}

function rigWith(callbacks: (say: (line: string) => void) => DeviceCallbackObject, queue?: (rig: UmdfRig) => QueueCallbackObject): UmdfRig {
  const early: string[] = [];
  const rig: UmdfRig = new UmdfRig({
    callbacks: callbacks((line) => void early.push(line)),
    device: (device, self) => void (queue && device.CreateIoQueue(queue(self), true, Parallel, true, false)),
  });
  Object.defineProperty(rig, "lines", { value: early });
  return rig;
}

describe("the device's callback object", () => {
  it("is told of start, sleep, waking and removal in the framework's order", () => {
    const rig = rigWith(speaking);
    rig.expect("OnPrepareHardware", "OnD0Entry 5", "Init");
    const power = rig.system.power(rig.handle);
    power.sleep();
    rig.expect("Suspend", "OnD0Exit 4");
    power.wake();
    rig.expect("OnD0Entry 4", "Restart");
    power.surpriseRemove();
    power.remove();
    rig.expect("OnSurpriseRemoval", "Suspend", "OnD0Exit 5", "OnReleaseHardware", "Flush", "Cleanup");
  });

  it("may veto by an HRESULT", () => {
    const rig = rigWith((say) => ({ ...speaking(say), OnQueryStop: () => HRESULT_FROM_NT(NtStatus.DeviceBusy) }));
    rig.lines.length = 0;
    expect(rig.system.power(rig.handle).stop().result).toBe(NtStatus.DeviceBusy);
    rig.expect();
  });

  it("has an interface only when all its methods are there", () => {
    const rig = rigWith((say) => ({ OnD0Entry: () => (say("OnD0Entry"), S_OK) }));
    rig.expect();
  });
});

describe("OnIoStop and OnIoResume", () => {
  it("are called for requests the driver holds when the device leaves D0 and comes back", () => {
    const kept: IWDFIoRequest[] = [];
    const rig = rigWith(
      () => ({}),
      (self) => ({
        OnRead: (_queue, request) => void kept.push(request),
        OnIoStop: (queue, request, flags) => (self.say(`OnIoStop ${self.name(queue)} ${self.name(request)} ${flags}`), request.StopAcknowledge(false)),
        OnIoResume: (queue, request) => self.say(`OnIoResume ${self.name(queue)} ${self.name(request)}`),
      }),
    );
    rig.read();
    const power = rig.system.power(rig.handle);
    expect(power.sleep().done).toBe(true);
    power.wake();
    rig.run(() => kept[0].Complete(S_OK));
    rig.expect("OnIoStop q2 r1 1", "OnIoResume q2 r1", "done r1 STATUS_SUCCESS 0");
  });
});

describe("IDriverEntry::OnDeinitialize", () => {
  it("is called when the driver is unloaded, which is initialized anew when it comes again", () => {
    const lines: string[] = [];
    const system = System.create();
    const entry = {
      OnInitialize: (): HRESULT => (lines.push("OnInitialize"), S_OK),
      OnDeviceAdd: (driver: IWDFDriver, init: IWDFDeviceInitialize): HRESULT => driver.CreateDevice(init, null).hr,
      OnDeinitialize: () => void lines.push("OnDeinitialize"),
    };
    const module = umdf1Driver("umdf", entry);
    for (let time = 0; time < 2; time++) {
      const { handle } = system.addDevice(module);
      system.power(handle).remove();
      system.unload(module);
    }
    expect(lines).toEqual(["OnInitialize", "OnDeinitialize", "OnInitialize", "OnDeinitialize"]);
  });
});
