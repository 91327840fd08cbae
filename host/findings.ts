// Findings in words: what was done, and what to do instead.

import { Ddi, FindingId, IRQL_ALLOWED_SHIFT } from "../bindings/abi";
import { levelName } from "./irql";

/** A broken rule that did not end the run. */
export interface Finding {
  readonly id: FindingId;
  /** VerifierBreak: the framework's own check broke. RuleFinding: a rule of the documentation that Windows does not check. */
  readonly kind: "VerifierBreak" | "RuleFinding";
  readonly message: string;
  /** Handles of what it is about; 0 where there is none. */
  readonly objects: readonly [number, number];
}

/** The first number of rules of ours. */
const RULES = 0x100;

const TEXTS: Record<FindingId, string> = {
  [FindingId.CompleteNotOwned]: "a request was completed that the driver does not own: it was completed before, or it sits in a queue",
  [FindingId.CompleteNotCompletable]: "a request made by the driver was completed: delete it instead",
  [FindingId.AlreadyCompleted]: "a request was completed twice",
  [FindingId.CompleteCancelable]: "a request was completed while marked cancelable: call WdfRequestUnmarkCancelable first",
  [FindingId.InformationWithoutOutput]: "Information was given for a buffered ioctl that has no output buffer",
  [FindingId.QueueCompleteNotOwned]: "a request ended in its queue that was not the driver's",
  [FindingId.StillOnCancelList]: "the request is still due for a cancel callback",
  [FindingId.NotOwned]: "the driver does not own the request",
  [FindingId.IsCancelable]: "the request is marked cancelable: call WdfRequestUnmarkCancelable first",
  [FindingId.NotCancelable]: "the request is not marked cancelable",
  [FindingId.ForwardToSameQueue]: "a request was forwarded to the queue it came from: use WdfRequestRequeue on a manual queue",
  [FindingId.ForwardToOtherDevice]: "a request was forwarded to a queue of another device",
  [FindingId.NoQueue]: "the request has no queue: it is in EvtIoInCallerContext, or completed",
  [FindingId.RequeueNotManual]: "WdfRequestRequeue needs a manual queue",
  [FindingId.NotInEvtIoStop]: "WdfRequestStopAcknowledge is for EvtIoStop only",
  [FindingId.RetrieveNothingOwned]: "a request was retrieved from a sequential queue of which the driver owns nothing",
  [FindingId.RetrieveFoundNotManual]: "WdfIoQueueRetrieveFoundRequest needs a manual queue",
  [FindingId.FindNotManual]: "WdfIoQueueFindRequest needs a manual queue",
  [FindingId.BadTag]: "the request was never found by WdfIoQueueFindRequest",
  [FindingId.ReadyNotManual]: "WdfIoQueueReadyNotify needs a manual queue",
  [FindingId.ReadyAlreadyRegistered]: "WdfIoQueueReadyNotify: a callback is registered already",
  [FindingId.ReadyNotRegistered]: "WdfIoQueueReadyNotify(NULL): no callback is registered",
  [FindingId.ReadyNotStopped]: "WdfIoQueueReadyNotify(NULL): stop the queue first",
  [FindingId.ReadyWithdrawn]: "the ready callback was withdrawn while it was due",
  [FindingId.NotInCallerContext]: "WdfDeviceEnqueueRequest is for requests in EvtIoInCallerContext",
  [FindingId.EnqueueNoQueue]: "WdfDeviceEnqueueRequest: no queue takes this type of request",
  [FindingId.DispatchingNoHandler]: "WdfDeviceConfigureRequestDispatching: the queue has no handler for this type",
  [FindingId.DispatchingDefaultQueue]: "WdfDeviceConfigureRequestDispatching: the default queue takes this type anyway",
  [FindingId.DispatchingTaken]: "WdfDeviceConfigureRequestDispatching: another queue takes this type",
  [FindingId.ProgressAssigned]: "WdfIoQueueAssignForwardProgressPolicy: a policy is assigned already",
  [FindingId.ProgressBadAction]: "EvtIoWdmIrpForForwardProgress returned no known action: the IRP was failed",
  [FindingId.KeyAccessNotAsked]: "a registry key was used for what it was not opened for: ask for that access when it is opened",
  [FindingId.TagNotReferenced]: "a reference was dropped with a tag with which none was taken",
  [FindingId.TagAbandoned]: "an object is gone, but a reference was never dropped with the tag it was taken with",
  [FindingId.UsedInDestroy]: "EvtDestroyCallback used the object's handle: it may read the object's contexts, and call nothing else for it",
  [FindingId.CannotDelete]: "WdfObjectDelete: this object cannot be deleted",
  [FindingId.NotPassive]: "a DDI that needs PASSIVE_LEVEL was called above it and did nothing",
  [FindingId.LockNotHeld]: "a callback lock was given up that is not held, by a callback's return or WdfObjectReleaseLock",
  [FindingId.WaitTooLong]: "the framework has waited for a minute",
  [FindingId.DispatchToQueueInvalid]: "WdfDeviceWdmDispatchIrpToIoQueue: bad flags, request type, queue or device",
  [FindingId.DispatchContextInvalid]: "EvtDeviceWdmIrpDispatch: unknown dispatch context, or a changed major function",
  [FindingId.LockReleasedNotOwned]: "a lock was released that the thread does not hold",
  [FindingId.AlreadyQueued]: "the request is in a queue already",
  [FindingId.SetFilterTooLate]: "WdfFdoInitSetFilter after the default queue was made",
  [FindingId.InternalCreateQueue]: "the create request has no queue of the driver's",
  [FindingId.ParametersCompleted]: "the request is completed: its IRP is gone",
  [FindingId.EnqueueFormatted]: "WdfDeviceEnqueueRequest: the request was formatted for a target",
  [FindingId.NoBuffer]: "WdfRequestRetrieveInputBuffer, ...OutputBuffer: only reads, writes and device controls have buffers",
  [FindingId.SerializationLevel]:
    "AutomaticSerialization needs a parent with callbacks at the same level: set it to FALSE, or use a work item instead of a DPC",
  [FindingId.TimerDeleted]: "WdfTimerStart was called for a timer that is being deleted",
  [FindingId.TimerStopInCallback]: "WdfTimerStop with Wait was called in the timer's own callback, which it would wait for",
  [FindingId.TimerStoppedTwice]: "WdfTimerStop with Wait was called while another thread waits in it",
  [FindingId.TimerDeletedInCallback]: "a passive-level timer was deleted in its own callback, which the deletion waits for for ever",
  [FindingId.WorkItemDeleted]: "WdfWorkItemEnqueue was called for a work item that is being deleted",
  [FindingId.WorkItemFlushInCallback]: "WdfWorkItemFlush was called in the work item's own callback, which it would wait for",
  [FindingId.ResumeIdleUnbalanced]: "WdfDeviceResumeIdle was called without a WdfDeviceStopIdle that succeeded before",
  [FindingId.NoCallbackLock]: "WdfObjectAcquireLock, WdfObjectReleaseLock: only devices and queues have a callback lock",
  [FindingId.SendOptionsInvalid]: "WdfRequestSend: the options have a wrong size, unknown flags, or more than SEND_AND_FORGET",
  [FindingId.SendNoRoutine]: "a received request was sent without a completion routine: set one, or send synchronously or to be forgotten",
  [FindingId.ForgetFormatted]: "a request that a target has formatted was sent to be forgotten: its buffers would never be given back",
  [FindingId.ForgetWithRoutine]: "a request was sent to be forgotten: its completion routine will not be called",
  [FindingId.StillSent]: "the request is still out at an I/O target",
  [FindingId.NoCompletionParams]: "WdfRequestGetCompletionParams: no target has formatted the request, or the structure has a wrong size",
  [FindingId.ReuseMustComplete]: "WdfRequestReuse with MUST_COMPLETE: the request has no IRP of the driver's, or is referenced",
  [FindingId.TargetBusy]: "WdfIoTargetPurge while another thread waits in WdfIoTargetStop or WdfIoTargetPurge",
  [FindingId.NoStackLocation]: "the request has no IRP stack location of the driver's: it was made by WdfRequestCreate",
  [FindingId.DispatchNotExtension]: "WdfDeviceWdmDispatchIrp in a preprocess callback: call WdfDeviceWdmDispatchPreprocessedIrp there",
  [FindingId.ForwardToParentInvalid]:
    "WdfRequestForwardToParentDeviceIoQueue: the device has no parent or may not (WdfPdoInitAllowForwardingRequestToParent), " +
    "the queue is not the parent's, or the request is a reserved one",
  [FindingId.RequestAttributesInvalid]:
    "WdfDeviceInitSetRequestAttributes: a request's attributes have a context and callbacks, no parent, level or scope",
  [FindingId.StackLocationNotSet]: "an IRP comes back from its preprocess callback without IoSkipCurrentIrpStackLocation",
  [FindingId.BadSize]: "a structure has the wrong Size, or holds what is not allowed: it was ignored",
  [FindingId.NotUnsafeInput]:
    "WdfRequestRetrieveUnsafeUserInputBuffer is for METHOD_NEITHER and for writes of a device for neither I/O",
  [FindingId.ForgetCreate]:
    "a create with a file object was sent and forgotten: set a completion routine, which sees whether it fails",
  [FindingId.UnknownFile]: "the request has no file object that was opened on this device",
  [FindingId.NeitherBuffer]:
    "a device for neither I/O has no system buffer: probe and lock the user's in EvtIoInCallerContext, or use buffered or direct I/O",
  [FindingId.NotSupportedReturned]:
    "a PnP callback returned STATUS_NOT_SUPPORTED, which means to the system that nobody has handled the IRP: return another status",
  [FindingId.SpinLockOfInterrupt]: "WdfSpinLockAcquire, WdfSpinLockRelease: the lock is an interrupt's, use WdfInterruptAcquireLock",
  [FindingId.InterruptSerialization]: "WdfInterruptCreate: EvtInterruptDpc needs a dispatch-level parent, a work item a passive-level one",
  [FindingId.InterruptNotConnected]: "WdfInterruptAcquireLock, WdfInterruptReleaseLock: the interrupt is not connected",
  [FindingId.InterruptNotPassive]: "WdfInterruptTryToAcquireLock is for passive-level interrupts",
  [FindingId.PagedAboveApc]: "paged memory was asked for above APC_LEVEL",
  [FindingId.NotInCollection]: "WdfCollectionRemove, WdfCollectionRemoveItem: the collection has no such item",
  [FindingId.MemoryIsReadOnly]: "WdfMemoryCopyFromBuffer: this memory may only be read",
  [FindingId.RequestDisposeDeferred]:
    "a request was completed above PASSIVE_LEVEL, but a child of it has to be cleaned up at PASSIVE_LEVEL: give it another parent",
  [FindingId.SynchronousInHandler]: "a synchronous queue function was called from a request handler: it can wait for itself",
  [FindingId.IrqlTooHigh]: "a DDI was called above the IRQL it is documented for",
  [FindingId.IrqlTooLow]: "a DDI was called below the IRQL it is documented for",
  [FindingId.RaisedToLower]: "KeRaiseIrql was asked for a lower level; without Driver Verifier it just sets it",
  [FindingId.LoweredToHigher]: "KeLowerIrql was asked for a higher level; without Driver Verifier it just sets it",
  [FindingId.RegionNotEntered]: "a critical or guarded region was left that had not been entered: APCs are disabled until it is",
  [FindingId.ThreadEndedUnbalanced]: "a system thread ended above PASSIVE_LEVEL, or in a critical or guarded region",
  [FindingId.WaitLockNotHeld]: "WdfWaitLockRelease by a thread that does not hold the lock: it leaves a critical region it is not in",
  [FindingId.InterruptUnclaimed]: "an interrupt line stays asserted and no EvtInterruptIsr claims it: it is masked until it is deasserted",
  [FindingId.CompletedPending]: "a request was completed with STATUS_PENDING",
  [FindingId.UsedAfterCompletion]: "the request is complete: its IRP, with buffers and status, is gone",
  [FindingId.NoBusDevice]: "static children were asked for of a device that is a child itself, or with flags that say nothing",
  [FindingId.NoChildDevice]: "a device was to be ejected that no bus driver has made",
  [FindingId.TooEarlyInSurpriseRemoval]:
    "EvtDeviceSurpriseRemoval is not synchronized with the way out of D0: complete and cancel requests, stop, purge and drain " +
    "queues in EvtDeviceSelfManagedIoSuspend, -Flush or -Cleanup instead",
  [FindingId.CallbackWaitsForItself]:
    "deadlock: ExUnregisterCallback was called from inside the routine it waits for. Unregister from another thread, or a work item",
  [FindingId.CallbackNotifiedSystem]: "ExNotifyCallback: only the system notifies its own callback objects",
  [FindingId.CallbackNamedAsSystem]:
    "ExCreateCallback: this name is the system's own. Open it with Create FALSE, or choose a name of your own",
  [FindingId.CallbackIrqlChanged]: "a callback routine returned at another IRQL than it was called at",
  [FindingId.CallbackNameLost]:
    "ExCreateCallback: an object of this name lives, but was created without OBJ_PERMANENT: it lost its name at once",
  [FindingId.ProcessorAddStatus]:
    "a routine of \\Callback\\ProcessorAdd set the operation status: it may do so in AddStart only, and only while it is a success",
  [FindingId.Umdf1Misspelled]: "UMDF 1: a method of a callback object is never called: its name is almost a documented one",
  [FindingId.Umdf1SecondCancelObject]: "UMDF 1: MarkCancelable with different objects: one OnCancel object serves all requests of a queue",
  [FindingId.Umdf1MemoryNotReleased]: "UMDF 1: a request was completed before the IWDFMemory it gave was released",
  [FindingId.Umdf1InvalidHresult]:
    "UMDF 1: a request was completed with an HRESULT that is no NTSTATUS: use HRESULT_FROM_NT or HRESULT_FROM_WIN32",
  [FindingId.Umdf1HostTerminated]: "UMDF 1: the driver's host process has ended: its requests fail, the system goes on",
  [FindingId.Umdf1NotImplemented]: "UMDF 1: this method is not there yet: it has answered E_NOTIMPL",
};

/** A finding as the core reported it; `name` says what a handle stands for. */
export function describeFinding(id: FindingId, first: number, second: number, name: (handle: number) => string): Finding {
  if (id === FindingId.IrqlTooHigh || id === FindingId.IrqlTooLow) return describeLevel(id, first, second);
  const about = [first, second].filter((handle) => handle !== 0).map(name);
  const message = `${TEXTS[id] ?? `finding ${id}`}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
  return { id, kind: id >= RULES ? "RuleFinding" : "VerifierBreak", message, objects: [first, second] };
}

/** A DDI at a wrong level: which one, the level it was called at, the level allowed. */
function describeLevel(id: FindingId, operand: number, irql: number): Finding {
  const ddi = Ddi[operand & ((1 << IRQL_ALLOWED_SHIFT) - 1)];
  const allowed = levelName(operand >>> IRQL_ALLOWED_SHIFT);
  const bound = id === FindingId.IrqlTooHigh ? `above ${allowed}` : `below ${allowed}`;
  return { id, kind: "RuleFinding", message: `${ddi} was called at ${levelName(irql)}: it may not be called ${bound}`, objects: [0, 0] };
}
