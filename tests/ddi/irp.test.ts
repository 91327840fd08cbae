// IRPs before they are requests: preprocess and dispatch callbacks, and what they do with the IRP.

import { describe, expect, it } from "vitest";
import { BugCheck, FindingId, Irql, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  IoCompleteRequest,
  IoCopyCurrentIrpStackLocationToNext,
  IoSkipCurrentIrpStackLocation,
  STATUS_CANCELLED,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_DEVICE_STATE,
  STATUS_INVALID_PARAMETER,
  STATUS_PENDING,
  STATUS_SUCCESS,
  WDF_IO_QUEUE_CONFIG_INIT,
  WdfDeviceConfigureWdmIrpDispatchCallback,
  WdfDeviceCreate,
  WdfDeviceInitAssignWdmIrpPreprocessCallback,
  WdfDeviceWdmDispatchIrp,
  WdfDeviceWdmDispatchIrpToIoQueue,
  WdfDeviceWdmDispatchPreprocessedIrp,
  WdfDeviceGetIoTarget,
  WdfDispatchIrpToIoQueueFlags,
  WdfIoQueueCreate,
  WdfIoQueueDispatchType,
  WdfIoQueuePurge,
  WdfRequestComplete,
  WdfRequestFormatRequestUsingCurrentType,
  WdfRequestSend,
  WdfRequestSetCompletionRoutine,
  type EvtDeviceWdmIrpDispatch,
  type NtStatus,
  type PIRP,
  type WDFQUEUE,
  type WdfDeviceInit,
} from "../../host/ddi";
import type { Suspendable } from "../../host/suspension";
import { Rig, type RigOptions } from "../support/rig";

const { Read, Write, DeviceControl, DeviceControlInternal, Create, FlushBuffers } = WdfRequestType;
const { None, InvokeInCallerContextCallback, PreprocessedIrp } = WdfDispatchIrpToIoQueueFlags;

type Handler = (rig: Rig, irp: PIRP, context: number) => Suspendable<NtStatus> | NtStatus;

/** EvtDeviceWdmIrpDispatch that says what it gets and what it returns. */
function dispatching(rig: Rig, handler: Handler): EvtDeviceWdmIrpDispatch {
  return (_device, major, minor, code, driverContext, irp, context) => {
    const details = `${major}/${minor}${code === 0 ? "" : ` code=0x${code.toString(16)}`}${driverContext === 0 ? "" : ` context=${driverContext}`}`;
    rig.say(`EvtDeviceWdmIrpDispatch ${rig.name(irp)} ${details} at ${Irql[rig.level]}`);
    const status = handler(rig, irp, context) as NtStatus;
    rig.say(`answers ${rig.returned(status).slice("returned ".length)}`);
    return status;
  };
}

/** A rig with a dispatch callback for those major functions. */
function dispatched(handler: Handler, majors: readonly number[] = [Read], options: RigOptions = {}): Rig {
  return new Rig({
    ...options,
    more: (device, rig) => {
      for (const major of majors) {
        const status = WdfDeviceConfigureWdmIrpDispatchCallback(device, undefined, major, dispatching(rig, handler), 7);
        expect(status).toBe(STATUS_SUCCESS);
      }
      options.more?.(device, rig);
    },
  });
}

const back: Handler = (rig, irp, context) => WdfDeviceWdmDispatchIrp(rig.device, irp, context);
const complete: Handler = (_rig, irp) => {
  IoCompleteRequest(irp, STATUS_CANCELLED, 3);
  return STATUS_CANCELLED;
};
const to = (flags: number, queue?: () => WDFQUEUE): Handler => (rig, irp) =>
  WdfDeviceWdmDispatchIrpToIoQueue(rig.device, irp, queue?.() ?? rig.queue, flags);

