// The system's own callback objects: who is told of what, with which arguments.

import { describe, expect, it } from "vitest";
import { FindingId, NtStatus } from "../bindings/abi";
import {
  ExCreateCallback,
  ExRegisterCallback,
  type CallbackFunction,
  InitializeObjectAttributes,
  KeGetCurrentIrql,
  KeQuerySystemTime,
  OBJ_CASE_INSENSITIVE,
  type OperationStatus,
  PowerStateCallback,
  type ProcessorChangeContext,
  ProcessorChangeState,
  WdfDeviceCreate,
  type WdfDeviceInit,
} from "../host/ddi";
import type { DriverModule } from "../host/driver";
import { replay } from "../host/replay";
import { System } from "../host/system";
import { Rig } from "./support/rig";

type ProcessorAdd = CallbackFunction<unknown, ProcessorChangeContext, OperationStatus>;

/** Opens a system callback and registers a routine, as a driver does. */
function register<A, B>(name: string, routine: CallbackFunction<unknown, A, B>): void {
  const attributes = InitializeObjectAttributes(`\\Callback\\${name}`, OBJ_CASE_INSENSITIVE);
  ExRegisterCallback(ExCreateCallback(attributes, false, false).callbackObject, routine, null);
}

function makeDevice(init: WdfDeviceInit): void {
  WdfDeviceCreate(init);
}

function rigWith<A, B>(name: string, routine: (rig: Rig) => CallbackFunction<unknown, A, B>): Rig {
  const rig = new Rig();
  rig.run(() => register(name, routine(rig)));
  return rig;
}

const power = (rig: Rig): CallbackFunction => (_context, what, value) =>
  rig.say(`${PowerStateCallback[what as number]} ${String(value)} irql=${rig.level}`);

describe("\\Callback\\PowerState", () => {
  it("tells of the system leaving S0 before the set-power IRP, and of its return (K-311)", () => {
    const rig: Rig = new Rig({ power: { evtDeviceD0Exit: (): number => (rig.say("D0Exit"), 0), evtDeviceD0Entry: () => 0 } });
    rig.run(() => register("PowerState", power(rig)));
    rig.system.power(rig.device).sleep();
    rig.expect("SystemStateLock false irql=0", "D0Exit");
    rig.system.power(rig.device).wake();
    rig.expect("SystemStateLock true irql=0");
  });

  it("tells it once, however many devices go to sleep", () => {
    const rig = rigWith("PowerState", power);
    const other = rig.system.addDevice({ name: "other", evtDriverDeviceAdd: (_d, init) => makeDevice(init) }).handle;
    rig.system.power(rig.device).sleep();
    rig.system.power(other).sleep();
    rig.expect("SystemStateLock false irql=0");
    rig.system.power(rig.device).wake();
    rig.expectNothingElse();
    rig.system.power(other).wake();
    rig.expect("SystemStateLock true irql=0");
  });

  it("has the documented numbers for its first argument, and the second where it means something (K-311)", () => {
    const got: unknown[] = [];
    const rig = rigWith("PowerState", () => (_context, what, value) => void got.push([what, value]));
    const { callbacks } = rig.system;
    callbacks.systemPowerPolicy();
    callbacks.acStatus(true);
    callbacks.powerState(PowerStateCallback.ButtonCollision, true);
    callbacks.powerState(PowerStateCallback.SystemStateLock, false);
    callbacks.lidSwitchState(true);
    callbacks.powerState(PowerStateCallback.ProcessorPowerPolicy, true);
    expect(got).toEqual([
      [0, 0],
      [1, true],
      [2, 0],
      [3, false],
      [4, true],
      [5, 0],
    ]);
  });

  it("without routines changes nothing: a device goes to sleep as ever", () => {
    const rig = new Rig();
    const objects = rig.system.machine.exports.liveObjects();
    expect(rig.system.power(rig.device).sleep().done).toBe(true);
    expect(rig.system.callbacks.acStatus(false).done).toBe(true);
    expect(rig.system.machine.exports.liveObjects()).toBe(objects);
  });
});

