// At which IRQL each DDI may be called: the one table that the run-time check, the `@irql` lines of the host's functions
// (compared by tests/tidy) and docs/DDI.md go by.
//
// A DDI's section says its levels, its note what holds for some of its arguments or what it does to the level. To add a
// DDI, add its row to a section; nothing else has to be done for the check. A section ends with its `EndOf` row.
//
// A DDI whose arguments narrow the levels stands in the wider section and calls `irqlAtMost` (wdf/irql.ts) itself.
//
// Source: the IRQL line of each function's reference page.

import { Irql } from "./irql";

/** Every function of the framework and the kernel that is known here, by section. */
export enum Ddi {
  None = 0,

  // ── PASSIVE_LEVEL
  IoReleaseRemoveLockAndWait,
  KeDeregisterProcessorChangeCallback,
  KeFlushQueuedDpcs,
  KeInitializeSemaphore,
  KeRegisterProcessorChangeCallback,
  ObReferenceObjectByHandle,
  PsCreateSystemThread,
  PsTerminateSystemThread,
  WdfControlDeviceInitAllocate,
  WdfDeviceCreate,
  WdfDeviceCreateDeviceInterface,
  WdfDeviceCreateSymbolicLink,
  WdfDeviceOpenRegistryKey,
  WdfDriverCreate,
  WdfDriverGetRegistryPath,
  WdfDriverOpenParametersRegistryKey,
  WdfDriverOpenPersistentStateRegistryKey,
  WdfFdoInitSetFilter,
  WdfFileObjectGetFileName,
  WdfInterruptDisable,
  WdfInterruptEnable,
  WdfInterruptTryToAcquireLock,
  WdfIoQueueAssignForwardProgressPolicy,
  WdfIoQueueDrainSynchronously,
  WdfIoQueuePurgeSynchronously,
  WdfIoQueueStopAndPurgeSynchronously,
  WdfIoQueueStopSynchronously,
  WdfIoTargetClose,
  WdfIoTargetCloseForQueryRemove,
  WdfIoTargetCreate,
  WdfIoTargetOpen,
  WdfIoTargetSendInternalIoctlSynchronously,
  WdfIoTargetSendIoctlSynchronously,
  WdfIoTargetSendReadSynchronously,
  WdfIoTargetSendWriteSynchronously,
  WdfPdoInitAllowForwardingRequestToParent,
  WdfPdoInitAddCompatibleID, WdfPdoInitAddDeviceText, WdfPdoInitAddHardwareID, WdfPdoInitAssignDeviceID,
  WdfPdoInitAssignInstanceID, WdfPdoInitAssignRawDevice, WdfPdoInitSetEventCallbacks, WdfChildListCreate,
  WdfRegistryAssignMemory,
  WdfRegistryAssignMultiString,
  WdfRegistryAssignString,
  WdfRegistryAssignULong,
  WdfRegistryAssignUnicodeString,
  WdfRegistryAssignValue,
  WdfRegistryClose,
  WdfRegistryCreateKey,
  WdfRegistryOpenKey,
  WdfRegistryQueryMemory,
  WdfRegistryQueryMultiString,
  WdfRegistryQueryString,
  WdfRegistryQueryULong,
  WdfRegistryQueryUnicodeString,
  WdfRegistryQueryValue,
  WdfRegistryRemoveKey,
  WdfRegistryRemoveValue,
  WdfRequestGetEffectiveIoType,
  WdfRequestImpersonate,
  WdfRequestProbeAndLockUserBufferForRead,
  WdfRequestProbeAndLockUserBufferForWrite,
  WdfRequestRetrieveUnsafeUserInputBuffer,
  WdfRequestRetrieveUnsafeUserOutputBuffer,
  WdfStringCreate,
  WdfStringGetUnicodeString,
  WdfWorkItemFlush,
  ZwClose,
  EndOfPassive,

  // ── <= APC_LEVEL
  ExAcquireFastMutex, // leaves at APC_LEVEL
  ExAcquireFastMutexUnsafe,
  ExAcquireResourceExclusiveLite,
  ExCreateCallback, // Driver Verifier asks for PASSIVE_LEVEL
  ExRaiseStatus,
  ExRegisterCallback,
  ExReleaseFastMutexUnsafe,
  ExTryToAcquireFastMutex,
  ExUnregisterCallback,
  KeAcquireGuardedMutex,
  KeAcquireGuardedMutexUnsafe,
  KeDelayExecutionThread,
  KeEnterCriticalRegion,
  KeEnterGuardedRegion,
  KeLeaveCriticalRegion,
  KeLeaveGuardedRegion,
  KeReleaseGuardedMutex,
  KeReleaseGuardedMutexUnsafe,
  KeTryToAcquireGuardedMutex,
  ProbeForRead,
  ProbeForWrite,
  EndOfApc,

