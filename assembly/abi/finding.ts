// Findings: broken rules that do not end the run. The texts are the host's (host/findings.ts).
//
// Below 0x100: the framework's own check broke into the debugger (VerifierBreak). From 0x100: rules of ours about the
// documented contract (RuleFinding); they never change an outcome.

/** What was broken. The comments name the rule of the framework's verifier. */
export enum FindingId {
  /** WdfRequestComplete*: the driver does not own the request (completed already, or it sits in a queue). */
  CompleteNotOwned = 1,
  /** WdfRequestComplete*: the request was made by the driver and cannot be completed. */
  CompleteNotCompletable = 2,
  /** The request was completed before. */
  AlreadyCompleted = 3,
  /** Completed while marked cancelable and not cancelled. */
  CompleteCancelable = 4,
  /** Information given for a buffered ioctl without output buffer. */
  InformationWithoutOutput = 5,
  /** A request that ended in its queue was not the driver's. */
  QueueCompleteNotOwned = 6,
  /** The request is still due for a cancel callback. */
  StillOnCancelList = 7,
  /** A request passed to a queue DDI is not driver-owned. */
  NotOwned = 8,
  /** A request passed to a queue DDI is marked cancelable. */
  IsCancelable = 9,
  /** A request passed to WdfRequestUnmarkCancelable is not marked. */
  NotCancelable = 10,
  /** WdfRequestForwardToIoQueue to the queue the request came from. */
  ForwardToSameQueue = 11,
  /** WdfRequestForwardToIoQueue to a queue of another device. */
  ForwardToOtherDevice = 12,
  /** The request has no queue. */
  NoQueue = 13,
  /** WdfRequestRequeue on a queue that is not manual. */
  RequeueNotManual = 14,
  /** WdfRequestStopAcknowledge outside EvtIoStop. */
  NotInEvtIoStop = 15,
  /** Retrieval from a sequential queue of which the driver owns nothing. */
  RetrieveNothingOwned = 16,
  /** WdfIoQueueRetrieveFoundRequest on a queue that is not manual. */
  RetrieveFoundNotManual = 17,
  /** WdfIoQueueFindRequest on a queue that is not manual. */
  FindNotManual = 18,
  /** A tag request that was never found. */
  BadTag = 19,
  /** WdfIoQueueReadyNotify on a queue that is not manual. */
  ReadyNotManual = 20,
  /** WdfIoQueueReadyNotify: a callback is registered already. */
  ReadyAlreadyRegistered = 21,
  /** WdfIoQueueReadyNotify(NULL): none is registered. */
  ReadyNotRegistered = 22,
  /** WdfIoQueueReadyNotify(NULL): the queue has not been stopped. */
  ReadyNotStopped = 23,
  /** The ready callback was withdrawn while it was due. */
  ReadyWithdrawn = 24,
  /** WdfDeviceEnqueueRequest of a request that is not in EvtIoInCallerContext. */
  NotInCallerContext = 25,
  /** WdfDeviceEnqueueRequest: no queue takes this type. */
  EnqueueNoQueue = 26,
  /** WdfDeviceConfigureRequestDispatching: the queue has no handler for the type. */
  DispatchingNoHandler = 27,
  /** WdfDeviceConfigureRequestDispatching: the queue is the default queue. */
  DispatchingDefaultQueue = 28,
  /** WdfDeviceConfigureRequestDispatching: the type is taken. */
  DispatchingTaken = 29,
  /** WdfIoQueueAssignForwardProgressPolicy: assigned before. */
  ProgressAssigned = 30,
  /** EvtIoWdmIrpForForwardProgress returned no action. */
  ProgressBadAction = 31,
  /** WdfObjectDelete of an object that may not be deleted. */
  CannotDelete = 32,
  /** A DDI that needs PASSIVE_LEVEL was called above it and did nothing. */
  NotPassive = 33,
  /** A callback returned, or WdfObjectReleaseLock was called, without the callback lock being held. */
  LockNotHeld = 34,
  /** A framework wait has lasted longer than the verifier likes. */
  WaitTooLong = 35,
  /** WdfDeviceWdmDispatchIrpToIoQueue: bad flags, request type, queue or device. */
  DispatchToQueueInvalid = 36,
  /** EvtDeviceWdmIrpDispatch: an unknown dispatch context, or the major function was changed. */
  DispatchContextInvalid = 37,
  /** A lock was released that the thread does not hold. */
  LockReleasedNotOwned = 38,
  /** The request is on an IRP queue already. */
  AlreadyQueued = 39,
  /** WdfFdoInitSetFilter after the default queue was made. */
  SetFilterTooLate = 40,
  /** WdfRequestGetIoQueue of a create request. */
  InternalCreateQueue = 41,
  /** WdfRequestGetParameters and its like: the request was completed. */
  ParametersCompleted = 42,
  /** WdfDeviceEnqueueRequest: the request was formatted for a target. */
  EnqueueFormatted = 43,
  /** WdfRequestRetrieve*Buffer: requests of this type have no buffer. */
  NoBuffer = 44,
  /** WdfObjectAcquireLock, WdfObjectReleaseLock: the object has no callback lock. A Stop follows. */
  NoCallbackLock = 45,
  /** AutomaticSerialization with a parent whose callbacks run at the other level. */
  SerializationLevel = 70,
  /** WdfTimerStart of a timer that is being deleted. */
  TimerDeleted = 71,
  /** WdfTimerStop with Wait in the timer's own callback. */
  TimerStopInCallback = 72,
  /** WdfTimerStop with Wait while another thread does the same. */
  TimerStoppedTwice = 73,
  /** WdfObjectDelete of a timer in its own passive-level callback, which it would wait for. */
  TimerDeletedInCallback = 74,
  /** WdfWorkItemEnqueue of a work item that is being deleted. */
  WorkItemDeleted = 75,
  /** WdfWorkItemFlush in the work item's own callback. */
  WorkItemFlushInCallback = 76,
  /** WdfRequestSend: wrong size or flags of the options. */
  SendOptionsInvalid = 60,
  /** WdfRequestSend: a received request without a completion routine. */
  SendNoRoutine = 61,
  /** Send and forget of a request that a target has formatted. */
  ForgetFormatted = 62,
  /** Send and forget of a request with a completion routine: it will not be called. */
  ForgetWithRoutine = 63,
  /** WdfRequestReuse, WdfObjectDelete: the request is still out at a target. */
  StillSent = 64,
  /** WdfRequestGetCompletionParams: the request was not formatted by a target, or the structure's size is wrong. */
  NoCompletionParams = 65,
  /** WdfRequestReuse with MUST_COMPLETE of a request that cannot be completed. */
  ReuseMustComplete = 66,
  /** WdfIoTargetPurge while another thread waits in WdfIoTargetStop or WdfIoTargetPurge. */
  TargetBusy = 67,
  /** A request driver-made, or completed, was asked for its parameters. */
  NoStackLocation = 68,
  /** WdfDeviceWdmDispatchIrp in a preprocess callback: it is for class extensions. */
  DispatchNotExtension = 46,
  /** WdfRequestForwardToParentDeviceIoQueue: no parent device, another one's queue, not allowed, or a reserved request. */
  ForwardToParentInvalid = 47,
  /** WdfDeviceInitSetRequestAttributes: a parent, a level, a scope or a wrong Size. */
  RequestAttributesInvalid = 48,
  /** A structure for a DDI that returns nothing has the wrong Size, or holds what is not allowed: it is ignored. */
  BadSize = 55,
  /** WdfRequestRetrieveUnsafeUserInputBuffer: neither METHOD_NEITHER nor a write of a device for neither I/O. */
  NotUnsafeInput = 56,
  /** A request's file object is not one this device has opened. */
  UnknownFile = 57,
  /** WdfRequestSend with SEND_AND_FORGET of a create that has a WDFFILEOBJECT. */
  ForgetCreate = 58,
  /** A buffer of a user's read or write of a device for neither I/O was asked for outside EvtIoInCallerContext. */
  NeitherBuffer = 59,
  /** WdfDeviceResumeIdle without a WdfDeviceStopIdle before. */
  ResumeIdleUnbalanced = 77,

