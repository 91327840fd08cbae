// What framework code there is that may call a driver or wait: one kind of frame each, with its operands.
//
// The step functions live in the file of their concept (named beside each kind); dispatch.ts runs them.

import { FRAME_SIZE, Frame } from "../nt/frame";

export enum FrameKind {
  None = 0,
  /** The body of a system thread: dispatch.ts */
  Thread = 1,
  /** The event loop of a queue: queue-loop.ts */
  QueueLoop = 2,
  /** An IRP on its way to a queue: arrival.ts */
  Arrival = 3,
  /** A request on its way back to its sender: completion.ts */
  Completion = 4,
  /** WdfRequestForwardToIoQueue: movement.ts */
  Forward = 5,
  /** Stop, StopAndPurge and their synchronous forms: queue-state.ts */
  QueueIdle = 6,
  /** Purge, Drain and their synchronous forms: queue-state.ts */
  QueuePurge = 7,
  /** WdfIoQueueRetrieveNextRequest and its like, while zero-length requests are completed: retrieval.ts */
  Retrieve = 8,
  /** The work item of a passive queue, the DPC of another: deferral.ts */
  Deferred = 9,
  /** Filling the reserve of a forward-progress queue: forward-progress.ts */
  Reserve = 10,
  /** A reserved request comes back: forward-progress.ts */
  ReserveReturn = 11,
  /** Cancels the undelivered requests of one file object: queue-state.ts */
  FileFlush = 12,
  /** Deletes a queue: disposal.ts */
  QueueDisposal = 13,
  /** A PnP or power IRP: device-life.ts */
  DeviceLife = 14,
  /** Stops all queues of a device for power, or purges them for removal: device-power.ts */
  QueuesHold = 15,
  /** Resumes all queues of a device: device-power.ts */
  QueuesResume = 16,
  /** Cancels IRPs that wait for a reserved request: forward-progress.ts */
  PostponedCancel = 17,
  /** WdfObjectAcquireLock of a lock that is held: lock-wait.ts */
  LockWait = 18,
  /** The work item of a device that wakes up: device-life.ts */
  DeviceWake = 19,
  /** A wait for kernel objects, a lock or the clock: kernel-wait.ts */
  KernelWait = 50,
  /** The body of a thread that PsCreateSystemThread has made: system-thread.ts */
  SystemThread = 51,
  /** The timeout of a sent request: target-cancel.ts */
  SendTimeout = 33,
  /** A synchronous send: target-sync.ts */
  SyncSend = 34,
  /** WdfIoTargetStop, Purge, Close; the end of a target: target-state.ts */
  TargetStop = 35,
  /** WdfIoTargetStart: target-state.ts */
  TargetStart = 36,
  /** A request comes back from its target: target-return.ts */
  TargetReturn = 37,
  /** WdfRequestCancelSentRequest: target-cancel.ts */
  CancelSent = 38,
  /** IoCallDriver, or IoCancelIrp, to a driver that is not the framework's: lower.ts */
  LowerCall = 39,
  /** WdfRequestSend, and what send and forget is besides: target-send.ts */
  Send = 40,
  /** Cleans an object and its children up: object-life.ts */
  ObjectDispose = 23,
  /** Destroys an object and its children: object-life.ts */
  ObjectDestroy = 24,
  /** The work item that disposes of objects at PASSIVE_LEVEL: object-life.ts */
  DisposeList = 25,
  /** A DPC's turn: dpc.ts */
  DpcRun = 41,
  /** KeFlushQueuedDpcs, and the DPC that ends its wait: dpc-flush.ts */
  DpcFlush = 42,
  DpcFlushed = 43,
  /** The DPC of a timer, and the work item of a passive one: timer.ts */
  TimerDpc = 44,
  TimerWork = 45,
  /** WdfTimerStop that waits: timer.ts */
  TimerStop = 46,
  /** A work item's turn, and WdfWorkItemFlush: work-item.ts */
  WorkItemRun = 47,
  WorkItemFlush = 48,
  /** Dispose of a DPC, timer or work item: serialized-end.ts */
  Rundown = 49,
  /** ExNotifyCallback: callback-notify.ts */
  CallbackNotify = 60,
  /** ExUnregisterCallback of a routine that runs: callback-notify.ts */
  CallbackUnregister = 61,
  /** The DPC of a device's idle timer, the work item that follows, and WdfDeviceStopIdle that waits: idle.ts */
  IdleExpired = 80,
  IdleDown = 81,
  AwaitD0 = 82,
  /** The DPC of a device's power watchdog: power-watchdog.ts */
  PowerWatchdog = 83,
  /** EvtChildListScanForChildren of a device's lists; EvtChildListCreateDevice, EvtDriverDeviceAdd for a child: child-list.ts */
  ScanForChildren = 98,
  CreateChild = 99,
  /** A line interrupts: the service routines of the interrupts on it: interrupt-line.ts */
  InterruptService = 52,
  /** A routine of an interrupt, under its lock: interrupt-call.ts */
  InterruptCall = 53,
  /** The DPC of an interrupt: interrupt-call.ts */
  InterruptDpc = 54,
  /** Interrupts are connected or disconnected: interrupt-power.ts */
  InterruptsChange = 55,
  /** The work item of an interrupt: interrupt-call.ts */
  InterruptWork = 56,
  /** A system thread that was started together with other inputs: held-input.ts */
  HeldThread = 66,
  /** IoCancelIrp that was called together with other inputs: held-input.ts */
  HeldCancel = 67,
  /** A create, cleanup or close: file-package.ts */
  FileIrp = 28,
  /** A create that fails below: completion.ts */
  FileUndo = 29,
  /** Targets hear that their device is removed: target-notify.ts */
  TargetNotify = 106,
  /** A driver is unloaded: driver.ts */
  DriverUnload = 105,
}

