// WdfFileObject*, and what becomes of create, cleanup and close.

import { describe, expect, it } from "vitest";
import { FindingId, Irql, ObjectKind, WdfRequestType, WdfViolation } from "../../bindings/abi";
import {
  STATUS_ACCESS_DENIED,
  STATUS_CANCELLED,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_SUCCESS,
  WDF_FILEOBJECT_CONFIG_INIT,
  WdfDeviceGetFileObject,
  WdfExecutionLevel,
  WdfFileObjectClass,
  WdfFileObjectGetDevice,
  WdfFileObjectGetFileName,
  WdfFileObjectGetFlags,
  WdfFileObjectGetInitiatorProcessId,
  WdfFileObjectWdmGetFileObject,
  WdfIoQueueDispatchType,
  WdfIoQueueRetrieveRequestByFileObject,
  WdfObjectDelete,
  WdfObjectDereference,
  WdfObjectReference,
  WdfRequestComplete,
  WdfRequestGetIoQueue,
  WdfRequestMarkCancelableEx,
  WdfSynchronizationScope,
  WdfTriState,
  type WDFFILEOBJECT,
  type WDFREQUEST,
  type WdfFileObjectConfig,
  type WdfObjectAttributes,
} from "../../host/ddi";
import { Rig, type RigOptions } from "../support/rig";

const { Create, Cleanup, Close } = WdfRequestType;
const { Manual, Parallel } = WdfIoQueueDispatchType;

interface Talking {
  /** What EvtDeviceFileCreate does; it completes with success unless this is given. */
  create?: (rig: Rig, request: WDFREQUEST, file: WDFFILEOBJECT) => void;
  config?: Partial<WdfFileObjectConfig>;
  attributes?: WdfObjectAttributes;
  options?: RigOptions;
}

/** A rig whose file callbacks, and those of the file object itself, say so. */
function talking({ create, config, attributes, options }: Talking = {}): Rig {
  const say = (what: string, file: number): void => rig.say(`${what} ${file === 0 ? "NULL" : rig.name(file)}`);
  const rig: Rig = new Rig({
    ...options,
    files: {
      ...WDF_FILEOBJECT_CONFIG_INIT(
        (_device, request, file) => {
          say(`EvtDeviceFileCreate ${rig.name(request)}`, file);
          if (create === undefined) WdfRequestComplete(request, STATUS_SUCCESS);
          else create(rig, request, file);
        },
        (file) => say("EvtFileClose", file),
        (file) => say("EvtFileCleanup", file),
      ),
      ...config,
    },
    fileAttributes: {
      evtCleanupCallback: (object) => say("EvtCleanup", object),
      evtDestroyCallback: (object) => say("EvtDestroy", object),
      ...attributes,
    },
  });
  return rig;
}

describe("WDF_FILEOBJECT_CONFIG_INIT", () => {
  it("sets class and forwarding as the macro does", () => {
    expect(WDF_FILEOBJECT_CONFIG_INIT()).toMatchObject({
      autoForwardCleanupClose: WdfTriState.UseDefault,
      fileObjectClass: WdfFileObjectClass.CannotUseFsContexts,
    });
  });
});