describe("WdfDeviceConfigureWdmIrpDispatchCallback", () => {
  it("calls EvtDeviceWdmIrpDispatch for each IRP of the major function, with its code and the driver's context", () => {
    const rig = dispatched(back, [Read, DeviceControl]);
    rig.sendRead(4);
    rig.sendWrite(4);
    rig.sendControl(1, 2, 0x222004);
    rig.expect(
      "EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive",
      "EvtIoRead r1 length=4",
      "answers STATUS_PENDING",
      "EvtIoWrite r2 length=4",
      "EvtDeviceWdmIrpDispatch r3 14/0 code=0x222004 context=7 at Passive",
      "done r3 STATUS_INVALID_DEVICE_REQUEST 0",
      "answers STATUS_PENDING",
    );
  });

  it("calls it in the sender's thread, at its level, without a lock", () => {
    const rig = dispatched(back, [Read]);
    expect(rig.sendRead(1, { irql: Irql.Dispatch }).returned).toBe(STATUS_PENDING);
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Dispatch", "EvtIoRead r1 length=1", "answers STATUS_PENDING");
  });

  it.each([Read, Write, DeviceControl, DeviceControlInternal])("takes the major function 0x%x (Q-033)", (major) => {
    dispatched(back, [major]);
  });

  it.each([Create, FlushBuffers, 27, 28, 255])("says STATUS_INVALID_PARAMETER for the major function 0x%x (Q-033)", (major) => {
    let status = 0;
    new Rig({ more: (device, rig) => void (status = WdfDeviceConfigureWdmIrpDispatchCallback(device, undefined, major, dispatching(rig, back))) });
    expect(status).toBe(STATUS_INVALID_PARAMETER);
  });

  it("says STATUS_INVALID_PARAMETER for a major function that has a callback (Q-033)", () => {
    const statuses: number[] = [];
    const configure = (device: Rig["device"], rig: Rig, major: number): void => {
      statuses.push(WdfDeviceConfigureWdmIrpDispatchCallback(device, undefined, major, dispatching(rig, back)));
    };
    new Rig({ more: (device, rig) => [Read, Read, Write].forEach((major) => configure(device, rig, major)) });
    expect(statuses).toEqual([STATUS_SUCCESS, STATUS_INVALID_PARAMETER, STATUS_SUCCESS]);
  });

  it("says STATUS_INVALID_DEVICE_STATE once the device has started (Q-033)", () => {
    const rig = new Rig();
    const late = () => WdfDeviceConfigureWdmIrpDispatchCallback(rig.device, undefined, Read, dispatching(rig, back));
    expect(rig.run(late)).toBe(STATUS_INVALID_DEVICE_STATE);
  });

  it("says STATUS_INSUFFICIENT_RESOURCES when there is no memory", () => {
    let status = 0;
    new Rig({
      more: (device, rig) => {
        rig.lowMemory = true;
        status = WdfDeviceConfigureWdmIrpDispatchCallback(device, undefined, Read, dispatching(rig, back));
        rig.lowMemory = false;
      },
    });
    expect(status).toBe(STATUS_INSUFFICIENT_RESOURCES);
  });

  it("without a callback is the Stop WDF_REQUIRED_PARAMETER_IS_NULL, of a handle that is no device or driver WDF_INVALID_HANDLE (Q-206)", () => {
    const first = new Rig();
    const none = undefined as never;
    const noCallback = () => WdfDeviceConfigureWdmIrpDispatchCallback(first.device, none, Read, none);
    first.expectStop(noCallback, WdfViolation.RequiredParameterIsNull);
    const second = new Rig();
    const noDevice = () => WdfDeviceConfigureWdmIrpDispatchCallback(second.queue as never, none, Read, dispatching(second, back));
    second.expectStop(noDevice, WdfViolation.InvalidHandle, second.queue, ObjectKind.Device);
    const third = new Rig();
    const noDriver = () => WdfDeviceConfigureWdmIrpDispatchCallback(third.device, third.queue as never, Read, dispatching(third, back));
    third.expectStop(noDriver, WdfViolation.InvalidHandle, third.queue, ObjectKind.Driver);
  });
});

