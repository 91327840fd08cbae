// What the core tells the host, and which routine of the driver it wants run.

/** Word 0 of an event, low byte. Operands follow in the order given. */
export enum EventKind {
  /** Run a routine. Detail: RoutineKind. Operands: the host's callback, request, a. The rest stands in the system record. */
  Routine = 1,
  /** An IRP went back to its sender. Detail: 1 if the request outlives it. Operands: request, NTSTATUS, information. */
  RequestCompleted = 2,
  /** A rule was broken and the run goes on. Operands: FindingId, first and second object. */
  Finding = 3,
  /** A PnP or power IRP went back to its sender. Operands: device, PnpIrp, NTSTATUS. */
  PnpCompleted = 4,
  /** A thread ended. Operands: the thread's cookie, result. */
  ThreadEnded = 5,
  /** An object is gone; its handle will not be seen again. Operand: handle. */
  ObjectFreed = 6,
  /** A thread waits. Operands: the thread's cookie, WaitReason, object. */
  ThreadParked = 7,
  /** An IRP passed this device by and went down the stack. Operands: request, device, major function. */
  SentDown = 8,
  /** A WDFFILEOBJECT stands for a FILE_OBJECT. Operands: its handle, that of the FILE_OBJECT. */
  FileObjectMade = 14,
  /**
   * Another request stands for an IRP now: a reserved one, or what was sent to be forgotten. Operands: the IRP's handle so
   * far, the one from now on, 1 when the former is still somebody's.
   */
  IrpTakenOver = 9,
  /** A request was sent on: an IRP's next stack location. Operands: its handle there, the request's, the target's. */
  IrpSent = 16,
  /** What was sent is back. Operands: its handle there, the request's, NTSTATUS. */
  IrpReturned = 17,
  /** The clock reached a deadline. Operands: cookie of the thread whose wait timed out, or 0xffffffff for a timer; the moment. */
  DeadlineReached = 20,
  /** An interrupt and its line. Detail: InterruptChange. Operands: interrupt, vector, IRQL | SynchronizeIrql << 8. */
  InterruptChanged = 24,
}

/**
 * The driver's routines. Arguments stand in the system record: object (queue, device, ...), request, a, b, c.
 */
