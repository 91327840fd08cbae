// How the arguments and results of a DDI are written in a trace: one letter each.
//
//   o object handle    s NTSTATUS    n number    b BOOLEAN    c callback (written as set or NULL)    - nothing
//   t timeout, three words (whether there is one, low, high)    d time, two words (low, high)
//   x left out

import { hex, statusName } from "../format";
import type { Names } from "../naming";

/** Arguments, then the result after a slash. */
const SIGNATURES: Record<string, string> = {
  sendPnp: "on/s",
  notifyTargets: "xn/s",
  unloadDriver: "oc/-",
  WdfRequestRetrieveInputMemory: "o/s",
  WdfRequestRetrieveOutputMemory: "o/s",
  WdfRequestProbeAndLockUserBufferForRead: "obn/s",
  WdfRequestProbeAndLockUserBufferForWrite: "obn/s",
  WdfDriverCreate: "/o",
  WdfDeviceCreate: "o/s",
  WdfDeviceInitSetIoInCallerContextCallback: "c/-",
  WdfPdoInitAllocate: "o/-",
  WdfDeviceCreateSymbolicLink: "o/s",
  WdfDeviceGetDefaultQueue: "o/o",
  WdfDeviceConfigureRequestDispatching: "oon/s",
  WdfDeviceEnqueueRequest: "oo/s",
  WdfCollectionAdd: "oo/s",
  WdfCollectionCreate: "/s",
  WdfCollectionGetCount: "o/n",
  WdfCollectionGetFirstItem: "o/o",
  WdfCollectionGetItem: "on/o",
  WdfCollectionGetLastItem: "o/o",
  WdfCollectionRemove: "oo/-",
  WdfCollectionRemoveItem: "on/-",
  WdfLookasideListCreate: "nn/s",
  WdfMemoryAssignBuffer: "obn/s",
  WdfMemoryCopyFromBuffer: "onbn/s",
  WdfMemoryCopyToBuffer: "onbn/s",
  WdfMemoryCreate: "nn/s",
  WdfMemoryCreateFromLookaside: "o/s",
  WdfMemoryCreatePreallocated: "bn/s",
  WdfMemoryGetBuffer: "o/-",
  WdfDeviceCreateDeviceInterface: "oo/s",
  WdfDeviceSetDeviceInterfaceState: "oo/-",
  WdfDeviceSetDeviceInterfaceStateEx: "oo/-",
  WdfDeviceRetrieveDeviceInterfaceString: "ooo/s",
  WdfDeviceOpenRegistryKey: "onx/s",
  WdfDriverGetRegistryPath: "o/-",
  WdfDriverOpenParametersRegistryKey: "onx/s",
  WdfDriverOpenPersistentStateRegistryKey: "onx/s",
  WdfRegistryAssignMemory: "ooonn/s",
  WdfRegistryAssignMultiString: "ooo/s",
  WdfRegistryAssignString: "ooo/s",
  WdfRegistryAssignULong: "oo/s",
  WdfRegistryAssignUnicodeString: "oox/s",
  WdfRegistryAssignValue: "oo/s",
  WdfRegistryClose: "o/-",
  WdfRegistryCreateKey: "oonx/s",
  WdfRegistryOpenKey: "oonx/s",
  WdfRegistryQueryMemory: "oo/-",
  WdfRegistryQueryMultiString: "ooo/s",
  WdfRegistryQueryString: "ooo/s",
  WdfRegistryQueryULong: "oo/s",
  WdfRegistryQueryUnicodeString: "oo/s",
  WdfRegistryQueryValue: "oo/s",
  WdfRegistryRemoveKey: "ox/s",
  WdfRegistryRemoveValue: "oo/s",
  WdfStringCreate: "/s",
  WdfStringGetUnicodeString: "o/-",
  WdfDeviceInitSetRequestAttributes: "/-",
  WdfDeviceInitAssignWdmIrpPreprocessCallback: "cnnn/s",
  WdfDeviceConfigureWdmIrpDispatchCallback: "oonc/s",
  WdfDeviceWdmDispatchIrp: "oon/s",
  WdfDeviceWdmDispatchPreprocessedIrp: "oo/s",
  WdfDeviceWdmDispatchIrpToIoQueue: "ooon/s",
  IoCompleteRequest: "osn/-",
  IoSkipCurrentIrpStackLocation: "o/-",
  IoCopyCurrentIrpStackLocationToNext: "o/-",
  WdfObjectCreate: "/s",
  WdfObjectAllocateContext: "o/s",
  WdfObjectDelete: "o/-",
  WdfObjectReference: "o/-",
  WdfObjectDereference: "o/-",
  WdfObjectAcquireLock: "o/-",
  WdfObjectReleaseLock: "o/-",
  WdfIoQueueCreate: "o/s",
  WdfIoQueueGetState: "o/-",
  WdfIoQueueGetDevice: "o/o",
  WdfIoQueueStart: "o/-",
  WdfIoQueueStop: "ocn/-",
  WdfIoQueueStopSynchronously: "o/-",
  WdfIoQueueStopAndPurge: "ocn/-",
  WdfIoQueueStopAndPurgeSynchronously: "o/-",
  WdfIoQueueDrain: "ocn/-",
  WdfIoQueueDrainSynchronously: "o/-",
  WdfIoQueuePurge: "ocn/-",
  WdfIoQueuePurgeSynchronously: "o/-",
  WdfIoQueueRetrieveNextRequest: "o/s",
  WdfIoQueueRetrieveRequestByFileObject: "oo/s",
  WdfIoQueueRetrieveFoundRequest: "oo/s",
  WdfIoQueueFindRequest: "ooo/s",
  WdfIoQueueReadyNotify: "ocn/s",
  WdfIoQueueAssignForwardProgressPolicy: "o/s",
  WdfRequestComplete: "os/-",
  WdfRequestCompleteWithInformation: "osn/-",
  WdfRequestCompleteWithPriorityBoost: "osn/-",
  WdfRequestSetInformation: "on/-",
  WdfRequestGetInformation: "o/n",
  WdfRequestGetParameters: "o-/-",
  WdfDeviceInitSetFileObjectConfig: "nnn/-",
  WdfDeviceGetFileObject: "oo/o",
  WdfFileObjectGetFileName: "o/o",
  WdfFileObjectGetFlags: "o/n",
  WdfFileObjectGetDevice: "o/o",
  WdfFileObjectWdmGetFileObject: "o/o",
  WdfFileObjectGetInitiatorProcessId: "o/n",
  WdfRequestGetStatus: "o/s",
  WdfRequestGetRequestorMode: "o/n",
  WdfRequestGetRequestorProcessId: "o/n",
  WdfRequestIsFrom32BitProcess: "o/b",
  WdfRequestGetIoQueue: "o/o",
  WdfRequestGetFileObject: "o/o",
  WdfRequestForwardToIoQueue: "oo/s",
  WdfRequestForwardToParentDeviceIoQueue: "oon/s",
  WdfRequestRequeue: "o/s",
  WdfRequestMarkCancelable: "oc/-",
  WdfRequestMarkCancelableEx: "oc/s",
  WdfRequestUnmarkCancelable: "o/s",
  WdfRequestIsCanceled: "o/b",
  WdfRequestIsReserved: "o/b",
  WdfRequestStopAcknowledge: "ob/-",
  WdfRequestCreate: "o/s",
  WdfRequestReuse: "o/s",
  WdfRequestChangeTarget: "oo/s",
  WdfRequestSend: "oo/b",
  WdfRequestCancelSentRequest: "o/b",
  WdfRequestSetCompletionRoutine: "ocn/-",
  WdfRequestFormatRequestUsingCurrentType: "o/-",
  WdfRequestWdmFormatUsingStackLocation: "o/-",
  WdfRequestGetCompletionParams: "o/-",
  WdfDeviceGetIoTarget: "o/o",
  WdfIoTargetCreate: "o/s",
  WdfIoTargetOpen: "onoo/s",
  WdfIoTargetClose: "o/-",
  WdfIoTargetCloseForQueryRemove: "o/-",
  WdfIoTargetStart: "o/s",
  WdfIoTargetStop: "on/-",
  WdfIoTargetPurge: "on/-",
  WdfIoTargetGetState: "o/n",
  WdfIoTargetGetDevice: "o/o",
  WdfIoTargetFormatRequestForRead: "oo/s",
  WdfIoTargetFormatRequestForWrite: "oo/s",
  WdfIoTargetFormatRequestForIoctl: "oo/s",
  WdfIoTargetFormatRequestForInternalIoctl: "oo/s",
  WdfIoTargetSendReadSynchronously: "oo/s",
  WdfIoTargetSendWriteSynchronously: "oo/s",
  WdfIoTargetSendIoctlSynchronously: "oo/s",
  WdfIoTargetSendInternalIoctlSynchronously: "oo/s",
  WdfRequestRetrieveInputBuffer: "on/s",
  WdfRequestRetrieveOutputBuffer: "on/s",
  WdfInterruptCreate: "o/s",
  WdfInterruptQueueDpcForIsr: "o/b",
  WdfInterruptQueueWorkItemForIsr: "o/b",
  WdfInterruptSynchronize: "oc/b",
  WdfInterruptAcquireLock: "o/-",
  WdfInterruptReleaseLock: "o/-",
  WdfInterruptTryToAcquireLock: "o/b",
  WdfInterruptEnable: "o/-",
  WdfInterruptDisable: "o/-",
  WdfInterruptGetInfo: "o/-",
  WdfInterruptGetDevice: "o/o",
  WdfSpinLockCreate: "/s",
  WdfSpinLockAcquire: "o/-",
  WdfSpinLockRelease: "o/-",
  WdfWaitLockCreate: "/s",
  WdfWaitLockAcquire: "ot/s",
  WdfWaitLockRelease: "o/-",
  KeInitializeEvent: "nb/o",
  KeSetEvent: "onb/n",
  KeResetEvent: "o/n",
  KeClearEvent: "o/-",
  KePulseEvent: "onb/n",
  KeReadStateEvent: "o/n",
  KeInitializeSemaphore: "nn/o",
  KeReleaseSemaphore: "onnb/n",
  KeReadStateSemaphore: "o/n",
  KeInitializeMutex: "n/o",
  KeReleaseMutex: "ob/n",
  KeReadStateMutex: "o/n",
  KeWaitForSingleObject: "ot/s",
  KeWaitForMultipleObjects: "nnt/s",
  KeDelayExecutionThread: "d/s",
  KeInitializeSpinLock: "/o",
  KeAcquireSpinLock: "o/n",
  KeReleaseSpinLock: "on/-",
  KeAcquireSpinLockAtDpcLevel: "o/-",
  KeReleaseSpinLockFromDpcLevel: "o/-",
  KeAcquireInStackQueuedSpinLock: "o/n",
  KeReleaseInStackQueuedSpinLock: "on/-",
  KeAcquireInStackQueuedSpinLockAtDpcLevel: "o/-",
  KeReleaseInStackQueuedSpinLockFromDpcLevel: "o/-",
  KeSynchronizeExecution: "oc/n",
  KeAcquireInterruptSpinLock: "o/n",
  KeReleaseInterruptSpinLock: "on/-",
  WdfInterruptWdmGetInterrupt: "o/o",
  KeTryToAcquireSpinLockAtDpcLevel: "o/b",
  KeTestSpinLock: "o/b",
  ExInitializeFastMutex: "/o",
  ExAcquireFastMutex: "o/-",
  ExTryToAcquireFastMutex: "o/b",
  ExReleaseFastMutex: "o/-",
  ExAcquireFastMutexUnsafe: "o/-",
  ExReleaseFastMutexUnsafe: "o/-",
  KeInitializeGuardedMutex: "/o",
  KeAcquireGuardedMutex: "o/-",
  KeTryToAcquireGuardedMutex: "o/b",
  KeReleaseGuardedMutex: "o/-",
  KeAcquireGuardedMutexUnsafe: "o/-",
  KeReleaseGuardedMutexUnsafe: "o/-",
  PsCreateSystemThread: "c/s",
  PsTerminateSystemThread: "s/s",
  ObReferenceObjectByHandle: "o/s",
  WdfDeviceAssignS0IdleSettings: "o/s",
  WdfDeviceAssignSxWakeSettings: "o/s",
  WdfDeviceIndicateWakeStatus: "os/s",
  WdfDeviceStopIdle: "ob/s",
  WdfDeviceResumeIdle: "o/-",
  WdfTimerCreate: "/s",
  WdfTimerStart: "od/b",
  WdfTimerStop: "ob/b",
  WdfTimerGetParentObject: "o/o",
  WdfDpcCreate: "/s",
  WdfDpcEnqueue: "o/b",
  WdfDpcCancel: "ob/b",
  WdfDpcGetParentObject: "o/o",
  WdfDpcWdmGetDpc: "o/o",
  WdfWorkItemCreate: "/s",
  WdfWorkItemEnqueue: "o/-",
  WdfWorkItemFlush: "o/-",
  WdfWorkItemGetParentObject: "o/o",
  KeInitializeDpc: "c/o",
  KeInsertQueueDpc: "o/b",
  KeRemoveQueueDpc: "o/b",
  KeSetImportanceDpc: "on/-",
  KeSetTargetProcessorDpc: "on/-",
  KeFlushQueuedDpcs: "/-",
  KeInitializeTimer: "/o",
  KeInitializeTimerEx: "n/o",
  KeSetTimer: "odo/b",
  KeSetTimerEx: "odno/b",
  KeSetCoalescableTimer: "odnno/b",
  KeCancelTimer: "o/b",
  KeReadStateTimer: "o/b",
  KeQueryInterruptTime: "/n",
  KeQuerySystemTime: "/n",
  WdfRequestRetrieveInputWdmMdl: "o/s",
  WdfRequestRetrieveOutputWdmMdl: "o/s",
  WdfRequestRetrieveUnsafeUserInputBuffer: "on/s",
  WdfRequestRetrieveUnsafeUserOutputBuffer: "on/s",
  ExCreateCallback: "bb/s",
  ExRegisterCallback: "oc/o",
  ExUnregisterCallback: "o/-",
  ExNotifyCallback: "ox/-",
  ObReferenceObject: "o/-",
  ObDereferenceObject: "o/-",
  notifySystemCallback: "nx/-",
  KeGetCurrentIrql: "/n",
  KeGetCurrentProcessorNumberEx: "/n",
  KeQueryActiveProcessorCountEx: "n/n",
  KeRaiseIrql: "n/n",
  KeLowerIrql: "n/-",
  KeRaiseIrqlToDpcLevel: "/n",
  KeEnterCriticalRegion: "/-",
  KeLeaveCriticalRegion: "/-",
  KeEnterGuardedRegion: "/-",
  KeLeaveGuardedRegion: "/-",
  KeAreApcsDisabled: "/b",
  KeAreAllApcsDisabled: "/b",
};