describe("WdfDeviceWdmDispatchIrp", () => {
  it("does what the framework would have done: EvtIoInCallerContext, routing, and the answer to return", () => {
    const evtIoInCallerContext: RigOptions["evtIoInCallerContext"] = (_device, request) => rig.say(`EvtIoInCallerContext ${rig.name(request)}`);
    const rig: Rig = dispatched(back, [Read], { evtIoInCallerContext });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_PENDING);
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", "EvtIoInCallerContext r1", "answers STATUS_PENDING");
  });

  it("returns what becomes of the IRP when no queue takes it", () => {
    const rig = dispatched(back, [Read], { queue: null });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_INVALID_DEVICE_REQUEST);
    const lines = ["done r1 STATUS_INVALID_DEVICE_REQUEST 0", "answers STATUS_INVALID_DEVICE_REQUEST"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
  });

  it("returns what the queue that refuses it says", () => {
    const rig = dispatched(back);
    rig.run(() => WdfIoQueuePurge(rig.queue));
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_INVALID_DEVICE_STATE);
    const lines = ["done r1 STATUS_INVALID_DEVICE_STATE 0", "answers STATUS_INVALID_DEVICE_STATE"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
  });

  it("may come after the callback has returned STATUS_PENDING", () => {
    let kept = { irp: 0 as PIRP, context: 0 };
    const rig = dispatched((_rig, irp, context) => {
      kept = { irp, context };
      return STATUS_PENDING as NtStatus;
    });
    rig.sendRead(1);
    rig.tell(() => WdfDeviceWdmDispatchIrp(rig.device, kept.irp, kept.context));
    const lines = ["answers STATUS_PENDING", "EvtIoRead r1 length=1", "returned STATUS_PENDING"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
  });

  it("breaks and completes the IRP with STATUS_INVALID_PARAMETER for a context that is none", () => {
    const rig = dispatched((self, irp, context) => WdfDeviceWdmDispatchIrp(self.device, irp, context + 2));
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_INVALID_PARAMETER);
    const lines = ["done r1 STATUS_INVALID_PARAMETER 0", "answers STATUS_INVALID_PARAMETER"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
    rig.expectFindings(FindingId.DispatchContextInvalid);
  });

  it("in a preprocess callback breaks, because it is for class extensions, and goes on", () => {
    const rig: Rig = new Rig({
      init: (init) => void WdfDeviceInitAssignWdmIrpPreprocessCallback(init, (device, irp) => WdfDeviceWdmDispatchIrp(device, irp, 0x100) as NtStatus, Read),
    });
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    rig.expectFindings(FindingId.DispatchNotExtension);
  });

  it("without an IRP or a context is the Stop WDF_REQUIRED_PARAMETER_IS_NULL", () => {
    const first = new Rig();
    first.expectStop(() => WdfDeviceWdmDispatchIrp(first.device, 0 as PIRP, 1), WdfViolation.RequiredParameterIsNull);
    const second: Rig = dispatched((self, irp) => WdfDeviceWdmDispatchIrp(self.device, irp, 0));
    second.expectStop(() => second.sendRead(1, {}), WdfViolation.RequiredParameterIsNull);
    second.lines.length = 0;
  });

  it("of an IRP that was handed on already is the Stop of one that is used after its end", () => {
    const rig: Rig = dispatched((self, irp, context) => {
      WdfDeviceWdmDispatchIrp(self.device, irp, context);
      return WdfDeviceWdmDispatchIrp(self.device, irp, context);
    });
    rig.expectBugCheck(() => rig.sendRead(1, {}), BugCheck.MultipleIrpCompleteRequests);
    rig.lines.length = 0;
  });
});