export enum RoutineKind {
  None = 0,
  /** EvtIoRead(queue, request, a = length) */
  IoRead = 1,
  /** EvtIoWrite(queue, request, a = length) */
  IoWrite = 2,
  /** EvtIoDeviceControl(queue, request, a = output length, b = input length, c = code) */
  IoDeviceControl = 3,
  /** EvtIoInternalDeviceControl, as above */
  IoInternalDeviceControl = 4,
  /** EvtIoDefault(queue, request) */
  IoDefault = 5,
  /** EvtIoStop(queue, request, a = WdfRequestStopAction flags) */
  IoStop = 6,
  /** EvtIoResume(queue, request) */
  IoResume = 7,
  /** EvtIoCanceledOnQueue(queue, request) */
  IoCanceledOnQueue = 8,
  /** EvtRequestCancel(request) */
  RequestCancel = 9,
  /** EvtIoQueueState after Stop or StopAndPurge (queue, a = context) */
  QueueStopComplete = 10,
  /** EvtIoQueueState after Drain or Purge (queue, a = context) */
  QueuePurgeComplete = 11,
  /** EvtIoQueueState of WdfIoQueueReadyNotify (queue, a = context) */
  QueueReady = 12,
  /** EvtIoInCallerContext(device, request) */
  IoInCallerContext = 13,
  /** EvtIoAllocateRequestResources(queue, request) -> NTSTATUS */
  IoAllocateRequestResources = 14,
  /** EvtIoAllocateResourcesForReservedRequest(queue, request) -> NTSTATUS */
  IoAllocateResourcesForReservedRequest = 15,
  /** EvtIoWdmIrpForForwardProgress(queue, irp = request) -> WdfIoForwardProgressAction */
  IoWdmIrpForForwardProgress = 16,
  /** EvtDeviceWdmIrpDispatch(device, irp = request, a = major | minor << 8, b = control code, c = context) -> NTSTATUS */
  DeviceWdmIrpDispatch = 17,
  /** EvtDeviceD0Entry(device, a = previous WdfPowerDeviceState) -> NTSTATUS */
  DeviceD0Entry = 18,
  /** EvtDeviceD0Exit(device, a = target WdfPowerDeviceState) -> NTSTATUS */
  DeviceD0Exit = 19,
  /** EvtDeviceSelfManagedIoInit(device) -> NTSTATUS */
  DeviceSelfManagedIoInit = 20,
  /** EvtCleanupCallback(object) */
  ObjectCleanup = 21,
  /** EvtDestroyCallback(object) */
  ObjectDestroy = 22,
  /** The body of a system thread (thread cookie in a) */
  Thread = 23,
  /** EvtDevicePrepareHardware(device) -> NTSTATUS */
  DevicePrepareHardware = 24,
  /** EvtDeviceReleaseHardware(device) -> NTSTATUS */
  DeviceReleaseHardware = 25,
  /** EvtDeviceD0EntryPostInterruptsEnabled(device, a = previous WdfPowerDeviceState) -> NTSTATUS */
  DeviceD0EntryPostInterruptsEnabled = 26,
  /** EvtDeviceD0ExitPreInterruptsDisabled(device, a = target WdfPowerDeviceState) -> NTSTATUS */
  DeviceD0ExitPreInterruptsDisabled = 27,
  /** EvtDeviceSelfManagedIoRestart(device) -> NTSTATUS */
  DeviceSelfManagedIoRestart = 28,
  /** EvtDeviceSelfManagedIoSuspend(device) -> NTSTATUS */
  DeviceSelfManagedIoSuspend = 29,
  /** EvtDeviceSelfManagedIoFlush(device) */
  DeviceSelfManagedIoFlush = 30,
  /** EvtDeviceSelfManagedIoCleanup(device) */
  DeviceSelfManagedIoCleanup = 31,
  /** EvtDeviceSurpriseRemoval(device) */
  DeviceSurpriseRemoval = 32,
  /** EvtDeviceQueryRemove(device) -> NTSTATUS */
  DeviceQueryRemove = 33,
  /** EvtDeviceQueryStop(device) -> NTSTATUS */
  DeviceQueryStop = 34,
  /** KSTART_ROUTINE, the body of a thread a driver has made (a = context) */
  SystemThread = 75,
  /** EvtTimerFunc(timer) */
  Timer = 65,
  /** EvtDpcFunc(dpc) */
  Dpc = 66,
  /** EvtWorkItem(workItem) */
  WorkItem = 67,
  /** The DeferredRoutine of a KDPC (dpc); context and arguments are the host's */
  DeferredRoutine = 68,
  /** EvtInterruptIsr(interrupt, a = message number) -> BOOLEAN: the device's interrupt it was */
  InterruptIsr = 76,
  /** EvtInterruptDpc(interrupt, device = request) */
  InterruptDpc = 77,
  /** EvtInterruptWorkItem(interrupt, device = request) */
  InterruptWorkItem = 78,
  /** EvtInterruptEnable(interrupt, device = request) -> NTSTATUS */
  InterruptEnable = 79,
  /** EvtInterruptDisable(interrupt, device = request) -> NTSTATUS */
  InterruptDisable = 80,
  /** EvtInterruptSynchronize(interrupt) -> BOOLEAN */
  InterruptSynchronize = 81,
  /** The dispatch routine of a driver below that is not the framework's (device, irp = request, a = major) -> NTSTATUS */
  LowerDispatch = 55,
  /** Its cancel routine (device, irp = request) */
  LowerCancel = 56,
  /** CompletionRoutine(request, target, params: CompletionWord, a = context) */
  RequestCompletion = 57,
  /** EvtDeviceFileCreate(device, request, a = file object) */
  DeviceFileCreate = 45,
  /** EvtFileCleanup(file object) */
  FileCleanup = 46,
  /** EvtFileClose(file object) */
  FileClose = 47,
  /** EvtDeviceWdmIrpPreprocess(device, irp = request) -> NTSTATUS */
  DeviceWdmIrpPreprocess = 35,
  /** EvtDeviceArmWakeFromS0(device) -> NTSTATUS */
  DeviceArmWakeFromS0 = 93,
  /** EvtDeviceDisarmWakeFromS0(device) */
  DeviceDisarmWakeFromS0 = 94,
  /** EvtDeviceWakeFromS0Triggered(device) */
  DeviceWakeFromS0Triggered = 95,
  /** EvtDeviceArmWakeFromSx(device) -> NTSTATUS */
  DeviceArmWakeFromSx = 96,
  /** EvtDeviceArmWakeFromSxWithReason(device, a = device wake enabled, b = children armed for wake) -> NTSTATUS */
  DeviceArmWakeFromSxWithReason = 97,
  /** EvtDeviceDisarmWakeFromSx(device) */
  DeviceDisarmWakeFromSx = 98,
  /** EvtDeviceWakeFromSxTriggered(device) */
  DeviceWakeFromSxTriggered = 99,
  /** EvtChildListScanForChildren(list) */
  ChildListScanForChildren = 107,
  /** EvtChildListCreateDevice(list, a = the number under which the host keeps description and init) -> NTSTATUS */
  ChildListCreateDevice = 108,
  /** EvtDriverDeviceAdd(driver, a = the number under which the host keeps driver and init), for a child -> NTSTATUS */
  DriverDeviceAdd = 110,
  /** EvtDeviceEject(device) -> NTSTATUS */
  DeviceEject = 109,
  /** CALLBACK_FUNCTION(object, registration = request, a = the number under which the host keeps both arguments) */
  CallbackFunction = 85,
  /** EvtDriverUnload(driver) */
  DriverUnload = 100,
  /** EvtIoTargetQueryRemove(target) -> NTSTATUS */
  IoTargetQueryRemove = 101,
  /** EvtIoTargetRemoveCanceled(target) */
  IoTargetRemoveCanceled = 102,
  /** EvtIoTargetRemoveComplete(target) */
  IoTargetRemoveComplete = 103,
}

