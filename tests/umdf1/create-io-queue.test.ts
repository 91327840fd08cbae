// IWDFDevice::CreateIoQueue: which interfaces are looked for, what they get, which combinations are refused.

import { describe, expect, it } from "vitest";
import { FindingId, WdfIoQueueDispatchType, WdfRequestType } from "../../bindings/abi";
import { isOneEditAway } from "../../host/misspelled";
import {
  E_OUTOFMEMORY,
  ERROR_BAD_CONFIGURATION,
  HRESULT_FROM_WIN32,
  type HRESULT,
  type InterfaceName,
  type QueueCallbackObject,
  S_OK,
  WdfTriState,
} from "../../host/umdf1";
import { UmdfRig, type UmdfOptions } from "../support/umdf-rig";

const { Sequential, Parallel, Manual } = WdfIoQueueDispatchType;
const BAD = HRESULT_FROM_WIN32(ERROR_BAD_CONFIGURATION);
const nothing = (): void => {};

const HANDLERS: readonly [InterfaceName, QueueCallbackObject][] = [
  ["IQueueCallbackCreate", { OnCreateFile: nothing }],
  ["IQueueCallbackDefaultIoHandler", { OnDefaultIoHandler: nothing }],
  ["IQueueCallbackDeviceIoControl", { OnDeviceIoControl: nothing }],
  ["IQueueCallbackRead", { OnRead: nothing }],
  ["IQueueCallbackWrite", { OnWrite: nothing }],
];

/** What CreateIoQueue answers. */
function create(object: QueueCallbackObject | null, type: WdfIoQueueDispatchType, isDefault = false): HRESULT {
  let hr: HRESULT = 1;
  new UmdfRig({ device: (device) => void (hr = device.CreateIoQueue(object, isDefault, type, false, false).hr) });
  return hr;
}

/** A rig whose default queue has that callback object. */
function rigWith(object: (rig: UmdfRig) => QueueCallbackObject, type = Parallel, options: UmdfOptions = {}): UmdfRig {
  return new UmdfRig({
    ...options,
    device: (device, rig) => expect(device.CreateIoQueue(object(rig), true, type, false, false).hr).toBe(S_OK),
  });
}

/** Methods that say what they got and complete. */
function speaking(rig: UmdfRig): Required<Pick<QueueCallbackObject, "OnRead" | "OnWrite" | "OnDeviceIoControl" | "OnCreateFile" | "OnDefaultIoHandler">> {
  return {
    OnRead: (queue, request, bytes) => (rig.say(`OnRead ${rig.name(queue)} ${rig.name(request)} ${bytes}`), request.Complete(S_OK)),
    OnWrite: (queue, request, bytes) => (rig.say(`OnWrite ${rig.name(queue)} ${rig.name(request)} ${bytes}`), request.Complete(S_OK)),
    OnDeviceIoControl: (queue, request, code, input, output) => {
      rig.say(`OnDeviceIoControl ${rig.name(queue)} ${rig.name(request)} ${code.toString(16)} in=${input} out=${output}`);
      request.Complete(S_OK);
    },
    OnCreateFile: (queue, request, file) => {
      rig.say(`OnCreateFile ${rig.name(queue)} ${rig.name(request)} ${file.handle === request.GetFileObject()!.handle}`);
      request.Complete(S_OK);
    },
    OnDefaultIoHandler: (queue, request) => {
      rig.say(`OnDefaultIoHandler ${rig.name(queue)} ${rig.name(request)} ${WdfRequestType[request.GetType()]}`);
      request.Complete(S_OK);
    },
  };
}

