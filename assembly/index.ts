// The export list of the core, and nothing else.

import "./nt/panic";

export { growMemory } from "./nt/memory";
export {
  advanceClock,
  cancel,
  createFile,
  releaseFile,
  createSystem,
  eventConsumed,
  pollEvent,
  resume,
  resumeProcessingForPower,
  routineReturned,
  routineThrew,
  runReady,
  sendIrp,
  sendTransfer,
  sendTransferDirect,
  setClock,
  setLevel,
  setLowMemory,
  powerWatchdog,
  setPowerWatchdog,
  sendPnp,
  startThread,
  stopProcessingForPower,
} from "./ddi/input";
export { checkInvariants, currentLevel, currentProcess, isMarkedCancelable, liveObjects, memoryUsed, nextMoment } from "./ddi/inspect";
export { boundary, chooseAllocations, choicesMade, holdInputs, makeChoices, trail } from "./ddi/choice";
export { checkIrql } from "./ddi/irql";
export {
  KeClearEvent,
  KeInitializeEvent,
  KeInitializeMutex,
  KeInitializeSemaphore,
  KePulseEvent,
  KeReadStateEvent,
  KeReadStateMutex,
  KeReadStateSemaphore,
  KeReleaseMutex,
  KeReleaseSemaphore,
  KeResetEvent,
  KeSetEvent,
} from "./ddi/event";
export {
  ExAcquireFastMutex,
  ExAcquireFastMutexUnsafe,
  ExInitializeFastMutex,
  ExReleaseFastMutex,
  ExReleaseFastMutexUnsafe,
  ExTryToAcquireFastMutex,
  KeAcquireGuardedMutex,
  KeAcquireInStackQueuedSpinLock,
  KeAcquireInStackQueuedSpinLockAtDpcLevel,
  KeAcquireGuardedMutexUnsafe,
  KeAcquireSpinLock,
  KeAcquireSpinLockAtDpcLevel,
  KeInitializeGuardedMutex,
  KeInitializeSpinLock,
  KeReleaseGuardedMutex,
  KeReleaseGuardedMutexUnsafe,
  KeReleaseInStackQueuedSpinLock,
  KeReleaseInStackQueuedSpinLockFromDpcLevel,
  KeReleaseSpinLock,
  KeReleaseSpinLockFromDpcLevel,
  KeTestSpinLock,
  KeTryToAcquireGuardedMutex,
  KeTryToAcquireSpinLockAtDpcLevel,
} from "./ddi/kernel-lock";
export { ObReferenceObjectByHandle, PsCreateSystemThread, PsTerminateSystemThread } from "./ddi/thread";
export { KeDelayExecutionThread, KeWaitForMultipleObjects, KeWaitForSingleObject } from "./ddi/wait";
export {
  KeAcquireInterruptSpinLock,
  KeReleaseInterruptSpinLock,
  KeSynchronizeExecution,
  WdfInterruptAcquireLock,
  WdfInterruptCreate,
  WdfInterruptDisable,
  WdfInterruptEnable,
  WdfInterruptGetDevice,
  WdfInterruptGetInfo,
  WdfInterruptQueueDpcForIsr,
  WdfInterruptQueueWorkItemForIsr,
  WdfInterruptReleaseLock,
  WdfInterruptSynchronize,
  WdfInterruptTryToAcquireLock,
  WdfInterruptWdmGetInterrupt,
  assignInterruptLine,
  createInterruptLine,
  serviceInterrupt,
  setInterruptLine,
} from "./ddi/interrupt";
export {
  WdfSpinLockAcquire,
  WdfSpinLockCreate,
  WdfSpinLockRelease,
  WdfWaitLockAcquire,
  WdfWaitLockCreate,
  WdfWaitLockRelease,
} from "./ddi/lock";
export {
  attachDevice,
  completeBelow,
  irpInformation,
  irpOffset,
  irpParameters,
  isCancelled,
  sentBuffers,
  setCancelRoutine,
  setLowerDriver,
} from "./ddi/lower";
export { boundary, choicesMade, holdInputs, makeChoices, trail } from "./ddi/choice";
export {
  checkInvariants,
  currentLevel,
  currentProcess,
  leakReason,
  liveObjects,
  memoryUsed,
  nextLeak,
  nextMoment,
  objectKind,
  objectReferences,
} from "./ddi/inspect";
export { checkIrql } from "./ddi/irql";
export { waitingThread } from "./ddi/waiting";
export {
  IoCompleteRequest,
  IoCopyCurrentIrpStackLocationToNext,
  IoSkipCurrentIrpStackLocation,
  WdfDeviceConfigureWdmIrpDispatchCallback,
  WdfDeviceInitAssignWdmIrpPreprocessCallback,
  WdfDeviceWdmDispatchIrp,
  WdfDeviceWdmDispatchIrpToIoQueue,
  WdfDeviceWdmDispatchPreprocessedIrp,
  assignPreprocess,
  assignPreprocessMinor,
} from "./ddi/irp";
export {
  KeGetCurrentIrql,
  KeGetCurrentProcessorNumberEx,
  KeLowerIrql,
  KeQueryActiveProcessorCountEx,
  KeRaiseIrql,
  KeRaiseIrqlToDpcLevel,
} from "./ddi/processor";
export {
  KeAreAllApcsDisabled,
  KeAreApcsDisabled,
  KeEnterCriticalRegion,
  KeEnterGuardedRegion,
  KeLeaveCriticalRegion,
  KeLeaveGuardedRegion,
} from "./ddi/region";
export {
  WdfDeviceConfigureRequestDispatching,
  WdfDeviceCreate,
  WdfDeviceCreateSymbolicLink,
  WdfDeviceEnqueueRequest,
  WdfDeviceGetDefaultQueue,
  WdfDeviceInitSetIoInCallerContextCallback,
  WdfDeviceInitSetRequestAttributes,
  WdfDriverCreate,
  routeRequests,
} from "./ddi/device";
export {
  ExCreateCallback,
  ExNotifyCallback,
  ExRegisterCallback,
  ExUnregisterCallback,
  ObDereferenceObject,
  ObReferenceObject,
  noteRule,
  notifySystemCallback,
  systemCallbackRoutines,
  touchPagedMemory,
} from "./ddi/executive";
export {
  WdfDeviceGetFileObject,
  WdfDeviceInitSetFileObjectConfig,
  WdfFileObjectGetDevice,
  WdfFileObjectGetFileName,
  WdfFileObjectGetFlags,
  WdfFileObjectGetInitiatorProcessId,
  WdfFileObjectWdmGetFileObject,
} from "./ddi/file";
export {
  WdfCollectionAdd,
  WdfCollectionCreate,
  WdfCollectionGetCount,
  WdfCollectionGetFirstItem,
  WdfCollectionGetItem,
  WdfCollectionGetLastItem,
  WdfCollectionRemove,
  WdfCollectionRemoveItem,
} from "./ddi/collection";
export {
  WdfLookasideListCreate,
  WdfMemoryAssignBuffer,
  WdfMemoryCopyFromBuffer,
  WdfMemoryCopyToBuffer,
  WdfMemoryCreate,
  WdfMemoryCreateFromLookaside,
  WdfMemoryCreatePreallocated,
  WdfMemoryGetBuffer,
} from "./ddi/memory";
export {
  WdfDeviceCreateDeviceInterface,
  WdfDeviceRetrieveDeviceInterfaceString,
  WdfDeviceSetDeviceInterfaceState,
  WdfDeviceSetDeviceInterfaceStateEx,
} from "./ddi/device-interface";
export { driverHasDevices, enterDriver, executeUnloaded, runningDriver, unloadDriver } from "./ddi/driver";
export {
  WdfDeviceOpenRegistryKey,
  WdfDriverGetRegistryPath,
  WdfDriverOpenParametersRegistryKey,
  WdfDriverOpenPersistentStateRegistryKey,
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
} from "./ddi/registry";
export { WdfStringCreate, WdfStringGetUnicodeString } from "./ddi/string";
export {
  WdfObjectAcquireLock,
  WdfObjectAllocateContext,
  WdfObjectCreate,
  WdfObjectDelete,
  WdfObjectDereference,
  WdfObjectGetTypedContext,
  WdfObjectReference,
  breakOnTag,
  WdfObjectReleaseLock,
} from "./ddi/object";
export {
  WdfIoQueueAssignForwardProgressPolicy,
  WdfIoQueueCreate,
  WdfIoQueueDrain,
  WdfIoQueueDrainSynchronously,
  WdfIoQueueFindRequest,
  WdfIoQueueGetDevice,
  WdfIoQueueGetState,
  WdfIoQueuePurge,
  WdfIoQueuePurgeSynchronously,
  WdfIoQueueReadyNotify,
  WdfIoQueueRetrieveFoundRequest,
  WdfIoQueueRetrieveNextRequest,
  WdfIoQueueRetrieveRequestByFileObject,
  WdfIoQueueStart,
  WdfIoQueueStop,
  WdfIoQueueStopAndPurge,
  WdfIoQueueStopAndPurgeSynchronously,
  WdfIoQueueStopSynchronously,
} from "./ddi/queue";
export {
  WdfRequestComplete,
  WdfRequestCompleteWithInformation,
  WdfRequestCompleteWithPriorityBoost,
  WdfRequestForwardToIoQueue,
  WdfRequestForwardToParentDeviceIoQueue,
  WdfRequestGetFileObject,
  WdfRequestGetInformation,
  WdfRequestGetIoQueue,
  WdfRequestIsCanceled,
  WdfRequestIsReserved,
  WdfRequestMarkCancelable,
  WdfRequestMarkCancelableEx,
  WdfRequestRequeue,
  WdfRequestStopAcknowledge,
  WdfRequestUnmarkCancelable,
} from "./ddi/request";
export { WdfRequestRetrieveInputBuffer, WdfRequestRetrieveOutputBuffer } from "./ddi/request-buffer";
export { WdfDpcCancel, WdfDpcCreate, WdfDpcEnqueue, WdfDpcGetParentObject, WdfDpcWdmGetDpc } from "./ddi/dpc";
export { WdfTimerCreate, WdfTimerGetParentObject, WdfTimerStart, WdfTimerStop } from "./ddi/timer";
export { WdfWorkItemCreate, WdfWorkItemEnqueue, WdfWorkItemFlush, WdfWorkItemGetParentObject } from "./ddi/work-item";
export {
  KeCancelTimer,
  KeFlushQueuedDpcs,
  KeInitializeDpc,
  KeInitializeTimer,
  KeInitializeTimerEx,
  KeInsertQueueDpc,
  KeQueryInterruptTime,
  KeQuerySystemTime,
  KeReadStateTimer,
  KeRemoveQueueDpc,
  KeSetCoalescableTimer,
  KeSetImportanceDpc,
  KeSetTargetProcessorDpc,
  KeSetTimer,
  KeSetTimerEx,
} from "./ddi/kernel-timer";
export {
  WdfRequestCancelSentRequest,
  WdfRequestChangeTarget,
  WdfRequestCreate,
  WdfRequestFormatRequestUsingCurrentType,
  WdfRequestGetCompletionParams,
  WdfRequestReuse,
  WdfRequestSend,
  WdfRequestSetCompletionRoutine,
  WdfRequestWdmFormatUsingStackLocation,
} from "./ddi/request-send";
export {
  WdfDeviceGetIoTarget,
  WdfIoTargetClose,
  WdfIoTargetCloseForQueryRemove,
  notifyTargets,
  stackOfDevice,
  WdfIoTargetCreate,
  WdfIoTargetGetDevice,
  WdfIoTargetGetState,
  WdfIoTargetOpen,
  WdfIoTargetPurge,
  WdfIoTargetStart,
  WdfIoTargetStop,
} from "./ddi/target";
export {
  WdfIoTargetFormatRequestForInternalIoctl,
  WdfIoTargetFormatRequestForIoctl,
  WdfIoTargetFormatRequestForRead,
  WdfIoTargetFormatRequestForWrite,
  WdfIoTargetSendInternalIoctlSynchronously,
  WdfIoTargetSendIoctlSynchronously,
  WdfIoTargetSendReadSynchronously,
  WdfIoTargetSendWriteSynchronously,
} from "./ddi/target-format";
export {
  WdfRequestProbeAndLockUserBufferForRead,
  WdfRequestProbeAndLockUserBufferForWrite,
  WdfRequestRetrieveInputBuffer,
  WdfRequestRetrieveInputMemory,
  WdfRequestRetrieveInputWdmMdl,
  WdfRequestRetrieveOutputBuffer,
  WdfRequestRetrieveOutputMemory,
  WdfRequestRetrieveOutputWdmMdl,
  WdfRequestRetrieveUnsafeUserInputBuffer,
  WdfRequestRetrieveUnsafeUserOutputBuffer,
} from "./ddi/request-buffer";
export {
  WdfRequestGetFileObject,
  WdfRequestGetInformation,
  WdfRequestGetParameters,
  WdfRequestGetRequestorMode,
  WdfRequestGetRequestorProcessId,
  WdfRequestGetStatus,
  WdfRequestIsFrom32BitProcess,
  WdfRequestSetInformation,
} from "./ddi/request-parameters";
export {
  WdfChildListAddOrUpdateChildDescriptionAsPresent, WdfChildListBeginScan, WdfChildListCreate, WdfChildListEndScan,
  WdfChildListGetDevice, WdfChildListRetrieveAddressDescription, WdfChildListRetrievePdo,
  WdfChildListUpdateAllChildDescriptionsAsPresent, WdfChildListUpdateChildDescriptionAsMissing, createChild,
} from "./ddi/child-list";
export {
  WdfFdoAddStaticChild, WdfFdoLockStaticChildListForIteration, WdfFdoRetrieveNextStaticChild,
  WdfFdoUnlockStaticChildListFromIteration, WdfPdoGetParent, WdfPdoInitAllocate, WdfPdoMarkMissing,
  WdfPdoRequestEject, addDeviceFor, reportChild, standOnChild, stateOfDevice,
} from "./ddi/pdo";
export { WdfDeviceAssignSxWakeSettings, WdfDeviceIndicateWakeStatus, signalWake, sleepsWithSystem } from "./ddi/device-wake";
export { WdfDeviceAssignS0IdleSettings, setIdleTimeout, WdfDeviceResumeIdle, WdfDeviceStopIdle } from "./ddi/device-idle";