  // ── <= DISPATCH_LEVEL
  ExAllocateFromLookasideListEx,
  ExAllocatePool2, // paged pool: <= APC_LEVEL
  ExAllocateTimer,
  ExCancelTimer,
  ExDeleteTimer, // Wait TRUE: <= APC_LEVEL
  ExFreePoolWithTag, // paged pool: <= APC_LEVEL
  ExInitializeFastMutex,
  ExInitializeLookasideListEx, // paged pool: <= APC_LEVEL
  ExNotifyCallback, // the callbacks run at the caller's level
  ExQueueWorkItem,
  ExReleaseResourceLite,
  ExSetTimer,
  IoAcquireCancelSpinLock, // leaves at DISPATCH_LEVEL
  IoAcquireRemoveLock,
  IoAllocateWorkItem,
  IoCallDriver,
  IoCancelIrp,
  IoCompleteRequest,
  IoFreeWorkItem,
  IoQueueWorkItem,
  IoReleaseRemoveLock,
  IoSetCancelRoutine,
  IoSetCompletionRoutine,
  KeAcquireInStackQueuedSpinLock, // leaves at DISPATCH_LEVEL
  KeAcquireSpinLock, // leaves at DISPATCH_LEVEL
  KeAreApcsDisabled,
  KeCancelTimer,
  KeClearEvent,
  KeInitializeGuardedMutex,
  KeInitializeTimer,
  KeInitializeTimerEx,
  KePulseEvent,
  KeRaiseIrqlToDpcLevel, // leaves at DISPATCH_LEVEL
  KeReadStateEvent,
  KeReadStateMutex,
  KeReadStateTimer,
  KeReleaseMutex,
  KeReleaseSemaphore, // Wait TRUE: PASSIVE_LEVEL
  KeResetEvent,
  KeSetCoalescableTimer,
  KeSetEvent, // Wait TRUE: <= APC_LEVEL
  KeSetTimer,
  KeSetTimerEx,
  KeWaitForMultipleObjects, // <= APC_LEVEL unless the timeout is 0
  KeWaitForSingleObject, // <= APC_LEVEL unless the timeout is 0
  MmGetSystemAddressForMdlSafe,
  MmProbeAndLockPages, // pageable addresses: <= APC_LEVEL
  MmUnlockPages,
  ObDereferenceObject,
  ObReferenceObject,
  WdfCollectionAdd,
  WdfCollectionCreate,
  WdfCollectionGetCount,
  WdfCollectionGetFirstItem,
  WdfCollectionGetItem,
  WdfCollectionGetLastItem,
  WdfCollectionRemove,
  WdfCollectionRemoveItem,
  WdfControlFinishInitializing,
  WdfDeviceAssignS0IdleSettings,
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceConfigureWdmIrpDispatchCallback,
  WdfDeviceEnqueueRequest,
  WdfDeviceGetDefaultQueue,
  WdfDeviceGetDevicePnpState,
  WdfDeviceGetDevicePowerState,
  WdfDeviceGetDriver,
  WdfDeviceGetFileObject,
  WdfDeviceGetIoTarget,
  WdfDeviceInitAssignWdmIrpPreprocessCallback,
  WdfDeviceInitFree,
  WdfDeviceInitSetExclusive,
  WdfDeviceInitSetFileObjectConfig,
  WdfDeviceInitSetIoInCallerContextCallback,
  WdfDeviceInitSetIoType,
  WdfDeviceInitSetIoTypeEx,
  WdfDeviceInitSetPnpPowerEventCallbacks,
  WdfDeviceInitSetPowerPolicyOwnership,
  WdfDeviceInitSetRequestAttributes,
  WdfDeviceResumeIdle,
  WdfDeviceSetDeviceState,
  WdfDeviceSetFailed,
  WdfDeviceAssignSxWakeSettings,
  WdfDeviceIndicateWakeStatus,
  WdfDeviceInitSetPowerPolicyEventCallbacks,
  WdfDeviceStopIdle, // WaitForD0 TRUE: PASSIVE_LEVEL
  WdfDeviceWdmDispatchIrp,
  WdfDeviceWdmDispatchIrpToIoQueue,
  WdfDeviceWdmDispatchPreprocessedIrp,
  WdfDpcCreate,
  WdfFileObjectGetDevice,
  WdfFileObjectGetFlags,
  WdfFileObjectGetInitiatorProcessId,
  WdfFileObjectWdmGetFileObject,
  WdfInterruptCreate,
  WdfInterruptGetInfo,
  WdfInterruptSetPolicy,
  WdfInterruptSynchronize, // passive-level interrupt: PASSIVE_LEVEL
  WdfIoQueueCreate,
  WdfIoQueueDrain,
  WdfIoQueueFindRequest,
  WdfIoQueueGetDevice,
  WdfIoQueueGetState,
  WdfIoQueuePurge,
  WdfIoQueueReadyNotify,
  WdfIoQueueRetrieveFoundRequest,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueRetrieveRequestByFileObject,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfIoQueueStopAndPurge,
  WdfIoTargetFormatRequestForInternalIoctl,
  WdfIoTargetFormatRequestForIoctl,
  WdfIoTargetFormatRequestForRead,
  WdfIoTargetFormatRequestForWrite,
  WdfIoTargetGetDevice,
  WdfIoTargetGetState,
  WdfIoTargetPurge, // PASSIVE_LEVEL unless PurgeIo
  WdfIoTargetStart,
  WdfIoTargetStop, // PASSIVE_LEVEL unless LeaveSentIoPending
  WdfLookasideListCreate, // paged pool: <= APC_LEVEL
  WdfMemoryCreate, // paged pool: <= APC_LEVEL
  WdfMemoryCreateFromLookaside, // paged pool: <= APC_LEVEL
  WdfMemoryCreatePreallocated,
  WdfObjectAcquireLock, // passive-level object: <= APC_LEVEL, unchanged; else leaves at DISPATCH_LEVEL
  WdfObjectAllocateContext,
  WdfObjectCreate,
  WdfObjectDelete, // control devices, common buffers: PASSIVE_LEVEL
  WdfObjectDereference,
  WdfObjectDereferenceActual,
  WdfObjectDereferenceWithTag,
  WdfObjectReference,
  WdfObjectReferenceActual,
  WdfObjectReferenceWithTag,
  WdfObjectReleaseLock, // leaves at the level of the acquire
  WdfPdoInitAllocate,
  WdfChildListAddOrUpdateChildDescriptionAsPresent, WdfChildListBeginScan, WdfChildListEndScan, WdfChildListGetDevice,
  WdfChildListRetrieveAddressDescription, WdfChildListRetrievePdo, WdfChildListUpdateAllChildDescriptionsAsPresent,
  WdfChildListUpdateChildDescriptionAsMissing, WdfFdoAddStaticChild, WdfFdoGetDefaultChildList,
  WdfFdoInitSetDefaultChildListConfig, WdfFdoLockStaticChildListForIteration, WdfFdoRetrieveNextStaticChild,
  WdfFdoUnlockStaticChildListFromIteration, WdfPdoGetParent, WdfPdoMarkMissing, WdfPdoRequestEject,
  WdfPdoRetrieveIdentificationDescription,
  WdfRequestAllocateTimer,
  WdfRequestCancelSentRequest,
  WdfRequestChangeTarget,
  WdfRequestComplete,
  WdfRequestCompleteWithInformation,
  WdfRequestCompleteWithPriorityBoost,
  WdfRequestCreate,
  WdfRequestCreateFromIrp,
  WdfRequestFormatRequestUsingCurrentType,
  WdfRequestForwardToIoQueue,
  WdfRequestForwardToParentDeviceIoQueue,
  WdfRequestGetCompletionParams,
  WdfRequestGetFileObject,
  WdfRequestGetInformation,
  WdfRequestGetIoQueue,
  WdfRequestGetParameters,
  WdfRequestGetRequestorMode,
  WdfRequestGetRequestorProcessId,
  WdfRequestGetStatus,
  WdfRequestIsCanceled,
  WdfRequestIsFrom32BitProcess,
  WdfRequestIsReserved,
  WdfRequestMarkCancelable,
  WdfRequestMarkCancelableEx,
  WdfRequestRequeue,
  WdfRequestRetrieveInputBuffer,
  WdfRequestRetrieveInputMemory,
  WdfRequestRetrieveInputWdmMdl,
  WdfRequestRetrieveOutputBuffer,
  WdfRequestRetrieveOutputMemory,
  WdfRequestRetrieveOutputWdmMdl,
  WdfRequestReuse,
  WdfRequestSend, // SYNCHRONOUS: PASSIVE_LEVEL
  WdfRequestSetCompletionRoutine,
  WdfRequestSetInformation,
  WdfRequestStopAcknowledge,
  WdfRequestUnmarkCancelable,
  WdfRequestWdmFormatUsingStackLocation,
  WdfRequestWdmGetIrp,
  WdfSpinLockAcquire, // leaves at DISPATCH_LEVEL
  WdfSpinLockCreate,
  WdfTimerCreate,
  WdfTimerGetParentObject,
  WdfTimerStart,
  WdfTimerStop, // Wait TRUE: PASSIVE_LEVEL
  WdfWaitLockAcquire, // PASSIVE_LEVEL unless the timeout is 0
  WdfWaitLockCreate,
  WdfWaitLockRelease,
  WdfWorkItemCreate,
  WdfWorkItemEnqueue,
  WdfWorkItemGetParentObject,
  EndOfDispatch,

