// Timer, Dpc and WorkItem: what a driver does later, as objects. Every member names the DDI it stands for.

import type { NtStatus, WdfExecutionLevel } from "../../bindings/abi";
import * as dpcs from "../ddi/dpc";
import { WDF_REL_TIMEOUT_IN_MS } from "../ddi/due-time";
import { WdfObjectDelete } from "../ddi/object";
import * as timers from "../ddi/timer";
import type { Routine, WDFDPC, WDFOBJECT, WDFTIMER, WDFWORKITEM, WdfObjectAttributes } from "../ddi/types";
import * as workItems from "../ddi/work-item";
import { ProtocolError } from "../errors";
import type { Suspendable } from "../suspension";

/** Anything below a device, or the device itself. */
export interface Parent {
  readonly handle: WDFOBJECT;
}

interface LaterConfig {
  /** Hold the parent's callback lock meanwhile, if its callbacks are synchronized. @defaultValue true */
  automaticSerialization?: boolean;
  /** With whose callbacks it is serialized, and with whom it ends. @defaultValue the device */
  parent?: Parent;
}

/** WDF_TIMER_CONFIG, with what of the attributes concerns a timer. */
export interface TimerConfig extends LaterConfig {
  evtTimerFunc: Routine<[timer: Timer], void>;
  /** Milliseconds from one expiry to the next. Without it the timer expires once. */
  period?: number;
  /** Milliseconds. */
  tolerableDelay?: number;
  useHighResolutionTimer?: boolean;
  /** Passive: the callback runs in a work item. */
  executionLevel?: WdfExecutionLevel;
}

export interface DpcConfig extends LaterConfig {
  evtDpcFunc: Routine<[dpc: Dpc], void>;
}

export interface WorkItemConfig extends LaterConfig {
  evtWorkItem: Routine<[workItem: WorkItem], void>;
}

export class Timer {
  readonly handle: WDFTIMER;

  constructor(handle: WDFTIMER) {
    this.handle = handle;
  }

  /** Makes a timer. @ddi WdfTimerCreate */
  static create(parent: Parent, config: TimerConfig): { readonly status: NtStatus; readonly timer: Timer } {
    const attributes = attributesOf(parent, config);
    if (config.executionLevel !== undefined) attributes.executionLevel = config.executionLevel;
    const evtTimerFunc = (): ReturnType<TimerConfig["evtTimerFunc"]> => config.evtTimerFunc(timer);
    const made = timers.WdfTimerCreate({ ...config, evtTimerFunc }, attributes);
    const timer = new Timer(made.timer);
    return { status: made.status, timer };
  }

  /**
   * Lets it expire that many milliseconds from now, also when it runs already (true). A due time as the kernel takes it,
   * negative and in units of 100 ns, is for `WdfTimerStart`.
   *
   * @throws ProtocolError when it is not a number of milliseconds from 0
   * @ddi WdfTimerStart
   */
  start(ms: number): Suspendable<boolean> {
    if (!(ms >= 0) || !Number.isFinite(ms)) {
      throw new ProtocolError(`Timer.start takes milliseconds from 0, not ${ms}; a due time of the kernel's goes to WdfTimerStart`);
    }
    return timers.WdfTimerStart(this.handle, WDF_REL_TIMEOUT_IN_MS(ms));
  }

  /** True when it was armed. With `wait`, its callback does not run any more when this returns. @ddi WdfTimerStop */
  stop({ wait = false }: { wait?: boolean } = {}): Suspendable<boolean> {
    return timers.WdfTimerStop(this.handle, wait);
  }

  /** @ddi WdfTimerGetParentObject */
  get parentHandle(): WDFOBJECT {
    return timers.WdfTimerGetParentObject(this.handle);
  }

  /** @ddi WdfObjectDelete */
  delete(): Suspendable<void> {
    return WdfObjectDelete(this.handle);
  }
}

export class Dpc {
  readonly handle: WDFDPC;

  constructor(handle: WDFDPC) {
    this.handle = handle;
  }

  /** Makes a DPC. @ddi WdfDpcCreate */
  static create(parent: Parent, config: DpcConfig): { readonly status: NtStatus; readonly dpc: Dpc } {
    const evtDpcFunc = (): ReturnType<DpcConfig["evtDpcFunc"]> => config.evtDpcFunc(dpc);
    const made = dpcs.WdfDpcCreate({ ...config, evtDpcFunc }, attributesOf(parent, config));
    const dpc = new Dpc(made.dpc);
    return { status: made.status, dpc };
  }

  /** False when it is queued already. @ddi WdfDpcEnqueue */
  enqueue(): Suspendable<boolean> {
    return dpcs.WdfDpcEnqueue(this.handle);
  }

  /** True when it was queued, and will not run. @ddi WdfDpcCancel */
  cancel({ wait = false }: { wait?: boolean } = {}): Suspendable<boolean> {
    return dpcs.WdfDpcCancel(this.handle, wait);
  }

  /** @ddi WdfDpcGetParentObject */
  get parentHandle(): WDFOBJECT {
    return dpcs.WdfDpcGetParentObject(this.handle);
  }

  /** @ddi WdfObjectDelete */
  delete(): Suspendable<void> {
    return WdfObjectDelete(this.handle);
  }
}

export class WorkItem {
  readonly handle: WDFWORKITEM;

  constructor(handle: WDFWORKITEM) {
    this.handle = handle;
  }

  /** Makes a work item. @ddi WdfWorkItemCreate */
  static create(parent: Parent, config: WorkItemConfig): { readonly status: NtStatus; readonly workItem: WorkItem } {
    const evtWorkItemFunc = (): ReturnType<WorkItemConfig["evtWorkItem"]> => config.evtWorkItem(workItem);
    const made = workItems.WdfWorkItemCreate({ ...config, evtWorkItemFunc }, attributesOf(parent, config));
    const workItem = new WorkItem(made.workItem);
    return { status: made.status, workItem };
  }

  /** Nothing happens when it is queued already. @ddi WdfWorkItemEnqueue */
  enqueue(): void {
    workItems.WdfWorkItemEnqueue(this.handle);
  }

  /** Waits until it is neither queued nor running. @ddi WdfWorkItemFlush */
  flush(): Suspendable<void> {
    return workItems.WdfWorkItemFlush(this.handle);
  }

  /** @ddi WdfWorkItemGetParentObject */
  get parentHandle(): WDFOBJECT {
    return workItems.WdfWorkItemGetParentObject(this.handle);
  }

  /** @ddi WdfObjectDelete */
  delete(): Suspendable<void> {
    return WdfObjectDelete(this.handle);
  }
}

function attributesOf(device: Parent, config: LaterConfig): WdfObjectAttributes {
  return { parentObject: (config.parent ?? device).handle };
}
