// Irp, Device.dispatchIrps, DeviceConfig.preprocess and Request.forwardToParent: each calls the DDI it names.

import { describe, expect, it } from "vitest";
import { NtStatus, System, WdfIoQueueDispatchType, WdfRequestType, defineDriver, statusName } from "../../host/index";
import type { Device, Irp, PreprocessConfig, Queue, Suspendable } from "../../host/index";
import type { Observer } from "../../host/observer";
import { WdfTriState } from "../../bindings/abi";
import {
  WDF_IO_QUEUE_CONFIG_INIT,
  WdfDeviceCreate,
  WdfIoQueueCreate,
  WdfPdoInitAllocate,
  WdfPdoInitAllowForwardingRequestToParent,
  type WDFDEVICE,
} from "../../host/ddi";
import { keepers } from "../support/keepers";
import { suspendable } from "../support/members";
import type { Rig } from "../support/rig";
import { Queue as QueueObject } from "../../host/framework/queue";
import { Request } from "../../host/framework/request";

const { Parallel } = WdfIoQueueDispatchType;
const { Read, Write } = WdfRequestType;

/** The rig's device becomes a child of the one it has, with a queue that keeps reads. */
function child(parent: WDFDEVICE, rig: Rig): void {
  const init = WdfPdoInitAllocate(parent);
  WdfPdoInitAllowForwardingRequestToParent(init);
  rig.device = WdfDeviceCreate(init).device;
  const config = { ...WDF_IO_QUEUE_CONFIG_INIT(Parallel), ...keepers(rig, ["Read"]), defaultQueue: true };
  WdfIoQueueCreate(rig.device, { ...config, powerManaged: WdfTriState.False });
}

suspendable("Request.forwardToParent", {
  calls: ["WdfRequestForwardToParentDeviceIoQueue(r1, q1, 1)"],
  options: { more: child },
  act: (rig) => new Request(rig.request).forwardToParent(new QueueObject(rig.queue)),
  result: NtStatus.Success,
});

type Callback = (irp: Irp, device: Device, other: Queue) => Suspendable<NtStatus> | NtStatus;

/** What one read comes to in a device with such callbacks: the DDIs that are called for it, and its result. */
async function read(callbacks: { preprocess?: Callback; dispatch?: Callback }): Promise<{ calls: string[]; result: string }> {
  const system = System.create();
  const calls: string[] = [];
  let [device, other] = [undefined as unknown as Device, undefined as unknown as Queue];
  const wrap = (callback: Callback) => (irp: Irp) => callback(irp, device, other) as NtStatus;
  const preprocess: PreprocessConfig[] = [];
  if (callbacks.preprocess) preprocess.push({ majorFunction: Read, minorFunctions: [0], evtDeviceWdmIrpPreprocess: wrap(callbacks.preprocess) });
  system.addDevice(
    defineDriver({
      name: "driver",
      evtDriverDeviceAdd(init) {
        ({ device } = init.createDevice({ symbolicLinks: ["D"], preprocess, evtIoInCallerContext: (to, request) => void to.enqueue(request) }));
        if (callbacks.dispatch) expect(device.dispatchIrps(Read, wrap(callbacks.dispatch))).toBe(NtStatus.Success);
        const evtIoRead = (_queue: Queue, request: Request): void => void request.complete(NtStatus.Success, { information: 1 });
        ({ queue: other } = device.createQueue({ dispatchType: Parallel, evtIoRead }));
        return device.createQueue({ dispatchType: Parallel, defaultQueue: true, evtIoRead }).status;
      },
    }),
  );
  const file = await system.open("D");
  const observer: Observer = {
    ddiCalled: (name, args) => void calls.push(`${name}${name.endsWith("ToIoQueue") ? ` flags=${args[3]}` : ""}`),
    ddiReturned: () => {},
    routineStarted: () => {},
    routineReturned: () => {},
  };
  system.machine.observer = observer;
  const { status, information } = await file.read(4);
  return { calls: calls.filter((name) => /Irp|Enqueue|IoComplete/.test(name)), result: `${statusName(status)} ${information}` };
}

describe("Irp", () => {
  it("tells a dispatch callback what it is, and a preprocess callback nothing", async () => {
    const about: unknown[] = [];
    const tell: Callback = (irp) => {
      about.push(irp.about);
      return irp.handBack();
    };
    await read({ preprocess: tell, dispatch: tell });
    expect(about).toEqual([undefined, { major: Read, minor: 0, code: 0 }]);
  });

  it("handBack calls WdfDeviceWdmDispatchIrp in a dispatch callback", async () => {
    const { calls, result } = await read({ dispatch: (irp) => irp.handBack() });
    expect(calls).toEqual(["WdfDeviceWdmDispatchIrp", "WdfDeviceEnqueueRequest"]);
    expect(result).toBe("STATUS_SUCCESS 1");
  });

  it("handBack sets up the stack location and calls WdfDeviceWdmDispatchPreprocessedIrp in a preprocess callback", async () => {
    const { calls, result } = await read({ preprocess: (irp) => irp.handBack() });
    expect(calls).toEqual(["IoSkipCurrentIrpStackLocation", "WdfDeviceWdmDispatchPreprocessedIrp", "WdfDeviceEnqueueRequest"]);
    expect(result).toBe("STATUS_SUCCESS 1");
  });

  it("dispatchTo calls WdfDeviceWdmDispatchIrpToIoQueue with the flags of the callback it is called in", async () => {
    const plain = await read({ dispatch: (irp, _device, other) => irp.dispatchTo(other) });
    expect(plain.calls).toEqual(["WdfDeviceWdmDispatchIrpToIoQueue flags=0"]);
    const inCaller = await read({ dispatch: (irp, _device, other) => irp.dispatchTo(other, { inCallerContext: true }) });
    expect(inCaller.calls).toEqual(["WdfDeviceWdmDispatchIrpToIoQueue flags=1", "WdfDeviceEnqueueRequest"]);
    const preprocessed = await read({ preprocess: (irp, _device, other) => irp.dispatchTo(other) });
    expect(preprocessed.calls).toEqual(["IoSkipCurrentIrpStackLocation", "WdfDeviceWdmDispatchIrpToIoQueue flags=2"]);
  });

  it("complete calls IoCompleteRequest", async () => {
    const complete: Callback = (irp) => {
      irp.complete(NtStatus.Cancelled, { information: 2 });
      return NtStatus.Cancelled;
    };
    const { calls, result } = await read({ dispatch: complete });
    expect(calls).toEqual(["IoCompleteRequest"]);
    expect(result).toBe("STATUS_CANCELLED 2");
  });

  it("may be kept by a callback that returns STATUS_PENDING, a generator if it waits", async () => {
    const { result } = await read({
      dispatch: function* (irp: Irp) {
        return yield* irp.handBack();
      } as unknown as Callback,
    });
    expect(result).toBe("STATUS_SUCCESS 1");
  });
});

describe("DeviceInit.createDevice with preprocess callbacks", () => {
  it("gives the status of one that is refused", () => {
    const statuses: number[] = [];
    const same: PreprocessConfig = { majorFunction: Write, minorFunctions: [0], evtDeviceWdmIrpPreprocess: () => NtStatus.Success };
    System.create().addDevice(
      defineDriver({
        name: "driver",
        evtDriverDeviceAdd(init) {
          statuses.push(init.createDevice({ preprocess: [same, same] }).status);
          return init.createDevice().status;
        },
      }),
    );
    expect(statuses).toEqual([NtStatus.InvalidDeviceRequest]);
  });
});