describe("CreateIoQueue", () => {
  it.each(HANDLERS)("%s is one of the five interfaces a driver registers when it creates a queue (K-269, K-270)", (_name, object) => {
    expect(create(object, Parallel)).toBe(S_OK);
    expect(create(object, Sequential, true)).toBe(S_OK);
  });

  it("asks the object's QueryInterface for each interface once, and never calls one that it answers with E_NOINTERFACE (K-271, Q-208)", () => {
    const asked: InterfaceName[] = [];
    const rig = rigWith((self) => {
      const { OnRead, OnWrite } = speaking(self);
      return {
        OnRead,
        OnWrite,
        QueryInterface(this: object, iid) {
          asked.push(iid);
          return iid === "IQueueCallbackRead" ? this : null;
        },
      };
    });
    const handlers = HANDLERS.map(([name]) => name);
    const others = ["IQueueCallbackIoStop", "IQueueCallbackIoResume", "IQueueCallbackIoCanceledOnQueue", "IQueueCallbackStateChange", "IObjectCleanup"];
    expect([...asked].sort()).toEqual([...handlers, ...others].sort());
    rig.write();
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0");
    rig.read();
    rig.expect("OnRead q2 r2 4", "done r2 STATUS_SUCCESS 0");
  });

  it("calls the methods of the object QueryInterface gives", () => {
    const rig = rigWith((self) => ({ QueryInterface: (iid) => (iid === "IQueueCallbackRead" ? speaking(self) : null) }));
    rig.read();
    rig.expect("OnRead q2 r1 4", "done r1 STATUS_SUCCESS 0");
  });

  it.each([Sequential, Parallel])("of a queue of type %i with none of the five gives 0x8007064A (K-272, Q-214)", (type) => {
    expect(BAD >>> 0).toBe(0x8007064a);
    expect(create({ OnIoStop: nothing, OnIoResume: nothing, OnCleanup: nothing }, type)).toBe(BAD);
    expect(create(null, type)).toBe(BAD);
  });

  it.each(HANDLERS)("of a manual queue with %s gives 0x8007064A (K-273, Q-214)", (_name, object) => {
    expect(create(object, Manual)).toBe(BAD);
  });

  it("of a manual queue without a callback object succeeds (K-274)", () => {
    expect(create(null, Manual)).toBe(S_OK);
    expect(create({ OnIoStop: nothing, OnIoCanceledOnQueue: nothing }, Manual)).toBe(S_OK);
  });

  it.each([Sequential, Parallel])("of a queue of type %i with IQueueCallbackStateChange is an error (K-278)", (type) => {
    expect(create({ OnRead: nothing, OnStateChange: nothing }, type)).toBe(BAD);
    expect(create({ OnStateChange: nothing }, Manual)).toBe(S_OK);
  });

  it("gives E_OUTOFMEMORY when memory is short", () => {
    const rig = new UmdfRig({});
    rig.system.machine.exports.setLowMemory(1);
    expect(rig.run(() => rig.device.CreateIoQueue(null, false, Manual, false, false))).toEqual({ hr: E_OUTOFMEMORY, queue: null });
    rig.system.machine.exports.setLowMemory(0);
  });
});