  /** Paged memory was asked for above APC_LEVEL. */
  PagedAboveApc = 50,
  /** WdfCollectionRemove, WdfCollectionRemoveItem: the collection has no such item. */
  NotInCollection = 51,
  /** WdfMemoryCopyFromBuffer: the memory may only be read (the input of a request). */
  MemoryIsReadOnly = 53,
  /** A request was completed above PASSIVE_LEVEL although a child of it has to be cleaned up at PASSIVE_LEVEL. */
  RequestDisposeDeferred = 54,

  /** EvtDevicePrepareHardware, ReleaseHardware, QueryStop or QueryRemove returned STATUS_NOT_SUPPORTED. */
  NotSupportedReturned = 96,

  /** WdfSpinLockAcquire, WdfSpinLockRelease: the lock was given to an interrupt, and nothing is done. */
  SpinLockOfInterrupt = 80,
  /** WdfInterruptCreate: AutomaticSerialization under a parent with callbacks at the other level. */
  InterruptSerialization = 81,
  /** WdfInterruptAcquireLock, WdfInterruptReleaseLock: the interrupt is not connected, and nothing is done. */
  InterruptNotConnected = 82,
  /** WdfInterruptTryToAcquireLock: the interrupt is not handled at PASSIVE_LEVEL. */
  InterruptNotPassive = 83,