function format(letter: string | undefined, value: unknown, names: Names): string {
  switch (letter) {
    case "o":
      return value === 0 ? "NULL" : names.name(Number(value));
    case "s":
      return statusName(Number(value));
    case "b":
      return value ? "TRUE" : "FALSE";
    case "c":
      return value === 0 ? "NULL" : "callback";
    case "-":
    case "x":
      return "";
    case "n":
      return String(Number(value) >>> 0);
    default:
      return typeof value === "number" ? hex(value) : "";
  }
}

/** Letters of the arguments and of the result, by DDI. */
const letters = new Map<string, { readonly of: readonly string[]; readonly result: string }>();

/** The signature of a DDI, taken apart once. */
function lettersOf(name: string): { readonly of: readonly string[]; readonly result: string } | undefined {
  const known = letters.get(name);
  if (known !== undefined || SIGNATURES[name] === undefined) return known;
  const [of, result] = SIGNATURES[name].split("/");
  const parts = { of: [...of], result };
  letters.set(name, parts);
  return parts;
}

/** The arguments of a call, blank-separated. A callback's context of 0 is left out, and so are words without a letter. */
export function formatArguments(name: string, args: readonly number[], names: Names): string {
  const signature = lettersOf(name);
  if (signature === undefined) return args.map((value) => hex(value)).join(" ");
  let text = "";
  let at = 0;
  let before = "";
  for (const letter of signature.of) {
    const word = letter === "n" && before === "c" && args[at] === 0 ? "" : argument(letter, args, at, names);
    if (word !== "") text = text === "" ? word : `${text} ${word}`;
    at += WORDS[letter] ?? 1;
    before = letter;
  }
  return text;
}

function argument(letter: string, args: readonly number[], at: number, names: Names): string {
  if (letter === "t") return args[at] === 0 ? "NULL" : duration(args[at + 1], args[at + 2]);
  return letter === "d" ? duration(args[at], args[at + 1]) : format(letter, args[at], names);
}

/** Words of those arguments that are longer than one. */
const WORDS: Readonly<Record<string, number>> = { t: 3, d: 2 };

/** 64 bits in units of 100 ns: negative is that long from now. */
function duration(low: number, high: number): string {
  const units = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
  return units > 0n ? `at ${units}` : `${Number(-units) / 10_000}ms`;
}

/** The result of a call: a status, a handle, or a status with what came with it. */
export function formatResult(name: string, result: unknown, names: Names): string {
  const letter = lettersOf(name)?.result ?? "";
  if (letter === "-" || letter === "" || result === undefined) return "";
  if (typeof result !== "object" || result === null) return format(letter, result, names);
  const { status, ...rest } = result as Record<string, unknown>;
  const handles = Object.values(rest).filter((value) => typeof value === "number" && value !== 0);
  return [statusName(Number(status)), ...handles.map((handle) => names.name(Number(handle)))].join(" ");
}