/** Where a loop frame goes on. */
export enum LoopStep {
  Enter = 0,
  Iterate = 1,
  /** A callback about a request the framework holds a reference on has returned: the reference goes. */
  HoldReturned = 2,
  /** Not for this frame to run: leave. */
  Turned = 3,
}

/** One pass through the event loop of a queue. */
@unmanaged
export class LoopFrame extends Frame {
  queue: usize;
  /** A new arrival in hand that is in no list yet, or 0. */
  fresh: usize;
  /** 1: leave at once when another frame is in the loop already. */
  guarded: u32;
  /** The request the framework holds a reference on while its callback runs. */
  held: usize;
}

@unmanaged
export class ArrivalFrame extends Frame {
  irp: usize;
  device: usize;
  queue: usize;
  status: i32;
  /** 1 once the critical region around the arrival has been entered. */
  region: u32;
  /** 1 when WdfDeviceWdmDispatchIrpToIoQueue has asked for no EvtIoInCallerContext. */
  skipsCaller: u32;
  /** The request of a create that is on its way through the framework's own queue. */
  handle: u32;
}

@unmanaged
export class CompletionFrame extends Frame {
  target: usize;
  status: i32;
  queue: usize;
  /** Place of the request when its completion began. */
  place: u32;
}

@unmanaged
export class ForwardFrame extends Frame {
  source: usize;
}

/** A change of a queue's state that cancels requests and may wait. */
@unmanaged
export class QueueStateFrame extends Frame {
  queue: usize;
  /** Cancel what is queued and what is cancelable. */
  cancels: u32;
  /** 1 for the synchronous forms. */
  waits: u32;
  /** Set when the state has been reached (the event the synchronous forms wait for). */
  reached: u32;
  waitReason: u32;
}

@unmanaged
export class RetrieveFrame extends Frame {
  queue: usize;
  file: u32;
  tag: usize;
}

@unmanaged
export class ReserveFrame extends Frame {
  queue: usize;
  target: usize;
  made: u32;
}

@unmanaged
export class QueueFrame extends Frame {
  queue: usize;
  file: u32;
  /** PostponedCancel: 1 for those captured by StopAndPurge. */
  captured: u32;
}

@unmanaged
export class DeviceFrame extends Frame {
  device: usize;
  /** The queue at work, when the code walks over all queues of the device. */
  queue: usize;
  action: u32;
  /** 1 when an IRP is to be answered at the end. */
  irp: u32;
}

@unmanaged
export class LockFrame extends Frame {
  waited: usize;
}