describe("WdfDeviceWdmDispatchIrpToIoQueue", () => {
  /** A rig with a second queue, for nothing but what is dispatched to it. */
  function second(flags: number, options: RigOptions & { handlers?: "Read" | "Write" } = {}): Rig {
    let other = 0 as WDFQUEUE;
    const more = (_device: unknown, rig: Rig): void => void (other = rig.makeQueue({ keep: [options.handlers ?? "Read"] }));
    return dispatched(to(flags, () => other), [Read], { ...options, more });
  }

  it("puts the IRP into the queue that the driver chooses", () => {
    const rig = second(None);
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_PENDING);
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", "EvtIoRead q2 r1 length=1", "answers STATUS_PENDING");
  });

  it.each([
    ["is not asked for", None, []],
    ["is asked for", InvokeInCallerContextCallback, ["EvtIoInCallerContext"]],
  ])("EvtIoInCallerContext that %s (Q-035)", (_what, flags, lines) => {
    const rig: Rig = second(flags, { evtIoInCallerContext: () => rig.say("EvtIoInCallerContext") });
    rig.sendRead(1);
    const queued = lines.length === 0 ? ["EvtIoRead q2 r1 length=1"] : [];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines, ...queued, "answers STATUS_PENDING");
  });

  it("breaks and completes the IRP with STATUS_INVALID_PARAMETER when the queue has no handler for it (Q-034)", () => {
    const rig = second(None, { handlers: "Write" });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_INVALID_PARAMETER);
    const lines = ["done r1 STATUS_INVALID_PARAMETER 0", "answers STATUS_INVALID_PARAMETER"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
    rig.expectFindings(FindingId.DispatchToQueueInvalid);
  });

  it("without the verifier queues it and fails it there, when the sender has seen STATUS_PENDING (Q-034)", () => {
    const rig = second(None, { handlers: "Write", verifier: false });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_PENDING);
    const lines = ["done r1 STATUS_INVALID_DEVICE_REQUEST 0", "answers STATUS_PENDING"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
  });

  it("takes any type for a manual queue", () => {
    const rig = dispatched(to(None), [Read], { queue: { dispatchType: WdfIoQueueDispatchType.Manual } });
    rig.sendRead(1);
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", "answers STATUS_PENDING");
    expect(rig.stateOf()).toContain("queued=1");
  });

  it("breaks and refuses flags that are none", () => {
    const rig = second(4);
    rig.sendRead(1);
    const lines = ["done r1 STATUS_INVALID_PARAMETER 0", "answers STATUS_INVALID_PARAMETER"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
    rig.expectFindings(FindingId.DispatchToQueueInvalid);
  });

  it("breaks and refuses a queue of another device", () => {
    let queue = 0 as WDFQUEUE;
    const rig = dispatched(to(None, () => queue));
    rig.system.addDevice({
      name: "second",
      evtDriverDeviceAdd: (_driver, init) => {
        const { device } = WdfDeviceCreate(init);
        const handlers = { evtIoRead: () => rig.say("never") };
        queue = WdfIoQueueCreate(device, { ...WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Parallel), ...handlers }).queue;
      },
    });
    rig.sendRead(1);
    const lines = ["done r1 STATUS_INVALID_PARAMETER 0", "answers STATUS_INVALID_PARAMETER"];
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", ...lines);
    rig.expectFindings(FindingId.DispatchToQueueInvalid);
  });

  it("breaks and refuses an IRP that is no read, write or device control", () => {
    const rig = preprocessing((self, irp) => WdfDeviceWdmDispatchIrpToIoQueue(self.device, irp, self.queue, None) as NtStatus, FlushBuffers);
    rig.send({ major: FlushBuffers });
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "done r1 STATUS_INVALID_PARAMETER 0");
    rig.expectFindings(FindingId.DispatchToQueueInvalid);
  });

  it("from a preprocess callback asks for the flag and the next stack location", () => {
    const rig = preprocessing((self, irp) => {
      IoSkipCurrentIrpStackLocation(irp);
      return WdfDeviceWdmDispatchIrpToIoQueue(self.device, irp, self.queue, PreprocessedIrp) as NtStatus;
    }, Read);
    rig.sendRead(1);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "EvtIoRead r1 length=1");
  });

  it("of handles that are no device, queue or IRP is a Stop (Q-206)", () => {
    const first = new Rig();
    const noDevice = () => WdfDeviceWdmDispatchIrpToIoQueue(first.queue as never, 1 as PIRP, first.queue, None);
    first.expectStop(noDevice, WdfViolation.InvalidHandle, first.queue, ObjectKind.Device);
    const another = new Rig();
    const noQueue = () => WdfDeviceWdmDispatchIrpToIoQueue(another.device, 1 as PIRP, another.device as never, None);
    another.expectStop(noQueue, WdfViolation.InvalidHandle, another.device, ObjectKind.Queue);
    const third = new Rig();
    const noIrp = () => WdfDeviceWdmDispatchIrpToIoQueue(third.device, 0 as PIRP, third.queue, None);
    third.expectStop(noIrp, WdfViolation.RequiredParameterIsNull);
  });
});

/** A rig with a preprocess callback that says what it gets. */
function preprocessing(handler: (rig: Rig, irp: PIRP) => NtStatus, major: number, minors?: readonly number[], options: RigOptions = {}): Rig {
  return new Rig({
    ...options,
    init: (init, rig) => {
      const callback = (_device: unknown, irp: PIRP): NtStatus => {
        rig.say(`EvtDeviceWdmIrpPreprocess ${rig.name(irp)}`);
        return handler(rig, irp);
      };
      expect(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, callback, major, minors)).toBe(STATUS_SUCCESS);
    },
  });
}

const handBack = (rig: Rig, irp: PIRP): NtStatus => {
  IoSkipCurrentIrpStackLocation(irp);
  return WdfDeviceWdmDispatchPreprocessedIrp(rig.device, irp) as NtStatus;
};

/** The statuses of assigning callbacks in turn. */
function assign(body: (init: WdfDeviceInit, push: (status: number) => void, rig: Rig) => void): number[] {
  const statuses: number[] = [];
  new Rig({ init: (init, rig) => body(init, (status) => statuses.push(status), rig) });
  return statuses;
}

const never = (): NtStatus => STATUS_SUCCESS as NtStatus;