  // ── <= DIRQL
  KeAcquireInterruptSpinLock, // leaves at DIRQL
  KeSynchronizeExecution, // <= SynchronizeIrql, at which the routine runs
  WdfInterruptAcquireLock, // leaves at DIRQL; passive-level interrupt: PASSIVE_LEVEL
  WdfInterruptGetDevice,
  WdfInterruptQueueDpcForIsr,
  WdfInterruptQueueWorkItemForIsr,
  WdfInterruptReleaseLock, // DIRQL; passive-level interrupt: PASSIVE_LEVEL
  EndOfDirql,

  // ── any
  InterlockedIncrement,
  IoCopyCurrentIrpStackLocationToNext,
  IoMarkIrpPending,
  IoSkipCurrentIrpStackLocation,
  KeAreAllApcsDisabled,
  KeGetCurrentIrql,
  KeGetCurrentProcessorNumberEx,
  KeInitializeDpc,
  KeInitializeEvent,
  KeInitializeMutex,
  KeInitializeSpinLock,
  KeInsertQueueDpc,
  KeLowerIrql, // to a level not above the current one
  KeQueryActiveProcessorCountEx,
  KeQueryInterruptTime,
  KeQuerySystemTime,
  KeRaiseIrql, // to a level not below the current one
  KeReadStateSemaphore,
  KeRemoveQueueDpc,
  KeSetImportanceDpc,
  KeSetTargetProcessorDpc,
  KeStallExecutionProcessor,
  KeTestSpinLock,
  WdfDpcCancel, // Wait TRUE: PASSIVE_LEVEL
  WdfDpcEnqueue,
  WdfDpcGetParentObject,
  WdfDpcWdmGetDpc,
  WdfMemoryAssignBuffer,
  WdfMemoryCopyFromBuffer,
  WdfMemoryCopyToBuffer,
  WdfMemoryGetBuffer,
  WdfObjectContextGetObject,
  WdfObjectGetTypedContext,
  EndOfAny,

