// Unloading a driver, and which driver's objects are whose when there are several.

import { afterEach, describe, expect, it } from "vitest";
import * as wdf from "../host/ddi";
import { BugCheck, BugCheckError, type DriverModule, NtStatus, ProtocolError, RegistryType, System, defineDriver, replay } from "../host/index";

const { NonPagedNx } = wdf.PoolType;

let lines: string[] = [];
const say = (line: string): void => void lines.push(line);

afterEach(() => void (lines = []));

interface Parts {
  /** Does more in EvtDriverDeviceAdd. */
  more?: (device: wdf.WDFDEVICE, driver: wdf.WDFDRIVER) => void;
  unload?: (driver: wdf.WDFDRIVER) => void | Generator<undefined, void, unknown>;
}

function driver(name: string, { more, unload }: Parts = {}): DriverModule {
  return {
    name,
    evtDriverDeviceAdd(driverHandle, init) {
      const { device } = wdf.WdfDeviceCreate(init);
      wdf.WdfDeviceCreateSymbolicLink(device, name);
      more?.(device, driverHandle);
    },
    ...(unload === undefined ? {} : { evtDriverUnload: unload }),
  };
}

/** Adds a device of the driver, removes it, and unloads the driver. */
function comeAndGo(system: System, module: DriverModule): void {
  const { handle } = system.addDevice(module);
  system.power(handle).remove();
  system.unload(module);
}

describe("System.unload", () => {
  it("calls EvtDriverUnload, then deletes what belongs to the driver, then the driver", () => {
    const system = System.create();
    comeAndGo(system, driver("echo", {
      more: () => {
        for (const name of ["first", "second"]) {
          wdf.WdfObjectCreate({
            evtCleanupCallback: () => say(`EvtCleanup ${name}`),
            evtDestroyCallback: () => say(`EvtDestroy ${name}`),
          });
        }
      },
      unload: (handle) => say(`EvtDriverUnload ${system.names.name(handle)} at ${wdf.KeGetCurrentIrql()}`),
    }));
    expect(lines).toEqual([
      "EvtDriverUnload echo at 0",
      "EvtCleanup first",
      "EvtCleanup second",
      "EvtDestroy first",
      "EvtDestroy second",
    ]);
    expect(system.report().leaks).toEqual([]);
  });

  it("lets EvtDriverUnload wait", () => {
    const system = System.create();
    comeAndGo(system, driver("echo", {
      *unload() {
        yield* wdf.KeDelayExecutionThread(wdf.ProcessorMode.KernelMode, false, wdf.WDF_REL_TIMEOUT_IN_MS(5));
        say(`unloaded at ${system.now}`);
      },
    }));
    expect(lines).toEqual([]);
    system.advance(10);
    expect(lines).toEqual(["unloaded at 5"]);
  });

  it("names what is left over: objects somebody refers to", () => {
    const system = System.create();
    comeAndGo(system, driver("echo", {
      more: () => wdf.WdfObjectReference(wdf.WdfMemoryCreate(undefined, NonPagedNx, 0, 4).memory),
    }));
    expect(system.report().leaks.map(({ type, reason }) => `${type}: ${reason}`)).toEqual([
      "WDFMEMORY: it was deleted, but 1 reference is left: WdfObjectDereference is missing",
    ]);
  });

  it("refuses a driver that has devices, and one that is not loaded, and changes nothing", () => {
    const echo = driver("echo");
    const system = System.create();
    expect(() => system.unload(echo)).toThrow(ProtocolError);
    const { handle } = system.addDevice(echo);
    expect(() => system.unload(echo)).toThrow(/echo has devices: remove them/);
    system.power(handle).remove();
    expect(system.unload(echo).done).toBe(true);
  });

  it("leaves a driver that can be loaded again", () => {
    const system = System.create();
    const echo = driver("echo", { more: (device) => say(system.names.name(device)), unload: () => say("unload") });
    comeAndGo(system, echo);
    comeAndGo(system, echo);
    expect(lines).toEqual(["echo", "unload", "echo#2", "unload"]);
  });

  it("is repeated by a replay", async () => {
    const echo = defineDriver({
      name: "echo",
      evtDriverDeviceAdd: (init) => init.createDevice().status,
      evtDriverUnload: (handle) => {
        const key = handle.persistentState({ access: wdf.KeyAccess.Write }).object;
        key.assign("Unloaded", RegistryType.DWord, Uint8Array.from([1, 0, 0, 0]));
        key.close();
      },
    });
    const system = System.create({ record: true });
    comeAndGo(system, echo);
    const again = (await replay(system.log!.save(), [echo])).system;
    expect(again.digest()).toBe(system.digest());
    expect(again.registry.read("\\Registry\\Machine\\System\\CurrentControlSet\\Services\\echo")).toEqual({
      PersistentState: { Unloaded: 1 },
    });
  });
});