describe("WdfDeviceInitAssignWdmIrpPreprocessCallback", () => {
  it("gives the driver each IRP of the major function before the framework", () => {
    const rig = preprocessing(handBack, Read);
    rig.sendRead(1);
    rig.sendWrite(1);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "EvtIoRead r1 length=1", "EvtIoWrite r2 length=1");
  });

  it("lets the driver handle what the framework does not: it completes the IRP itself", () => {
    const rig = preprocessing((_rig, irp) => {
      IoCompleteRequest(irp, STATUS_SUCCESS as NtStatus, 5);
      return STATUS_SUCCESS as NtStatus;
    }, FlushBuffers);
    expect(rig.send({ major: FlushBuffers }, {}).returned).toBe(STATUS_SUCCESS);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "done r1 STATUS_SUCCESS 5");
  });

  it("comes before EvtDeviceWdmIrpDispatch, which comes before the queue", () => {
    const rig = preprocessing(handBack, Read, undefined, {
      more: (device, self) => void WdfDeviceConfigureWdmIrpDispatchCallback(device, undefined, Read, dispatching(self, back)),
    });
    rig.sendRead(1);
    const lines = ["EvtDeviceWdmIrpDispatch r1 3/0 at Passive", "EvtIoRead r1 length=1", "answers STATUS_PENDING"];
    rig.expect("EvtDeviceWdmIrpPreprocess r1", ...lines);
  });

  it("with minor functions is called for these only", () => {
    const rig = preprocessing(handBack, Read, [2, 200]);
    for (const minor of [0, 2, 3, 200]) rig.sendRead(1, { minor });
    rig.expect(
      "EvtIoRead r1 length=1",
      "EvtDeviceWdmIrpPreprocess r2",
      "EvtIoRead r2 length=1",
      "EvtIoRead r3 length=1",
      "EvtDeviceWdmIrpPreprocess r4",
      "EvtIoRead r4 length=1",
    );
  });

  it("copies the list of minor functions: the driver need not keep it", () => {
    const minors = [2];
    const rig = preprocessing(handBack, Read, minors);
    minors[0] = 0;
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
  });

  it("says STATUS_INVALID_DEVICE_REQUEST when minor functions are named again for the same major function", () => {
    const statuses = assign((init, push) => {
      push(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, never, Read, [0]));
      push(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, never, Read, [1]));
      push(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, never, Write, [1]));
    });
    expect(statuses).toEqual([STATUS_SUCCESS, STATUS_INVALID_DEVICE_REQUEST, STATUS_SUCCESS]);
  });

  it("keeps the newest callback of a major function, and the minor functions named before", () => {
    const rig: Rig = new Rig({
      init: (init, self) => {
        const says = (what: string) => (_device: unknown, irp: PIRP): NtStatus => {
          self.say(what);
          return handBack(self, irp);
        };
        WdfDeviceInitAssignWdmIrpPreprocessCallback(init, says("first"), Read, [0]);
        WdfDeviceInitAssignWdmIrpPreprocessCallback(init, says("second"), Read);
      },
    });
    rig.sendRead(1, { minor: 0 });
    rig.sendRead(2, { minor: 1 });
    rig.expect("second", "EvtIoRead r1 length=1", "EvtIoRead r2 length=2");
  });

  it("says STATUS_INVALID_PARAMETER for a major function that there is not, STATUS_INSUFFICIENT_RESOURCES without memory", () => {
    const statuses = assign((init, push, rig) => {
      push(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, never, 28));
      rig.lowMemory = true;
      push(WdfDeviceInitAssignWdmIrpPreprocessCallback(init, never, Read));
      rig.lowMemory = false;
    });
    expect(statuses).toEqual([STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES]);
  });

  it("says that PnP and power IRPs do not come this way", () => {
    const pnp = 0x1b;
    expect(() => assign((init) => void WdfDeviceInitAssignWdmIrpPreprocessCallback(init, never, pnp))).toThrow(/major function 0x1b.*not built/);
  });

  it("without a callback is the Stop WDF_REQUIRED_PARAMETER_IS_NULL", () => {
    const rig = new Rig();
    const init = {} as WdfDeviceInit;
    const none = () => WdfDeviceInitAssignWdmIrpPreprocessCallback({ ...init, preprocess: new Map() } as never, undefined as never, Read);
    rig.expectStop(none, WdfViolation.RequiredParameterIsNull);
  });
});