/** Why a thread is parked. */
export enum WaitReason {
  None = 0,
  /** WdfIoQueueStopSynchronously, StopAndPurgeSynchronously */
  QueueToStop = 1,
  /** WdfIoQueuePurgeSynchronously */
  QueueToPurge = 2,
  /** WdfIoQueueDrainSynchronously */
  QueueToDrain = 3,
  /** A callback (presentation) lock of a queue or device held by another thread */
  CallbackLock = 4,
  /** WdfObjectDelete: a queue still has requests */
  QueueToEmpty = 5,
  /** Leaving D0: a handler of the queue still runs */
  QueueToQuiesce = 6,
  /** Leaving D0 or removal: EvtIoStop has not been answered for every request */
  RequestsToBeAcknowledged = 7,
  /** WdfWaitLockAcquire, the lock of a passive-level interrupt */
  WaitLock = 23,
  /** A spin lock held by another thread; on Windows the processor would spin */
  SpinLock = 24,
  /** KeWaitForSingleObject: an event */
  Event = 25,
  /** KeWaitForSingleObject: a semaphore */
  Semaphore = 26,
  /** KeWaitForSingleObject: a mutex held by another thread */
  Mutex = 27,
  /** ExAcquireFastMutex */
  FastMutex = 28,
  /** KeAcquireGuardedMutex */
  GuardedMutex = 29,
  /** KeWaitForSingleObject: a thread that has not ended */
  Thread = 30,
  /** KeWaitForSingleObject: a timer that has not expired */
  Timer = 31,
  /** KeWaitForMultipleObjects */
  Objects = 32,
  /** KeDelayExecutionThread */
  Delay = 33,
  /** Leaving D0, WdfInterruptDisable: a DPC or work item of the interrupt has not run */
  InterruptToBeFlushed = 34,
  /** KeFlushQueuedDpcs, and what uses it: DPCs are still queued */
  DpcsToRun = 18,
  /** WdfTimerStop, or the end of a timer: its work item is queued or runs */
  TimerToFinish = 19,
  /** WdfWorkItemFlush, or the end of a work item: it is queued or runs */
  WorkItemToComplete = 20,
  /** WdfDeviceStopIdle with WaitForD0: the device is on its way to D0 */
  DeviceToPowerUp = 21,
  /** A PnP or power IRP: the device still works on another */
  DeviceToSettle = 45,
  /** WdfIoTargetStop, Purge, Close, delete: sent requests have not come back */
  SentRequestsToComplete = 14,
  /** A synchronous send: the request has not come back */
  SynchronousSend = 15,
  /** ExUnregisterCallback: the routine still runs */
  CallbackToReturn = 36,
}

/** The PnP and power IRPs a device can be sent. */
export enum PnpIrp {
  StartDevice = 1,
  QueryStop = 2,
  CancelStop = 3,
  StopDevice = 4,
  QueryRemove = 5,
  CancelRemove = 6,
  SurpriseRemoval = 7,
  RemoveDevice = 8,
  /** IRP_MN_SET_POWER, a system state below S0 */
  SetPowerSx = 9,
  /** IRP_MN_SET_POWER, PowerSystemWorking */
  SetPowerS0 = 10,
  /** IRP_MN_SET_POWER, a device state below D0, while the system works */
  SetPowerDx = 11,
  /** IRP_MN_SET_POWER, PowerDeviceD0, while the system works */
  SetPowerD0 = 12,
  /** IRP_MN_EJECT, to a child that was removed */
  Eject = 13,
}

/** What the core knows of the request a power transition waits for when its watchdog ends the System: first out value. */
export enum WatchdogFacts {
  /** Its queue has an EvtIoStop, which was called for it and did not answer. */
  HasEvtIoStop = 1,
  /** A handler of the queue was called with it, of the RoutineKind in the second out value; else it was retrieved. */
  Presented = 2,
  /** It is marked cancelable. */
  Cancelable = 4,
  /** It was sent to an I/O target and has not come back. */
  Sent = 8,
  /** The transition is the system's: it goes to sleep. */
  SystemSleeps = 16,
  /** WdfRequestStopAcknowledge was called for it after EvtIoStop had returned, when the queue does not look any more. */
  AcknowledgedLate = 32,
}

/** What happened between an interrupt and its line. */
export enum InterruptChange {
  /** IoConnectInterruptEx */
  Connected = 1,
  /** IoDisconnectInterruptEx */
  Disconnected = 2,
  /** IoReportInterruptInactive: still connected, but nothing is expected of the line. */
  Inactive = 3,
  /** IoReportInterruptActive */
  Active = 4,
}