describe("K-237: unloading a driver with something active is the Stop 0xCE, when it comes to run the driver's code", () => {
  /** The Stop that `act` brings about once the driver is gone. */
  function stopOf(module: DriverModule, act: (system: System) => void): number | undefined {
    const system = System.create({ rules: false });
    comeAndGo(system, module);
    try {
      act(system);
    } catch (error) {
      return (error as BugCheckError).code;
    }
    return undefined;
  }

  it("a timer", () => {
    const module = driver("echo", {
      more: () => {
        const timer = wdf.KeInitializeTimer();
        const dpc = wdf.KeInitializeDpc(() => say("DeferredRoutine"), 0);
        wdf.KeSetTimer(timer, wdf.WDF_REL_TIMEOUT_IN_MS(10), dpc);
      },
    });
    expect(stopOf(module, (system) => system.advance(9))).toBeUndefined();
    expect(stopOf(module, (system) => system.advance(10))).toBe(BugCheck.DriverUnloadedWithoutCancelling);
    expect(lines).toEqual([]);
  });

  it("a callback it has registered", () => {
    const module = driver("echo", {
      more: () => {
        const attributes = wdf.InitializeObjectAttributes("\\Callback\\Mine", wdf.OBJ_PERMANENT);
        const { callbackObject } = wdf.ExCreateCallback(attributes, true, true);
        wdf.ExRegisterCallback(callbackObject, () => say("CallbackFunction"), null);
      },
    });
    const notify = (system: System) =>
      system.thread(() => {
        const { callbackObject } = wdf.ExCreateCallback(wdf.InitializeObjectAttributes("\\Callback\\Mine", 0), false, true);
        wdf.ExNotifyCallback(callbackObject, 0, 0);
      });
    expect(stopOf(module, notify)).toBe(BugCheck.DriverUnloadedWithoutCancelling);
    expect(lines).toEqual([]);
  });

  it("but not a framework timer: it is stopped with its device", () => {
    const module = driver("echo", {
      more: (device) => {
        const { timer } = wdf.WdfTimerCreate({ evtTimerFunc: () => say("EvtTimerFunc") }, { parentObject: device });
        wdf.WdfTimerStart(timer, wdf.WDF_REL_TIMEOUT_IN_MS(10));
      },
    });
    expect(stopOf(module, (system) => system.advance(10))).toBeUndefined();
    expect(lines).toEqual([]);
  });
});

describe("the default parent of an object", () => {
  /** A driver whose reads, timers and completion routines make objects without a parent. */
  function maker(name: string): DriverModule {
    const make = (where: string): void => {
      wdf.WdfObjectCreate({ evtCleanupCallback: () => say(`${name}: ${where}`) });
    };
    return driver(name, {
      more: (device) => {
        make("EvtDriverDeviceAdd");
        const { timer } = wdf.WdfTimerCreate({ evtTimerFunc: () => make("EvtTimerFunc") }, { parentObject: device });
        wdf.WdfTimerStart(timer, wdf.WDF_REL_TIMEOUT_IN_MS(1));
        wdf.WdfIoQueueCreate(device, {
          ...wdf.WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(wdf.WdfIoQueueDispatchType.Parallel),
          evtIoRead: (_queue, request) => {
            make("EvtIoRead");
            wdf.WdfRequestComplete(request, NtStatus.Success);
          },
        });
      },
    });
  }

  it("is the driver whose code runs, not the one loaded last", async () => {
    const system = System.create();
    const [first, second] = [maker("first"), maker("second")];
    const device = system.addDevice(first).handle;
    system.addDevice(second);
    await (await system.open("first")).read(1);
    system.advance(1);
    await (await system.open("second")).read(1);
    system.power(device).remove();
    system.unload(first);
    expect(lines).toEqual(["first: EvtDriverDeviceAdd", "first: EvtIoRead", "first: EvtTimerFunc"]);
  });

  it("is in a thread of the host the driver loaded last that is still there", () => {
    const system = System.create();
    const [first, second] = [driver("first"), driver("second")];
    const [one, two] = [first, second].map((module) => system.addDevice(module).handle);
    const make = (name: string) => system.thread(() => wdf.WdfObjectCreate({ evtCleanupCallback: () => say(name) }));
    make("made while the second was there");
    system.power(two).remove();
    system.unload(second);
    make("made afterwards");
    say("the first goes");
    system.power(one).remove();
    system.unload(first);
    expect(lines).toEqual(["made while the second was there", "the first goes", "made afterwards"]);
  });
});
