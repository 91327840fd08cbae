// The system's own callback objects: what the simulated system notifies, and with which arguments.
//
//   object                    argument 1                    argument 2
//   ───────────────────────── ───────────────────────────── ──────────────────────────────────────────────
//   \Callback\SetSystemTime   0                             0
//   \Callback\PowerState      a PowerStateCallback          true or false where it has a meaning, else 0
//   \Callback\ProcessorAdd    a ProcessorChangeContext      an OperationStatus
//
// The routines run in a system thread at PASSIVE_LEVEL. Where nobody is registered nothing happens.
//
// Reference: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/nf-wdm-exregistercallback

import { FindingId, NtStatus, PowerStateCallback, ProcessorChangeState, WellKnownName } from "../../bindings/abi";
import { callMachine, nothing } from "../ddi/call";
import type { InputLog } from "../log";
import type { Machine } from "../machine";
import type { SystemThread, Threads } from "../threads";
import { executiveOf } from "./executive";

/** KE_PROCESSOR_CHANGE_NOTIFY_CONTEXT */
export interface ProcessorChangeContext {
  readonly state: ProcessorChangeState;
  readonly ntNumber: number;
  readonly status: NtStatus;
  readonly procNumber: { readonly group: number; readonly number: number };
}

/** The PNTSTATUS of \Callback\ProcessorAdd: an error set in AddStart, while there is none, keeps the processor out. */
export class OperationStatus {
  private value: NtStatus = NtStatus.Success;
  private readonly machine: Machine;
  /** True during AddStart. */
  private readonly open: boolean;

  constructor(machine: Machine, open: boolean, value: NtStatus) {
    this.machine = machine;
    this.open = open;
    this.value = value;
  }

  get status(): NtStatus {
    return this.value;
  }

  set status(status: NtStatus) {
    if (!this.open || this.value < 0) this.machine.exports.noteRule(FindingId.ProcessorAddStatus, 0, 0);
    else this.value = status;
  }
}

/** Processors of one group (KAFFINITY has as many bits). */
const GROUP_SIZE = 64;

/** What the system tells drivers through its callback objects, for tests and tools. */
export class SystemCallbacks {
  private readonly machine: Machine;
  private readonly threads: Threads;
  private readonly log: InputLog | null;
  /** Devices that were put to sleep: the system is in S0 while there are none. */
  private readonly asleep = new Set<number>();

  constructor(machine: Machine, threads: Threads, log: InputLog | null) {
    this.machine = machine;
    this.threads = threads;
    this.log = log;
  }

  /** Somebody has set the system time. */
  setSystemTime(): SystemThread<void> {
    return this.raise(WellKnownName.SetSystemTime, 0, 0);
  }

  /** The same as part of the input that has set it. No thread is started when nobody listens. */
  timeWasSet(): void {
    if (this.machine.exports.systemCallbackRoutines(WellKnownName.SetSystemTime) === 0) return;
    this.threads.startInside(() => this.notify(WellKnownName.SetSystemTime, 0, 0));
  }

  /** PO_CB_AC_STATUS */
  acStatus(onMains: boolean): SystemThread<void> {
    return this.powerState(PowerStateCallback.AcStatus, onMains);
  }

  /** PO_CB_LID_SWITCH_STATE */
  lidSwitchState(open: boolean): SystemThread<void> {
    return this.powerState(PowerStateCallback.LidSwitchState, open);
  }

  /** PO_CB_SYSTEM_POWER_POLICY: the policy has changed. */
  systemPowerPolicy(): SystemThread<void> {
    return this.powerState(PowerStateCallback.SystemPowerPolicy, false);
  }

  /** Any kind of \Callback\PowerState. Sleeping and waking (System.power) bring PO_CB_SYSTEM_STATE_LOCK by themselves. */
  powerState(what: PowerStateCallback, value: boolean): SystemThread<void> {
    return this.raise(WellKnownName.PowerState, what, value ? 1 : 0);
  }

  /**
   * A processor is added while the system runs: AddStart, then AddComplete, or AddFailure when a routine has set an error. The
   * thread's result is that status.
   */
  processorAdd(number: number): SystemThread<NtStatus> {
    this.log?.add(this.machine.core, "systemCallback", WellKnownName.ProcessorAdd, number, 0);
    const add = (): Generator<undefined, NtStatus, unknown> => this.addProcessor(number);
    return this.threads.start(add);
  }

  private *addProcessor(ntNumber: number): Generator<undefined, NtStatus, unknown> {
    const procNumber = { group: Math.floor(ntNumber / GROUP_SIZE), number: ntNumber % GROUP_SIZE };
    const start: ProcessorChangeContext = { state: ProcessorChangeState.AddStart, ntNumber, status: NtStatus.Success, procNumber };
    const asked = new OperationStatus(this.machine, true, NtStatus.Success);
    yield* this.notify(WellKnownName.ProcessorAdd, start, asked);
    const { status } = asked;
    const state = status < 0 ? ProcessorChangeState.AddFailure : ProcessorChangeState.AddComplete;
    yield* this.notify(WellKnownName.ProcessorAdd, { ...start, state, status }, new OperationStatus(this.machine, false, status));
    return status;
  }

  /** The same again, from the input log. */
  repeat(name: WellKnownName, argument1: number, argument2: number): void {
    if (name === WellKnownName.ProcessorAdd) this.processorAdd(argument1);
    else this.raise(name, argument1, argument2);
  }

  /** The system is about to leave S0, if no device sleeps yet. */
  *leavingS0(device: number): Generator<undefined, void, unknown> {
    this.asleep.add(device);
    if (this.asleep.size === 1) yield* this.notify(WellKnownName.PowerState, PowerStateCallback.SystemStateLock, false);
  }

  /** The system is back in S0, if this was the last device asleep. */
  *backInS0(device: number): Generator<undefined, void, unknown> {
    const slept = this.asleep.delete(device);
    if (slept && this.asleep.size === 0) yield* this.notify(WellKnownName.PowerState, PowerStateCallback.SystemStateLock, true);
  }

  private raise(name: WellKnownName, argument1: number, argument2: number): SystemThread<void> {
    this.log?.add(this.machine.core, "systemCallback", name, argument1, argument2);
    const second = name === WellKnownName.PowerState && MEANT.has(argument1) ? argument2 !== 0 : 0;
    const notify = (): Generator<undefined, void, unknown> => this.notify(name, argument1, second);
    return this.threads.start(notify);
  }

  private *notify(name: WellKnownName, argument1: unknown, argument2: unknown): Generator<undefined, void, unknown> {
    if (this.machine.exports.systemCallbackRoutines(name) === 0) return;
    const executive = executiveOf(this.machine);
    const values = executive.keep(argument1, argument2);
    yield* callMachine(this.machine, "notifySystemCallback", [name, values], nothing);
    executive.forget(values);
  }
}

/** Kinds of \Callback\PowerState whose second argument means something. */
const MEANT: ReadonlySet<number> = new Set([
  PowerStateCallback.AcStatus,
  PowerStateCallback.SystemStateLock,
  PowerStateCallback.LidSwitchState,
]);