/** What a wait does when it is over. */
export enum WaitThen {
  Nothing = 0,
  /** The thread enters the lock it has waited for. */
  Enter = 1,
  /** When its time was up the thread leaves the critical region it entered to wait. */
  LeaveOnTimeout = 2,
  /** Nothing was waited for but the time: always a success. */
  Delay = 3,
}

@unmanaged
export class WaitFrame extends Frame {
  then: u32;
  /** The lock waited for (a Dispatcher). */
  waited: usize;
}

/** KeFlushQueuedDpcs, with the DPC it puts last: a DeferredCall of four words. */
@unmanaged
export class FlushFrame extends Frame {
  markerKind: u32;
  markerNext: u32;
  markerPrev: u32;
  markerTarget: usize;
}

@unmanaged
export class StopFrame extends Frame {
  timer: usize;
  /** 1 when the timer was armed. */
  cancelled: u32;
}

@unmanaged
export class RundownFrame extends Frame {
  body: usize;
  /** ObjectKind */
  objectKind: u32;
}

/** The routines of a callback object are called one by one. */
@unmanaged
export class NotifyFrame extends Frame {
  target: usize;
  /** The registration that is called, or was called last; 0 before the first. */
  current: usize;
  /** Under which number the host keeps the arguments. */
  values: u32;
  /** The level at which the running routine was called. */
  level: u32;
}

@unmanaged
export class UnregisterFrame extends Frame {
  registration: usize;
}

@unmanaged
export class InterruptCallFrame extends Frame {
  interrupt: usize;
  /** RoutineKind */
  routineKind: u32;
}

@unmanaged
export class ServiceFrame extends Frame {
  line: usize;
  /** The interrupt whose routine runs, or ran last. */
  current: usize;
  claimed: u32;
  /** What the interrupted DDI gave back beside a status. */
  out0: u32;
  out1: u32;
  out2: u32;
}

@unmanaged
export class InterruptsFrame extends Frame {
  /** The interrupt at work, 0 after the last. */
  interrupt: usize;
  action: u32;
  /** 1 when the device goes to sleep or wakes up: an interrupt that is reported inactive stays connected. */
  sleeps: u32;
  /** 1 when only this one is meant. */
  single: u32;
}

if (offsetof<LoopFrame>() > FRAME_SIZE) ERROR("LoopFrame does not fit");
if (offsetof<ArrivalFrame>() > FRAME_SIZE) ERROR("ArrivalFrame does not fit");
if (offsetof<CompletionFrame>() > FRAME_SIZE) ERROR("CompletionFrame does not fit");
if (offsetof<ForwardFrame>() > FRAME_SIZE) ERROR("ForwardFrame does not fit");
if (offsetof<QueueStateFrame>() > FRAME_SIZE) ERROR("QueueStateFrame does not fit");
if (offsetof<RetrieveFrame>() > FRAME_SIZE) ERROR("RetrieveFrame does not fit");
if (offsetof<ReserveFrame>() > FRAME_SIZE) ERROR("ReserveFrame does not fit");
if (offsetof<QueueFrame>() > FRAME_SIZE) ERROR("QueueFrame does not fit");
if (offsetof<DeviceFrame>() > FRAME_SIZE) ERROR("DeviceFrame does not fit");
if (offsetof<LockFrame>() > FRAME_SIZE) ERROR("LockFrame does not fit");
if (offsetof<WaitFrame>() > FRAME_SIZE) ERROR("WaitFrame does not fit");
if (offsetof<FlushFrame>() > FRAME_SIZE) ERROR("FlushFrame does not fit");
if (offsetof<StopFrame>() > FRAME_SIZE) ERROR("StopFrame does not fit");
if (offsetof<RundownFrame>() > FRAME_SIZE) ERROR("RundownFrame does not fit");
if (offsetof<NotifyFrame>() > FRAME_SIZE) ERROR("NotifyFrame does not fit");
if (offsetof<UnregisterFrame>() > FRAME_SIZE) ERROR("UnregisterFrame does not fit");
if (offsetof<InterruptCallFrame>() > FRAME_SIZE) ERROR("InterruptCallFrame does not fit");
if (offsetof<ServiceFrame>() > FRAME_SIZE) ERROR("ServiceFrame does not fit");
if (offsetof<InterruptsFrame>() > FRAME_SIZE) ERROR("InterruptsFrame does not fit");