  // ── APC_LEVEL
  ExReleaseFastMutex, // leaves at the level of the acquire
  EndOfApcOnly,

  // ── DISPATCH_LEVEL
  IoReleaseCancelSpinLock, // leaves at the level of the acquire
  KeReleaseInStackQueuedSpinLock, // leaves at the level of the acquire
  KeReleaseSpinLock, // leaves at the level given
  WdfSpinLockRelease, // leaves at the level of the acquire
  EndOfDispatchOnly,

  // ── >= DISPATCH_LEVEL
  KeAcquireSpinLockAtDpcLevel,
  KeReleaseSpinLockFromDpcLevel,
  KeTryToAcquireSpinLockAtDpcLevel,
  EndOfDispatchAndAbove,
}

/** The highest level at which it may be called. */
export function highestIrql(ddi: Ddi): Irql {
  if (ddi < Ddi.EndOfPassive) return Irql.Passive;
  if (ddi < Ddi.EndOfApc) return Irql.Apc;
  if (ddi < Ddi.EndOfDispatch) return Irql.Dispatch;
  if (ddi < Ddi.EndOfDirql) return Irql.DeviceMax;
  if (ddi < Ddi.EndOfAny) return Irql.High;
  if (ddi < Ddi.EndOfApcOnly) return Irql.Apc;
  return ddi < Ddi.EndOfDispatchOnly ? Irql.Dispatch : Irql.High;
}

/** The lowest level at which it may be called. */
export function lowestIrql(ddi: Ddi): Irql {
  if (ddi < Ddi.EndOfAny) return Irql.Passive;
  return ddi < Ddi.EndOfApcOnly ? Irql.Apc : Irql.Dispatch;
}