describe("\\Callback\\SetSystemTime", () => {
  it("has unused arguments", () => {
    const rig = rigWith("SetSystemTime", (r) => (_context, a, b) => r.say(`time ${String(a)} ${String(b)}`));
    rig.system.callbacks.setSystemTime();
    rig.system.setSystemTime(0);
    rig.expect("time 0 0", "time 0 0");
  });

  it("is notified when the system time has been set, at PASSIVE_LEVEL in a system thread", () => {
    const rig = rigWith("SetSystemTime", (r) => () => {
      const moment = Number(KeQuerySystemTime() / 10_000n) - 11_644_473_600_000;
      r.say(`${new Date(moment).toISOString()} irql=${KeGetCurrentIrql()}`);
    });
    rig.system.setSystemTime(new Date("2030-01-02T03:04:05Z"));
    rig.expect("2030-01-02T03:04:05.000Z irql=0");
  });

  it.each([false, true])("a replay repeats that once; set by a routine: %s", async (inside) => {
    const [lines, again]: string[][] = [[], []];
    const clock = (said: string[], self: { system?: System }): DriverModule => ({
      name: "clock",
      evtDriverDeviceAdd: (_driver, init) => {
        register("SetSystemTime", () => {
          said.push("set");
          if (inside && said.length === 1) self.system?.setSystemTime(1);
        });
        makeDevice(init);
      },
    });
    const system = System.create({ record: true });
    system.addDevice(clock(lines, { system }));
    system.setSystemTime(0);
    const replayed = await replay(system.log!.save(), [clock(again, {})]);
    expect([lines, again]).toEqual(Array(2).fill(inside ? ["set", "set"] : ["set"]));
    expect(replayed.system.digest()).toBe(system.digest());
  });
});

describe("\\Callback\\ProcessorAdd", () => {
  const speaker = (rig: Rig): ProcessorAdd => (_context, { state, ntNumber, status, procNumber }, operation) =>
    rig.say(`${ProcessorChangeState[state]} ${ntNumber}=${procNumber.group}:${procNumber.number} ${status} ${operation.status}`);

  it("is notified with AddStart, then AddComplete (K-312)", () => {
    const rig = rigWith("ProcessorAdd", speaker);
    expect(rig.system.callbacks.processorAdd(65).result).toBe(NtStatus.Success);
    rig.expect("AddStart 65=1:1 0 0", "AddComplete 65=1:1 0 0");
  });

  it("is notified with AddStart, then AddFailure, when a routine sets an error in AddStart (K-312)", () => {
    const rig = rigWith<ProcessorChangeContext, OperationStatus>("ProcessorAdd", () => (_context, { state }, operation) => {
      if (state === ProcessorChangeState.AddStart) operation.status = NtStatus.NotSupported;
    });
    rig.run(() => register("ProcessorAdd", speaker(rig)));
    expect(rig.system.callbacks.processorAdd(1).result).toBe(NtStatus.NotSupported);
    const status = NtStatus.NotSupported;
    rig.expect(`AddStart 1=0:1 0 ${status}`, `AddFailure 1=0:1 ${status} ${status}`);
  });

  it("has a finding for a status set outside AddStart, or over another's error, and leaves it as it was (K-312)", () => {
    const set = (status: NtStatus): ProcessorAdd => (_context, _change, operation) => void (operation.status = status);
    const rig = rigWith("ProcessorAdd", () => set(NtStatus.NotSupported));
    rig.run(() => register("ProcessorAdd", set(NtStatus.Unsuccessful)));
    expect(rig.system.callbacks.processorAdd(1).result).toBe(NtStatus.NotSupported);
    const { ProcessorAddStatus } = FindingId;
    rig.expectFindings(ProcessorAddStatus, ProcessorAddStatus, ProcessorAddStatus);
  });
});

describe("System.callbacks", () => {
  const driver = (lines: string[]): DriverModule => ({
    name: "listener",
    evtDriverDeviceAdd: (_driver, init) => {
      for (const name of ["PowerState", "SetSystemTime"]) register(name, (_c, a, b) => void lines.push(`${name} ${String(a)} ${String(b)}`));
      register<ProcessorChangeContext, OperationStatus>("ProcessorAdd", (_c, { state }) => void lines.push(`ProcessorAdd ${state}`));
      makeDevice(init);
    },
  });

  it("are inputs: a replay repeats them", async () => {
    const [lines, again]: string[][] = [[], []];
    const system = System.create({ record: true });
    const { handle } = system.addDevice(driver(lines));
    system.callbacks.acStatus(true);
    system.power(handle).sleep();
    system.callbacks.setSystemTime();
    system.callbacks.processorAdd(3);
    system.power(handle).wake();
    const replayed = await replay(system.log!.save(), [driver(again)]);
    expect(lines).toEqual(["PowerState 1 true", "PowerState 3 false", "SetSystemTime 0 0", "ProcessorAdd 0", "ProcessorAdd 1", "PowerState 3 true"]);
    expect(again).toEqual(lines);
    expect(replayed.system.digest()).toBe(system.digest());
  });
});