describe("WdfDeviceInitSetFileObjectConfig", () => {
  it("registers what is called for create, cleanup and close; the file object ends with the close", () => {
    const rig = talking();
    const file = rig.newFile();
    rig.sendFile(Create, file);
    rig.expect("EvtDeviceFileCreate r1 f1", "done r1 STATUS_SUCCESS 0");
    rig.sendFile(Cleanup, file);
    rig.expect("EvtFileCleanup f1", "done r2 STATUS_SUCCESS 0");
    rig.sendFile(Close, file);
    rig.expect("EvtFileClose f1", "EvtCleanup f1", "EvtDestroy f1", "done r3 STATUS_SUCCESS 0");
  });

  it("a failed create destroys the WDFFILEOBJECT before its sender knows; no cleanup or close follows (K-089)", () => {
    const rig = talking({ create: (_rig, request) => void WdfRequestComplete(request, STATUS_ACCESS_DENIED) });
    const file = rig.newFile();
    rig.sendFile(Create, file);
    rig.expect("EvtDeviceFileCreate r1 f1", "EvtCleanup f1", "EvtDestroy f1", "done r1 STATUS_ACCESS_DENIED 0");
    expect(rig.run(() => WdfDeviceGetFileObject(rig.device, file))).toBe(0);
    rig.expectFindings(FindingId.UnknownFile);
  });

  it("a create may be kept, marked cancelable and cancelled (file_create_pended_cancel2)", () => {
    const rig = talking({
      create: (_rig, request) => {
        WdfRequestMarkCancelableEx(request, (canceled) => void WdfRequestComplete(canceled, STATUS_CANCELLED));
      },
    });
    const create = rig.sendFile(Create, rig.newFile());
    rig.expect("EvtDeviceFileCreate r1 f1");
    create.cancel();
    rig.expect("EvtCleanup f1", "EvtDestroy f1", "done r1 STATUS_CANCELLED 0");
  });

  it("WdfRequestGetIoQueue gives NULL for a create in EvtDeviceFileCreate, with a break (K-092)", () => {
    const rig = talking({
      create: (r, request) => {
        r.say(`queue ${WdfRequestGetIoQueue(request)}`);
        WdfRequestComplete(request, STATUS_SUCCESS);
      },
    });
    rig.sendFile(Create, rig.newFile());
    rig.expect("EvtDeviceFileCreate r1 f1", "queue 0", "done r1 STATUS_SUCCESS 0");
    rig.expectFindings(FindingId.InternalCreateQueue);
  });

  it("EvtFileCleanup runs before the file's waiting requests are cancelled; the driver's stay (K-091)", () => {
    const rig = talking({ options: { queue: { dispatchType: Manual } } });
    const [f1, f2] = [rig.openFile(), rig.openFile()];
    rig.lines.length = 0;
    for (const file of [f1, f1, f2]) rig.send({ major: WdfRequestType.Read, outputLength: 1, file });
    rig.run(() => WdfIoQueueRetrieveRequestByFileObject(rig.queue, f1));
    rig.sendFile(Cleanup, rig.run(() => WdfFileObjectWdmGetFileObject(f1)));
    rig.expect("EvtFileCleanup f1", "done r2 STATUS_CANCELLED 0", "done r4 STATUS_SUCCESS 0");
    expect(rig.stateOf()).toBe("accept dispatch queued=1 driver=1");
  });

  it("class NotRequired: the callbacks run with a NULL file object (file_class_1)", () => {
    const rig = talking({ config: { fileObjectClass: WdfFileObjectClass.NotRequired } });
    const file = rig.newFile();
    for (const major of [Create, Cleanup, Close]) rig.sendFile(major, file);
    rig.expect(
      "EvtDeviceFileCreate r1 NULL",
      "done r1 STATUS_SUCCESS 0",
      "EvtFileCleanup NULL",
      "done r2 STATUS_SUCCESS 0",
      "EvtFileClose NULL",
      "done r3 STATUS_SUCCESS 0",
    );
  });

  it("a create at DISPATCH_LEVEL is refused: file callbacks are for PASSIVE_LEVEL", () => {
    const rig = talking({ options: { rules: false } });
    rig.sendFile(Create, rig.newFile(), { irql: Irql.Dispatch });
    rig.expect("done r1 STATUS_INVALID_DEVICE_REQUEST 0");
  });

  it("synchronization scope Queue makes WdfDeviceCreate fail; Device needs a passive device (K-060, file_sync_device)", () => {
    const statusOf = (scope: WdfSynchronizationScope, level: WdfExecutionLevel): number => {
      const rig = new Rig({
        queue: null,
        files: WDF_FILEOBJECT_CONFIG_INIT(),
        fileAttributes: { synchronizationScope: scope },
        deviceAttributes: { executionLevel: level },
      });
      return rig.device === 0 ? STATUS_INVALID_DEVICE_REQUEST : STATUS_SUCCESS;
    };
    const { Queue, Device } = WdfSynchronizationScope;
    expect(statusOf(Queue, WdfExecutionLevel.Passive)).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(statusOf(Device, WdfExecutionLevel.Dispatch)).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(statusOf(Device, WdfExecutionLevel.Passive)).toBe(STATUS_SUCCESS);
  });

  it.each([
    ["Size", { size: 0 }],
    ["class", { fileObjectClass: 5 }],
    ["AutoForwardCleanupClose", { autoForwardCleanupClose: 3 as WdfTriState }],
  ])("a structure with a bad %s is ignored, with a break (K-119's like)", (_what, wrong) => {
    const rig = new Rig({ files: { ...WDF_FILEOBJECT_CONFIG_INIT(), ...wrong } });
    rig.expectFindings(FindingId.BadSize);
    expect(rig.run(() => WdfDeviceGetFileObject(rig.device, rig.newFile()))).toBe(0);
  });

  it("AutoForwardCleanupClose lets create, cleanup and close go down", () => {
    const rig = new Rig({ files: { ...WDF_FILEOBJECT_CONFIG_INIT(), autoForwardCleanupClose: WdfTriState.True } });
    const file = rig.newFile();
    for (const major of [Create, Cleanup, Close]) rig.sendFile(major, file);
    rig.expect("done r1 STATUS_SUCCESS 0", "done r2 STATUS_SUCCESS 0", "done r3 STATUS_SUCCESS 0");
  });

  it("a file object that is referenced outlives its close (file_object_referenced_past_close)", () => {
    const rig = talking();
    const file = rig.openFile();
    rig.run(() => WdfObjectReference(file));
    rig.lines.length = 0;
    rig.sendFile(Close, rig.run(() => WdfFileObjectWdmGetFileObject(file)));
    rig.expect("EvtFileClose f1", "EvtCleanup f1", "done r1 STATUS_SUCCESS 0");
    rig.run(() => WdfObjectDereference(file));
    rig.expect("EvtDestroy f1");
  });

  it("a file object cannot be deleted by the driver (file_objects_children)", () => {
    const rig = new Rig();
    const file = rig.openFile();
    rig.run(() => WdfObjectDelete(file));
    rig.expectFindings(FindingId.CannotDelete);
  });
});