  /** WdfObjectDereferenceWithTag: references are tracked, and none has that tag (object, tag as a text). */
  TagNotReferenced = 125,

  /** A synchronous queue DDI called from a request handler. */
  SynchronousInHandler = 0x100,
  /** A DDI called above the level documented for it. First: Ddi | allowed level << IRQL_ALLOWED_SHIFT; second: the level. */
  IrqlTooHigh = 0x101,
  /** A DDI called below the level documented for it. Operands as above. */
  IrqlTooLow = 0x102,
  /** KeRaiseIrql to a lower level: a free kernel sets it. */
  RaisedToLower = 0x150,
  /** KeLowerIrql to a higher level: a free kernel sets it. */
  LoweredToHigher = 0x151,
  /** A critical or guarded region was left that had not been entered. */
  RegionNotEntered = 0x152,
  /** A system thread ended above PASSIVE_LEVEL, or in a critical or guarded region. */
  ThreadEndedUnbalanced = 0x153,
  /** WdfWaitLockRelease by a thread that does not hold the lock: it leaves a critical region that it has not entered. */
  WaitLockNotHeld = 0x154,
  /** A line interrupts and no service routine claims it: it is masked until it is deasserted. First: an interrupt on it. */
  InterruptUnclaimed = 0x155,
  /** A registry key was used for what it was not opened for; kernel code may. First: the key; second: the access it needs. */
  KeyAccessNotAsked = 0x1b0,
  /** An object was destroyed, and a reference that was taken with a tag never dropped with it (object, tag as a text). */
  TagAbandoned = 0x1b1,
  /** EvtDestroyCallback used the object's handle for more than its contexts. */
  UsedInDestroy = 0x1b2,
  /** A request was completed with STATUS_PENDING. */
  CompletedPending = 0x103,
  /** An IRP came back from its preprocess callback, and no next stack location was set up for it. */
  StackLocationNotSet = 0x107,
  /** A buffer, an MDL or the status of a completed request was asked for: its IRP is gone. A Stop follows. */
  UsedAfterCompletion = 0x120,
  /** A function for children of a bus driver was called with a device that is a child itself, or with unknown flags. */
  NoBusDevice = 120,
  /** WdfPdoRequestEject of a device that no bus driver has made. */
  NoChildDevice = 121,
  /** EvtDeviceSurpriseRemoval completed or cancelled a request, or stopped, purged or drained a queue. First: it. */
  TooEarlyInSurpriseRemoval = 0x1a0,
  /** ExUnregisterCallback from inside the routine it is to wait for. */
  CallbackWaitsForItself = 0x160,
  /** ExNotifyCallback of one of the system's own callback objects. */
  CallbackNotifiedSystem = 0x161,
  /** ExCreateCallback with Create TRUE and the name of one of the system's own callback objects. */
  CallbackNamedAsSystem = 0x162,
  /** A callback routine returned at another level than it was called at. */
  CallbackIrqlChanged = 0x163,
  /** ExCreateCallback asked for an object that has lost its name, because it was made without OBJ_PERMANENT. */
  CallbackNameLost = 0x164,
  /** A \Callback\ProcessorAdd routine set the status when it may not. */
  ProcessorAddStatus = 0x165,
  /** UMDF 1: a method's name is one letter away from a documented one (both as texts). */
  Umdf1Misspelled = 0x166,
  /** UMDF 1: requests of one queue were marked cancelable with different objects (queue, request). */
  Umdf1SecondCancelObject = 0x167,
  /** UMDF 1: a request was completed before its IWDFMemory was released. */
  Umdf1MemoryNotReleased = 0x168,
  /** UMDF 1: a request was completed with an HRESULT that stands for no NTSTATUS. */
  Umdf1InvalidHresult = 0x169,
  /** UMDF 1: the host process has ended (why, as a text). */
  Umdf1HostTerminated = 0x16a,
  /** UMDF 1: a method that is not there yet was called (its name, as a text). It has answered E_NOTIMPL. */
  Umdf1NotImplemented = 0x190,
}

/** Where the allowed level stands in the first operand of IrqlTooHigh and IrqlTooLow. */
export const IRQL_ALLOWED_SHIFT: u32 = 16;
