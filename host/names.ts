// Microsoft's names for the routines the core asks for.

import { RoutineKind } from "../bindings/abi";

const NAMES: Partial<Record<RoutineKind, string>> = {
  [RoutineKind.QueueStopComplete]: "EvtIoQueueState (stopped)",
  [RoutineKind.QueuePurgeComplete]: "EvtIoQueueState (purged)",
  [RoutineKind.QueueReady]: "EvtIoQueueState (ready)",
  [RoutineKind.ObjectCleanup]: "EvtCleanupCallback",
  [RoutineKind.ObjectDestroy]: "EvtDestroyCallback",
  [RoutineKind.LowerDispatch]: "the dispatch routine of the driver below",
  [RoutineKind.LowerCancel]: "the cancel routine of the driver below",
  [RoutineKind.RequestCompletion]: "EvtRequestCompletionRoutine",
  [RoutineKind.CallbackFunction]: "CallbackFunction",
  [RoutineKind.Thread]: "a system thread",
  [RoutineKind.SystemThread]: "StartRoutine",
  [RoutineKind.Timer]: "EvtTimerFunc",
  [RoutineKind.Dpc]: "EvtDpcFunc",
  [RoutineKind.DeferredRoutine]: "DeferredRoutine",
};

const known: string[] = [];

/** EvtIoRead for RoutineKind.IoRead. */
export function routineName(kind: RoutineKind): string {
  return (known[kind] ??= NAMES[kind] ?? `Evt${RoutineKind[kind]}`);
}

const DPC_COOKIE = 0x40000001;
const WORKER_COOKIE = 0x40000002;
const IDLE_COOKIE = 0x40000003;
const PASSIVE_COOKIE = 0x40000004;
const DRIVER_THREAD = 0x30000000;

/** app, the application's thread; t1, t2, ... system threads; s1, s2, ... those of drivers; dpc; wi, a work item;
 *  idle, a processor that was interrupted while idle; isr, a passive-level interrupt. */
export function threadName(cookie: number): string {
  if (cookie === 0) return "app";
  if (cookie === DPC_COOKIE) return "dpc";
  if (cookie > DRIVER_THREAD && cookie < DPC_COOKIE) return `s${cookie - DRIVER_THREAD}`;
  if (cookie === IDLE_COOKIE) return "idle";
  if (cookie === PASSIVE_COOKIE) return "isr";
  return cookie === WORKER_COOKIE ? "wi" : `t${cookie}`;
}