describe("the five request handlers", () => {
  it("get queue, request, and what goes with it (K-271, Q-209, Q-210, Q-211)", () => {
    const rig = rigWith(speaking);
    rig.create();
    rig.read(7);
    rig.write(9);
    const done = ["done r1 STATUS_SUCCESS 0", "done r2 STATUS_SUCCESS 0", "done r3 STATUS_SUCCESS 0"];
    rig.expect("OnCreateFile q2 r1 true", done[0], "OnRead q2 r2 7", done[1], "OnWrite q2 r3 9", done[2]);
  });

  it("OnDeviceIoControl gets code, input size, output size in this order (K-277, Q-212)", () => {
    const rig = rigWith(speaking);
    rig.control(5, 0x222004);
    rig.expect("OnDeviceIoControl q2 r1 222004 in=3 out=5", "done r1 STATUS_SUCCESS 0");
  });

  it("OnDefaultIoHandler gets the types for which the object has no own interface (K-275, Q-213)", () => {
    const rig = rigWith((self) => {
      const { OnRead, OnDefaultIoHandler } = speaking(self);
      return { OnRead, OnDefaultIoHandler };
    });
    for (const send of [() => rig.create(), () => rig.read(), () => rig.write(), () => rig.control()]) send();
    expect(rig.lines.splice(0).filter((line) => line.startsWith("On"))).toEqual([
      "OnDefaultIoHandler q2 r1 Create",
      "OnRead q2 r2 4",
      "OnDefaultIoHandler q2 r3 Write",
      "OnDefaultIoHandler q2 r4 DeviceControl",
    ]);
  });

  it("a type without interface and default handler fails with STATUS_INVALID_DEVICE_REQUEST (K-276)", () => {
    const rig = rigWith((self) => ({ OnRead: speaking(self).OnRead, OnCreateFile: speaking(self).OnCreateFile }));
    rig.write();
    rig.control();
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0", "done r2 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it("a filter lets such a type pass to the next driver (K-276)", () => {
    const rig = rigWith((self) => ({ OnRead: speaking(self).OnRead }), Parallel, { init: (init) => init.SetFilter() });
    const passed: number[] = [];
    rig.system.recorder = {
      attach: () => {},
      sent: () => {},
      completed: () => {},
      finding: () => {},
      notice: (kind) => void passed.push(kind),
      ddiCalled: () => {},
      ddiReturned: () => {},
      routineStarted: () => {},
      routineReturned: () => {},
    };
    rig.write();
    expect(passed).toEqual([8]);
    rig.lines.length = 0;
  });

  it("without OnCreateFile and OnDefaultIoHandler creates succeed without the driver", () => {
    const rig = rigWith((self) => ({ OnRead: speaking(self).OnRead }));
    rig.create();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("AutoForwardCreateCleanupClose keeps creates from OnCreateFile", () => {
    const rig = rigWith(speaking, Parallel, { init: (init) => init.AutoForwardCreateCleanupClose(WdfTriState.True) });
    rig.create();
    rig.expect("done r1 STATUS_SUCCESS 0");
  });

  it("run at PASSIVE_LEVEL and may wait, as generator methods", () => {
    const rig = rigWith((self) => ({
      *OnRead(_queue, request) {
        self.say(`OnRead irql=${self.system.machine.exports.currentLevel()}`);
        yield* self.gates.pass(0);
        self.say("goes on");
        yield* request.CompleteWithInformation(S_OK, 2);
      },
    }));
    const gate = rig.gates.add();
    rig.read();
    rig.expect("OnRead irql=0");
    rig.gates.open(gate);
    rig.expect("goes on", "done r2 STATUS_SUCCESS 2");
  });
});

describe("a method that is misspelled", () => {
  it("by one letter has a finding that names it and what was meant", () => {
    const rig = rigWith((self) => ({ ...speaking(self), OnIoStp: nothing }) as QueueCallbackObject);
    rig.expectFindings(FindingId.Umdf1Misspelled);
    expect(rig.system.findings[0].message).toMatch(/\(OnIoStp, OnIoStop\)$/);
  });

  it("in a class is found there, in the device's object, and in the driver's", () => {
    class Queue {
      OnRead = nothing;
      onWrite(): void {}
    }
    const rig = rigWith(() => new Queue() as QueueCallbackObject, Parallel, { callbacks: { OnD0Exti: nothing } as object });
    rig.expectFindings(FindingId.Umdf1Misspelled, FindingId.Umdf1Misspelled);
  });

  it.each([
    ["OnRed", "OnRead"],
    ["OnReadd", "OnRead"],
    ["OnReed", "OnRead"],
    ["OnRaed", "OnRead"],
    ["onread", "OnRead"],
  ])("%s is one edit away from %s", (a, b) => {
    expect([isOneEditAway(a, b), isOneEditAway(b, a)]).toEqual([true, true]);
  });

  it.each(["OnRead", "OnReady1", "OnDrea", "Read", ""])("%s is not", (name) => {
    expect(isOneEditAway(name, "OnRead")).toBe(false);
  });
});
