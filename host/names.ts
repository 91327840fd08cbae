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
  [RoutineKind.Timer]: "EvtTimerFunc",
  [RoutineKind.Dpc]: "EvtDpcFunc",
  [RoutineKind.DeferredRoutine]: "DeferredRoutine",
};

/** EvtIoRead for RoutineKind.IoRead. */
export function routineName(kind: RoutineKind): string {
  return NAMES[kind] ?? `Evt${RoutineKind[kind]}`;
}