describe("WdfDeviceWdmDispatchPreprocessedIrp", () => {
  it("returns what the framework made of the IRP", () => {
    const rig = preprocessing(handBack, Read, undefined, { queue: null });
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_INVALID_DEVICE_REQUEST);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "done r1 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it("needs the next stack location set up: without it is a rule finding", () => {
    const rig = preprocessing((self, irp) => WdfDeviceWdmDispatchPreprocessedIrp(self.device, irp) as NtStatus, Read);
    rig.sendRead(1);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "EvtIoRead r1 length=1");
    rig.expectFindings(FindingId.StackLocationNotSet);
  });

  it("of a handle that is no device is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    const noDevice = () => WdfDeviceWdmDispatchPreprocessedIrp(rig.queue as never, 1 as PIRP);
    rig.expectStop(noDevice, WdfViolation.InvalidHandle, rig.queue, ObjectKind.Device);
  });
});

describe("IoCompleteRequest", () => {
  it("sends the IRP back as the driver says; nothing is checked or translated", () => {
    const rig = dispatched(complete);
    expect(rig.sendRead(1, {}).returned).toBe(STATUS_CANCELLED);
    rig.expect("EvtDeviceWdmIrpDispatch r1 3/0 context=7 at Passive", "done r1 STATUS_CANCELLED 3", "answers STATUS_CANCELLED");
  });

  it("sends what a device above has sent on back to that device: its completion routine is called", () => {
    const rig = dispatched(complete);
    const upper = rig.system.addDevice(
      {
        name: "upper",
        evtDriverDeviceAdd: (_driver, init) => {
          const { device } = WdfDeviceCreate(init);
          WdfIoQueueCreate(device, {
            ...WDF_IO_QUEUE_CONFIG_INIT(WdfIoQueueDispatchType.Parallel),
            defaultQueue: true,
            evtIoRead: (_queue, request) => {
              WdfRequestFormatRequestUsingCurrentType(request);
              WdfRequestSetCompletionRoutine(request, (again, _target, { ioStatus }) => {
                rig.say(`back ${rig.name(again)} ${rig.returned(ioStatus.status)} ${ioStatus.information}`);
                void WdfRequestComplete(again, STATUS_SUCCESS);
              });
              void WdfRequestSend(request, WdfDeviceGetIoTarget(device));
            },
          });
        },
      },
      { above: rig.device },
    ).handle;
    rig.system.input(() => rig.system.send(upper, { major: Read, file: 0, outputLength: 4 }, (status) => rig.say(rig.returned(status))));
    const [dispatch, ...rest] = rig.lines.splice(0);
    expect(dispatch).toMatch(/^EvtDeviceWdmIrpDispatch r1' /);
    expect(rest).toEqual(["back r1 returned STATUS_CANCELLED 3", "returned STATUS_SUCCESS", "answers STATUS_CANCELLED"]);
  });

  it("twice is the Stop MULTIPLE_IRP_COMPLETE_REQUESTS (K-135)", () => {
    const rig: Rig = dispatched((_rig, irp) => {
      IoCompleteRequest(irp, STATUS_SUCCESS as NtStatus);
      IoCompleteRequest(irp, STATUS_SUCCESS as NtStatus);
      return STATUS_SUCCESS as NtStatus;
    });
    rig.expectBugCheck(() => rig.sendRead(1, {}), BugCheck.MultipleIrpCompleteRequests);
    rig.lines.length = 0;
  });

  it("is not for requests of the framework", () => {
    const rig = new Rig();
    rig.sendRead(1);
    rig.expect("EvtIoRead r1 length=1");
    rig.expectBugCheck(() => IoCompleteRequest(rig.request as never, STATUS_SUCCESS as NtStatus), BugCheck.MultipleIrpCompleteRequests);
  });
});

describe("IoSkipCurrentIrpStackLocation", () => {
  it("prepares an IRP for WdfDeviceWdmDispatchPreprocessedIrp", () => {
    const rig = preprocessing(handBack, Read);
    rig.sendRead(1);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "EvtIoRead r1 length=1");
    rig.expectNoFindings();
  });
});

describe("IoCopyCurrentIrpStackLocationToNext", () => {
  it("does so too", () => {
    const rig = preprocessing((self, irp) => {
      IoCopyCurrentIrpStackLocationToNext(irp);
      return WdfDeviceWdmDispatchPreprocessedIrp(self.device, irp) as NtStatus;
    }, Read);
    rig.sendRead(1);
    rig.expect("EvtDeviceWdmIrpPreprocess r1", "EvtIoRead r1 length=1");
    rig.expectNoFindings();
  });
});