describe("WdfDeviceInitSetExclusive", () => {
  it("the second open of an exclusive device is completed STATUS_ACCESS_DENIED (K-090)", () => {
    const rig = talking({ options: { exclusive: true } });
    const [first, second] = [rig.newFile(), rig.newFile()];
    rig.sendFile(Create, first);
    rig.sendFile(Create, second);
    rig.expect("EvtDeviceFileCreate r1 f1", "done r1 STATUS_SUCCESS 0", "done r2 STATUS_ACCESS_DENIED 0");
    rig.sendFile(Close, first);
    rig.sendFile(Create, second);
    rig.expect(
      "EvtFileClose f1",
      "EvtCleanup f1",
      "EvtDestroy f1",
      "done r3 STATUS_SUCCESS 0",
      "EvtDeviceFileCreate r4 f2",
      "done r4 STATUS_SUCCESS 0",
    );
  });
});

describe("WdfDeviceGetFileObject", () => {
  it("is the WDFFILEOBJECT of a FILE_OBJECT that was opened", () => {
    const rig = new Rig({ queue: { dispatchType: Parallel } });
    const file = rig.openFile();
    const wdm = rig.run(() => WdfFileObjectWdmGetFileObject(file));
    expect(rig.run(() => WdfDeviceGetFileObject(rig.device, wdm))).toBe(file);
  });

  it("is NULL, with a break, for one that was not", () => {
    const rig = new Rig();
    expect(rig.run(() => WdfDeviceGetFileObject(rig.device, rig.newFile()))).toBe(0);
    rig.expectFindings(FindingId.UnknownFile);
  });
});

/** What the accessors have in common. */
function refusesOthers(ddi: (file: WDFFILEOBJECT) => unknown): void {
  it("of a handle that is no file object is the Stop WDF_INVALID_HANDLE", () => {
    const rig = new Rig();
    rig.expectStop(() => ddi(rig.queue as never), WdfViolation.InvalidHandle, rig.queue, ObjectKind.FileObject);
  });
}

describe("WdfFileObjectGetFileName", () => {
  it("is what was opened beyond the device's own name", async () => {
    const names: (string | null)[] = [];
    const rig = talking({
      create: (_rig, request, file) => {
        names.push(WdfFileObjectGetFileName(file));
        WdfRequestComplete(request, STATUS_SUCCESS);
      },
    });
    rig.system.names.link("\\DosDevices\\Dev", rig.device);
    await rig.system.open("\\\\.\\dev\\Some\\File");
    await rig.system.open("Dev");
    rig.lines.length = 0;
    expect(names).toEqual(["\\Some\\File", ""]);
  });

  it("is NULL, with a break, above PASSIVE_LEVEL", () => {
    const rig = new Rig({ rules: false });
    const file = rig.openFile();
    expect(rig.run(() => WdfFileObjectGetFileName(file), Irql.Dispatch)).toBe(null);
    rig.expectFindings(FindingId.NotPassive);
  });

  refusesOthers(WdfFileObjectGetFileName);
});

describe("WdfFileObjectGetFlags", () => {
  it("is FILE_OBJECT.Flags", async () => {
    let flags = -1;
    const rig = talking({
      create: (_rig, request, file) => {
        flags = WdfFileObjectGetFlags(file);
        WdfRequestComplete(request, STATUS_SUCCESS);
      },
    });
    rig.system.names.link("Dev", rig.device);
    await rig.system.open("Dev", { flags: 0x80000002 });
    rig.lines.length = 0;
    expect(flags).toBe(0x80000002);
  });

  refusesOthers(WdfFileObjectGetFlags);
});

describe("WdfFileObjectGetDevice", () => {
  it("is the device it was opened on", () => {
    const rig = new Rig();
    const file = rig.openFile();
    expect(rig.run(() => WdfFileObjectGetDevice(file))).toBe(rig.device);
  });

  refusesOthers(WdfFileObjectGetDevice);
});

describe("WdfFileObjectWdmGetFileObject", () => {
  it("is the FILE_OBJECT, which is no WDFOBJECT", () => {
    const rig = new Rig();
    const file = rig.openFile();
    const wdm = rig.run(() => WdfFileObjectWdmGetFileObject(file));
    rig.expectStop(() => WdfObjectReference(wdm as never), WdfViolation.InvalidHandle, wdm);
  });

  refusesOthers(WdfFileObjectWdmGetFileObject);
});

describe("WdfFileObjectGetInitiatorProcessId", () => {
  it("is the process that has opened it", () => {
    const rig = new Rig();
    const file = rig.openFile();
    expect(rig.run(() => WdfFileObjectGetInitiatorProcessId(file))).toBe(4096);
  });

  refusesOthers(WdfFileObjectGetInitiatorProcessId);
});
